"""Workers end when their launcher is gone: one that outlives a killed run would go on paying.

A thread of each worker looks at /proc ten times a second. Where there is no /proc, workers are not
watched.
"""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path
from typing import NamedTuple

_POLL_SECONDS = 0.1
_EXIT_CODE = 3  # stopped; a resume takes up what is left
_watched: set[Launcher] = set()
_lock = threading.Lock()


class Launcher(NamedTuple):
    """A process of this machine; the start time tells it from a later one of the same number.

    >>> launcher = Launcher.current()
    >>> launcher is None or launcher.alive()
    True
    """

    pid: int
    started: int  # clock ticks since boot

    @classmethod
    def current(cls) -> Launcher | None:
        """This process; None where there is no /proc to look it up in."""
        pid = os.getpid()
        started = _started(pid)
        return None if started is None else cls(pid, started)

    def alive(self) -> bool:
        """Whether it still runs; a zombie does not."""
        return _started(self.pid) == self.started


def _started(pid: int) -> int | None:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    fields = stat.rpartition(")")[2].split()  # the name before it may hold spaces
    return None if fields[0] in "ZX" else int(fields[19])


def end_with(launcher: Launcher) -> None:
    """End this process, with exit code 3, within 0.1 s after the launcher is gone.

    Does nothing in the launcher itself, nor for a launcher that is watched already. The end is
    abrupt: what is not written by then is done again by a resume.
    """
    with _lock:
        if launcher.pid == os.getpid() or launcher in _watched:
            return
        _watched.add(launcher)
    threading.Thread(target=_watch, args=(launcher,), name="launcher-watch", daemon=True).start()


def _watch(launcher: Launcher) -> None:
    while launcher.alive():
        time.sleep(_POLL_SECONDS)
    os._exit(_EXIT_CODE)
