"""Engines by name: how a job's model becomes an Engine, and what `check` asks it."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from typing import Any

import orjson

from beam_synth.engines.base import Engine
from beam_synth.engines.prompts import Prompts
from beam_synth.errors import Refused, nearest
from beam_synth.job.schema import GenerateSettings, Model

Maker = Callable[[Model, GenerateSettings, Prompts], Engine]


def _extractive(model: Model, generate: GenerateSettings, prompts: Prompts) -> Engine:
    from beam_synth.rule_engine import Extractive

    return Extractive()


def _openai(model: Model, generate: GenerateSettings, prompts: Prompts) -> Engine:
    from beam_synth.engines.openai import OpenAI

    return OpenAI(model, prompts, timeout=generate.timeout)


def _vllm(model: Model, generate: GenerateSettings, prompts: Prompts) -> Engine:
    from beam_synth.engines.vllm import Vllm

    return Vllm(model, prompts, timeout=generate.timeout)


def _transformers(model: Model, generate: GenerateSettings, prompts: Prompts) -> Engine:
    from beam_synth.engines.transformers import Transformers

    return Transformers(model, prompts)


# name -> (maker, module that it needs beyond the base, extra that brings it)
ENGINES: dict[str, tuple[Maker, str, str]] = {
    "extractive": (_extractive, "lingua", "core"),
    "openai": (_openai, "aiohttp", "core"),
    "vllm": (_vllm, "aiohttp", "core"),  # the server's own interpreter needs vllm
    "transformers": (_transformers, "transformers", "train"),
}
RULES = frozenset({"extractive"})  # engines that compute and never wait


def make_engine(model: Model, generate: GenerateSettings, prompts: Prompts) -> Engine:
    """The engine of a role, ready to be called from one event loop.

    Raises Refused for an engine that there is not, or whose package or key is missing.
    """
    if model.engine not in ENGINES:
        raise Refused(
            f"models: there is no engine {model.engine!r}{nearest(model.engine, ENGINES)}; "
            f"known: {', '.join(ENGINES)}"
        )
    maker, module, extra = ENGINES[model.engine]
    if importlib.util.find_spec(module) is None:
        raise Refused(
            f"models: the engine {model.engine!r} needs the package {module!r}, which is not "
            f"installed; run: pip install 'beam-synth[{extra}]'"
        )
    return maker(model, generate, prompts)


def endpoint_key(model: Model) -> str:
    """What tells endpoints apart: calls to one address, or to one model here, share a window."""
    where: Any = model.base_url or [model.model, model.options]
    return orjson.dumps([model.engine, where], option=orjson.OPT_SORT_KEYS).decode()


async def check_engine(
    role: str, model: Model, generate: GenerateSettings, prompts: Prompts, *, in_full: bool = False
) -> list[str]:
    """What the role's engine says of itself, `in_full` with what its endpoint can do.

    Raises Refused when it cannot be used.
    """
    try:
        engine: Any = make_engine(model, generate, prompts)
    except Refused as error:
        raise Refused(f"models.{role}: {str(error).removeprefix('models: ')}") from None
    try:
        found = await engine.probe() if hasattr(engine, "probe") else "ready"
        able = await engine.capabilities() if in_full and hasattr(engine, "capabilities") else []
    except Refused as error:
        raise Refused(f"models.{role}: {error}") from None
    finally:
        await engine.close()
    return [f"{role}: {model.engine} {engine.name}: {found}", *(f"  {line}" for line in able)]
