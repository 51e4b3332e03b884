"""Whether texts back up the names, numbers and dates that another text states.

A name is backed up when each of its words occurs, in any inflection (another ending); a number
when a number of equal value occurs, in figures, words or Roman numerals, written as any of the
languages do; a date when one with the same day, month and year does.
"""

from __future__ import annotations

import dataclasses
import functools
import re
from collections.abc import Iterable
from decimal import Decimal

from beam_synth.checks.facts import SPACES, WORD, Fact, dates, fold, numbers, numerals, roman
from beam_synth.checks.wordlists import ORDINALS

_RANGE = re.compile(r"\b(\d{2})(\d{2})\s?[-–—/]\s?(\d{2})\b(?!\d)")
_ROMAN = re.compile(r"\b([IVXLCDM]+)(?:e|er|re|ème|ième|th|st|nd|rd)?\b")


@dataclasses.dataclass(frozen=True)
class Support:
    """What a set of texts can back up."""

    tokens: frozenset[str]  # folded words
    stems: frozenset[tuple[str, str]]  # (first four letters, word)
    values: frozenset[Decimal]
    raws: frozenset[str]  # numbers as written
    dates: frozenset[tuple[int, int, int]]
    inflected: bool  # a text is in a language that declines names

    def __or__(self, other: Support) -> Support:
        return Support(
            self.tokens | other.tokens,
            self.stems | other.stems,
            self.values | other.values,
            self.raws | other.raws,
            self.dates | other.dates,
            self.inflected or other.inflected,
        )

    def has_token(self, word: str) -> bool:
        """Whether the word occurs, in this form or another inflection of it."""
        folded = fold(word)
        if folded in self.tokens:
            return True
        found = _ROMAN.fullmatch(word)
        if found and Decimal(roman(found.group(1))) in self.values:
            return True
        loose = 4 if self.inflected else 2
        return any(
            _same_stem(folded, token, loose) for stem, token in self.stems if stem == folded[:4]
        )

    def has(self, fact: Fact) -> bool:
        """Whether the texts state this name, number or date."""
        if fact.kind == "name":
            return all(self.has_token(token) for token in fact.tokens)
        if fact.kind == "number":
            if fact.text in self.raws or fact.values & self.values:
                return True
            parts = [Decimal(p) for p in re.split(rf"[{SPACES}]", fact.text) if p.isdigit()]
            return len(parts) > 1 and all(part in self.values for part in parts)
        return any(_same_date(fact.date, date) for date in self.dates)


def _same_stem(a: str, b: str, loose: int) -> bool:
    """One is the other with another ending of at most `loose` letters."""
    shared = 0
    for x, y in zip(a, b, strict=False):
        if x != y:
            break
        shared += 1
    tail = max(len(a), len(b)) - shared
    return shared >= 4 and tail <= loose and shared >= min(len(a), len(b)) - 2


def _same_date(claim: tuple[int, int, int], source: tuple[int, int, int]) -> bool:
    """Equal where both say something; the source must give what the claim gives of day, month."""
    if claim[1] != source[1] or (claim[0] and claim[0] != source[0]):
        return False
    return not claim[2] or not source[2] or claim[2] == source[2]


@functools.lru_cache(maxsize=4096)
def support(text: str, language: str) -> Support:
    """What one text backs up."""
    tokens = frozenset(fold(m.group()) for m in WORD.finditer(text))
    figures = numbers(text, language)
    values = {value for fact in figures for value in fact.values}
    values |= {value for fact in numerals(text, language) for value in fact.values}
    for m in _ROMAN.finditer(text):
        values.add(Decimal(roman(m.group(1))))
    for m in _RANGE.finditer(text):
        values.add(Decimal(m[1] + m[3]))
    values |= {Decimal(n) for word, n in ORDINALS.items() if language == "en" and word in tokens}
    return Support(
        tokens=tokens,
        stems=frozenset((token[:4], token) for token in tokens if len(token) >= 4),
        values=frozenset(values),
        raws=frozenset(fact.text for fact in figures),
        dates=frozenset(fact.date for fact in dates(text, language)),
        inflected=language in ("pl", "la", "de"),
    )


def support_of(texts: Iterable[tuple[str, str]]) -> Support:
    """What (text, language) pairs back up together."""
    total = support("", "en")
    for text, language in texts:
        total |= support(text, language)
    return total
