"""The whole chain, one line a stage: read this first.

Articles become passages, passages get neighbours, passages and records become tasks, tasks become
records, round by round, and records that are no duplicates become shards. Between the stages flow
references, ids and names of files; bodies lie in the run's folder. Each stage puts out what it
turned down and its counts, which `FinishRun` checks against each other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import apache_beam as beam

from beam_synth.dataset.configs import settle_class, settling, written_configs
from beam_synth.generation.config import GenerateConfig, of_round
from beam_synth.generation.mixture import PlanConfig, total_weight
from beam_synth.generation.planned_problems import problem_languages
from beam_synth.ingestion.article_reading import ReadLimits, row_limits
from beam_synth.knowledge.vector_files import embedded_languages
from beam_synth.methods.loading import configs_of, wants_neighbors
from beam_synth.records import INSTRUCTIONS, DatasetConfig
from beam_synth.runs.identity import Run
from transforms.accounting import (
    OTHERS,
    PAGES,
    Outs,
    Stage,
    all_counts,
    all_files,
    all_metrics,
    all_rejects,
    each,
    union,
)
from transforms.deduplicate import DeduplicateExact, DeduplicateMinHash
from transforms.expand import ExpandWithWikidata, SelectCore
from transforms.generate import Generate
from transforms.hold_out import HoldOutSections
from transforms.limit import LimitArticles, LimitTasks, NotePlanned
from transforms.neighbors import JoinNeighbors
from transforms.note import NoteReached
from transforms.passages import EmbedPassages, SplitPassages
from transforms.plan import PlanProblems, PlanRecords, PlanTasks, PlanUnits
from transforms.read import ReadArticles, ReadDocuments, ReadInstructions
from transforms.resolve import ResolveList
from transforms.settle import Settle
from transforms.write import FinishRun, WriteRejects, WriteShards
from transforms.written import KeepWritten


def build(root: beam.Pipeline, run: Run, generate: GenerateConfig) -> None:
    """Wire the whole chain onto `root`; what it makes lies in the run's folder.

    Nothing is read or run here. The expansion is wired where the job names a dump, embeddings and
    neighbours where a method of its mixture wants some, further rounds of tasks where methods start
    from records.

    Raises Refused where a method of the mixture cannot be loaded or starts from what nothing
    makes, and ValueError where the run's task buckets do not make whole shards.
    """
    job, path = run.job, run.path
    plan = PlanConfig.of_job(job, run.task_buckets)
    configs = configs_of(job.mixture)
    written = written_configs(configs, job.write.steps)

    stages: list[Stage] = []
    given = list(_given(root, run, plan, stages))
    planned = list(_planned_first(root, run, plan, given, stages))

    tasks: list[Stage] = []
    rounds: list[Stage] = []
    for number, limit in enumerate(plan.limits(job.tasks.limit)):
        if number:
            refs = union(of_round("Earlier", number), [*given, *rounds], flat=True)
            weight = total_weight(plan.of_round(0))
            planned = [add(stages, refs | PlanRecords(path, plan, number, tasks[0].counts, weight))]
        cut = LimitTasks(limit, number, recorded=job.tasks.keep_left_out)
        kept = add(stages, each(planned) | cut)
        for method, tokens, n in plan.budgets_of_round(number):
            kept = add(stages, kept | LimitTasks(n, number, method, tokens))
        tasks.append(kept)
        counts = all_counts(tasks, of_round("CountsOfTasks", number))
        noted = counts | NotePlanned(path, plan.still_following(number), number)
        made = add(stages, kept | Generate(generate, number, noted))
        for config in settling(configs, plan.of_round(number)):
            step, earlier = settle_class(config), [*given, *rounds]
            made = add(stages, made | Settle(step, config, path, earlier, job, number))
        rounds.append(made)

    records: Outs | Stage = union("AllRecords", rounds)
    if len(written) < len(configs):
        records = add(stages, records | KeepWritten(tuple(config.name for config in written)))
    exact = add(stages, records | DeduplicateExact(job.dedup.exact))
    unique = add(stages, exact | DeduplicateMinHash(
        job.dedup.threshold, path, job.dedup.keep_numbers_for, job.dedup.minhash
    ))  # fmt: skip
    shards = add(stages, unique | WriteShards(
        path, written, job.write.shards, run.task_buckets, job.write.formats
    ))  # fmt: skip
    _finish(stages, shards, run, written)


def add(stages: list[Stage], stage: Stage) -> Stage:
    """The stage itself, which is the next one of the run's accounts."""
    stages.append(stage)
    return stage


