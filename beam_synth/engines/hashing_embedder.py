"""The embedder that needs nothing: hashed words, for tests and for trying a job out."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Sequence
from itertools import pairwise

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
        vectors: npt.NDArray[np.float64] = np.zeros((len(texts), self.dimension), np.float64)
        for row, text in enumerate(texts):
            for term in _terms(text.casefold()):
                hashed = zlib.crc32(term.encode())
                vectors[row, (hashed >> 1) % self.dimension] += 1.0 if hashed & 1 else -1.0
        vectors = np.sign(vectors) * np.sqrt(np.abs(vectors))
        vectors[~vectors.any(axis=1), 0] = 1.0
        vectors /= np.sqrt((vectors * vectors).sum(axis=1, keepdims=True))
        return vectors


def _terms(text: str) -> Iterator[str]:
    if not is_unspaced(text):
        for word in _TERM.findall(text):
            yield from (word, word[:4] + "*")
        return
    for word, following in pairwise([*words(text), ""]):
        if not is_unspaced(word):
            yield from (word, word[:4] + "*")
        elif is_unspaced(following):
            yield word + following
