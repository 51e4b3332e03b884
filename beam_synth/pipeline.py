"""The whole chain, one line a stage: read this first."""

from __future__ import annotations

import apache_beam as beam

from beam_synth.accounts import Stages
from beam_synth.generation import GenerateConfig
from beam_synth.planning import PlanConfig
from beam_synth.runs import Run
from transforms.accounting import Stage
from transforms.deduplicate import DeduplicateExact, DeduplicateMinHash
from transforms.expand import ExpandWithWikidata, SelectCore
from transforms.generate import Generate
from transforms.neighbors import JoinNeighbors
from transforms.passages import EmbedPassages, SplitPassages
from transforms.plan import LimitTasks, NotePlanned, PlanTasks
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
    planned = neighbors.out | PlanTasks(path, PlanConfig.of_job(job, run.task_buckets))
    tasks = planned.out | LimitTasks(job.tasks.limit)
    _ = tasks.counts | NotePlanned(path)
    samples = tasks.out | Generate(generate)
    exact = samples.out | DeduplicateExact(job.dedup.exact)
    unique = exact.out | DeduplicateMinHash(
        job.dedup.threshold, path, job.dedup.keep_numbers_for, job.dedup.minhash
    )
    shards = unique.out | WriteShards(path, job.write.shards, run.task_buckets, job.write.formats)

    stages: list[Stage] = [articles, core, *([chosen] if expanded else []), passages, vectors]
    stages += [neighbors, planned, tasks, samples, exact, unique, shards]
    rejects = [stage.rejects for stage in stages] | "AllRejects" >> beam.Flatten()
    results = {
        "files": shards.out,
        "rejects": rejects | WriteRejects(path),
        "counts": [stage.counts for stage in stages] | "AllCounts" >> beam.Flatten(),
        "metrics": [samples.metrics, shards.metrics] | "AllMetrics" >> beam.Flatten(),
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
    if run.dump:
        linked.insert(chain.index("ExpandWithWikidata"), ("ReadWikidata", ()))
    return tuple(linked)
