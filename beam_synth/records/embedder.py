"""The seam for vector models."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt


class Embedder(Protocol):
    """A vector model: `embed` gives float32[n, d] of unit norm; row i depends on texts[i] alone."""

    name: str
    revision: str  # of the weights
    dimension: int

    def embed(self, texts: Sequence[str]) -> npt.NDArray[np.float32]: ...
