"""Numbers and dates of a text, in figures and in words, as each language writes them.

Both are seen everywhere; names, which are not, are found by `proper_names`.
"""

from __future__ import annotations

import functools
import re
from decimal import Decimal
from typing import NamedTuple

from beam_synth.text.folding import WORD, text_words
from beam_synth.text.wordlists import LOWER_MONTHS, MONTHS, NUMERALS, SCALES

SPACES = " \u00a0\u202f\u2009"
# A pattern that begins with what it looks for, and looks back from there, scans several times
# faster than one that looks back first.
_NUMBER = re.compile(
    rf"\d(?<![\d.,].)(?:\d{{0,2}}(?:[{SPACES}'’]\d{{3}})+(?![\d])(?:[.,]\d+)?|\d*(?:[.,]\d+)*)"
)
_LISTED = re.compile(r"\d[.)]\s")  # what a list mark with a number holds
_DATED = re.compile(r"\d[-./]\d{1,2}[-./]\d")  # what a numeric date holds
_GROUPS = re.compile(rf"[{SPACES}'’]")
_NUMERIC_DATE = re.compile(
    r"\b(?:(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})|"
    r"(?P<d2>\d{1,2})[./](?P<m2>\d{1,2})[./](?P<y2>\d{4}))\b"
)
_HYPHENATED = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_LIST_MARK = re.compile(r"(?m)^\s*(?:\d{1,2}[.)]|[-*•–])\s+")
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th|er|º|\.)?"


@functools.lru_cache(maxsize=16)
def _date_pattern(language: str) -> re.Pattern[str]:
    forms = MONTHS.get(language, MONTHS["en"])
    month = "|".join(sorted(map(re.escape, forms), key=len, reverse=True))
    return re.compile(
        rf"\b(?:{_DAY}\s(?:(?:de|di|of|d['’])\s?)?(?P<month>{month})\b\.?"
        rf"(?:,?\s(?:(?:de|del|anno|roku)\s)?(?P<year>\d{{3,4}})\b)?|"
        rf"\b(?P<month2>{month})\b\.?(?:\s(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?\b(?!\d|[.,]\d))?"
        rf"(?:,?\s(?:(?:de|del|of|anno)\s)?(?P<year2>\d{{3,4}})\b)?)",
        re.IGNORECASE,
    )


class Fact(NamedTuple):
    """A name, number or date as it stands in a text."""

    kind: str  # name | number | date
    text: str  # as written
    start: int  # in characters
    end: int
    tokens: tuple[str, ...] = ()  # name: its capitalised words
    values: frozenset[Decimal] = frozenset()  # number: what it can stand for
    date: tuple[int, int, int] = (0, 0, 0)  # date: day, month, year; 0 where not given


# ---------------------------------------------------------------- numbers


@functools.lru_cache(maxsize=1 << 14)
def _digits_value(raw: str, language: str) -> frozenset[Decimal]:
    """The value of "1,234.5" and its like by the custom of the language."""
    digits = _GROUPS.sub("", raw)
    decimal_mark, thousands_mark = (".", ",") if language == "en" else (",", ".")
    if digits.count(thousands_mark) and re.fullmatch(
        rf"\d{{1,3}}(?:\{thousands_mark}\d{{3}})+(?:\{decimal_mark}\d+)?", digits
    ):
        return frozenset({Decimal(digits.replace(thousands_mark, "").replace(decimal_mark, "."))})
    if digits.count(".") + digits.count(",") <= 1:
        return frozenset({Decimal(digits.replace(",", "."))})
    if re.fullmatch(r"\d{1,3}(?:([.,])\d{3})(?:\1\d{3})*(?:[.,]\d+)?", digits):
        head, mark, tail = digits.rpartition("." if digits.rfind(".") > digits.rfind(",") else ",")
        whole = re.sub(r"[.,]", "", head)
        grouped = mark == digits[re.search(r"[.,]", digits).start()]  # type: ignore[union-attr]
        return frozenset({Decimal(f"{whole}{tail}" if grouped else f"{whole}.{tail}")})
    return frozenset(Decimal(part) for part in re.split(r"[.,]", digits) if part)


