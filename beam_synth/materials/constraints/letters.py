"""Constraints on which letters a text may hold: lipogram and kin, univocalism, beau présent, macao.

Each is decided on the folded letters L(text) of `letterforms`, so é is e unless a flag says
otherwise. (Definitions of the Oulipo, made decidable.)
"""

from __future__ import annotations

import collections
import dataclasses
from collections.abc import Callable
from typing import ClassVar

from beam_synth.materials.constraints.base import Constraint, Violation, refuse
from beam_synth.materials.constraints.letterforms import (
    ALPHABET,
    fold_letters,
    letters,
    lines,
    vowels,
)

PRISONER = frozenset("bdfghjklpqty")  # letters with a stroke above or below the line
REDUCED = "abcdefghilmnoprstuv"  # the alphabet of the belle absente


def strays(
    text: str, is_wrong: Callable[[str], bool], message: str, fold_diacritics: bool = True
) -> list[Violation]:
    """A violation for each letter that is wrong; one over the whole where there is no letter.

    Args:
        text: the text as written.
        is_wrong: decides about one folded letter.
        message: a format string; the letter stands for its {}.
        fold_diacritics: whether é counts as e.

    >>> strays("Bee", "e".__contains__, "no {} here")[0]
    Violation(start=1, end=2, message='no e here')
    """
    folded = letters(text, fold_diacritics)
    if not folded.text:
        return [Violation(0, len(text), "no letters")]
    if not any(map(is_wrong, set(folded.text))):
        return []
    return [
        Violation(at, at + 1, message.format(letter))
        for letter, at in zip(folded.text, folded.at, strict=True)
        if is_wrong(letter)
    ]


def missing(text: str, wanted: frozenset[str], fold_diacritics: bool = True) -> list[Violation]:
    """One violation over the whole text that names the letters of `wanted` that it lacks, in order.

    >>> missing("abd", frozenset("abc"))
    [Violation(start=0, end=3, message='lacks the letters c')]
    """
    lacking = sorted(wanted - set(letters(text, fold_diacritics).text))
    if not lacking:
        return []
    return [Violation(0, len(text), f"lacks the letters {', '.join(lacking)}")]


def _refuse_unless_letter(field: str, letter: str, among: str = ALPHABET) -> None:
    refuse(len(letter) != 1 or letter not in among, f"{field}: {letter!r} is not one of {among}")


def _refuse_unless_letter_set(field: str, letter_set: str) -> None:
    faulty = (
        not letter_set
        or len(set(letter_set)) != len(letter_set)
        or fold_letters(letter_set, False) != letter_set
    )
    refuse(faulty, f"{field}: {letter_set!r} is not a set of small letters")


@dataclasses.dataclass(frozen=True)
class Lipogram(Constraint):
    """No letter of the text is banned.

    >>> Lipogram("e").check("No such mark at all", "en")
    []
    >>> Lipogram("e").check("Été", "fr")[0].message
    'the letter e is banned'
    """

    name: ClassVar[str] = "lipogram"
    letter_sets: ClassVar[tuple[str, ...]] = ("banned_letters",)
    banned_letters: str
    fold_diacritics: bool = True

    def __post_init__(self) -> None:
        _refuse_unless_letter_set("banned_letters", self.banned_letters)

    def banned(self) -> frozenset[str]:
        """The banned letters of a–z; one with a diacritic has to be checked itself."""
        return frozenset(self.banned_letters) & frozenset(ALPHABET)

    def check(self, text: str, language: str) -> list[Violation]:
        """A violation for each banned letter, at its character."""
        return strays(
            text, self.banned_letters.__contains__, "the letter {} is banned", self.fold_diacritics
        )


@dataclasses.dataclass(frozen=True)
class PangrammaticLipogram(Constraint):
    """Every letter of the alphabet but one, and that one nowhere."""

    name: ClassVar[str] = "pangrammatic_lipogram"
    letter: str

    def __post_init__(self) -> None:
        _refuse_unless_letter("letter", self.letter)

    def banned(self) -> frozenset[str]:
        """The one letter."""
        return frozenset(self.letter)

    def check(self, text: str, language: str) -> list[Violation]:
        """A violation for each letter that is the banned one or none of a–z, and one for all that
        lack.
        """
        wanted = frozenset(ALPHABET) - {self.letter}
        violations = strays(text, lambda c: c not in wanted, "the letter {} is banned")
        return violations + missing(text, wanted)


@dataclasses.dataclass(frozen=True)
class Univocalism(Constraint):
    """The only vowel is `vowel`; y counts as a vowel by flag.

    >>> Univocalism("e").check("She sent men", "en"), Univocalism("e").banned() == set("aiou")
    ([], True)
    """

    name: ClassVar[str] = "univocalism"
    vowel: str
    y_vowel: bool = False

    def __post_init__(self) -> None:
        _refuse_unless_letter("vowel", self.vowel, "".join(sorted(vowels(self.y_vowel))))

    def banned(self) -> frozenset[str]:
        """The other vowels."""
        return vowels(self.y_vowel) - {self.vowel}

    def check(self, text: str, language: str) -> list[Violation]:
        """A violation for each other vowel, at its character."""
        return strays(text, self.banned().__contains__, f"the vowel {{}} is not {self.vowel}")


