"""The first N tasks of a run by a hash of their ids, found without sorting them all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import numpy.typing as npt

from beam_synth.drawing import digest
from beam_synth.generation.task_lines import pack_tasks, unpack_tasks
from beam_synth.records import Reject, Task, reject

LAST_RANK = "f" * 32

PREFIX_BITS = 16  # of a rank: the resolution in which tasks.limit counts them

Histogram = npt.NDArray[np.int64]


def rank(task_id: str) -> str:
    """A hash of the id: what is first by it is spread over all ids, and so over all shards."""
    return digest(task_id, "limit")


def prefix(rank: str) -> int:
    """The first PREFIX_BITS of a rank."""
    return int(rank[: PREFIX_BITS // 4], 16)


def histogram(ranks: Iterable[str]) -> Histogram:
    """How many ranks have each prefix."""
    prefixes = np.fromiter(map(prefix, ranks), np.int64)
    return np.bincount(prefixes, minlength=1 << PREFIX_BITS).astype(np.int64)


def cut(counts: Histogram, limit: int) -> tuple[int, int]:
    """(prefix, n): the first `limit` ranks are all of smaller prefixes and n >= 1 of this one.

    The prefix is 2**PREFIX_BITS when there are no more than `limit` ranks.
    """
    below = np.cumsum(counts)
    if below[-1] <= limit:
        return 1 << PREFIX_BITS, 0
    at = int(np.searchsorted(below, limit))
    return at, limit - int(below[at] - counts[at])


# ---------------------------------------------------------------- of packed tasks

Packed = tuple[int, bytes]  # (task bucket, packed tasks)


def count_prefixes(element: Packed) -> Histogram:
    """`histogram` of packed tasks."""
    return histogram(rank(task.task_id) for task in unpack_tasks(element[1]))


def added(several: Iterable[Histogram]) -> Histogram:
    """The sum of histograms."""
    total = histogram(())
    for counts in several:
        total += counts
    return total


def ranks_of_cut(element: Packed, at: tuple[int, int]) -> Iterator[str]:
    """The ranks of packed tasks that have the prefix of a `cut`."""
    for task in unpack_tasks(element[1]):
        if prefix(rank(task.task_id)) == at[0]:
            yield rank(task.task_id)


def last_kept(ranks: Sequence[str], at: tuple[int, int]) -> str:
    """The last rank that is kept, from all ranks of the prefix of a `cut`."""
    return sorted(ranks)[at[1] - 1] if at[1] else LAST_RANK


def keep_first(
    data: bytes, last: str, limit: int | None, stage: str
) -> tuple[bytes, int, list[Reject]]:
    """The packed tasks up to the rank `last`, their number, and rejects of the others."""
    kept: list[Task] = []
    rejects: list[Reject] = []
    detail = f"tasks.limit lets {limit} of them be"
    for task in unpack_tasks(data):
        if rank(task.task_id) <= last:
            kept.append(task)
        else:
            rejects.append(reject("rejected", stage, "over_limit", detail, record_id=task.task_id))
    return pack_tasks(kept), len(kept), rejects
