"""LimitTasks and NotePlanned: how many tasks a run has, and the note of it for its progress."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

import apache_beam as beam

from beam_synth.generation import limiting
from beam_synth.generation.config import of_round
from beam_synth.generation.limiting import Limit, Packed
from beam_synth.generation.planned_buckets import write_planned
from beam_synth.records import Count
from beam_synth.storage.files import RunFolder
from transforms.accounting import Accounted, Stage, TotalOut, counted

LIMIT = "LimitTasks"


@dataclasses.dataclass(eq=False)
class LimitTasks(beam.PTransform):
    """Keep the first `limit` tasks by the hash of their id; all where it is None.

    With a `method`, only its tasks are counted, and all others pass. In and out: (task_bucket,
    packed Tasks). Rejects: `over_limit`, and `over_token_budget` where there is a method. Side
    inputs: the cut's prefix, and the last hash that is kept, 32 characters. One worker counts
    hashes by prefix (0.5 MB) and sorts those of the cut's own prefix: 1 in 65,536. What is kept
    does not depend on the order of the tasks, and a larger limit keeps the same ones and more.
    """

    limit: int | None  # tasks; 0 keeps none
    round: int = 0  # from 0 on; the name in the accounts tells it
    method: str = ""  # whose tasks are counted; "": all
    tokens: int = 0  # of the method's budget that the limit comes from

    def default_label(self) -> str:
        return of_round(limiting.budget_name(self.method) if self.method else LIMIT, self.round)

    def expand(self, tasks: beam.PCollection[Packed]) -> Stage:
        last = self._last_by_count(tasks) if self.limit else self._all_or_none(tasks)
        name = self.default_label()
        keep = Accounted(name, _Keep(self._limit, name), beam.pvalue.AsSingleton(last))
        stage: Stage = tasks | "Keep" >> keep
        return stage

    @property
    def _limit(self) -> Limit:
        return Limit(self.limit, self.method, self.tokens)

    def _all_or_none(self, tasks: beam.PCollection[Packed]) -> beam.PCollection[str]:
        last = limiting.LAST_RANK if self.limit is None else ""
        return tasks.pipeline | "NoCut" >> beam.Create([last])

    def _last_by_count(self, tasks: beam.PCollection[Packed]) -> beam.PCollection[str]:
        cut = (
            tasks
            | "Prefixes" >> beam.Map(limiting.count_prefixes, self._limit)
            | "Count" >> beam.CombineGlobally(limiting.added)
            | "Cut" >> beam.Map(limiting.cut, self.limit)
        )
        side = beam.pvalue.AsSingleton(cut)
        return (
            tasks
            | "OfCut" >> beam.FlatMap(limiting.ranks_of_cut, side, self._limit)
            | "Together" >> beam.combiners.ToList()
            | "Last" >> beam.Map(limiting.last_kept, side)
        )


@dataclasses.dataclass(eq=False)
class NotePlanned(beam.PTransform):
    """Write how many tasks the run has, for its progress.

    In: the counts of the stages whose `out` are tasks. Out: nothing that anything reads; the
    number lies in `<run>/_planned.json`. One element, one number.
    """

    run: str  # run directory or URL
    following: float = 0.0  # tasks of the second round to be expected for each of the first

    def expand(self, counts: beam.PCollection[Count]) -> beam.PCollection[None]:
        note = beam.Map(write_planned, RunFolder(self.run), self.following)
        return counts | "Total" >> TotalOut() | "Note" >> note


class _Keep(beam.DoFn):
    """Packed tasks and the last hash that is kept -> the packed tasks up to it."""

    def __init__(self, limit: Limit, name: str) -> None:
        self._limit = limit
        self._name = name

    def process(self, element: Packed, last: str) -> Iterator[Any]:
        bucket, data = element
        kept = limiting.keep_first(data, last, self._limit, self._name)
        if kept.tasks:
            yield bucket, kept.packed
        yield from counted(self._name, kept.tasks, kept.tasks, kept.rejects)
