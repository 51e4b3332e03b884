"""The first N tasks of a run by a hash of their ids (`records.ranks` finds the N-th)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from beam_synth.drawing import digest
from beam_synth.generation.task_lines import pack_tasks, unpack_tasks
from beam_synth.records import Reject, Task, reject

Packed = tuple[int, bytes]  # (task bucket, packed tasks)


class KeptTasks(NamedTuple):
    """What a limit leaves of packed tasks."""

    packed: bytes
    tasks: int  # in `packed`
    rejects: list[Reject]  # "over_limit" or "over_token_budget", one for each other task


def rank(task_id: str) -> str:
    """A hash of the id, 32 hex digits: what is first by it is spread over all ids, and so over all
    shards."""
    return digest(task_id, "limit")


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


def ranks_of_tasks(element: Packed, limit: Limit) -> Iterator[str]:
    """The ranks of packed tasks that are counted, in order."""
    return (rank(task.task_id) for task in filter(limit.counts, unpack_tasks(element[1])))


def budget_name(method: str) -> str:
    """The name of the stage that holds a method's token budget, in the accounts.

    >>> budget_name("my_package.my_module:entity_pairs")
    'BudgetEntityPairs'
    """
    return "Budget" + "".join(map(str.capitalize, method.rpartition(":")[2].split("_")))


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
