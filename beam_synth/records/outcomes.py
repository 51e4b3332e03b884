"""Outcomes: what became of a task."""

from __future__ import annotations

import dataclasses
from typing import Any, Literal


@dataclasses.dataclass(frozen=True)
class Outcome:
    """What became of one task: samples, one reject, or one failure; and what it cost."""

    task_id: str  # 32 hex digits
    kind: Literal["sample", "rejected", "failed"]
    method: str  # as in Task
    language: str
    reason: str = ""  # one of REASONS; "" for a sample
    detail: str = ""  # what in this task it was
    samples: tuple[dict[str, Any], ...] = ()  # rows of SAMPLE_SCHEMA
    qualities: tuple[float, ...] = ()  # one a sample
    raw: str = ""  # the text that was refused
    steps: tuple[dict[str, Any], ...] = ()  # for each call: step, model, tokens, tries
