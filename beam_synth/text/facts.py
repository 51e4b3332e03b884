"""Names, numbers and dates of a text.

What counts as a name: a capitalised word that does not open its sentence; or any word of a run of
two and more capitalised ones ("Marie Curie"), of an acronym, or of a sentence of at most three
words. German capitalises every noun, so there a single word counts only after a bare preposition
("in Lyon") and when it has no ending of common nouns. Single names that open a longer sentence
are therefore not seen; numbers and dates are seen everywhere.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from beam_synth.text.folding import WORD, fold, folded_words, text_words
from beam_synth.text.wordlists import (
    FUNCTION,
    GERMAN_COMMON,
    GERMAN_DETERMINERS,
    GERMAN_SUFFIXES,
    LOWER_MONTHS,
    MONTHS,
    NUMERALS,
    SCALES,
    WEEKDAYS,
)

__all__ = [
    "WORD", "Fact", "dates", "fold", "folded_words", "names", "numbers", "numerals", "roman",
]  # fmt: skip

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
_CAPITAL = re.compile(r"[^\W\d_a-zß-öø-ÿ](?<![^\W\d_].)[^\W\d_]*")  # not one of these small ones
_HYPHENATED = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_RUN = re.compile(r"\w+")
_STOP = re.compile(r"[.!?\n]")
_JOINT = re.compile(r"(?: |-|['’]|\. ?)")  # between two words of a name
_INITIAL = re.compile(r"(?:^|[\s.])[^\W\d_]\.$")
_WORD_BEFORE = re.compile(r"([^\W\d_]+)\s$")
_LONGEST = 40  # letters of a word that matters here
SHORT = 3  # words of a sentence so short that the one that opens it may be a name
_LIST_MARK = re.compile(r"(?m)^\s*(?:\d{1,2}[.)]|[-*•–])\s+")
_SENTENCE_END = re.compile(r"[.!?…:;\n]")
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
    """A name, number or date as it stands in a text; `start` and `end` are in characters."""

    kind: str  # name | number | date
    text: str
    start: int
    end: int
    tokens: tuple[str, ...] = ()  # name: its capitalised words
    values: frozenset[Decimal] = frozenset()  # number: what it can stand for
    date: tuple[int, int, int] = (0, 0, 0)  # date: day, month, year; 0 where not given


# ---------------------------------------------------------------- numbers


@functools.lru_cache(maxsize=1 << 14)
def _digits_value(raw: str, language: str) -> frozenset[Decimal]:
    """The value of "1,234.5" and its like by the custom of the language."""
    text = _GROUPS.sub("", raw)
    point, group = (".", ",") if language == "en" else (",", ".")
    if text.count(group) and re.fullmatch(rf"\d{{1,3}}(?:\{group}\d{{3}})+(?:\{point}\d+)?", text):
        return frozenset({Decimal(text.replace(group, "").replace(point, "."))})
    if text.count(".") + text.count(",") <= 1:
        return frozenset({Decimal(text.replace(",", "."))})
    if re.fullmatch(r"\d{1,3}(?:([.,])\d{3})(?:\1\d{3})*(?:[.,]\d+)?", text):
        head, mark, tail = text.rpartition("." if text.rfind(".") > text.rfind(",") else ",")
        whole = re.sub(r"[.,]", "", head)
        grouped = mark == text[re.search(r"[.,]", text).start()]  # type: ignore[union-attr]
        return frozenset({Decimal(f"{whole}{tail}" if grouped else f"{whole}.{tail}")})
    return frozenset(Decimal(part) for part in re.split(r"[.,]", text) if part)


def numbers(text: str, language: str) -> list[Fact]:
    """Numbers in figures, with the value of a scale word that follows ("2 million")."""
    plain = text
    if _LISTED.search(plain):
        plain = _LIST_MARK.sub(lambda m: " " * len(m.group()), plain)
    for found in _NUMERIC_DATE.finditer(plain) if _DATED.search(plain) else ():
        inner = re.sub(r"[./-]", "\x00", found.group())
        plain = plain[: found.start()] + inner + plain[found.end() :]
    facts = []
    for found in _NUMBER.finditer(plain):
        raw = found.group()
        values = _digits_value(raw, language)
        after = WORD.match(plain, found.end() + 1)
        scale = SCALES.get(after.group().casefold()) if after else None
        if scale:
            values |= {value * scale for value in values}
        facts.append(Fact("number", raw, found.start(), found.end(), values=values))
    return facts


def numerals(text: str, language: str, least: int = 0) -> list[Fact]:
    """Numbers in words ("seven") from `least` on; compounds are not put together."""
    table, openings = _numeral_words(language, least)
    if openings.isdisjoint(text_words(text)):
        return []
    return [
        Fact("number", m.group(), m.start(), m.end(), values=frozenset({value}))
        for m in _HYPHENATED.finditer(text)
        if (value := table.get(m.group().casefold())) is not None
    ]


@functools.lru_cache(maxsize=32)
def _numeral_words(language: str, least: int) -> tuple[dict[str, Decimal], frozenset[str]]:
    """Numeral -> value, and the words that numerals begin with ("quatre-vingts")."""
    known = NUMERALS.get(language, {}).items()
    table = {word: Decimal(value) for word, value in known if value >= least}
    return table, frozenset(word.partition("-")[0] for word in table)


def roman(text: str) -> int:
    """Value of a Roman numeral, without a check of its form."""
    values = [{"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}[c] for c in text]
    following = [*values[1:], 0]
    return sum(-v if v < n else v for v, n in zip(values, following, strict=True))


# ---------------------------------------------------------------- dates


def dates(text: str, language: str) -> list[Fact]:
    """Dates with a month: "3 May 1950", "mai 1950", "1950-05-03", "en mai"."""
    facts = []
    forms = MONTHS.get(language, MONTHS["en"])
    named = not forms.keys().isdisjoint(text_words(text))
    for m in _date_pattern(language).finditer(text) if named else ():
        name = m["month"] or m["month2"]
        given = [m["day"] or m["day2"], m["year"] or m["year2"]]
        if not any(given) and name[0].isupper() is (language in LOWER_MONTHS):
            continue  # "may", "mars": another word
        date = (int(given[0] or 0), forms[name.lower()], int(given[1] or 0))
        facts.append(Fact("date", m.group(), m.start(), m.end(), date=date))
    for m in _NUMERIC_DATE.finditer(text) if _DATED.search(text) else ():
        day, month, year = (int(m[k] or m[f"{k}2"]) for k in "dmy")
        facts.append(Fact("date", m.group(), m.start(), m.end(), date=(day, month, year)))
    return facts


# ---------------------------------------------------------------- names


def _opens_sentence(text: str, start: int) -> bool:
    """Whether the word at `start` opens a sentence, line, item or quotation that does."""
    before = text[:start].rstrip(" \t\"'“”„«»‘’()[]*_-–•")
    if not before:
        return True
    if before[-1] == "." and _INITIAL.search(before[-4:]):
        return False  # an initial: "J. Smith"
    return bool(_SENTENCE_END.match(before[-1])) or "\n" in text[len(before) : start]


def _runs(text: str) -> Iterator[list[re.Match[str]]]:
    """Maximal runs of capitalised words, joined by blanks, hyphens, apostrophes or initials."""
    run: list[re.Match[str]] = []
    for word in _CAPITAL.finditer(text):
        if not text[word.start()].isupper():
            continue
        joined = run and _JOINT.fullmatch(text, run[-1].end(), word.start())
        dotted = joined and "." in joined.group() and len(run[-1].group()) > 1
        if joined and not dotted:
            run.append(word)
            continue
        if run:
            yield run
        run = [word]
    if run:
        yield run


@functools.lru_cache(maxsize=1 << 14)
def _not_a_name(word: str, language: str) -> bool:
    lower = word.casefold()
    return (
        lower in FUNCTION.get(language, ())
        or lower in MONTHS.get(language, ())
        or lower in WEEKDAYS
        or (len(word) == 1)
    )


def _sentence_words(text: str, at: int) -> int:
    """Words of the sentence around `at`, up to four."""
    end = _STOP.search(text, at)
    return len(_RUN.findall(text, at, end.start() if end else len(text))[:4])


def _german_single(text: str, word: re.Match[str]) -> bool:
    """Whether a lone capitalised German word is a name: after a bare preposition, no suffix."""
    before = _WORD_BEFORE.search(text, max(0, word.start() - _LONGEST), word.start())
    if not before or before.group(1).casefold() not in _BARE:
        return False
    return not _german_noun(word.group())


_BARE = frozenset(["in", "nach", "aus", "von", "bei", "über", "gegen", "durch", "für"])


def names(text: str, language: str, short: int = SHORT) -> list[Fact]:
    """Runs of capitalised words that count as names (see the module's text).

    A single word that opens its sentence counts if that has at most `short` words.
    """
    facts = []
    for run in _runs(text):
        kept = _without_function_words(run, language)
        if not kept or (len(kept) == 1 and not _single_counts(text, kept[0], language, short)):
            continue
        if language == "de" and len(kept) > 1:
            kept = _german_name(text, kept)
        tokens = tuple([t for t in [w.group() for w in kept] if not _not_a_name(t, language)])
        if tokens:
            start, end = kept[0].start(), kept[-1].end()
            facts.append(Fact("name", text[start:end], start, end, tokens=tokens))
    return facts


def _without_function_words(run: list[re.Match[str]], language: str) -> list[re.Match[str]]:
    """The run without function words, months and days at its ends."""
    first, last = 0, len(run)
    while first < last and not _counts(run[first], language):
        first += 1
    while first < last and not _counts(run[last - 1], language):
        last -= 1
    return run[first:last]


def _counts(word: re.Match[str], language: str) -> bool:
    token = word.group()
    if len(token) > 1:
        return not _not_a_name(token, language)
    initial = word.string[word.end() : word.end() + 1] == "."
    return initial or token.casefold() not in FUNCTION.get(language, ())


def _german_name(text: str, run: list[re.Match[str]]) -> list[re.Match[str]]:
    """A German run without the title that an article shows ("der Maler Max Ernst"), and without
    the words that end like common nouns."""
    before = _WORD_BEFORE.search(text, max(0, run[0].start() - _LONGEST), run[0].start())
    word = before.group(1) if before else ""
    titled = word.casefold() in GERMAN_DETERMINERS or _ADJECTIVE.fullmatch(word)
    return [w for w in run[1 if titled else 0 :] if not _german_noun(w.group())]


_ADJECTIVE = re.compile(r"[a-zäöüß]+(?:e|en|er|es|em)")


def _german_noun(word: str) -> bool:
    lower = word.casefold()
    return lower in GERMAN_COMMON or lower.endswith(tuple(GERMAN_SUFFIXES))


def _single_counts(text: str, word: re.Match[str], language: str, short: int) -> bool:
    token = word.group()
    if len(token) >= 2 and token.isupper():
        return True
    if _opens_sentence(text, word.start()):
        return language != "de" and _sentence_words(text, word.start()) <= short
    return language != "de" or _german_single(text, word)
