"""The first N records by a hash of their ids, found without sorting them all.

A histogram of the hashes' first 16 bits says in which of 65,536 parts the N-th lies (0.5 MB,
whatever the number of records); only that part is sorted. This is one round of a radix selection.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

LAST_RANK = "f" * 32  # no rank is larger

PREFIX_BITS = 16  # of a rank: the resolution in which ranks are counted

Element = TypeVar("Element")

Histogram = npt.NDArray[np.int64]  # int64[2**PREFIX_BITS]


class Cut(NamedTuple):
    """Where the first ranks end: with all of smaller prefixes and `kept` of this one."""

    prefix: int  # 2**PREFIX_BITS where nothing is cut off
    kept: int  # at least 1 where something is


def prefix(rank: str) -> int:
    """The first PREFIX_BITS of a rank (32 hex digits), as a number.

    >>> prefix("00ff0000000000000000000000000000")
    255
    """
    return int(rank[: PREFIX_BITS // 4], 16)


def histogram(ranks: Iterable[str]) -> Histogram:
    """How many ranks have each prefix.

    >>> histogram(["0000a", "0000b", "0002a"])[:3]
    array([2, 0, 1])
    """
    prefixes = np.fromiter(map(prefix, ranks), np.int64)
    return np.bincount(prefixes, minlength=1 << PREFIX_BITS).astype(np.int64)


def histogram_of(element: Element, ranks_of: Callable[[Element], Iterable[str]]) -> Histogram:
    """The histogram of an element that holds several records; `ranks_of` gives their ranks."""
    return histogram(ranks_of(element))


def added(several: Iterable[Histogram]) -> Histogram:
    """The sum of histograms; zeros for none."""
    total = histogram(())
    for counts in several:
        total += counts
    return total


def cut(counts: Histogram, limit: int) -> Cut:
    """Where the first `limit` ranks end, from the histogram of all.

    >>> counts = histogram(["0000a", "0000b", "0002a", "0002b", "0002c"])
    >>> cut(counts, 3), cut(counts, 5)
    (Cut(prefix=2, kept=1), Cut(prefix=65536, kept=0))
    """
    below = np.cumsum(counts)
    if below[-1] <= limit:
        return Cut(1 << PREFIX_BITS, 0)
    last = int(np.searchsorted(below, limit))
    return Cut(last, limit - int(below[last] - counts[last]))


class Bar:
    """Tells what may be among the first `limit` ranks of all by those that it has seen.

    Each rank is to be shown once. What it lets pass holds the first `limit` of all, whatever their
    order, and little more: of n ranks in random order about limit * (1 + log(n / limit)), and what
    shares the last one's prefix. Memory is 0.5 MB.

    >>> bar = Bar(1)
    >>> [bar.lets(rank) for rank in ("00070", "00090", "00050", "00070")]
    [True, False, True, False]
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._counts = [0] * (1 << PREFIX_BITS)
        self._passed = 0  # of prefixes up to the highest one that passes
        self._highest = (1 << PREFIX_BITS) - 1 if limit else -1

    def lets(self, rank: str) -> bool:
        """Whether a rank may be among the first."""
        number = prefix(rank)
        if number > self._highest:
            return False
        self._counts[number] += 1
        self._passed += 1
        while self._passed - self._counts[self._highest] >= self._limit:
            self._passed -= self._counts[self._highest]
            self._highest -= 1
        return True


def ranks_of_cut(
    element: Element, ranks_of: Callable[[Element], Iterable[str]], cut: Cut
) -> Iterator[str]:
    """Those of an element's ranks that have the prefix of a cut."""
    return (rank for rank in ranks_of(element) if prefix(rank) == cut.prefix)


def last_kept(ranks: Sequence[str], cut: Cut) -> str:
    """The last rank that is kept, from all ranks of the prefix of a cut, in any order.

    >>> last_kept(["0002c", "0002a", "0002b"], Cut(prefix=2, kept=2))
    '0002b'
    """
    return sorted(ranks)[cut.kept - 1] if cut.kept else LAST_RANK
