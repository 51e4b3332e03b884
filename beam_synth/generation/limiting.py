"""The first N tasks of a run by a hash of their ids, found without sorting them all.

A histogram of the hashes' first 16 bits says in which of 65,536 parts the N-th lies (0.5 MB,
whatever the number of tasks); only that part is sorted. This is one round of a radix selection.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from beam_synth.drawing import digest
from beam_synth.generation.task_lines import pack_tasks, unpack_tasks
from beam_synth.records import Reject, Task, reject

LAST_RANK = "f" * 32  # no rank is larger

PREFIX_BITS = 16  # of a rank: the resolution in which tasks.limit counts them

Histogram = npt.NDArray[np.int64]  # int64[2**PREFIX_BITS]


class Cut(NamedTuple):
    """Where the first ranks end: with all of smaller prefixes and `kept` of this one."""

    prefix: int  # 2**PREFIX_BITS where nothing is cut off
    kept: int  # at least 1 where something is


def rank(task_id: str) -> str:
    """A hash of the id, 32 hex digits: what is first by it is spread over all ids, and so over all
    shards."""
    return digest(task_id, "limit")


def prefix(rank: str) -> int:
    """The first PREFIX_BITS of a rank, as a number.

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


# ---------------------------------------------------------------- of packed tasks

Packed = tuple[int, bytes]  # (task bucket, packed tasks)


class KeptTasks(NamedTuple):
    """What a limit leaves of packed tasks."""

    packed: bytes
    tasks: int  # in `packed`
    rejects: list[Reject]  # "over_limit" or "over_token_budget", one for each other task


class Limit(NamedTuple):
    """How many tasks are kept, and of which."""

    tasks: int | None  # None: all
    method: str = ""  # whose tasks are counted, others pass; "": all
    tokens: int = 0  # of the method's budget that the number comes from

    def counts(self, task: Task) -> bool:
        """Whether the task is one of those that are counted."""
        return not self.method or task.method == self.method

    def turn_down(self, task: Task, stage: str) -> Reject:
        """The reject of a task that comes after the last one that is kept."""
        reason, detail = "over_limit", f"tasks.limit lets {self.tasks} of them be"
        if self.method:
            reason = "over_token_budget"
            detail = f"{self.tokens:,} tokens let {self.tasks} tasks of {self.method!r} be"
        return reject("rejected", stage, reason, detail, record_id=task.task_id)


def count_prefixes(element: Packed, limit: Limit) -> Histogram:
    """The histogram of packed tasks that are counted, by their ranks."""
    tasks = filter(limit.counts, unpack_tasks(element[1]))
    return histogram(rank(task.task_id) for task in tasks)


def budget_name(method: str) -> str:
    """The name of the stage that holds a method's token budget, in the accounts.

    >>> budget_name("my_package.my_module:entity_pairs")
    'BudgetEntityPairs'
    """
    return "Budget" + "".join(map(str.capitalize, method.rpartition(":")[2].split("_")))


def added(several: Iterable[Histogram]) -> Histogram:
    """The sum of histograms; zeros for none."""
    total = histogram(())
    for counts in several:
        total += counts
    return total


def ranks_of_cut(element: Packed, cut: Cut, limit: Limit) -> Iterator[str]:
    """The ranks of packed tasks that are counted and have the prefix of a cut."""
    for task in filter(limit.counts, unpack_tasks(element[1])):
        if prefix(rank(task.task_id)) == cut.prefix:
            yield rank(task.task_id)


def last_kept(ranks: Sequence[str], cut: Cut) -> str:
    """The last rank that is kept, from all ranks of the prefix of a cut, in any order.

    >>> last_kept(["0002c", "0002a", "0002b"], Cut(prefix=2, kept=2))
    '0002b'
    """
    return sorted(ranks)[cut.kept - 1] if cut.kept else LAST_RANK


def keep_first(data: bytes, last: str, limit: Limit, stage: str) -> KeptTasks:
    """The packed tasks up to the rank `last`, and all that are not counted; the others are rejects
    of that stage."""
    kept: list[Task] = []
    rejects: list[Reject] = []
    for task in unpack_tasks(data):
        if not limit.counts(task) or rank(task.task_id) <= last:
            kept.append(task)
        else:
            rejects.append(limit.turn_down(task, stage))
    return KeptTasks(pack_tasks(kept), len(kept), rejects)
