"""Structured answers: the object that a text holds, checked against a JSON schema."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any, NamedTuple

import orjson

from beam_synth.checks.repairs import mended


class Structured(NamedTuple):
    """The object of an answer."""

    data: dict[str, Any]
    repaired: bool  # whether the text had to be mended to hold it


def read_instance(text: str, schema: Mapping[str, Any], cut: bool = False) -> Structured:
    r"""The object that an answer holds, mended where models are known to spoil it.

    Text around it goes, and what is no JSON is made JSON, where that neither drops, changes nor
    invents anything of the object (`repairs.mended`).

    Args:
        schema: as of `parse_instance`.
        cut: whether the answer was cut off, so that what seems to be its end need not be one.

    Raises ValueError as `parse_instance`.

    >>> read_instance("Here it is: {'n': 1,} Anything else?", {"required": ["n"]})
    Structured(data={'n': 1}, repaired=True)
    """
    try:
        data = orjson.loads(text)
        if type(data) is dict and _validator(orjson.dumps(schema)).is_valid(data):
            return Structured(data, repaired=False)
    except orjson.JSONDecodeError:
        pass
    try:
        return Structured(parse_instance(text, schema), repaired=False)
    except ValueError as error:
        found = mended(text, schema, lambda data: not _faults(data, schema), cut)
        if found is None:
            raise error from None
    return Structured(found, repaired=True)


def parse_instance(text: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    r"""The object that the text holds, alone or in a fenced block, without any repair.

    Args:
        schema: JSON schema (draft 2020-12); its validator is kept, for 256 schemas.

    Raises ValueError, saying what is wrong in 500 characters at most, when the text is not one
    instance of the schema.

    >>> parse_instance('```json\n{"n": 1}\n```', {"required": ["n"]})
    {'n': 1}
    >>> parse_instance("[1]", {})
    Traceback (most recent call last):
    ValueError: a JSON object is wanted, this is of type list
    """
    try:
        data = orjson.loads(_unfenced(text))
    except orjson.JSONDecodeError as error:
        raise ValueError(f"not valid JSON: {error}") from None
    if not isinstance(data, dict):
        raise ValueError(f"a JSON object is wanted, this is of type {type(data).__name__}")
    if fault := _faults(data, schema):
        raise ValueError(fault)
    return data


def _unfenced(text: str) -> str:
    """What stands in a fenced block of JSON that is all of a text; else the text."""
    if not text.lstrip().startswith("```"):
        return text
    first, _, rest = text.strip().removesuffix("```").partition("\n")
    return rest if first.strip("` ").lower() in ("", "json") else text


def _faults(data: Any, schema: Mapping[str, Any]) -> str:
    """What keeps data from being an instance; "" for an instance."""
    validator = _validator(orjson.dumps(schema))
    if validator.is_valid(data):
        return ""
    faults = validator.iter_errors(data)
    place, fault = min((".".join(map(str, e.path)), e.message) for e in faults)
    return (f"{place}: {fault}" if place else str(fault))[:500]


@functools.lru_cache(maxsize=256)
def _validator(schema: bytes) -> Any:
    import jsonschema  # type: ignore[import-untyped]

    return jsonschema.Draft202012Validator(orjson.loads(schema))
