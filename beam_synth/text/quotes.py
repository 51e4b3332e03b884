"""Quotations in a text."""

from __future__ import annotations

import functools
import re

_QUOTED = re.compile(r"“[^“”\n]*”|«[^«»\n]*»|„[^„“”\n]*[“”]|\"[^\"\n]*\"|<ref [^\n]*?</ref>")


def quotations(text: str) -> list[str]:
    """What stands in quotation marks and reference tags, with them.

    >>> quotations('“an” → “a” ✓')
    ['“an”', '“a”']
    """
    return _QUOTED.findall(text)


@functools.lru_cache(maxsize=64)  # several checks ask it of the same trace
def mask_quotes(text: str) -> str:
    """The text with its quotations and reference tags blanked by "x", of the same length.

    A quotation stands between marks of one kind within a line.

    >>> mask_quotes('He said "no" twice.')
    'He said xxxx twice.'
    """
    return _QUOTED.sub(lambda m: "x" * len(m.group()), text)
