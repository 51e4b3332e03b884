"""`resume`: go on with a run that stopped."""

from __future__ import annotations

from collections.abc import Sequence

from beam_synth.commands.run import start
from beam_synth.job.loading import with_overrides
from beam_synth.runs import folder


def resume(
    run: str, flags: Sequence[str], overrides: Sequence[str] = (), *, quiet: bool = False
) -> str:
    """Start the run's own job again where it lies; returns the text to print.

    `overrides` ("KEY=VALUE") may change where and how it runs, budget and prices. Outcomes that are
    on disk count; their tasks send nothing. Raises Refused for what would make it another run,
    else as `execute`.
    """
    job = with_overrides(folder.load_frozen(run), overrides)
    return start(job, run, flags, quiet=quiet, parents=folder.parents_of(run))
