"""Packing: documents end to end in rows of equal length, with nothing padded and nothing lost."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import numpy.typing as npt

Ids = npt.NDArray[np.int64]


def pack_documents(documents: Iterable[list[int]], length: int) -> Iterator[tuple[Ids, Ids]]:
    """Rows (tokens int64[length], positions int64[length]) that together are the token stream.

    Positions restart at each document, which is how the model tells documents apart: attention
    stays within one. A document that does not fit goes on in the next row, at position 0 again.
    The last, incomplete row is left out.
    """
    if length < 1:
        raise ValueError(f"length must be positive, got {length}")
    tokens: list[int] = []
    positions: list[int] = []
    for document in documents:
        at = 0
        while at < len(document):
            taken = document[at : at + length - len(tokens)]
            tokens += taken
            positions += range(len(taken))
            at += len(taken)
            if len(tokens) == length:
                yield np.array(tokens, np.int64), np.array(positions, np.int64)
                tokens, positions = [], []
