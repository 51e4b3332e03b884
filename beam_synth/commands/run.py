"""Run a pipeline to its end: options, progress, signals and exit codes.

0 complete   1 fault   2 refused before work   3 stopped and resumable   130 interrupted
"""

from __future__ import annotations

import re
import sys
import time
import traceback
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from beam_synth.commands.check import EnginesFound, check_engines
from beam_synth.commands.emptiness import check_made_some, refuse_empty
from beam_synth.commands.judges import judge_warnings
from beam_synth.commands.languages import language_warnings
from beam_synth.commands.status import account
from beam_synth.ending import without_space
from beam_synth.errors import Fault, Stopped
from beam_synth.generation.compaction import merge_calls, merge_outcomes
from beam_synth.generation.endpoint_notes import note_findings, noted_findings
from beam_synth.generation.role_checks import model_notes
from beam_synth.job.schema import Job
from beam_synth.runs import folder
from beam_synth.runs.flags import LOCAL_RUNNER, pipeline_options
from beam_synth.runs.identity import Run, plan_run
from beam_synth.runs.local_workers import runner_of
from beam_synth.runs.progress import Progress
from beam_synth.runs.signals import signals_handled
from beam_synth.storage import layout

if TYPE_CHECKING:
    from beam_synth.generation.config import GenerateConfig


def execute(
    run: Run, flags: Sequence[str], *, quiet: bool = False, found: EnginesFound | None = None
) -> dict[str, Any] | None:
    """Run the pipeline and return the manifest; None when the run was finished already.

    Holds the run's lock meanwhile. Each exception maps to one exit code. `found` is what is known
    of the endpoints, by which workers go.

    Raises:
        Refused: wrong flags, or the folder is another run's or in use; nothing was started.
        Fault: the pipeline broke; the traceback lies in the run.
        Stopped: budget, breaker or SIGTERM; what is done is kept.
        KeyboardInterrupt: Ctrl-C, under every runner.
    """
    if folder.is_finished(run):
        return None
    options = pipeline_options(flags)
    with folder.locked(run.path):
        if folder.is_finished(run):  # by another process in the meantime
            return None
        attempt = uuid.uuid4().hex[:12]
        folder.freeze(run, attempt)
        if found is not None:
            note_findings(run.folder, found.models, found.findings)
        merge_outcomes(run.folder)
        merge_calls(run.folder)
        with (
            signals_handled(run.folder),
            Progress(run.path, prices=run.job.prices, silent=quiet),
        ):
            _run_pipeline(run, _generation(run, options, attempt, found), options)
        run.folder.remove_folder(layout.WRITING)  # what killed workers left; no other writes now
        stopped = folder.read_status(run.path)
        if stopped is None:  # every task has its outcome
            for left in (layout.CALLS, layout.BATCHES, layout.PUT_OFF):
                run.folder.remove_folder(left)
    if stopped is not None:
        raise Stopped(
            f"stopped: {folder.why_stopped(run.path, stopped)}. Everything done so far is kept; go "
            f"on with: beam-synth resume {run.path}"
        )
    return folder.verify_outcome(run.path)


def _run_pipeline(run: Run, generate: GenerateConfig, options: Any) -> None:
    import apache_beam as beam

    from beam_synth.pipeline import build

    try:
        with beam.Pipeline(runner_of(options), options=options) as root:
            build(root, run, generate)
    except KeyboardInterrupt:
        raise
    except Exception as error:
        # Under the local runner Ctrl-C arrives as RuntimeError("KeyboardInterrupt ...").
        if "KeyboardInterrupt" in str(error):
            raise KeyboardInterrupt from error
        raise Fault(_explained(run, error)) from error


def _generation(run: Run, options: Any, attempt: str, found: EnginesFound | None) -> GenerateConfig:
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
        findings=found.findings if found is not None else {},
    )


def _explained(run: Run, error: Exception) -> str:
    """One clear line for the user; the whole traceback goes into the run."""
    text = "".join(traceback.format_exception(error))
    try:
        run.folder.write(layout.TRACEBACK, text.encode("utf-8", "replace"))
        where = f"traceback in {run.path.rstrip('/')}/{layout.TRACEBACK}"
    except OSError as unwritten:
        where = f"the traceback could not be written: {unwritten.strerror or unwritten}"
    return f"{root_cause(text, error)} ({where})"


_CAUSE = re.compile(
    r"^(?:[A-Za-z_][\w.]*\.)?((?:[A-Z]\w*)?(?:Error|Exception|Fault|Refused)): (.+)$"
)


def root_cause(text: str, error: Exception) -> str:
    """The first exception line in a traceback (`text`) that is Beam's wrapping of another.

    Where there is none, `error` itself.

    >>> root_cause("OSError: disk full [while running 'Write']", RuntimeError("wrapped"))
    'OSError: disk full'
    >>> root_cause("no line of an exception", RuntimeError("wrapped"))
    'RuntimeError: wrapped'
    """
    full = [said for line in text.splitlines() if (said := without_space(line.strip()))]
    if full:  # the first may be told without the file, which is named where it is closed
        return next((said for said in full if not said.startswith("cannot write:")), full[0])
    for line in text.splitlines():
        match = _CAUSE.match(line.strip())
        if match and not match[2].startswith("Traceback "):  # that of a worker stands below it
            name, message = match.groups()
            message = re.sub(r" \[while running .*$", "", message)
            return message if name in ("Fault", "Refused") else f"{name}: {message}"
    return f"{type(error).__name__}: {error}"


def start(
    job: Job,
    output: str | None,
    flags: Sequence[str],
    *,
    quiet: bool = False,
    parents: tuple[str, ...] = (),
) -> str:
    """Check a job, run it and return the text to print.

    Args:
        job: what to make.
        output: the run's folder, local or a URL; out/<job>/<seed> where None.
        flags: of Beam and the runner.
        quiet: no progress lines.
        parents: identities of the runs that this one is a rerun of, oldest first.

    Raises as `execute`, and Fault for a finished run that holds no record, however often it is
    started.
    """
    path = output or str(Path("out") / job.name / str(job.seed))
    started = time.monotonic()
    run = plan_run(job, path, parents)
    found = None
    if not folder.is_finished(run):
        refuse_empty(run)
        found = check_engines(job, known=lambda model: noted_findings(run.folder, model))
        if not quiet:
            for line in [*judge_warnings(job), *language_warnings(run), *model_notes(job)]:
                print(line, file=sys.stderr)
    manifest = execute(run, flags, quiet=quiet, found=found)
    check_made_some(path)
    if manifest is None:
        return f"{path}: this run is finished already; nothing to do"
    return account(path, manifest, time.monotonic() - started)
