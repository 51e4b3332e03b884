"""Packed columns: Arrow tables as the bytes that flow between stages in place of rows."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pyarrow as pa


def pack(table: pa.Table) -> bytes:
    """Arrow IPC bytes of a small table, compressed: what flows between stages in place of rows.

    >>> unpack(pack(pa.table({"words": [3, 5]}))).to_pydict()
    {'words': [3, 5]}
    """
    sink = pa.BufferOutputStream()
    options = pa.ipc.IpcWriteOptions(compression="zstd")
    with pa.ipc.new_stream(sink, table.schema, options=options) as writer:
        writer.write_table(table.combine_chunks())
    data: bytes = sink.getvalue().to_pybytes()
    return data


def unpack(data: bytes) -> pa.Table:
    """The table that `pack` packed. Raises pyarrow.ArrowInvalid for other bytes."""
    return pa.ipc.open_stream(pa.py_buffer(data)).read_all()


def packed_slices(table: pa.Table, rows: int) -> Iterator[bytes]:
    """A table as packed tables of at most `rows` rows, in order; none where it is empty.

    >>> [len(unpack(data)) for data in packed_slices(pa.table({"n": [1, 2, 3]}), 2)]
    [2, 1]
    """
    for start in range(0, len(table), rows):
        yield pack(table.slice(start, rows))


Keys = npt.NDArray[np.uint64]  # hashes

Index = npt.NDArray[np.int64]  # numbers of rows or partitions


def split_table(table: pa.Table, partitions: Index) -> Iterator[tuple[int, pa.Table]]:
    """The table's rows by partition, in ascending order of it; those without a row are left out.

    `partitions` is int64[rows]; rows of one partition keep their order.

    >>> table = pa.table({"words": [3, 5, 8]})
    >>> parts = split_table(table, np.array([1, 0, 1]))
    >>> [(number, part["words"].to_pylist()) for number, part in parts]
    [(0, [5]), (1, [3, 8])]
    """
    order = np.argsort(partitions, kind="stable")
    table = table.take(pa.array(order))
    for number, start, end in runs_of_equal(partitions[order]):
        yield number, table.slice(start, end - start)


def runs_of_equal(numbers: Index) -> Iterator[tuple[int, int, int]]:
    """(number, start, end) of each run of equal numbers in a sorted int64[n].

    >>> list(runs_of_equal(np.array([2, 2, 5])))
    [(2, 0, 2), (5, 2, 3)]
    """
    values, starts = np.unique(numbers, return_index=True)
    bounds = itertools.pairwise([*starts.tolist(), len(numbers)])
    for value, (start, end) in zip(values.tolist(), bounds, strict=True):
        yield value, start, end
