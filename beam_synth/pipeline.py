"""The whole chain, one line a stage: read this first.

Articles become passages, passages get neighbours, passages and samples become tasks, tasks become
samples, and samples that are no duplicates become shards. Between the stages flow references, ids
and names of files; bodies lie in the run's folder. Each stage puts out what it turned down and its
counts, which `FinishRun` checks against each other.
"""

from __future__ import annotations

import apache_beam as beam

from beam_synth.generation.config import SECOND_STAGE, GenerateConfig
from beam_synth.generation.planning import PlanConfig
from beam_synth.runs.identity import Run
from transforms.accounting import Stage, all_counts, all_metrics, all_rejects, union
from transforms.deduplicate import DeduplicateExact, DeduplicateMinHash
from transforms.expand import OTHERS, ExpandWithWikidata, SelectCore
from transforms.generate import Generate
from transforms.limit import LimitTasks, NotePlanned
from transforms.neighbors import JoinNeighbors
from transforms.note import NoteReached
from transforms.passages import EmbedPassages, SplitPassages
from transforms.plan import PlanFollowUps, PlanTasks
from transforms.read import ReadArticles
from transforms.write import FinishRun, WriteRejects, WriteShards


def build(root: beam.Pipeline, run: Run, generate: GenerateConfig) -> None:
    """Wire the whole chain onto `root`; what it makes lies in the run's folder.

    Nothing is read or run here. The expansion is wired where the job names a dump, the second
    round of tasks where its mixture has methods that start from samples.

    Raises Refused where nothing of the mixture starts from a passage or a problem, and ValueError
    where the run's task buckets do not make whole shards.
    """
    job, path, embedder = run.job, run.path, run.job.model("embedder")
    plan = PlanConfig.of_job(job, run.task_buckets)
    first, later = plan.rounds(job.tasks.limit)

    articles = root | ReadArticles(run.article_paths, path)
    stages = [articles, core := articles | SelectCore(job.core, expanded=bool(run.dump))]
    if run.dump:
        core = core | ExpandWithWikidata(job.expand, run.dump, core.extra[OTHERS])
        stages.append(core)
    passages = core | SplitPassages(job.passages, path, embedder, run.passage_buckets)
    vectors = passages | EmbedPassages(embedder, path)
    neighbors = vectors | JoinNeighbors(job.neighbors, path)
    planned = neighbors | PlanTasks(path, plan)
    tasks = planned | LimitTasks(first)
    noted = tasks.counts | NotePlanned(path, plan.following)
    rounds = [samples := tasks | Generate(generate, after=noted)]
    stages += [passages, vectors, neighbors, planned, tasks, samples]
    if plan.followers:
        followed = samples | PlanFollowUps(plan, samples.counts, tasks.counts)
        follow_ups = followed | "LimitFollowUps" >> LimitTasks(later, "LimitFollowUps")
        every = all_counts([tasks, follow_ups], "CountsOfTasks")
        noted = every | "NoteFollowUps" >> NotePlanned(path)
        rounds.append(follow_ups | SECOND_STAGE >> Generate(generate, SECOND_STAGE, noted))
        stages += [followed, follow_ups, rounds[-1]]
    exact = union("AllSamples", rounds) | DeduplicateExact(job.dedup.exact)
    unique = exact | DeduplicateMinHash(
        job.dedup.threshold, path, job.dedup.keep_numbers_for, job.dedup.minhash
    )
    shards = unique | WriteShards(path, job.write.shards, run.task_buckets, job.write.formats)
    stages += [exact, unique, shards]

    _finish(stages, shards, run)


def _finish(stages: list[Stage], last: Stage, run: Run) -> None:
    """Accounts of all stages, what they turned down, and the files that make the run a result."""
    results = {
        "files": last.out,
        "rejects": all_rejects(stages) | WriteRejects(run.path),
        "counts": all_counts(stages),
        "metrics": all_metrics(stages),
    }
    for stage in stages:
        _ = stage.counts | f"Note{stage.name}" >> NoteReached(run.path)
    links = [link for stage in stages for link in stage.links]
    _ = results | FinishRun(run.path, run.context(), links)
