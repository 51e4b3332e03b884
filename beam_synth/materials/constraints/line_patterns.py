"""Constraints on lines: acrostics, line snowballs, Fibonacci verse, layout."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import ClassVar, Literal

from beam_synth.materials.constraints.base import Constraint, Violation, refuse
from beam_synth.materials.constraints.letterforms import Line, fold_letters, letter_words, lines
from beam_synth.materials.constraints.syllables import possible, syllables_in_words
from beam_synth.materials.constraints.word_patterns import wrong_number

LineUnit = Literal["word", "letter", "syllable"]
_UNITS = ("word", "letter", "syllable")


def line_count(line: str, unit: str, language: str, wanted: int) -> str:
    """What the line counts instead of the wanted number of units; "" where it is that number."""
    if unit == "syllable":
        return "" if possible(line, language, wanted) else syllables_in_words(line, language)
    n = len(letter_words(line)) if unit == "word" else len(fold_letters(line))
    return "" if n == wanted else str(n)


def line_counts(text: str, unit: str, language: str, wanted: Sequence[int]) -> list[Violation]:
    """As many lines as wanted counts, and each has its count."""
    found = lines(text)
    wrong = wrong_number("lines", len(found), len(wanted), text)
    for line, n in zip(found, wanted, strict=False):
        other = line_count(line.text, unit, language, n)
        if other:
            told = f"{unit}s: {other}, not {n}"
            wrong.append(Violation(line.start, line.end, told))
    return wrong


@dataclasses.dataclass(frozen=True)
class LineSnowball(Constraint):
    """Line i has s + i units, for `count` lines."""

    name: ClassVar[str] = "line_snowball"
    unit: LineUnit
    start: int
    count: int

    def __post_init__(self) -> None:
        refuse(self.unit not in _UNITS, f"unit: {self.unit!r} is none of {_UNITS}")
        refuse(self.start < 1 or self.count < 2, f"start {self.start}, count {self.count}")

    @property
    def wanted(self) -> tuple[int, ...]:
        return tuple(range(self.start, self.start + self.count))

    def check(self, text: str, language: str) -> list[Violation]:
        return line_counts(text, self.unit, language, self.wanted)


@dataclasses.dataclass(frozen=True)
class Fibonacci(Constraint):
    """Lines of 1, 1, 2, 3, 5, 8 … units, `count` of them."""

    name: ClassVar[str] = "fibonacci"
    unit: LineUnit = "word"
    count: int = 6

    def __post_init__(self) -> None:
        refuse(self.unit not in _UNITS, f"unit: {self.unit!r} is none of {_UNITS}")
        refuse(not 3 <= self.count <= 10, f"count: {self.count} is not in 3 … 10")

    @property
    def wanted(self) -> tuple[int, ...]:
        found = [1, 1]
        while len(found) < self.count:
            found.append(found[-1] + found[-2])
        return tuple(found)

    def slots(self, language: str) -> dict[str, str]:
        return {**super().slots(language), "wanted": ", ".join(map(str, self.wanted))}

    def stated(self, language: str) -> list[tuple[str, ...]]:
        return super().stated(language) + [(str(n),) for n in self.wanted]

    def check(self, text: str, language: str) -> list[Violation]:
        return line_counts(text, self.unit, language, self.wanted)


class _Spelled(Constraint):
    """What acrostic, telestich and mesostic share: a word that the lines spell."""

    word: str

    def __post_init__(self) -> None:
        refuse(not fold_letters(self.word), f"word: {self.word!r} has no letters")

    def _lines(self, text: str) -> tuple[list[Violation], list[tuple[str, Line]]]:
        found, key = lines(text), fold_letters(self.word)
        return wrong_number("lines", len(found), len(key), text), list(
            zip(key, found, strict=False)
        )

    def _at(self, text: str, position: int, what: str) -> list[Violation]:
        wrong, pairs = self._lines(text)
        for letter, line in pairs:
            found = fold_letters(line.text)
            if not found or found[position] != letter:
                told = f"{what} {found[position] if found else 'no letter'}, not {letter}"
                wrong.append(Violation(line.start, line.end, told))
        return wrong


@dataclasses.dataclass(frozen=True)
class Acrostic(_Spelled):
    """The first letters of the lines spell the word."""

    name: ClassVar[str] = "acrostic"
    word: str

    def check(self, text: str, language: str) -> list[Violation]:
        return self._at(text, 0, "begins with")


@dataclasses.dataclass(frozen=True)
class Telestich(_Spelled):
    """The last letters of the lines spell the word."""

    name: ClassVar[str] = "telestich"
    word: str

    def check(self, text: str, language: str) -> list[Violation]:
        return self._at(text, -1, "ends with")


@dataclasses.dataclass(frozen=True)
class Mesostic(_Spelled):
    """Letter i of the word stands in line i.

    Strict: between a spine letter and the next, that next letter does not stand a second time;
    so it is the first of its kind in its line, and there is none of it after the spine letter of
    the line before (Cage's fifty percent mesostic).
    """

    name: ClassVar[str] = "mesostic"
    word: str
    strict: bool = False

    def wording(self) -> str:
        return "mesostic_strict" if self.strict else "mesostic"

    def check(self, text: str, language: str) -> list[Violation]:
        wrong, pairs = self._lines(text)
        rest = ""  # of the line before, after its spine letter
        for i, (letter, line) in enumerate(pairs):
            found = fold_letters(line.text)
            at = found.find(letter) if i else found.rfind(letter)
            if at < 0:
                wrong.append(Violation(line.start, line.end, f"lacks the letter {letter}"))
            elif self.strict and i and letter in rest:
                told = f"{letter} stands between its place and the spine letter before"
                wrong.append(Violation(line.start, line.end, told))
            rest = found[at + 1 :]
        return wrong


@dataclasses.dataclass(frozen=True)
class LayoutPoem(Constraint):
    """Line i is widths[i] characters wide, give or take the tolerance."""

    name: ClassVar[str] = "layout_poem"
    widths: tuple[int, ...]
    tolerance: int = 2

    def __post_init__(self) -> None:
        refuse(not self.widths or min(self.widths) < 1, f"widths: {self.widths}")
        refuse(self.tolerance < 0, f"tolerance: {self.tolerance} is negative")

    def check(self, text: str, language: str) -> list[Violation]:
        found = lines(text)
        wrong = wrong_number("lines", len(found), len(self.widths), text)
        for line, width in zip(found, self.widths, strict=False):
            squeezed = " ".join(line.text.split())
            if abs(len(squeezed) - width) > self.tolerance:
                told = f"{len(squeezed)} characters wide, not {width}"
                wrong.append(Violation(line.start, line.end, told))
        return wrong
