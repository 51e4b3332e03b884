"""`rerun`: a finished run's dataset made anew, with another seed or other articles."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from beam_synth.commands.run import start
from beam_synth.job.loading import with_changes
from beam_synth.runs import folder


def rerun(
    run: str,
    flags: Sequence[str],
    *,
    seed: int | None = None,
    articles: Sequence[str] = (),
    output: str | None = None,
    quiet: bool = False,
) -> str:
    """Start the run's job with what is changed; returns the text to print.

    Args:
        run: folder of the old run; only its frozen job is read.
        flags: of Beam and the runner.
        seed: the new seed; the run's own where None.
        articles: paths or patterns in place of the job's; empty keeps the job's.
        output: the new folder; beside the old one, named by its seed, where None.
        quiet: no progress lines.

    Raises:
        Refused: nothing would be made anew, or there is no run. Else as `execute`.
    """
    old = folder.load_frozen(run)
    job = with_changes(old, seed=seed, articles=articles)
    parents = folder.ancestry(run)
    path = output or str(folder.sibling(Path(run), old, job))
    return start(job, path, flags, quiet=quiet, parents=parents)
