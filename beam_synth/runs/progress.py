"""How far a run is, from the files that its stages leave behind, whatever the runner."""

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

from beam_synth.generation import budget as spending
from beam_synth.generation.budget import Spent
from beam_synth.job.schema import Price
from beam_synth.storage import files
from beam_synth.storage.files import RunFolder

PLANNED = "_planned.json"  # {"tasks": n}: how many tasks the run has
_LIVE_SECS = 1.0
_PLAIN_SECS = 10.0
_RECENT = 120.0  # seconds of files that tell the speed of a run that was not watched
_NUMBERED = "*[0-9a-f].*"  # buckets' files, not those still being written


@dataclasses.dataclass(frozen=True)
class State:
    """How far a run is: what it does, and how much of it is done."""

    doing: str
    done: int
    total: int | None  # None where it is not known
    unit: str
    recent: int = 0  # of what is done, in the last `_RECENT` seconds
    ended: Mapping[str, int] = dataclasses.field(default_factory=dict)  # tasks by kind of outcome
    spent: Spent | None = None  # of all attempts; in flight: of the last one
    cost: float | None = None  # None where the job has no prices


class Watch:
    """Reads a run's folder again and again; each file is opened once."""

    def __init__(self, run: str, prices: Mapping[str, Price] | None = None) -> None:
        self._run = run
        self._prices = prices or {}
        self._rows: dict[str, Counter[str]] = {}

    def state(self) -> State:
        """The furthest stage that left files, and how much of it is there."""
        shards = files.match(self._run, "data/*/*.parquet")
        if shards:
            return State("writing shards", len(shards), None, "written")
        generating = self.generating()
        if generating is not None:
            return generating
        passages = files.match(self._run, "_passages/*.parquet")
        total = self._sum(name for name, _ in passages)
        for folder, doing in (
            ("_neighbors", "joining neighbours"),
            ("_embeddings", "embedding passages"),
        ):
            found = files.match(self._run, f"{folder}/{_NUMBERED}")
            done = {_bucket(name): at for name, at in found if not name.endswith(".tmp")}
            if done:
                rows = {
                    b: self._sum([name]) for name, _ in passages if (b := _bucket(name)) in done
                }
                late = time.time() - _RECENT
                recent = sum(n for bucket, n in rows.items() if done[bucket] > late)
                return State(doing, sum(rows.values()), total, "passages", recent)
        if passages:
            return State("splitting passages", total, None, "passages")
        parts = files.match(self._run, "_tmp/articles/*.parquet")
        return State("reading articles", len(parts), None, "parts")

    def generating(self) -> State | None:
        """How far generation is; None where no outcome is on disk."""
        outcomes = files.match(self._run, "_completed/*/*.parquet")
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
        names = [name.rpartition("/")[2] for name, _ in files.match(self._run, "_spent/*.json")]
        total = spending.read_spent(RunFolder(self._run), names)
        attempt = str(self._json("_identity.json").get("attempt", ""))
        mine = [name for name in names if attempt and name.startswith(f"{attempt}-")]
        total.in_flight = spending.read_spent(RunFolder(self._run), mine).in_flight
        return total

    def _planned(self) -> int | None:
        found = self._json(PLANNED).get("tasks")
        return None if found is None else int(found)

    def _json(self, name: str) -> dict[str, Any]:
        try:
            with files.open_read(self._run, name) as handle:
                found: dict[str, Any] = orjson.loads(handle.read())
                return found
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
                with files.open_read(self._run, name) as handle:
                    if column:
                        values = pq.read_table(handle, columns=[column])[column].to_pylist()
                        self._rows[name] = Counter(values)
                    else:
                        self._rows[name] = Counter({"": pq.read_metadata(handle).num_rows})
            except (OSError, ValueError, pa.ArrowException):  # torn, or gone; counted as none
                self._rows[name] = Counter()
        return self._rows[name]


def _bucket(name: str) -> str:
    """The bucket's number in a file's name: `passages-00003.parquet`, `00003-0ab1.npy`."""
    stem = name.rpartition("/")[2].partition(".")[0]
    return next((part for part in stem.split("-") if part.isdigit() and len(part) == 5), "")


# ---------------------------------------------------------------- lines


class Speed:
    """Turns states into lines, with the rate from where what is done now began to its last step."""

    def __init__(self) -> None:
        self._first: tuple[State, float] | None = None
        self._last: tuple[State, float] | None = None  # when something was done last

    def told(self, state: State, now: float) -> str:
        """`embedding passages: 9,040 of 18,093 passages (50%), 17.0/s, 9 min left`."""
        if self._first is None or self._first[0].doing != state.doing:
            self._first = self._last = (state, now)
        if self._last is None or self._last[0].done != state.done:
            self._last = (state, now)
        (first, since), (last, until) = self._first, self._last
        if until <= since:
            return line(state, 0.0)
        tokens = _tokens(last) - _tokens(first)
        return line(state, (last.done - first.done) / (until - since), tokens / (until - since))


def line(state: State, rate: float, tokens: float = 0.0) -> str:
    """A state in one line; `rate` and `tokens` are what is done a second."""
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
    parts += [f"{n:,} {kind}" for kind, n in sorted(state.ended.items()) if kind != "sample"]
    if rate > 0 and state.total and state.total > state.done:
        parts.append(f"{_span((state.total - state.done) / rate)} left")
    return ", ".join(parts)


def recently(state: State) -> str:
    """A state in one line, with the speed of the last two minutes."""
    tokens = _tokens(state) / state.done * state.recent / _RECENT if state.done else 0.0
    return line(state, state.recent / _RECENT, tokens)


def _tokens(state: State) -> int:
    return state.spent.tokens if state.spent is not None else 0


def _span(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


class Progress:
    """A thread that prints how far a run is: one live line on a terminal, plain lines elsewhere."""

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
            told = f"[{now - self._started:5.0f} s] {speed.told(self._watch.state(), now)}"
            self._stream.write(f"\r\033[K{told}" if self._live else f"{told}\n")
            self._stream.flush()
