"""Constraints on which words occur: forbidden, required, never twice, of a ladder."""

from __future__ import annotations

import dataclasses
import itertools
from typing import ClassVar

from beam_synth.materials.constraints.base import Constraint, Violation, refuse
from beam_synth.materials.constraints.letterforms import fold_letters, letter_words, spellings
from beam_synth.materials.constraints.word_patterns import function_words


def phrase_places(text: str, phrase: str) -> list[tuple[int, int]]:
    """Where the words of a phrase stand in the text one after another, folded."""
    wanted = spellings(phrase)
    found = spellings(text)
    n = len(wanted)
    if not n or wanted[0] not in found:
        return []
    at = letter_words(text)
    return [
        (at[i].start, at[i + n - 1].end)
        for i, letters in enumerate(found)
        if letters == wanted[0] and found[i : i + n] == wanted
    ]


def _phrases(field: str, phrases: tuple[str, ...]) -> None:
    wrong = [phrase for phrase in phrases if not letter_words(phrase)]
    refuse(not phrases or bool(wrong), f"{field}: {phrases!r} has nothing or an entry of no words")


@dataclasses.dataclass(frozen=True)
class Liponym(Constraint):
    """None of the words (taboo) appears; with `stems`, no word that begins with one either."""

    name: ClassVar[str] = "liponym"
    words: tuple[str, ...]
    stems: bool = False

    def __post_init__(self) -> None:
        _phrases("words", self.words)

    def wording(self) -> str:
        return "liponym_stems" if self.stems else "liponym"

    def check(self, text: str, language: str) -> list[Violation]:
        found = letter_words(text)
        if not found:
            return [Violation(0, len(text), "no words")]
        if self.stems:
            stems = tuple(fold_letters(word) for word in self.words)
            return [
                Violation(w.start, w.end, f"{w.letters!r} is taboo")
                for w in found
                if w.letters.startswith(stems)
            ]
        return [
            Violation(start, end, f"{word!r} is taboo")
            for word in self.words
            for start, end in phrase_places(text, word)
        ]


@dataclasses.dataclass(frozen=True)
class RequiredWords(Constraint):
    """Each of the words appears at least `minimum` and, if given, at most `maximum` times."""

    name: ClassVar[str] = "required_words"
    words: tuple[str, ...]
    minimum: int = 1
    maximum: int | None = None

    def __post_init__(self) -> None:
        _phrases("words", self.words)
        most = self.maximum if self.maximum is not None else self.minimum
        refuse(not 1 <= self.minimum <= most, f"minimum {self.minimum}, maximum {self.maximum}")

    def wording(self) -> str:
        if self.maximum is not None:
            return "required_words_bounded"
        return "required_words" if self.minimum == 1 else "required_words_often"

    def stated(self, language: str) -> list[tuple[str, ...]]:
        bounds = [] if self.minimum == 1 and self.maximum is None else [(str(self.minimum),)]
        most = [] if self.maximum is None else [(str(self.maximum),)]
        return [*((word,) for word in self.words), *bounds, *most]

    def check(self, text: str, language: str) -> list[Violation]:
        wrong = []
        for word in self.words:
            n = len(phrase_places(text, word))
            if n < self.minimum or (self.maximum is not None and n > self.maximum):
                wrong.append(Violation(0, len(text), f"{word!r} stands {n} times"))
        return wrong


@dataclasses.dataclass(frozen=True)
class AllDifferent(Constraint):
    """No word form repeats; function words are exempt by flag."""

    name: ClassVar[str] = "all_different"
    exempt_function_words: bool = False

    def wording(self) -> str:
        return "all_different_exempt" if self.exempt_function_words else "all_different"

    def check(self, text: str, language: str) -> list[Violation]:
        exempt = function_words(language) if self.exempt_function_words else frozenset()
        seen: set[str] = set()
        wrong = []
        for word in letter_words(text):
            if word.letters in seen and word.letters not in exempt:
                wrong.append(Violation(word.start, word.end, f"{word.letters!r} repeats"))
            seen.add(word.letters)
        return wrong if seen else [Violation(0, len(text), "no words")]


@dataclasses.dataclass(frozen=True)
class WordLadder(Constraint):
    """From one word to another through words of a lexicon, one letter changed at each step."""

    name: ClassVar[str] = "word_ladder"
    start: str
    end: str
    lexicon: tuple[str, ...]

    def __post_init__(self) -> None:
        known = {fold_letters(word) for word in self.lexicon}
        for field in ("start", "end"):
            word = fold_letters(getattr(self, field))
            refuse(not word or word not in known, f"{field}: {word!r} is not in the lexicon")
        equal = len(fold_letters(self.start)) == len(fold_letters(self.end)) and fold_letters(
            self.start
        ) != fold_letters(self.end)
        refuse(not equal, f"{self.start!r} and {self.end!r} are not two words of equal length")

    def check(self, text: str, language: str) -> list[Violation]:
        found, known = letter_words(text), {fold_letters(word) for word in self.lexicon}
        if (
            not found
            or found[0].letters != fold_letters(self.start)
            or found[-1].letters != fold_letters(self.end)
        ):
            return [Violation(0, len(text), f"does not lead from {self.start!r} to {self.end!r}")]
        wrong = [
            Violation(word.start, word.end, f"{word.letters!r} is not in the lexicon")
            for word in found
            if word.letters not in known
        ]
        for a, b in itertools.pairwise(found):
            if not one_letter_apart(a.letters, b.letters):
                told = f"{a.letters!r} and {b.letters!r} do not differ in one letter"
                wrong.append(Violation(b.start, b.end, told))
        return wrong


def one_letter_apart(a: str, b: str) -> bool:
    """Equal lengths, and exactly one letter differs."""
    return len(a) == len(b) and sum(x != y for x, y in zip(a, b, strict=True)) == 1
