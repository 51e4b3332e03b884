"""`plan`: what a job would make and need, from a drawn sample of its articles; loads no model."""

from __future__ import annotations

import asyncio
import dataclasses
import math
from collections import Counter, defaultdict
from collections.abc import Sequence

from beam_synth.commands.survey import Survey, survey
from beam_synth.drawing import digest, draw
from beam_synth.engines.base import Completion, Request
from beam_synth.engines.embedders import make_tokenizer
from beam_synth.engines.prompts import Prompts
from beam_synth.generation import planning
from beam_synth.generation.calls import Endpoint, Policy, Stop
from beam_synth.generation.engine_registry import RULES
from beam_synth.generation.outcomes import Finished
from beam_synth.generation.planning import PlanConfig, plan_passage
from beam_synth.generation.program import Context, Role, run_program
from beam_synth.generation.seeds import seed_of
from beam_synth.generation.window import Window
from beam_synth.job.schema import Job
from beam_synth.judges import pairwise
from beam_synth.methods.declaration import Seed
from beam_synth.methods.loading import load_method
from beam_synth.records import Row, Task
from beam_synth.rule_engine import Extractive
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
    surveyed = survey(run, sample)
    config = PlanConfig.of_job(run.job, run.task_buckets)
    tasks = _tasks(config, surveyed)
    seeds = _seeds([task for group in tasks for task in group], surveyed, run.job.problems)
    calls = _try_out(run.job, seeds, config)
    lines = _scope(run, surveyed)
    lines += _counts(run.job, surveyed, tasks, config)
    lines += _tokens(run.job, _planned(run.job, surveyed, tasks, config), calls)
    return "\n".join([*lines, "", *_prompts(calls)])


def _scope(run: Run, surveyed: Survey) -> list[str]:
    looked = len(surveyed.articles)
    every = "all of them" if surveyed.complete else f"about {surveyed.total:,}"
    lines = [f"job {run.job.name!r}, seed {run.job.seed}"]
    lines.append(f"looked at {looked:,} articles of {every} in {len(run.articles)} files")
    return [*lines, *(f"  {note}" for note in surveyed.notes)]


def _tasks(config: PlanConfig, surveyed: Survey) -> list[list[Task]]:
    """The first round's tasks of each article that was looked at."""
    rates = planning.rates(Counter(p.language for of in surveyed.passages for p in of), config)
    return [
        [
            task
            for p in group
            if p.language in rates
            for task in plan_passage(p.passage_id, p.language, (), config, rates[p.language])
        ]
        for group in surveyed.passages
    ]


def _figure(counts: Sequence[int], surveyed: Survey) -> Estimate:
    """Scale counts an article to the whole job: expansion estimate of simple random sampling.

    With the finite population correction (Cochran, Sampling Techniques, chapter 2).
    """
    n, total = len(counts), surveyed.total
    mean = sum(counts) / n
    if surveyed.complete or n < 2:
        return Estimate(mean * total, 0.0)
    variance = sum((c - mean) ** 2 for c in counts) / (n - 1)
    return Estimate(mean * total, total * math.sqrt(variance / n * max(0.0, 1 - n / total)))


def _counts(
    job: Job, surveyed: Survey, tasks: Sequence[Sequence[Task]], config: PlanConfig
) -> list[str]:
    passages = _figure([len(group) for group in surveyed.passages], surveyed)
    every = _figure([len(t) for t in tasks], surveyed)
    lines = ["", f"passages {passages}", f"tasks    {every}"]
    first = config.first_round(job.tasks.limit)
    if first is not None and first < every.value:
        lines.append(f"  of which tasks.limit keeps {first:,}")
    if config.followers:
        names = " and ".join(share.method for share in config.followers)
        kept = every.value if first is None else min(every.value, first)
        lines.append(f"  and up to {kept * config.following:,.0f} of {names}, from their samples")
    cells: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0] * len(tasks))
    for number, group in enumerate(tasks):
        for task in group:
            cells[task.method, task.language][number] += 1
    for (method, language), counts in sorted(cells.items()):
        lines.append(f"  {method:20} {language:3} {_figure(counts, surveyed)}")
    return lines


@dataclasses.dataclass
class _Calls:
    """What the tried-out tasks sent and got, by method."""

    tasks: Counter[str] = dataclasses.field(default_factory=Counter)
    prompt_tokens: Counter[str] = dataclasses.field(default_factory=Counter)
    completion_tokens: Counter[str] = dataclasses.field(default_factory=Counter)
    shown: dict[str, str] = dataclasses.field(default_factory=dict)  # template -> a prompt


