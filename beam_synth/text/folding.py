"""Words in the form in which texts are compared: case folded, without diacritics."""

from __future__ import annotations

import functools
import itertools
import re
import unicodedata

WORD = re.compile(r"[^\W\d_]+")


def fold(word: str) -> str:
    """A word case folded, without diacritics: the form in which names are compared.

    >>> fold("Łódź"), fold("Straße"), fold("Ærø")
    ('lodz', 'strasse', 'æro')
    """
    return word.lower() if word.isascii() else _folded(word)


@functools.lru_cache(maxsize=1 << 16)
def _folded(word: str) -> str:
    word = word.casefold().replace("ł", "l").replace("ø", "o")
    return "".join(
        itertools.filterfalse(unicodedata.combining, unicodedata.normalize("NFKD", word))
    )


@functools.lru_cache(maxsize=256)  # several questions are asked of the same texts
def text_words(text: str) -> frozenset[str]:
    """The words of a text (runs of letters), case folded. The last 256 texts are kept.

    >>> sorted(text_words("À l'été 1912"))
    ['l', 'à', 'été']
    """
    return frozenset(map(str.casefold, WORD.findall(text)))


def folded_words(text: str) -> frozenset[str]:
    """The words of a text, each folded.

    >>> sorted(folded_words("À l'été 1912"))
    ['a', 'ete', 'l']
    """
    words = text_words(text)
    if text.isascii():
        return words
    return frozenset([word if word.isascii() else _folded(word) for word in words])
