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
    """Words and letters as in `folding`; sentences as in `text.sentences` (a line break ends one);
    lines that are not empty; paragraphs parted by empty lines."""
    if unit == "word":
        return len(spellings(text))
    if unit == "letter":
        return len(fold_letters(text))
    if unit == "sentence":
        return len(sentences(text, language))
    return len(lines(text)) if unit == "line" else len(stanzas(text))


@dataclasses.dataclass(frozen=True)
class Counts(Constraint):
    """The number of units lies within the bounds; equal bounds mean exactly."""

    name: ClassVar[str] = "counts"
    unit: CountUnit
    minimum: int | None = None
    maximum: int | None = None

    def __post_init__(self) -> None:
        refuse(self.unit not in _UNITS, f"unit: {self.unit!r} is none of {_UNITS}")
        refuse(self.minimum is None and self.maximum is None, "counts: no bound")
        low = 1 if self.minimum is None else self.minimum
        high = low if self.maximum is None else self.maximum
        refuse(not 1 <= low <= high, f"minimum {self.minimum}, maximum {self.maximum}")

    def wording(self) -> str:
        if self.minimum == self.maximum:
            return "counts_exact"
        if self.maximum is None:
            return "counts_minimum"
        return "counts_maximum" if self.minimum is None else "counts_range"

    def check(self, text: str, language: str) -> list[Violation]:
        n = count_units(text, self.unit, language)
        if self.minimum is not None and n < self.minimum:
            return [Violation(0, len(text), f"{n} {self.unit}s, fewer than {self.minimum}")]
        if self.maximum is not None and n > self.maximum:
            return [Violation(0, len(text), f"{n} {self.unit}s, more than {self.maximum}")]
        return [] if n else [Violation(0, len(text), f"no {self.unit}s")]


@dataclasses.dataclass(frozen=True)
class EqualSentences(Constraint):
    """Every sentence has k words."""

    name: ClassVar[str] = "equal_sentences"
    k: int

    def __post_init__(self) -> None:
        refuse(self.k < 1, f"k: {self.k} is less than 1")

    def check(self, text: str, language: str) -> list[Violation]:
        spans = sentences(text, language)
        wrong = []
        for start, end in spans:
            n = len(letter_words(text[start:end]))
            if n != self.k:
                wrong.append(Violation(start, end, f"{n} words, not {self.k}"))
        return wrong if spans else [Violation(0, len(text), "no sentences")]
