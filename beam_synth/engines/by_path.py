"""Engines and embedders outside this package: `my_package.my_module:MyEngine` in a job."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable
from typing import Any

from beam_synth.engines.base import ABILITIES, Engine
from beam_synth.engines.prompts import Prompts
from beam_synth.engines.served_languages import ServedLanguages
from beam_synth.errors import BeamSynthError, Refused, nearest
from beam_synth.job.schema import Model
from beam_synth.records import Embedder


def is_path(name: str) -> bool:
    """Whether an engine's name is that of a class or function, "package.module:name"."""
    return ":" in name


def make_outside_engine(model: Model, prompts: Prompts, timeout: float) -> Engine:
    """The engine that `model.engine` names, made as `EngineMaker` says.

    Raises Refused where it cannot be imported or made, or is no engine.
    """
    name = model.engine
    made = _made(f"the engine {name!r}", name, model, prompts, timeout)
    members = ["name", "timed", "can", "generate", "close"]
    for ability in getattr(made, "can", ()):
        if ability not in ABILITIES:
            known = f"{nearest(str(ability), ABILITIES)}; known are {', '.join(ABILITIES)}"
            raise Refused(f"models: the engine {name!r} says that it can {ability!r}{known}")
        members += ["encode", "decode"] if ability == "complete" else []
    _require(f"the engine {name!r}", made, members)
    engine: Engine = made
    return engine


def outside_languages(name: str) -> ServedLanguages:
    """What the class of that name says of the languages that it can serve; nothing where it cannot
    be loaded, which is told where it is made. Raises Refused as `ServedLanguages.of_class`."""
    what = f"the engine {name!r}"
    try:
        maker = _loaded(what, name)
    except Refused:
        return ServedLanguages()
    return ServedLanguages.of_class(what, maker)


def make_outside_embedder(model: Model) -> Embedder:
    """The embedder that `model.engine` names, made with the model alone. Raises as
    `make_outside_engine`."""
    made = _made(f"the embedder {model.engine!r}", model.engine, model)
    _require(f"the embedder {model.engine!r}", made, ["name", "revision", "dimension", "embed"])
    embedder: Embedder = made
    return embedder


def _made(what: str, name: str, *arguments: Any) -> Any:
    maker = _loaded(what, name)
    try:
        inspect.signature(maker).bind(*arguments)
    except (TypeError, ValueError) as error:  # of another signature, or of none
        kinds = ", ".join(type(argument).__name__.lower() for argument in arguments)
        raise Refused(f"models: {what} is not made of ({kinds}): {error}") from error
    try:
        return maker(*arguments)
    except BeamSynthError:
        raise
    except Exception as error:  # of code that is not ours
        raise Refused(f"models: cannot make {what}: {error!r}") from error


def _loaded(what: str, name: str) -> Callable[..., Any]:
    module, _, attribute = name.partition(":")
    try:
        maker: Callable[..., Any] = getattr(importlib.import_module(module), attribute)
    except Exception as error:  # of code that is not ours: whatever its import raises
        raise Refused(f"models: cannot load {what}: {error!r}") from error
    if not callable(maker):
        raise Refused(f"models: {what} is a {type(maker).__name__}, a class or function is wanted")
    return maker


def _require(what: str, made: Any, members: list[str]) -> None:
    missing = [member for member in members if not hasattr(made, member)]
    if missing:
        raise Refused(f"models: {what} has no {', '.join(missing)}")
