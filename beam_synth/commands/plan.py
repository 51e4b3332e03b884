"""`plan`: what a job would make and need, from a drawn sample of its articles; loads no model."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from beam_synth.commands.first_round import FirstRound, figure, first_round
from beam_synth.commands.languages import warnings_of
from beam_synth.commands.plan_judges import at_worst, planned_judges
from beam_synth.commands.plan_kept import (
    OF_CELL,
    Cell,
    Kept,
    few_kept,
    is_by_rules,
    kept_by_cell,
    kept_lines,
)
from beam_synth.commands.plan_trial import Calls, seeds_to_try, try_on_rules
from beam_synth.commands.rehearsal import (
    Given,
    Rehearsal,
    given_instructions,
    given_seeds,
)
from beam_synth.commands.survey import NOTHING, Survey, survey
from beam_synth.generation.config import MAX_BATCH
from beam_synth.generation.engine_registry import RULES, is_batched
from beam_synth.generation.mixture import PlanConfig, Share, total_weight
from beam_synth.generation.token_limits import TOKEN_LIMITS
from beam_synth.generation.who_judges import judging_of
from beam_synth.job.schema import Job
from beam_synth.judges.verdicts import CALLS
from beam_synth.methods.loading import load_method
from beam_synth.runs.identity import Run

_PROGRAMS = 60  # tasks whose calls are tried out, for tokens
_SHOWN = 3  # rendered prompts
_SECONDS_A_CALL = 10.0  # a few hundred tokens from a loaded server


def plan(run: Run, sample: int) -> str:
    """The text that `beam-synth plan` prints: scope, passages, tasks, calls, tokens, cost, prompts.

    `sample` is the number of articles to look at. Errors are one standard error of the draw of
    articles; a sample of all articles has none. Up to 60 tasks of each method are run on the rule
    engine for the lengths of their prompts and answers, in the embedder's tokens; of a job by rules
    also up to 20 of each method and language, for how many give a record. Raises Refused where no
    article can be read.
    """
    config = PlanConfig.of_job(run.job, run.task_buckets)
    surveyed = survey(run, sample) if run.texts else NOTHING
    given = given_instructions(run) if config.plans_given else Given([], 0)
    first = first_round(run, config, surveyed, given)
    of_cell = OF_CELL if is_by_rules(run.job) else 0
    seeds = seeds_to_try(first.tasks, surveyed, run.job.problems, _PROGRAMS, of_cell)
    seeds += given_seeds(run, config, given, _PROGRAMS)
    calls, tried = try_on_rules(run.job, seeds, config, _PROGRAMS)
    planned = _planned(run.job, first, config, tried)
    lines = _scope(run, surveyed, given)
    kept = kept_by_cell(tried) if of_cell else {}
    lines += _counts(run.job, surveyed, first, config, planned)
    lines += kept_lines(kept)
    lines += _tokens(run.job, planned, calls)
    lines += _warnings(run.job, config, surveyed, given, kept)
    return "\n".join([*lines, "", *_prompts(calls)])


def _warnings(
    job: Job, config: PlanConfig, surveyed: Survey, given: Given, kept: Mapping[Cell, Kept]
) -> list[str]:
    """What is to be said of the languages of the passages and instructions looked at, and of the
    tasks that were tried."""
    texts: dict[str, list[str]] = {row["language"]: [] for _, row in given.rows}
    for passages in surveyed.passages:
        for passage in passages:
            texts.setdefault(passage.language, []).append(passage.text)
    lines = [*warnings_of(job, config, texts), *few_kept(kept)]
    return ["", *lines] if lines else []


def _scope(run: Run, surveyed: Survey, given: Given) -> list[str]:
    lines = [f"job {run.job.name!r}, seed {run.job.seed}"]
    if run.texts:
        kinds = [("articles", run.articles), ("documents", run.documents)]
        named = " and ".join(name for name, there in kinds if there)
        looked = len(surveyed.articles)
        every = "all of them" if surveyed.complete else f"about {surveyed.total:,}"
        lines.append(f"looked at {looked:,} {named} of {every} in {len(run.texts)} files")
    if run.instructions:
        looked, files = len(given.rows), sum(len(source.files) for source in run.instructions)
        every = "all of them" if looked == given.total else f"{given.total:,}"
        lines.append(f"looked at {looked:,} instructions of {every} in {files} files")
    return [*lines, *(f"  {note}" for note in surveyed.notes)]


def _counts(
    job: Job,
    surveyed: Survey,
    first: FirstRound,
    config: PlanConfig,
    planned: Mapping[str, float],
) -> list[str]:
    by_article = [len(group) for group in surveyed.passages]
    passages = figure(by_article, surveyed.total, complete=surveyed.complete)
    every = first.count()
    lines = ["", *([f"passages {passages}"] if by_article else []), f"tasks    {every}"]
    limit = config.limits(job.tasks.limit)[0]
    if limit is not None and limit < every.value:
        lines.append(f"  of which tasks.limit keeps {limit:,}")
    for budget in config.budgets_of_round(0):
        if budget.tasks < first.count([budget.method]).value:
            lines.append(f"  of which tasks.budget keeps {budget.tasks:,} of {budget.method}")
    for number in range(1, config.rounds):
        names = [share.method for share in config.of_round(number)]
        up_to = sum(planned[name] for name in names)
        lines.append(f"  and up to {up_to:,.0f} of {' and '.join(names)}, from records")
    for method, language in sorted({(task.method, task.language) for task in first.tasks}):
        lines.append(f"  {method:20} {language:3} {first.count([method], language)}")
    return lines


def _planned(job: Job, first: FirstRound, config: PlanConfig, tried: Rehearsal) -> dict[str, float]:
    """Expected tasks of each method, round by round, as limits and budgets leave them."""
    budgets = {budget.method: budget.tasks for budget in config.budgets}
    planned: dict[str, float] = {}
    for number, limit in enumerate(config.limits(job.tasks.limit)):
        before = sum(planned[share.method] for share in config.of_round(0)) if number else 0.0
        wanted = {
            share.method: _wanted(share, config, planned, before, tried)
            if number
            else first.count([share.method]).value
            for share in config.of_round(number)
        }
        kept = 1.0 if limit is None else min(1.0, limit / max(1.0, sum(wanted.values())))
        planned |= {name: min(kept * n, budgets.get(name, math.inf)) for name, n in wanted.items()}
    return planned


def _wanted(
    share: Share,
    config: PlanConfig,
    planned: Mapping[str, float],
    first: float,
    tried: Rehearsal,
) -> float:
    """Tasks of a method that starts from records; `first` are those of the first round."""
    if not share.listed:
        return first * share.weight / total_weight(config.of_round(0))
    records = sum(planned[maker] * tried.records_a_task(maker) for maker in share.makers if maker)
    return records * tried.tasks_a_seed(share.method)


def _tokens(job: Job, planned: dict[str, float], calls: Calls) -> list[str]:
    how = "prompts as rendered, answers as long as the rule engine's, a model's traces as asked for"
    lines = ["", f"calls and tokens ({how}):"]
    if calls.stood_in:
        names = ", ".join(sorted(calls.stood_in))
        lines.append(f"  (no rule answers {names}: texts of 60 words stand in)")
    totals, drawn = [0.0, 0.0, 0.0], 0.0
    for method in sorted(calls.tasks):
        per_task = [
            load_method(method).calls,
            calls.prompt_tokens[method] / calls.tasks[method],
            calls.completion_tokens[method] / calls.tasks[method],
        ]
        row = [planned[method] * each for each in per_task]
        drawn += planned[method] * calls.most_tokens[method] / calls.tasks[method]
        totals = [a + b for a, b in zip(totals, row, strict=True)]
        lines.append(_row(method, row))
    judges = planned_judges(job, planned, calls)
    lines += [_row(role, row) for role, row in judges.items()]
    every = [sum(column) for column in zip(totals, *judges.values(), strict=True)]
    told = [_row("total", every), *_cost(job, {"generator": totals, **judges})]
    by_model = every[0] - totals[0] * (job.model("generator").engine in RULES)
    told += _hours(job, by_model, planned)
    worst = [*_at_most(job, planned, totals), *at_worst(job, judges)]
    return [*lines, *told, *worst, *_if_cut_off(job, totals[0], drawn)]


def _row(name: str, row: Sequence[float]) -> str:
    return f"  {name:20} {row[0]:>12,.0f} calls {row[1]:>14,.0f} in {row[2]:>14,.0f} out"


def _cost(job: Job, by_role: Mapping[str, Sequence[float]]) -> list[str]:
    """What the calls of each role cost, together, of the models that have a price."""
    judging = judging_of(job)
    asked = {"judge": judging.by} if judging else {}
    prices = {role: job.prices.get(job.model(asked.get(role, role)).model) for role in by_role}
    if not any(prices.values()):
        return []
    cost = sum(
        (by_role[role][1] * price.prompt + by_role[role][2] * price.completion) / 1e6
        for role, price in prices.items()
        if price is not None
    )
    batched = is_batched(job.model("generator"))
    note = " (a batch costs half of a call: name its prices)" if batched else ""
    return [f"  cost {cost:,.2f} at the job's prices{note}"]


def _batches(planned: Mapping[str, float], judged: bool) -> list[str]:
    """How many batches come one after the other: the calls of a task wait for each other, and so
    do the parts that a run's tasks are done in."""
    steps = max((load_method(name).calls for name, n in planned.items() if n), default=0)
    steps += CALLS * judged
    parts = math.ceil(sum(planned.values()) / MAX_BATCH)
    if not steps * parts:
        return []
    return [
        f"  about {steps * parts:,} batches one after the other; a batch takes minutes to hours, a "
        "day at most"
    ]


