"""Constraints on letters: lipogram and kin, univocalism, beau présent, pangrams, isograms."""

from __future__ import annotations

import collections
import dataclasses
from collections.abc import Callable
from typing import ClassVar, Literal

from beam_synth.materials.constraints.base import Constraint, Violation, refuse
from beam_synth.materials.constraints.letterforms import (
    ALPHABET,
    fold_letters,
    letter_words,
    letters,
    lines,
    vowels,
)

PRISONER = frozenset("bdfghjklpqty")
REDUCED = "abcdefghilmnoprstuv"  # the alphabet of the belle absente


def strays(
    text: str, wrong: Callable[[str], bool], message: str, fold_diacritics: bool = True
) -> list[Violation]:
    """A violation for each letter that is wrong; one over the whole where there is no letter."""
    found = letters(text, fold_diacritics)
    if not found.text:
        return [Violation(0, len(text), "no letters")]
    if not any(map(wrong, set(found.text))):
        return []
    return [
        Violation(at, at + 1, message.format(letter))
        for letter, at in zip(found.text, found.at, strict=True)
        if wrong(letter)
    ]


def missing(text: str, wanted: frozenset[str], fold_diacritics: bool = True) -> list[Violation]:
    """One violation that names the letters that the text lacks."""
    lacking = sorted(wanted - set(letters(text, fold_diacritics).text))
    if not lacking:
        return []
    return [Violation(0, len(text), f"lacks the letters {', '.join(lacking)}")]


def _one_letter(field: str, letter: str, among: str = ALPHABET) -> None:
    refuse(len(letter) != 1 or letter not in among, f"{field}: {letter!r} is not one of {among}")


def _distinct(field: str, given: str) -> None:
    wrong = not given or len(set(given)) != len(given) or fold_letters(given, False) != given
    refuse(wrong, f"{field}: {given!r} is not a set of small letters")


@dataclasses.dataclass(frozen=True)
class Lipogram(Constraint):
    """No letter of the text is banned."""

    name: ClassVar[str] = "lipogram"
    letter_sets: ClassVar[tuple[str, ...]] = ("banned_letters",)
    banned_letters: str
    fold_diacritics: bool = True

    def __post_init__(self) -> None:
        _distinct("banned_letters", self.banned_letters)

    def banned(self) -> frozenset[str]:
        return frozenset(self.banned_letters) & frozenset(ALPHABET)

    def check(self, text: str, language: str) -> list[Violation]:
        return strays(
            text, self.banned_letters.__contains__, "the letter {} is banned", self.fold_diacritics
        )


@dataclasses.dataclass(frozen=True)
class PangrammaticLipogram(Constraint):
    """Every letter of the alphabet but one, and that one nowhere."""

    name: ClassVar[str] = "pangrammatic_lipogram"
    letter: str

    def __post_init__(self) -> None:
        _one_letter("letter", self.letter)

    def banned(self) -> frozenset[str]:
        return frozenset(self.letter)

    def check(self, text: str, language: str) -> list[Violation]:
        wanted = frozenset(ALPHABET) - {self.letter}
        wrong = strays(text, lambda c: c not in wanted, "the letter {} is banned")
        return wrong + missing(text, wanted)


@dataclasses.dataclass(frozen=True)
class Univocalism(Constraint):
    """The only vowel is `vowel`; y counts as a vowel by flag."""

    name: ClassVar[str] = "univocalism"
    vowel: str
    y_vowel: bool = False

    def __post_init__(self) -> None:
        _one_letter("vowel", self.vowel, "".join(sorted(vowels(self.y_vowel))))

    def banned(self) -> frozenset[str]:
        return vowels(self.y_vowel) - {self.vowel}

    def check(self, text: str, language: str) -> list[Violation]:
        return strays(text, self.banned().__contains__, f"the vowel {{}} is not {self.vowel}")


@dataclasses.dataclass(frozen=True)
class Bivocalism(Constraint):
    """The vowels are among two."""

    name: ClassVar[str] = "bivocalism"
    letter_sets: ClassVar[tuple[str, ...]] = ("pair",)
    pair: str
    y_vowel: bool = False

    def __post_init__(self) -> None:
        among = vowels(self.y_vowel)
        wrong = len(self.pair) != 2 or len(set(self.pair)) != 2 or not set(self.pair) <= among
        refuse(wrong, f"pair: {self.pair!r} is not two of {''.join(sorted(among))}")

    def banned(self) -> frozenset[str]:
        return vowels(self.y_vowel) - set(self.pair)

    def check(self, text: str, language: str) -> list[Violation]:
        return strays(text, self.banned().__contains__, "the vowel {} is not among the two")


@dataclasses.dataclass(frozen=True)
class Monoconsonantism(Constraint):
    """The only consonant is `consonant`; y counts as a vowel by flag."""

    name: ClassVar[str] = "monoconsonantism"
    consonant: str
    y_vowel: bool = False

    def __post_init__(self) -> None:
        among = "".join(sorted(set(ALPHABET) - vowels(self.y_vowel)))
        _one_letter("consonant", self.consonant, among)

    def banned(self) -> frozenset[str]:
        return frozenset(ALPHABET) - vowels(self.y_vowel) - {self.consonant}

    def check(self, text: str, language: str) -> list[Violation]:
        allowed = vowels(self.y_vowel) | {self.consonant}
        return strays(
            text, lambda c: c not in allowed, f"the consonant {{}} is not {self.consonant}"
        )


