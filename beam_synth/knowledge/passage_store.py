"""Passages on disk: how they are written once, by bucket, and read again by id."""

from __future__ import annotations

import bisect
import itertools
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import IO

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from beam_synth.drawing import bucket_of
from beam_synth.errors import Fault
from beam_synth.records import PASSAGE_SCHEMA, Passage
from beam_synth.storage.layout import passages_path

ROW_GROUP = 1024  # passages; what PassageStore reads and decodes at once (about 2 MB)

Opener = Callable[[str], IO[bytes]]  # path relative to the run -> seekable handle


def write_passages(parts: Iterable[pa.Table], handle: IO[bytes]) -> int:
    """Write one bucket's file from tables of PASSAGE_SCHEMA in any order; return its rows.

    The bytes depend on the set of rows alone. Holds the whole bucket in memory.
    Raises Fault when two passages have one id.
    """
    table = pa.concat_tables([PASSAGE_SCHEMA.empty_table(), *parts])
    table = table.sort_by("passage_id").combine_chunks()
    ids = table.column("passage_id").to_pylist()
    for first, second in itertools.pairwise(ids):
        if first == second:
            raise Fault(f"two passages have the id {first}: the articles repeat a section path")
    pq.write_table(table.cast(PASSAGE_SCHEMA), handle, compression="zstd", row_group_size=ROW_GROUP)
    return int(table.num_rows)


def read_batches(
    file: pq.ParquetFile, refs: pa.Table, size: int, columns: Sequence[str] | None = None
) -> Iterator[tuple[pa.Table, pa.Table]]:
    """(references, articles) of a body file, row by row the same article.

    Args:
        file: rows of ARTICLE_SCHEMA.
        refs: the articles that are wanted, of ARTICLE_REF_SCHEMA, sorted by row.
        size: rows that are read at a time; batches without a wanted row are left out.
        columns: of the articles, by their Parquet paths; None: all.
    """
    wanted = refs.column("row").to_numpy()
    start = 0
    for batch in file.iter_batches(batch_size=size, columns=columns):
        first, last = np.searchsorted(wanted, (start, start + batch.num_rows))
        if first < last:
            rows = pa.array(wanted[first:last] - start)
            yield refs.slice(first, last - first), pa.Table.from_batches([batch]).take(rows)
        start += batch.num_rows


def bucket_tables(passages: pa.Table, buckets: int) -> list[tuple[int, pa.Table]]:
    """(bucket, its passages, sorted by id) of each bucket that has some.

    >>> ids = [digit + "0" * 31 for digit in "f08"]
    >>> [(number, len(part)) for number, part in bucket_tables(pa.table({"passage_id": ids}), 2)]
    [(0, 1), (1, 2)]
    """
    passages = passages.sort_by("passage_id")
    bucket_of_row = [
        bucket_of(passage_id, buckets) for passage_id in passages.column(0).to_pylist()
    ]
    cuts = [
        row for row in range(1, len(bucket_of_row)) if bucket_of_row[row] != bucket_of_row[row - 1]
    ]
    return [
        (bucket_of_row[start], passages.slice(start, end - start))
        for start, end in itertools.pairwise([0, *cuts, len(bucket_of_row)])
        if start < end
    ]


class _Bucket:
    """The footer of one file: which row group holds which ids."""

    def __init__(self, handle: IO[bytes]) -> None:
        with pq.ParquetFile(handle) as file:
            self.metadata = file.metadata
        groups = range(self.metadata.num_row_groups)
        statistics = [self.metadata.row_group(i).column(0).statistics for i in groups]
        self.first_ids = [statistic.min for statistic in statistics]

    def group_of(self, passage_id: str) -> int:
        """The row group that holds the id if any does; -1 when it lies before all of them."""
        return bisect.bisect_right(self.first_ids, passage_id) - 1


class PassageStore:
    """Reads passages by id from `_passages/`, with a bounded cache of decoded row groups.

    `opener` gives a seekable binary handle for a path relative to the run; `buckets` is the run's
    number of them. Decoded tables of at most `max_bytes` are kept, least recently used first to
    go, and one footer a bucket. Safe for threads, which read one after another.

        store = PassageStore(opener, buckets=16)
        store.get_many(["00ab...", "93cd..."])["00ab..."].text
    """

    def __init__(self, opener: Opener, buckets: int, max_bytes: int = 256 << 20) -> None:
        self._open = opener
        self._buckets = buckets
        self._max_bytes = max_bytes  # of decoded tables kept between calls
        self._files: dict[int, _Bucket] = {}
        self._tables: OrderedDict[tuple[int, int], pa.Table] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def get_many(self, ids: Iterable[str]) -> dict[str, Passage]:
        """Id -> passage; a row group is read once for all ids in it.

        Raises Fault when one is not in the run.
        """
        wanted: dict[int, dict[int, list[str]]] = {}
        with self._lock:
            for passage_id in sorted(set(ids)):
                bucket = bucket_of(passage_id, self._buckets)
                group = self._bucket(bucket).group_of(passage_id)
                wanted.setdefault(bucket, {}).setdefault(group, []).append(passage_id)
            passages: dict[str, Passage] = {}
            for bucket, groups in wanted.items():
                passages.update(self._read(bucket, groups))
        return passages

    def _bucket(self, bucket: int) -> _Bucket:
        if bucket not in self._files:
            with self._open(passages_path(bucket)) as handle:
                self._files[bucket] = _Bucket(handle)
        return self._files[bucket]

    def _read(self, bucket: int, groups: dict[int, list[str]]) -> dict[str, Passage]:
        passages: dict[str, Passage] = {}
        for group, ids in groups.items():
            table = self._table(bucket, group)
            rows = table.column("passage_id").to_pylist()
            at = [bisect.bisect_left(rows, passage_id) for passage_id in ids]
            for passage_id, row in zip(ids, at, strict=True):
                if row == len(rows) or rows[row] != passage_id:
                    raise Fault(f"{passages_path(bucket)} has no passage {passage_id}")
            for record in table.take(at).to_pylist():
                passages[record["passage_id"]] = Passage.from_row(record)
        return passages

    def _table(self, bucket: int, group: int) -> pa.Table:
        if group < 0:
            return PASSAGE_SCHEMA.empty_table()
        key = (bucket, group)
        if key not in self._tables:
            with self._open(passages_path(bucket)) as handle:
                metadata = self._files[bucket].metadata
                with pq.ParquetFile(handle, metadata=metadata) as file:
                    table = file.read_row_group(group)
            self._tables[key] = table
            self._bytes += table.nbytes
            while self._bytes > self._max_bytes and len(self._tables) > 1:
                self._bytes -= self._tables.popitem(last=False)[1].nbytes
        self._tables.move_to_end(key)
        return self._tables[key]
