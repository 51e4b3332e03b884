"""PlanTasks and PlanFollowUps: which method works on which passage or sample.

What a passage or a sample gets is drawn by its id alone (`generation.planning`): neither bundles
nor the order of elements change a task.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any

import apache_beam as beam

from beam_synth.generation.planned_buckets import (
    Planned,
    languages_of,
    plan_bucket,
    plan_followups,
)
from beam_synth.generation.planning import PlanConfig
from beam_synth.records import Count, JoinedFile, PassageFile
from beam_synth.storage.files import RunFolder
from transforms.accounting import Accounted, Stage, TotalOut, counted

PLAN = "PlanTasks"
FOLLOW_UPS = "PlanFollowUps"


@dataclasses.dataclass(eq=False)
class PlanTasks(beam.PTransform):
    """Draw the tasks of every passage.

    In: JoinedFiles, or PassageFiles where nothing wants neighbours. Out: (task_bucket, packed
    Tasks), an element for each bucket and file. In are passages, out are tasks. Rejects:
    `language_not_asked`, `not_drawn`. A worker holds the ids of one file's passages and neighbours.

    Side input: the number of passages in each language, where the job gives languages shares.
    """

    run: str  # run directory or URL
    config: PlanConfig

    def expand(self, joined: beam.PCollection[JoinedFile | PassageFile]) -> Stage:
        plan = Accounted(PLAN, _Plan(self.run, self.config), self._by_language(joined))
        stage: Stage = joined | "Plan" >> plan
        return stage

    def _by_language(self, joined: beam.PCollection[JoinedFile | PassageFile]) -> Any:
        if not self.config.language_shares:
            return None
        counts = (
            joined
            | "Languages" >> beam.FlatMap(languages_of, RunFolder(self.run))
            | "ByLanguage" >> beam.CombinePerKey(sum)
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
        planned = plan_bucket(joined, self._run, self._config, by_language, PLAN)
        yield from _outputs(PLAN, planned)


def _outputs(stage: str, planned: Planned) -> Iterator[Any]:
    yield from planned.packed
    yield from counted(stage, planned.seeds, planned.tasks, planned.rejects)


@dataclasses.dataclass(eq=False)
class PlanFollowUps(beam.PTransform):
    """Draw the tasks that start from samples: as many as the mixture wants beside the first round's
    tasks, whatever number of these ended as samples.

    In: packed SAMPLE_REF tables. Out: (task_bucket, packed Tasks), each in its parent's bucket.
    Only what is drawn is an input in the accounts: every sample goes on by itself. Nothing is
    rejected. Side inputs: two numbers.
    """

    config: PlanConfig  # whose `followers` are drawn
    generated: beam.PCollection[Count]  # counts of the stage that made the samples
    planned: beam.PCollection[Count]  # counts of the first round's tasks

    def expand(self, refs: beam.PCollection[bytes]) -> Stage:
        sides = (
            beam.pvalue.AsSingleton(self.generated | "Samples" >> TotalOut()),
            beam.pvalue.AsSingleton(self.planned | "Tasks" >> TotalOut()),
        )
        stage: Stage = refs | "Plan" >> Accounted(FOLLOW_UPS, _Follow(self.config), *sides)
        return dataclasses.replace(stage, reads=())


class _Follow(beam.DoFn):
    """Packed references, and how many samples and tasks there are -> (task bucket, tasks)."""

    def __init__(self, config: PlanConfig) -> None:
        self._config = config

    def process(self, refs: bytes, samples: int, tasks: int) -> Iterator[Any]:
        yield from _outputs(FOLLOW_UPS, plan_followups(refs, samples, tasks, self._config))
