"""Which languages a method of a job can have tasks in: those that its own words and checks, the
engines that it asks and the templates of its problems can all serve."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import starmap
from typing import NamedTuple

from beam_synth.generation.engine_registry import engine_languages
from beam_synth.job.schema import Job, Model
from beam_synth.materials.problems import load_problems
from beam_synth.methods.declaration import Method


class Bound(NamedTuple):
    """Something that serves some languages alone."""

    who: str  # in words
    languages: tuple[str, ...]
    method: str = ""  # in which alone an engine serves these; "" in all, and of other bounds
    role: str = ""  # where the job names another engine; "" where no other one would help


def bounds_of(job: Job, method: Method) -> list[Bound]:
    """All that bounds the languages of a method's tasks. Raises Refused as `load_problems` and
    `engine_languages`."""
    bounds = []
    if method.languages is not None:
        bounds.append(Bound(f"the method {method.name!r}", method.languages))
    # A method without prompts may well do without the generator that no job has to name.
    asks = ["generator"] if method.prompts or "generator" in job.models else []
    for role in dict.fromkeys([*asks, *method.roles]):
        for model in job.pool(role):
            bounds += _engine_bounds(role, model, method)
    if method.starts_from.kind == "problem":
        texts = {code for problem in load_problems(job.problems) for code in problem.text}
        bounds.append(Bound("the problem templates", tuple(sorted(texts))))
    return bounds


def _engine_bounds(role: str, model: Model, method: Method) -> Iterator[Bound]:
    """What an engine serves at all, and in the steps of a method."""
    who, known = f"models.{role} ({model.engine})", engine_languages(model)
    if known.every is not None:
        yield Bound(who, known.every, role=role)
    fewer = known.in_steps(method.prompts)
    if fewer is not None:
        yield Bound(who, fewer, method.name, role)


def why_not(job: Job, methods: Iterable[Method], language: str) -> str:
    """In words, what keeps some methods from a language, what that can serve, and what to do.

    >>> from beam_synth.methods.loading import load_method
    >>> job = Job(name="a", articles=["a.jsonl"], mixture={"mcq": 1}, problems=None)
    >>> print(why_not(job, [load_method("mcq")], "ja"))
    models.generator (extractive) and the method 'mcq' can serve en, fr, de, es, it, pl, nl, la
    """
    every = {bound for method in methods for bound in bounds_of(job, method)}
    against = [bound for bound in sorted(every) if language not in bound.languages]
    told: dict[tuple[str, ...], dict[str, list[str]]] = {}
    for bound in against:
        told.setdefault(bound.languages, {}).setdefault(bound.who, []).append(bound.method)
    lines = [
        f"{' and '.join(starmap(_who, who.items()))} can serve {', '.join(codes) or 'none'}"
        for codes, who in told.items()
    ]
    if against and all(bound.role for bound in against):
        keys = " and ".join(dict.fromkeys(f"models.{bound.role}" for bound in against))
        lines.append(f"another engine in {keys} may serve more")
    return "; ".join(lines)


def _who(name: str, methods: Sequence[str]) -> str:
    """A bound's name, with the methods that it holds for where these are not all.

    >>> _who("models.generator (a)", ["mcq", "rag"])
    'models.generator (a) in mcq and rag'
    """
    return f"{name} in {' and '.join(methods)}" if all(methods) else name


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
