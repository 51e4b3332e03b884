"""Constraints on how letters occur in the whole: pangrams, isograms, letter palindromes."""

from __future__ import annotations

import dataclasses
from typing import ClassVar, Literal

from beam_synth.materials.constraints.base import Constraint, Violation, refuse
from beam_synth.materials.constraints.letterforms import ALPHABET, letter_words, letters, lines
from beam_synth.materials.constraints.letters import missing, strays


@dataclasses.dataclass(frozen=True)
class Pangram(Constraint):
    """Every letter of the alphabet stands in the text; `perfect`: exactly once, and no other
    letter.

    >>> Pangram().check("The quick brown fox jumps over the lazy dog", "en")
    []
    """

    name: ClassVar[str] = "pangram"
    perfect: bool = False

    def wording(self) -> str:
        """ "pangram" or "perfect_pangram"."""
        return "perfect_pangram" if self.perfect else "pangram"

    def check(self, text: str, language: str) -> list[Violation]:
        """One violation for all letters that lack; if `perfect`, one for each that repeats or is
        foreign.
        """
        lacking = missing(text, frozenset(ALPHABET))
        if not self.perfect:
            return lacking
        foreign = strays(text, lambda c: c not in ALPHABET, "{} is not in the alphabet")
        return lacking + _repeated(text, 0) + foreign


def _repeated(text: str, offset: int) -> list[Violation]:
    folded = letters(text)
    if len(set(folded.text)) == len(folded.text):
        return []
    seen: set[str] = set()
    violations = []
    for letter, position in zip(folded.text, folded.at, strict=True):
        if letter in seen:
            place = offset + position
            violations.append(Violation(place, place + 1, f"the letter {letter} repeats"))
        seen.add(letter)
    return violations


@dataclasses.dataclass(frozen=True)
class Isogram(Constraint):
    """No letter repeats within the scope: each word, each line, or the text.

    >>> Isogram().check("Big world too", "en")
    [Violation(start=12, end=13, message='the letter o repeats')]
    """

    name: ClassVar[str] = "isogram"
    scope: Literal["word", "line", "text"] = "word"

    def __post_init__(self) -> None:
        refuse(self.scope not in ("word", "line", "text"), f"scope: {self.scope!r}")

    def wording(self) -> str:
        """The name with its scope, as "isogram_word"."""
        return f"isogram_{self.scope}"

    def stated(self, language: str) -> list[tuple[str, ...]]:
        """Nothing: the instruction of each scope says all."""
        return []

    def check(self, text: str, language: str) -> list[Violation]:
        """A violation for each letter that stands in its scope already."""
        if not letters(text).text:
            return [Violation(0, len(text), "no letters")]
        if self.scope == "text":
            return _repeated(text, 0)
        parts = letter_words(text) if self.scope == "word" else lines(text)
        return [
            violation
            for part in parts
            for violation in _repeated(text[part.start : part.end], part.start)
        ]


@dataclasses.dataclass(frozen=True)
class LetterPalindrome(Constraint):
    """The letters read the same backwards; at least `minimum` of them.

    >>> LetterPalindrome().check("Was it a car or a cat I saw?", "en")
    []
    """

    name: ClassVar[str] = "letter_palindrome"
    minimum: int = 9

    def __post_init__(self) -> None:
        refuse(self.minimum < 2, f"minimum: {self.minimum} is less than 2")

    def check(self, text: str, language: str) -> list[Violation]:
        """A violation for each letter of the first half that faces another one."""
        folded = letters(text)
        count = len(folded.text)
        if count < self.minimum:
            return [Violation(0, len(text), f"{count} letters, not {self.minimum} or more")]
        return [
            Violation(folded.at[i], folded.at[i] + 1, f"{letter} faces {facing}")
            for i, (letter, facing) in enumerate(
                zip(folded.text, reversed(folded.text), strict=True)
            )
            if letter != facing and i < count // 2
        ]
