"""One call of a model: window, retries, breaker, structured answers. No policy lies elsewhere.

Retries wait as in "equal jitter" (Brooker, Exponential Backoff and Jitter, 2015); the breaker is a
circuit breaker (Nygard, Release It!, 2007) that a resume closes again: see `health`.
"""

from __future__ import annotations

import asyncio
import dataclasses
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol, TypeVar, cast

from beam_synth.drawing import Draw
from beam_synth.engines.base import Completion, Engine, Request, TokenEngine, Usage
from beam_synth.errors import (
    ContentRefused,
    EngineError,
    Permanent,
    Rejected,
    TooLong,
    Transient,
    Unusable,
)
from beam_synth.generation.health import Bounds, FailedCall, Health
from beam_synth.generation.stopping import Stop
from beam_synth.generation.window import Window

T = TypeVar("T")
Sleep = Callable[[float], Awaitable[None]]
_SLICE = 5.0  # seconds of a wait between looks at the stop


@dataclasses.dataclass(frozen=True)
class Policy:
    """What is tried again, how often and how soon, and when an endpoint is given up.

    429, 5xx, a broken connection, a timeout: up to `max_attempts` tries with backoff; then the
    task is put off (tried again at the end of its batch, then left for a resume). A refusal in
    words that do not say whose fault it is (400): the task fails, once it is known that others are
    served. Money, key, model or address refused: the run stops. Context too long: asked once more
    in a shorter form where the method has one, else a reject. A malformed structured answer is
    sent back with what is wrong `malformed` times, then is a reject; one that parses and has a
    fault of form goes back once. A method whose code breaks on
    `broken` tasks in a row stops the run. 429, 503, timeouts and answers slower than `slow` narrow
    the window.
    """

    max_attempts: int = 5  # tries of one call
    malformed: int = 2  # times that an answer that does not parse is sent back
    second_try: bool = True  # whether one with a fault of form goes back, once
    retry_cut: bool = True  # whether one that was cut off is asked for with twice its tokens, once
    backoff: float = 0.5  # seconds before the second try; doubles with each further one
    backoff_cap: float = 60.0  # seconds; what the backoff never exceeds
    retry_after_cap: float = 300.0  # seconds; longest wait that an endpoint can ask for
    bounds: Bounds = dataclasses.field(default_factory=Bounds)  # when an endpoint serves nobody
    broken: int = 50  # tasks of a method in a row that end in an exception of its code
    broken_first: int = 3  # or all tasks of a run's first batch, if they are as many
    late_rounds: int = 1  # times that a task is tried again at the end of its batch
    starts: int = 2  # of the run, in which a task is put off while others are served; then it fails
    slow: float = 150.0  # seconds of an answer that show an overloaded endpoint

    def delay(self, key: str, tries: int, retry_after: float | None) -> float:
        """Seconds to wait after the `tries`-th try: half to all of the backoff, drawn by key, and
        the seconds that the endpoint asked for (None: it did not).

        >>> policy = Policy(backoff=0.5)
        >>> 0.25 <= policy.delay("key", 1, None) <= 0.5
        True
        >>> 12.0 <= policy.delay("key", 3, retry_after=11.0) <= 13.0
        True
        """
        backoff = min(self.backoff_cap, self.backoff * 2.0 ** (tries - 1))
        jittered = backoff * (0.5 + 0.5 * Draw("backoff", key, tries).uniform())
        return jittered + min(retry_after or 0.0, self.retry_after_cap)


class PutOff(EngineError):
    """The call was given up although a later run can succeed; the task is not finished.

    `call` is what failed at an endpoint; None where it was something else.
    """

    def __init__(self, message: str, call: FailedCall | None = None) -> None:
        super().__init__(message)
        self.call = call


class Doubtful(Permanent):
    """The endpoint refused a call: for what it asks, or as it would refuse any other."""

    def __init__(self, message: str, call: FailedCall) -> None:
        super().__init__(message)
        self.call = call


class Meter(Protocol):
    """What is told of every call, and may forbid the next one."""

    async def admit(self, model: str) -> None:
        """A call is about to be sent. Raises Stopped when the budget is spent."""
        ...

    def returned(self) -> None:
        """The call is over, however it ended."""
        ...

    def record(self, model: str, usage: Usage) -> None:
        """An answer came, and cost this."""
        ...


class Unmetered:
    """Counts nothing, and lets every call pass."""

    async def admit(self, model: str) -> None:
        """Let it pass."""

    def returned(self) -> None:
        """Count nothing."""

    def record(self, model: str, usage: Usage) -> None:
        """Count nothing."""


class Called(NamedTuple):
    """What came of one call."""

    completions: list[Completion]  # one at least
    tries: int  # 1 where the first was answered
    seconds: float  # of the try that was answered


Keep = Callable[[Called], Awaitable[None]]


