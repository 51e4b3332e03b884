"""Engines by name: how a job's model becomes an Engine, and what `check` asks it.

An engine's module is imported when the engine is made, so that a job pays only for its own. Engines
outside this package are named by path, "package.module:name".
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple, cast

import orjson

from beam_synth.drawing import digest
from beam_synth.engines.base import Engine
from beam_synth.engines.batch_desk import Pace
from beam_synth.engines.batched import Batchable, Batched, Place, pace_of
from beam_synth.engines.by_path import is_path, make_outside_engine, outside_languages
from beam_synth.engines.chat_payloads import Findings
from beam_synth.engines.prompts import Prompts
from beam_synth.engines.served_languages import ServedLanguages
from beam_synth.errors import EngineError, Permanent, Refused, nearest
from beam_synth.job.schema import GenerateSettings, Model

Maker = Callable[[Model, GenerateSettings, Prompts], Engine]


class KnownEngine(NamedTuple):
    """How to make an engine, and what has to be installed for it."""

    make: Maker
    module: str  # that it needs beyond the base
    extra: str  # of this package, which brings the module


def _extractive(model: Model, generate: GenerateSettings, prompts: Prompts) -> Engine:
    from beam_synth.rule_engine import Extractive

    return Extractive()


def _openai(model: Model, generate: GenerateSettings, prompts: Prompts) -> Engine:
    from beam_synth.engines.openai import OpenAI

    return OpenAI(model, prompts, timeout=generate.timeout)


def _anthropic(model: Model, generate: GenerateSettings, prompts: Prompts) -> Engine:
    from beam_synth.engines.anthropic import Anthropic

    return Anthropic(model, prompts, timeout=generate.timeout)


def _vllm(model: Model, generate: GenerateSettings, prompts: Prompts) -> Engine:
    from beam_synth.engines.vllm import Vllm

    return Vllm(model, prompts, timeout=generate.timeout)


def _llamacpp(model: Model, generate: GenerateSettings, prompts: Prompts) -> Engine:
    from beam_synth.engines.llamacpp import LlamaCpp

    return LlamaCpp(model, prompts, timeout=generate.timeout)


def _transformers(model: Model, generate: GenerateSettings, prompts: Prompts) -> Engine:
    from beam_synth.engines.transformers import Transformers

    return Transformers(model, prompts)


ENGINES: dict[str, KnownEngine] = {
    "extractive": KnownEngine(_extractive, "lingua", "core"),
    "openai": KnownEngine(_openai, "aiohttp", "core"),
    "anthropic": KnownEngine(_anthropic, "aiohttp", "core"),
    "vllm": KnownEngine(_vllm, "aiohttp", "core"),  # the server's own interpreter needs vllm
    "llamacpp": KnownEngine(_llamacpp, "aiohttp", "core"),  # a running server needs no more
    "transformers": KnownEngine(_transformers, "transformers", "train"),
}
ENDPOINTS = frozenset({"openai", "vllm", "llamacpp"})  # what these can is known by asking them
RULES = frozenset({"extractive"})  # engines that compute and never wait
BATCHING = frozenset({"openai", "anthropic"})  # whose providers have batch services


def make_engine(model: Model, generate: GenerateSettings, prompts: Prompts) -> Engine:
    """The engine of a role, ready to be called from one event loop.

    Raises Refused for an engine that there is not, or whose package or key is missing.
    """
    if is_path(model.engine):
        return make_outside_engine(model, prompts, generate.timeout)
    if model.engine not in ENGINES:
        raise Refused(
            f"models: there is no engine {model.engine!r}{nearest(model.engine, ENGINES)}; "
            f"known: {', '.join(ENGINES)}; your own is 'package.module:Engine'"
        )
    known = ENGINES[model.engine]
    if importlib.util.find_spec(known.module) is None:
        raise Refused(
            f"models: the engine {model.engine!r} needs the package {known.module!r}, which is not "
            f"installed; run: pip install 'beam-synth[{known.extra}]'"
        )
    return known.make(model, generate, prompts)


def is_batched(model: Model) -> bool:
    """Whether a model's requests go to its provider's batch service.

    >>> is_batched(Model(engine="openai", options={"batch": True}))
    True
    >>> is_batched(Model(engine="transformers", options={"batch": 8}))  # of its own
    False
    """
    return model.engine in BATCHING and pace_of(model.options) is not None


def batched_engine(engine: Engine, model: Model, place: Place) -> Engine:
    """The engine of a model whose requests go to a batch service. Raises Refused where its
    endpoint cannot have one."""
    return Batched(cast(Batchable, engine), pace_of(model.options) or Pace(), place)


def engine_languages(model: Model) -> ServedLanguages:
    """What a model's engine says of the languages that it can serve. Raises Refused where an engine
    by path names them wrongly."""
    if is_path(model.engine):
        return outside_languages(model.engine)
    if model.engine not in RULES:
        return ServedLanguages()
    from beam_synth.rule_engine import Extractive

    return ServedLanguages.of_class(f"the engine {model.engine!r}", Extractive)


def note_of(model: Model) -> str:
    """What a user has to know of a model that comes as a package; "" of any other.

    >>> note_of(Model(engine="llamacpp", model="smollm2-135m-instruct"))[:18]
    '135 M parameters, '
    """
    from beam_synth.engines.gguf_files import PACKAGED

    known = PACKAGED.get(model.model.lower()) if model.engine == "llamacpp" else None
    return known.note if known is not None else ""


def endpoint_key(model: Model) -> str:
    """What tells endpoints apart: calls to one address, or to one model here, share a window.

    >>> endpoint_key(Model(engine="openai", base_url="http://localhost:8000/v1", model="a"))
    '["openai","http://localhost:8000/v1"]'
    >>> endpoint_key(Model())
    '["extractive",["",{}]]'
    """
    where: Any = model.base_url or [model.model, model.options]
    return orjson.dumps([model.engine, where], option=orjson.OPT_SORT_KEYS).decode()


def make_role_engine(
    role: str, model: Model, generate: GenerateSettings, prompts: Prompts
) -> Engine:
    """As `make_engine`; what it raises names the role."""
    try:
        return make_engine(model, generate, prompts)
    except Refused as error:
        raise Refused(f"models.{role}: {str(error).removeprefix('models: ')}") from None


def findings_key(model: Model) -> str:
    """What was found out holds for: the same endpoint, model, options and sampling; a hash.

    >>> one = findings_key(Model(engine="openai", model="a", base_url="http://a/v1"))
    >>> one == findings_key(Model(engine="openai", model="a", base_url="http://b/v1"))
    False
    """
    said = [model.engine, model.base_url, model.model, model.options, model.sampling]
    return digest(orjson.dumps(said, repr, orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS))


class Checked(NamedTuple):
    """What an engine says of itself before a run."""

    lines: list[str]  # to show
    lacking: dict[str, str]  # of the needed abilities those that it lacks -> why
    findings: Findings | None = None  # of an endpoint that answered


async def check_engine(
    role: str,
    model: Model,
    generate: GenerateSettings,
    prompts: Prompts,
    *,
    in_full: bool = False,
    needed: Iterable[str] = (),
    known: Findings | None = None,
) -> Checked:
    """What the role's engine says of itself; the engine is closed again.

    `in_full` asks the endpoint for what it can do, too, which may cost a few short calls; so does
    what is needed of ABILITIES. What is `known` is not asked for again. An engine that has no
    `probe` is ready by being made. Raises Refused, naming the role, when the engine cannot be used.
    """
    engine: Any = make_role_engine(role, model, generate, prompts)
    if known is not None and hasattr(engine, "recall"):
        engine.recall(known)
    try:
        state = await engine.probe() if hasattr(engine, "probe") else "ready"
        able = await engine.capabilities() if in_full and hasattr(engine, "capabilities") else []
        lacking = await _lacking(engine, needed)
        able += [await _batch_state(engine)] if is_batched(model) else []
    except Refused as error:
        raise Refused(f"models.{role}: {error}") from None
    finally:
        await engine.close()
    lines = [f"{role}: {model.engine} {engine.name}: {state}", *(f"  {line}" for line in able)]
    return Checked(lines, lacking, getattr(engine, "found", None))


async def _batch_state(engine: Batchable) -> str:
    """A line about the batch service. Raises Refused where there is none."""
    try:
        await engine.batch_service().probe()
    except Permanent as error:
        raise Refused(
            f"options.batch: there is no batch service beside the endpoint ({error}); leave the "
            "option out"
        ) from None
    except EngineError as error:
        return f"its batch service does not answer now: {error}"
    return "requests go to its batch service, which may take up to a day for each batch"


async def _lacking(engine: Any, needed: Iterable[str]) -> dict[str, str]:
    """What an engine lacks of what is needed -> why: by its own word, and by trying."""
    lacking = {ability: "" for ability in needed if ability not in engine.can}
    rest = [ability for ability in needed if ability not in lacking]
    if rest and hasattr(engine, "lacks"):
        lacking |= await engine.lacks(rest)
    return lacking
