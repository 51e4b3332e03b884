"""Engines that do as they are told, and the stop of a run that is only remembered."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Protocol, TypeVar

from beam_synth.engines.base import Completion, Request
from beam_synth.generation.stopping import Stop


class Closes(Protocol):
    async def close(self) -> None: ...


EngineT = TypeVar("EngineT", bound=Closes)


@asynccontextmanager
async def closing(engine: EngineT) -> AsyncIterator[EngineT]:
    """An engine that is closed in the loop that called it, however the block ends."""
    try:
        yield engine
    finally:
        await engine.close()


class DoubleEngine:
    """What every engine of these tests has alike."""

    name = "double"
    timed = False
    can: frozenset[str] = frozenset()

    async def generate(self, request: Request) -> list[Completion]:
        raise NotImplementedError

    async def close(self) -> None:
        pass


class ScriptedEngine(DoubleEngine):
    """Raises or answers as it is told, in turn; answers when it is told no more."""

    name = "scripted"

    def __init__(self, *script: Exception | None) -> None:
        self._script = list(script)
        self.calls = 0

    async def generate(self, request: Request) -> list[Completion]:
        self.calls += 1
        error = self._script.pop(0) if self._script else None
        if error is not None:
            raise error
        return [Completion("yes")]


class Told:
    """A stop that remembers why it was tripped."""

    def __init__(self) -> None:
        self.messages: dict[str, str] = {}  # reason -> what was told
        self.stop = Stop(lambda: next(iter(self.messages), None), self.messages.__setitem__)
