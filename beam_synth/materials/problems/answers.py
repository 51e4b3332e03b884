"""Final answers read and compared: numbers by language, fractions, percentages, intervals, sets.

The GSM convention: thousands marks are stripped, the last number of the text is the answer. In
English the comma is the thousands mark; in the other languages it is the decimal mark.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

_NUMBER = re.compile(
    # It begins with what it looks for, and looks back from there: that scans twice as fast.
    r"[-−\d](?<![\w/].)(?:(?<=\d)|(?<![\d)].)(?=\d))\d*"
    r"(?:[.,\u00a0\u202f]\d+)*(?:\s?/\s?\d+(?![\d/]|\.\d))?"
)
_THOUSANDS = re.compile(r"[-−]?[1-9]\d{0,2}(?:\.\d{3})+(?:,\d+)?")
_FORMULA = re.compile(r"[\\$√π]")
_INTERVAL = re.compile(r"([\[\](])\s*([^\s;,]+)\s*[;,]\s*([^\s;,]+)\s*([\[\])])")
_SET = re.compile(r"\{([^{}]*)\}")


class WrittenNumber(NamedTuple):
    """A number of a text: its value and its place, in characters."""

    value: Fraction
    start: int
    end: int


def figures(text: str, language: str = "en") -> Iterator[WrittenNumber]:
    """The numbers of a text, in order; "3/4" is one."""
    for found in _NUMBER.finditer(text):
        value = parse_number(found.group(), language)
        if value is not None:
            yield WrittenNumber(value, found.start(), found.end())


@functools.lru_cache(maxsize=1 << 14)  # query, trace and answer hold the same numbers
def parse_number(text: str, language: str = "en") -> Fraction | None:
    """The value of one written number or fraction; None where it is none."""
    top, slash, bottom = text.partition("/")
    if slash:
        a, b = parse_number(top, language), parse_number(bottom, language)
        return a / b if a is not None and b else None
    plain = re.sub(r"[\s\u00a0\u202f]", "", text)
    if language == "en":
        plain = plain.replace(",", "")
    elif _THOUSANDS.fullmatch(plain):
        plain = plain.replace(".", "").replace(",", ".")
    else:
        plain = plain.replace(",", ".")
    try:
        return Fraction(plain.replace("−", "-").rstrip("%"))
    except ValueError:
        return None


def comparable(text: str, language: str = "en") -> tuple[object, ...] | None:
    """A form that equal answers share: ("number", value), ("percent", value in percent),
    ("interval", low, high, closed below, closed above) or ("set", values); None for another."""
    text = text.strip()
    interval = _INTERVAL.fullmatch(text)
    if interval:
        low, high = parse_number(interval[2], language), parse_number(interval[3], language)
        if low is None or high is None:
            return None
        return ("interval", low, high, interval[1] == "[", interval[4] == "]")
    members = _SET.fullmatch(text)
    if members:
        mark = ";" if ";" in members[1] else ","
        values = [parse_number(part.strip(), language) for part in members[1].split(mark)]
        return None if None in values else ("set", frozenset(values))
    if text.endswith("%"):
        value = parse_number(text[:-1].strip(), language)
        return None if value is None else ("percent", value)
    value = parse_number(text, language)
    return None if value is None else ("number", value)


def final(text: str, language: str = "en") -> Fraction | None:
    """The last number of an answer."""
    found = list(figures(text, language))
    return found[-1].value if found else None


def agrees(text: str, value: Fraction, language: str = "en") -> bool:
    """Whether an answer's final value is this one; formulas are left to math-verify."""
    if not _FORMULA.search(text):
        return final(text, language) == value
    import math_verify  # type: ignore[import-untyped]

    told = math_verify.parse(text, parsing_timeout=None)
    wanted = math_verify.parse(f"${value.numerator}/{value.denominator}$", parsing_timeout=None)
    return bool(math_verify.verify(wanted, told, timeout_seconds=None))
