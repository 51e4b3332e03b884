"""PlanTasks and PlanFollowUps: which method works on which passage or sample."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import apache_beam as beam
import pyarrow.parquet as pq

from beam_synth.drawing import bucket_of
from beam_synth.generation import planning
from beam_synth.generation.planning import PlanConfig
from beam_synth.records import Count, Reject, Task, reject, unpack
from beam_synth.storage.files import open_read
from transforms.accounting import COUNTS, REJECTS, Stage, counted, stage, total_out


@dataclasses.dataclass(eq=False)
class PlanTasks(beam.PTransform):
    """Draw the tasks of every passage.

    In: (bucket, passages_path, rows, neighbors_path). Out: (task_bucket, packed Tasks).
    Side input: the number of passages in each language, where the job gives languages shares.
    """

    run: str
    config: PlanConfig

    def expand(self, passages: beam.PCollection[tuple[int, str, int, str]]) -> Stage:
        plan = beam.ParDo(_Plan(self.run, self.config), self._by_language(passages))
        return stage(passages | "Plan" >> plan.with_outputs(REJECTS, COUNTS, main="out"))

    def _by_language(self, passages: beam.PCollection[tuple[int, str, int, str]]) -> Any:
        if not self.config.language_shares:
            return None
        counts = (
            passages
            | "Languages" >> beam.FlatMap(_languages, self.run)
            | "ByLanguage" >> beam.CombinePerKey(sum)
        )
        return beam.pvalue.AsDict(counts)


def _languages(element: tuple[int, str, int, str], run: str) -> Iterator[tuple[str, int]]:
    """(language, passages) of one bucket."""
    with open_read(run, element[1]) as handle:
        column = pq.read_table(handle, columns=["language"])["language"]
    for item in column.value_counts().to_pylist():
        yield item["values"], item["counts"]


class _Plan(beam.DoFn):
    def __init__(self, run: str, config: PlanConfig) -> None:
        self._run = run
        self._config = config

    def process(
        self, element: tuple[int, str, int, str], by_language: Mapping[str, int] | None
    ) -> Iterator[Any]:
        _, passages_path, _, neighbors_path = element
        rates = None if by_language is None else planning.rates(by_language, self._config)
        tasks: list[Task] = []
        rejects: list[Reject] = []
        passed = 0
        for passage_id, language, near in self._rows(passages_path, neighbors_path):
            found = self._tasks(passage_id, language, near, rates)
            if isinstance(found, Reject):
                rejects.append(found)
            else:
                passed += 1
                tasks += found
        yield from _by_bucket(tasks, self._config.task_buckets)
        yield from counted("PlanTasks", passed, len(tasks), rejects)

    def _tasks(
        self,
        passage_id: str,
        language: str,
        near: Sequence[str],
        rates: Mapping[str, float] | None,
    ) -> list[Task] | Reject:
        config = self._config
        asked = config.languages if rates is None else tuple(rates)
        if asked is not None and language not in asked:
            detail = f"{language!r} is not one of {', '.join(asked)}"
            return reject(
                "rejected", "PlanTasks", "language_not_asked", detail, record_id=passage_id
            )
        rate = None if rates is None else rates[language]
        tasks = planning.plan_passage(passage_id, language, near, config, rate)
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


# ---------------------------------------------------------------- the second round


@dataclasses.dataclass(eq=False)
class PlanFollowUps(beam.PTransform):
    """Draw the tasks that start from samples: as many as the mixture wants beside the first round's
    tasks, whatever number of these ended as samples.

    In: (packed SAMPLE_REF tables, their counts, the counts of the first round's tasks). Out:
    (task_bucket, packed Tasks). Only what is drawn is an input in the accounts: every sample goes
    on by itself. Side inputs: two numbers.
    """

    config: PlanConfig

    def expand(
        self,
        made: tuple[beam.PCollection[bytes], beam.PCollection[Count], beam.PCollection[Count]],
    ) -> Stage:
        refs, samples, tasks = made
        plan = beam.ParDo(
            _Follow(self.config),
            beam.pvalue.AsSingleton(samples | "Samples" >> beam.ptransform_fn(total_out)()),
            beam.pvalue.AsSingleton(tasks | "Tasks" >> beam.ptransform_fn(total_out)()),
        )
        return stage(refs | "Plan" >> plan.with_outputs(REJECTS, COUNTS, main="out"))


class _Follow(beam.DoFn):
    def __init__(self, config: PlanConfig) -> None:
        self._config = config

    def process(self, data: bytes, samples: int, tasks: int) -> Iterator[Any]:
        expected = self._config.following * tasks / samples
        table = unpack(data).select(["synth_id", "language", "file"])
        columns = (column.to_pylist() for column in table.columns)
        found = [
            task
            for synth_id, language, file in zip(*columns, strict=True)
            for task in planning.plan_sample(synth_id, language, file, self._config, expected)
        ]
        yield from _by_bucket(found, self._config.task_buckets)
        yield from counted("PlanFollowUps", len(found), len(found))
