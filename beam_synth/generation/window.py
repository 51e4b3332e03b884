"""How many calls may be in flight at one endpoint: a window that gives way and grows back.

Additive increase, multiplicative decrease, as TCP does it (Chiu and Jain 1989): each answer widens
the window by one call a window, each sign of overload halves it, once for all calls that were in
flight together. It never exceeds what the job allows, and never falls below one call.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable
from types import TracebackType

_LOOK = 1.0  # seconds between looks at a closed window


class Window:
    """An asynchronous context manager around each call; calls enter in the order they came.

    Belongs to one event loop. `limit` is the window as a real number: its whole part is how many
    calls may be in flight.

    Args:
        most: the largest window, in calls; where it starts.
        clock: gives seconds and never goes back.
        ended: once it holds, no call is kept waiting for an endpoint that asked to wait.

    >>> window = Window(8, clock=lambda: 1.0)
    >>> window.overloaded(started=0.5)  # another call that began before 1.0 halves it no more
    >>> window.overloaded(started=0.7)
    >>> window.limit
    4.0
    >>> window.answered()
    >>> window.limit
    4.25
    """

    def __init__(
        self,
        most: int,
        clock: Callable[[], float] = time.monotonic,
        ended: Callable[[], bool] = bool,
    ) -> None:
        self.most = most
        self.limit = float(most)
        self.in_flight = 0
        self._clock = clock
        self._ended = ended
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._closed_until = 0.0
        self._cut_at = -1.0

    async def __aenter__(self) -> Window:
        if self._free() and not self._waiting:
            self.in_flight += 1
            return self
        turn = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            await turn  # whoever wakes it has counted it in
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._leave()
            raise
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._leave()

    def answered(self) -> None:
        """A call came back well: the window widens by 1/limit, one call a window of answers."""
        if self.limit < self.most:
            self.limit = min(float(self.most), self.limit + 1.0 / self.limit)

    def overloaded(self, started: float) -> None:
        """A call that began at `started`, by the clock, met an endpoint that has too much to do.

        Halves the window, unless it was halved after the call began.
        """
        if started >= self._cut_at:
            self.limit = max(1.0, self.limit / 2)
            self._cut_at = self._clock()

    def hold(self, seconds: float) -> None:
        """Let nobody in for so many seconds from now: the endpoint said when to come again."""
        self._closed_until = max(self._closed_until, self._clock() + seconds)
        self._reopen()

    def _reopen(self) -> None:
        """Look again now and then whether the window may open."""
        left = self._closed_until - self._clock()
        if left > 0 and not self._ended():
            asyncio.get_running_loop().call_later(min(left, _LOOK), self._reopen)
        else:
            self._wake()

    def _free(self) -> bool:
        if self.in_flight >= int(self.limit):
            return False
        closed = self._closed_until > 0 and self._clock() < self._closed_until
        return not closed or self._ended()

    def _leave(self) -> None:
        self.in_flight -= 1
        self._wake()

    def _wake(self) -> None:
        while self._waiting and self._free():
            turn = self._waiting.popleft()
            if not turn.done():
                self.in_flight += 1
                turn.set_result(None)
