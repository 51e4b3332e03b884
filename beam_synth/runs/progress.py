"""How far a run is, in lines: the live one of `run`, and that of `status`."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Mapping
from types import TracebackType
from typing import TextIO

from beam_synth.job.schema import Price
from beam_synth.runs.watch import RECENT, State, Watch

_LIVE_SECS = 1.0
_PLAIN_SECS = 10.0


# ---------------------------------------------------------------- lines


class Speed:
    """Turns states into lines, with the rate from where what is done now began to its last step.

    >>> speed = Speed()
    >>> speed.line(State("embedding", 100, 400, "passages"), now=0.0)
    'embedding: 100 of 400 passages (25%)'
    >>> speed.line(State("embedding", 200, 400, "passages"), now=10.0)
    'embedding: 200 of 400 passages (50%), 10.0/s, 20 s left'
    """

    def __init__(self) -> None:
        self._first: tuple[State, float] | None = None
        self._last: tuple[State, float] | None = None  # when something was done last

    def line(self, state: State, now: float) -> str:
        """The state in one line; `now` is a clock's reading in seconds that never goes back."""
        if self._first is None or self._first[0].doing != state.doing:
            self._first = self._last = (state, now)
        if self._last is None or self._last[0].done != state.done:
            self._last = (state, now)
        (first, since), (last, until) = self._first, self._last
        if until <= since:
            return state_line(state, 0.0)
        tokens = _tokens(last) - _tokens(first)
        return state_line(
            state, (last.done - first.done) / (until - since), tokens / (until - since)
        )


def state_line(state: State, rate: float, tokens: float = 0.0) -> str:
    """A state in one line; `rate` (in the state's unit) and `tokens` are what is done a second.

    >>> state_line(State("embedding passages", 9040, 18093, "passages"), 17.0)
    'embedding passages: 9,040 of 18,093 passages (50%), 17.0/s, 9 min left'
    >>> state_line(State("dropping near duplicates"), 0.0)
    'dropping near duplicates'
    """
    parts = [f"{state.doing}: {state.done:,}" if state.unit else state.doing]
    if state.total:
        parts[0] += f" of {state.total:,} {state.unit} ({state.done / state.total:.0%})"
    elif state.unit:
        parts[0] += f" {state.unit}"
    if state.waiting:
        parts.append(state.waiting)
    if rate > 0:
        parts.append(f"{rate:,.1f}/s" if rate < 100 else f"{rate:,.0f}/s")
    if state.spent is not None and state.spent.calls:
        parts.append(f"{state.spent.calls.total():,} calls")
        if state.spent.tokens:
            parts.append(f"{state.spent.tokens:,} tokens")
    if tokens > 0:
        parts.append(f"{tokens:,.0f} tokens/s")
    if state.cost is not None:
        parts.append(f"cost {state.cost:,.2f}")
    if state.spent is not None and state.spent.in_flight:
        parts.append(f"{state.spent.in_flight:,} in flight")
    parts += [f"{n:,} {kind}" for kind, n in sorted(state.ended.items()) if kind != "made"]
    if rate > 0 and state.total and state.total > state.done:
        parts.append(f"{_span((state.total - state.done) / rate)} left")
    return ", ".join(parts)


def recently(state: State) -> str:
    """A state in one line, with the speed of the last two minutes.

    >>> recently(State("generating", 1000, None, "tasks", recent=240))
    'generating: 1,000 tasks, 2.0/s'
    """
    tokens = _tokens(state) / state.done * state.recent / RECENT if state.done else 0.0
    return state_line(state, state.recent / RECENT, tokens)


def _tokens(state: State) -> int:
    return state.spent.tokens if state.spent is not None else 0


def _span(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


class Progress:
    """A thread that prints how far a run is: one live line on a terminal, plain lines elsewhere.

    A context manager. The live line is written anew every second, plain lines come every 10; with
    `silent` there is no thread. `stream` is standard error where none is given.
    """

    def __init__(
        self,
        run: str,
        *,
        prices: Mapping[str, Price] | None = None,
        silent: bool = False,
        stream: TextIO | None = None,
    ) -> None:
        self._watch = Watch(run, prices)
        self._stream = stream or sys.stderr
        self._live = self._stream.isatty()
        self._silent = silent
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._loop, name="progress", daemon=True)
        self._started = time.monotonic()

    def __enter__(self) -> Progress:
        if not self._silent:
            self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._done.set()
        if self._thread.is_alive():
            self._thread.join()
            if self._live:
                self._stream.write("\r\033[K")
                self._stream.flush()

    def _loop(self) -> None:
        speed = Speed()
        while not self._done.wait(_LIVE_SECS if self._live else _PLAIN_SECS):
            now = time.monotonic()
            line = f"[{now - self._started:5.0f} s] {speed.line(self._watch.state(), now)}"
            self._stream.write(f"\r\033[K{line}" if self._live else f"{line}\n")
            self._stream.flush()
