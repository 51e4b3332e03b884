"""Shared plumbing of the stages: what a stage returns, what it reads, its rejects and counts."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import apache_beam as beam

from beam_synth.dataset.accounts import StageLink
from beam_synth.records import Count, Reject, Tally

OUT = "out"
REJECTS = "rejects"
COUNTS = "counts"
METRICS = "metrics"  # in `Stage.extra`: addends of figures, (key, number)


@dataclasses.dataclass(frozen=True)
class Outs:
    """The `out` of one or several stages, as the input of the next: `outs | Transform(...)`."""

    names: tuple[str, ...]
    out: beam.PCollection[Any]

    def __or__(self, transform: Any) -> Stage:
        """The stage that a transform makes of it."""
        made: Stage = self.out | transform
        return made if made.reads is not None else dataclasses.replace(made, reads=self.names)


@dataclasses.dataclass(frozen=True)
class Stage:
    """What every stage is: a name, what it reads, its output, its rejects and its accounts.

    `stage | Transform(...)` is the stage that reads this one's `out`; a transform says by itself
    what it reads only where that is not its input.
    """

    name: str
    out: beam.PCollection[Any]
    rejects: beam.PCollection[Reject]
    counts: beam.PCollection[Count]
    extra: Mapping[str, beam.PCollection[Any]] = dataclasses.field(default_factory=dict)
    reads: tuple[str, ...] | None = None  # names of stages; None until it is applied
    within: tuple[StageLink, ...] = ()  # stages that are a part of this one, in order

    def __or__(self, transform: Any) -> Stage:
        """The stage that a transform makes of this one's `out`."""
        stage: Stage = Outs((self.name,), self.out) | transform
        return stage

    @property
    def links(self) -> tuple[StageLink, ...]:
        """Its place in the run's accounts, after those of its parts."""
        return (*self.within, StageLink(self.name, self.reads or ()))


def union(label: str, stages: Sequence[Stage]) -> Outs:
    """What several stages put out, as one input."""
    return Outs(
        tuple(stage.name for stage in stages),
        [stage.out for stage in stages] | label >> beam.Flatten(),
    )


class Accounted(beam.PTransform):
    """A ParDo as a stage: its DoFn yields outputs, `rejected` records and `counted` addends.

    `extra` names further outputs of the DoFn; the other arguments are its side inputs.
    """

    def __init__(
        self, name: str, fn: beam.DoFn, *sides: Any, extra: Sequence[str] = (), **named: Any
    ) -> None:
        super().__init__()
        self._name = name
        self._extra = tuple(extra)
        self._run = beam.ParDo(fn, *sides, **named)

    def expand(self, elements: beam.PCollection[Any]) -> Stage:
        outputs = elements | self._run.with_outputs(REJECTS, COUNTS, *self._extra, main=OUT)
        extra = {tag: outputs[tag] for tag in self._extra}
        return Stage(self._name, outputs[OUT], outputs[REJECTS], outputs[COUNTS], extra)


def composed(name: str, out: beam.PCollection[Any], parts: Sequence[Stage], **fields: Any) -> Stage:
    """A stage of several parts that all count under its name, or under names `within` it."""
    return Stage(name, out, all_rejects(parts), all_counts(parts), **fields)


def all_rejects(stages: Sequence[Stage]) -> beam.PCollection[Reject]:
    """The rejects of all stages."""
    return [stage.rejects for stage in stages] | "Rejects" >> beam.Flatten()


def all_counts(stages: Sequence[Stage]) -> beam.PCollection[Count]:
    """The counts of all stages."""
    return [stage.counts for stage in stages] | "Counts" >> beam.Flatten()


def all_metrics(stages: Sequence[Stage]) -> beam.PCollection[tuple[str, int]]:
    """The figures of those stages that have some."""
    found = [stage.extra[METRICS] for stage in stages if METRICS in stage.extra]
    return found | "Metrics" >> beam.Flatten()


def rejected(record: Reject) -> beam.pvalue.TaggedOutput:
    """Send a reject or error to the stage's side output."""
    return beam.pvalue.TaggedOutput(REJECTS, record)


def tallied(addend: Count) -> beam.pvalue.TaggedOutput:
    """Send an addend of the accounts to the stage's side output."""
    return beam.pvalue.TaggedOutput(COUNTS, addend)


def counted(
    name: str,
    passed: int,
    out: int,
    rejects: Iterable[Reject] = (),
) -> Iterator[beam.pvalue.TaggedOutput]:
    """The counts of one batch: in = passed + the rejects; and the rejects themselves."""
    tally = Tally()
    for record in rejects:
        yield rejected(record)
        tally.add(name, "in")
        tally.add(name, record.kind, reason=record.reason)
    tally.add(name, "in", passed)
    tally.add(name, "passed", passed)
    tally.add(name, "out", out)
    yield from map(tallied, tally.counts())


def batches(limit: int, size: Callable[[Any], int]) -> beam.PTransform:
    """Elements -> lists of them, of `limit` in size together at most; no list spans two windows.

    An element that is larger makes a list of its own; a list may be empty.
    """
    return beam.BatchElements(min_batch_size=limit, max_batch_size=limit, element_size_fn=size)


class TotalOut(beam.PTransform):
    """One number: the `out` of the stages whose counts these are."""

    def expand(self, counts: beam.PCollection[Count]) -> beam.PCollection[int]:
        return (
            counts
            | "Outs" >> beam.Filter(_is_out)
            | "Numbers" >> beam.Values()
            | "Sum" >> beam.CombineGlobally(sum)
        )


def _is_out(item: Count) -> bool:
    return item[0][1] == "out"