@dataclasses.dataclass(frozen=True)
class Pangram(Constraint):
    """Every letter of the alphabet stands in the text; `perfect`: exactly once."""

    name: ClassVar[str] = "pangram"
    perfect: bool = False

    def wording(self) -> str:
        return "perfect_pangram" if self.perfect else "pangram"

    def check(self, text: str, language: str) -> list[Violation]:
        lacking = missing(text, frozenset(ALPHABET))
        if not self.perfect:
            return lacking
        foreign = strays(text, lambda c: c not in ALPHABET, "{} is not in the alphabet")
        return lacking + _repeated(text, 0) + foreign


def _repeated(text: str, offset: int) -> list[Violation]:
    letters_ = letters(text)
    if len(set(letters_.text)) == len(letters_.text):
        return []
    seen: set[str] = set()
    found = []
    for letter, at in zip(letters_.text, letters_.at, strict=True):
        if letter in seen:
            place = offset + at
            found.append(Violation(place, place + 1, f"the letter {letter} repeats"))
        seen.add(letter)
    return found


@dataclasses.dataclass(frozen=True)
class Isogram(Constraint):
    """No letter repeats within the scope: each word, each line, or the text."""

    name: ClassVar[str] = "isogram"
    scope: Literal["word", "line", "text"] = "word"

    def __post_init__(self) -> None:
        refuse(self.scope not in ("word", "line", "text"), f"scope: {self.scope!r}")

    def wording(self) -> str:
        return f"isogram_{self.scope}"

    def stated(self, language: str) -> list[tuple[str, ...]]:
        return []

    def check(self, text: str, language: str) -> list[Violation]:
        if not letters(text).text:
            return [Violation(0, len(text), "no letters")]
        if self.scope == "text":
            return _repeated(text, 0)
        parts = letter_words(text) if self.scope == "word" else lines(text)
        return [v for part in parts for v in _repeated(text[part.start : part.end], part.start)]


@dataclasses.dataclass(frozen=True)
class LetterPalindrome(Constraint):
    """The letters read the same backwards; at least `minimum` of them."""

    name: ClassVar[str] = "letter_palindrome"
    minimum: int = 9

    def __post_init__(self) -> None:
        refuse(self.minimum < 2, f"minimum: {self.minimum} is less than 2")

    def check(self, text: str, language: str) -> list[Violation]:
        found = letters(text)
        n = len(found.text)
        if n < self.minimum:
            return [Violation(0, len(text), f"{n} letters, not {self.minimum} or more")]
        return [
            Violation(found.at[i], found.at[i] + 1, f"{a} faces {b}")
            for i, (a, b) in enumerate(zip(found.text, reversed(found.text), strict=True))
            if a != b and i < n // 2
        ]


@dataclasses.dataclass(frozen=True)
class BeauPresent(Constraint):
    """Only letters of a name."""

    name: ClassVar[str] = "beau_present"
    source_name: str

    def __post_init__(self) -> None:
        refuse(
            not fold_letters(self.source_name), f"source_name: {self.source_name!r} has no letters"
        )

    def banned(self) -> frozenset[str]:
        return frozenset(ALPHABET) - set(fold_letters(self.source_name))

    def check(self, text: str, language: str) -> list[Violation]:
        allowed = set(fold_letters(self.source_name))
        return strays(
            text, lambda c: c not in allowed, f"the letter {{}} is not in {self.source_name!r}"
        )


@dataclasses.dataclass(frozen=True)
class BelleAbsente(Constraint):
    """Line i lacks letter i of a name and has every other letter of a reduced alphabet."""

    name: ClassVar[str] = "belle_absente"
    source_name: str
    alphabet: str = REDUCED

    def __post_init__(self) -> None:
        _distinct("alphabet", self.alphabet)
        key = fold_letters(self.source_name)
        wrong = not key or not set(key) <= set(self.alphabet)
        refuse(wrong, f"source_name: {self.source_name!r} is not spelled with {self.alphabet}")

    def check(self, text: str, language: str) -> list[Violation]:
        key, found = fold_letters(self.source_name), lines(text)
        wrong = []
        if len(found) != len(key):
            wrong.append(Violation(0, len(text), f"{len(found)} lines, not {len(key)}"))
        for letter, line in zip(key, found, strict=False):
            counts = collections.Counter(fold_letters(line.text))
            if counts[letter]:
                wrong.append(Violation(line.start, line.end, f"the letter {letter} is banned here"))
            lacking = [c for c in self.alphabet if c != letter and not counts[c]]
            if lacking:
                wrong.append(Violation(line.start, line.end, f"lacks {', '.join(lacking)}"))
        return wrong


@dataclasses.dataclass(frozen=True)
class Prisoner(Constraint):
    """No letter with a stroke above or below the line (macao); i by flag."""

    name: ClassVar[str] = "prisoner"
    dotted_i: bool = True  # whether i is allowed

    def banned(self) -> frozenset[str]:
        return PRISONER if self.dotted_i else PRISONER | {"i"}

    def wording(self) -> str:
        return "prisoner" if self.dotted_i else "prisoner_strict"

    def stated(self, language: str) -> list[tuple[str, ...]]:
        return [(letter,) for letter in sorted(self.banned())]

    def slots(self, language: str) -> dict[str, str]:
        return {"letters": ", ".join(sorted(self.banned()))}

    def check(self, text: str, language: str) -> list[Violation]:
        return strays(text, self.banned().__contains__, "the letter {} leaves its line")
