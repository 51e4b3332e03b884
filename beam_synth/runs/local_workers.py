"""Worker processes of the local runner: out of reach of Ctrl-C, and silent on the terminal."""

from __future__ import annotations

import os
import shlex
import sys
from typing import Any

from beam_synth.ending import DEBUG

_PROCESSES = "multi_processing"


def runner_of(options: Any) -> Any:
    """What to give `beam.Pipeline` as its runner: None leaves the choice to the options.

    Where the local runner has worker processes, they are started here and not as Beam would: a
    Ctrl-C in a terminal reaches them, too, and each would tell of it in a traceback. Theirs is to
    end with the launcher. What they print is not shown either (Beam sends what they log to the
    launcher as well, and their errors are the run's), except with BEAM_SYNTH_DEBUG=1.
    """
    from apache_beam.options.pipeline_options import DirectOptions, StandardOptions
    from apache_beam.runners.portability.fn_api_runner import FnApiRunner
    from apache_beam.transforms.environments import SubprocessSDKEnvironment

    direct = options.view_as(DirectOptions)
    if (
        options.view_as(StandardOptions).runner != FnApiRunner.__name__
        or direct.direct_running_mode != _PROCESSES
    ):
        return None
    direct.direct_running_mode = None  # it would take the place of the environment
    return FnApiRunner(default_environment=SubprocessSDKEnvironment.from_command_string(_command()))


def _command() -> str:
    """The shell's command that starts a worker: what it ignores stays ignored in what it starts."""
    python = shlex.quote(sys.executable)
    shown = "" if os.environ.get(DEBUG) else " >/dev/null 2>&1"
    return f"trap '' INT; exec {python} -m apache_beam.runners.worker.sdk_worker_main{shown}"
