"""Shared plumbing of the stages: what a stage returns, what it reads, its rejects and counts.

A stage's DoFn yields its outputs, and beside them `rejected` records and addends of the accounts
(`counted`, or a Tally's sums through `tallied`); `Accounted` makes a Stage of it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import apache_beam as beam

from beam_synth.dataset.accounts import StageLink
from beam_synth.records import Count, Reject, Tally

OUT = "out"
REJECTS = "rejects"
COUNTS = "counts"
PAGES = "pages"  # in `Stage.extra`: what pages are called in English, (part, packed PAGE_SCHEMA)
METRICS = "metrics"  # in `Stage.extra`: addends of figures, (key, number)
OTHERS = "others"  # in `Stage.extra`: articles outside the core, which the expansion may reach
FILES = "files"  # in `Stage.extra`: files of the result, as fields of shards.FileInfo
_NONE: Mapping[str, int] = MappingProxyType({})


@dataclasses.dataclass(frozen=True)
class Outs:
    """The `out` of one or several stages, as the input of the next: `outs | Transform(...)`."""

    names: tuple[str, ...]  # of those stages
    out: beam.PCollection[Any] | tuple[beam.PCollection[Any], ...]

    def __or__(self, transform: Any) -> Stage:
        """The stage that a transform makes of it; it reads these stages unless it says what."""
        stage: Stage = self.out | transform
        return stage if stage.reads is not None else dataclasses.replace(stage, reads=self.names)


@dataclasses.dataclass(frozen=True)
class Stage:
    """What every stage is: a name, what it reads, its output, its rejects and its accounts.

    `stage | Transform(...)` is the stage that reads this one's `out`; a transform says by itself
    what it reads only where that is not its input.
    """

    name: str  # in the accounts, in rejects and in metrics; a verb and a noun
    out: beam.PCollection[Any]
    # A record for each one that is counted as turned down, unless it is counted as unrecorded.
    # Each DoFn's are apart, so that they are written where they are made: the local runner keeps
    # what it flattens in memory.
    rejects: tuple[beam.PCollection[Reject], ...]
    counts: beam.PCollection[Count]  # addends; summed once, at the end
    # Further outputs by name, such as METRICS.
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


def union(label: str, stages: Sequence[Stage], *, flat: bool = False) -> Outs:
    """What several stages put out, as one input of the next; `label` is the step's.

    One stage's is left as it is, since the local runner keeps what it flattens in memory, unless it
    shall be `flat`: Flink's fuser breaks on a collection that is read now by a ParDo and now by a
    Flatten.
    """
    apart = each(stages)
    if len(stages) == 1 and not flat:
        return dataclasses.replace(apart, out=stages[0].out)
    return dataclasses.replace(apart, out=apart.out | label >> beam.Flatten())


def each(stages: Sequence[Stage]) -> Outs:
    """What several stages put out, one by one: for a transform that takes a tuple."""
    return Outs(tuple(stage.name for stage in stages), tuple(stage.out for stage in stages))


class Accounted(beam.PTransform):
    """A ParDo as a stage: its DoFn yields outputs, `rejected` records and `counted` addends.

    In: whatever the DoFn takes. Out: its main output.

    Args:
        name: the stage's, in the accounts.
        fn: the DoFn; it counts what it does under that name.
        sides, named: side inputs, as beam.ParDo takes them.
        extra: tags of the DoFn's further outputs, which are in the stage's `extra`.
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
        return Stage(self._name, outputs[OUT], (outputs[REJECTS],), outputs[COUNTS], extra)


def composed(
    name: str,
    out: beam.PCollection[Any],
    parts: Sequence[Stage],
    *,
    reads: tuple[str, ...] | None = None,
    within: tuple[StageLink, ...] = (),
) -> Stage:
    """A stage of several parts that all count under its name, or under names `within` it.

    `out` is what the last part puts out; `reads` as in Stage.
    """
    return Stage(name, out, all_rejects(parts), all_counts(parts), reads=reads, within=within)


def all_rejects(stages: Sequence[Stage]) -> tuple[beam.PCollection[Reject], ...]:
    """The rejects of all stages, each DoFn's by themselves."""
    return tuple(rejects for stage in stages for rejects in stage.rejects)


def all_counts(stages: Sequence[Stage], label: str = "Counts") -> beam.PCollection[Count]:
    """The counts of all stages, in one collection of addends; `label` is the step's."""
    return [stage.counts for stage in stages] | label >> beam.Flatten()


def all_metrics(stages: Sequence[Stage]) -> beam.PCollection[tuple[str, int]]:
    """The figures of those stages that have some: addends (key, number)."""
    figures = [stage.extra[METRICS] for stage in stages if METRICS in stage.extra]
    return figures | "Metrics" >> beam.Flatten()


def all_files(stages: Sequence[Stage], last: Stage) -> beam.PCollection[dict[str, Any]]:
    """The files of the result: what the last stage puts out, and those of stages that have some."""
    others = [stage.extra[FILES] for stage in stages if FILES in stage.extra]
    return [last.out, *others] | "Files" >> beam.Flatten()


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
    unrecorded: Mapping[str, int] = _NONE,
) -> Iterator[beam.pvalue.TaggedOutput]:
    """The counts of one batch: in = passed + rejects + unrecorded; and the rejects themselves.

    Args:
        name: the stage's.
        passed: records of the input that went through.
        out: records that they became.
        rejects: what did not, rejected or failed.
        unrecorded: what was rejected and gets no record, by reason.

    >>> [output.value for output in counted("SplitPassages", passed=2, out=5)]
    [(('SplitPassages', 'in', ''), 2), (('SplitPassages', 'passed', ''), 2),
     (('SplitPassages', 'out', ''), 5)]
    """
    tally = Tally()
    for record in rejects:
        yield rejected(record)
        tally.add(name, "in")
        tally.add(name, record.kind, reason=record.reason)
    for reason, n in unrecorded.items():
        tally.reject_unrecorded(name, reason, n)
    tally.add(name, "in", passed)
    tally.add(name, "passed", passed)
    tally.add(name, "out", out)
    yield from map(tallied, tally.counts())


def batches(limit: int, size: Callable[[Any], int]) -> beam.PTransform:
    """Elements -> lists of them, of `limit` in size together at most; no list spans two windows.

    `size` measures an element, in whatever unit `limit` is. An element that is larger makes a list
    of its own; a list may be empty.
    """
    return beam.BatchElements(min_batch_size=limit, max_batch_size=limit, element_size_fn=size)


class TotalOut(beam.PTransform):
    """One number: the `out` of the stages whose counts these are.

    In: Count. Out: int, one element, 0 where nothing came out.
    """

    def expand(self, counts: beam.PCollection[Count]) -> beam.PCollection[int]:
        return (
            counts
            | "Outs" >> beam.Filter(_is_out)
            | "Numbers" >> beam.Values()
            | "Sum" >> beam.CombineGlobally(sum)
        )


def _is_out(item: Count) -> bool:
    return item[0][1] == "out"
