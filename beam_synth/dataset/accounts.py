"""The run's accounts: nothing vanishes between stages.

For each stage in = passed + rejected + failed (+ unfinished in a run that was stopped), and what
goes in is what came out of the stages that it reads from.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from beam_synth.errors import Fault
from beam_synth.records import Count

_KINDS = ("in", "passed", "rejected", "failed", "unrecorded", "out", "unfinished")


class StageLink(NamedTuple):
    """A stage's place in the flow."""

    name: str  # label of the stage, as in counts and rejects
    reads: tuple[str, ...]  # names of the stages whose `out` it reads; none for a source


@dataclasses.dataclass(frozen=True)
class Account:
    """One stage's numbers of records. A stage may give several records (`out`) for one it took."""

    name: str
    sources: tuple[str, ...]  # the stages that it reads from
    entered: int
    passed: int
    rejected: dict[str, int]  # by reason, in order of the reasons; none is 0
    failed: dict[str, int]  # the same
    out: int  # records given to the stages that follow
    unfinished: int = 0  # put off by a stop; a resume takes them up
    # Of the rejected, those that are counted alone: no record of them lies in rejects/.
    unrecorded: dict[str, int] = dataclasses.field(default_factory=dict)

    @property
    def recorded(self) -> int:
        """How many of the rejected have a record."""
        return sum(self.rejected.values()) - sum(self.unrecorded.values())

    def as_json(self) -> dict[str, Any]:
        """The stage's entry in the manifest, in metrics.json and in status.json."""
        return {
            "name": self.name,
            "from": list(self.sources),
            "in": self.entered,
            "passed": self.passed,
            "rejected": self.rejected,
            "failed": sum(self.failed.values()),
            "failed_by": self.failed,
            "unrecorded": self.unrecorded,
            "out": self.out,
        }


def accounts(stages: Sequence[StageLink], counts: Iterable[Count]) -> list[Account]:
    """One Account a stage, in the order of `stages`, from addends in any order.

    A count is ((stage, kind, reason), number of records); the reason is "" but for "rejected" and
    "failed", and "unrecorded" of these. Raises Fault for a stage or a kind that is not known.

    >>> read = StageLink("Read", ())
    >>> counts = [(("Read", "in", ""), 2), (("Read", "rejected", "stub"), 1)]
    >>> [account] = accounts([read], [*counts, (("Read", "passed", ""), 1)])
    >>> account.entered, account.passed, account.rejected
    (2, 1, {'stub': 1})
    """
    sums: Counter[tuple[str, str, str]] = Counter()
    for key, n in counts:
        sums[key] += n
    names = {stage.name for stage in stages}
    for name, kind, _ in sums:
        if name not in names or kind not in _KINDS:
            raise Fault(f"a count of {kind!r} came from {name!r}, which is not a known stage")
    return [_account(stage, sums) for stage in stages]


def _account(link: StageLink, sums: Counter[tuple[str, str, str]]) -> Account:
    name = link.name

    def by_reason(kind: str) -> dict[str, int]:
        numbers = {r: n for (stage, k, r), n in sums.items() if (stage, k) == (name, kind) and n}
        return dict(sorted(numbers.items()))

    return Account(
        name,
        link.reads,
        entered=sums[name, "in", ""],
        passed=sums[name, "passed", ""],
        rejected=by_reason("rejected"),
        failed=by_reason("failed"),
        out=sums[name, "out", ""],
        unfinished=sums[name, "unfinished", ""],
        unrecorded=by_reason("unrecorded"),
    )


def check(stages: Sequence[Account], *, stopped: bool = False) -> None:
    """Raise Fault with the numbers of every stage whose sum is off.

    Of a stopped run only each stage's own sum is checked, with what it left unfinished.

    >>> check([Account("Read", (), 2, passed=1, rejected={}, failed={}, out=1)])
    Traceback (most recent call last):
    beam_synth.errors.Fault: the run's accounts are off:
      Read: in 2 is not passed 1 + rejected 0 + failed 0
    """
    out = {account.name: account.out for account in stages}
    faults = []
    for a in stages:
        ends = a.passed + sum(a.rejected.values()) + sum(a.failed.values()) + a.unfinished
        if a.entered != ends:
            faults.append(
                f"{a.name}: in {a.entered} is not passed {a.passed} + rejected "
                f"{sum(a.rejected.values())} + failed {sum(a.failed.values())}"
                + (f" + unfinished {a.unfinished}" if a.unfinished else "")
            )
        faults += [
            f"{a.name}: {n} {reason} are without a record, but {a.rejected.get(reason, 0)} rejected"
            for reason, n in a.unrecorded.items()
            if n > a.rejected.get(reason, 0)
        ]
        given = sum(out[source] for source in a.sources)
        if a.sources and a.entered != given and not stopped:
            faults.append(f"{a.name}: in {a.entered} is not the {given} out of {_and(a.sources)}")
    if faults:
        raise Fault("the run's accounts are off:\n  " + "\n  ".join(faults))


def check_rejects(stages: Sequence[Account], parts: Iterable[tuple[str, str, int]]) -> None:
    """Raise Fault unless there is one record for each rejected or failed one counted, those aside
    that are counted as unrecorded.

    `parts` are (stage, kind, number of records written), in any order and with repeats; kind is
    "rejected" or "failed".

    >>> split = Account("Split", ("Read",), 1, passed=0, rejected={"stub": 1}, failed={}, out=0)
    >>> check_rejects([split], [("Split", "rejected", 1)])
    """
    written: Counter[tuple[str, str]] = Counter()
    for stage, kind, n in parts:
        written[stage, kind] += n
    counted = Counter(
        {(a.name, "rejected"): a.recorded for a in stages}
        | {(a.name, "failed"): sum(a.failed.values()) for a in stages}
    )
    faults = [
        f"{stage}: {counted[stage, kind]} {kind}, but {written[stage, kind]} records of them"
        for stage, kind in sorted(counted.keys() | written.keys())
        if counted[stage, kind] != written[stage, kind]
    ]
    if faults:
        raise Fault("the run's accounts are off:\n  " + "\n  ".join(faults))


def counted_alone(stages: Iterable[Account]) -> str:
    """A sentence about what was rejected and has no record; "" where everything has one.

    >>> limit = Account("Limit", (), 9, 2, {"over_limit": 7}, {}, 2, unrecorded={"over_limit": 7})
    >>> counted_alone([limit])
    'Counted, without a record of each (tasks.keep_left_out): 7 over_limit (Limit).'
    """
    parts = [f"{n:,} {reason} ({a.name})" for a in stages for reason, n in a.unrecorded.items()]
    kept = f"Counted, without a record of each (tasks.keep_left_out): {', '.join(parts)}."
    return kept if parts else ""


def _and(names: Sequence[str]) -> str:
    return " and ".join(names)
