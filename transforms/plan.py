"""PlanTasks, PlanUnits and PlanRecords: which method works on which passage, article or record.

What a seed gets is drawn by its id alone (`generation.planning`): neither bundles nor the order of
elements change a task.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import apache_beam as beam

from beam_synth.generation.config import of_round
from beam_synth.generation.mixture import PlanConfig
from beam_synth.generation.planned_buckets import Planned, languages_of, plan_bucket
from beam_synth.generation.planned_problems import number_ranges, plan_problems
from beam_synth.generation.planned_records import Basis, made_by, plan_records
from beam_synth.generation.planned_units import plan_units, refs_by_article
from beam_synth.knowledge.passage_store import PassageStore
from beam_synth.records import Count, JoinedFile, PassageFile
from beam_synth.storage.files import RunFolder
from beam_synth.storage.pieces import Piece
from transforms.accounting import Accounted, Stage, TotalOut, counted

PLAN = "PlanTasks"
UNITS = "PlanUnits"
GIVEN_TASKS = "PlanInstructions"


@dataclasses.dataclass(eq=False)
class PlanTasks(beam.PTransform):
    """Draw the tasks of every passage by itself.

    In: JoinedFiles, or PassageFiles where nothing wants neighbours. Out: (task_bucket, packed
    Tasks), an element for each bucket and some thousand passages of a file. In are passages, out
    are tasks. Rejects: `language_not_asked`, and `not_drawn` and `not_prose`, numbers unless the
    job keeps what is left out. A worker holds the neighbours of one file's passages, as columns,
    and some thousand texts.

    Side input: the number of passages in each language, where the job gives languages shares.
    """

    run: str  # run directory or URL
    config: PlanConfig

    def expand(self, joined: beam.PCollection[JoinedFile | PassageFile]) -> Stage:
        languages = joined | "ByLanguage" >> _ByLanguage(self.run, self.config)
        plan = Accounted(PLAN, _Plan(self.run, self.config), languages)
        stage: Stage = joined | "Plan" >> plan
        return stage


@dataclasses.dataclass(eq=False)
class PlanUnits(beam.PTransform):
    """Draw the tasks of whole sections and articles, and those that methods list themselves.

    In: as PlanTasks. Out: (task_bucket, packed Tasks). In are passages, out are tasks. Rejects: as
    PlanTasks. A worker holds the ids of the passages of 1/64 of the articles, 0.2 KB each: 256 MB
    are 80 million passages; a group holds where they lie.

    Side input: as that of PlanTasks.
    """

    run: str  # run directory or URL
    config: PlanConfig
    passage_buckets: int  # files that the run's passages lie in

    def expand(self, joined: beam.PCollection[JoinedFile | PassageFile]) -> Stage:
        languages = joined | "ByLanguage" >> _ByLanguage(self.run, self.config)
        stage: Stage = (
            joined
            | "RefsByArticle" >> beam.FlatMap(refs_by_article, RunFolder(self.run))
            | "GroupByArticle" >> beam.GroupByKey()
            | "Plan" >> Accounted(UNITS, _PlanUnits(self), languages)
        )
        return stage


@dataclasses.dataclass(eq=False)
class PlanProblems(beam.PTransform):
    """Draw the tasks of a job without passages, which are numbered.

    In: the pipeline. Out: (task_bucket, packed Tasks), 10,000 numbers at a time. In are numbers,
    out are tasks; nothing is rejected.
    """

    config: PlanConfig
    languages: Mapping[str, float]  # weights
    tasks: int  # how many

    def expand(self, root: Any) -> Stage:
        parts = number_ranges(self.tasks)
        plan = Accounted(PLAN, _PlanNumbers(self.config, dict(self.languages)))
        stage: Stage = root | "Numbers" >> beam.Create(parts) | beam.Reshuffle() | "Plan" >> plan
        return stage


class _PlanNumbers(beam.DoFn):
    """(first, end) of some numbers -> (task bucket, packed tasks)."""

    def __init__(self, config: PlanConfig, languages: dict[str, float]) -> None:
        self._config = config
        self._languages = languages

    def process(self, part: tuple[int, int]) -> Iterator[Any]:
        yield from _outputs(PLAN, plan_problems(range(*part), self._languages, self._config))


@dataclasses.dataclass(eq=False)
class _ByLanguage(beam.PTransform):
    """JoinedFiles -> a side input: passages by language, None where languages have no shares."""

    run: str
    config: PlanConfig

    def expand(self, joined: beam.PCollection[JoinedFile | PassageFile]) -> Any:
        if not self.config.language_shares:
            none = joined.pipeline | "NoShares" >> beam.Create([None])
            return beam.pvalue.AsSingleton(none)
        counts = (
            joined
            | "Languages" >> beam.FlatMap(languages_of, RunFolder(self.run))
            | "Sum" >> beam.CombinePerKey(sum)
        )
        return beam.pvalue.AsDict(counts)


class _Plan(beam.DoFn):
    """JoinedFile or PassageFile -> (task bucket, packed tasks)."""

    def __init__(self, run: str, config: PlanConfig) -> None:
        self._run = RunFolder(run)
        self._config = config

    def process(
        self, joined: JoinedFile | PassageFile, by_language: Mapping[str, int] | None
    ) -> Iterator[Any]:
        for planned in plan_bucket(joined, self._run, self._config, by_language, PLAN):
            yield from _outputs(PLAN, planned)


class _PlanUnits(beam.DoFn):
    """(partition, pieces of references to passages) -> (task bucket, packed tasks)."""

    def __init__(self, stage: PlanUnits) -> None:
        self._run = RunFolder(stage.run)
        self._config = stage.config
        self._buckets = stage.passage_buckets

    def process(
        self, group: tuple[int, Iterable[Piece]], by_language: Mapping[str, int] | None
    ) -> Iterator[Any]:
        store = PassageStore(self._run.open, self._buckets)
        every = plan_units(group[1], self._run, store, self._config, by_language, UNITS)
        for planned in every:
            yield from _outputs(UNITS, planned)


def _outputs(stage: str, planned: Planned) -> Iterator[Any]:
    yield from planned.packed
    yield from counted(stage, planned.seeds, planned.tasks, planned.rejects, planned.unrecorded)


@dataclasses.dataclass(eq=False)
class PlanRecords(beam.PTransform):
    """Draw the tasks of a round that start from records: as many as the mixture wants beside the
    tasks of the first round, whatever number of these ended as records.

    In: packed RECORD_REF tables. Out: (task_bucket, packed Tasks), each in its parent's bucket.
    Only what is drawn is an input in the accounts: every record goes on by itself. Nothing is
    rejected. Side inputs: the number of records by method, and of tasks.
    """

    run: str  # run directory or URL
    config: PlanConfig
    round: int  # whose methods are drawn, from 0
    # Counts of other methods' tasks, whose number sets the scale, and the weight of these methods;
    # None: `per_passage` does.
    planned: beam.PCollection[Count] | None
    weight: float = 1.0

    def default_label(self) -> str:
        return of_round(PLAN, self.round) if self.round else GIVEN_TASKS

    def expand(self, refs: beam.PCollection[bytes]) -> Stage:
        name = self.default_label()
        made = refs | "MadeBy" >> beam.FlatMap(made_by) | "Sum" >> beam.CombinePerKey(sum)
        tasks = (
            refs.pipeline | "NoScale" >> beam.Create([0])
            if self.planned is None
            else self.planned | "Tasks" >> TotalOut()
        )
        sides = beam.pvalue.AsDict(made), beam.pvalue.AsSingleton(tasks)
        stage: Stage = refs | "Plan" >> Accounted(name, _PlanRecords(self), *sides)
        return dataclasses.replace(stage, reads=())


class _PlanRecords(beam.DoFn):
    """Packed references, records by method and the number of tasks -> (task bucket, tasks)."""

    def __init__(self, stage: PlanRecords) -> None:
        self._run = RunFolder(stage.run)
        self._config = stage.config
        self._name = stage.default_label()
        self._weight = stage.weight if stage.planned is not None else None
        self._shares = [s for s in stage.config.of_round(stage.round) if s.start.is_made]

    def process(self, refs: bytes, made: Mapping[str, int], tasks: int) -> Iterator[Any]:
        basis = None if self._weight is None else Basis(tasks, self._weight)
        planned = plan_records(refs, self._shares, basis, made, self._config, self._run)
        yield from _outputs(self._name, planned)
