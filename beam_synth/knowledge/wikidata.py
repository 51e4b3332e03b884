"""Wikidata entities, cut down to what the expansion walks over.

The shapes are those of the JSON dumps: one entity a line, its claims by property, the items that
they name in `mainsnak.datavalue.value`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

import pyarrow as pa

from beam_synth.errors import Rejected
from beam_synth.ingestion.conversions import item_number, whole_number
from beam_synth.knowledge.item_names import names_of
from beam_synth.knowledge.link_names import english_pages

EXCLUDED_CLASSES = frozenset(
    {"Q4167410", "Q13406463", "Q4167836", "Q11266439"}  # disambiguation, list, category, template
)
CLASS = "P31"  # instance of
_EXCLUDED = frozenset(map(item_number, EXCLUDED_CLASSES))

# One row an item; claims as parallel lists.
ITEM_SCHEMA = pa.schema(
    [
        ("item", pa.int64()),  # 42 for Q42
        ("revision", pa.int64()),  # 0 where the record has none
        ("sitelinks", pa.int32()),  # pages of Wikimedia projects about it
        ("excluded", pa.bool_()),  # an instance of EXCLUDED_CLASSES
        ("properties", pa.list_(pa.int32())),  # 279 for P279
        ("targets", pa.list_(pa.int64())),  # item that the claim names, 42 for Q42
        ("names", pa.string()),  # of items with a page in one of the languages, one a line; else ""
        ("english", pa.string()),  # name of what has `pages`; else ""
        ("pages", pa.list_(pa.int64())),  # pages with another title, as `link_names` numbers them
    ]
)


def entities(value: Any) -> list[Any]:
    """The entities in one JSON value: itself (dump), or those of an EntityData document.

    What is among those of a document is not looked at; `slim` says what is wrong with it.

    >>> [entity["id"] for entity in entities({"entities": {"Q42": {"id": "Q42"}}})]
    ['Q42']
    """
    held = value.get("entities") if isinstance(value, dict) else None
    return list(held.values()) if isinstance(held, dict) and held else [value]


def slim(entity: Any, properties: Collection[str]) -> dict[str, Any] | None:
    """A row of ITEM_SCHEMA; None for what is no item (properties, lexemes).

    Claims of other properties, of deprecated rank, without a value, and those whose value is no
    item (Wikidata has some that are damaged) are left out. Raises Rejected: `missing_field` for
    what is no entity, `wrong_type` where its id, revision, sitelinks or lists of claims have
    another shape.

    >>> slim({"id": "Q42", "lastrevid": 7, "sitelinks": {"enwiki": {}}}, ["P279"])
    {'item': 42, 'revision': 7, 'sitelinks': 1, 'excluded': False, 'properties': [], 'targets': [],
    'names': '', 'english': '', 'pages': []}
    """
    name = entity.get("id") if isinstance(entity, dict) else None
    if not isinstance(name, str) or not name:
        raise Rejected("missing_field", "no Wikidata entity: it has no id")
    if name[0] != "Q":
        return None
    item = item_number(name)
    if item is None:
        raise _wrong("id", "an item as Q42, its number of 64 bits", name)
    claims = _claims(entity.get("claims"))
    classes = _targets(claims, CLASS)
    english, pages = english_pages(entity)
    edges = sorted({(int(name[1:]), to) for name in properties for to in _targets(claims, name)})
    return {
        "item": item,
        "revision": _revision(entity.get("lastrevid")),
        "sitelinks": _sitelinks(entity.get("sitelinks")),
        "excluded": not _EXCLUDED.isdisjoint(classes),
        "properties": [edge[0] for edge in edges],
        "targets": [edge[1] for edge in edges],
        "names": names_of(entity),
        "english": english,
        "pages": pages,
    }


def _claims(value: Any) -> dict[str, Any]:
    if value is None or value == []:  # an empty object is a list in some dumps
        return {}
    if not isinstance(value, dict):
        raise _wrong("claims", "an object", value)
    return value


def _revision(value: Any) -> int:
    if value is None or value == "":
        return 0
    number = whole_number(value)
    if number is None:
        raise _wrong("lastrevid", "a whole number", value)
    return number


def _sitelinks(value: Any) -> int:
    if value is None:
        return 0
    if not isinstance(value, dict | list):
        raise _wrong("sitelinks", "an object", value)
    return len(value)


def _targets(claims: dict[str, Any], name: str) -> Iterator[int]:
    """Items that the claims of one property name."""
    several = claims.get(name)
    if several is None:
        return
    if not isinstance(several, list):
        raise _wrong(f"claims.{name}", "a list", several)
    for claim in several:
        try:
            snak = claim["mainsnak"]
            if claim.get("rank") == "deprecated" or snak.get("snaktype") != "value":
                continue
            value = snak["datavalue"]["value"]
            target = value.get("id")
            if target is None and value.get("entity-type", "item") == "item":
                target = f"Q{whole_number(value.get('numeric-id'))}"  # all that old dumps have
        except (KeyError, TypeError, AttributeError):
            continue
        number = item_number(target) if isinstance(target, str) else None
        if number is not None:
            yield number


def _wrong(field: str, expected: str, value: object) -> Rejected:
    found = repr(value[:60]) if isinstance(value, str) else type(value).__name__
    return Rejected("wrong_type", f"{field}: expected {expected}, found {found}")
