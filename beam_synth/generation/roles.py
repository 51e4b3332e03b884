"""The engines of a process by role, the retries they get, and what all its programs share."""

from __future__ import annotations

import asyncio
import functools

from beam_synth.engines.base import Engine
from beam_synth.engines.prompts import Prompts
from beam_synth.generation.calls import Endpoint, Meter, Policy, Sleep, Stop
from beam_synth.generation.config import GenerateConfig
from beam_synth.generation.engine_registry import endpoint_key, make_engine
from beam_synth.generation.task_calls import Context, Role
from beam_synth.generation.window import Window
from beam_synth.job.schema import Model
from beam_synth.methods.declaration import Method
from beam_synth.methods.loading import load_method


class Roles:
    """Endpoints by role, made when first asked for; all of one address share one window.

    Belongs to one event loop.

    Args:
        config: names the model of each role.
        stop: seen by every call; once it holds, no call waits any longer.
        policy: what is tried again, and how often.
        sleep: waits between tries; a test's own needs no time.
        meter: is told of every call; counts nothing by default.
    """

    def __init__(
        self,
        config: GenerateConfig,
        stop: Stop,
        policy: Policy,
        sleep: Sleep = asyncio.sleep,
        meter: Meter | None = None,
    ) -> None:
        self._config = config
        self._stop = stop
        self._policy = policy
        self._sleep = sleep
        self._meter = meter
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
            self._roles[name] = tuple(self._role(model) for model in self._config.pool(name))
        return self._roles[name]

    def _role(self, model: Model) -> Role:
        engine = make_engine(model, self._config.generate, self.prompts)
        self._engines.append(engine)
        window = self._windows.setdefault(
            endpoint_key(model), Window(self._config.window, ended=self._stopped)
        )
        endpoint = Endpoint(engine, window, self._policy, self._stop, self._sleep, self._meter)
        return Role(endpoint, model.sampling)

    def _stopped(self) -> bool:
        return self._stop.reason is not None

    async def close(self) -> None:
        """Close the engines that were made."""
        for engine in self._engines:
            await engine.close()


def context_of(config: GenerateConfig, roles: Roles) -> Context:
    """What programs share in this process; methods are loaded once, prompts hashed once."""
    return Context(
        seed=config.seed,
        role=roles,
        method=_method,
        prompt_sha256=functools.lru_cache(maxsize=None)(roles.prompts.sha256),
        judged=config.judged,
    )


@functools.cache
def _method(name: str) -> Method:
    return load_method(name)


def policy_of(config: GenerateConfig) -> Policy:
    """What a job's settings say of retries.

    The breaker trips after as many calls as the window holds, between 3 and 10; an answer is slow
    from half the timeout on.
    """
    generate = config.generate
    return Policy(
        generate.max_attempts,
        retry_cut=generate.retry_cut,
        breaker=min(10, max(3, config.window)),
        slow=generate.timeout / 2,
    )
