"""Structured answers: the object that a text holds, checked against a JSON schema."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from typing import Any

import orjson

_FENCE = re.compile(r"\A\s*```(?:json)?\s*\n(.*?)\n?\s*```\s*\Z", re.DOTALL)


def parse_instance(text: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    r"""The object that the text holds, alone or in a fenced block.

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
    fenced = _FENCE.match(text)
    try:
        data = orjson.loads(fenced.group(1) if fenced else text)
    except orjson.JSONDecodeError as error:
        raise ValueError(f"not valid JSON: {error}") from None
    if not isinstance(data, dict):
        raise ValueError(f"a JSON object is wanted, this is of type {type(data).__name__}")
    validator = _validator(orjson.dumps(schema))
    if not validator.is_valid(data):
        faults = validator.iter_errors(data)
        place, fault = min((".".join(map(str, e.path)), e.message) for e in faults)
        raise ValueError(f"{place}: {fault}"[:500] if place else fault[:500])
    return data


@functools.lru_cache(maxsize=256)
def _validator(schema: bytes) -> Any:
    import jsonschema  # type: ignore[import-untyped]

    return jsonschema.Draft202012Validator(orjson.loads(schema))
