"""Whether texts back up the names, numbers and dates that another text states.

A name is backed up when each of its words occurs, in any inflection (another ending) or as another
language has it (`exonyms`, `cognates`); an acronym also by what it stands for; a number
when a number of equal value occurs, in figures, words or Roman numerals, written as any of the
languages do; a date when one with the same day, month and year does.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from decimal import Decimal

from beam_synth.text.cognates import alike, first_sound, initials_occur
from beam_synth.text.exonyms import other_names
from beam_synth.text.facts import SPACES, Fact, dates, numbers, numerals, roman
from beam_synth.text.folding import fold, folded_words
from beam_synth.text.sentences import occurrences
from beam_synth.text.wordlists import ORDINALS

_RANGE = re.compile(r"(\d(?<!\w.)\d)(\d{2})\s?[-–—/]\s?(\d{2})\b(?!\d)")
_BLANK = re.compile(rf"[{SPACES}]")
_COGNATE = 4  # letters of a word that may have another spelling
_ROMAN = re.compile(r"([IVXLCDM](?<!\w.)[IVXLCDM]*)(?:e|er|re|ème|ième|th|st|nd|rd)?\b")


class Support:
    """What texts can back up; each kind of fact is looked for when it is first asked for.

    Made by `support` and `support_of`; `a | b` backs up what either does.
    """

    def __init__(self, parts: Iterable[_BackingText]) -> None:
        self._parts = tuple(dict.fromkeys(parts))
        # Names are declined in some languages: a text in one of them loosens all.
        self._loose = 4 if any(part.inflected for part in self._parts) else 2

    def __or__(self, other: Support) -> Support:
        return Support((*self._parts, *other._parts))

    def has_token(self, word: str) -> bool:
        """Whether the word occurs, in this form, another inflection of it or another language's
        name for it; a Roman numeral also as a number of its value.
        """
        folded = fold(word)
        for part in self._parts:
            if folded in part.tokens:
                return True
        if folded in ORDINALS and self._has_value(Decimal(ORDINALS[folded])):
            return True
        numeral = _ROMAN.fullmatch(word)
        if numeral and self._has_value(Decimal(roman(numeral.group(1)))):
            return True
        if word.isupper() and any(initials_occur(word, part.text) for part in self._parts):
            return True
        return self._inflected(folded) or self._has_other_name(word) or self._has_cognate(folded)

    def _has_cognate(self, folded: str) -> bool:
        """Whether a text in another language than English has the word in its own spelling."""
        return len(folded) >= _COGNATE and any(
            alike(folded, token)
            for part in self._parts
            if part.foreign
            for token in part.opening(first_sound(folded))
        )

    def _inflected(self, folded: str) -> bool:
        return any(
            _differ_in_ending(folded, token, self._loose)
            for part in self._parts
            for token in part.beginning(folded[:4])
        )

    def _has_other_name(self, word: str) -> bool:
        """Whether what the word names occurs under the name that another language has for it."""
        return any(
            any(form in part.tokens for part in self._parts) or self._inflected(form)
            for form in other_names(word)
        )

    def has_number(self, raw: str) -> bool:
        """Whether a number is written so, as a number of its own."""
        return any(raw in part.text and raw in part.raws for part in self._parts)

    def has(self, fact: Fact) -> bool:
        """Whether the texts state this name, number or date.

        A number in groups ("12 500") is backed up by its parts, too, where each of them is; one
        word by itself, as it is written: in another language it may be no number and no month
        ("ten" in Polish).
        """
        if fact.kind == "name":
            return all(map(self.has_token, fact.tokens))
        if fact.kind == "number":
            if self.has_number(fact.text) or any(map(self._has_value, fact.values)):
                return True
            parts = [Decimal(piece) for piece in _BLANK.split(fact.text) if piece.isdigit()]
            return (len(parts) > 1 and all(map(self._has_value, parts))) or self._has_word(fact)
        return self._has_word(fact) or any(
            _same_date(fact.date, date) for part in self._parts for date in part.dates
        )

    def _has_word(self, fact: Fact) -> bool:
        return fact.text.isalpha() and any(
            next(occurrences(part.text, fact.text), None) is not None for part in self._parts
        )

    def _has_value(self, value: Decimal) -> bool:
        return any(value in part.values for part in self._parts)


class _BackingText:
    """One text, with what it backs up."""

    def __init__(self, text: str, language: str) -> None:
        self.text = text
        self._language = language
        self.inflected = language in ("pl", "la", "de")
        self.foreign = language != "en"
        self.tokens = folded_words(text)

    def beginning(self, letters: str) -> list[str]:
        """The words that begin with these four letters; none for fewer."""
        if len(letters) < 4 or f" {letters}" not in self._joined:
            return []
        return [token for token in self.tokens if token.startswith(letters)]

    def opening(self, letter: str) -> list[str]:
        """The words of four letters and more that begin with this letter, or sound so."""
        return self._by_letter.get(letter, [])

    @functools.cached_property
    def _by_letter(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for token in self.tokens:
            if len(token) >= _COGNATE:
                found.setdefault(first_sound(token), []).append(token)
        return found

    @functools.cached_property
    def _joined(self) -> str:
        return f" {' '.join(self.tokens)}"

    @functools.cached_property
    def _figures(self) -> list[Fact]:
        return numbers(self.text, self._language)

    @functools.cached_property
    def raws(self) -> frozenset[str]:
        """Numbers as written."""
        return frozenset(fact.text for fact in self._figures)

    @functools.cached_property
    def values(self) -> frozenset[Decimal]:
        """What its numbers can stand for, in figures, words and Roman numerals."""
        text, language = self.text, self._language
        values = {value for fact in self._figures for value in fact.values}
        values |= {value for fact in numerals(text, language) for value in fact.values}
        values |= {Decimal(roman(match.group(1))) for match in _ROMAN.finditer(text)}
        values |= {Decimal(match[1] + match[3]) for match in _RANGE.finditer(text)}
        if language == "en":
            values |= {
                Decimal(ordinal) for word, ordinal in ORDINALS.items() if word in self.tokens
            }
        return frozenset(values)

    @functools.cached_property
    def dates(self) -> frozenset[tuple[int, int, int]]:
        """(day, month, year), 0 where not given."""
        return frozenset(fact.date for fact in dates(self.text, self._language))


def _differ_in_ending(a: str, b: str, loose: int) -> bool:
    """One is the other with another ending of at most `loose` letters."""
    shared = 0
    for letter_a, letter_b in zip(a, b, strict=False):
        if letter_a != letter_b:
            break
        shared += 1
    tail = max(len(a), len(b)) - shared
    return shared >= 4 and tail <= loose and shared >= min(len(a), len(b)) - 2


def _same_date(claim: tuple[int, int, int], source: tuple[int, int, int]) -> bool:
    """Equal where both say something; the source must give what the claim gives of day, month."""
    if claim[1] != source[1] or (claim[0] and claim[0] != source[0]):
        return False
    return not claim[2] or not source[2] or claim[2] == source[2]


# As many passages as a bucket of tasks and its neighbours name again and again; 10 KB each.
@functools.lru_cache(maxsize=8192)
def _backing_text(text: str, language: str) -> _BackingText:
    return _BackingText(text, language)


@functools.lru_cache(maxsize=256)  # several checks ask it of the same texts
def support(text: str, language: str) -> Support:
    """What one text backs up. The last 256 are kept.

    >>> backing = support("Anna Lind reached Oslo in May 1912 with seven ships.", "en")
    >>> backing.has_token("Lind"), backing.has_number("7"), backing.has_number("1912")
    (True, False, True)
    """
    return Support([_backing_text(text, language)])


def support_of(texts: Iterable[tuple[str, str]]) -> Support:
    """What (text, language) pairs back up together."""
    return Support(_backing_text(text, language) for text, language in texts)