class Endpoint:
    """An engine behind the window that all its calls of this process share.

    Args:
        engine: what is called.
        window: bounds the calls in flight; other endpoints of the same address may share it.
        policy: what is tried again, how often and how soon.
        stop: looked at before each try and while it waits.
        sleep: waits between tries, in seconds.
        meter: is told of every call; counts nothing by default.
    """

    def __init__(
        self,
        engine: Engine,
        window: Window,
        policy: Policy,
        stop: Stop,
        sleep: Sleep = asyncio.sleep,
        meter: Meter | None = None,
    ) -> None:
        self.engine = engine
        self.policy = policy
        self._window = window
        self._stop = stop
        self._sleep = sleep
        self._meter: Meter = meter or Unmetered()
        alive = getattr(engine, "alive", None)
        self.health = Health(
            engine.name, policy.bounds, stop, None if alive is None else self._metered(alive)
        )

    async def call(self, request: Request, key: str, keep: Keep | None = None) -> Called:
        """Call until there is an answer; `key` names the call, for the jitter.

        `keep` is awaited with what came before the call leaves the window. Raises Rejected,
        Unusable, TooLong and ContentRefused as the engine does, Doubtful for its other Permanent,
        PutOff when every try failed, Stopped when the run is asked to stop or its budget is spent,
        and what `keep` raises.
        """

        async def once(tries: int) -> Called:
            await self._meter.admit(self.engine.name)
            started = time.monotonic()
            try:
                completions = await self.engine.generate(request)
            finally:
                self._meter.returned()
            called = Called(completions, tries, time.monotonic() - started)
            for completion in completions:
                self._meter.record(self.engine.name, completion.usage)
            if keep is not None:
                await keep(called)
            return called

        return await self._until_answered(once, key)

    async def encode(self, template: str, variables: Mapping[str, Any]) -> list[int]:
        """Token ids of a rendered prompt, from an engine that can `complete`. Tried again and
        raises as `call`; costs nothing of a budget."""
        engine = cast(TokenEngine, self.engine)
        return await self._until_answered(
            lambda _: engine.encode(template, variables), template, serves=False
        )

    async def decode(self, ids: Sequence[int]) -> str:
        """The text of token ids, as `encode`."""
        engine = cast(TokenEngine, self.engine)
        return await self._until_answered(lambda _: engine.decode(ids), "decode", serves=False)

    async def _until_answered(
        self, once: Callable[[int], Awaitable[T]], key: str, serves: bool = True
    ) -> T:
        """Try until there is an answer; `once` gets the number of the try.

        `serves` says that an answer shows that the model is at work.
        """
        health, began = self.health, -1.0
        for tries in range(1, self.policy.max_attempts + 1):
            started = time.monotonic()
            try:
                async with self._window:
                    self._stop.check()
                    started = time.monotonic()
                    began = started if began < 0 else began
                    answer = await once(tries)
                self._answered(started)
                if serves:
                    health.answered(started)
                return answer
            except Transient as error:
                last = error
                self._give_way(error, started)
                if tries < self.policy.max_attempts:
                    await self._pause(self.policy.delay(key, tries, error.retry_after))
            except Unusable as error:
                health.unusable(error)
                raise
            except Rejected:
                health.answered(started)
                raise
            except (TooLong, ContentRefused):  # count towards nothing: it is this request
                raise
            except Permanent as error:
                health.refused(began, error)
                raise Doubtful(str(error), FailedCall(health, health.clock())) from error
        await health.gave_up(began, last)
        raise PutOff(
            f"given up after {self.policy.max_attempts} tries: {last}",
            FailedCall(health, health.clock()),
        ) from last

    def _answered(self, started: float) -> None:
        if time.monotonic() - started > self.policy.slow:
            self._window.overloaded(started)
        else:
            self._window.answered()

    def _give_way(self, error: Transient, started: float) -> None:
        if error.overload:
            self._window.overloaded(started)
        if error.retry_after:
            self._window.hold(min(error.retry_after, self.policy.retry_after_cap))

    async def _pause(self, seconds: float) -> None:
        """Wait, but not on when the run is asked to stop."""
        while seconds > 0 and self._stop.reason is None:
            await self._sleep(min(seconds, _SLICE))
            seconds -= _SLICE

    def _metered(self, alive: Callable[[], Awaitable[None]]) -> Callable[[], Awaitable[None]]:
        """The engine's plain call, counted as any other."""

        async def ask() -> None:
            await self._meter.admit(self.engine.name)
            try:
                await alive()
            finally:
                self._meter.returned()

        return ask


# ---------------------------------------------------------------- structured answers


def corrections(
    text: str, fault: str, structured: bool = True
) -> tuple[dict[str, str], dict[str, str]]:
    """What an answer is sent back with: the answer, and a message that says its fault.

    `structured`: whether it was to be a JSON object.

    >>> [message["role"] for message in corrections('{"a": 1', "not valid JSON")]
    ['assistant', 'user']
    """
    form = " as one JSON object of the schema" if structured else ""
    return (
        {"role": "assistant", "content": text},
        {
            "role": "user",
            "content": f"That answer cannot be used: {fault}\nGive the whole answer again{form}, "
            "and nothing else.",
        },
    )
