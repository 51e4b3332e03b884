"""Wikidata entities, cut down to what the expansion walks over.

The shapes are those of the JSON dumps: one entity a line, its claims by property, the items that
they name in `mainsnak.datavalue.value`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Any

import pyarrow as pa

from beam_synth.errors import Rejected

EXCLUDED_CLASSES = frozenset(
    {"Q4167410", "Q13406463", "Q4167836", "Q11266439"}  # disambiguation, list, category, template
)
CLASS = "P31"  # instance of
_ITEM = re.compile(r"^Q[1-9][0-9]*$")

# One row an item; claims as parallel lists.
ITEM_SCHEMA = pa.schema(
    [
        ("item", pa.int64()),  # 42 for Q42
        ("revision", pa.int64()),  # 0 where the record has none
        ("sitelinks", pa.int32()),  # pages of Wikimedia projects about it
        ("excluded", pa.bool_()),  # an instance of EXCLUDED_CLASSES
        ("properties", pa.list_(pa.int32())),  # 279 for P279
        ("targets", pa.list_(pa.int64())),  # item that the claim names, 42 for Q42
    ]
)


def entities(value: Any) -> Iterator[dict[str, Any]]:
    """The entities in one JSON value: itself (dump), or those of an EntityData document.

    Raises Rejected `missing_field` for anything else.

    >>> [entity["id"] for entity in entities({"entities": {"Q42": {"id": "Q42"}}})]
    ['Q42']
    """
    if isinstance(value, dict) and isinstance(value.get("entities"), dict):
        yield from (entity for entity in value["entities"].values() if isinstance(entity, dict))
    elif isinstance(value, dict) and isinstance(value.get("id"), str):
        yield value
    else:
        raise Rejected("missing_field", "no Wikidata entity: it has no id")


def rows(value: Any, properties: Collection[str]) -> list[dict[str, Any]]:
    """Rows of ITEM_SCHEMA of the items in one JSON value. Raises Rejected as `entities`, `slim`."""
    item_rows = [slim(entity, properties) for entity in entities(value)]
    return [row for row in item_rows if row is not None]


def slim(entity: dict[str, Any], properties: Collection[str]) -> dict[str, Any] | None:
    """A row of ITEM_SCHEMA; None for what is no item (properties, lexemes).

    Claims of other properties, of deprecated rank and without a value are left out. Raises Rejected
    `wrong_type` where claims have another shape.

    >>> slim({"id": "Q42", "lastrevid": 7, "sitelinks": {"enwiki": {}}}, ["P279"])
    {'item': 42, 'revision': 7, 'sitelinks': 1, 'excluded': False, 'properties': [], 'targets': []}
    """
    if not _ITEM.match(str(entity.get("id", ""))):
        return None
    claims = entity.get("claims") or {}
    if not isinstance(claims, dict):
        raise Rejected("wrong_type", f"claims: expected an object, found {type(claims).__name__}")
    classes = set(_targets(claims.get(CLASS, [])))
    edges = sorted(
        {
            (int(name[1:]), int(target[1:]))
            for name in properties
            for target in _targets(claims.get(name, []))
        }
    )
    return {
        "item": int(entity["id"][1:]),
        "revision": int(entity.get("lastrevid") or 0),
        "sitelinks": len(entity.get("sitelinks") or {}),
        "excluded": bool(classes & EXCLUDED_CLASSES),
        "properties": [edge[0] for edge in edges],
        "targets": [edge[1] for edge in edges],
    }


def _targets(claims: Any) -> Iterator[str]:
    """Items that the claims of one property name."""
    if not isinstance(claims, list):
        raise Rejected("wrong_type", f"claims: expected a list, found {type(claims).__name__}")
    for claim in claims:
        try:
            snak = claim["mainsnak"]
            if claim.get("rank") == "deprecated" or snak.get("snaktype") != "value":
                continue
            value = snak["datavalue"]["value"]
            target = value.get("id") or f"Q{value['numeric-id']}"
        except (KeyError, TypeError, AttributeError) as error:
            raise Rejected("wrong_type", f"a claim has another shape: {error!r}") from None
        if _ITEM.match(target):
            yield target
