"""Shards: deterministic Parquet, TFRecord and JSONL files of records, and their readers.

Writers take an open binary handle that can only be appended to, and tables of one schema in the
order of the shard; the bytes do not depend on how the rows are cut into tables.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable, Iterator
from typing import IO, Any, Protocol

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from beam_synth.dataset.tfrecords import example, parse_example, read_tfrecord, tfrecord
from beam_synth.errors import Fault
from beam_synth.records import Row

ROW_GROUP = 1000  # rows; all but a shard's last group have as many


@dataclasses.dataclass(frozen=True)
class FileInfo:
    """One line of the manifest's `files`."""

    path: str  # relative to the run
    config: str  # name of a DatasetConfig; "rejects" or "errors" for those
    format: str  # "parquet", "tfrecord" or "jsonl"
    records: int
    bytes: int
    sha256: str  # hex, of the whole file


# ---------------------------------------------------------------- writing


class Hashing:
    """A write-only handle that counts and hashes what passes through.

    It has what pyarrow asks of a file. `bytes` is what was written so far; `close` leaves the
    handle below open.

    >>> import io
    >>> handle = Hashing(io.BytesIO())
    >>> handle.write(b"abc"), handle.tell(), handle.hexdigest()[:8]
    (3, 3, 'ba7816bf')
    """

    def __init__(self, handle: IO[bytes]) -> None:
        self._handle = handle
        self._sha256 = hashlib.sha256()
        self.bytes = 0
        self.closed = False

    def write(self, data: Any) -> int:
        """Write all of a bytes-like object; returns its length in bytes."""
        view = memoryview(data)
        self._handle.write(view.tobytes())
        self._sha256.update(view)
        self.bytes += view.nbytes
        return view.nbytes

    def hexdigest(self) -> str:
        """SHA-256 of everything written so far, in hex."""
        return self._sha256.hexdigest()

    def tell(self) -> int:
        """Bytes written so far."""
        return self.bytes

    def flush(self) -> None:
        """Flush the handle below."""
        self._handle.flush()

    def writable(self) -> bool:
        """True: pyarrow asks."""
        return True

    def readable(self) -> bool:
        """False: pyarrow asks."""
        return False

    def seekable(self) -> bool:
        """False: pyarrow asks."""
        return False

    def close(self) -> None:
        """Mark as closed; whoever opened the handle below closes it."""
        self.closed = True


class Writer(Protocol):
    """Appends rows to one shard; `close` completes the file but leaves the handle open."""

    def write(self, table: pa.Table) -> None:
        """Append rows of the shard's schema; may keep some back until the next call."""

    def close(self) -> None:
        """Write what was kept back and what ends the file."""


class ParquetShard:
    """Parquet with zstd and row groups of a fixed number of rows, so that cuts do not show.

    Holds at most ROW_GROUP rows and one table in memory.
    """

    def __init__(self, handle: Hashing, schema: pa.Schema) -> None:
        self._rest = schema.empty_table()
        self._writer = pq.ParquetWriter(handle, schema, compression="zstd", version="2.6")

    def write(self, table: pa.Table) -> None:
        """Append rows; those that do not fill a row group wait."""
        rows = pa.concat_tables([self._rest, table])
        whole = len(rows) - len(rows) % ROW_GROUP
        for start in range(0, whole, ROW_GROUP):
            self._group(rows.slice(start, ROW_GROUP))
        self._rest = rows.slice(whole)

    def _group(self, rows: pa.Table) -> None:
        self._writer.write_table(rows.combine_chunks(), row_group_size=ROW_GROUP)

    def close(self) -> None:
        """Write the last, shorter row group and the footer."""
        if len(self._rest):
            self._group(self._rest)
        self._writer.close()


class TFRecordShard:
    """TFRecord of tf.Example: one record a row, one feature a column (see `tfrecords`)."""

    def __init__(self, handle: Hashing, schema: pa.Schema) -> None:
        self._handle = handle
        self._schema = schema

    def write(self, table: pa.Table) -> None:
        """Append a record for each row."""
        for row in table.to_pylist():
            self._handle.write(tfrecord(example(row, self._schema)))

    def close(self) -> None:
        """Nothing follows the last record."""


class JsonlShard:
    """One JSON object a line, keys in the schema's order."""

    def __init__(self, handle: Hashing, schema: pa.Schema) -> None:
        self._handle = handle

    def write(self, table: pa.Table) -> None:
        """Append a line for each row."""
        for row in table.to_pylist():
            self._handle.write(orjson.dumps(row) + b"\n")

    def close(self) -> None:
        """Nothing follows the last line."""


WRITERS: dict[str, Callable[[Hashing, pa.Schema], Writer]] = {
    "parquet": ParquetShard,
    "tfrecord": TFRecordShard,
    "jsonl": JsonlShard,
}


# ---------------------------------------------------------------- reading


def read_rows(handle: IO[bytes], format: str, schema: pa.Schema) -> Iterator[Row]:
    """Stream the rows of one shard, in order; `format` as in the manifest, `schema` of its config.

    Memory holds a batch of 1,000 rows for Parquet, one row otherwise. Raises Fault for another
    format and for a damaged TFRecord file, pyarrow's and orjson's ValueErrors for damaged others.

    >>> import io
    >>> list(read_rows(io.BytesIO(b'{"query": "Why?"}'), "jsonl", pa.schema([])))
    [{'query': 'Why?'}]
    """
    if format == "parquet":
        for batch in pq.ParquetFile(handle).iter_batches(batch_size=ROW_GROUP):
            yield from batch.to_pylist()
    elif format == "tfrecord":
        yield from (parse_example(record, schema) for record in read_tfrecord(handle))
    elif format == "jsonl":
        yield from map(orjson.loads, handle)
    else:
        raise Fault(f"there is no reader for the format {format!r}")


def as_read(row: Row, format: str, schema: pa.Schema) -> Row:
    """A row as `read_rows` gives it back: in TFRecord a float is float32.

    >>> as_read({"score": 0.1}, "tfrecord", pa.schema([("score", pa.float64())]))
    {'score': 0.10000000149011612}
    """
    return parse_example(example(dict(row), schema), schema) if format == "tfrecord" else row
