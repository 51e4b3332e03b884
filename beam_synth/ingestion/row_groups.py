"""The rows of a Parquet file by row group, so that a damaged page loses no more than its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import BinaryIO, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from beam_synth.ingestion.containers import error_line, raise_if_storage

_MAGIC = b"PAR1"


class LostRows(NamedTuple):
    """Rows of one row group that cannot be decoded, in place of them."""

    rows: int
    detail: str  # for the reject


def open_parquet(handle: BinaryIO) -> pq.ParquetFile:
    """A file whose pages are compared with their checksums, where it has some.

    Raises pyarrow.ArrowException or OSError where its end, which says what is where, is not whole.
    """
    try:
        return pq.ParquetFile(handle, page_checksum_verification=True)
    except (pa.ArrowException, OSError) as error:
        size = handle.seek(0, 2)
        handle.seek(max(0, size - len(_MAGIC)))
        if handle.read() == _MAGIC:
            raise
        raise pa.ArrowInvalid(
            f"it begins as Parquet and does not end as such: the rest behind its {size:,} bytes "
            "is missing; fetch it again"
        ) from error


def parquet_batches(
    file: pq.ParquetFile, name: str, rows: int, columns: Sequence[str] | None
) -> Iterator[pa.RecordBatch | LostRows]:
    """Batches of at most `rows` rows, and what is lost of a row group in its place.

    Raises Fault when the storage, not the data, fails; `name` is the file's in messages.
    """
    first = 1
    for number in range(file.num_row_groups):
        size = file.metadata.row_group(number).num_rows
        given = 0
        try:
            for batch in file.iter_batches(rows, row_groups=[number], columns=columns):
                yield batch
                given += len(batch)
        except (pa.ArrowException, OSError) as error:
            raise_if_storage(error, name)
            yield LostRows(
                size - given,
                f"row group {number + 1} of {file.num_row_groups}: {size - given:,} of its "
                f"{size:,} rows, from row {first + given:,} on, cannot be decoded: "
                f"{error_line(error)}",
            )
        first += size
