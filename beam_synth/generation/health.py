"""Whether an endpoint serves: what its last calls came to, and the bounds that stop a run.

An endpoint that fails every call must cost nobody their tasks, and one task that an endpoint fails
on must not cost a run its others. What tells them apart is whether others are served meanwhile:
calls that were begun after the failure and answered, or, where no others are left, a plain call of
the engine's own (`alive`).
"""

from __future__ import annotations

import asyncio
import bisect
import contextvars
import dataclasses
import time
from collections.abc import Awaitable, Callable
from operator import itemgetter

from beam_synth.errors import EngineError
from beam_synth.generation.causes import Causes
from beam_synth.generation.stopping import Stop

# Whether the running program's task was put off before: what is known to fail counts towards no
# bound, so that a run whose last tasks are all of that kind comes to its end.
SUSPECTED: contextvars.ContextVar[bool] = contextvars.ContextVar("suspected", default=False)
_PATIENCE = 60.0  # seconds that a plain call may take
_PLAIN_CALLS = 3  # each in other words, since an endpoint may fail on any
Alive = Callable[[], Awaitable[None]]


@dataclasses.dataclass(frozen=True)
class Bounds:
    """When a run stops, since its endpoint serves nobody: `generate` of the job sets them."""

    given_up: int = 10  # calls given up in a row, and then a plain call that fails too
    refused: int = 10  # calls refused in a row
    error_rate: float = 0.5  # share of the last calls that are errors: more than that
    last_calls: int = 100  # of which that share is taken


class Health:
    """What the calls of one endpoint came to, in one process.

    Belongs to one event loop.

    Args:
        name: the model's, for messages.
        bounds: when the run is stopped.
        stop: is tripped then.
        alive: a plain call that raises EngineError where the endpoint does not serve; None where
            the engine has none.
        clock: gives seconds and never goes back.
    """

    def __init__(
        self,
        name: str,
        bounds: Bounds,
        stop: Stop,
        alive: Alive | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.clock = clock
        self._name = name
        self._bounds = bounds
        self._stop = stop
        self._alive = alive
        self._given_up = 0  # in a row
        self._refused = 0  # in a row
        # (when it began, its error or "") of the calls that began last, in that order: a call that
        # is given up has been tried for long, while others came and went.
        self._last: list[tuple[float, str]] = []
        self._served_at = -1.0  # when the answered call began that began last
        self._asked = (-1.0, False)  # the last plain call: when, and whether it was answered
        self._asking: asyncio.Task[None] | None = None

    # ---------------------------------------------------------------- what calls come to

    def answered(self, began: float) -> None:
        """A call that began then was answered."""
        self._given_up = self._refused = 0
        self._served_at = max(self._served_at, began)
        self._note(began, "")

    async def gave_up(self, began: float, error: EngineError) -> None:
        """Every try of a call failed, with this error at last."""
        self._given_up += 1
        self._count(began, error)
        if self._given_up < self._bounds.given_up:
            return
        many = self._given_up
        if not (SUSPECTED.get() if self._alive is None else await self.is_alive()):
            self._trip("breaker", f"{many} calls in a row were given up", error)
        self._given_up = 0  # it serves: what these tasks ask for is what fails

    def refused(self, began: float, error: EngineError) -> None:
        """A call was refused, in words that do not say whose fault it is."""
        self._refused += 1
        self._count(began, error)
        if self._refused >= self._bounds.refused and not SUSPECTED.get():
            self._trip("refusals", f"{self._refused} calls in a row were refused", error)

    def unusable(self, error: EngineError) -> None:
        """The service said that it refuses all calls: money, key, model or address."""
        self._stop.trip("service", f"{self._name}: the endpoint refuses all service: {error}")

    def _count(self, began: float, error: EngineError) -> None:
        if SUSPECTED.get():
            return
        self._note(began, str(error))
        failed = [said for _, said in self._last if said]
        if len(failed) > self._bounds.error_rate * self._bounds.last_calls:
            shown = Causes(failed).told(most=1)
            self._stop.trip(
                "error_rate",
                f"{self._name}: {len(failed)} of the last {len(self._last)} calls failed, most of "
                f"them so: {shown}",
            )

    def _note(self, began: float, said: str) -> None:
        bisect.insort(self._last, (began, said), key=itemgetter(0))
        if len(self._last) > self._bounds.last_calls:
            del self._last[0]

    def _trip(self, reason: str, what: str, error: EngineError) -> None:
        self._stop.trip(reason, f"{self._name}: {what}, the last one with: {error}")

    # ---------------------------------------------------------------- whether it serves

    @property
    def has_served(self) -> bool:
        """Whether it has answered any call."""
        return self._served_at >= 0

    def served_since(self, moment: float) -> bool:
        """Whether a call was answered that began after that moment, by the clock."""
        return self._served_at > moment

    def is_past(self, moment: float) -> bool:
        """Whether as many calls as are looked at began after that moment, and did not stop the
        run; some were answered."""
        full = len(self._last) == self._bounds.last_calls
        return full and self._last[0][0] > moment and self.served_since(moment)

    async def is_alive(self, since: float | None = None) -> bool:
        """Whether a plain call is answered that began after `since` (None: from now on); True for
        an engine that has none.

        Raises Stopped where the run may send no more calls.
        """
        if since is None or self._asked[0] <= since:
            if self._asking is None:
                self._asking = asyncio.ensure_future(self._ask())
            await asyncio.shield(self._asking)
        return self._asked[1]

    async def _ask(self) -> None:
        began = self.clock()
        try:
            self._asked = began, await self._answers()
        finally:
            self._asking = None

    async def _answers(self) -> bool:
        if self._alive is None:
            return True
        for _ in range(_PLAIN_CALLS):
            try:
                await asyncio.wait_for(self._alive(), _PATIENCE)
            except EngineError:
                continue
            except TimeoutError:
                return False
            return True
        return False


@dataclasses.dataclass(frozen=True)
class FailedCall:
    """A call that failed, and may have failed for the sake of its request alone."""

    health: Health  # of its endpoint
    at: float  # when it had failed, by the clock of the health

    @property
    def others_served(self) -> bool:
        """Whether the endpoint has served another call since then."""
        return self.health.served_since(self.at)

    @property
    def is_past(self) -> bool:
        """Whether it has served others for so long that this failure can stop no run any more."""
        return self.health.is_past(self.at)
