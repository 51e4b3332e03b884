"""The exceptions that beam-synth raises on purpose.

BeamSynthError
├── Refused          the job is wrong: nothing was started (exit code 2)
├── Fault            the job broke while it ran (exit code 1)
├── Stopped          the job stopped on purpose and can be resumed (exit code 3)
├── Rejected         a record that fails a check: becomes a reject with this reason
└── EngineError      a call to a model failed
    ├── Transient    a later try can succeed (429, 5xx, connection, timeout)
    └── Permanent    no try of this request can succeed (400)
        ├── TooLong  the request does not fit the model's context
        ├── ContentRefused  the endpoint does not answer to such content
        └── Unusable  nor of any other request: money, key, address or model (401, 402, 403, 404)
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Any


class BeamSynthError(Exception):
    """Base of every exception raised on purpose; its text is a whole message for the user."""


class Refused(BeamSynthError):
    """The job, a flag or the place it should run in is wrong; nothing was started."""


class Fault(BeamSynthError):
    """The run broke; what is on disk stays valid for a resume."""


class Stopped(BeamSynthError):
    """The run stopped on purpose (budget, breaker, signal) and can be resumed."""


class Rejected(BeamSynthError):
    """A record that does not pass; `reason` is one of the closed list in `records.REASONS`.

    `detail` says what in this record it was; the text of the exception holds both.

    >>> str(Rejected("stub", "12 words"))
    'stub: 12 words'
    """

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail

    def __reduce__(self) -> tuple[type[Rejected], tuple[str, str]]:
        return Rejected, (self.reason, self.detail)


class EngineError(BeamSynthError):
    """A model call that failed; whether to call again is what its subclasses say.

    `told` is what an endpoint said, as `engines.refusals.Told`; None where it said nothing.
    """

    told: Any = None


class Transient(EngineError):
    """A later try can succeed.

    `retry_after` is how long the endpoint asked to wait, in seconds; `overload` whether it has
    too much to do (429, 503, timeout), so that fewer calls should be in flight.
    """

    def __init__(
        self, message: str, retry_after: float | None = None, overload: bool = False
    ) -> None:
        super().__init__(message)
        self.retry_after = retry_after
        self.overload = overload

    def __reduce__(
        self,
    ) -> tuple[type[Transient], tuple[str, float | None, bool], dict[str, Any]]:
        return Transient, (str(self), self.retry_after, self.overload), vars(self)


class Permanent(EngineError):
    """No later try of the same request can succeed."""


class TooLong(Permanent):
    """The request and its answer do not fit the model's context."""


class ContentRefused(Permanent):
    """A filter of the endpoint refused what the request, or the answer to it, is about."""


class Unusable(Permanent):
    """The endpoint would refuse any other request too: what is wrong is not in the request."""


def nearest(word: str, known: Iterable[str]) -> str:
    """What a message about an unknown word ends in: the closest known one, or "" if none is close.

    >>> nearest("quikstart", ["quickstart", "synth-small"])
    " (did you mean 'quickstart'?)"
    >>> nearest("xyz", ["quickstart"])
    ''
    """
    matches = difflib.get_close_matches(word, list(known), n=1, cutoff=0.5)
    return f" (did you mean {matches[0]!r}?)" if matches else ""


def exit_code(error: BaseException) -> int:
    """The process exit code of an exception that ended a command."""
    if isinstance(error, Refused):
        return 2
    if isinstance(error, Stopped):
        return 3
    if isinstance(error, KeyboardInterrupt):
        return 130
    return 1
