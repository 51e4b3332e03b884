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

_KEYS = b"buckets"  # in the metadata of a file's schema: those of its batches, in order

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


def write_keyed(parts: Sequence[tuple[int, pa.Table]], run: RunFolder, stage: str) -> str:
    """Write tables as `pieces_of` does; the file, which itself says what its batches are of.

    For many buckets: what flows on is one name, and not a pair for each of them.
    """
    keys = ",".join(str(bucket) for bucket, _ in parts)
    named = [(key, table.replace_schema_metadata({_KEYS: keys})) for key, table in parts]
    ((_, (path, _)), *_) = pieces_of(named, run, stage)
    return path


def tables_of_key(bucket: int, paths: Iterable[str], run: RunFolder) -> list[pa.Table]:
    """The tables of a bucket in files of `write_keyed`, each file once; "" holds nothing."""
    tables = []
    for path in sorted(set(filter(None, paths))):
        with run.open(path) as handle, pa.ipc.open_file(handle) as file:
            keys = [int(key) for key in file.schema.metadata[_KEYS].split(b",")]
            if bucket in keys:
                batch = file.get_batch(keys.index(bucket))
                tables.append(pa.Table.from_batches([batch]).replace_schema_metadata())
    return tables


def tables_of(pieces: Iterable[Piece], run: RunFolder) -> list[pa.Table]:
    """The tables that the pieces of a bucket hold, each piece once."""
    tables = []
    for path, batch in sorted(set(pieces)):
        if path:
            with run.open(path) as handle, pa.ipc.open_file(handle) as file:
                tables.append(pa.Table.from_batches([file.get_batch(batch)]))
    return tables
