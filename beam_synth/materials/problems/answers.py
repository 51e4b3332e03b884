"""Final answers read and compared: numbers by language, fractions, percentages, intervals, sets.

The convention of GSM8K (arXiv 2110.14168): thousands marks are stripped, the last number of the
text is the answer. In English the comma is the thousands mark; in the other languages it is the
decimal mark.
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
    start: int  # of its sign or first digit
    end: int  # after its last digit


def figures(text: str, language: str = "en") -> Iterator[WrittenNumber]:
    """The numbers of a text in figures, in order; "3/4" is one.

    >>> [str(number.value) for number in figures("1,250 of 5,000 are 1/4 or 0.25")]
    ['1250', '5000', '1/4', '1/4']
    """
    for match in _NUMBER.finditer(text):
        value = parse_number(match.group(), language)
        if value is not None:
            yield WrittenNumber(value, match.start(), match.end())


@functools.lru_cache(maxsize=1 << 14)  # query, trace and answer hold the same numbers
def parse_number(text: str, language: str = "en") -> Fraction | None:
    """The value of one written number or fraction; None where it is none.

    A percent sign is dropped: "12%" is 12.

    >>> parse_number("1.234,5", "de"), parse_number("−3/4"), parse_number("many")
    (Fraction(2469, 2), Fraction(-3, 4), None)
    """
    written_top, slash, written_bottom = text.partition("/")
    if slash:
        numerator, denominator = (
            parse_number(written_top, language),
            parse_number(written_bottom, language),
        )
        return numerator / denominator if numerator is not None and denominator else None
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
    """A form that equal answers share; None where the text is none of these.

    ("number", value), ("percent", value in percent), ("interval", low, high, closed below, closed
    above) or ("set", values).

    >>> comparable("0.5") == comparable("1/2"), comparable("50%") == comparable("1/2")
    (True, False)
    >>> comparable("{1, 2}") == comparable("{2; 1}"), comparable("[0, 1)")[3:]
    (True, (True, False))
    """
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
    """The last number of an answer; None where it has none.

    >>> final("3 + 4 = 7 apples")
    Fraction(7, 1)
    """
    numbers = list(figures(text, language))
    return numbers[-1].value if numbers else None


def agrees(text: str, value: Fraction, language: str = "en") -> bool:
    """Whether an answer's final value is this one.

    A text with LaTeX, a root or π is left to math-verify, which is imported only then.

    >>> agrees("They have 12.5 km left.", Fraction(25, 2))
    True
    """
    if not _FORMULA.search(text):
        return final(text, language) == value
    import math_verify  # type: ignore[import-untyped]

    parsed_answer = math_verify.parse(text, parsing_timeout=None)
    parsed_value = math_verify.parse(
        f"${value.numerator}/{value.denominator}$", parsing_timeout=None
    )
    return bool(math_verify.verify(parsed_value, parsed_answer, timeout_seconds=None))
