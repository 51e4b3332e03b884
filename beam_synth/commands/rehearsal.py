"""A few tasks of each method, round by round, in memory: what `plan` and `preview` look at."""

from __future__ import annotations

import contextlib
import dataclasses
import heapq
import itertools
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from beam_synth.drawing import draw
from beam_synth.errors import Rejected
from beam_synth.generation.mixture import PlanConfig, Share
from beam_synth.generation.outcomes import Finished, record_id_of
from beam_synth.generation.planned_problems import problem_languages, problem_tasks
from beam_synth.generation.planned_records import tasks_of_seed
from beam_synth.generation.planned_units import unit_tasks
from beam_synth.generation.planning import plan_passage, prose_alone, record_task
from beam_synth.generation.program import Unfinished
from beam_synth.generation.seeds import record_seed, seed_of
from beam_synth.ingestion.altered import Altered
from beam_synth.ingestion.file_accounts import records_in
from beam_synth.ingestion.instructions import parse_instruction
from beam_synth.ingestion.raw_records import InputRecord
from beam_synth.methods.seeds import Seed
from beam_synth.records import Instruction, Passage, Row, Task
from beam_synth.runs.identity import Run

_INSTRUCTIONS = 10_000  # that are looked at; their texts are held

RunTasks = Callable[[Sequence[Seed]], Awaitable[Sequence[Finished | Unfinished]]]


class Tried(NamedTuple):
    """One task that was run, and what became of it."""

    seed: Seed
    ended: Finished | Unfinished

    @property
    def rows(self) -> tuple[Row, ...]:
        """The records that it made; none where it was rejected, failed or not finished."""
        return self.ended.outcome.records if isinstance(self.ended, Finished) else ()


@dataclasses.dataclass
class Rehearsal:
    """What came of some tasks of each method."""

    tried: list[Tried] = dataclasses.field(default_factory=list)  # round by round
    # Of methods that list their tasks: seeds that were looked at, and the tasks of these.
    seeds: Counter[str] = dataclasses.field(default_factory=Counter)
    tasks: Counter[str] = dataclasses.field(default_factory=Counter)

    def of(self, method: str) -> list[Tried]:
        """The tasks of one method that were run."""
        return [item for item in self.tried if item.seed.task.method == method]

    def records_a_task(self, method: str) -> float:
        """Records that a task of the method gave, on average; 1 where none was run."""
        tried = self.of(method)
        return sum(len(item.rows) for item in tried) / len(tried) if tried else 1.0

    def tasks_a_seed(self, method: str) -> float:
        """Tasks that a method lists for a seed, on average; 0 where no seed was looked at."""
        return self.tasks[method] / self.seeds[method] if self.seeds[method] else 0.0


def source_tasks(
    articles: Sequence[Sequence[Passage]],
    near: Mapping[str, Sequence[str]],
    rates: Mapping[str, float],
    plan: PlanConfig,
) -> list[list[Task]]:
    """The tasks of the first round, article by article.

    Args:
        articles: passages of each article, in reading order.
        near: neighbours of a passage by its id, nearest first; none where it is left out.
        rates: tasks a passage by language; other languages get none.
        plan: the mixture.
    """
    return [_tasks_of_article(passages, near, rates, plan) for passages in articles]


def _tasks_of_article(
    passages: Sequence[Passage],
    near: Mapping[str, Sequence[str]],
    rates: Mapping[str, float],
    plan: PlanConfig,
) -> list[Task]:
    asked = [passage for passage in passages if passage.language in rates]
    by_id = {passage.passage_id: passage for passage in asked}
    tasks = [
        task
        for p in asked
        for task in prose_alone(
            plan_passage(
                p.passage_id, p.language, near.get(p.passage_id, ()), plan, rates[p.language]
            ),
            p.text,
            plan,
        )
    ]
    rows = [vars(passage) for passage in asked]
    return tasks + list(unit_tasks(rows, lambda names: by_id, plan, rates))


class Given(NamedTuple):
    """The job's own instructions: some of them, and how many there are."""

    rows: list[tuple[str, Row]]  # by drawn order; (id, what methods start from)
    total: int