def numbers(text: str, language: str) -> list[Fact]:
    """Numbers in figures, with the value of a scale word that follows ("2 million").

    Marks of a list and numeric dates are none. A number that can be read in several ways has
    several values.

    >>> [fact.text for fact in numbers("In 1912 it had 1,234.5 km.", "en")]
    ['1912', '1,234.5']
    >>> sorted(map(int, numbers("2 million", "en")[0].values))
    [2, 2000000]
    """
    masked = text
    if _LISTED.search(masked):
        masked = _LIST_MARK.sub(lambda m: " " * len(m.group()), masked)
    for match in _NUMERIC_DATE.finditer(masked) if _DATED.search(masked) else ():
        inner = re.sub(r"[./-]", "\x00", match.group())
        masked = masked[: match.start()] + inner + masked[match.end() :]
    facts = []
    for match in _NUMBER.finditer(masked):
        raw = match.group()
        values = _digits_value(raw, language)
        next_word = WORD.match(masked, match.end() + 1)
        scale = SCALES.get(next_word.group().casefold()) if next_word else None
        if scale:
            values |= {value * scale for value in values}
        facts.append(Fact("number", raw, match.start(), match.end(), values=values))
    return facts


def numerals(text: str, language: str, least: int = 0) -> list[Fact]:
    """Numbers in words ("seven") from `least` on; compounds are not put together.

    >>> [(fact.text, fact.start) for fact in numerals("Of the seven, two fell.", "en", least=4)]
    [('seven', 7)]
    """
    table, openings = _numeral_words(language, least)
    if openings.isdisjoint(text_words(text)):
        return []
    return [
        Fact("number", match.group(), match.start(), match.end(), values=frozenset({value}))
        for match in _HYPHENATED.finditer(text)
        if (value := table.get(match.group().casefold())) is not None
    ]


@functools.lru_cache(maxsize=32)
def _numeral_words(language: str, least: int) -> tuple[dict[str, Decimal], frozenset[str]]:
    """Numeral -> value, and the words that numerals begin with ("quatre-vingts")."""
    known = NUMERALS.get(language, {}).items()
    table = {word: Decimal(value) for word, value in known if value >= least}
    return table, frozenset(word.partition("-")[0] for word in table)


def roman(text: str) -> int:
    """Value of a Roman numeral, without a check of its form. Raises KeyError for another letter.

    >>> roman("MCMXIV")
    1914
    """
    values = [
        {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}[letter] for letter in text
    ]
    following = [*values[1:], 0]
    return sum(
        -value if value < next_value else value
        for value, next_value in zip(values, following, strict=True)
    )


# ---------------------------------------------------------------- dates


def dates(text: str, language: str) -> list[Fact]:
    """Dates with a month: "3 May 1950", "mai 1950", "1950-05-03", "en mai".

    A month's name alone counts where its capital is that of a month in the language.

    >>> [(fact.text, fact.date) for fact in dates("Born on 3 May 1912, died 2001-04-07.", "en")]
    [('3 May 1912', (3, 5, 1912)), ('2001-04-07', (7, 4, 2001))]
    """
    facts = []
    forms = MONTHS.get(language, MONTHS["en"])
    named = not forms.keys().isdisjoint(text_words(text))
    for match in _date_pattern(language).finditer(text) if named else ():
        name = match["month"] or match["month2"]
        written = [match["day"] or match["day2"], match["year"] or match["year2"]]
        if not any(written) and name[0].isupper() is (language in LOWER_MONTHS):
            continue  # "may", "mars": another word
        date = (int(written[0] or 0), forms[name.lower()], int(written[1] or 0))
        facts.append(Fact("date", match.group(), match.start(), match.end(), date=date))
    for match in _NUMERIC_DATE.finditer(text) if _DATED.search(text) else ():
        day, month, year = (int(match[unit] or match[f"{unit}2"]) for unit in "dmy")
        facts.append(
            Fact("date", match.group(), match.start(), match.end(), date=(day, month, year))
        )
    return facts
