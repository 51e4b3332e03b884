"""Constraints that hold a text against a source: anagram, N+k, isovocalism, larding and others."""

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


def _source(field: str, text: str) -> None:
    refuse(not fold_letters(text), f"{field}: {text!r} has no letters")


@dataclasses.dataclass(frozen=True)
class Anagram(Constraint):
    """The same letters as the source, each as often."""

    name: ClassVar[str] = "anagram"
    source: str

    def __post_init__(self) -> None:
        _source("source", self.source)

    def check(self, text: str, language: str) -> list[Violation]:
        ours, theirs = (
            collections.Counter(fold_letters(text)),
            collections.Counter(fold_letters(self.source)),
        )
        wrong = [f"{n} {c} too many" for c, n in sorted((ours - theirs).items())]
        wrong += [f"{n} {c} too few" for c, n in sorted((theirs - ours).items())]
        return [Violation(0, len(text), told) for told in wrong]


@dataclasses.dataclass(frozen=True)
class HeterogrammaticVerse(Constraint):
    """The letters fall into blocks, each a permutation of the key (Perec's Alphabets)."""

    name: ClassVar[str] = "heterogrammatic_verse"
    key: str

    def __post_init__(self) -> None:
        key = fold_letters(self.key)
        refuse(len(key) < 2 or len(set(key)) != len(key), f"key: {self.key!r} repeats a letter")

    def check(self, text: str, language: str) -> list[Violation]:
        found, key = letters(text), fold_letters(self.key)
        n = len(key)
        wrong = []
        if not found.text or len(found.text) % n:
            told = f"{len(found.text)} letters, no multiple of {n}"
            wrong.append(Violation(0, len(text), told))
        for i in range(0, len(found.text) - n + 1, n):
            if set(found.text[i : i + n]) != set(key):
                told = f"the block {found.text[i : i + n]!r} is no permutation of {key!r}"
                wrong.append(Violation(found.at[i], found.at[i + n - 1] + 1, told))
        return wrong


@dataclasses.dataclass(frozen=True)
class NPlusK(Constraint):
    """Each noun of a source is replaced by the k-th after it in an ordered noun list.

    `positions` are the nouns' places among the source's tokens (runs of letters or digits, from
    0); the list is cyclic. A noun that is not in the list is kept (`absent` "kept"), or counts
    from where it would stand ("next": the entry after that place is one step away). All other
    tokens stay; case does not count, nor does punctuation.
    """

    name: ClassVar[str] = "n_plus_k"
    source: str
    dictionary: tuple[str, ...]
    positions: tuple[int, ...]
    k: int = 7
    absent: Literal["kept", "next"] = "kept"

    def __post_init__(self) -> None:
        entries = [entry.casefold() for entry in self.dictionary]
        n = len(_TOKEN.findall(self.source))
        refuse(
            len(set(entries)) != len(entries) or len(entries) < 2, "dictionary: repeats or short"
        )
        refuse(self.k % len(entries) == 0, f"k: {self.k} leads back to the same noun")
        wrong = not self.positions or not all(0 <= at < n for at in self.positions)
        refuse(wrong, f"positions: {self.positions} are not in 0 … {n - 1}")
        refuse(self.absent not in ("kept", "next"), f"absent: {self.absent!r}")

    def replaced(self) -> str:
        """The source with its nouns replaced, in the list's spelling."""
        count = -1

        def token(found: re.Match[str]) -> str:
            nonlocal count
            count += 1
            word = found.group()
            return self._after(word) if count in self.positions else word

        return _TOKEN.sub(token, self.source)

    def _after(self, noun: str) -> str:
        entries = [entry.casefold() for entry in self.dictionary]
        n = len(entries)
        if noun.casefold() in entries:
            return self.dictionary[(entries.index(noun.casefold()) + self.k) % n]
        if self.absent == "kept":
            return noun
        place = bisect.bisect(
            [fold_letters(entry) for entry in self.dictionary], fold_letters(noun)
        )
        return self.dictionary[(place + self.k - 1) % n]

    def notes(self) -> tuple[str, ...]:
        return ("absent_next",) if self.absent == "next" else ()

    def slots(self, language: str) -> dict[str, str]:
        tokens = _TOKEN.findall(self.source)
        nouns = ", ".join(dict.fromkeys(tokens[at] for at in self.positions))
        return {**super().slots(language), "nouns": nouns}

    def stated(self, language: str) -> list[tuple[str, ...]]:
        return [(self.source,), (str(self.k),), *((entry,) for entry in self.dictionary)]

    def check(self, text: str, language: str) -> list[Violation]:
        wanted = _TOKEN.findall(self.replaced())
        found = list(_TOKEN.finditer(text))
        wrong = [
            Violation(m.start(), m.end(), f"{m.group()!r} stands for {word!r}")
            for m, word in zip(found, wanted, strict=False)
            if normalise(m.group()) != normalise(word)
        ]
        if len(found) != len(wanted):
            wrong.append(Violation(0, len(text), f"{len(found)} tokens, not {len(wanted)}"))
        return wrong