def _hours(job: Job, calls: float, planned: Mapping[str, float]) -> list[str]:
    """How long the calls of models take; an endpoint's latency is known when it is asked, not
    before."""
    if not calls:
        return []
    if is_batched(job.model("generator")):
        return _batches(planned, judging_of(job) is not None)
    window = job.generate.window
    hours = calls * _SECONDS_A_CALL / window / 3600
    return [f"  {hours:,.1f} hours if a call takes {_SECONDS_A_CALL:g} s, {window} at a time"]


def _at_most(job: Job, planned: Mapping[str, float], totals: Sequence[float]) -> list[str]:
    """What it costs at worst that answers go back for a fault of form; rules are not asked again.

    Tokens are those of the usual calls, as many times over as there are calls: an answer that goes
    back stands in the prompt of the next one, too.
    """
    if job.model("generator").engine in RULES or not job.generate.second_try or not totals[0]:
        return []
    most = sum(n * load_method(name).most_calls for name, n in planned.items())
    if most <= totals[0]:
        return []
    times = most / totals[0]
    read, written = totals[1] * times + totals[2] * (times - 1), totals[2] * times
    cost = "".join(
        f", {each.strip()}," for each in _cost(job, {"generator": [most, read, written]})
    )
    return [
        f"  at most about {most:,.0f} calls, {read:,.0f} in and {written:,.0f} out{cost} if every "
        "answer went back once for its form (generate.second_try)"
    ]


def _if_cut_off(job: Job, calls: float, drawn: float) -> list[str]:
    """What it costs at worst that answers are cut off, at the job's limit or at those drawn, whose
    sum is given."""
    model = job.model("generator")
    limit = model.sampling.get("max_tokens") or model.sampling.get("max_completion_tokens")
    if model.engine in RULES:
        return []
    if not isinstance(limit, int):
        named = any(key in model.sampling for key in TOKEN_LIMITS)  # as null: no limit is wanted
        told = "if every answer took all that it may (limits drawn by method, length and language)"
        return [f"  {drawn:,.0f} out {told}"] if drawn and not named else []
    once = f"{calls * limit:,.0f} out if every answer took its {limit:,} tokens"
    if not job.generate.retry_cut:
        return [f"  {once}"]
    return [
        f"  {once}; {2 * calls:,.0f} calls and {3 * calls * limit:,.0f} out if each were cut off "
        "and asked for once more with twice as many (generate.retry_cut)"
    ]


def _prompts(calls: Calls) -> list[str]:
    lines = []
    for template, text in list(calls.shown.items())[:_SHOWN]:
        lines += [f"--- prompt {template}", text, ""]
    return lines
