r"""JSON as it comes over the wire: what orjson refuses, although its meaning is plain.

Bytes that are no UTF-8 and halves of surrogate pairs (`\ud800`) become U+FFFD, a byte order mark
goes, numbers that are none (`NaN`) are read. orjson comes first, so that sound JSON costs no more.
"""

from __future__ import annotations

import json
from typing import Any

import orjson

from beam_synth.text.surrogates import whole


def loads(data: bytes | str) -> Any:
    r"""The document. Raises ValueError, with what is wrong, where it is no JSON even so.

    >>> loads(b'{"text": "caf\xe9"}'), loads(r'{"text": "\ud800!"}')
    ({'text': 'caf\ufffd'}, {'text': '\ufffd!'})
    >>> loads('{"text": ')
    Traceback (most recent call last):
    ValueError: unexpected end of data: line 1 column 10 (char 9)
    """
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError as error:
        fault = str(error)
    text = data.decode("utf-8", "replace") if isinstance(data, bytes) else data
    try:
        return whole(json.loads(text.lstrip("\ufeff")))
    except (ValueError, RecursionError):
        raise ValueError(fault) from None
