"""Shared plumbing of the stages: what a stage returns, and how it reports rejects and counts."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator
from typing import Any

import apache_beam as beam

from beam_synth.records import Count, Reject, count

REJECTS = "rejects"
COUNTS = "counts"


@dataclasses.dataclass(frozen=True)
class Stage:
    """What every stage returns: its output, its rejects and its accounts."""

    out: beam.PCollection[Any]
    rejects: beam.PCollection[Reject]
    counts: beam.PCollection[Count]


def stage(outputs: Any) -> Stage:
    """The Stage of a ParDo made `.with_outputs(REJECTS, COUNTS, main="out")`."""
    return Stage(outputs.out, outputs[REJECTS], outputs[COUNTS])


def rejected(record: Reject) -> beam.pvalue.TaggedOutput:
    """Send a reject or error to the stage's side output."""
    return beam.pvalue.TaggedOutput(REJECTS, record)


def counted(
    name: str,
    passed: int,
    out: int,
    rejects: Iterable[Reject] = (),
) -> Iterator[beam.pvalue.TaggedOutput]:
    """The counts of one batch: in = passed + the rejects; and the rejects themselves."""
    dropped = 0
    for record in rejects:
        dropped += 1
        yield rejected(record)
        yield beam.pvalue.TaggedOutput(COUNTS, count(name, record.kind, 1, record.reason))
    yield beam.pvalue.TaggedOutput(COUNTS, count(name, "in", passed + dropped))
    yield beam.pvalue.TaggedOutput(COUNTS, count(name, "passed", passed))
    yield beam.pvalue.TaggedOutput(COUNTS, count(name, "out", out))


def total_out(counts: beam.PCollection[Count]) -> beam.PCollection[int]:
    """One number: the `out` of the stages whose counts these are."""
    return (
        counts
        | "Outs" >> beam.Filter(_is_out)
        | "Numbers" >> beam.Values()
        | "Sum" >> beam.CombineGlobally(sum)
    )


def _is_out(item: Count) -> bool:
    return item[0][1] == "out"