def _sequence(text: str, y_vowel: bool, of_vowels: bool) -> str:
    among = vowels(y_vowel)
    return "".join(c for c in fold_letters(text) if (c in among) is of_vowels)


def _same_sequence(text: str, source: str, y_vowel: bool, of_vowels: bool) -> list[Violation]:
    ours, theirs = (_sequence(t, y_vowel, of_vowels) for t in (text, source))
    if ours == theirs:
        return []
    at = next((i for i, (a, b) in enumerate(zip(ours, theirs, strict=False)) if a != b), -1)
    told = f"differs at number {at + 1}" if at >= 0 else f"{len(ours)} of them, not {len(theirs)}"
    return [Violation(0, len(text), told)]


@dataclasses.dataclass(frozen=True)
class Isovocalism(Constraint):
    """The same vowels in the same order as the source."""

    name: ClassVar[str] = "isovocalism"
    source: str
    y_vowel: bool = False

    def __post_init__(self) -> None:
        refuse(not _sequence(self.source, self.y_vowel, True), f"source: {self.source!r}: no vowel")

    def check(self, text: str, language: str) -> list[Violation]:
        return _same_sequence(text, self.source, self.y_vowel, True)


@dataclasses.dataclass(frozen=True)
class Isoconsonantism(Constraint):
    """The same consonants in the same order as the source."""

    name: ClassVar[str] = "isoconsonantism"
    source: str
    y_vowel: bool = False

    def __post_init__(self) -> None:
        wrong = not _sequence(self.source, self.y_vowel, False)
        refuse(wrong, f"source: {self.source!r}: no consonant")

    def check(self, text: str, language: str) -> list[Violation]:
        return _same_sequence(text, self.source, self.y_vowel, False)


def _bare(sentence: str) -> str:
    return normalise(sentence).strip(" .!?…\"'“”«»„")


@dataclasses.dataclass(frozen=True)
class Larding(Constraint):
    """Source sentences in their order, exactly `insert` new ones between each two (tireur à la
    ligne)."""

    name: ClassVar[str] = "larding"
    sources: tuple[str, ...]
    insert: int

    def __post_init__(self) -> None:
        bare = [_bare(sentence) for sentence in self.sources]
        wrong = len(bare) < 2 or len(set(bare)) != len(bare) or not all(bare)
        refuse(wrong, f"sources: {self.sources!r} are not two or more different sentences")
        refuse(self.insert < 1, f"insert: {self.insert} is less than 1")

    def slots(self, language: str) -> dict[str, str]:
        return {"sources": "\n" + "\n".join(self.sources), "insert": str(self.insert)}

    def check(self, text: str, language: str) -> list[Violation]:
        spans = sentences(text, language)
        found = [_bare(text[a:b]) for a, b in spans]
        wanted = [_bare(sentence) for sentence in self.sources]
        missing = [w for w in wanted if found.count(w) != 1]
        if missing:
            return [Violation(0, len(text), f"does not stand once: {w[:60]!r}") for w in missing]
        at = [found.index(w) for w in wanted]
        wrong = []
        for a, b in itertools.pairwise(at):
            if b - a - 1 != self.insert:
                told = f"{b - a - 1} sentences between, not {self.insert}"
                start, end = sorted((spans[a][1], spans[b][0]))
                wrong.append(Violation(start, end, told))
        return wrong
