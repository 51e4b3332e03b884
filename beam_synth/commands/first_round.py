"""The first round's tasks as the run draws them, of those of its sources that are looked at."""

from __future__ import annotations

import dataclasses
import math
from collections import Counter
from collections.abc import Callable, Collection, Sequence

from beam_synth.commands.rehearsal import Given, source_tasks, tasks_from
from beam_synth.commands.survey import Survey
from beam_synth.generation.mixture import PlanConfig, rates
from beam_synth.generation.planned_problems import problem_languages, problem_tasks
from beam_synth.generation.planned_records import Basis, expected_tasks, groups_of
from beam_synth.generation.planning import plan_record
from beam_synth.records import Row, Task
from beam_synth.runs.identity import Run

_PROBLEMS = 100_000  # numbers that are drawn; more are in proportion


@dataclasses.dataclass(frozen=True)
class Estimate:
    """An estimate and its standard error, both in the unit of what is counted.

    >>> str(Estimate(1200.0, 34.6)), str(Estimate(1200.0, 0.0))
    ('1,200 ± 35', '1,200')
    """

    value: float
    error: float  # 0 where everything was counted

    def __str__(self) -> str:
        margin = f" ± {self.error:,.0f}" if self.error >= 0.5 else ""
        return f"{self.value:,.0f}{margin}"

    def __add__(self, other: Estimate) -> Estimate:
        """Of two independent samples."""
        return Estimate(self.value + other.value, math.hypot(self.error, other.error))


def figure(counts: Sequence[int], total: int, *, complete: bool) -> Estimate:
    """Scale counts of some of `total` articles: expansion estimate of simple random sampling.

    With the finite population correction (Cochran, Sampling Techniques, chapter 2).

    >>> figure([2, 4], 2, complete=True), figure([], 0, complete=True)
    (Estimate(value=6.0, error=0.0), Estimate(value=0.0, error=0.0))
    """
    n = len(counts)
    if not n:
        return Estimate(0.0, 0.0)
    mean = sum(counts) / n
    if complete or n < 2:
        return Estimate(mean * total, 0.0)
    variance = sum((c - mean) ** 2 for c in counts) / (n - 1)
    return Estimate(mean * total, total * math.sqrt(variance / n * max(0.0, 1 - n / total)))


@dataclasses.dataclass(frozen=True)
class Drawn:
    """The tasks of each article, instruction or problem that was looked at."""

    tasks: Sequence[Sequence[Task]]
    total: int  # how many of these there are
    complete: bool  # all of them were looked at

    def count(self, keep: Callable[[Task], bool]) -> Estimate:
        """How many tasks of a kind all of them have."""
        counts = [sum(map(keep, group)) for group in self.tasks]
        return figure(counts, self.total, complete=self.complete)


@dataclasses.dataclass(frozen=True)
class FirstRound:
    """The tasks of the first round, by what they start from."""

    parts: tuple[Drawn, ...]

    @property
    def tasks(self) -> list[Task]:
        """All that were drawn."""
        return [task for part in self.parts for group in part.tasks for task in group]

    def count(self, methods: Collection[str] | None = None, language: str = "") -> Estimate:
        """How many tasks the run plans before limits and budgets, of these methods (None: of all)
        and in this language ("": in all)."""

        def keep(task: Task) -> bool:
            wanted = methods is None or task.method in methods
            return wanted and language in ("", task.language)

        return sum((part.count(keep) for part in self.parts), Estimate(0.0, 0.0))


def first_round(run: Run, config: PlanConfig, surveyed: Survey, given: Given) -> FirstRound:
    """Tasks of the articles that were looked at, of problems, and of the job's instructions."""
    parts = []
    if run.texts:
        by_language = rates(Counter(p.language for of in surveyed.passages for p in of), config)
        tasks = source_tasks(surveyed.passages, {}, by_language, config)
        parts.append(Drawn(tasks, surveyed.total, surveyed.complete))
    elif config.plans_passages:
        parts.append(_of_problems(run, config))
    if config.plans_given:
        first = {s.method for s in config.of_round(0) if s.of_passages or not config.plans_passages}
        scaling = FirstRound(tuple(parts)).count(first).value
        basis = Basis(round(scaling), config.scale) if parts and config.scale else None
        parts.append(_of_given(given, config, basis))
    return FirstRound(tuple(parts))


def _of_problems(run: Run, config: PlanConfig) -> Drawn:
    total = run.job.tasks.limit or 0
    languages = problem_languages(run.job.problems, config)
    tasks = problem_tasks(range(min(total, _PROBLEMS)), languages, config)
    return Drawn([[task] for task in tasks], total, total <= _PROBLEMS)


def _of_given(given: Given, config: PlanConfig, basis: Basis | None) -> Drawn:
    return Drawn(
        [_of_row(record_id, row, given.total, config, basis) for record_id, row in given.rows],
        given.total,
        len(given.rows) == given.total,
    )


def _of_row(
    record_id: str, row: Row, rows: int, config: PlanConfig, basis: Basis | None
) -> list[Task]:
    tasks = [
        task
        for share in config.plans_given
        if share.listed
        for task in tasks_from(share, record_id, row, config)
    ]
    for group in groups_of(config.plans_given):
        drawn = [share for share in group if not share.listed]
        if drawn:
            expected = expected_tasks(drawn, basis, rows, config)
            tasks += plan_record(record_id, row["language"], "", drawn, expected, config)
    return tasks
