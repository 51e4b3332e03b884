"""`preview`: real samples from a job's real engines; nothing is written."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import numpy as np

from beam_synth.drawing import draw
from beam_synth.engines.embedders import make_embedder
from beam_synth.generation import GenerateConfig, preview
from beam_synth.job import Job
from beam_synth.methods import Seed
from beam_synth.planning import PlanConfig, plan_passage
from beam_synth.records import Passage
from beam_synth.runs import Run
from beam_synth.scheduling import Unfinished
from beam_synth.survey import survey
from beam_synth.vectors import Block, TopK

_ARTICLES = 40
_PASSAGES = 96  # embedded, so that neighbours are real ones among them
_TRIES = 4  # tasks run for each sample that is wanted: some end as rejects


def show(run: Run, n: int) -> str:
    """The text that `beam-synth preview` prints: up to `n` samples, and what became of the rest."""
    seeds = _seeds(run, n * _TRIES)
    config = GenerateConfig.of_job(
        run.job, run="", passage_buckets=1, task_buckets=run.task_buckets
    )
    lines: list[str] = []
    shown = 0
    for start in range(0, len(seeds), n):
        for ended in asyncio.run(preview(seeds[start : start + n], config)):
            if isinstance(ended, Unfinished):
                lines.append(f"--- not finished: {ended.detail}\n")
            elif ended.outcome.kind != "sample":
                outcome = ended.outcome
                lines.append(f"--- {outcome.kind}: {outcome.reason}: {outcome.detail[:300]}\n")
            elif shown < n:
                shown += 1
                lines.append(_row(shown, ended.outcome.samples[0]))
        if shown >= n:
            break
    return "\n".join([*lines, f"{shown} samples; nothing was written"])


def _seeds(run: Run, n: int) -> list[Seed]:
    """Tasks of drawn passages, with the nearest of these passages as neighbours."""
    found = survey(run, _ARTICLES)
    every = [p for group in found.passages for p in group]
    passages = draw(run.job.seed, "passages", "preview").sample(every, _PASSAGES)
    passages.sort(key=lambda p: p.passage_id)
    near = _neighbors(run.job, passages)
    by_id = {p.passage_id: p for p in passages}
    config = PlanConfig.of_job(run.job, run.task_buckets)
    seeds = [
        Seed(task, passage, tuple(by_id[i] for i in task.neighbors))
        for passage, ids in zip(passages, near, strict=True)
        if config.languages is None or passage.language in config.languages
        for task in plan_passage(passage.passage_id, passage.language, ids, config)
    ]
    return draw(run.job.seed, "tasks", "preview").sample(seeds, n)


def _neighbors(job: Job, passages: Sequence[Passage]) -> list[list[str]]:
    vectors = make_embedder(job.model("embedder")).embed([p.text for p in passages])
    languages = np.array([p.language for p in passages])
    block = Block(vectors, np.arange(len(passages)), languages)
    search = TopK(block, job.neighbors.k, job.neighbors.language)
    search.add(block)
    ids = [[passages[row].passage_id for row in rows if row >= 0] for rows in search.rows]
    return ids


def _row(number: int, row: dict[str, object]) -> str:
    lines = [f"--- sample {number}: {row['exercise']}, {row['language']}, by {row['model']}"]
    lines.append(f"seed: {row['query_seed_url']}")
    for key in ("query", "synthetic_reasoning", "synthetic_answer"):
        lines.append(f"{key}:\n  " + str(row[key]).replace("\n", "\n  "))
    return "\n".join([*lines, ""])
