"""What signals do to a run: SIGTERM stops it cleanly, Ctrl-C ends it, whatever Beam waits for."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from beam_synth.ending import tell_interrupted
from beam_synth.errors import exit_code
from beam_synth.storage import layout
from beam_synth.storage.files import RunFolder

# How long Beam may take to close its workers after Ctrl-C. Interrupted while they start, it waits
# for them without end; they notice by themselves that their launcher is gone.
CLOSING_SECS = 10.0


@contextmanager
def signals_handled(run: RunFolder) -> Iterator[None]:
    """Within the block, SIGTERM has the run stop, and Ctrl-C raises KeyboardInterrupt.

    After SIGTERM, workers see `_stop/signal` before their next flush. After Ctrl-C the process ends
    10 seconds later at the latest, and at once at the second one, with exit code 130. Does nothing
    in another thread than the main one.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(signum: int, frame: FrameType | None) -> None:
        run.write(layout.stop_path("signal"), b"SIGTERM\n")

    before = [
        (signal.SIGTERM, signal.signal(signal.SIGTERM, stop)),
        (signal.SIGINT, signal.signal(signal.SIGINT, _interrupt)),
    ]
    try:
        yield
    finally:
        for number, handler in before:
            if signal.getsignal(number) is not _end:  # Ctrl-C came: a second one ends it still
                signal.signal(number, handler)


def _interrupt(signum: int, frame: FrameType | None) -> None:
    """The first Ctrl-C."""
    signal.signal(signal.SIGINT, _end)
    threading.Thread(target=_end_later, name="interrupted", daemon=True).start()
    raise KeyboardInterrupt


def _end_later() -> None:
    time.sleep(CLOSING_SECS)
    _end()


def _end(signum: int = signal.SIGINT, frame: FrameType | None = None) -> None:
    """End the process without closing anything; the kernel lets go of the run's lock."""
    tell_interrupted()
    os._exit(exit_code(KeyboardInterrupt()))
