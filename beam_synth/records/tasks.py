"""Tasks: the units of generation. A task is planned once; its id keys every draw made for it."""

from __future__ import annotations

import dataclasses


@dataclasses.dataclass(frozen=True)
class Task:
    """One unit of generation; carries ids, never text."""

    task_id: str  # 32 hex digits
    method: str  # "memorization" or "package.module:function"
    language: str
    passage_id: str  # "" where the task starts from a sample
    neighbors: tuple[str, ...]  # passage ids, nearest first
    index: int  # ordinal among the tasks of this (passage or sample, method)
    parent: str = ""  # synth_id of the sample that it starts from
    file: str = ""  # outcome file that holds the parent, relative to the run
