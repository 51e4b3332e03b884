"""The only source of randomness: every draw is a keyed hash of (run seed, record key, purpose).

A bundle that is retried, re-ordered or run on another worker therefore draws the same values.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import TypeVar

T = TypeVar("T")
_TWO_53 = float(1 << 53)


def digest(*parts: object, size: int = 16) -> str:
    """Hex BLAKE2b of the parts; each part is length-prefixed, so ("ab","c") != ("a","bc")."""
    h = hashlib.blake2b(digest_size=size)
    for part in parts:
        raw = part if isinstance(part, bytes) else str(part).encode("utf-8", "surrogatepass")
        h.update(len(raw).to_bytes(8, "little"))
        h.update(raw)
    return h.hexdigest()


class Draw:
    """A counter-based generator over BLAKE2b; the n-th draw depends on the key and n alone."""

    def __init__(self, *key: object) -> None:
        self._key = bytes.fromhex(digest(*key, size=32))
        self._n = 0

    def bits(self) -> int:
        """The next 64 uniform bits."""
        h = hashlib.blake2b(self._n.to_bytes(8, "little"), key=self._key, digest_size=8)
        self._n += 1
        return int.from_bytes(h.digest(), "little")

    def uniform(self) -> float:
        """A float in [0, 1) with 53 random bits."""
        return (self.bits() >> 11) / _TWO_53

    def below(self, n: int) -> int:
        """An integer in [0, n); the bias is under n / 2**64."""
        if n <= 0:
            raise ValueError(f"below() needs n > 0, got {n}")
        return (self.bits() * n) >> 64

    def choice(self, items: Sequence[T]) -> T:
        """One item, uniformly."""
        return items[self.below(len(items))]

    def weighted(self, weights: Mapping[T, float]) -> T:
        """One key, with probability proportional to its weight (in the mapping's order)."""
        total = sum(weights.values())
        if total <= 0 or any(w < 0 for w in weights.values()):
            raise ValueError(f"weights must be non-negative with a positive sum, got {weights}")
        point = self.uniform() * total
        last = None
        for key, weight in weights.items():
            if weight > 0:
                last = key
                if point < weight:
                    return key
                point -= weight
        assert last is not None
        return last

    def shuffled(self, items: Sequence[T]) -> list[T]:
        """A new list with the items in random order (Fisher-Yates)."""
        out = list(items)
        for i in range(len(out) - 1, 0, -1):
            j = self.below(i + 1)
            out[i], out[j] = out[j], out[i]
        return out

    def sample(self, items: Sequence[T], k: int) -> list[T]:
        """k distinct items in random order; all of them when k exceeds their number."""
        out = list(items)
        wanted = min(k, len(out))
        for i in range(wanted):  # Fisher-Yates from the front, stopped when there are enough
            j = i + self.below(len(out) - i)
            out[i], out[j] = out[j], out[i]
        return out[:wanted]


def draw(run_seed: int, record_key: str, purpose: str) -> Draw:
    """The generator for one purpose of one record."""
    return Draw(run_seed, record_key, purpose)


def bucket_of(record_id: str, buckets: int) -> int:
    """Range partition of a hex id: bucket i holds ids whose first 64 bits lie in its i-th part.

    Buckets taken in order are therefore ids in order, which lets a shard be written in id order
    one bucket at a time.
    """
    return (int(record_id[:16], 16) * buckets) >> 64
