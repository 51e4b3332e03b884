"""LimitTasks and NotePlanned: how many tasks a run has."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator
from typing import Any

import apache_beam as beam
import numpy as np
import orjson

from beam_synth.generation import planning
from beam_synth.generation.planning import Histogram
from beam_synth.records import Count, Reject, Task, reject
from beam_synth.runs.progress import PLANNED
from beam_synth.storage.files import open_write
from transforms.accounting import COUNTS, REJECTS, Stage, counted, stage, total_out


@dataclasses.dataclass(eq=False)
class LimitTasks(beam.PTransform):
    """Keep the first `limit` tasks by the hash of their id; all where it is None.

    In and out: (task_bucket, packed Tasks). Side inputs: the cut's prefix, and the last hash
    that is kept. One worker counts hashes by prefix (0.5 MB) and sorts those of the cut's own
    prefix: 1 in 65,536.
    """

    limit: int | None
    name: str = "LimitTasks"  # in the accounts

    def expand(self, tasks: beam.PCollection[tuple[int, bytes]]) -> Stage:
        if not self.limit:
            every = planning.LAST_RANK if self.limit is None else ""
            last = tasks.pipeline | "NoCut" >> beam.Create([every])
            return self._kept(tasks, beam.pvalue.AsSingleton(last))
        cut = (
            tasks
            | "Count" >> beam.CombineGlobally(_CountPrefixes())
            | "Cut" >> beam.Map(planning.cut, self.limit)
        )
        last = (
            tasks
            | "OfCut" >> beam.FlatMap(_of_cut, beam.pvalue.AsSingleton(cut))
            | "Together" >> beam.CombineGlobally(beam.combiners.ToListCombineFn())
            | "Last" >> beam.Map(_last, beam.pvalue.AsSingleton(cut))
        )
        return self._kept(tasks, beam.pvalue.AsSingleton(last))

    def _kept(self, tasks: beam.PCollection[tuple[int, bytes]], last: Any) -> Stage:
        keep = beam.ParDo(_Keep(self.limit, self.name), last)
        return stage(tasks | "Keep" >> keep.with_outputs(REJECTS, COUNTS, main="out"))


@dataclasses.dataclass(eq=False)
class NotePlanned(beam.PTransform):
    """Write how many tasks the run has into `_planned.json`, for its progress.

    In: the counts of the stages whose `out` are tasks. Out: nothing that anything reads.
    `following` is how many more are to be expected for each.
    """

    run: str
    following: float = 0.0

    def expand(self, counts: beam.PCollection[Count]) -> beam.PCollection[None]:
        return total_out(counts) | "Note" >> beam.Map(self._note)

    def _note(self, tasks: int) -> None:
        with open_write(self.run, PLANNED) as handle:
            handle.write(orjson.dumps({"tasks": round(tasks * (1 + self.following))}))


class _CountPrefixes(beam.CombineFn):
    """Histogram of the prefixes of all hashes."""

    def create_accumulator(self) -> Histogram:
        return planning.histogram(())

    def add_input(self, counts: Histogram, element: tuple[int, bytes]) -> Histogram:
        found = planning.histogram(map(_rank, planning.unpack_tasks(element[1])))
        counts += found
        return counts

    def merge_accumulators(self, accumulators: Iterable[Histogram]) -> Histogram:
        return np.sum(list(accumulators), axis=0)  # type: ignore[no-any-return]

    def extract_output(self, counts: Histogram) -> Histogram:
        return counts


def _of_cut(element: tuple[int, bytes], cut: tuple[int, int]) -> Iterator[str]:
    for task in planning.unpack_tasks(element[1]):
        if planning.prefix(_rank(task)) == cut[0]:
            yield _rank(task)


def _rank(task: Task) -> str:
    return planning.rank(task.task_id)


def _last(ranks: list[str], cut: tuple[int, int]) -> str:
    """The last rank that is kept."""
    return sorted(ranks)[cut[1] - 1] if cut[1] else planning.LAST_RANK


class _Keep(beam.DoFn):
    def __init__(self, limit: int | None, name: str) -> None:
        self._limit = limit
        self._name = name

    def process(self, element: tuple[int, bytes], last: str) -> Iterator[Any]:
        bucket, data = element
        kept: list[Task] = []
        rejects: list[Reject] = []
        detail = f"tasks.limit lets {self._limit} of them be"
        for task in planning.unpack_tasks(data):
            if _rank(task) <= last:
                kept.append(task)
            else:
                rejects.append(
                    reject("rejected", self._name, "over_limit", detail, record_id=task.task_id)
                )
        if kept:
            yield bucket, planning.pack_tasks(kept)
        yield from counted(self._name, len(kept), len(kept), rejects)
