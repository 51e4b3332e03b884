"""The engines of a process by role, the retries they get, and what all its programs share."""

from __future__ import annotations

import asyncio
import dataclasses
import functools
import math
from typing import Any

from beam_synth.engines.base import Engine
from beam_synth.engines.batched import Place
from beam_synth.engines.prompts import Prompts
from beam_synth.generation.calls import Endpoint, Meter, Policy, Sleep
from beam_synth.generation.config import GenerateConfig
from beam_synth.generation.endpoint_notes import Notes
from beam_synth.generation.engine_registry import (
    RULES,
    batched_engine,
    endpoint_key,
    findings_key,
    is_batched,
    make_engine,
)
from beam_synth.generation.health import Bounds
from beam_synth.generation.stopping import Stop
from beam_synth.generation.task_calls import Context, Role
from beam_synth.generation.token_limits import thinking_room
from beam_synth.generation.window import Window
from beam_synth.job.schema import Model
from beam_synth.methods.declaration import Method
from beam_synth.methods.loading import load_method

_UNBOUNDED = 1 << 30  # calls; programs and the service bound them


class Roles:
    """Endpoints by role, made when first asked for; all of one address share one window.

    Belongs to one event loop.

    Args:
        config: names the model of each role.
        stop: seen by every call; once it holds, no call waits any longer.
        policy: what is tried again, and how often.
        sleep: waits between tries; a test's own needs no time.
        meter: is told of every call; counts nothing by default.
        place: where batches are kept, for models whose requests go to a batch service; without it
            these are called one by one as others are.
    """

    def __init__(
        self,
        config: GenerateConfig,
        stop: Stop,
        policy: Policy,
        sleep: Sleep = asyncio.sleep,
        meter: Meter | None = None,
        place: Place | None = None,
    ) -> None:
        self._config = config
        self._stop = stop
        self._policy = policy
        self._sleep = sleep
        self._meter = meter
        self._place = place
        self._windows: dict[str, Window] = {}
        self._engines: list[Engine] = []
        self._roles: dict[str, tuple[Role, ...]] = {}
        self.prompts = Prompts(config.prompts)

    def __call__(self, name: str) -> tuple[Role, ...]:
        """The models of the role of that name, one or those of its pool.

        Raises Refused where an engine cannot be made, KeyError for a role that the config does not
        have.
        """
        if name not in self._roles:
            judging = self._config.judging
            if name == "judge" and judging is not None and judging.by == "generator":
                self._roles[name] = _judges_of(self("generator"), self._config.pool("generator"))
            else:
                self._roles[name] = tuple(self._role(model) for model in self._config.pool(name))
        return self._roles[name]

    def _role(self, model: Model) -> Role:
        engine: Any = make_engine(model, self._config.generate, self.prompts)
        key = findings_key(model)
        if (found := self._config.findings.get(key)) is not None and hasattr(engine, "recall"):
            engine.recall(found)
        if self._config.run and hasattr(engine, "learned"):
            engine.learned = Notes(self._config, key, model.model)
        self._engines.append(engine)
        if self._place is not None and is_batched(model):
            return self._batched(engine, model, self._place)
        window = self._windows.setdefault(
            endpoint_key(model), Window(self._config.window, ended=self._stopped)
        )
        endpoint = Endpoint(engine, window, self._policy, self._stop, self._sleep, self._meter)
        return Role(endpoint, model.sampling, thinking_room(model))

    def _batched(self, engine: Engine, model: Model, place: Place) -> Role:
        """A role behind a batch service: no window bounds its calls and no slowness counts, and
        the service's requests are told to the meter when they are sent, once, not here."""
        batched = batched_engine(engine, model, place)
        self._engines[-1] = batched
        policy = dataclasses.replace(self._policy, slow=math.inf)
        window = Window(_UNBOUNDED, ended=self._stopped)
        return Role(
            Endpoint(batched, window, policy, self._stop, self._sleep),
            model.sampling,
            thinking_room(model),
        )

    def _stopped(self) -> bool:
        return self._stop.reason is not None

    async def close(self) -> None:
        """Close the engines that were made."""
        for engine in self._engines:
            await engine.close()


# What makes a model's words vary, which a judge's are not to do.
_VARYING = ("temperature", "top_p", "top_k", "min_p")


def _judges_of(generators: tuple[Role, ...], models: tuple[Model, ...]) -> tuple[Role, ...]:
    """Generators as judges of what they wrote: the same engines, sampled as a judge asks for, save
    for what the job takes away by null. Rules among them judge nothing."""
    return tuple(
        Role(
            role.endpoint,
            {k: v for k, v in role.sampling.items() if v is None or k not in _VARYING},
        )
        for role, model in zip(generators, models, strict=True)
        if model.engine not in RULES
    )


def context_of(config: GenerateConfig, roles: Roles) -> Context:
    """What programs share in this process; methods are loaded once, prompts hashed once."""
    return Context(
        seed=config.seed,
        role=roles,
        method=_method,
        prompt_sha256=functools.lru_cache(maxsize=None)(roles.prompts.sha256),
        judging=config.judging,
        variants=roles.prompts.variants,
    )


@functools.cache
def _method(name: str) -> Method:
    return load_method(name)


def policy_of(config: GenerateConfig) -> Policy:
    """What a job's settings say of retries, and of when a run stops.

    A run with a small window is stopped after as many calls in a row as the window holds, 3 at
    least; an answer is slow from half the timeout on.
    """
    generate = config.generate
    bounds = Bounds(
        given_up=min(generate.given_up_in_a_row, max(3, config.window)),
        refused=generate.refused_in_a_row,
        error_rate=generate.error_rate,
        last_calls=generate.error_window,
    )
    return Policy(
        generate.max_attempts,
        retry_cut=generate.retry_cut,
        second_try=generate.second_try,
        bounds=bounds,
        starts=generate.starts,
        slow=generate.timeout / 2,
    )
