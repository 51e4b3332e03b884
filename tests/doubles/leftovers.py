"""What a process has open, so that a test that leaves something open fails itself."""

from __future__ import annotations

import gc
import os
import sys
import threading
import time
import weakref
from collections import Counter
from collections.abc import Callable
from multiprocessing import resource_tracker
from pathlib import Path
from typing import Any, NamedTuple

import aiohttp
from aiohttp import web

from tests.doubles.processes import running

_PATIENCE = 20.0  # seconds that a test which left something open takes longer
_SESSIONS: weakref.WeakSet[aiohttp.ClientSession] = weakref.WeakSet()
_MADE: Counter[type] = Counter()  # HTTP sessions and servers of this process


def watch() -> None:
    """Know every HTTP session and server that is made in this process from now on."""
    resource_tracker.ensure_running()  # Python's own, kept from its first use on
    _watch(aiohttp.ClientSession, _SESSIONS.add)
    _watch(web.BaseRunner, lambda runner: None)


def _watch(made: type[Any], note: Callable[[Any], None]) -> None:
    begin = made.__init__

    def watched(self: Any, *arguments: Any, **options: Any) -> None:
        begin(self, *arguments, **options)
        _MADE[made] += 1
        note(self)

    made.__init__ = watched  # type: ignore[misc]


class Opened(NamedTuple):
    """What is open: files and sockets by number, child processes, threads that a process waits
    for at its end; and how much was made that wants closing."""

    handles: frozenset[tuple[str, str]]
    children: frozenset[int]
    threads: frozenset[threading.Thread]
    http: int  # sessions and servers made so far

    @classmethod
    def now(cls) -> Opened:
        return cls(_handles(), _children(), frozenset(_threads()), _MADE.total())


def close_runtimes() -> None:
    """Close what a run in this process keeps for the next one."""
    worker = sys.modules.get("beam_synth.generation.worker")
    if worker is not None:
        worker.close_all()


def left_since(before: Opened) -> list[str]:
    """What was opened since and stays open, in words.

    Waits for what is on its way: pyarrow's threads close a file after its reader has gone.
    """
    close_runtimes()
    if _MADE.total() > before.http or _handles() - before.handles:
        gc.collect()  # what is merely garbage warns now, in the test that made it
    deadline = time.monotonic() + _PATIENCE
    while (found := _open_since(before)) and time.monotonic() < deadline:
        time.sleep(0.02)
        gc.collect()
    return found


def _open_since(before: Opened) -> list[str]:
    found = [f"handle {handle}: {link}" for handle, link in sorted(_handles() - before.handles)]
    found += [f"HTTP session {session}" for session in _SESSIONS if not session.closed]
    for pid in _children() - before.children:
        if running(pid):
            found.append(f"process {pid}: {_command(pid)}")
    found += [f"thread {thread.name}" for thread in _threads() if thread not in before.threads]
    return found


def _handles() -> frozenset[tuple[str, str]]:
    found = []
    for name in os.listdir("/proc/self/fd"):  # noqa: PTH208  the numbers alone, and at once
        try:
            found.append((name, os.readlink(f"/proc/self/fd/{name}")))  # noqa: PTH115
        except OSError:  # the listing's own
            continue
    return frozenset(found)


def _children() -> frozenset[int]:
    found: set[int] = set()
    for thread in Path("/proc/self/task").iterdir():
        try:
            found.update(map(int, (thread / "children").read_text().split()))
        except OSError:  # the thread has ended
            continue
    return frozenset(found)


def _threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if not thread.daemon]


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode().strip()
    except OSError:
        return ""
