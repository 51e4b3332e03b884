"""What a run has at a batch service, in words."""

from __future__ import annotations

from beam_synth.engines.batch_notes import read_notes
from beam_synth.storage.files import RunFolder


def batches_line(run: RunFolder) -> str:
    """How many batches are not over, and how much of them is answered; "" where there is none.

    >>> batches_line(RunFolder("no/such/run"))
    ''
    """
    open_ones = [note for note in read_notes(run) if note.phase != "ended"]
    if not open_ones:
        return ""
    requests, done = (sum(getattr(n, key) for n in open_ones) for key in ("requests", "done"))
    batches = "1 batch" if len(open_ones) == 1 else f"{len(open_ones):,} batches"
    return f"{batches} at the service, {done:,} of {requests:,} requests answered"
