"""Constraints on which words occur: forbidden, required, never twice, of a ladder.

Words are compared folded, as `letterforms.letter_words` finds them: "Peut-être" is two of them.
"""

from __future__ import annotations

import dataclasses
import itertools
from typing import ClassVar

from beam_synth.materials.constraints.base import Constraint, Violation, refuse
from beam_synth.materials.constraints.letterforms import fold_letters, letter_words, spellings
from beam_synth.materials.constraints.word_patterns import function_words


def phrase_places(text: str, phrase: str) -> list[tuple[int, int]]:
    """Where the words of a phrase stand in the text one after another, folded: (start, end) each,
    in characters.

    >>> phrase_places("Grand-Père, grand père", "grand pere")
    [(0, 10), (12, 22)]
    """
    wanted = spellings(phrase)
    text_words = spellings(text)
    size = len(wanted)
    if not size or wanted[0] not in text_words:
        return []
    places = letter_words(text)
    return [
        (places[i].start, places[i + size - 1].end)
        for i, spelling in enumerate(text_words)
        if spelling == wanted[0] and text_words[i : i + size] == wanted
    ]


def _refuse_wordless(field: str, phrases: tuple[str, ...]) -> None:
    wordless = [phrase for phrase in phrases if not letter_words(phrase)]
    refuse(
        not phrases or bool(wordless), f"{field}: {phrases!r} has nothing or an entry of no words"
    )


@dataclasses.dataclass(frozen=True)
class Liponym(Constraint):
    """None of the words (taboo) appears; with `stems`, no word that begins with one either.

    >>> Liponym(("sea",), stems=True).check("The seas rise", "en")
    [Violation(start=4, end=8, message="'seas' is taboo")]
    """

    name: ClassVar[str] = "liponym"
    words: tuple[str, ...]
    stems: bool = False

    def __post_init__(self) -> None:
        _refuse_wordless("words", self.words)

    def wording(self) -> str:
        """ "liponym" or "liponym_stems"."""
        return "liponym_stems" if self.stems else "liponym"

    def check(self, text: str, language: str) -> list[Violation]:
        """A violation for each taboo word or phrase, where it stands."""
        text_words = letter_words(text)
        if not text_words:
            return [Violation(0, len(text), "no words")]
        if self.stems:
            stems = tuple(fold_letters(word) for word in self.words)
            return [
                Violation(word.start, word.end, f"{word.letters!r} is taboo")
                for word in text_words
                if word.letters.startswith(stems)
            ]
        return [
            Violation(start, end, f"{word!r} is taboo")
            for word in self.words
            for start, end in phrase_places(text, word)
        ]


@dataclasses.dataclass(frozen=True)
class RequiredWords(Constraint):
    """Each of the words appears at least `minimum` and, if given, at most `maximum` times.

    >>> RequiredWords(("sea", "salt")).check("Salt of the earth", "en")[0].message
    "'sea' stands 0 times"
    """

    name: ClassVar[str] = "required_words"
    words: tuple[str, ...]
    minimum: int = 1
    maximum: int | None = None

    def __post_init__(self) -> None:
        _refuse_wordless("words", self.words)
        most = self.maximum if self.maximum is not None else self.minimum
        refuse(not 1 <= self.minimum <= most, f"minimum {self.minimum}, maximum {self.maximum}")

    def wording(self) -> str:
        """By the bounds: "required_words", with "_often" or "_bounded" where they are given."""
        if self.maximum is not None:
            return "required_words_bounded"
        return "required_words" if self.minimum == 1 else "required_words_often"

    def stated(self, language: str) -> list[tuple[str, ...]]:
        """The words, and the bounds that are not as usual."""
        bounds = [] if self.minimum == 1 and self.maximum is None else [(str(self.minimum),)]
        most = [] if self.maximum is None else [(str(self.maximum),)]
        return [*((word,) for word in self.words), *bounds, *most]

    def check(self, text: str, language: str) -> list[Violation]:
        """A violation over the whole text for each word that stands too often or too seldom."""
        violations = []
        for word in self.words:
            count = len(phrase_places(text, word))
            if count < self.minimum or (self.maximum is not None and count > self.maximum):
                violations.append(Violation(0, len(text), f"{word!r} stands {count} times"))
        return violations


@dataclasses.dataclass(frozen=True)
class AllDifferent(Constraint):
    """No word form repeats; function words are exempt by flag.

    >>> AllDifferent().check("rose is a rose", "en")
    [Violation(start=10, end=14, message="'rose' repeats")]
    """

    name: ClassVar[str] = "all_different"
    exempt_function_words: bool = False

    def wording(self) -> str:
        """ "all_different" or "all_different_exempt"."""
        return "all_different_exempt" if self.exempt_function_words else "all_different"

    def check(self, text: str, language: str) -> list[Violation]:
        """A violation for each word that stood before."""
        exempt = function_words(language) if self.exempt_function_words else frozenset()
        seen: set[str] = set()
        violations = []
        for word in letter_words(text):
            if word.letters in seen and word.letters not in exempt:
                violations.append(Violation(word.start, word.end, f"{word.letters!r} repeats"))
            seen.add(word.letters)
        return violations if seen else [Violation(0, len(text), "no words")]


@dataclasses.dataclass(frozen=True)
class WordLadder(Constraint):
    """From one word to another through words of a lexicon, one letter changed at each step
    (Carroll's doublets).

    >>> WordLadder("cat", "dog", ("cat", "cot", "cog", "dog")).check("cat cot cog dog", "en")
    []
    """

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
        """One violation where the ends are others; else one for each word outside the lexicon and
        for each step that changes not exactly one letter.
        """
        rungs, known = letter_words(text), {fold_letters(word) for word in self.lexicon}
        if (
            not rungs
            or rungs[0].letters != fold_letters(self.start)
            or rungs[-1].letters != fold_letters(self.end)
        ):
            return [Violation(0, len(text), f"does not lead from {self.start!r} to {self.end!r}")]
        violations = [
            Violation(word.start, word.end, f"{word.letters!r} is not in the lexicon")
            for word in rungs
            if word.letters not in known
        ]
        for before, after in itertools.pairwise(rungs):
            if not one_letter_apart(before.letters, after.letters):
                message = f"{before.letters!r} and {after.letters!r} do not differ in one letter"
                violations.append(Violation(after.start, after.end, message))
        return violations


def one_letter_apart(a: str, b: str) -> bool:
    """Equal lengths, and exactly one letter differs.

    >>> one_letter_apart("cat", "cot"), one_letter_apart("cat", "cats")
    (True, False)
    """
    return len(a) == len(b) and sum(x != y for x, y in zip(a, b, strict=True)) == 1
