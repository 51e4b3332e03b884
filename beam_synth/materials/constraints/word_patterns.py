"""Constraints on words: initials, lengths, repetitions, required and forbidden ones."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Sequence
from typing import ClassVar, Literal

from beam_synth.materials.constraints.base import Constraint, Violation, refuse
from beam_synth.materials.constraints.letterforms import (
    ALPHABET,
    Line,
    Word,
    fold_letters,
    letter_words,
    lines,
)
from beam_synth.materials.constraints.syllables import possible, syllables_in_words
from beam_synth.text.wordlists import FUNCTION

PI = "3141592653589793238462643383279502884197"


@functools.cache
def function_words(language: str) -> frozenset[str]:
    """The language's function words, folded."""
    return frozenset(
        part
        for word in FUNCTION.get(language, ())
        for part in (w.letters for w in letter_words(word))
    )


def wrong_number(what: str, found: int, wanted: int, text: str) -> list[Violation]:
    """A violation over the whole text where there are not as many as wanted."""
    if found == wanted:
        return []
    return [Violation(0, len(text), f"{found} {what}, not {wanted}")]


def _lengths(text: str, wanted: Sequence[int]) -> list[Violation]:
    found = letter_words(text)
    wrong = wrong_number("words", len(found), len(wanted), text)
    for word, n in zip(found, wanted, strict=False):
        if len(word.letters) != n:
            message = f"{word.letters!r} has {len(word.letters)} letters, not {n}"
            wrong.append(Violation(word.start, word.end, message))
    return wrong


@dataclasses.dataclass(frozen=True)
class Tautogram(Constraint):
    """Each word begins with the letter; function words are exempt by flag."""

    name: ClassVar[str] = "tautogram"
    letter: str
    exempt_function_words: bool = False

    def __post_init__(self) -> None:
        refuse(len(self.letter) != 1 or self.letter not in ALPHABET, f"letter: {self.letter!r}")

    def wording(self) -> str:
        return "tautogram_exempt" if self.exempt_function_words else "tautogram"

    def check(self, text: str, language: str) -> list[Violation]:
        exempt = function_words(language) if self.exempt_function_words else frozenset()
        bound = [word for word in letter_words(text) if word.letters not in exempt]
        if not bound:
            return [Violation(0, len(text), "no words")]
        return [
            Violation(w.start, w.end, f"{w.letters!r} does not begin with {self.letter}")
            for w in bound
            if w.letters[0] != self.letter
        ]


@dataclasses.dataclass(frozen=True)
class Snowball(Constraint):
    """`count` words of s, s + 1, s + 2 … letters."""

    name: ClassVar[str] = "snowball"
    start: int
    count: int

    def __post_init__(self) -> None:
        refuse(self.start < 1 or self.count < 2, f"start {self.start}, count {self.count}")

    def check(self, text: str, language: str) -> list[Violation]:
        return _lengths(text, range(self.start, self.start + self.count))


@dataclasses.dataclass(frozen=True)
class MeltingSnowball(Constraint):
    """Words of s, s − 1 … letters, down to one."""

    name: ClassVar[str] = "melting_snowball"
    start: int

    def __post_init__(self) -> None:
        refuse(self.start < 2, f"start: {self.start} is less than 2")

    def check(self, text: str, language: str) -> list[Violation]:
        return _lengths(text, range(self.start, 0, -1))


@dataclasses.dataclass(frozen=True)
class Rhopalic(Constraint):
    """`count` words of s, s + 1 … syllables."""

    name: ClassVar[str] = "rhopalic"
    start: int
    count: int

    def __post_init__(self) -> None:
        refuse(self.start < 1 or self.count < 2, f"start {self.start}, count {self.count}")

    def check(self, text: str, language: str) -> list[Violation]:
        found = letter_words(text)
        wrong = wrong_number("words", len(found), self.count, text)
        for n, word in enumerate(found[: self.count], self.start):
            piece = text[word.start : word.end]
            if not possible(piece, language, n):
                told = f"{piece!r} has {syllables_in_words(piece, language)} syllables, not {n}"
                wrong.append(Violation(word.start, word.end, told))
        return wrong


@dataclasses.dataclass(frozen=True)
class Abecedarian(Constraint):
    """Initials of words or lines run through the alphabet (or back), `length` letters of it."""

    name: ClassVar[str] = "abecedarian"
    unit: Literal["word", "line"] = "line"
    length: int = 26
    reverse: bool = False

    def __post_init__(self) -> None:
        refuse(self.unit not in ("word", "line"), f"unit: {self.unit!r}")
        refuse(not 2 <= self.length <= 26, f"length: {self.length} is not in 2 … 26")

    @property
    def key(self) -> str:
        return (ALPHABET[::-1] if self.reverse else ALPHABET)[: self.length]

    def wording(self) -> str:
        return f"abecedarian_{self.unit}"

    def slots(self, language: str) -> dict[str, str]:
        return {"key": ", ".join(self.key), "length": str(self.length)}

    def stated(self, language: str) -> list[tuple[str, ...]]:
        return [*((letter,) for letter in self.key), (str(self.length),)]

    def check(self, text: str, language: str) -> list[Violation]:
        units: Sequence[Word | Line] = letter_words(text) if self.unit == "word" else lines(text)
        wrong = wrong_number(f"{self.unit}s", len(units), self.length, text)
        for letter, unit in zip(self.key, units, strict=False):
            first = fold_letters(text[unit.start : unit.end])[:1]
            if first != letter:
                told = f"begins with {first or 'no letter'}, not {letter}"
                wrong.append(Violation(unit.start, unit.end, told))
        return wrong


@dataclasses.dataclass(frozen=True)
class WordPalindrome(Constraint):
    """The words read the same from the end; at least `minimum` of them."""

    name: ClassVar[str] = "word_palindrome"
    minimum: int = 5

    def __post_init__(self) -> None:
        refuse(self.minimum < 2, f"minimum: {self.minimum} is less than 2")

    def check(self, text: str, language: str) -> list[Violation]:
        found = letter_words(text)
        if len(found) < self.minimum:
            return [Violation(0, len(text), f"{len(found)} words, not {self.minimum} or more")]
        return [
            Violation(a.start, a.end, f"{a.letters!r} faces {b.letters!r}")
            for a, b in list(zip(found, reversed(found), strict=True))[: len(found) // 2]
            if a.letters != b.letters
        ]


@dataclasses.dataclass(frozen=True)
class Pilish(Constraint):
    """Words as long as the first `digits` digits of π; 0 stands for 10."""

    name: ClassVar[str] = "pilish"
    digits: int = 8

    def __post_init__(self) -> None:
        refuse(not 2 <= self.digits <= len(PI), f"digits: {self.digits} not in 2 … {len(PI)}")

    @property
    def lengths(self) -> tuple[int, ...]:
        return tuple(int(digit) or 10 for digit in PI[: self.digits])

    def slots(self, language: str) -> dict[str, str]:
        return {"lengths": ", ".join(map(str, self.lengths)), "digits": str(self.digits)}

    def stated(self, language: str) -> list[tuple[str, ...]]:
        return [(str(n),) for n in (*self.lengths, self.digits)]

    def check(self, text: str, language: str) -> list[Violation]:
        return _lengths(text, self.lengths)
