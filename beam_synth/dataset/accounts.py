"""The run's accounts: nothing vanishes between stages (in = passed + rejected + failed)."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from beam_synth.errors import Fault
from beam_synth.records import Count

_KINDS = ("in", "passed", "rejected", "failed", "out", "unfinished")


class StageLink(NamedTuple):
    """A stage's place in the flow: its name, and those of the stages whose `out` it reads."""

    name: str
    reads: tuple[str, ...]


@dataclasses.dataclass(frozen=True)
class Account:
    """One stage's numbers of records; `sources` are the stages that it reads from."""

    name: str
    sources: tuple[str, ...]
    entered: int
    passed: int
    rejected: dict[str, int]
    failed: dict[str, int]
    out: int
    unfinished: int = 0  # put off by a stop; a resume takes them up

    def as_json(self) -> dict[str, Any]:
        """The stage's entry in the manifest."""
        return {
            "name": self.name,
            "from": list(self.sources),
            "in": self.entered,
            "passed": self.passed,
            "rejected": self.rejected,
            "failed": sum(self.failed.values()),
            "failed_by": self.failed,
            "out": self.out,
        }


def accounts(stages: Sequence[StageLink], counts: Iterable[Count]) -> list[Account]:
    """One Account a stage, in the order of `stages`, from addends in any order.

    Raises Fault for a stage or a kind that is not known.
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
        found = {r: n for (stage, k, r), n in sums.items() if (stage, k) == (name, kind) and n}
        return dict(sorted(found.items()))

    return Account(
        name,
        link.reads,
        entered=sums[name, "in", ""],
        passed=sums[name, "passed", ""],
        rejected=by_reason("rejected"),
        failed=by_reason("failed"),
        out=sums[name, "out", ""],
        unfinished=sums[name, "unfinished", ""],
    )


def check(found: Sequence[Account], *, stopped: bool = False) -> None:
    """Raise Fault with the numbers of every stage whose sum is off.

    Of a stopped run only each stage's own sum is checked, with what it left unfinished.
    """
    out = {account.name: account.out for account in found}
    faults = []
    for a in found:
        ends = a.passed + sum(a.rejected.values()) + sum(a.failed.values()) + a.unfinished
        if a.entered != ends:
            faults.append(
                f"{a.name}: in {a.entered} is not passed {a.passed} + rejected "
                f"{sum(a.rejected.values())} + failed {sum(a.failed.values())}"
                + (f" + unfinished {a.unfinished}" if a.unfinished else "")
            )
        given = sum(out[source] for source in a.sources)
        if a.sources and a.entered != given and not stopped:
            faults.append(f"{a.name}: in {a.entered} is not the {given} out of {_and(a.sources)}")
    if faults:
        raise Fault("the run's accounts are off:\n  " + "\n  ".join(faults))


def check_rejects(found: Sequence[Account], parts: Iterable[tuple[str, str, int]]) -> None:
    """Raise Fault unless there is one record for each rejected or failed one counted.

    `parts` are (stage, kind, number of records).
    """
    written: Counter[tuple[str, str]] = Counter()
    for stage, kind, n in parts:
        written[stage, kind] += n
    counted = Counter(
        {(a.name, "rejected"): sum(a.rejected.values()) for a in found}
        | {(a.name, "failed"): sum(a.failed.values()) for a in found}
    )
    faults = [
        f"{stage}: {counted[stage, kind]} {kind}, but {written[stage, kind]} records of them"
        for stage, kind in sorted(counted.keys() | written.keys())
        if counted[stage, kind] != written[stage, kind]
    ]
    if faults:
        raise Fault("the run's accounts are off:\n  " + "\n  ".join(faults))


def _and(names: Sequence[str]) -> str:
    return " and ".join(names)
