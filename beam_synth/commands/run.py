"""Run a pipeline to its end: options, progress, signals and exit codes.

0 complete   1 fault   2 refused before work   3 stopped and resumable   130 interrupted
"""

from __future__ import annotations

import os
import re
import signal
import sys
import threading
import traceback
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING, Any

from beam_synth.errors import Fault, Refused, Stopped
from beam_synth.generation.compaction import merge_outcomes
from beam_synth.runs import run as runs
from beam_synth.runs.flags import LOCAL_RUNNER, pipeline_options
from beam_synth.runs.progress import Progress
from beam_synth.runs.run import Run
from beam_synth.storage import layout
from beam_synth.storage.files import RunFolder

if TYPE_CHECKING:
    from beam_synth.generation.config import GenerateConfig


def execute(run: Run, flags: Sequence[str], *, quiet: bool = False) -> dict[str, Any] | None:
    """Run the pipeline and return the manifest; None when the run was finished already.

    Raises Refused, Fault, Stopped or KeyboardInterrupt; each maps to one exit code.
    """
    if runs.is_finished(run):
        return None
    options = pipeline_options(flags)
    with runs.locked(run.path):
        if runs.is_finished(run):  # by another process in the meantime
            return None
        attempt = uuid.uuid4().hex[:12]
        runs.freeze(run, attempt)
        merge_outcomes(run.folder)
        with (
            _stop_on_sigterm(run.folder),
            Progress(run.path, prices=run.job.prices, silent=quiet),
        ):
            _run_pipeline(run, options, attempt)
        run.folder.remove_folder(layout.WRITING)  # what killed workers left; no other writes now
    stopped = runs.stopped(run.path)
    if stopped is not None:
        raise Stopped(
            f"stopped: {runs.why_stopped(run.path, stopped)}. Everything done so far is kept; go "
            f"on with: beam-synth resume {run.path}"
        )
    return runs.verify_outcome(run.path)


def _run_pipeline(run: Run, options: Any, attempt: str) -> None:
    import apache_beam as beam

    from beam_synth.pipeline import build

    try:
        with beam.Pipeline(options=options) as root:
            build(root, run, _generation(run, options, attempt))
    except KeyboardInterrupt:
        raise
    except Exception as error:
        # Under the local runner Ctrl-C arrives as RuntimeError("KeyboardInterrupt ...").
        if "KeyboardInterrupt" in str(error):
            raise KeyboardInterrupt from error
        raise Fault(_explained(run, error)) from error


def _generation(run: Run, options: Any, attempt: str) -> GenerateConfig:
    """How this attempt's workers generate: they share the window and end with this process."""
    from apache_beam.options.pipeline_options import DirectOptions, StandardOptions

    from beam_synth.generation.config import GenerateConfig
    from beam_synth.generation.orphans import Launcher

    local = options.view_as(StandardOptions).runner == LOCAL_RUNNER
    direct = options.view_as(DirectOptions)
    many = local and direct.direct_running_mode == "multi_processing"
    return GenerateConfig.of_job(
        run.job,
        run=run.path,
        passage_buckets=run.passage_buckets,
        task_buckets=run.task_buckets,
        attempt=attempt,
        processes=max(1, direct.direct_num_workers) if many else 1,
        launcher=Launcher.current() if local else None,
    )


def _explained(run: Run, error: Exception) -> str:
    """One clear line for the user; the whole traceback goes into the run."""
    text = "".join(traceback.format_exception(error))
    where = ""
    local = run.folder.local()
    if local is not None and local.is_dir():
        run.folder.write(layout.TRACEBACK, text.encode("utf-8", "replace"))
        where = f" (traceback in {local / layout.TRACEBACK})"
    return f"{root_cause(text, error)}{where}"


_CAUSE = re.compile(r"^(?:[A-Za-z_][\w.]*\.)?([A-Z]\w*(?:Error|Exception|Fault|Refused)): (.+)$")


def root_cause(text: str, error: Exception) -> str:
    """The first exception line in a traceback that is Beam's wrapping of another."""
    for line in text.splitlines():
        match = _CAUSE.match(line.strip())
        if match:
            name, message = match.groups()
            message = re.sub(r" \[while running .*$", "", message)
            return message if name in ("Fault", "Refused") else f"{name}: {message}"
    return f"{type(error).__name__}: {error}"


@contextmanager
def _stop_on_sigterm(run: RunFolder) -> Iterator[None]:
    """Turn SIGTERM into a clean stop: workers see `_stop/signal` before their next flush."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def handle(signum: int, frame: FrameType | None) -> None:
        run.write(layout.stop_path("signal"), b"SIGTERM\n")

    before = signal.signal(signal.SIGTERM, handle)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def exit_code(error: BaseException) -> int:
    """The process exit code of an exception that ended a command."""
    if isinstance(error, Refused):
        return 2
    if isinstance(error, Stopped):
        return 3
    if isinstance(error, KeyboardInterrupt):
        return 130
    return 1


def flush_and_exit(code: int) -> None:
    """End at once, without waiting for threads that a runner leaves behind."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
