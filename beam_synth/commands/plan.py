"""`plan`: what a job would make and need, from a drawn sample of its articles; loads no model."""

from __future__ import annotations

import dataclasses
import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from beam_synth.commands.plan_trial import Calls, try_on_rules
from beam_synth.commands.rehearsal import (
    Rehearsal,
    given_instructions,
    given_seeds,
    some_of_each,
    source_tasks,
)
from beam_synth.commands.survey import NOTHING, Survey, survey
from beam_synth.drawing import draw
from beam_synth.generation.engine_registry import RULES
from beam_synth.generation.mixture import PlanConfig, rates, total_weight
from beam_synth.generation.seeds import seed_of
from beam_synth.job.schema import Job
from beam_synth.judges import pairwise
from beam_synth.methods.loading import load_method
from beam_synth.methods.seeds import Seed
from beam_synth.records import Passage, Task
from beam_synth.runs.identity import Run

_PROGRAMS = 60  # tasks whose calls are tried out, for tokens
_SHOWN = 3  # rendered prompts
_SECONDS_A_CALL = 10.0  # a few hundred tokens from a loaded server


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


def plan(run: Run, sample: int) -> str:
    """The text that `beam-synth plan` prints: scope, passages, tasks, calls, tokens, cost, prompts.

    `sample` is the number of articles to look at. Errors are one standard error of the draw of
    articles; a sample of all articles has none. Up to 60 tasks of each method are run on the rule
    engine for the lengths of their prompts and answers, in the embedder's tokens. Raises Refused
    where no article can be read.
    """
    config = PlanConfig.of_job(run.job, run.task_buckets)
    surveyed = survey(run, sample) if run.texts else NOTHING
    tasks = _tasks(config, surveyed)
    seeds = _seeds([task for group in tasks for task in group], surveyed, run.job.problems)
    seeds += given_seeds(run, config, _PROGRAMS)
    calls, tried = try_on_rules(run.job, seeds, config, _PROGRAMS)
    planned = _planned(run, surveyed, tasks, config, tried)
    lines = _scope(run, surveyed)
    lines += _counts(run.job, surveyed, tasks, config, planned)
    lines += _tokens(run.job, planned, calls)
    return "\n".join([*lines, "", *_prompts(calls)])


def _scope(run: Run, surveyed: Survey) -> list[str]:
    looked = len(surveyed.articles)
    every = "all of them" if surveyed.complete else f"about {surveyed.total:,}"
    lines = [f"job {run.job.name!r}, seed {run.job.seed}"]
    kinds = [
        name for name, there in (("articles", run.articles), ("documents", run.documents)) if there
    ]
    lines.append(f"looked at {looked:,} {' and '.join(kinds)} of {every} in {len(run.texts)} files")
    lines = lines if run.texts else lines[:1]
    lines += [
        f"{source.key} {source.name!r}: {len(source.files)} files" for source in run.instructions
    ]
    return [*lines, *(f"  {note}" for note in surveyed.notes)]


def _tasks(config: PlanConfig, surveyed: Survey) -> list[list[Task]]:
    """The first round's tasks of each article that was looked at."""
    by_language = rates(Counter(p.language for of in surveyed.passages for p in of), config)
    return source_tasks(surveyed.passages, {}, by_language, config)


def _figure(counts: Sequence[int], surveyed: Survey) -> Estimate:
    """Scale counts an article to the whole job: expansion estimate of simple random sampling.

    With the finite population correction (Cochran, Sampling Techniques, chapter 2).
    """
    n, total = len(counts), surveyed.total
    if not n:
        return Estimate(0.0, 0.0)
    mean = sum(counts) / n
    if surveyed.complete or n < 2:
        return Estimate(mean * total, 0.0)
    variance = sum((c - mean) ** 2 for c in counts) / (n - 1)
    return Estimate(mean * total, total * math.sqrt(variance / n * max(0.0, 1 - n / total)))


def _counts(
    job: Job,
    surveyed: Survey,
    tasks: Sequence[Sequence[Task]],
    config: PlanConfig,
    planned: Mapping[str, float],
) -> list[str]:
    passages = _figure([len(group) for group in surveyed.passages], surveyed)
    every = _figure([len(t) for t in tasks], surveyed)
    lines = ["", f"passages {passages}", f"tasks    {every}"]
    first = config.limits(job.tasks.limit)[0]
    if first is not None and first < every.value:
        lines.append(f"  of which tasks.limit keeps {first:,}")
    for number in range(1, config.rounds):
        names = [share.method for share in config.of_round(number)]
        up_to = sum(planned[name] for name in names)
        lines.append(f"  and up to {up_to:,.0f} of {' and '.join(names)}, from records")
    cells: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0] * len(tasks))
    for number, group in enumerate(tasks):
        for task in group:
            cells[task.method, task.language][number] += 1
    for (method, language), counts in sorted(cells.items()):
        lines.append(f"  {method:20} {language:3} {_figure(counts, surveyed)}")
    return lines


