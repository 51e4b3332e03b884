"""The whole chain, one line a stage: read this first.

Articles become passages, passages get neighbours, passages and records become tasks, tasks become
records, round by round, and records that are no duplicates become shards. Between the stages flow
references, ids and names of files; bodies lie in the run's folder. Each stage puts out what it
turned down and its counts, which `FinishRun` checks against each other.
"""

from __future__ import annotations

from collections.abc import Sequence

import apache_beam as beam

from beam_synth.dataset.kinds import settle_class, settling, written_configs
from beam_synth.generation.config import GenerateConfig, of_round
from beam_synth.generation.mixture import PlanConfig
from beam_synth.methods.loading import configs_of
from beam_synth.records import DatasetConfig
from beam_synth.runs.identity import Run
from transforms.accounting import Outs, Stage, all_counts, all_metrics, all_rejects, union
from transforms.deduplicate import DeduplicateExact, DeduplicateMinHash
from transforms.expand import OTHERS, ExpandWithWikidata, SelectCore
from transforms.generate import Generate
from transforms.limit import LimitTasks, NotePlanned
from transforms.neighbors import JoinNeighbors
from transforms.passages import EmbedPassages, SplitPassages
from transforms.plan import PlanRecords, PlanTasks, PlanUnits
from transforms.read import ReadArticles
from transforms.settle import Settle
from transforms.write import FinishRun, WriteRejects, WriteShards
from transforms.written import KeepWritten


def build(root: beam.Pipeline, run: Run, generate: GenerateConfig) -> None:
    """Wire the whole chain onto `root`; what it makes lies in the run's folder.

    Nothing is read or run here. The expansion is wired where the job names a dump, further rounds
    of tasks where its mixture has methods that start from records.

    Raises Refused where a method of the mixture cannot be loaded or starts from what nothing
    makes, and ValueError where the run's task buckets do not make whole shards.
    """
    job, path, embedder = run.job, run.path, run.job.model("embedder")
    plan = PlanConfig.of_job(job, run.task_buckets)
    configs = configs_of(job.mixture)
    written = written_configs(configs, job.write.steps)

    articles = root | ReadArticles(run.article_paths, path)
    stages = [articles, core := articles | SelectCore(job.core, expanded=bool(run.dump))]
    if run.dump:
        core = core | ExpandWithWikidata(job.expand, run.dump, core.extra[OTHERS])
        stages.append(core)
    passages = core | SplitPassages(job.passages, path, embedder, run.passage_buckets)
    vectors = passages | EmbedPassages(embedder, path)
    neighbors = vectors | JoinNeighbors(job.neighbors, path)
    stages += [passages, vectors, neighbors]

    planned = _plan_sources(neighbors, run, plan)
    limited: list[Stage] = []
    rounds: list[Stage] = []
    for number, limit in enumerate(plan.limits(job.tasks.limit)):
        if number:
            refs = union(of_round("Earlier", number), rounds)
            planned = [refs | PlanRecords(path, plan, number, limited[0].counts)]
        tasks = union(of_round("Planned", number), planned) | LimitTasks(limit, number)
        stages += [*planned, tasks]
        for method, tokens, n in plan.budgets_of_round(number):
            tasks = tasks | LimitTasks(n, number, method, tokens)
            stages.append(tasks)
        limited.append(tasks)
        made = tasks | Generate(generate, number)
        stages.append(made)
        for config in settling(configs, plan.of_round(number)):
            made = made | Settle(settle_class(config), config, path, rounds, job, number)
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

    _ = limited[0].counts | NotePlanned(path, plan.following)
    _finish(stages, shards, run, written)


def _plan_sources(neighbors: Stage, run: Run, plan: PlanConfig) -> list[Stage]:
    """The tasks of the first round: of passages by themselves, and of sections and articles."""
    planned = []
    if plan.plans_passages:
        planned.append(neighbors | PlanTasks(run.path, plan))
    if plan.plans_units:
        planned.append(neighbors | PlanUnits(run.path, plan, run.passage_buckets))
    return planned


def _finish(stages: list[Stage], last: Stage, run: Run, written: Sequence[DatasetConfig]) -> None:
    """Accounts of all stages, what they turned down, and the files that make the run a result."""
    results = {
        "files": last.out,
        "rejects": all_rejects(stages) | WriteRejects(run.path),
        "counts": all_counts(stages),
        "metrics": all_metrics(stages),
    }
    links = [link for stage in stages for link in stage.links]
    _ = results | FinishRun(run.path, run.context(), links, written)
