"""Packing: documents end to end in rows of equal length, with nothing padded and nothing lost.

As in the training of GPT-3 (Brown et al. 2020), with attention that stays within a document as in
that of Llama 3 (Grattafiori et al. 2024, section 3.2).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Ids = npt.NDArray[np.int64]


class PackedRow(NamedTuple):
    """One row of a batch."""

    tokens: Ids  # int64[length]: token ids
    positions: Ids  # int64[length]: of each token within its piece of a document, from 0


def pack_documents(documents: Iterable[list[int]], length: int) -> Iterator[PackedRow]:
    """Rows of `length` tokens that together are the token stream.

    Positions restart at each document, which is how the model tells documents apart: attention
    stays within one. A document that does not fit goes on in the next row, at position 0 again.
    The last, incomplete row is left out. Holds one row and one document; `documents` may be
    without end. Raises ValueError for a length below 1.

    >>> for row in pack_documents([[5, 6, 7], [8, 9], [4]], length=4):
    ...     print(row.tokens, row.positions)
    [5 6 7 8] [0 1 2 0]
    """
    if length < 1:
        raise ValueError(f"length must be positive, got {length}")
    tokens: list[int] = []
    positions: list[int] = []
    for document in documents:
        start = 0
        while start < len(document):
            piece = document[start : start + length - len(tokens)]
            tokens += piece
            positions += range(len(piece))
            start += len(piece)
            if len(tokens) == length:
                yield PackedRow(np.array(tokens, np.int64), np.array(positions, np.int64))
                tokens, positions = [], []
