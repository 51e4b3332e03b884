"""From a method's name in a job to the method."""

from __future__ import annotations

import dataclasses
import importlib
from collections.abc import Iterable

from beam_synth.errors import Refused, nearest
from beam_synth.job.schema import Job
from beam_synth.methods.declaration import Method
from beam_synth.records import REASONS, DatasetConfig

# name -> its module in beam_synth.methods
SHIPPED = {
    "memorization": "memorization",
    "rag": "rag.program",
    "rag_ends": "rag.program",
    "mcq": "mcq.program",
    "arithmetic": "arithmetic.program",
    "math_mcq": "arithmetic.program",
    "creative_writing": "writing.program",
    "constrained_writing": "writing.program",
    "editing": "editing.program",
    "multi_turn": "multi_turn.program",
}


def load_method(name: str) -> Method:
    """The method of that name: a shipped one, or "package.module:function".

    The module is imported here, so that a run pays for the methods of its mixture alone.

    Raises Refused with the nearest known name when there is none, and where the import fails or
    the function is no method.

    >>> load_method("rag").exercise
    'rag'
    """
    module_name, _, function_name = name.partition(":")
    if not function_name:
        if name not in SHIPPED:
            raise Refused(
                f"mixture: there is no method {name!r}{nearest(name, SHIPPED)}; shipped are "
                f"{', '.join(SHIPPED)}; your own is 'package.module:function'"
            )
        module_name, function_name = f"beam_synth.methods.{SHIPPED[name]}", name
    try:
        function = getattr(importlib.import_module(module_name), function_name)
        declared: Method = function.__dict__["beam_synth_method"]
    except (ImportError, AttributeError, KeyError) as error:
        raise Refused(f"mixture: cannot load the method {name!r}: {error!r}") from error
    return dataclasses.replace(declared, name=name)


def load_methods(names: Iterable[str]) -> dict[str, Method]:
    """Several methods by name, in order of their names.

    Raises Refused as `load_method`, and where two of them mean different things by one reason or
    one config.
    """
    methods = {name: load_method(name) for name in sorted(names)}
    reasons: dict[str, tuple[str, str]] = {}
    configs: dict[str, str] = {}
    for name, method in methods.items():
        for reason, meaning in method.reasons.items():
            other, known = reasons.setdefault(reason, (name, meaning))
            if known != meaning:
                raise Refused(
                    f"mixture: {other!r} and {name!r} mean different things by the reason "
                    f"{reason!r}; rename one"
                )
        config = method.makes
        other = configs.setdefault(config.name, name)
        if config.schema != methods[other].makes.schema:
            raise Refused(
                f"mixture: {other!r} and {name!r} make records of different schemas under the "
                f"name {config.name!r}; rename one"
            )
    return methods


def reasons_of(names: Iterable[str]) -> dict[str, str]:
    """All reasons for which a run of these methods may turn a record down, with their meanings."""
    methods = load_methods(names)
    return REASONS | {r: text for method in methods.values() for r, text in method.reasons.items()}


def configs_of(names: Iterable[str]) -> list[DatasetConfig]:
    """The kinds of records that these methods make, by name, each once."""
    made = {method.makes.name: method.makes for method in load_methods(names).values()}
    return [made[name] for name in sorted(made)]


def wants_neighbors(job: Job) -> bool:
    """Whether a task of the job may have neighbours; where none does, nothing has to be embedded.

    Raises Refused as `load_method`.

    >>> job = Job(name="a", articles=["a.jsonl"], mixture={"editing": 1})
    >>> wants_neighbors(job), wants_neighbors(job.model_copy(update={"mixture": {"rag": 1}}))
    (False, True)
    """
    return job.neighbors.k > 0 and any(load_method(name).neighbors for name in job.mixture)
