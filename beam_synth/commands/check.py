"""Refuse a wrong job before any work: engines, endpoints and extras; loads no model.

`beam-synth check` prints what was found; `run` and `preview` make the same checks without a word.
"""

from __future__ import annotations

import asyncio
import importlib.util
from typing import Literal

from beam_synth.commands.emptiness import refuse_empty
from beam_synth.engines.embedders import check_embedder
from beam_synth.engines.prompts import Prompts
from beam_synth.errors import Refused
from beam_synth.generation.engine_registry import RULES, check_engine
from beam_synth.generation.planning import PlanConfig
from beam_synth.job.schema import Job
from beam_synth.methods.loading import load_method
from beam_synth.runs.identity import Run

# Modules of the extra `core`, and one of the base that an old environment may lack.
_CORE = ("faiss", "jsonschema", "lingua", "scipy", "sentencex", "tokenizers")
Role = Literal["generator", "judge"]


def check_engines(job: Job, *, in_full: bool = False) -> list[str]:
    """Check every extra, method, engine, endpoint and key that the job needs.

    Args:
        job: the job; its methods are loaded, its endpoints asked.
        in_full: also find out what the endpoints can do, by calls that cost some tokens.

    Returns:
        A line for each engine, and for each thing found out.

    Raises:
        Refused: with the extra to install, what is wrong with the job, or what an endpoint said.
    """
    for module in _CORE:
        if importlib.util.find_spec(module) is None:
            raise Refused(
                f"the package {module!r} is not installed; run: pip install 'beam-synth[core]'"
            )
    PlanConfig.of_job(job, 1)
    embedder = job.model("embedder")
    check_embedder(embedder, job.passages.max_tokens)
    lines = [f"embedder: {embedder.engine} {embedder.model}".rstrip()]
    prompts = Prompts(job.prompts)
    roles: list[Role] = ["generator"]
    if "judge" in job.models:
        roles.append("judge")
        if job.model("judge").engine in RULES:
            raise Refused(
                f"models.judge: {job.model('judge').engine!r} makes texts, it judges none"
            )
    for role in roles:
        lines += asyncio.run(
            check_engine(role, job.model(role), job.generate, prompts, in_full=in_full)
        )
    return lines


def report(run: Run) -> list[str]:
    """What `check` prints: the job's inputs, methods and engines, each found to be usable.

    A list of lines. Raises as `refuse_empty` and `check_engines`.
    """
    refuse_empty(run)
    total = sum(item.bytes for item in run.articles)
    lines = [f"articles: {len(run.articles)} files, {total:,} bytes"]
    lines += [f"list: {item.name}, {item.bytes:,} bytes" for item in (*run.lists, *run.wikidata)]
    for name, weight in run.job.mixture.items():
        method = load_method(name)
        lines.append(f"method {name}: weight {weight}, {method.calls} calls a task")
    return [*lines, *check_engines(run.job, in_full=True), f"the job {run.job.name!r} can start"]
