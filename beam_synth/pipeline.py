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
from beam_synth.knowledge.vector_files import embedded_languages
from beam_synth.methods.loading import configs_of, wants_neighbors
from beam_synth.records import DatasetConfig
from beam_synth.runs.identity import Run
from transforms.accounting import (
    OTHERS,
    Outs,
    Stage,
    all_counts,
    all_files,
    all_metrics,
    all_rejects,
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

    given: list[Stage] = []
    stages: list[Stage] = []
    planned: list[Stage] = []
    if run.instructions:
        given.append(root | ReadInstructions(run.instructions, path, run.instruction_buckets))
        stages += given
    if run.articles or run.documents:
        passages = _passages(root, run, plan)
        stages += passages
        planned += _plan_passages(passages[-1], run, plan)
    elif plan.plans_passages:  # of problems, which are numbered
        languages = problem_languages(job.problems, plan)
        planned.append(root | PlanProblems(plan, languages, job.tasks.limit or 0))
    if plan.plans_given:
        scale = planned[0].counts if planned and plan.scale else None
        planned.append(union("Given", given) | PlanRecords(path, plan, 0, scale, plan.scale))

    limited: list[Stage] = []
    rounds: list[Stage] = []
    for number, limit in enumerate(plan.limits(job.tasks.limit)):
        if number:
            refs = union(of_round("Earlier", number), [*given, *rounds])
            weight = total_weight(plan.of_round(0))
            planned = [refs | PlanRecords(path, plan, number, limited[0].counts, weight)]
        tasks = union(of_round("Planned", number), planned) | LimitTasks(limit, number)
        stages += [*planned, tasks]
        for method, tokens, n in plan.budgets_of_round(number):
            tasks = tasks | LimitTasks(n, number, method, tokens)
            stages.append(tasks)
        limited.append(tasks)
        counts = all_counts(limited, of_round("CountsOfTasks", number))
        noted = counts | NotePlanned(path, plan.still_following(number), number)
        made = tasks | Generate(generate, number, noted)
        stages.append(made)
        for config in settling(configs, plan.of_round(number)):
            earlier = [*given, *rounds]
            made = made | Settle(settle_class(config), config, path, earlier, job, number)
            stages.append(made)
        rounds.append(made)

    records: Outs = union("AllRecords", rounds)
    if len(written) < len(configs):
        stages.append(kept := records | KeepWritten(tuple(config.name for config in written)))
        records = union("Written", [kept])
    exact = records | DeduplicateExact(job.dedup.exact)
    unique = exact | DeduplicateMinHash(
        job.dedup.threshold, path, job.dedup.keep_numbers_for, job.dedup.minhash
    )
    shards = unique | WriteShards(
        path, written, job.write.shards, run.task_buckets, job.write.formats
    )
    stages += [exact, unique, shards]

    _finish(stages, shards, run, written)


def _passages(root: beam.Pipeline, run: Run, plan: PlanConfig) -> list[Stage]:
    """From files to passages, and to their neighbours where methods want some; the last stage's
    `out` is what tasks are planned for."""
    job, path, embedder = run.job, run.path, run.job.model("embedder")
    texts = list(_texts(root, run))
    core = union("Texts", texts) | SelectCore(job.core, expanded=bool(run.dump))
    stages = [*texts, core]
    if job.articles_limit is not None:
        core = core | LimitArticles(job.articles_limit, core.extra[OTHERS])
        stages.append(core)
    if run.dump:
        core = core | ExpandWithWikidata(job.expand, run.dump, core.extra[OTHERS])
        stages.append(core)
    held_out = job.holdout.sections > 0
    passages = core | SplitPassages(
        job.passages, path, embedder, run.passage_buckets, held_out=held_out
    )
    stages.append(passages)
    if held_out:
        passages = passages | HoldOutSections(job.holdout, job.seed, path)
        stages.append(passages)
    if wants_neighbors(job):
        needed = embedded_languages(plan.languages, job.neighbors)
        vectors = passages | EmbedPassages(embedder, path, needed, job.cache)
        stages += [vectors, vectors | JoinNeighbors(job.neighbors, path, plan.languages)]
    return stages


def _texts(root: beam.Pipeline, run: Run) -> Iterator[Stage]:
    """The stages that read what becomes passages."""
    if run.articles:
        yield root | ReadArticles(run.article_paths, run.path)
    if run.documents:
        yield root | ReadDocuments(run.documents, run.path)


def _plan_passages(passages: Stage, run: Run, plan: PlanConfig) -> Iterator[Stage]:
    """The first round's tasks of passages by themselves, and of sections and articles."""
    if plan.plans_passages:
        yield passages | PlanTasks(run.path, plan)
    if plan.plans_units:
        yield passages | PlanUnits(run.path, plan, run.passage_buckets)


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
