"""Refuse a wrong job before any work: engines, endpoints and extras; loads no model."""

from __future__ import annotations

import asyncio
import importlib.util

from beam_synth.engines.registry import check_engine
from beam_synth.errors import Refused
from beam_synth.job import Job
from beam_synth.methods import load_method
from beam_synth.prompts import Prompts
from beam_synth.runs import Run

_NEEDED = {
    "faiss": "core",
    "lingua": "core",
    "scipy": "core",
    "sentencex": "core",
    "tokenizers": "core",
}
_EMBEDDERS = {"sentence-transformers": ("embed", "sentence_transformers")}


def check_engines(job: Job) -> list[str]:
    """Check every extra, engine, endpoint and key that the job needs; returns what was found.

    Raises Refused with the extra to install, or what the endpoint said.
    """
    for module, extra in _NEEDED.items():
        _need(module, extra)
    embedder = job.model("embedder")
    if embedder.engine not in _EMBEDDERS:
        raise Refused(
            f"models.embedder.engine: there is no {embedder.engine!r}; "
            f"known: {', '.join(_EMBEDDERS)}"
        )
    extra, module = _EMBEDDERS[embedder.engine]
    _need(module, extra)
    lines = [f"embedder: {embedder.engine} {embedder.model}"]
    prompts = Prompts(job.prompts)
    roles = ["generator", *(["judge"] if "judge" in job.models else [])]
    for role in roles:
        model = job.model(role)  # type: ignore[arg-type]
        found = asyncio.run(check_engine(role, model, job.generate, prompts))
        lines.append(f"{role}: {found}")
    return lines


def _need(module: str, extra: str) -> None:
    if importlib.util.find_spec(module) is None:
        raise Refused(
            f"the package {module!r} is not installed; run: pip install 'beam-synth[{extra}]'"
        )


def report(run: Run) -> list[str]:
    """What `check` prints: the job's inputs, methods and engines, each found to be usable."""
    total = sum(item.bytes for item in run.articles)
    lines = [f"articles: {len(run.articles)} files, {total:,} bytes"]
    lines += [f"list: {item.name}, {item.bytes:,} bytes" for item in run.lists]
    for name, weight in run.job.mixture.items():
        method = load_method(name)
        lines.append(f"method {name}: weight {weight}, {method.calls} calls a task")
    return [*lines, *check_engines(run.job), f"the job {run.job.name!r} can start"]