def given_instructions(run: Run) -> Given:
    """A drawn sample of the job's own instructions that can be read, each id once."""
    numbers: dict[str, float] = {}
    kept: list[tuple[float, str, Instruction]] = []  # a heap of the smallest, negated
    for one in _instructions(run):
        if one.record_id not in numbers:
            number = draw(run.job.seed, one.record_id, "survey").uniform()
            numbers[one.record_id] = number
            keep = heapq.heappush if len(kept) < _INSTRUCTIONS else heapq.heappushpop
            keep(kept, (-number, one.record_id, one))
    rows = [(record_id, one.as_row()) for _, record_id, one in sorted(kept, reverse=True)]
    return Given(rows, len(numbers))


def _instructions(run: Run) -> Iterator[Instruction]:
    for source in run.instructions:
        columns = frozenset(source.columns.values())
        for item in source.files:
            for record in records_in(item.path, run.job.max_line_bytes, columns):
                if isinstance(record, InputRecord) and not record.reason:
                    with contextlib.suppress(Rejected):  # the run tells of these
                        one = parse_instruction(record.value, source, record.file, record.line)
                        yield Altered().instruction(one)


def given_seeds(run: Run, plan: PlanConfig, given: Given, most: int) -> list[Seed]:
    """Up to `most` tasks of each method that starts from what the job itself brings beside
    passages: instructions, and problems where there are no passages."""
    seeds: list[Seed] = []
    for share in plan.plans_given:
        of_rows = (
            seed_of(task, {}, row)
            for record_id, row in given.rows
            for task in tasks_from(share, record_id, row, plan)
        )
        seeds += itertools.islice(of_rows, most)
    if not run.texts and plan.plans_passages:
        languages = problem_languages(run.job.problems, plan)
        tasks = problem_tasks(range(most * len(plan.shares)), languages, plan)
        seeds += [seed_of(task, {}, None, run.job.problems) for task in some_of_each(tasks, most)]
    return seeds


async def rehearse(first: Sequence[Seed], plan: PlanConfig, run: RunTasks, most: int) -> Rehearsal:
    """Run the given tasks of the first round, then up to `most` of each method of later rounds,
    which start from the records of those before."""
    rehearsal = Rehearsal()
    seeds = list(first)
    for number in range(plan.rounds):
        if number:
            shares = plan.of_round(number)
            seeds = [s for share in shares for s in _following(share, rehearsal, plan, most)]
        ended = await run(seeds)
        rehearsal.tried += map(Tried, seeds, ended)
    return rehearsal


def _following(share: Share, rehearsal: Rehearsal, plan: PlanConfig, most: int) -> list[Seed]:
    """Some tasks of a later method, from records that were made in the rehearsal."""
    parents = [
        (record_id_of(item.seed.task.task_id, index), row)
        for maker in share.makers
        for item in rehearsal.of(maker)
        for index, row in enumerate(item.rows)
    ]
    seeds: list[Seed] = []
    for record_id, row in draw(plan.seed, share.method, "rehearse").sample(parents, most):
        tasks = tasks_from(share, record_id, row, plan)
        if share.listed:
            rehearsal.seeds[share.method] += 1
            rehearsal.tasks[share.method] += len(tasks)
        seeds += [seed_of(each, {}, row) for each in tasks]
    return draw(plan.seed, share.method, "rehearse tasks").sample(seeds, most)


def tasks_from(share: Share, record_id: str, row: Row, plan: PlanConfig) -> list[Task]:
    """The tasks of a method that a record is given: one, or those that the method lists for it."""
    if not share.serves(row["language"]):
        return []
    task = record_task(record_id, row["language"], "", share, 0, plan)
    return tasks_of_seed(record_seed(task, row), share, plan) if share.listed else [task]


def some_of_each(tasks: Iterable[Task], most: int) -> list[Task]:
    """The first `most` tasks of each method, by id."""
    found: dict[str, list[Task]] = {}
    for task in sorted(tasks, key=lambda task: task.task_id):
        of_method = found.setdefault(task.method, [])
        if len(of_method) < most:
            of_method.append(task)
    return [task for name in sorted(found) for task in found[name]]
