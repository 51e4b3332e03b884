"""Tasks: the units of generation. A task is planned once; its id keys every draw made for it."""

from __future__ import annotations

import dataclasses


@dataclasses.dataclass(frozen=True)
class Task:
    """One unit of generation; carries ids, never text."""

    task_id: str  # 32 hex digits
    method: str  # "memorization" or "package.module:function"
    language: str
    passage_id: str  # "" where the task starts from a record; of a unit its first passage
    neighbors: tuple[str, ...]  # passage ids, nearest first
    index: int  # ordinal among the tasks of this seed and method
    parent: str = ""  # id of the record or instruction that it starts from
    file: str = ""  # file that holds the parent, relative to the run
    members: tuple[str, ...] = ()  # further passages of the unit (section, article), in order
    params: str = ""  # JSON object that the method's `tasks` gave; "" without
