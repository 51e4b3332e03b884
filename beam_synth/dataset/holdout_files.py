"""A bucket of passages without its held-out sections, and these in a file of the result."""

from __future__ import annotations

from typing import NamedTuple

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from beam_synth.dataset.shards import FileInfo, Hashing
from beam_synth.knowledge.holdout import held_out_rejects, split_held_out
from beam_synth.knowledge.passage_store import write_passages
from beam_synth.records import PassageFile, Reject
from beam_synth.storage.files import RunFolder
from beam_synth.storage.layout import HOLDOUT, holdout_path, passages_path


class HeldOut(NamedTuple):
    """What became of a bucket."""

    kept: PassageFile  # the passages that go on, at the bucket's own place
    files: list[FileInfo]  # of the held-out passages: one, or none where no passage is
    rejects: list[Reject]  # "held_out", one for each passage


def hold_out(file: PassageFile, run: RunFolder, share: float, run_seed: int, stage: str) -> HeldOut:
    """Write a bucket anew without `share` of its sections, which go to `holdout/`.

    Args:
        file: the bucket's passages, in a part file: what is read stays, so that this can be done
            again.
        run: where the files lie.
        share: of all sections, 0 to 1.
        run_seed: from which sections are drawn.
        stage: names the rejects.

    Holds the bucket in memory.
    """
    with run.open(file.path) as handle:
        kept, held = split_held_out(pq.read_table(handle), share, run_seed)
    target = passages_path(file.bucket)
    with run.create(target) as handle:
        rows = write_passages([kept], handle)
    files = [_write_held_out(held, run, file.bucket)] if len(held) else []
    return HeldOut(PassageFile(file.bucket, target, rows), files, held_out_rejects(held, stage))


def _write_held_out(held: pa.Table, run: RunFolder, bucket: int) -> FileInfo:
    """JSON lines: no trainer that takes every Parquet file of a run shall find them."""
    path = holdout_path(bucket)
    with run.create(path) as handle:
        hashing = Hashing(handle)
        for row in held.to_pylist():
            hashing.write(orjson.dumps(row) + b"\n")
    return FileInfo(path, HOLDOUT, "jsonl", len(held), hashing.bytes, hashing.hexdigest())