class _Recorder:
    """Answers by rule, and notes the prompt that a model would have been sent."""

    timed = False

    def __init__(self, job: Job, calls: _Calls) -> None:
        self._rules = Extractive()
        self._count = make_tokenizer(job.model("embedder")).count
        self._prompts = Prompts(job.prompts)
        self._calls = calls
        self.name = self._rules.name
        self.method = ""  # of the task that is tried out

    async def generate(self, request: Request) -> list[Completion]:
        """The rule engine's completion; notes the tokens of the prompt and of the answer."""
        messages = self._prompts.render(request.template, request.variables)
        text = "\n".join(f"[{m['role']}]\n{m['content']}" for m in messages)
        completions = await self._rules.generate(
            request
        )  # first: of what it refuses nothing counts
        self._calls.prompt_tokens[self.method] += self._count([text])[0]
        self._calls.shown.setdefault(request.template, text)
        self._calls.completion_tokens[self.method] += self._count([completions[0].text])[0]
        return completions

    def sha256(self, template: str) -> str:
        """SHA-256 of a template of the job, in hex."""
        return self._prompts.sha256(template)

    async def close(self) -> None:
        """Nothing to close."""


def _try_out(job: Job, seeds: Sequence[Seed], config: PlanConfig) -> _Calls:
    """Run some tasks of each method on the rule engine, and render what a model would be sent."""
    calls = _Calls()
    recorder = _Recorder(job, calls)

    async def run() -> None:
        stop = Stop(lambda: None, lambda reason, message: None)
        endpoint = Endpoint(recorder, Window(1), Policy(), stop)
        role = Role(endpoint, {})
        context = Context(job.seed, lambda name: role, load_method, recorder.sha256)

        async def samples_of(seed: Seed) -> Sequence[Row]:
            recorder.method = seed.task.method
            calls.tasks[recorder.method] += 1
            ended = await run_program(seed, context)
            return ended.outcome.samples if isinstance(ended, Finished) else ()

        rows = [row for seed in seeds for row in await samples_of(seed)]
        for share in config.followers:
            for row in draw(0, share.method, "try out").sample(rows, _PROGRAMS):
                await samples_of(_following(row, share.method))

    asyncio.run(run())
    return calls


def _following(row: Row, method: str) -> Seed:
    task_id = digest(row["synth_id"], method)
    return seed_of(Task(task_id, method, row["language"], "", (), 0, row["synth_id"]), {}, row)


def _seeds(tasks: Sequence[Task], surveyed: Survey, problems: str | None) -> list[Seed]:
    """Some tasks of each method with their texts; other passages stand in for neighbours."""
    by_id = {p.passage_id: p for group in surveyed.passages for p in group}
    chosen: list[Task] = []
    for method in sorted({task.method for task in tasks}):
        own = sorted((t for t in tasks if t.method == method), key=lambda t: t.task_id)
        chosen += own[:_PROGRAMS]
    seeds = []
    for task in chosen:
        wanted = load_method(task.method).neighbors
        others = [p for p in by_id.values() if p.language == task.language]
        near = draw(0, task.task_id, "stand-ins").sample(others, wanted + 1)
        near = [p for p in near if p.passage_id != task.passage_id][:wanted]
        seeds.append(Seed(task, by_id[task.passage_id], tuple(near), problems=problems))
    return seeds


def _planned(
    job: Job, surveyed: Survey, tasks: Sequence[Sequence[Task]], config: PlanConfig
) -> dict[str, float]:
    """Expected tasks of each method."""
    every = _figure([len(group) for group in tasks], surveyed).value
    first = config.first_round(job.tasks.limit)
    scale = 1.0 if first is None else min(1.0, first / max(1.0, every))
    planned = {
        share.method: scale
        * _figure([sum(t.method == share.method for t in group) for group in tasks], surveyed).value
        for share in config.shares
    }
    total = sum(share.weight for share in config.shares)
    for share in config.followers:
        planned[share.method] = scale * every * share.weight / total
    return planned


def _tokens(job: Job, planned: dict[str, float], calls: _Calls) -> list[str]:
    lines = ["", "calls and tokens (prompts as rendered, answers as long as the rule engine's):"]
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


def _prompts(calls: _Calls) -> list[str]:
    lines = []
    for template, text in list(calls.shown.items())[:_SHOWN]:
        lines += [f"--- prompt {template}", text, ""]
    return lines
