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
    """Hex BLAKE2b (RFC 7693) of the parts, of `size` bytes: 2 * size digits.

    Bytes are taken as they are, anything else as its `str`. Each part is length-prefixed.

    >>> digest("enwiki:736", 3, size=4)
    'ac67eb40'
    >>> digest("ab", "c") == digest("a", "bc")
    False
    """
    hasher = hashlib.blake2b(digest_size=size)
    for part in parts:
        raw = part if isinstance(part, bytes) else str(part).encode("utf-8", "surrogatepass")
        hasher.update(len(raw).to_bytes(8, "little"))
        hasher.update(raw)
    return hasher.hexdigest()


class Draw:
    """A counter-based generator over BLAKE2b; the n-th draw depends on the key and n alone.

    Counter-based as in Salmon et al., "Parallel random numbers: as easy as 1, 2, 3" (SC 2011):
    there is no state but the count, so generators of different keys share nothing.

    >>> Draw(7, "task").bits() == Draw(7, "task").bits()
    True
    """

    def __init__(self, *key: object) -> None:
        self._key = bytes.fromhex(digest(*key, size=32))
        self._drawn = 0  # blocks of 64 bits so far

    def bits(self) -> int:
        """The next 64 uniform bits, as an integer in [0, 2**64)."""
        block = hashlib.blake2b(self._drawn.to_bytes(8, "little"), key=self._key, digest_size=8)
        self._drawn += 1
        return int.from_bytes(block.digest(), "little")

    def uniform(self) -> float:
        """A float in [0, 1) with 53 random bits.

        >>> 0.0 <= Draw(7, "task").uniform() < 1.0
        True
        """
        return (self.bits() >> 11) / _TWO_53

    def below(self, n: int) -> int:
        """An integer in [0, n); the bias is under n / 2**64. Raises ValueError for n < 1.

        >>> generator = Draw(7, "dice")
        >>> [generator.below(6) + 1 for _ in range(5)]
        [2, 5, 4, 5, 2]
        """
        if n <= 0:
            raise ValueError(f"below() needs n > 0, got {n}")
        return (self.bits() * n) >> 64

    def choice(self, items: Sequence[T]) -> T:
        """One item, uniformly. Raises ValueError where there is none.

        >>> Draw(7, "task").choice("abc")
        'c'
        """
        return items[self.below(len(items))]

    def weighted(self, weights: Mapping[T, float]) -> T:
        """One key, with probability proportional to its weight; a weight of 0 is never drawn.

        The mapping's order counts. Raises ValueError where a weight is negative or all are 0.

        >>> Draw(7, "task").weighted({"positive": 0.0, "negative": 2.5})
        'negative'
        """
        total = sum(weights.values())
        if total <= 0 or any(weight < 0 for weight in weights.values()):
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
        """A new list with the items in random order (Fisher-Yates; len(items) - 1 draws).

        >>> Draw(7, "task").shuffled([1, 2, 3, 4])
        [1, 4, 2, 3]
        """
        shuffled = list(items)
        for i in range(len(shuffled) - 1, 0, -1):
            j = self.below(i + 1)
            shuffled[i], shuffled[j] = shuffled[j], shuffled[i]
        return shuffled

    def sample(self, items: Sequence[T], k: int) -> list[T]:
        """k distinct items in random order (min(k, len(items)) draws); all of them for a larger k.

        >>> Draw(7, "task").sample(["en", "fr", "de"], 2)
        ['de', 'en']
        """
        pool = list(items)
        wanted = min(k, len(pool))
        for i in range(wanted):  # Fisher-Yates from the front, stopped when there are enough
            j = i + self.below(len(pool) - i)
            pool[i], pool[j] = pool[j], pool[i]
        return pool[:wanted]


def draw(run_seed: int, record_key: str, purpose: str) -> Draw:
    """The generator for one purpose of one record, the same on every worker and in every retry.

    >>> draw(7, "3f2a", "style").below(100) == draw(7, "3f2a", "style").below(100)
    True
    """
    return Draw(run_seed, record_key, purpose)


def bucket_of(record_id: str, buckets: int) -> int:
    """Range partition of a hex id: bucket i holds ids whose first 64 bits lie in its i-th part.

    Buckets taken in order are therefore ids in order, which lets a shard be written in id order
    one bucket at a time. `record_id` has at least 16 hex digits.

    >>> [bucket_of(prefix + "0" * 31, 16) for prefix in "08f"]
    [0, 8, 15]
    """
    return (int(record_id[:16], 16) * buckets) >> 64
