"""How far a run is, from the files that its stages leave behind, whatever the runner.

No worker reports anything: what is on disk is counted, so `status` and the live line of `run` say
the same of any run, at work or not.
"""

from __future__ import annotations

import dataclasses
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from types import TracebackType
from typing import Any, TextIO

import orjson

from beam_synth.generation import budget
from beam_synth.generation.budget import Spent
from beam_synth.job.schema import Price
from beam_synth.storage import layout
from beam_synth.storage.files import RunFolder

_LIVE_SECS = 1.0
_PLAIN_SECS = 10.0
_RECENT = 120.0  # seconds of files that tell the speed of a run that was not watched


@dataclasses.dataclass(frozen=True)
class State:
    """How far a run is: what it does, and how much of it is done."""

    doing: str  # "embedding passages"
    done: int  # in units
    total: int | None  # None where it is not known
    unit: str  # "passages", "tasks", "parts", "written"
    recent: int = 0  # of what is done, in the last `_RECENT` seconds
    ended: Mapping[str, int] = dataclasses.field(default_factory=dict)  # tasks by kind of outcome
    spent: Spent | None = None  # of all attempts; in flight: of the last one
    cost: float | None = None  # None where the job has no prices


class Watch:
    """Reads a run's folder again and again; each file is opened once.

    `run` is its path or URL; with `prices` (by model) the cost of what was generated is told too.
    """

    def __init__(self, run: str, prices: Mapping[str, Price] | None = None) -> None:
        self._run = RunFolder(run)
        self._prices = prices or {}
        self._rows: dict[str, Counter[str]] = {}

    def state(self) -> State:
        """The furthest stage that left files, and how much of it is there. Lists some folders."""
        shards = self._run.match(layout.PARQUET_SHARDS)
        if shards:
            return State("writing shards", len(shards), None, "written")
        generating = self.generating()
        if generating is not None:
            return generating
        passages = self._run.match(layout.PASSAGE_FILES)
        total = self._sum(name for name, _ in passages)
        for pattern, doing in (
            (layout.NEIGHBOR_FILES, "joining neighbours"),
            (layout.VECTOR_FILES, "embedding passages"),
        ):
            done = {layout.bucket_digits(name): at for name, at in self._run.match(pattern)}
            if done:
                buckets = {layout.bucket_digits(name): name for name, _ in passages}
                rows = {b: self._sum([name]) for b, name in buckets.items() if b in done}
                late = time.time() - _RECENT
                recent = sum(n for bucket, n in rows.items() if done[bucket] > late)
                return State(doing, sum(rows.values()), total, "passages", recent)
        if passages:
            return State("splitting passages", total, None, "passages")
        parts = self._run.match(layout.ARTICLE_PARTS)
        return State("reading articles", len(parts), None, "parts")

    def generating(self) -> State | None:
        """How far generation is, in tasks with an outcome; None where no outcome is on disk."""
        outcomes = self._run.match(layout.OUTCOME_FILES)
        if not outcomes:
            return None
        late = time.time() - _RECENT
        ended: Counter[str] = Counter()
        recent = 0
        for name, at in outcomes:
            kinds = self._read(name, "kind")
            ended += kinds
            recent += kinds.total() if at > late else 0
        spent = self._spent()
        cost = spent.cost(self._prices) if self._prices else None
        done = ended.total()
        return State("generating", done, self._planned(), "tasks", recent, ended, spent, cost)

    def _spent(self) -> Spent:
        workers = budget.spenders(self._run)
        total = budget.read_spent(self._run, workers)
        attempt = str(self._json(layout.IDENTITY).get("attempt", ""))
        mine = [worker for worker in workers if attempt and worker.startswith(f"{attempt}-")]
        total.in_flight = budget.read_spent(self._run, mine).in_flight
        return total

    def _planned(self) -> int | None:
        tasks = self._json(layout.PLANNED).get("tasks")
        return None if tasks is None else int(tasks)

    def _json(self, name: str) -> dict[str, Any]:
        try:
            value: dict[str, Any] = orjson.loads(self._run.read(name))
            return value
        except (OSError, orjson.JSONDecodeError):
            return {}

    def _sum(self, names: Iterable[str]) -> int:
        return sum(self._read(name).total() for name in names)

    def _read(self, name: str, column: str = "") -> Counter[str]:
        """The file's rows, by the values of a column where one is named."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        if name not in self._rows:
            try:
                with self._run.open(name) as handle:
                    if column:
                        values = pq.read_table(handle, columns=[column])[column].to_pylist()
                        self._rows[name] = Counter(values)
                    else:
                        self._rows[name] = Counter({"": pq.read_metadata(handle).num_rows})
            except (OSError, ValueError, pa.ArrowException):  # torn, or gone; counted as none
                self._rows[name] = Counter()
        return self._rows[name]


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
    """
    parts = [f"{state.doing}: {state.done:,}"]
    if state.total:
        parts[0] += f" of {state.total:,} {state.unit} ({state.done / state.total:.0%})"
    else:
        parts[0] += f" {state.unit}"
    if rate > 0:
        parts.append(f"{rate:,.1f}/s" if rate < 100 else f"{rate:,.0f}/s")
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
    tokens = _tokens(state) / state.done * state.recent / _RECENT if state.done else 0.0
    return state_line(state, state.recent / _RECENT, tokens)


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
