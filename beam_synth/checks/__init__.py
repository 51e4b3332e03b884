"""Formal checks: each is a plain function that looks at one exchange and returns a `Check`.

`run_checks_memorization` and `run_checks_rag` (in `beam_synth.checks.suites`) put them in order.
"""

from __future__ import annotations

import contextlib
import contextvars
import dataclasses
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from beam_synth.errors import Rejected
from beam_synth.records import Passage

# What a query may be: can it be answered as asked? (axis "query_result")
POSITIVE, NEGATIVE, ABSURD, AMBIGUOUS = "positive", "negative", "absurd", "ambiguous"


@dataclasses.dataclass(frozen=True)
class Check:
    """The result of one check.

    A failed check rejects the sample with `reason`, one of `records.REASONS`.
    """

    name: str  # as rows record it: "trace_length"
    passed: bool
    score: float  # in [0, 1], 1 is best
    detail: str  # the problems of a failed check, what was measured in a passed one
    reason: str  # what a failure rejects with
    kind: str = "formal"  # formal | judge | source | call

    def record(self) -> dict[str, Any]:
        """The row of `Sample.checks` (fields of `records.CHECK`); `reason` is not written.

        >>> Check("abstains", True, 1.0, "not asked for", "no_abstention").record()["passed"]
        True
        """
        return {
            "name": self.name,
            "kind": self.kind,
            "passed": self.passed,
            "score": self.score,
            "detail": self.detail,
        }


@dataclasses.dataclass(frozen=True)
class Source:
    """One source of a rag prompt."""

    tag: str  # "source_1"
    passage: Passage
    role: str  # primary | neighbour | distractor


@dataclasses.dataclass(frozen=True)
class Exchange:
    """Everything the checks look at: what was written, and what its writer was given.

    Without `sources` it is a closed-book exchange: its reader sees the query alone.
    """

    language: str  # of query and answer
    query: str
    reasoning: str  # the trace, in English
    answer: str
    focus: str  # span of the seed's text that answers (or shows why nothing can)
    axes: dict[str, str]  # axis -> drawn value, see `methods.shared.axes`
    passage: Passage  # the seed
    neighbors: tuple[Passage, ...] = ()  # what else its writer saw
    sources: tuple[Source, ...] = ()  # rag: the prompt's sources, in order
    trace_words: int = 0  # words and marks that the trace was asked to have; 0: any usual number

    @property
    def result(self) -> str:
        """positive, negative, absurd or ambiguous. Raises KeyError where the axis is missing."""
        return self.axes["query_result"]

    @property
    def withheld(self) -> bool:
        """Whether this is a rag exchange without its primary source."""
        return bool(self.sources) and all(source.role != "primary" for source in self.sources)

    @property
    def privileged(self) -> tuple[Passage, ...]:
        """The passages whose facts trace and answer may use: the sources that the prompt shows, or
        without any the seed and its neighbours."""
        if self.sources:
            return tuple(source.passage for source in self.sources)
        return (self.passage, *self.neighbors)


# A simple query of these types asks for one stored value: nothing is to be derived first.
_LOOKUP_TYPES = ("fact", "time", "place", "person", "quantity")


def is_lookup(axes: dict[str, str]) -> bool:
    """Whether the query asks for one stored value, so that its trace may name it at once.

    >>> is_lookup({"complexity": "simple", "query_type": "time"})
    True
    >>> is_lookup({"complexity": "complex", "query_type": "time"})
    False
    """
    return axes["complexity"] == "simple" and axes["query_type"] in _LOOKUP_TYPES


CheckFunction = Callable[[Exchange], Check]


def outcome(
    name: str, reason: str, problems: Iterable[str], detail: str = "", score: float | None = None
) -> Check:
    """A Check that passes when there are no problems; its detail names them (at most five).

    Args:
        name: as rows record it.
        reason: what a failure rejects with.
        problems: in words, one for each fault.
        detail: what a passed check tells.
        score: in [0, 1]; left out, 1 for a passed check and 0 for a failed one.

    >>> outcome("mcq_key", "mcq_key", ["no key", "two keys"])
    Check(name='mcq_key', passed=False, score=0.0, detail='no key; two keys', reason='mcq_key',
    kind='formal')
    """
    faults = list(problems)
    text = "; ".join(faults[:5]) if faults else detail
    grade = (0.0 if faults else 1.0) if score is None else score
    return Check(name, not faults, grade, text, reason)


_NOTED: contextvars.ContextVar[list[Rejected] | None] = contextvars.ContextVar(
    "noted", default=None
)


@contextlib.contextmanager
def noted_faults(faults: list[Rejected] | None) -> Iterator[None]:
    """Within, `require` appends to `faults` what it would raise, and goes on: for samples that are
    turned down in any case, whose other checks and judges are to be seen.

    With None it raises again: what may be put right by another answer is no fault yet.

    >>> faults: list[Rejected] = []
    >>> with noted_faults(faults):
    ...     records = require([Check("form", False, 0.0, "a heading", "edit_not_done")])
    >>> records[0]["passed"], faults[0].reason, noting()
    (False, 'edit_not_done', False)
    """
    token = _NOTED.set(faults)
    try:
        yield
    finally:
        _NOTED.reset(token)


def noting() -> bool:
    """Whether `require` notes faults here."""
    return _NOTED.get() is not None


def require(checks: Iterable[Check]) -> tuple[dict[str, Any], ...]:
    """The records of checks that are made one by one, in order.

    Raises Rejected with the reason and detail of the first that fails; no later one is made. Within
    `noted_faults` it is noted instead, and has a record.

    >>> require([outcome("form", "edit_not_done", ["a heading"])])
    Traceback (most recent call last):
    beam_synth.errors.Rejected: edit_not_done: form: a heading
    """
    records = []
    for check in checks:
        if not check.passed:
            fault = Rejected(check.reason, f"{check.name}: {check.detail}")
            noted = _NOTED.get()
            if noted is None:
                raise fault
            noted.append(fault)
        records.append(check.record())
    return tuple(records)
