"""`preview`: real samples from a job's real engines; nothing is written."""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import Sequence

import numpy as np

from beam_synth.commands.survey import survey
from beam_synth.drawing import draw
from beam_synth.engines.embedders import make_embedder
from beam_synth.generation.config import GenerateConfig
from beam_synth.generation.mixture import PlanConfig, rates, total_weight
from beam_synth.generation.outcomes import record_id_of
from beam_synth.generation.planning import plan_passage, plan_record
from beam_synth.generation.program import Unfinished
from beam_synth.generation.seeds import seed_of
from beam_synth.generation.trial import try_out
from beam_synth.job.schema import Job
from beam_synth.knowledge.neighbors import Block, TopK
from beam_synth.knowledge.vector_files import embedded_languages
from beam_synth.methods.loading import wants_neighbors
from beam_synth.methods.seeds import Seed
from beam_synth.records import Outcome, Passage, Row
from beam_synth.runs.identity import Run

_ARTICLES = 40
_PASSAGES = 96  # embedded, so that neighbours are real ones among them
_TRIES = 4  # tasks run for each sample that is wanted: some end as rejects


def show(run: Run, n: int) -> str:
    """The text that `beam-synth preview` prints: up to `n` samples, and what became of the rest.

    Up to 4 * n tasks are run until n samples are there; follow-ups start from these. Their
    neighbours are the nearest of 96 drawn passages. Nothing is written. Raises Refused where no
    article can be read, and what the engines raise.
    """
    plan = PlanConfig.of_job(run.job, run.task_buckets)
    seeds = _seeds(run, n * _TRIES, plan)
    config = GenerateConfig.of_job(
        run.job, run="", passage_buckets=1, task_buckets=run.task_buckets
    )
    lines: list[str] = []
    shown = 0
    queue = deque(seeds)
    while queue and shown < n:
        batch = [queue.popleft() for _ in range(min(n, len(queue)))]
        for ended in asyncio.run(try_out(batch, config)):
            if isinstance(ended, Unfinished):
                lines.append(f"--- not finished: {ended.detail}\n")
            elif ended.outcome.kind != "made":
                outcome = ended.outcome
                lines.append(f"--- {outcome.kind}: {outcome.reason}: {outcome.detail[:300]}\n")
            elif shown < n:
                shown += 1
                row = ended.outcome.records[0]
                lines.append(_row(shown, row))
                queue.extendleft(_following(row, ended.outcome, plan))
    return "\n".join([*lines, f"{shown} samples; nothing was written"])


def _following(row: Row, outcome: Outcome, plan: PlanConfig) -> list[Seed]:
    """Tasks of later rounds that start from a record which was made just now."""
    later = [share for share in plan.shares if outcome.method in share.makers and not share.listed]
    expected = total_weight(later) / total_weight(plan.of_round(0))
    record_id = record_id_of(outcome.task_id, 0)
    tasks = plan_record(record_id, row["language"], "", later, expected, plan)
    return [seed_of(task, {}, row) for task in tasks]


def _seeds(run: Run, n: int, config: PlanConfig) -> list[Seed]:
    """Tasks of drawn passages, with the nearest of these passages as neighbours."""
    needed = embedded_languages(config.languages, run.job.neighbors)
    surveyed = [
        p
        for of_article in survey(run, _ARTICLES).passages
        for p in of_article
        if needed is None or p.language in needed
    ]
    passages = draw(run.job.seed, "passages", "preview").sample(surveyed, _PASSAGES)
    passages.sort(key=lambda p: p.passage_id)
    near = _neighbors(run.job, passages)
    by_id = {p.passage_id: p for p in passages}
    by_language = rates(Counter(p.language for p in passages), config)
    seeds = [
        seed_of(task, by_id, problems=run.job.problems)
        for p, ids in zip(passages, near, strict=True)
        if p.language in by_language
        for task in plan_passage(p.passage_id, p.language, ids, config, by_language[p.language])
    ]
    return draw(run.job.seed, "tasks", "preview").sample(seeds, n)


def _neighbors(job: Job, passages: Sequence[Passage]) -> list[list[str]]:
    if not wants_neighbors(job):
        return [[] for _ in passages]
    vectors = make_embedder(job.model("embedder")).embed([p.text for p in passages])
    languages = np.array([p.language for p in passages])
    block = Block(vectors, np.arange(len(passages)), languages)
    search = TopK(block, job.neighbors.k, job.neighbors.language)
    search.add(block)
    return [[passages[row].passage_id for row in rows if row >= 0] for rows in search.rows]


def _row(number: int, row: dict[str, object]) -> str:
    lines = [f"--- sample {number}: {row['exercise']}, {row['language']}, by {row['model']}"]
    lines.append(f"seed: {row['query_seed_url']}")
    for key in ("query", "synthetic_reasoning", "synthetic_answer"):
        lines.append(f"{key}:\n  " + str(row[key]).replace("\n", "\n  "))
    return "\n".join([*lines, ""])
