"""Other processes as tests see them; how long a test waits for what must come."""

from __future__ import annotations

import contextlib
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tests.paths import ROOT

PATIENCE = 300.0  # seconds; only a fault takes so long, however busy the machine is


def wait_until(holds: Callable[[], object], what: str) -> None:
    """Return as soon as something holds. Raises AssertionError where it never does."""
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline, f"still not so: {what}"
        time.sleep(0.02)


@contextlib.contextmanager
def started(*command: str, **options: Any) -> Iterator[subprocess.Popen[str]]:
    """A process in the checkout, unless `cwd` says where; it is killed where the block leaves it
    running."""
    with subprocess.Popen(command, text=True, **{"cwd": ROOT, **options}) as process:
        try:
            yield process
        finally:
            process.kill()


def heeding_ctrl_c() -> None:
    """`preexec_fn` of a process that SIGINT is sent to: a shell may have had its jobs ignore it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def running(pid: int) -> bool:
    """Whether a process runs; one that has ended and is not reaped does not."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] not in "ZX"
