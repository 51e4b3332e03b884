"""Constraints on words: initials, lengths, syllables, the order in which they come.

Words are runs of letters, split at apostrophes and hyphens, folded (`letterforms.letter_words`).
"""

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

PI = "3141592653589793238462643383279502884197"  # digits, without the point


@functools.cache
def function_words(language: str) -> frozenset[str]:
    """The language's function words, folded; none for a language without a list.

    >>> sorted(function_words("en"))[:4]
    ['a', 'about', 'after', 'all']
    """
    return frozenset(
        part
        for word in FUNCTION.get(language, ())
        for part in (w.letters for w in letter_words(word))
    )


def wrong_number(units: str, actual: int, wanted: int, text: str) -> list[Violation]:
    r"""A violation over the whole text where there are not as many as wanted.

    >>> wrong_number("lines", 2, 3, "a\nb")
    [Violation(start=0, end=3, message='2 lines, not 3')]
    """
    if actual == wanted:
        return []
    return [Violation(0, len(text), f"{actual} {units}, not {wanted}")]


def _length_violations(text: str, wanted: Sequence[int]) -> list[Violation]:
    words = letter_words(text)
    violations = wrong_number("words", len(words), len(wanted), text)
    for word, length in zip(words, wanted, strict=False):
        if len(word.letters) != length:
            message = f"{word.letters!r} has {len(word.letters)} letters, not {length}"
            violations.append(Violation(word.start, word.end, message))
    return violations


@dataclasses.dataclass(frozen=True)
class Tautogram(Constraint):
    """Each word begins with the letter; function words are exempt by flag.

    >>> Tautogram("p", exempt_function_words=True).check("The proud painters of Paris", "en")
    []
    """

    name: ClassVar[str] = "tautogram"
    letter: str
    exempt_function_words: bool = False

    def __post_init__(self) -> None:
        refuse(len(self.letter) != 1 or self.letter not in ALPHABET, f"letter: {self.letter!r}")

    def wording(self) -> str:
        """ "tautogram" or "tautogram_exempt"."""
        return "tautogram_exempt" if self.exempt_function_words else "tautogram"

    def check(self, text: str, language: str) -> list[Violation]:
        """A violation for each word that begins otherwise."""
        exempt = function_words(language) if self.exempt_function_words else frozenset()
        bound = [word for word in letter_words(text) if word.letters not in exempt]
        if not bound:
            return [Violation(0, len(text), "no words")]
        return [
            Violation(word.start, word.end, f"{word.letters!r} does not begin with {self.letter}")
            for word in bound
            if word.letters[0] != self.letter
        ]


@dataclasses.dataclass(frozen=True)
class Snowball(Constraint):
    """`count` words of s, s + 1, s + 2 … letters (boule de neige).

    >>> Snowball(1, 4).check("I do not know", "en")
    []
    """

    name: ClassVar[str] = "snowball"
    start: int
    count: int

    def __post_init__(self) -> None:
        refuse(self.start < 1 or self.count < 2, f"start {self.start}, count {self.count}")

    def check(self, text: str, language: str) -> list[Violation]:
        """A violation for each word of another length, and one for another number of words."""
        return _length_violations(text, range(self.start, self.start + self.count))


@dataclasses.dataclass(frozen=True)
class MeltingSnowball(Constraint):
    """Words of s, s − 1 … letters, down to one."""

    name: ClassVar[str] = "melting_snowball"
    start: int

    def __post_init__(self) -> None:
        refuse(self.start < 2, f"start: {self.start} is less than 2")

    def check(self, text: str, language: str) -> list[Violation]:
        """As `Snowball.check`."""
        return _length_violations(text, range(self.start, 0, -1))


@dataclasses.dataclass(frozen=True)
class Rhopalic(Constraint):
    """`count` words of s, s + 1 … syllables.

    >>> Rhopalic(1, 3).check("Some people disagree", "en")
    []
    """

    name: ClassVar[str] = "rhopalic"
    start: int
    count: int

    def __post_init__(self) -> None:
        refuse(self.start < 1 or self.count < 2, f"start {self.start}, count {self.count}")

    def check(self, text: str, language: str) -> list[Violation]:
        """A violation for each word that cannot have so many syllables, and one for another number
        of words.
        """
        words = letter_words(text)
        violations = wrong_number("words", len(words), self.count, text)
        for count, word in enumerate(words[: self.count], self.start):
            piece = text[word.start : word.end]
            if not possible(piece, language, count):
                message = (
                    f"{piece!r} has {syllables_in_words(piece, language)} syllables, not {count}"
                )
                violations.append(Violation(word.start, word.end, message))
        return violations


