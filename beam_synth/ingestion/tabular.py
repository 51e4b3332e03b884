"""Rows of Parquet and Arrow files as records; a row that cannot be decoded is one with a reason."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import pyarrow as pa

from beam_synth.ingestion.containers import (
    ArrowMember,
    ParquetMember,
    error_line,
    raise_if_storage,
)
from beam_synth.ingestion.plain_columns import PlainColumns
from beam_synth.ingestion.raw_records import FileFault, InputRecord
from beam_synth.ingestion.row_groups import LostRows, open_parquet, parquet_batches

_ROWS = 64  # decoded at once
_FILE_MAGIC = 8  # bytes of an Arrow file before its stream


def tabular_records(
    source: ParquetMember | ArrowMember, name: str, columns: Collection[str] | None
) -> Iterator[InputRecord | FileFault]:
    """The rows of a table, numbered from 1, as mappings of those `columns` that it has.

    None for `columns`, or where it has none of them: all. A table that breaks off ends in a record
    `truncated_file`; a row group of Parquet that is damaged is a record `damaged_rows`, at the
    first row that it lost. Raises Fault when the storage, not the data, fails.
    """
    try:
        schema, batches = _opened(source, columns, name)
    except (pa.ArrowException, OSError) as error:
        raise_if_storage(error, name)
        yield FileFault(name, "unreadable_file", error_line(error))
        return
    plain = PlainColumns(schema)
    number = 0
    try:
        for batch in batches:
            if isinstance(batch, LostRows):
                yield InputRecord(name, number + 1, None, b"", "damaged_rows", batch.detail)
                number += batch.rows
                continue
            for row in plain.rows(batch):
                number += 1
                if isinstance(row, str):
                    yield InputRecord(name, number, None, b"", "invalid_utf8", row)
                else:
                    yield InputRecord(name, number, row)
    except (pa.ArrowException, OSError) as error:
        raise_if_storage(error, name)
        yield InputRecord(name, number + 1, None, b"", "truncated_file", error_line(error))


def table_schema(source: ParquetMember | ArrowMember) -> pa.Schema:
    """The columns of a table. Raises pyarrow.ArrowException or OSError where it is damaged."""
    return _opened(source, None, "")[0]


def _opened(
    source: ParquetMember | ArrowMember, columns: Collection[str] | None, name: str
) -> tuple[pa.Schema, Iterator[pa.RecordBatch | LostRows]]:
    """(schema, batches of at most _ROWS rows); only the wanted columns are decoded."""
    if isinstance(source, ParquetMember):
        file = open_parquet(source.handle)
        schema = file.schema_arrow
        return schema, parquet_batches(file, name, _ROWS, _chosen(schema, columns))
    start = source.handle.tell()
    try:
        reader = pa.ipc.open_stream(source.handle)
    except pa.ArrowInvalid:  # the file format, which has an index at its end
        source.handle.seek(start)
        try:
            index = pa.ipc.open_file(source.handle)
        except pa.ArrowInvalid:  # which is missing; what stands before it is a stream
            source.handle.seek(start + _FILE_MAGIC)
            reader = pa.ipc.open_stream(source.handle)
            return reader.schema, _cut_off(_slices(iter(reader), _chosen(reader.schema, columns)))
        else:
            stored = (index.get_batch(n) for n in range(index.num_record_batches))
            return index.schema, _slices(stored, _chosen(index.schema, columns))
    return reader.schema, _slices(iter(reader), _chosen(reader.schema, columns))


def _cut_off(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """What is there of an Arrow file without its end; then pyarrow.ArrowInvalid is raised."""
    yield from batches
    raise pa.ArrowInvalid("the end of the file is missing, and rows may be missing with it")


def _chosen(schema: pa.Schema, columns: Collection[str] | None) -> list[str] | None:
    return [name for name in schema.names if name in (columns or ())] or None


def _slices(
    batches: Iterator[pa.RecordBatch], columns: list[str] | None
) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        batch.validate()
        chosen = batch if columns is None else batch.select(columns)
        for start in range(0, len(chosen), _ROWS):
            yield chosen.slice(start, _ROWS)
