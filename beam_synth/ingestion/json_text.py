"""JSON as files have it: strict where that does, else with what other writers let pass.

Python and pandas write NaN and Infinity, halves of characters and numbers beyond any float. That
is no JSON, and mostly in a field that nobody reads; so a text that the strict parser refuses is
read again by Python's own.
"""

from __future__ import annotations

import json
import re
from typing import Any

import orjson

from beam_synth.text.surrogates import whole

_HALF = re.compile(r"\\u[dD][89a-fA-F]")  # begins half of a character
_DIGITS = 20  # of a 64-bit number


def parse_json(text: bytes | str) -> Any:
    """Parse one JSON document.

    NaN and the infinities are None, numbers beyond 64 bits floats, halves of characters U+FFFD. Of
    a key that stands there twice the last one counts. Raises ValueError, its text the fault, and
    UnicodeDecodeError, which is one, for bytes that are not UTF-8.

    >>> parse_json(b'{"a": NaN, "b": "\\\\ud83d", "c": 1e400}')
    {'a': None, 'b': '\ufffd', 'c': inf}
    """
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        strict = error
    loose = text.decode("utf-8") if isinstance(text, bytes) else text
    try:
        value = json.loads(loose, parse_constant=_no_number, parse_int=_number)
        return whole(value) if _HALF.search(loose) else value
    except RecursionError:
        raise ValueError("lists and objects lie too deep within each other") from None
    except ValueError:
        raise ValueError(str(strict)) from None


def _no_number(_: str) -> None:
    """NaN and the infinities."""


def _number(digits: str) -> int | float:
    return int(digits) if len(digits) <= _DIGITS else float(digits)
