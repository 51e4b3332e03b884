"""Halves of surrogate pairs, which other writers of JSON let pass and UTF-8 cannot hold."""

from __future__ import annotations

import re
from typing import Any

_HALF = re.compile("[\ud800-\udfff]")


def whole(value: Any) -> Any:
    r"""A JSON value with U+FFFD in place of halves of surrogate pairs, in strings and keys.

    >>> whole({"a": ["\udc00", 1]})
    {'a': ['\ufffd', 1]}
    """
    if isinstance(value, str):
        return value if value.isascii() else _HALF.sub("\ufffd", value)
    if isinstance(value, list):
        return [whole(each) for each in value]
    if isinstance(value, dict):
        return {whole(key): whole(each) for key, each in value.items()}
    return value
