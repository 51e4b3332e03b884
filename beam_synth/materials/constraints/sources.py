"""Constraints that hold a text against a source: anagram, N+k, isovocalism, larding and others.

The source is a parameter and stands in the instruction. (Procedures of the Oulipo: N+7 is
Lescure's, larding, "tireur à la ligne", Duchateau's, heterogrammatic verse Perec's.)
"""

from __future__ import annotations

import bisect
import collections
import dataclasses
import itertools
import re
from typing import ClassVar, Literal

from beam_synth.materials.constraints.base import Constraint, Violation, refuse
from beam_synth.materials.constraints.letterforms import fold_letters, letters, vowels
from beam_synth.text.sentences import normalise, sentences

_TOKEN = re.compile(r"[^\W_]+")


def _refuse_letterless(field: str, text: str) -> None:
    refuse(not fold_letters(text), f"{field}: {text!r} has no letters")


@dataclasses.dataclass(frozen=True)
class Anagram(Constraint):
    """The same letters as the source, each as often.

    >>> Anagram("Clint Eastwood").check("Old West action", "en")
    []
    """

    name: ClassVar[str] = "anagram"
    source: str

    def __post_init__(self) -> None:
        _refuse_letterless("source", self.source)

    def check(self, text: str, language: str) -> list[Violation]:
        """A violation over the whole text for each letter that it has too often or too seldom."""
        own_counts, source_counts = (
            collections.Counter(fold_letters(text)),
            collections.Counter(fold_letters(self.source)),
        )
        messages = [
            f"{count} {letter} too many"
            for letter, count in sorted((own_counts - source_counts).items())
        ]
        messages += [
            f"{count} {letter} too few"
            for letter, count in sorted((source_counts - own_counts).items())
        ]
        return [Violation(0, len(text), message) for message in messages]


@dataclasses.dataclass(frozen=True)
class HeterogrammaticVerse(Constraint):
    """The letters fall into blocks, each a permutation of the key (Perec's Alphabets).

    >>> HeterogrammaticVerse("tea").check("Eat a tea", "en")[0].message
    '7 letters, no multiple of 3'
    """

    name: ClassVar[str] = "heterogrammatic_verse"
    key: str

    def __post_init__(self) -> None:
        key = fold_letters(self.key)
        refuse(len(key) < 2 or len(set(key)) != len(key), f"key: {self.key!r} repeats a letter")

    def check(self, text: str, language: str) -> list[Violation]:
        """A violation for each block that is no permutation, and one for letters left over."""
        folded, key = letters(text), fold_letters(self.key)
        size = len(key)
        violations = []
        if not folded.text or len(folded.text) % size:
            message = f"{len(folded.text)} letters, no multiple of {size}"
            violations.append(Violation(0, len(text), message))
        for i in range(0, len(folded.text) - size + 1, size):
            if set(folded.text[i : i + size]) != set(key):
                message = f"the block {folded.text[i : i + size]!r} is no permutation of {key!r}"
                violations.append(Violation(folded.at[i], folded.at[i + size - 1] + 1, message))
        return violations


@dataclasses.dataclass(frozen=True)
class NPlusK(Constraint):
    """Each noun of a source is replaced by the k-th after it in an ordered noun list.

    `positions` are the nouns' places among the source's tokens (runs of letters or digits, from
    0); the list is cyclic. A noun that is not in the list is kept (`absent` "kept"), or counts
    from where it would stand ("next": the entry after that place is one step away). All other
    tokens stay; case does not count, nor does punctuation.

    >>> NPlusK("The king saw a tree.", ("castle", "king", "river", "tree"), (1, 4), k=1).replaced()
    'The river saw a castle.'
    """

    name: ClassVar[str] = "n_plus_k"
    source: str
    dictionary: tuple[str, ...]
    positions: tuple[int, ...]
    k: int = 7
    absent: Literal["kept", "next"] = "kept"

    def __post_init__(self) -> None:
        entries = [entry.casefold() for entry in self.dictionary]
        token_count = len(_TOKEN.findall(self.source))
        refuse(
            len(set(entries)) != len(entries) or len(entries) < 2, "dictionary: repeats or short"
        )
        refuse(self.k % len(entries) == 0, f"k: {self.k} leads back to the same noun")
        faulty = not self.positions or not all(
            0 <= position < token_count for position in self.positions
        )
        refuse(faulty, f"positions: {self.positions} are not in 0 … {token_count - 1}")
        refuse(self.absent not in ("kept", "next"), f"absent: {self.absent!r}")

    def replaced(self) -> str:
        """The source with its nouns replaced, in the list's spelling."""
        position = -1

        def replacement(match: re.Match[str]) -> str:
            nonlocal position
            position += 1
            word = match.group()
            return self._replacement(word) if position in self.positions else word

        return _TOKEN.sub(replacement, self.source)

    def _replacement(self, noun: str) -> str:
        entries = [entry.casefold() for entry in self.dictionary]
        entry_count = len(entries)
        if noun.casefold() in entries:
            return self.dictionary[(entries.index(noun.casefold()) + self.k) % entry_count]
        if self.absent == "kept":
            return noun
        place = bisect.bisect(
            [fold_letters(entry) for entry in self.dictionary], fold_letters(noun)
        )
        return self.dictionary[(place + self.k - 1) % entry_count]

    def notes(self) -> tuple[str, ...]:
        """ "absent_next" where a noun outside the list counts from its place."""
        return ("absent_next",) if self.absent == "next" else ()

    def slots(self, language: str) -> dict[str, str]:
        """The parameters and `nouns`, those of the source that give way."""
        tokens = _TOKEN.findall(self.source)
        nouns = ", ".join(dict.fromkeys(tokens[position] for position in self.positions))
        return {**super().slots(language), "nouns": nouns}

    def stated(self, language: str) -> list[tuple[str, ...]]:
        """The source, k and every entry of the list."""
        return [(self.source,), (str(self.k),), *((entry,) for entry in self.dictionary)]

    def check(self, text: str, language: str) -> list[Violation]:
        """A violation for each token that is not the wanted one, and one for another number of
        them.
        """
        wanted = _TOKEN.findall(self.replaced())
        matches = list(_TOKEN.finditer(text))
        violations = [
            Violation(match.start(), match.end(), f"{match.group()!r} stands for {word!r}")
            for match, word in zip(matches, wanted, strict=False)
            if normalise(match.group()) != normalise(word)
        ]
        if len(matches) != len(wanted):
            violations.append(Violation(0, len(text), f"{len(matches)} tokens, not {len(wanted)}"))
        return violations