def _seeds(tasks: Sequence[Task], surveyed: Survey, problems: str | None) -> list[Seed]:
    """Some tasks of each method with their texts; other passages stand in for neighbours."""
    by_id = {p.passage_id: p for group in surveyed.passages for p in group}
    return [
        seed_of(_with_neighbors(task, by_id), by_id, None, problems)
        for task in some_of_each(tasks, _PROGRAMS)
    ]


def _with_neighbors(task: Task, by_id: Mapping[str, Passage]) -> Task:
    wanted = load_method(task.method).neighbors
    others = [p.passage_id for p in by_id.values() if p.language == task.language]
    near = draw(0, task.task_id, "stand-ins").sample(others, wanted + 1)
    return dataclasses.replace(
        task, neighbors=tuple(name for name in near if name != task.passage_id)[:wanted]
    )


def _planned(
    run: Run,
    surveyed: Survey,
    tasks: Sequence[Sequence[Task]],
    config: PlanConfig,
    tried: Rehearsal,
) -> dict[str, float]:
    """Expected tasks of each method, round by round."""
    job = run.job
    every = _figure([len(group) for group in tasks], surveyed).value
    limits = config.limits(job.tasks.limit)
    scale = 1.0 if limits[0] is None else min(1.0, limits[0] / max(1.0, every))
    planned = {
        share.method: scale
        * _figure([sum(t.method == share.method for t in group) for group in tasks], surveyed).value
        for share in config.of_round(0)
    }
    planned |= _planned_of_given(run, config, sum(planned.values()), tried)
    first = sum(planned.values())
    budgets = {budget.method: budget.tasks for budget in config.budgets}
    for number in range(1, config.rounds):
        for share in config.of_round(number):
            wanted = first * share.weight / total_weight(config.of_round(0))
            if share.listed:
                records = sum(planned[m] * tried.records_a_task(m) for m in share.makers if m)
                wanted = records * tried.tasks_a_seed(share.method)
            planned[share.method] = min(wanted, budgets.get(share.method, math.inf))
    return {name: min(n, budgets.get(name, math.inf)) for name, n in planned.items()}


def _planned_of_given(
    run: Run, config: PlanConfig, tasks: float, tried: Rehearsal
) -> dict[str, float]:
    """Tasks of methods that start from the job's own instructions, or from problems alone; `tasks`
    are those of passages."""
    if not run.texts and config.plans_passages:
        whole = total_weight(config.of_round(0))
        limit = config.limits(run.job.tasks.limit)[0] or 0
        return {s.method: limit * s.weight / whole for s in config.of_round(0) if s.of_passages}
    rows = len(given_instructions(run)) if config.plans_given else 0
    per_row = run.job.tasks.per_passage / total_weight(config.of_round(0))
    planned = {}
    for share in config.plans_given:
        if share.listed:
            seeds = {item.seed.task.parent for item in tried.of(share.method)}
            planned[share.method] = rows * len(tried.of(share.method)) / max(1, len(seeds))
        elif config.scale:
            planned[share.method] = tasks * share.weight / config.scale
        else:
            planned[share.method] = rows * per_row * share.weight / (1 + config.following)
    return planned


def _tokens(job: Job, planned: dict[str, float], calls: Calls) -> list[str]:
    lines = ["", "calls and tokens (prompts as rendered, answers as long as the rule engine's):"]
    if calls.stood_in:
        names = ", ".join(sorted(calls.stood_in))
        lines.append(f"  (no rule answers {names}: texts of 60 words stand in)")
    totals = [0.0, 0.0, 0.0]
    for method in sorted(calls.tasks):
        per_task = [
            load_method(method).calls + (pairwise.CALLS if "judge" in job.models else 0),
            calls.prompt_tokens[method] / calls.tasks[method],
            calls.completion_tokens[method] / calls.tasks[method],
        ]
        row = [planned[method] * each for each in per_task]
        totals = [a + b for a, b in zip(totals, row, strict=True)]
        lines.append(_row(method, row))
    return [*lines, _row("total", totals), *_cost(job, totals), *_hours(job, totals[0])]


def _row(name: str, row: Sequence[float]) -> str:
    return f"  {name:20} {row[0]:>12,.0f} calls {row[1]:>14,.0f} in {row[2]:>14,.0f} out"


def _cost(job: Job, totals: Sequence[float]) -> list[str]:
    price = job.prices.get(job.model("generator").model)
    if price is None:
        return []
    cost = (totals[1] * price.prompt + totals[2] * price.completion) / 1e6
    return [f"  cost {cost:,.2f} at the job's prices"]


def _hours(job: Job, calls: float) -> list[str]:
    """How long the calls take; an endpoint's latency is known when it is asked, not before."""
    if job.model("generator").engine in RULES:
        return []
    window = job.generate.window
    hours = calls * _SECONDS_A_CALL / window / 3600
    return [f"  {hours:,.1f} hours if a call takes {_SECONDS_A_CALL:g} s, {window} at a time"]


def _prompts(calls: Calls) -> list[str]:
    lines = []
    for template, text in list(calls.shown.items())[:_SHOWN]:
        lines += [f"--- prompt {template}", text, ""]
    return lines
