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
    rejects: list[Reject]  # "over_limit", one for each other task


def rank(task_id: str) -> str:
    """A hash of the id, 32 hex digits: what is first by it is spread over all ids, and so over all
    shards."""
    return digest(task_id, "limit")


def ranks_of_tasks(element: Packed) -> Iterator[str]:
    """The ranks of packed tasks, in order."""
    return (rank(task.task_id) for task in unpack_tasks(element[1]))


def keep_first(data: bytes, last: str, limit: int | None, stage: str) -> KeptTasks:
    """The packed tasks up to the rank `last`; the others are rejects of that stage.

    `limit` is the number behind `last`, for the rejects' detail.
    """
    kept: list[Task] = []
    rejects: list[Reject] = []
    detail = f"tasks.limit lets {limit} of them be"
    for task in unpack_tasks(data):
        if rank(task.task_id) <= last:
            kept.append(task)
        else:
            rejects.append(reject("rejected", stage, "over_limit", detail, record_id=task.task_id))
    return KeptTasks(pack_tasks(kept), len(kept), rejects)
