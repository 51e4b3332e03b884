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
    """The letters of a text, folded, with the places that they come from."""

    text: str  # the folded letters
    source: str  # the text that they come from
    fold_diacritics: bool

    @functools.cached_property
    def at(self) -> tuple[int, ...]:
        """For each letter the offset in `source` of its character; "œ" gives two letters one."""
        clusters = _with_marks(self.source, self.fold_diacritics)
        return tuple(
            i for i, cluster in clusters for _ in fold_character(cluster, self.fold_diacritics)
        )


class Word(NamedTuple):
    """A word of W(text) and its place."""

    letters: str  # folded, not empty
    start: int  # in characters of the text
    end: int


@dataclasses.dataclass(frozen=True)
class Line:
    """A line and its place."""

    text: str  # trimmed, not empty
    start: int  # in characters of the text, of the first that is no white space

    @property
    def end(self) -> int:
        """Where the trimmed line ends, in characters of the text."""
        return self.start + len(self.text)


@functools.lru_cache(maxsize=8192)
def fold_character(cluster: str, fold_diacritics: bool = True) -> str:
    """The letters that one character (with its combining marks) stands for; "" if it is none.

    >>> fold_character("É"), fold_character("ß"), fold_character("7"), fold_character("É", False)
    ('e', 'ss', '', 'é')
    """
    plain = unicodedata.normalize("NFKD", cluster).casefold()
    if fold_diacritics:
        plain = "".join(
            character for character in unicodedata.normalize("NFKD", plain) if character.isalpha()
        )
    else:
        plain = unicodedata.normalize("NFC", plain)
    return "".join(_EXTRA.get(character, character) for character in plain if character.isalpha())


class _FoldingTable(dict[int, str]):
    """A table for `str.translate` that folds characters as they are met."""

    def __missing__(self, code: int) -> str:
        folded = self[code] = fold_character(chr(code))
        return folded


_FOLDING = _FoldingTable()


@functools.lru_cache(maxsize=64)
def letters(text: str, fold_diacritics: bool = True) -> Letters:
    """L(text), with offsets.

    >>> letters("Cœur!").text, letters("Cœur!").at
    ('coeur', (0, 1, 1, 2, 3))
    """
    if fold_diacritics:
        return Letters(text.translate(_FOLDING), text, True)
    folded = (fold_character(cluster, False) for _, cluster in _with_marks(text, False))
    return Letters("".join(folded), text, False)


def _with_marks(text: str, fold_diacritics: bool) -> list[tuple[int, str]]:
    if fold_diacritics or not any(map(unicodedata.combining, text)):
        return list(enumerate(text))
    clusters: list[tuple[int, str]] = []
    for i, character in enumerate(text):
        if unicodedata.combining(character) and clusters:
            clusters[-1] = (clusters[-1][0], clusters[-1][1] + character)
        else:
            clusters.append((i, character))
    return clusters


def fold_letters(text: str, fold_diacritics: bool = True) -> str:
    """L(text) as a plain string, without offsets: several times as fast.

    >>> fold_letters("Où est-ce?"), fold_letters("Où est-ce?", fold_diacritics=False)
    ('ouestce', 'oùestce')
    """
    return text.translate(_FOLDING) if fold_diacritics else letters(text, False).text


@functools.lru_cache(maxsize=32768)
def _fold_word(word: str, fold_diacritics: bool) -> str:
    if fold_diacritics:
        return word.translate(_FOLDING)
    return "".join(fold_character(cluster, False) for _, cluster in _with_marks(word, False))


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
    """W(text), with offsets. By the flags, apostrophes and hyphens part words, and diacritics are
    folded.

    >>> [word.letters for word in letter_words("L'été, peut-être")]
    ['l', 'ete', 'peut', 'etre']
    >>> letter_words("Aujourd'hui", split_apostrophes=False)
    (Word(letters='aujourdhui', start=0, end=11),)
    """
    pattern = _word_pattern(split_apostrophes, split_hyphens)
    return tuple(
        [
            Word(letters, *match.span())
            for match in pattern.finditer(text)
            if (letters := _fold_word(match.group(), fold_diacritics))
        ]
    )


@functools.lru_cache(maxsize=256)
def spellings(text: str) -> tuple[str, ...]:
    """The letters of the words of W(text), in order: `letter_words` without places, at a third of
    the cost.

    >>> spellings("Der Straße nach")
    ('der', 'strasse', 'nach')
    """
    runs = _word_pattern(True, True).findall(text)
    return tuple([letters for run in runs if (letters := _fold_word(run, True))])


@functools.lru_cache(maxsize=64)
def lines(text: str) -> tuple[Line, ...]:
    r"""The lines that are not empty, trimmed.

    >>> lines("one\n\n  two ")
    (Line(text='one', start=0), Line(text='two', start=7))
    """
    return tuple(Line(match.group(), match.start()) for match in _LINE.finditer(text))


def stanzas(text: str) -> list[tuple[Line, ...]]:
    r"""The lines, grouped between empty lines.

    >>> [len(group) for group in stanzas("a\nb\n\nc")]
    [2, 1]
    """
    cuts = [0, *(gap.end() for gap in _STANZA.finditer(text)), len(text)]
    groups = [
        tuple(line for line in lines(text) if a <= line.start < b)
        for a, b in itertools.pairwise(cuts)
    ]
    return [group for group in groups if group]


def vowels(y_vowel: bool) -> frozenset[str]:
    """a e i o u, with y where the flag counts it.

    >>> "".join(sorted(vowels(y_vowel=True)))
    'aeiouy'
    """
    return VOWELS | {"y"} if y_vowel else VOWELS
