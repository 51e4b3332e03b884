"""Brings what finishes to disk by number and by time, while programs go on."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Flusher(Generic[T]):
    """Gathers what finished and writes them after `rows` of them or `seconds`, whichever is first.

    `write` runs in a thread, one at a time; while it runs, programs go on, and those that
    finish a whole flush ahead of it wait.

    Args:
        write: brings items to disk; what it raises comes out of `put` or `flush`.
        rows: items of a full flush.
        seconds: longest time that the first item of a flush waits.
        clock: gives seconds and never goes back.
    """

    def __init__(
        self,
        write: Callable[[list[T]], None],
        rows: int,
        seconds: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._write = write
        self._rows = rows
        self._seconds = seconds
        self._clock = clock
        self._buffer: list[T] = []
        self._buffered_since = 0.0  # when the first of the buffer came, by the clock
        self._lock = asyncio.Lock()

    async def put(self, item: T) -> None:
        """Take one item; flushes when that is due, and is done when that is written."""
        if not self._buffer:
            self._buffered_since = self._clock()
        self._buffer.append(item)
        if self._due():
            await self.flush(only_if_due=True)

    def _due(self) -> bool:
        if len(self._buffer) >= self._rows:
            return True
        waited = self._clock() - self._buffered_since
        return bool(self._buffer) and waited >= self._seconds

    async def flush(self, only_if_due: bool = False) -> None:
        """Write what is there; with `only_if_due` only a full flush, or one that waited long."""
        async with self._lock:
            if not self._buffer or (only_if_due and not self._due()):
                return
            items, self._buffer = self._buffer, []
            await asyncio.to_thread(self._write, items)

    async def tick(self) -> None:
        """Wait `seconds`, then flush if that is due: for when no program finishes."""
        await asyncio.sleep(self._seconds)
        await self.flush(only_if_due=True)
