"""Progress of a local run, read from its files: works on every runner that shares the folder."""

from __future__ import annotations

import sys
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, TextIO

from beam_synth.inputs import is_url

if TYPE_CHECKING:
    from beam_synth.runs import Run

_LIVE_SECS = 1.0
_PLAIN_SECS = 10.0


class Progress:
    """A thread that prints how far a run is: one live line on a terminal, plain lines elsewhere."""

    def __init__(self, run: Run, *, silent: bool = False, stream: TextIO | None = None) -> None:
        self._path = run.path
        self._buckets = run.passage_buckets
        self._stream = stream or sys.stderr
        self._live = self._stream.isatty()
        self._silent = silent or is_url(run.path)
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
        last = ""
        while not self._done.wait(_LIVE_SECS if self._live else _PLAIN_SECS):
            line = f"{describe(Path(self._path), self._buckets)}"
            stamped = f"[{time.monotonic() - self._started:5.0f} s] {line}"
            if self._live:
                self._stream.write(f"\r\033[K{stamped}")
            elif line != last:
                self._stream.write(f"{stamped}\n")
            self._stream.flush()
            last = line


def describe(path: Path, buckets: int) -> str:
    """One line: the furthest stage that left files, and how much of it is there."""
    shards = _count(path / "data", "*/*.parquet")
    if shards:
        return f"writing shards: {shards} written"
    outcomes = _count(path / "_completed", "*/*.parquet")
    if outcomes:
        return f"generating: {outcomes_rows(path / '_completed'):,} tasks done"
    for folder, verb in (
        ("_neighbors", "joining neighbours"),
        ("_embeddings", "embedding passages"),
        ("_passages", "splitting passages"),
    ):
        done = _count(path / folder, "*-[0-9]*.parquet") or _count(path / folder, "*.npy")
        if done:
            return f"{verb}: {min(done, buckets)} of {buckets} buckets"
    return f"reading articles: {_count(path / '_tmp' / 'articles', '*.parquet')} parts"


_ROWS: dict[Path, int] = {}


def outcomes_rows(folder: Path) -> int:
    """Tasks in the outcome files, from their footers; each file is read once."""
    import pyarrow.parquet as pq

    for file in folder.glob("*/*.parquet"):
        if file not in _ROWS:
            try:
                _ROWS[file] = pq.read_metadata(file).num_rows
            except (OSError, ValueError):  # torn or just being merged; counted as none
                _ROWS[file] = 0
    return sum(rows for file, rows in _ROWS.items() if folder in file.parents)


def _count(folder: Path, pattern: str) -> int:
    return sum(1 for _ in folder.glob(pattern)) if folder.is_dir() else 0
