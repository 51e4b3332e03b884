"""Rows on their way to their bucket: written by those who have rows of all, read by bucket.

Bodies never go through a shuffle: a writer's rows lie in one file with a record batch a bucket, and
what flows on are the names of file and batch.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Sequence

import pyarrow as pa

from beam_synth.storage.files import RunFolder
from beam_synth.storage.layout import part_path

Piece = tuple[str, int]  # file relative to the run, record batch in it; "" holds nothing


def pieces_of(
    parts: Sequence[tuple[int, pa.Table]], run: RunFolder, stage: str
) -> Iterator[tuple[int, Piece]]:
    """Write tables of one schema, one a bucket, into one file; (bucket, piece) of each.

    None of the tables may be empty. A call that is retried writes another file.
    """
    path = part_path(stage, f"{uuid.uuid4().hex}.arrow")
    options = pa.ipc.IpcWriteOptions(compression="lz4")
    with (
        run.create(path) as handle,
        pa.ipc.new_file(handle, parts[0][1].schema, options=options) as writer,
    ):
        for _, table in parts:
            writer.write_batch(table.combine_chunks().to_batches()[0])
    for batch, (bucket, _) in enumerate(parts):
        yield bucket, (path, batch)


def tables_of(pieces: Iterable[Piece], run: RunFolder) -> list[pa.Table]:
    """The tables that the pieces of a bucket hold, each piece once."""
    tables = []
    for path, batch in sorted(set(pieces)):
        if path:
            with run.open(path) as handle, pa.ipc.open_file(handle) as file:
                tables.append(pa.Table.from_batches([file.get_batch(batch)]))
    return tables
