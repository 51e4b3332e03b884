"""`status`: what a run is at, from its files; the same on every runner."""

from __future__ import annotations

import dataclasses

from beam_synth.generation.budget import Spent
from beam_synth.runs import run as runs
from beam_synth.runs.progress import Watch, recently
from beam_synth.storage.remote import is_url

_RUNNING = "running"


def status(path: str) -> str:
    """The text that `beam-synth status` prints. Raises Refused for what is no run."""
    job = runs.load_frozen(path)
    condition = _condition(path)
    watch = Watch(path, job.prices)
    # Of a run that is not at work, what was generated says more than its last stage.
    made = None if condition == _RUNNING else watch.generating()
    state = watch.state() if made is None else dataclasses.replace(made, doing="generated")
    lines = [f"{path}: {condition}", recently(state)]
    if state.spent is not None and state.spent.calls:
        lines.append(_spent(state.spent, state.cost))
    return "\n".join(lines)


def _condition(path: str) -> str:
    manifest = runs.finished(path)
    if manifest is not None:
        return f"finished, identity {manifest['identity']}"
    remote = is_url(path)  # no lock tells who works there
    if not remote and runs.is_locked(path):
        return _RUNNING
    stopped = runs.stopped(path)
    if stopped is not None:
        return f"stopped: {runs.why_stopped(path, stopped)}; beam-synth resume {path} goes on"
    if remote:
        return "not finished"
    return f"not running and not finished; beam-synth resume {path} goes on"


def _spent(spent: Spent, cost: float | None) -> str:
    told = (
        f"spent: {spent.calls.total():,} calls, {spent.prompt_tokens.total():,} tokens in, "
        f"{spent.completion_tokens.total():,} out"
    )
    return told if cost is None else f"{told}, cost {cost:,.2f}"
