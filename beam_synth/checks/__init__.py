"""Formal checks: each is a plain function that looks at one exchange and returns a `Check`.

`run_checks_memorization` and `run_checks_rag` (in `beam_synth.checks.suites`) put them in order.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable
from typing import Any

from beam_synth.errors import Rejected
from beam_synth.records import Passage

# What a query may be: can it be answered as asked? (axis "query_result")
POSITIVE, NEGATIVE, ABSURD, AMBIGUOUS = "positive", "negative", "absurd", "ambiguous"


@dataclasses.dataclass(frozen=True)
class Check:
    """The result of one check. `reason` is the one of `records.REASONS` that a failure rejects
    with; `score` lies in [0, 1], 1 is best."""

    name: str
    passed: bool
    score: float
    detail: str
    reason: str
    kind: str = "formal"

    def record(self) -> dict[str, Any]:
        """The row of `Sample.checks` (fields of `records.CHECK`)."""
        return {
            "name": self.name,
            "kind": self.kind,
            "passed": self.passed,
            "score": self.score,
            "detail": self.detail,
        }


@dataclasses.dataclass(frozen=True)
class Source:
    """One source of a rag prompt. `role` is primary, neighbour or distractor."""

    tag: str  # "source_1"
    passage: Passage
    role: str


@dataclasses.dataclass(frozen=True)
class Exchange:
    """Everything the checks look at: what was written, and what its writer was given."""

    language: str  # of query and answer
    query: str
    reasoning: str  # the trace, in English
    answer: str
    focus: str  # span of the seed's text that answers (or shows why nothing can)
    axes: dict[str, str]  # drawn query axes
    passage: Passage  # the seed
    neighbors: tuple[Passage, ...] = ()  # what else its writer saw
    sources: tuple[Source, ...] = ()  # rag: the prompt's sources, in order

    @property
    def result(self) -> str:
        """positive, negative, absurd or ambiguous."""
        return self.axes["query_result"]

    @property
    def withheld(self) -> bool:
        """Whether this is a rag exchange without its primary source."""
        return bool(self.sources) and all(source.role != "primary" for source in self.sources)

    @property
    def privileged(self) -> tuple[Passage, ...]:
        """The passages whose facts trace and answer may use."""
        if self.sources:
            return tuple(source.passage for source in self.sources)
        return (self.passage, *self.neighbors)


# A simple query of these types asks for one stored value: nothing is to be derived first.
_LOOKUP_TYPES = ("fact", "time", "place", "person", "quantity")


def is_lookup(axes: dict[str, str]) -> bool:
    """Whether the query asks for one stored value, so that its trace may name it at once."""
    return axes["complexity"] == "simple" and axes["query_type"] in _LOOKUP_TYPES


CheckFunction = Callable[[Exchange], Check]


def outcome(
    name: str, reason: str, problems: Iterable[str], detail: str = "", score: float | None = None
) -> Check:
    """A Check that passes when there are no problems; its detail names them (at most five)."""
    found = list(problems)
    told = "; ".join(found[:5]) if found else detail
    value = (0.0 if found else 1.0) if score is None else score
    return Check(name, not found, value, told, reason)


def require(checks: Iterable[Check]) -> tuple[dict[str, Any], ...]:
    """The records of checks that are made one by one, in order.

    Raises Rejected with the reason and detail of the first that fails; no later one is made.
    """
    records = []
    for check in checks:
        if not check.passed:
            raise Rejected(check.reason, f"{check.name}: {check.detail}")
        records.append(check.record())
    return tuple(records)
