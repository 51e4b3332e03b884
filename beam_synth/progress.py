"""Progress of a local run, read from its files: works on every runner that shares the folder."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, TextIO

import orjson

from beam_synth.inputs import is_url

PLANNED = "_planned.json"  # {"tasks": n}: how many tasks the run has
_LIVE_SECS = 1.0
_PLAIN_SECS = 10.0


class State(NamedTuple):
    """How far a run is: what it does, and how much of it is done."""

    doing: str
    done: int
    total: int | None  # None where it is not known
    unit: str


class Progress:
    """A thread that prints how far a run is: one live line on a terminal, plain lines elsewhere."""

    def __init__(self, run: str, *, silent: bool = False, stream: TextIO | None = None) -> None:
        self._files = Files(Path(run))
        self._stream = stream or sys.stderr
        self._live = self._stream.isatty()
        self._silent = silent or is_url(run)
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
            state, now = self._files.state(), time.monotonic()
            line = f"[{now - self._started:5.0f} s] {speed.told(state, now)}"
            self._stream.write(f"\r\033[K{line}" if self._live else f"{line}\n")
            self._stream.flush()


class Speed:
    """Turns states into lines, with the rate since what is done now began."""

    def __init__(self) -> None:
        self._first: tuple[State, float] | None = None

    def told(self, state: State, now: float) -> str:
        """`embedding passages: 9,040 of 18,093 (50%), 17/s, 9 min left`."""
        if self._first is None or self._first[0].doing != state.doing:
            self._first = (state, now)
        first, since = self._first
        line = f"{state.doing}: {state.done:,}"
        if state.total:
            line += f" of {state.total:,} {state.unit} ({state.done / state.total:.0%})"
        else:
            line += f" {state.unit}"
        rate = (state.done - first.done) / (now - since) if now > since else 0.0
        if rate > 0:
            line += f", {rate:,.1f}/s" if rate < 100 else f", {rate:,.0f}/s"
            if state.total and state.total > state.done:
                line += f", {_span((state.total - state.done) / rate)} left"
        return line


def _span(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


class Files:
    """What lies in a run's folder; footers are read once."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._rows: dict[Path, int] = {}

    def state(self) -> State:
        """The furthest stage that left files, and how much of it is there."""
        shards = self._names("data", "*/*.parquet")
        if shards:
            return State("writing shards", len(shards), None, "written")
        outcomes = self._names("_completed", "*/*.parquet")
        if outcomes:
            return State("generating", self._sum(outcomes), self._planned(), "tasks")
        passages = self._names("_passages", "*.parquet")
        total = self._sum(passages)
        for folder, doing in (
            ("_neighbors", "joining neighbours"),
            ("_embeddings", "embedding passages"),
        ):
            done = self._names(folder, "*[0-9a-f].*")
            if done:
                buckets = {_bucket(path) for path in done}
                rows = self._sum(path for path in passages if _bucket(path) in buckets)
                return State(doing, rows, total, "passages")
        if passages:
            return State("splitting passages", total, None, "passages")
        return State(
            "reading articles", len(self._names("_tmp/articles", "*.parquet")), None, "parts"
        )

    def _names(self, folder: str, pattern: str) -> list[Path]:
        found = (self._path / folder).glob(pattern)
        return [path for path in found if path.suffix != ".tmp"]

    def _planned(self) -> int | None:
        try:
            return int(orjson.loads((self._path / PLANNED).read_bytes())["tasks"])
        except OSError:
            return None

    def _sum(self, files: Iterable[Path]) -> int:
        import pyarrow.parquet as pq

        total = 0
        for path in files:
            if path not in self._rows:
                try:
                    self._rows[path] = pq.read_metadata(path).num_rows
                except (OSError, ValueError):  # torn, or gone by now; counted as none
                    self._rows[path] = 0
            total += self._rows[path]
        return total


def _bucket(path: Path) -> str:
    """The bucket's number in a file's name: `passages-00003.parquet`, `00003-0ab1.npy`."""
    return next(part for part in path.stem.split("-") if part.isdigit() and len(part) == 5)
