"""What a line or a word of a composed text has to be like: predicates with a name for messages."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from beam_synth.materials.constraints.letterforms import letter_words
from beam_synth.materials.constraints.line_patterns import line_count
from beam_synth.materials.constraints.syllables import word_counts
from beam_synth.materials.constraints.vocabulary import Span, Term

Fits = Callable[[Span], bool]  # whether a span of the seed will do


class SpanNeed(NamedTuple):
    """A span that is looked for."""

    fits: Fits
    name: str  # in messages


class TermNeed(NamedTuple):
    """A single word that is looked for."""

    fits: Callable[[Term], bool]
    name: str  # in messages


def holds(phrase: str) -> Fits:
    """Whether a span has the word or phrase, as a predicate."""
    wanted = [word.letters for word in letter_words(phrase)]
    n = len(wanted)

    def fits(span: Span) -> bool:
        have = [term.letters for term in span.terms]
        return any(have[i : i + n] == wanted for i in range(len(have) - n + 1))

    return fits


def has_letters(n: int) -> TermNeed:
    """A word of so many letters."""
    return TermNeed(lambda term: len(term.letters) == n, f"{n} letters")


def has_syllables(n: int, language: str) -> TermNeed:
    """A word that may be read with so many syllables."""
    return TermNeed(
        lambda term: bool(word_counts(term.surface, language) >> n & 1), f"{n} syllables"
    )


def begins(letter: str) -> TermNeed:
    """A word with that initial."""
    return TermNeed(lambda term: term.letters[0] == letter, f"initial {letter}")


def opens(letter: str) -> SpanNeed:
    """A span with that initial, and with content."""
    return SpanNeed(
        lambda span: span.letters[0] == letter and span.content > 0, f"initial {letter}"
    )


def closes(letter: str) -> SpanNeed:
    """A span with that final letter, and with content."""
    return SpanNeed(lambda span: span.letters[-1] == letter and span.content > 0, f"final {letter}")


def counts_to(n: int, unit: str, language: str) -> SpanNeed:
    """A line of exactly so many units (letter, word, syllable)."""
    return SpanNeed(lambda span: not line_count(span.text, unit, language, n), f"{n} {unit}s")


def as_wide(n: int, tolerance: int) -> SpanNeed:
    """A line of so many characters, give or take `tolerance`."""
    return SpanNeed(lambda span: abs(len(span.text) - n) <= tolerance, f"{n} characters")
