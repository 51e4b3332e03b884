"""The seam for vector models: whatever has these four names can embed passages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt


class Embedder(Protocol):
    """A vector model. Name, revision and dimension go into the name of every file of vectors, so
    what changes a vector has to change one of them."""

    name: str  # "hashing:256"
    revision: str  # of the weights
    dimension: int  # d

    def embed(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """float32[n, d] of unit norm, a row a text; row i depends on texts[i] alone, to the bit."""
        ...
