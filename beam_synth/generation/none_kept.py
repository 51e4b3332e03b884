"""Stops a run whose model can do nothing of what a method asks, before all of it is paid for."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Callable, Iterable

from beam_synth.generation.stopping import Stop
from beam_synth.methods.declaration import Method
from beam_synth.records import REASONS, RULE, Outcome

NONE_KEPT_STOP = "none_kept"  # the reason of a stop
_SHOWN = 240  # characters of a reject's detail


@dataclasses.dataclass
class _Seen:
    """What a method's rejected tasks came to."""

    reasons: Counter[str] = dataclasses.field(default_factory=Counter)
    first: dict[str, str] = dataclasses.field(default_factory=dict)  # reason -> a detail


class NoneKept:
    """Counts the rejected tasks of methods that have kept none yet, in one process.

    A task counts where a model was asked, and no rule: what costs nothing may go on.

    Args:
        stop: is tripped where a method keeps none of as many tasks.
        most: tasks; 0 for no bound.
        method_of: gives a method by its name in the job.
    """

    def __init__(self, stop: Stop, most: int, method_of: Callable[[str], Method]) -> None:
        self._stop = stop
        self._most = most
        self._method_of = method_of
        self._kept: set[str] = set()
        self._seen: dict[str, _Seen] = {}

    def known(self, outcomes: Iterable[Outcome]) -> None:
        """Take outcomes of earlier starts: a method that has kept some is never stopped."""
        self._kept.update(each.method for each in outcomes if each.kind == "made")

    def saw(self, outcome: Outcome) -> None:
        """Take the outcome of a task that has just ended."""
        name = outcome.method
        if not self._most or name in self._kept:
            return
        if outcome.kind == "made":
            self._kept.add(name)
            self._seen.pop(name, None)
            return
        asked = any(not step["model"].startswith(RULE) for step in outcome.steps)
        if outcome.kind != "rejected" or not asked:
            return
        seen = self._seen.setdefault(name, _Seen())
        seen.reasons[outcome.reason] += 1
        seen.first.setdefault(outcome.reason, outcome.detail)
        if seen.reasons.total() >= self._most:
            self._stop.trip(NONE_KEPT_STOP, self._told(name, seen))

    def _told(self, name: str, seen: _Seen) -> str:
        reason, n = min(seen.reasons.items(), key=lambda item: (-item[1], item[0]))
        meaning = {**REASONS, **self._method_of(name).reasons}.get(reason, "")
        shown = f" ({seen.first[reason][:_SHOWN]})" if seen.first[reason] else ""
        return (
            f"{name}: none of its first {seen.reasons.total():,} tasks was kept, {n:,} for "
            f"{reason}: {meaning}{shown}. Look at its prompts and answers with beam-synth preview, "
            "take a model that can do it, or leave the method out of the mixture; to go on all the "
            "same: beam-synth resume RUN --keep-going"
        )
