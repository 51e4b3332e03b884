"""Outcomes: what became of a task."""

from __future__ import annotations

import dataclasses
from typing import Any, Literal


@dataclasses.dataclass(frozen=True)
class Outcome:
    """What became of one task: records, one reject, or one failure; and what it cost."""

    task_id: str  # 32 hex digits
    kind: Literal["made", "rejected", "failed"]
    method: str  # as in Task
    language: str
    reason: str = ""  # of `REASONS` or declared by the method; "" where records were made
    detail: str = ""  # what in this task it was
    records: tuple[dict[str, Any], ...] = ()  # rows of the schema of the method's config
    qualities: tuple[float, ...] = ()  # one a record
    raw: str = ""  # the text that was refused
    steps: tuple[dict[str, Any], ...] = ()  # for each call: step, model, tokens, tries
    # What judges said of its samples, also of those that they did not let pass:
    # {role, said, failed: [question], formal: whether all checks passed, noted}
    verdicts: tuple[dict[str, Any], ...] = ()
