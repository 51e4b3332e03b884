"""Whether a run is asked to stop: one word, seen by all its workers."""

from __future__ import annotations

from collections.abc import Callable

from beam_synth.errors import Stopped


class Stop:
    """Whether the run is asked to stop; seen by all workers through files of `_stop/`.

    `reason` is what this worker knows, None while it may go on.

    Args:
        look: gives the reason that lies there, or None.
        tell: leaves a reason and a message for the user.

    >>> stop = Stop(lambda: None, lambda reason, message: print(f"{reason}: {message}"))
    >>> stop.check()
    >>> stop.trip("breaker", "10 calls in a row were given up")
    breaker: 10 calls in a row were given up
    >>> stop.reason
    'breaker'
    """

    def __init__(self, look: Callable[[], str | None], tell: Callable[[str, str], None]) -> None:
        self._look = look
        self._tell = tell
        self.reason: str | None = None

    def look(self) -> str | None:
        """Look at the files again; returns the reason, or None. One listing of a folder."""
        self.reason = self._look()
        return self.reason

    def trip(self, reason: str, message: str) -> None:
        """Stop this worker now and let the others know; only the first reason counts."""
        if self.reason is None:
            self.reason = reason
            self._tell(reason, message)

    def check(self) -> None:
        """Raise Stopped when the run is asked to stop."""
        if self.reason is not None:
            raise Stopped(self.reason)
