"""Which languages a method of a job can have tasks in: those that its own words and checks, the
engines that it asks and the templates of its problems can all serve."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from beam_synth.generation.engine_registry import engine_languages
from beam_synth.job.schema import Job
from beam_synth.materials.problems import load_problems
from beam_synth.methods.declaration import Method


class Bound(NamedTuple):
    """Something that serves some languages alone."""

    who: str  # in words
    languages: tuple[str, ...]


def bounds_of(job: Job, method: Method) -> list[Bound]:
    """All that bounds the languages of a method's tasks. Raises Refused as `load_problems`."""
    bounds = []
    if method.languages is not None:
        bounds.append(Bound(f"the method {method.name!r}", method.languages))
    # A method without prompts may well do without the generator that no job has to name.
    asks = ["generator"] if method.prompts or "generator" in job.models else []
    for role in dict.fromkeys([*asks, *method.roles]):
        for model in job.pool(role):
            known = engine_languages(model)
            if known is not None:
                bounds.append(Bound(f"models.{role} ({model.engine})", known))
    if method.starts_from.kind == "problem":
        texts = {code for problem in load_problems(job.problems) for code in problem.text}
        bounds.append(Bound("the problem templates", tuple(sorted(texts))))
    return bounds


def why_not(job: Job, methods: Iterable[Method], language: str) -> str:
    """In words, what keeps some methods from a language, and what that can serve."""
    bounds = {bound for method in methods for bound in bounds_of(job, method)}
    against: dict[tuple[str, ...], list[str]] = {}
    for bound in sorted(bounds):
        if language not in bound.languages:
            against.setdefault(bound.languages, []).append(bound.who)
    return "; ".join(
        f"{' and '.join(who)} can serve {', '.join(codes)}" for codes, who in against.items()
    )


def served_languages(job: Job, method: Method) -> tuple[str, ...] | None:
    """Codes of the languages that a method can have tasks in; None: any. Raises as `bounds_of`.

    >>> from beam_synth.methods.loading import load_method
    >>> job = Job(name="a", articles=["a.jsonl"], mixture={"mcq": 1})
    >>> served_languages(job, load_method("mcq"))
    ('en', 'fr', 'de', 'es', 'it', 'pl', 'nl', 'la')
    """
    bounds = bounds_of(job, method)
    if not bounds:
        return None
    first, *others = bounds
    return tuple(
        code for code in first.languages if all(code in other.languages for other in others)
    )
