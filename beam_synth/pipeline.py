"""The whole chain, one line a stage: read this first."""

from __future__ import annotations

import apache_beam as beam

from beam_synth.dataset.accounts import Stages
from beam_synth.generation.config import SECOND_STAGE, GenerateConfig
from beam_synth.generation.planning import PlanConfig
from beam_synth.runs.run import Run
from transforms.accounting import Stage
from transforms.deduplicate import DeduplicateExact, DeduplicateMinHash
from transforms.expand import ExpandWithWikidata, SelectCore
from transforms.generate import Generate
from transforms.limit import LimitTasks, NotePlanned
from transforms.neighbors import JoinNeighbors
from transforms.passages import EmbedPassages, SplitPassages
from transforms.plan import PlanFollowUps, PlanTasks
from transforms.read import ReadArticles
from transforms.write import FinishRun, WriteRejects, WriteShards


def build(root: beam.Pipeline, run: Run, generate: GenerateConfig) -> None:
    """Wire the whole chain onto `root`; what it makes lies in the run's folder."""
    job, path, embedder, expanded = run.job, run.path, run.job.model("embedder"), bool(run.dump)
    articles = root | ReadArticles(run.article_paths, path)
    core = articles.out | SelectCore(job.core, expanded)
    chosen = (
        (core.out, core.others) | ExpandWithWikidata(job.expand, run.dump) if expanded else core
    )
    passages = chosen.out | SplitPassages(job.passages, path, embedder, run.passage_buckets)
    vectors = passages.out | EmbedPassages(embedder, path)
    neighbors = vectors.out | JoinNeighbors(job.neighbors, path)
    plan = PlanConfig.of_job(job, run.task_buckets)
    planned = neighbors.out | PlanTasks(path, plan)
    first = plan.first_round(job.tasks.limit)
    tasks = planned.out | LimitTasks(first)
    _ = tasks.counts | NotePlanned(path, plan.following)
    made = tasks.out | Generate(generate)
    rounds = [made]
    if plan.followers:
        more = None if first is None or job.tasks.limit is None else job.tasks.limit - first
        followed = (made.out, made.counts, tasks.counts) | PlanFollowUps(plan)
        again = followed.out | "LimitFollowUps" >> LimitTasks(more, "LimitFollowUps")
        rounds.append(again.out | SECOND_STAGE >> Generate(generate, SECOND_STAGE))
    samples = [each.out for each in rounds] | "AllSamples" >> beam.Flatten()
    exact = samples | DeduplicateExact(job.dedup.exact)
    unique = exact.out | DeduplicateMinHash(
        job.dedup.threshold, path, job.dedup.keep_numbers_for, job.dedup.minhash
    )
    shards = unique.out | WriteShards(path, job.write.shards, run.task_buckets, job.write.formats)

    stages: list[Stage] = [articles, core, *([chosen] if expanded else []), passages, vectors]
    stages += [neighbors, planned, tasks, *rounds, exact, unique, shards]
    stages += [followed, again] if plan.followers else []
    rejects = [stage.rejects for stage in stages] | "AllRejects" >> beam.Flatten()
    results = {
        "files": shards.out,
        "rejects": rejects | WriteRejects(path),
        "counts": [stage.counts for stage in stages] | "AllCounts" >> beam.Flatten(),
        "metrics": [*(each.metrics for each in rounds), shards.metrics]
        | "AllMetrics" >> beam.Flatten(),
    }
    _ = results | FinishRun(path, run.context(), stages_of(run))


def stages_of(run: Run) -> Stages:
    """Each stage and the stages whose `out` it reads: what the run's accounts are checked by."""
    chain = ["OpenFiles", "ReadArticles", "SelectCore"]
    if run.dump:
        chain.append("ExpandWithWikidata")
    chain += ["SplitPassages", "EmbedPassages", "JoinNeighbors", "PlanTasks", "LimitTasks"]
    chain += ["Generate", "DeduplicateExact", "DeduplicateMinHash", "WriteShards"]
    linked: list[tuple[str, tuple[str, ...]]] = [
        (name, (chain[n - 1],) if n else ()) for n, name in enumerate(chain)
    ]
    if PlanConfig.of_job(run.job, 1).followers:
        second = chain.index("DeduplicateExact")
        linked[second] = ("DeduplicateExact", ("Generate", SECOND_STAGE))
        linked[second:second] = [
            ("PlanFollowUps", ()),
            ("LimitFollowUps", ("PlanFollowUps",)),
            (SECOND_STAGE, ("LimitFollowUps",)),
        ]
    if run.dump:
        linked.insert(chain.index("ExpandWithWikidata"), ("ReadWikidata", ()))
    return tuple(linked)
