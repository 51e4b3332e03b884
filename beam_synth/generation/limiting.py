"""The first N tasks of a run by a hash of their ids (`records.ranks` finds the N-th).

Tasks stay the lines that they travel as: of millions a limit keeps a few, and an id can be read
without parsing its line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from beam_synth.drawing import digest
from beam_synth.generation.task_lines import line_id, pack_lines, task_of, unpack_lines
from beam_synth.records import Reject, reject

Packed = tuple[int, bytes]  # (task bucket, packed tasks)

OVER_LIMIT = "over_limit"


class KeptTasks(NamedTuple):
    """What a limit leaves of packed tasks."""

    packed: bytes
    tasks: int  # in `packed`
    rejects: list[Reject]  # "over_limit" or "over_token_budget", one for each other task
    unrecorded: dict[str, int]  # reason -> other tasks that have none


def rank(task_id: str | bytes) -> str:
    """A hash of the id, 32 hex digits: what is first by it is spread over all ids, and so over all
    shards."""
    return digest(task_id, "limit")


class Limit(NamedTuple):
    """How many tasks are kept, and of which."""

    tasks: int | None  # None: all
    method: str = ""  # whose tasks are counted, others pass; "": all
    tokens: int = 0  # of the method's budget that the number comes from
    recorded: bool = True  # whether each task that is left out gets a reject

    def counts(self, line: bytes) -> bool:
        """Whether the task of a line is one of those that are counted."""
        return not self.method or task_of(line).method == self.method

    def turn_down(self, task_id: str, stage: str) -> Reject:
        """The reject of a task that comes after the last one that is kept."""
        reason, detail = OVER_LIMIT, f"tasks.limit lets {self.tasks} of them be"
        if self.method:
            reason = "over_token_budget"
            detail = f"{self.tokens:,} tokens let {self.tasks} tasks of {self.method!r} be"
        return reject("rejected", stage, reason, detail, record_id=task_id)


def ranks_of_tasks(element: Packed, limit: Limit) -> Iterator[str]:
    """The ranks of packed tasks that are counted, in order."""
    return (rank(line_id(line)) for line in filter(limit.counts, unpack_lines(element[1])))


def budget_name(method: str) -> str:
    """The name of the stage that holds a method's token budget, in the accounts.

    >>> budget_name("my_package.my_module:entity_pairs")
    'BudgetEntityPairs'
    """
    return "Budget" + "".join(map(str.capitalize, method.rpartition(":")[2].split("_")))


def keep_tasks(data: bytes, lets: Callable[[str], bool], limit: Limit, stage: str) -> KeptTasks:
    """The packed tasks whose rank `lets` pass, and all that are not counted; the others are rejects
    of that stage, or a number where the limit records none."""
    lines, kept = unpack_lines(data), []
    rejects: list[Reject] = []
    for line in lines:
        if not limit.counts(line) or lets(rank(line_id(line))):
            kept.append(line)
        elif limit.recorded:
            rejects.append(limit.turn_down(line_id(line).decode(), stage))
    left_out = len(lines) - len(kept) - len(rejects)
    packed = data if len(kept) == len(lines) else pack_lines(kept)
    return KeptTasks(packed, len(kept), rejects, {OVER_LIMIT: left_out} if left_out else {})
