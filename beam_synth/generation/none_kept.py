"""Stops a run whose model can do nothing of what a method asks, or whose judge lets nothing pass,
before all of it is paid for."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Callable, Iterable, Mapping

from beam_synth.generation.stopping import Stop
from beam_synth.judges.verdicts import JUDGE_REASONS
from beam_synth.methods.declaration import Method
from beam_synth.records import REASONS, RULE, Outcome

NONE_KEPT_STOP = "none_kept"  # the reason of a stop
_SHOWN = 240  # characters of a reject's detail


@dataclasses.dataclass
class _Seen:
    """What a method's rejected tasks came to."""

    reasons: Counter[str] = dataclasses.field(default_factory=Counter)
    first: dict[str, str] = dataclasses.field(default_factory=dict)  # reason -> a detail

    def add(self, outcome: Outcome) -> int:
        """Take a reject; how many there are then."""
        self.reasons[outcome.reason] += 1
        self.first.setdefault(outcome.reason, outcome.detail)
        return self.reasons.total()

    def told(self, meanings: Mapping[str, str]) -> str:
        """The commonest reason, what it means, and what it was in one task."""
        reason, n = min(self.reasons.items(), key=lambda item: (-item[1], item[0]))
        shown = f" ({self.first[reason][:_SHOWN]})" if self.first[reason] else ""
        return f"{n:,} for {reason}: {meanings.get(reason, '')}{shown}"


class NoneKept:
    """Counts the rejected tasks of methods that have kept none yet, in one process, and, over all
    methods, what a judge turned down before it let anything pass.

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
        self._judge: _Seen | None = _Seen()  # None once it has let a sample pass

    def known(self, outcomes: Iterable[Outcome]) -> None:
        """Take outcomes of earlier starts: a method that has kept some is never stopped."""
        for each in outcomes:
            if each.kind == "made":
                self._kept.add(each.method)
                if each.verdicts:
                    self._judge = None

    def saw(self, outcome: Outcome) -> None:
        """Take the outcome of a task that has just ended."""
        if not self._most:
            return
        self._saw_judge(outcome)
        name = outcome.method
        if name in self._kept:
            return
        if outcome.kind == "made":
            self._kept.add(name)
            self._seen.pop(name, None)
            return
        asked = any(not step["model"].startswith(RULE) for step in outcome.steps)
        if outcome.kind != "rejected" or not asked:
            return
        seen = self._seen.setdefault(name, _Seen())
        if seen.add(outcome) >= self._most:
            self._stop.trip(NONE_KEPT_STOP, self._told(name, seen))

    def _saw_judge(self, outcome: Outcome) -> None:
        """Take what a judge made of a task whose samples passed all checks."""
        if self._judge is None:
            return
        let_pass = outcome.kind == "made" or outcome.reason == "auditor_rejects"
        if let_pass and outcome.verdicts:
            self._judge = None
        elif outcome.reason in JUDGE_REASONS and self._judge.add(outcome) >= self._most:
            told = self._judge.told(REASONS)
            self._stop.trip(NONE_KEPT_STOP, _of_judge(self._most, told))

    def _told(self, name: str, seen: _Seen) -> str:
        meanings = {**REASONS, **self._method_of(name).reasons}
        if set(seen.reasons) <= JUDGE_REASONS:
            return _of_judge(seen.reasons.total(), seen.told(meanings), f" of {name}")
        return (
            f"{name}: none of its first {seen.reasons.total():,} tasks was kept, "
            f"{seen.told(meanings)}. Look at its prompts and answers with beam-synth preview, "
            "take a model that can do it, or leave the method out of the mixture; to go on all the "
            "same: beam-synth resume RUN --keep-going"
        )


def _of_judge(n: int, told: str, which: str = "") -> str:
    return (
        f"the judge let none of the first {n:,} samples{which} pass, {told}. Read with beam-synth "
        "preview what it says; if the samples are good, take another judge (models.judge), or none "
        "(judge: off), in a new run; to go on all the same: beam-synth resume RUN --keep-going"
    )