def _given(root: beam.Pipeline, run: Run, plan: PlanConfig, stages: list[Stage]) -> Iterator[Stage]:
    """The stage that reads the job's own instructions, where it has some."""
    if run.instructions:
        settled = settling(configs_of(run.job.mixture), plan.shares)
        compared = INSTRUCTIONS.name in [config.name for config in settled]
        buckets = run.instruction_buckets
        limits = row_limits(run.job.max_line_bytes)
        reading = ReadInstructions(run.instructions, run.path, buckets, limits, compared)
        yield add(stages, root | reading)


def _planned_first(
    root: beam.Pipeline, run: Run, plan: PlanConfig, given: list[Stage], stages: list[Stage]
) -> Iterator[Stage]:
    """The first round's tasks: of passages by themselves, of sections and articles, of problems
    where there are no passages, and of the job's own instructions."""
    planned: list[Stage] = []
    if run.articles or run.documents:
        passages = _passages(root, run, plan, stages)
        if plan.plans_passages:
            planned.append(passages | PlanTasks(run.path, plan))
        if plan.plans_units:
            planned.append(passages | PlanUnits(run.path, plan, run.passage_buckets))
    elif plan.plans_passages:
        languages = problem_languages(run.job.problems, plan)
        planned.append(root | PlanProblems(plan, languages, run.job.tasks.limit or 0))
    if plan.plans_given:
        scale = planned[0].counts if planned and plan.scale else None
        planned.append(union("Given", given) | PlanRecords(run.path, plan, 0, scale, plan.scale))
    for stage in planned:
        yield add(stages, stage)


def _passages(root: beam.Pipeline, run: Run, plan: PlanConfig, stages: list[Stage]) -> Stage:
    """From files to passages, and to their neighbours where methods want some."""
    job, path, embedder = run.job, run.path, run.job.model("embedder")
    texts = union("Texts", [add(stages, stage) for stage in _texts(root, run)])
    core = add(stages, texts | SelectCore(job.core, expanded=bool(run.dump)))
    if job.core.list is not None and job.core.by != "all":
        add(stages, texts | ResolveList(job.core))
    if job.articles_limit is not None:
        core = add(stages, core | LimitArticles(job.articles_limit, core.extra[OTHERS]))
    pages = None
    if run.dump:
        others, most = core.extra[OTHERS], job.max_line_bytes
        core = add(stages, core | ExpandWithWikidata(job.expand, run.dump, others, most))
        pages = core.extra[PAGES]
    held_out, buckets = job.holdout.sections > 0, run.passage_buckets
    split = SplitPassages(job.passages, path, embedder, buckets, held_out=held_out, pages=pages)
    passages = add(stages, core | split)
    if held_out:
        passages = add(stages, passages | HoldOutSections(job.holdout, job.seed, path))
    if not wants_neighbors(job):
        return passages
    wanted = plan.wanted_languages
    needed = embedded_languages(wanted, job.neighbors)
    vectors = add(stages, passages | EmbedPassages(embedder, path, needed, job.cache))
    return add(stages, vectors | JoinNeighbors(job.neighbors, path, wanted))


def _texts(root: beam.Pipeline, run: Run) -> Iterator[Stage]:
    """The stages that read what becomes passages."""
    if run.articles:
        limits = ReadLimits(line_bytes=run.job.max_line_bytes)
        yield root | ReadArticles(run.article_paths, run.path, limits)
    if run.documents:
        yield root | ReadDocuments(run.documents, run.path, row_limits(run.job.max_line_bytes))


def _finish(stages: list[Stage], last: Stage, run: Run, written: Sequence[DatasetConfig]) -> None:
    """Accounts of all stages, what they turned down, and the files that make the run a result."""
    results = {
        "files": all_files(stages, last),
        "rejects": all_rejects(stages) | WriteRejects(run.path),
        "counts": all_counts(stages),
        "metrics": all_metrics(stages),
    }
    for stage in stages:
        _ = stage.counts | f"Note{stage.name}" >> NoteReached(run.path)
    links = [link for stage in stages for link in stage.links]
    _ = results | FinishRun(run.path, run.context(), links, written)
