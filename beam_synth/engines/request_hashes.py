"""What tells requests apart: a hash of all that is asked, the same in every process."""

from __future__ import annotations

from typing import Any

import orjson

from beam_synth.drawing import digest
from beam_synth.engines.base import Request

_HASHED = orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS | orjson.OPT_SERIALIZE_NUMPY


def request_hash(request: Request, model: str, wording: str) -> str:
    """Hex hash of a request to the model of that name; `wording` is the hash of its wording.

    `n` does not count: an engine that gives fewer answers than asked for is asked for the rest.

    >>> one = request_hash(Request("m/query", {"a": 1, "b": 2}), "model", "")
    >>> one == request_hash(Request("m/query", {"b": 2, "a": 1}), "model", "")
    True
    >>> one == request_hash(Request("m/query", {"a": 1, "b": 3}), "model", "")
    False
    """
    fields = {name: value for name, value in vars(request).items() if name != "n"}
    return digest(model, wording, orjson.dumps(fields, _plain, _HASHED))


def _plain(value: Any) -> Any:
    """What JSON has no form for, in one that is the same in every process."""
    if isinstance(value, set | frozenset):
        return sorted(map(repr, value))
    return repr(value)
