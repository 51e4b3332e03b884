"""PlanTasks and LimitTasks: which method works on which passage."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import apache_beam as beam
import numpy as np
import orjson
import pyarrow.parquet as pq

from beam_synth import planning
from beam_synth.drawing import bucket_of
from beam_synth.files import open_read, open_write
from beam_synth.planning import Histogram, PlanConfig
from beam_synth.progress import PLANNED
from beam_synth.records import Count, Reject, Task, reject
from transforms.accounting import COUNTS, REJECTS, Stage, counted, stage


@dataclasses.dataclass(eq=False)
class PlanTasks(beam.PTransform):
    """Draw the tasks of every passage.

    In: (bucket, passages_path, rows, neighbors_path). Out: (task_bucket, JSON lines of Tasks).
    """

    run: str
    config: PlanConfig

    def expand(self, passages: beam.PCollection[tuple[int, str, int, str]]) -> Stage:
        plan = beam.ParDo(_Plan(self.run, self.config))
        return stage(passages | "Plan" >> plan.with_outputs(REJECTS, COUNTS, main="out"))


class _Plan(beam.DoFn):
    def __init__(self, run: str, config: PlanConfig) -> None:
        self._run = run
        self._config = config

    def process(self, element: tuple[int, str, int, str]) -> Iterator[Any]:
        _, passages_path, _, neighbors_path = element
        tasks: list[Task] = []
        rejects: list[Reject] = []
        passed = 0
        for passage_id, language, near in self._rows(passages_path, neighbors_path):
            found = self._tasks(passage_id, language, near)
            if isinstance(found, Reject):
                rejects.append(found)
            else:
                passed += 1
                tasks += found
        yield from _by_bucket(tasks, self._config.task_buckets)
        yield from counted("PlanTasks", passed, len(tasks), rejects)

    def _tasks(self, passage_id: str, language: str, near: Sequence[str]) -> list[Task] | Reject:
        asked = self._config.languages
        if asked is not None and language not in asked:
            detail = f"{language!r} is not one of {', '.join(asked)}"
            return reject(
                "rejected", "PlanTasks", "language_not_asked", detail, record_id=passage_id
            )
        tasks = planning.plan_passage(passage_id, language, near, self._config)
        if not tasks:
            return reject("rejected", "PlanTasks", "not_drawn", record_id=passage_id)
        return tasks

    def _rows(self, passages_path: str, neighbors_path: str) -> Iterator[tuple[str, str, Any]]:
        """(passage id, language, neighbours); both files are in the same order."""
        with open_read(self._run, passages_path) as handle:
            passages = pq.read_table(handle, columns=["passage_id", "language"])
        with open_read(self._run, neighbors_path) as handle:
            near = pq.read_table(handle, columns=["neighbors"])
        columns = (passages["passage_id"], passages["language"], near["neighbors"])
        return zip(*(column.to_pylist() for column in columns), strict=True)


def _by_bucket(tasks: Iterable[Task], buckets: int) -> Iterator[tuple[int, bytes]]:
    grouped: defaultdict[int, list[Task]] = defaultdict(list)
    for task in tasks:
        grouped[bucket_of(task.task_id, buckets)].append(task)
    for bucket, found in sorted(grouped.items()):
        yield bucket, planning.pack_tasks(found)


# ---------------------------------------------------------------- tasks.limit


@dataclasses.dataclass(eq=False)
class LimitTasks(beam.PTransform):
    """Keep the first `limit` tasks by id; all where it is None.

    In and out: (task_bucket, JSON lines of Tasks). Side inputs: the cut's prefix, and the last id
    that is kept. One worker counts ids by prefix (0.5 MB) and sorts those of the cut's own
    prefix: 1 in 65,536.
    """

    limit: int | None

    def expand(self, tasks: beam.PCollection[tuple[int, bytes]]) -> Stage:
        if self.limit is None:
            return self._kept(tasks, beam.pvalue.AsSingleton(self._no_cut(tasks)))
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

    def _no_cut(self, tasks: beam.PCollection[tuple[int, bytes]]) -> beam.PCollection[str]:
        return tasks.pipeline | "NoLimit" >> beam.Create([planning.LAST_ID])

    def _kept(self, tasks: beam.PCollection[tuple[int, bytes]], last: Any) -> Stage:
        keep = beam.ParDo(_Keep(self.limit), last)
        return stage(tasks | "Keep" >> keep.with_outputs(REJECTS, COUNTS, main="out"))


@dataclasses.dataclass(eq=False)
class NotePlanned(beam.PTransform):
    """Write how many tasks the run has into `_planned.json`, for its progress.

    In: the counts of LimitTasks. Out: nothing that anything reads.
    """

    run: str

    def expand(self, counts: beam.PCollection[Count]) -> beam.PCollection[None]:
        return (
            counts
            | "Kept" >> beam.Filter(_is_out)
            | "Numbers" >> beam.Values()
            | "Sum" >> beam.CombineGlobally(sum)
            | "Note" >> beam.Map(self._note)
        )

    def _note(self, tasks: int) -> None:
        with open_write(self.run, PLANNED) as handle:
            handle.write(orjson.dumps({"tasks": tasks}))


def _is_out(item: Count) -> bool:
    return item[0][1] == "out"


class _CountPrefixes(beam.CombineFn):
    """Histogram of the prefixes of all ids."""

    def create_accumulator(self) -> Histogram:
        return planning.histogram(())

    def add_input(self, counts: Histogram, element: tuple[int, bytes]) -> Histogram:
        found = planning.histogram(task.task_id for task in planning.unpack_tasks(element[1]))
        counts += found
        return counts

    def merge_accumulators(self, accumulators: Iterable[Histogram]) -> Histogram:
        return np.sum(list(accumulators), axis=0)  # type: ignore[no-any-return]

    def extract_output(self, counts: Histogram) -> Histogram:
        return counts


def _of_cut(element: tuple[int, bytes], cut: tuple[int, int]) -> Iterator[str]:
    for task in planning.unpack_tasks(element[1]):
        if planning.prefix(task.task_id) == cut[0]:
            yield task.task_id


def _last(ids: list[str], cut: tuple[int, int]) -> str:
    """The last id that is kept."""
    return sorted(ids)[cut[1] - 1] if cut[1] else planning.LAST_ID


class _Keep(beam.DoFn):
    def __init__(self, limit: int | None) -> None:
        self._limit = limit

    def process(self, element: tuple[int, bytes], last: str) -> Iterator[Any]:
        bucket, data = element
        kept: list[Task] = []
        rejects: list[Reject] = []
        detail = f"tasks.limit is {self._limit}"
        for task in planning.unpack_tasks(data):
            if task.task_id <= last:
                kept.append(task)
            else:
                rejects.append(
                    reject("rejected", "LimitTasks", "over_limit", detail, record_id=task.task_id)
                )
        if kept:
            yield bucket, planning.pack_tasks(kept)
        yield from counted("LimitTasks", len(kept), len(kept), rejects)