def _sequence(text: str, y_vowel: bool, of_vowels: bool) -> str:
    vowel_set = vowels(y_vowel)
    return "".join(letter for letter in fold_letters(text) if (letter in vowel_set) is of_vowels)


def _sequence_violations(text: str, source: str, y_vowel: bool, of_vowels: bool) -> list[Violation]:
    written, wanted = (_sequence(each, y_vowel, of_vowels) for each in (text, source))
    if written == wanted:
        return []
    position = next(
        (i for i, (a, b) in enumerate(zip(written, wanted, strict=False)) if a != b), -1
    )
    message = (
        f"differs at number {position + 1}"
        if position >= 0
        else f"{len(written)} of them, not {len(wanted)}"
    )
    return [Violation(0, len(text), message)]


@dataclasses.dataclass(frozen=True)
class Isovocalism(Constraint):
    """The same vowels in the same order as the source; y counts as a vowel by flag.

    >>> Isovocalism("a red hill").check("has pen in", "en")
    []
    """

    name: ClassVar[str] = "isovocalism"
    source: str
    y_vowel: bool = False

    def __post_init__(self) -> None:
        refuse(not _sequence(self.source, self.y_vowel, True), f"source: {self.source!r}: no vowel")

    def check(self, text: str, language: str) -> list[Violation]:
        """One violation over the whole text, at the first vowel that differs."""
        return _sequence_violations(text, self.source, self.y_vowel, True)


@dataclasses.dataclass(frozen=True)
class Isoconsonantism(Constraint):
    """The same consonants in the same order as the source; y counts as a vowel by flag."""

    name: ClassVar[str] = "isoconsonantism"
    source: str
    y_vowel: bool = False

    def __post_init__(self) -> None:
        faulty = not _sequence(self.source, self.y_vowel, False)
        refuse(faulty, f"source: {self.source!r}: no consonant")

    def check(self, text: str, language: str) -> list[Violation]:
        """One violation over the whole text, at the first consonant that differs."""
        return _sequence_violations(text, self.source, self.y_vowel, False)


def _bare_sentence(sentence: str) -> str:
    return normalise(sentence).strip(" .!?…\"'“”«»„")


@dataclasses.dataclass(frozen=True)
class Larding(Constraint):
    """Source sentences in their order, exactly `insert` new ones between each two (tireur à la
    ligne).

    >>> larding = Larding(("It rained.", "We left."), insert=1)
    >>> larding.check("It rained. The road was wet. We left.", "en")
    []
    """

    name: ClassVar[str] = "larding"
    sources: tuple[str, ...]
    insert: int

    def __post_init__(self) -> None:
        bare = [_bare_sentence(sentence) for sentence in self.sources]
        faulty = len(bare) < 2 or len(set(bare)) != len(bare) or not all(bare)
        refuse(faulty, f"sources: {self.sources!r} are not two or more different sentences")
        refuse(self.insert < 1, f"insert: {self.insert} is less than 1")

    def slots(self, language: str) -> dict[str, str]:
        """`sources`, a line each, and `insert`."""
        return {"sources": "\n" + "\n".join(self.sources), "insert": str(self.insert)}

    def check(self, text: str, language: str) -> list[Violation]:
        """A violation for each source sentence that does not stand once, else for each gap with
        another number of sentences.
        """
        spans = sentences(text, language)
        bare = [_bare_sentence(text[before:after]) for before, after in spans]
        wanted = [_bare_sentence(sentence) for sentence in self.sources]
        missing = [sentence_ for sentence_ in wanted if bare.count(sentence_) != 1]
        if missing:
            return [
                Violation(0, len(text), f"does not stand once: {sentence_[:60]!r}")
                for sentence_ in missing
            ]
        places = [bare.index(sentence_) for sentence_ in wanted]
        violations = []
        for before, after in itertools.pairwise(places):
            if after - before - 1 != self.insert:
                message = f"{after - before - 1} sentences between, not {self.insert}"
                start, end = sorted((spans[before][1], spans[after][0]))
                violations.append(Violation(start, end, message))
        return violations
