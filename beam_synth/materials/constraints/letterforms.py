"""Letters, words and lines as the constraints see them.

`L(text)`: NFKD, without combining marks (unless diacritics count), case folded, œ→oe, æ→ae, ø→o,
ł→l, ß→ss, letters only. `W(text)`: runs of letters, split at apostrophes and hyphens. Lines are
those with something on them. (Oulipo practice, made decidable; offsets are in characters.)
"""

from __future__ import annotations

import dataclasses
import functools
import itertools
import re
import unicodedata
from typing import NamedTuple

ALPHABET = "abcdefghijklmnopqrstuvwxyz"
VOWELS = frozenset("aeiou")
_EXTRA = {"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ı": "i", "ð": "d"}
_LETTER = r"[^\W\d_]"
_MARKS = r"\u0300-\u036f"
_RUN = rf"{_LETTER}(?:{_LETTER}|[{_MARKS}])*"
_STANZA = re.compile(r"\n[^\S\n]*(?:\n[^\S\n]*)+")
_LINE = re.compile(r"\S(?:[^\n]*\S)?")


@dataclasses.dataclass(frozen=True)
class Letters:
    """`text`: the folded letters; letter i comes from the character of the source at `at[i]`."""

    text: str
    source: str
    fold_diacritics: bool

    @functools.cached_property
    def at(self) -> tuple[int, ...]:
        clusters = _clusters(self.source, self.fold_diacritics)
        return tuple(
            i for i, cluster in clusters for _ in fold_character(cluster, self.fold_diacritics)
        )


class Word(NamedTuple):
    letters: str  # folded
    start: int
    end: int


@dataclasses.dataclass(frozen=True)
class Line:
    text: str  # trimmed
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)


@functools.lru_cache(maxsize=8192)
def fold_character(cluster: str, fold_diacritics: bool = True) -> str:
    """The letters that one character (with its combining marks) stands for; "" if it is none."""
    plain = unicodedata.normalize("NFKD", cluster).casefold()
    if fold_diacritics:
        plain = "".join(c for c in unicodedata.normalize("NFKD", plain) if c.isalpha())
    else:
        plain = unicodedata.normalize("NFC", plain)
    return "".join(_EXTRA.get(c, c) for c in plain if c.isalpha())


class _Table(dict[int, str]):
    """A table for `str.translate` that folds characters as they are met."""

    def __missing__(self, code: int) -> str:
        folded = self[code] = fold_character(chr(code))
        return folded


_TABLE = _Table()


@functools.lru_cache(maxsize=64)
def letters(text: str, fold_diacritics: bool = True) -> Letters:
    """L(text), with offsets."""
    if fold_diacritics:
        return Letters(text.translate(_TABLE), text, True)
    folded = (fold_character(cluster, False) for _, cluster in _clusters(text, False))
    return Letters("".join(folded), text, False)


def _clusters(text: str, fold_diacritics: bool) -> list[tuple[int, str]]:
    if fold_diacritics or not any(map(unicodedata.combining, text)):
        return list(enumerate(text))
    found: list[tuple[int, str]] = []
    for i, character in enumerate(text):
        if unicodedata.combining(character) and found:
            found[-1] = (found[-1][0], found[-1][1] + character)
        else:
            found.append((i, character))
    return found


def fold_letters(text: str, fold_diacritics: bool = True) -> str:
    """L(text) as a plain string."""
    return text.translate(_TABLE) if fold_diacritics else letters(text, False).text


@functools.lru_cache(maxsize=32768)
def _fold_word(word: str, fold_diacritics: bool) -> str:
    if fold_diacritics:
        return word.translate(_TABLE)
    return "".join(fold_character(c, False) for _, c in _clusters(word, False))


@functools.cache
def _word_pattern(split_apostrophes: bool, split_hyphens: bool) -> re.Pattern[str]:
    joiners = ("" if split_apostrophes else "'’") + ("" if split_hyphens else r"\-‐‑")
    return re.compile(rf"{_RUN}(?:[{joiners}]{_RUN})*" if joiners else _RUN)


@functools.lru_cache(maxsize=256)
def letter_words(
    text: str,
    split_apostrophes: bool = True,
    split_hyphens: bool = True,
    fold_diacritics: bool = True,
) -> tuple[Word, ...]:
    """W(text), with offsets."""
    pattern = _word_pattern(split_apostrophes, split_hyphens)
    return tuple(
        [
            Word(letters, *found.span())
            for found in pattern.finditer(text)
            if (letters := _fold_word(found.group(), fold_diacritics))
        ]
    )


@functools.lru_cache(maxsize=256)
def spellings(text: str) -> tuple[str, ...]:
    """The letters of the words of W(text), in order: what is left of `words` without the places,
    at a third of the cost."""
    runs = _word_pattern(True, True).findall(text)
    return tuple([letters for run in runs if (letters := _fold_word(run, True))])


@functools.lru_cache(maxsize=64)
def lines(text: str) -> tuple[Line, ...]:
    """The lines that are not empty, trimmed."""
    return tuple(Line(found.group(), found.start()) for found in _LINE.finditer(text))


def stanzas(text: str) -> list[tuple[Line, ...]]:
    """The lines, grouped between empty lines."""
    cuts = [0, *(gap.end() for gap in _STANZA.finditer(text)), len(text)]
    groups = [
        tuple(line for line in lines(text) if a <= line.start < b)
        for a, b in itertools.pairwise(cuts)
    ]
    return [group for group in groups if group]


def vowels(y_vowel: bool) -> frozenset[str]:
    """a e i o u, with y where the flag counts it."""
    return VOWELS | {"y"} if y_vowel else VOWELS
