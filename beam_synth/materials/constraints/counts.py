"""Constraints on counts: words, letters, sentences, lines, paragraphs; equal sentences."""

from __future__ import annotations

import dataclasses
from typing import ClassVar, Literal

from beam_synth.materials.constraints.base import Constraint, Violation, refuse
from beam_synth.materials.constraints.letterforms import (
    fold_letters,
    letter_words,
    lines,
    spellings,
    stanzas,
)
from beam_synth.text.sentences import sentences

CountUnit = Literal["word", "letter", "sentence", "line", "paragraph"]
_UNITS = ("word", "letter", "sentence", "line", "paragraph")


def count_units(text: str, unit: str, language: str) -> int:
    r"""How many units the text has.

    `unit` is word or letter (as in `letterforms`), sentence (as in `text.sentences`: a line break
    ends one), line (those that are not empty) or paragraph (parted by empty lines).

    >>> text = "One two.\n\nThree, four-five."
    >>> [count_units(text, unit, "en") for unit in ("word", "letter", "line", "paragraph")]
    [5, 19, 2, 2]
    """
    if unit == "word":
        return len(spellings(text))
    if unit == "letter":
        return len(fold_letters(text))
    if unit == "sentence":
        return len(sentences(text, language))
    return len(lines(text)) if unit == "line" else len(stanzas(text))


@dataclasses.dataclass(frozen=True)
class Counts(Constraint):
    """The number of units lies within the bounds; equal bounds mean exactly, None no bound.

    >>> Counts("word", 3, 3).check("One two", "en")
    [Violation(start=0, end=7, message='2 words, fewer than 3')]
    """

    name: ClassVar[str] = "counts"
    unit: CountUnit
    minimum: int | None = None
    maximum: int | None = None

    def __post_init__(self) -> None:
        refuse(self.unit not in _UNITS, f"unit: {self.unit!r} is none of {_UNITS}")
        refuse(self.minimum is None and self.maximum is None, "counts: no bound")
        least = 1 if self.minimum is None else self.minimum
        most = least if self.maximum is None else self.maximum
        refuse(not 1 <= least <= most, f"minimum {self.minimum}, maximum {self.maximum}")

    def wording(self) -> str:
        """One of counts_exact, counts_minimum, counts_maximum and counts_range."""
        if self.minimum == self.maximum:
            return "counts_exact"
        if self.maximum is None:
            return "counts_minimum"
        return "counts_maximum" if self.minimum is None else "counts_range"

    def check(self, text: str, language: str) -> list[Violation]:
        """One violation over the whole text; nothing to count breaks every bound."""
        count = count_units(text, self.unit, language)
        if self.minimum is not None and count < self.minimum:
            return [Violation(0, len(text), f"{count} {self.unit}s, fewer than {self.minimum}")]
        if self.maximum is not None and count > self.maximum:
            return [Violation(0, len(text), f"{count} {self.unit}s, more than {self.maximum}")]
        return [] if count else [Violation(0, len(text), f"no {self.unit}s")]


@dataclasses.dataclass(frozen=True)
class EqualSentences(Constraint):
    """Every sentence has k words."""

    name: ClassVar[str] = "equal_sentences"
    k: int

    def __post_init__(self) -> None:
        refuse(self.k < 1, f"k: {self.k} is less than 1")

    def check(self, text: str, language: str) -> list[Violation]:
        """A violation for each sentence of another length, over the sentence."""
        spans = sentences(text, language)
        violations = []
        for start, end in spans:
            count = len(letter_words(text[start:end]))
            if count != self.k:
                violations.append(Violation(start, end, f"{count} words, not {self.k}"))
        return violations if spans else [Violation(0, len(text), "no sentences")]
