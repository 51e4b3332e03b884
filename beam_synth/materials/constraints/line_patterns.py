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
    """What the line counts instead of the wanted number of units; "" where it is that number.

    `unit` is word, letter or syllable; of syllables a line may have several numbers.

    >>> line_count("An old silent pond", "syllable", "en", wanted=5)
    ''
    >>> line_count("one two", "word", "en", wanted=3)
    '2'
    """
    if unit == "syllable":
        return "" if possible(line, language, wanted) else syllables_in_words(line, language)
    count = len(letter_words(line)) if unit == "word" else len(fold_letters(line))
    return "" if count == wanted else str(count)


def line_counts(text: str, unit: str, language: str, wanted: Sequence[int]) -> list[Violation]:
    """A violation for another number of lines than of wanted counts, and for each line with another
    count, over the line.
    """
    written = lines(text)
    violations = wrong_number("lines", len(written), len(wanted), text)
    for line, count in zip(written, wanted, strict=False):
        actual = line_count(line.text, unit, language, count)
        if actual:
            message = f"{unit}s: {actual}, not {count}"
            violations.append(Violation(line.start, line.end, message))
    return violations


@dataclasses.dataclass(frozen=True)
class LineSnowball(Constraint):
    r"""Line i has s + i units, for `count` lines.

    >>> LineSnowball("word", 1, 3).check("Snow\nfalls down\non my roof", "en")
    []
    """

    name: ClassVar[str] = "line_snowball"
    unit: LineUnit
    start: int
    count: int

    def __post_init__(self) -> None:
        refuse(self.unit not in _UNITS, f"unit: {self.unit!r} is none of {_UNITS}")
        refuse(self.start < 1 or self.count < 2, f"start {self.start}, count {self.count}")

    @property
    def wanted(self) -> tuple[int, ...]:
        """How many units each line has to have."""
        return tuple(range(self.start, self.start + self.count))

    def check(self, text: str, language: str) -> list[Violation]:
        """As `line_counts`."""
        return line_counts(text, self.unit, language, self.wanted)


@dataclasses.dataclass(frozen=True)
class Fibonacci(Constraint):
    """Lines of 1, 1, 2, 3, 5, 8 … units, `count` of them, 3 to 10.

    >>> Fibonacci(count=6).wanted
    (1, 1, 2, 3, 5, 8)
    """

    name: ClassVar[str] = "fibonacci"
    unit: LineUnit = "word"
    count: int = 6

    def __post_init__(self) -> None:
        refuse(self.unit not in _UNITS, f"unit: {self.unit!r} is none of {_UNITS}")
        refuse(not 3 <= self.count <= 10, f"count: {self.count} is not in 3 … 10")

    @property
    def wanted(self) -> tuple[int, ...]:
        """How many units each line has to have."""
        counts = [1, 1]
        while len(counts) < self.count:
            counts.append(counts[-1] + counts[-2])
        return tuple(counts)

    def slots(self, language: str) -> dict[str, str]:
        """The parameters and `wanted`, the counts."""
        return {**super().slots(language), "wanted": ", ".join(map(str, self.wanted))}

    def stated(self, language: str) -> list[tuple[str, ...]]:
        """The parameters and each count."""
        return super().stated(language) + [(str(n),) for n in self.wanted]

    def check(self, text: str, language: str) -> list[Violation]:
        """As `line_counts`."""
        return line_counts(text, self.unit, language, self.wanted)


class _SpelledByLines(Constraint):
    """What acrostic, telestich and mesostic share: a word that the lines spell."""

    word: str

    def __post_init__(self) -> None:
        refuse(not fold_letters(self.word), f"word: {self.word!r} has no letters")

    def _paired_lines(self, text: str) -> tuple[list[Violation], list[tuple[str, Line]]]:
        written, key = lines(text), fold_letters(self.word)
        return wrong_number("lines", len(written), len(key), text), list(
            zip(key, written, strict=False)
        )

    def _spelled_at(self, text: str, position: int, what: str) -> list[Violation]:
        violations, pairs = self._paired_lines(text)
        for letter, line in pairs:
            folded = fold_letters(line.text)
            if not folded or folded[position] != letter:
                message = f"{what} {folded[position] if folded else 'no letter'}, not {letter}"
                violations.append(Violation(line.start, line.end, message))
        return violations


@dataclasses.dataclass(frozen=True)
class Acrostic(_SpelledByLines):
    r"""The first letters of the lines spell the word, a line a letter.

    >>> Acrostic("sea").check("Salt\nEbb\nA boat", "en")
    []
    """

    name: ClassVar[str] = "acrostic"
    word: str

    def check(self, text: str, language: str) -> list[Violation]:
        """A violation for another number of lines, and for each line that begins otherwise."""
        return self._spelled_at(text, 0, "begins with")


@dataclasses.dataclass(frozen=True)
class Telestich(_SpelledByLines):
    r"""The last letters of the lines spell the word, a line a letter.

    >>> Telestich("sea").check("Tides\nwe are\nin a bay", "en")[0].message
    'ends with y, not a'
    """

    name: ClassVar[str] = "telestich"
    word: str

    def check(self, text: str, language: str) -> list[Violation]:
        """A violation for another number of lines, and for each line that ends otherwise."""
        return self._spelled_at(text, -1, "ends with")


@dataclasses.dataclass(frozen=True)
class Mesostic(_SpelledByLines):
    """Letter i of the word stands in line i.

    Strict: between a spine letter and the next, that next letter does not stand a second time;
    so it is the first of its kind in its line, and there is none of it after the spine letter of
    the line before (Cage's fifty percent mesostic).
    """

    name: ClassVar[str] = "mesostic"
    word: str
    strict: bool = False

    def wording(self) -> str:
        """ "mesostic" or "mesostic_strict"."""
        return "mesostic_strict" if self.strict else "mesostic"

    def check(self, text: str, language: str) -> list[Violation]:
        """A violation for another number of lines, and for each line that lacks its letter or, if
        strict, has it before the spine, too.
        """
        violations, pairs = self._paired_lines(text)
        rest = ""  # of the line before, after its spine letter
        for i, (letter, line) in enumerate(pairs):
            folded = fold_letters(line.text)
            position = folded.find(letter) if i else folded.rfind(letter)
            if position < 0:
                violations.append(Violation(line.start, line.end, f"lacks the letter {letter}"))
            elif self.strict and i and letter in rest:
                message = f"{letter} stands between its place and the spine letter before"
                violations.append(Violation(line.start, line.end, message))
            rest = folded[position + 1 :]
        return violations


@dataclasses.dataclass(frozen=True)
class LayoutPoem(Constraint):
    """Line i is widths[i] characters wide, give or take `tolerance`; blanks in a row are one."""

    name: ClassVar[str] = "layout_poem"
    widths: tuple[int, ...]
    tolerance: int = 2

    def __post_init__(self) -> None:
        refuse(not self.widths or min(self.widths) < 1, f"widths: {self.widths}")
        refuse(self.tolerance < 0, f"tolerance: {self.tolerance} is negative")

    def check(self, text: str, language: str) -> list[Violation]:
        """A violation for another number of lines, and for each line of another width."""
        written = lines(text)
        violations = wrong_number("lines", len(written), len(self.widths), text)
        for line, width in zip(written, self.widths, strict=False):
            squeezed = " ".join(line.text.split())
            if abs(len(squeezed) - width) > self.tolerance:
                message = f"{len(squeezed)} characters wide, not {width}"
                violations.append(Violation(line.start, line.end, message))
        return violations
