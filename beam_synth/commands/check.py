"""Refuse a wrong job before any work: engines, endpoints and extras; loads no model.

`beam-synth check` prints what was found; `run` and `preview` make the same checks without a word.
"""

from __future__ import annotations

import asyncio
import importlib.util
from collections.abc import Callable, Sequence
from typing import NamedTuple

from beam_synth.commands.emptiness import refuse_empty
from beam_synth.commands.judges import judge_lines, judge_warnings
from beam_synth.commands.languages import language_warnings
from beam_synth.engines.chat_payloads import Findings
from beam_synth.engines.embedders import check_embedder, engine_of
from beam_synth.engines.prompts import Prompts
from beam_synth.errors import Refused
from beam_synth.generation.engine_registry import RULES, check_engine, findings_key
from beam_synth.generation.mixture import PlanConfig
from beam_synth.generation.role_checks import (
    asked_models,
    model_notes,
    needs_of,
    refuse_lacking,
)
from beam_synth.job.schema import Job, Model
from beam_synth.methods.declaration import Method
from beam_synth.methods.loading import load_method, wants_neighbors
from beam_synth.runs.identity import Run, asked_templates
from beam_synth.storage.inputs import InputFile
from beam_synth.storage.shipped import shipped_folder

# Modules of the extra `core`, and one of the base that an old environment may lack.
_CORE = ("faiss", "jsonschema", "lingua", "scipy", "sentencex", "tokenizers")


class EnginesFound(NamedTuple):
    """What was found out about a job's engines."""

    lines: list[str]  # one for each engine, and for each thing found out
    models: dict[str, Model]  # by `findings_key`: those whose endpoints answered
    findings: dict[str, Findings]  # by the same


def check_engines(
    job: Job, *, in_full: bool = False, known: Callable[[Model], Findings | None] = lambda _: None
) -> EnginesFound:
    """Check every extra, method, engine, endpoint and key that the job needs.

    Args:
        job: the job; its methods are loaded, its endpoints asked.
        in_full: also find out what the endpoints can do, by calls that cost some tokens.
        known: what is known of a model's endpoint, which is not asked for again.

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
    embeds = wants_neighbors(job)
    check_embedder(embedder, job.passages.max_tokens, embeds)
    lines = [f"embedder: {engine_of(embedder)} {embedder.model}".rstrip()]
    if not embeds:
        lines[0] += ", its tokenizer alone: no method of the mixture wants neighbours"
    prompts = Prompts(job.prompts)
    for role in ("judge", "auditor"):
        if role in job.models and job.model(role).engine in RULES:
            raise Refused(f"models.{role}: {job.model(role).engine!r} makes texts, it judges none")
    found = EnginesFound(lines, {}, {})
    for key, role, model in asked_models(job):
        needs, name = needs_of(job).get(role, {}), findings_key(model)
        checked = asyncio.run(
            check_engine(
                key,
                model,
                job.generate,
                prompts,
                in_full=in_full,
                needed=needs,
                known=found.findings.get(name) or known(model),
            )
        )
        refuse_lacking(key, model, checked.lacking, needs)
        found.lines.extend(checked.lines)
        if checked.findings is not None:
            found.models[name], found.findings[name] = model, checked.findings
    return found


def report(run: Run) -> list[str]:
    """What `check` prints: the job's inputs, methods and engines, each found to be usable.

    A list of lines. Raises as `refuse_empty` and `check_engines`.
    """
    refuse_empty(run)
    lines = [_files("articles", run.articles)] if run.articles else []
    lines += [
        _files(f"{source.key} {source.name!r}", source.files)
        for source in (*run.documents, *run.instructions)
    ]
    lines += [f"list: {item.name}, {item.bytes:,} bytes" for item in (*run.lists, *run.wikidata)]
    for name, weight in run.job.mixture.items():
        method = load_method(name)
        lines.append(f"method {name}: weight {weight}, {_calls(method, run.job)} a task")
    lines.append(_prompts_line(run.job))
    return [
        *lines,
        *check_engines(run.job, in_full=True).lines,
        *judge_lines(run.job),
        *judge_warnings(run.job),
        *language_warnings(run),
        *model_notes(run.job),
        f"the job {run.job.name!r} can start",
    ]


def _calls(method: Method, job: Job) -> str:
    """Calls of a usual task and, where an answer may go back, of one that takes all its turns."""
    if method.most_calls <= method.calls or not job.generate.second_try:
        return f"{method.calls} calls"
    return f"{method.calls} calls, {method.most_calls} at most,"


def _prompts_line(job: Job) -> str:
    """Which steps were tried, in how many wordings; those without examples were parsed alone."""
    asked = asked_templates(job)
    prompts = Prompts(job.prompts)
    wordings = [wording for step in asked for wording in prompts.wordings(step)]
    shipped = shipped_folder("prompts")
    paths = [path for wording in wordings if (path := prompts.path(f"{wording}.jinja"))]
    own = sum(not path.is_relative_to(shipped) for path in paths)
    ours = f", {own} of them of {job.prompts}" if own else ""
    parsed = [template for template, examples in asked.items() if not examples]
    only = f"; only parsed, for want of examples: {', '.join(parsed)}" if parsed else ""
    tried = f"{len(asked) - len(parsed)} of {len(asked)} steps tried with examples"
    return f"prompts: {tried}, in {len(wordings)} wordings{ours}{only}"


def _files(name: str, files: Sequence[InputFile]) -> str:
    return f"{name}: {len(files)} files, {sum(item.bytes for item in files):,} bytes"