@dataclasses.dataclass(frozen=True)
class Bivocalism(Constraint):
    """The vowels are among the two of `pair`; y counts as a vowel by flag."""

    name: ClassVar[str] = "bivocalism"
    letter_sets: ClassVar[tuple[str, ...]] = ("pair",)
    pair: str
    y_vowel: bool = False

    def __post_init__(self) -> None:
        vowel_set = vowels(self.y_vowel)
        faulty = len(self.pair) != 2 or len(set(self.pair)) != 2 or not set(self.pair) <= vowel_set
        refuse(faulty, f"pair: {self.pair!r} is not two of {''.join(sorted(vowel_set))}")

    def banned(self) -> frozenset[str]:
        """The other vowels."""
        return vowels(self.y_vowel) - set(self.pair)

    def check(self, text: str, language: str) -> list[Violation]:
        """A violation for each other vowel, at its character."""
        return strays(text, self.banned().__contains__, "the vowel {} is not among the two")


@dataclasses.dataclass(frozen=True)
class Monoconsonantism(Constraint):
    """The only consonant is `consonant`; y counts as a vowel by flag."""

    name: ClassVar[str] = "monoconsonantism"
    consonant: str
    y_vowel: bool = False

    def __post_init__(self) -> None:
        consonants = "".join(sorted(set(ALPHABET) - vowels(self.y_vowel)))
        _refuse_unless_letter("consonant", self.consonant, consonants)

    def banned(self) -> frozenset[str]:
        """The other consonants."""
        return frozenset(ALPHABET) - vowels(self.y_vowel) - {self.consonant}

    def check(self, text: str, language: str) -> list[Violation]:
        """A violation for each other consonant, at its character; a letter outside a–z counts as
        one.
        """
        allowed = vowels(self.y_vowel) | {self.consonant}
        return strays(
            text, lambda c: c not in allowed, f"the consonant {{}} is not {self.consonant}"
        )


@dataclasses.dataclass(frozen=True)
class BeauPresent(Constraint):
    """Only letters of a name.

    >>> BeauPresent("Marie").check("Aimer", "fr")
    []
    """

    name: ClassVar[str] = "beau_present"
    source_name: str

    def __post_init__(self) -> None:
        refuse(
            not fold_letters(self.source_name), f"source_name: {self.source_name!r} has no letters"
        )

    def banned(self) -> frozenset[str]:
        """The letters of a–z that the name lacks."""
        return frozenset(ALPHABET) - set(fold_letters(self.source_name))

    def check(self, text: str, language: str) -> list[Violation]:
        """A violation for each letter that the name lacks, at its character."""
        allowed = set(fold_letters(self.source_name))
        return strays(
            text, lambda c: c not in allowed, f"the letter {{}} is not in {self.source_name!r}"
        )


@dataclasses.dataclass(frozen=True)
class BelleAbsente(Constraint):
    """Line i lacks letter i of a name and has every other letter of a reduced alphabet.

    `source_name` is spelled with `alphabet`, which commonly leaves out j, k, q, w, x, y and z.
    """

    name: ClassVar[str] = "belle_absente"
    source_name: str
    alphabet: str = REDUCED

    def __post_init__(self) -> None:
        _refuse_unless_letter_set("alphabet", self.alphabet)
        key = fold_letters(self.source_name)
        faulty = not key or not set(key) <= set(self.alphabet)
        refuse(faulty, f"source_name: {self.source_name!r} is not spelled with {self.alphabet}")

    def check(self, text: str, language: str) -> list[Violation]:
        """One violation for another number of lines, and for each line one for its banned letter
        and one for the letters that it lacks.
        """
        key, written = fold_letters(self.source_name), lines(text)
        violations = []
        if len(written) != len(key):
            violations.append(Violation(0, len(text), f"{len(written)} lines, not {len(key)}"))
        for letter, line in zip(key, written, strict=False):
            counts = collections.Counter(fold_letters(line.text))
            if counts[letter]:
                violations.append(
                    Violation(line.start, line.end, f"the letter {letter} is banned here")
                )
            lacking = [c for c in self.alphabet if c != letter and not counts[c]]
            if lacking:
                violations.append(Violation(line.start, line.end, f"lacks {', '.join(lacking)}"))
        return violations


@dataclasses.dataclass(frozen=True)
class Prisoner(Constraint):
    """No letter with a stroke above or below the line (macao); i by flag.

    >>> Prisoner().check("nous sommes en mer", "fr"), len(Prisoner().check("by", "en"))
    ([], 2)
    """

    name: ClassVar[str] = "prisoner"
    dotted_i: bool = True  # whether i is allowed

    def banned(self) -> frozenset[str]:
        """`PRISONER`, with i where its dot counts."""
        return PRISONER if self.dotted_i else PRISONER | {"i"}

    def wording(self) -> str:
        """ "prisoner", or "prisoner_strict" where i is banned, too."""
        return "prisoner" if self.dotted_i else "prisoner_strict"

    def stated(self, language: str) -> list[tuple[str, ...]]:
        """Every banned letter."""
        return [(letter,) for letter in sorted(self.banned())]

    def slots(self, language: str) -> dict[str, str]:
        """`letters`: the banned ones in order."""
        return {"letters": ", ".join(sorted(self.banned()))}

    def check(self, text: str, language: str) -> list[Violation]:
        """A violation for each banned letter, at its character."""
        return strays(text, self.banned().__contains__, "the letter {} leaves its line")
