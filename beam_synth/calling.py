"""One call of a model: window, retries, breaker, structured answers. No policy lies elsewhere."""

from __future__ import annotations

import asyncio
import dataclasses
import functools
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import orjson

from beam_synth.drawing import Draw
from beam_synth.engines.base import Completion, Engine, Request
from beam_synth.errors import EngineError, Permanent, Rejected, Stopped, Transient, Unusable

Sleep = Callable[[float], Awaitable[None]]


@dataclasses.dataclass(frozen=True)
class Policy:
    """What is tried again, how often and how soon.

    429, 5xx, a broken connection, a timeout: up to `max_attempts` tries with backoff; then the
    task is put off (tried again at the end of its batch, then left for a resume, never logged as
    finished). 400, context too long: the task fails at once. 401, 403, 404: put off, and failed
    when refused again while others are served. A malformed structured answer is sent back with
    what is wrong `malformed` times, then is a reject. `breaker` calls given up in a row, with
    none that worked between them, stop the run.
    """

    max_attempts: int = 5  # tries of one call
    malformed: int = 2
    backoff: float = 0.5  # seconds before the second try; doubles with each further one
    backoff_cap: float = 60.0
    retry_after_cap: float = 300.0  # longest wait that an endpoint can ask for
    breaker: int = 10
    late_rounds: int = 1  # times that a task is tried again at the end of its batch

    def delay(self, key: str, tries: int, retry_after: float | None) -> float:
        """Seconds to wait after the `tries`-th try: half to all of the backoff, drawn by key."""
        backoff = min(self.backoff_cap, self.backoff * 2.0 ** (tries - 1))
        jittered = backoff * (0.5 + 0.5 * Draw("backoff", key, tries).uniform())
        return jittered + min(retry_after or 0.0, self.retry_after_cap)


class PutOff(EngineError):
    """The call was given up although a later run can succeed; the task is not finished."""


class Stop:
    """Whether the run is asked to stop; seen by all workers through files of `_stop/`.

    `look` gives the reason that lies there (or None), `tell` leaves one.
    """

    def __init__(self, look: Callable[[], str | None], tell: Callable[[str, str], None]) -> None:
        self._look = look
        self._tell = tell
        self.reason: str | None = None

    def look(self) -> str | None:
        """Look at the files again."""
        self.reason = self._look()
        return self.reason

    def trip(self, reason: str, message: str) -> None:
        """Stop this worker now and let the others know."""
        if self.reason is None:
            self.reason = reason
            self._tell(reason, message)

    def check(self) -> None:
        """Raise Stopped when the run is asked to stop."""
        if self.reason is not None:
            raise Stopped(self.reason)


@dataclasses.dataclass(frozen=True)
class Called:
    """What came of one call."""

    completions: list[Completion]
    tries: int


class Endpoint:
    """An engine behind the window that all its calls of this process share."""

    def __init__(
        self,
        engine: Engine,
        window: asyncio.Semaphore,
        policy: Policy,
        stop: Stop,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self.engine = engine
        self.policy = policy
        self._window = window
        self._stop = stop
        self._sleep = sleep
        self._given_up = 0  # calls in a row

    async def call(self, request: Request, key: str) -> Called:
        """Call until there is an answer; `key` names the call, for the jitter.

        Raises Rejected and Permanent as the engine does, PutOff when every try failed, Stopped
        when the run is asked to stop.
        """
        for tries in range(1, self.policy.max_attempts + 1):
            try:
                async with self._window:
                    self._stop.check()
                    completions = await self.engine.generate(request)
                self._given_up = 0
                return Called(completions, tries)
            except Transient as error:
                last = error
                if tries < self.policy.max_attempts:
                    await self._sleep(self.policy.delay(key, tries, error.retry_after))
            except Unusable as error:
                self._give_up(error)
                raise
            except (Permanent, Rejected):
                self._given_up = 0  # it answers
                raise
        self._give_up(last)
        raise PutOff(f"given up after {self.policy.max_attempts} tries: {last}") from last

    def _give_up(self, error: EngineError) -> None:
        self._given_up += 1
        if self._given_up >= self.policy.breaker:
            self._stop.trip(
                "breaker",
                f"{self.engine.name}: {self._given_up} calls in a row were given up, the last "
                f"one with: {error}",
            )


# ---------------------------------------------------------------- structured answers

_FENCE = re.compile(r"\A\s*```(?:json)?\s*\n(.*?)\n?\s*```\s*\Z", re.DOTALL)


def parse_instance(text: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    """The object that the text holds, alone or in a fenced block.

    Raises ValueError, saying what is wrong, when it is not an instance of the JSON schema.
    """
    fenced = _FENCE.match(text)
    try:
        data = orjson.loads(fenced.group(1) if fenced else text)
    except orjson.JSONDecodeError as error:
        raise ValueError(f"not valid JSON: {error}") from None
    if not isinstance(data, dict):
        raise ValueError(f"a JSON object is wanted, this is of type {type(data).__name__}")
    validator = _validator(orjson.dumps(schema))
    if not validator.is_valid(data):
        faults = validator.iter_errors(data)
        place, fault = min((".".join(map(str, e.path)), e.message) for e in faults)
        raise ValueError(f"{place}: {fault}"[:500] if place else fault[:500])
    return data


@functools.lru_cache(maxsize=256)
def _validator(schema: bytes) -> Any:
    import jsonschema  # type: ignore[import-untyped]

    return jsonschema.Draft202012Validator(orjson.loads(schema))


def corrections(text: str, fault: str) -> tuple[dict[str, str], dict[str, str]]:
    """What a malformed answer is sent back with."""
    return (
        {"role": "assistant", "content": text},
        {
            "role": "user",
            "content": f"That answer cannot be used: {fault}\nGive the whole answer again as one "
            "JSON object of the schema, and nothing else.",
        },
    )