@dataclasses.dataclass(frozen=True)
class Abecedarian(Constraint):
    """Initials of words or lines run through the alphabet (or back), `length` letters of it.

    >>> Abecedarian("word", 4).check("A bear can dance", "en")
    []
    """

    name: ClassVar[str] = "abecedarian"
    unit: Literal["word", "line"] = "line"
    length: int = 26
    reverse: bool = False

    def __post_init__(self) -> None:
        refuse(self.unit not in ("word", "line"), f"unit: {self.unit!r}")
        refuse(not 2 <= self.length <= 26, f"length: {self.length} is not in 2 … 26")

    @property
    def key(self) -> str:
        """The initials in order."""
        return (ALPHABET[::-1] if self.reverse else ALPHABET)[: self.length]

    def wording(self) -> str:
        """ "abecedarian_word" or "abecedarian_line"."""
        return f"abecedarian_{self.unit}"

    def slots(self, language: str) -> dict[str, str]:
        """`key`, the initials, and `length`."""
        return {"key": ", ".join(self.key), "length": str(self.length)}

    def stated(self, language: str) -> list[tuple[str, ...]]:
        """Each initial and the length."""
        return [*((letter,) for letter in self.key), (str(self.length),)]

    def check(self, text: str, language: str) -> list[Violation]:
        """A violation for each unit that begins otherwise, and one for another number of units."""
        units: Sequence[Word | Line] = letter_words(text) if self.unit == "word" else lines(text)
        violations = wrong_number(f"{self.unit}s", len(units), self.length, text)
        for letter, unit in zip(self.key, units, strict=False):
            first = fold_letters(text[unit.start : unit.end])[:1]
            if first != letter:
                message = f"begins with {first or 'no letter'}, not {letter}"
                violations.append(Violation(unit.start, unit.end, message))
        return violations


@dataclasses.dataclass(frozen=True)
class WordPalindrome(Constraint):
    """The words read the same from the end; at least `minimum` of them.

    >>> WordPalindrome(3).check("All for all!", "en")
    []
    """

    name: ClassVar[str] = "word_palindrome"
    minimum: int = 5

    def __post_init__(self) -> None:
        refuse(self.minimum < 2, f"minimum: {self.minimum} is less than 2")

    def check(self, text: str, language: str) -> list[Violation]:
        """A violation for each word of the first half that faces another one."""
        words = letter_words(text)
        if len(words) < self.minimum:
            return [Violation(0, len(text), f"{len(words)} words, not {self.minimum} or more")]
        return [
            Violation(word.start, word.end, f"{word.letters!r} faces {facing.letters!r}")
            for word, facing in list(zip(words, reversed(words), strict=True))[: len(words) // 2]
            if word.letters != facing.letters
        ]


@dataclasses.dataclass(frozen=True)
class Pilish(Constraint):
    """Words as long as the first `digits` digits of π; 0 stands for 10.

    >>> Pilish(4).check("Now I have a", "en"), Pilish(4).lengths
    ([], (3, 1, 4, 1))
    """

    name: ClassVar[str] = "pilish"
    digits: int = 8

    def __post_init__(self) -> None:
        refuse(not 2 <= self.digits <= len(PI), f"digits: {self.digits} not in 2 … {len(PI)}")

    @property
    def lengths(self) -> tuple[int, ...]:
        """Letters of each word."""
        return tuple(int(digit) or 10 for digit in PI[: self.digits])

    def slots(self, language: str) -> dict[str, str]:
        """`lengths` and `digits`."""
        return {"lengths": ", ".join(map(str, self.lengths)), "digits": str(self.digits)}

    def stated(self, language: str) -> list[tuple[str, ...]]:
        """Each length and the number of digits."""
        return [(str(n),) for n in (*self.lengths, self.digits)]

    def check(self, text: str, language: str) -> list[Violation]:
        """As `Snowball.check`."""
        return _length_violations(text, self.lengths)
