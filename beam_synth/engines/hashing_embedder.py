"""The embedder that needs nothing: hashed words, for tests and for trying a job out."""

from __future__ import annotations

import functools
import re
import zlib
from collections.abc import Sequence
from itertools import chain, pairwise

import numpy as np
import numpy.typing as npt

from beam_synth.text.scripts import is_unspaced
from beam_synth.text.sentences import words

_TERM = re.compile(r"[^\W_]+")
_ROWS = 1024  # texts hashed at once, in float64 and some copies of it: 2 MB each


class HashingEmbedder:
    """Signed feature hashing of words and their 4-letter prefixes: no weights, no understanding.
    Of scripts without spaces pairs of letters are hashed.

    The hashing trick of Weinberger et al. (ICML 2009), with the square root of each sum taken so
    that frequent words do not drown the others. Neighbours share words, nothing else is known.

    >>> embedder = HashingEmbedder(64)
    >>> harbour, port, physics = embedder.embed(["a stone harbour", "stone harbours", "quarks"])
    >>> float(harbour @ port) > float(harbour @ physics)
    True
    """

    revision = "1.1"

    def __init__(self, dimension: int = 256) -> None:
        self.dimension = dimension
        self.name = f"hashing:{dimension}"

    def embed(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """float32[n, dimension] of unit norm; a text without words gets the first axis.

        >>> vectors = HashingEmbedder(8).embed(["", "harbour"])
        >>> vectors.shape, vectors[0].tolist()
        ((2, 8), [1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0])
        """
        found = np.empty((len(texts), self.dimension), np.float32)
        for start in range(0, len(texts), _ROWS):
            found[start : start + _ROWS] = self._rows(texts[start : start + _ROWS])
        return found

    def _rows(self, texts: Sequence[str]) -> npt.NDArray[np.float64]:
        sums = [self._sums(_hashes(text.casefold())) for text in texts]
        vectors: npt.NDArray[np.float64] = np.array(sums).reshape(len(texts), self.dimension)
        vectors = np.sign(vectors) * np.sqrt(np.abs(vectors))
        vectors[~vectors.any(axis=1), 0] = 1.0
        vectors /= np.sqrt((vectors * vectors).sum(axis=1, keepdims=True))
        return vectors

    def _sums(self, hashes: Sequence[int]) -> npt.NDArray[np.float64]:
        """float64[dimension]: each hash adds 1 or -1 at its place."""
        hashed = np.array(hashes, np.int64)
        signs = (hashed & 1) * 2.0 - 1.0
        places = (hashed >> 1) % self.dimension
        return np.bincount(places, signs, self.dimension).astype(np.float64, copy=False)


def _hashes(text: str) -> list[int]:
    """The hash of each term, in 32 bits."""
    if not is_unspaced(text):
        return list(chain.from_iterable(map(_word_hashes, _TERM.findall(text))))
    found: list[int] = []
    for word, following in pairwise([*words(text), ""]):
        if not is_unspaced(word):
            found += _word_hashes(word)
        elif is_unspaced(following):
            found.append(zlib.crc32((word + following).encode()))
    return found


@functools.lru_cache(maxsize=1 << 16)  # the words of a language are few and come again
def _word_hashes(word: str) -> tuple[int, int]:
    return zlib.crc32(word.encode()), zlib.crc32((word[:4] + "*").encode())
