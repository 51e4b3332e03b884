"""Whether a job's models are those that its methods ask, before any work."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from beam_synth.engines.base import ABILITIES
from beam_synth.engines.prompts import Prompts
from beam_synth.errors import Refused, nearest
from beam_synth.generation.engine_registry import ENDPOINTS, make_role_engine, note_of
from beam_synth.generation.who_judges import who_judges_job
from beam_synth.job.schema import Job, Model
from beam_synth.methods.declaration import Method
from beam_synth.methods.loading import load_method

_ALWAYS = (
    "generator",
    "judge",
    "auditor",
    "embedder",
)  # roles that a job may name whatever its methods


_NOBODY = ("nobody", "rules")  # who judges, where that is not what the job asks for


def check_asked_roles(job: Job) -> None:
    """Raise Refused for a role that no method asks, one that a method asks and the job does not
    name, and a pool that does not fit what is drawn from it."""
    methods = {name: load_method(name) for name in job.mixture}
    declared = [role for method in methods.values() for role in method.roles]
    asked = [*_ALWAYS, *declared]
    for role in job.models:
        if role not in asked:
            raise Refused(
                f"models.{role}: no method of the mixture asks this role{nearest(role, asked)}; "
                f"asked are {', '.join(dict.fromkeys(asked))}"
            )
    if "auditor" in job.models and "auditor" not in declared and who_judges_job(job) in _NOBODY:
        raise Refused(
            "models.auditor: it looks at a share of what a judge looked at, and nobody judges; "
            "name models.judge, or set judge: on"
        )
    for name, method in methods.items():
        for role, drawn in {"generator": 0, **method.roles}.items():
            if role != "generator" and role not in job.models:
                raise Refused(f"models.{role}: the method {name!r} asks this role; name its model")
            _check_pool(role, len(job.pool(role)), name, drawn)


def _check_pool(role: str, size: int, method: str, drawn: int) -> None:
    if not drawn and size > 1:
        raise Refused(
            f"models.{role} is a pool of {size}, but the method {method!r} asks one model of this "
            "role; name one"
        )
    if drawn > size:
        raise Refused(
            f"models.{role}: the method {method!r} draws {drawn} different models of this role, "
            f"the job has {size}; name them as pool: [{{engine: …, model: …}}, …]"
        )


def needs_of(job: Job) -> dict[str, dict[str, str]]:
    """Role -> ability that its engines need -> a method that needs it."""
    needs: dict[str, dict[str, str]] = {}
    for name in job.mixture:
        method: Method = load_method(name)
        for role, abilities in method.needs.items():
            for ability in abilities:
                needs.setdefault(role, {}).setdefault(ability, name)
    return needs


def asked_models(job: Job) -> list[tuple[str, str, Model]]:
    """(key in the job, role, model) of every model that writes or judges, in the job's order.

    >>> from beam_synth.job.schema import ModelPool
    >>> models = {"writer": ModelPool(pool=[Model(model="a"), Model(model="b")])}
    >>> job = Job(name="a", articles=["a"], mixture={"rag": 1}, models=models)
    >>> [key for key, _, _ in asked_models(job)]
    ['generator', 'writer.pool.0', 'writer.pool.1']
    """
    found = []
    unasked = {"embedder", *_unasked_judges(job)}
    for role in dict.fromkeys(["generator", *job.models]):
        pool = job.pool(role)
        if role not in unasked:
            keys = [role] if len(pool) == 1 else [f"{role}.pool.{i}" for i in range(len(pool))]
            found += [(key, role, model) for key, model in zip(keys, pool, strict=True)]
    return found


def _unasked_judges(job: Job) -> set[str]:
    """The judges that a job names and asks nothing, since it says that nobody judges."""
    if job.judge is not False:
        return set()
    return {"judge", "auditor"} - {role for name in job.mixture for role in load_method(name).roles}


def model_notes(job: Job) -> list[str]:
    """A line for each model of which a user has to know what it can do."""
    return [
        f"note: models.{key}: {model.model}: {note}"
        for key, _, model in asked_models(job)
        if (note := note_of(model))
    ]


def check_abilities(job: Job) -> None:
    """Raise Refused where a method needs what the engine of a role never can.

    What an endpoint can is found by asking it, as `check` and `run` do; here nothing is called.
    """
    needs, prompts = needs_of(job), Prompts(job.prompts)
    for key, role, model in asked_models(job):
        if role in needs and model.engine not in ENDPOINTS:
            engine = make_role_engine(key, model, job.generate, prompts)
            lacking = {a: "" for a in needs[role] if a not in engine.can}
            asyncio.run(engine.close())
            refuse_lacking(key, model, lacking, needs[role])


def refuse_lacking(
    key: str, model: Model, lacking: Mapping[str, str], needs: Mapping[str, str]
) -> None:
    """Raise Refused where something is lacking (ability -> why); `needs` names a method for each
    ability."""
    for ability, why in lacking.items():
        raise Refused(
            f"models.{key}: the method {needs[ability]!r} needs {ability!r} "
            f"({ABILITIES[ability]}), which the engine {f'{model.engine} {model.model}'.strip()!r} "
            "lacks" + (f": {why}" if why else "")
        )
