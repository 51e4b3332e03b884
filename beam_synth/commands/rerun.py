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

    The new run lies beside the old one, named by its seed, where no output is named. Raises
    Refused where nothing would be made anew.
    """
    old = folder.load_frozen(run)
    job = with_changes(old, seed=seed, articles=articles)
    parents = folder.ancestry(run)
    path = output or str(folder.sibling(Path(run), old, job))
    return start(job, path, flags, quiet=quiet, parents=parents)
