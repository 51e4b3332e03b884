"""The neighbours of the passages of some buckets, from the vectors of all buckets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow.parquet as pq

from beam_synth.job.schema import Neighbors
from beam_synth.knowledge.neighbors import (
    ROW_GROUP,
    Block,
    BucketRows,
    TopK,
    name_rows,
    neighbor_table,
)
from beam_synth.knowledge.vector_files import Floats, groups
from beam_synth.records import EmbeddedFile, JoinedFile
from beam_synth.storage.files import RunFolder
from beam_synth.storage.layout import neighbors_path


def join_group(
    group: Sequence[EmbeddedFile],
    every: Sequence[EmbeddedFile],
    run: RunFolder,
    config: Neighbors,
    block_rows: int,
) -> Iterator[JoinedFile]:
    """Write the neighbours of each bucket of a group (consecutive buckets, in order).

    Args:
        group: buckets whose passages look for neighbours.
        every: all buckets of the run, among whose passages they are looked for.
        run: where the files lie.
        config: how many neighbours, and of which languages.
        block_rows: vectors that are read and searched at a time.

    Exact: every passage of the group is compared with every passage of the run. Holds the vectors
    of the group and of one block, and the best k of each passage.
    """
    reader = _Reader(run, every, by_language=config.language != "any")
    nearest = TopK(reader.block(group), config.k, config.language)
    if config.k:
        for files in groups(every, block_rows):
            nearest.add(reader.block(files))
    names = name_rows(nearest.rows, reader.places(), reader.ids)
    first = 0
    for file in group:
        part = slice(first, first + file.rows)
        own = reader.ids(file.path)
        table = neighbor_table(own, nearest.rows[part], nearest.scores[part], names)
        target = neighbors_path(file.bucket)
        with run.create(target) as handle:
            pq.write_table(table, handle, compression="zstd", row_group_size=ROW_GROUP)
        first += file.rows
        yield JoinedFile(file.bucket, file.path, file.rows, target)


class _Reader:
    """Vectors, ids and languages of the run's buckets."""

    def __init__(self, run: RunFolder, every: Sequence[EmbeddedFile], by_language: bool) -> None:
        self._run = run
        self._by_language = by_language
        self._every = sorted(every)
        starts = np.cumsum([0, *(file.rows for file in self._every)]).tolist()
        self._starts = {
            file.bucket: start for file, start in zip(self._every, starts, strict=False)
        }

    def places(self) -> list[BucketRows]:
        """Which rows of the run each bucket holds."""
        return [BucketRows(self._starts[file.bucket], file.rows, file.path) for file in self._every]

    def block(self, files: Sequence[EmbeddedFile]) -> Block:
        """The vectors of consecutive buckets, with their place in the run and languages."""
        parts = [self._vectors(file.vectors) for file in files]
        rows = np.arange(sum(map(len, parts))) + self._starts[files[0].bucket]
        languages = None
        if self._by_language:
            columns = [np.array(self._column(file.path, "language"), "U35") for file in files]
            languages = np.concatenate(columns)
        return Block(parts[0] if len(parts) == 1 else np.concatenate(parts), rows, languages)

    def ids(self, path: str) -> list[str]:
        """The passage ids of a passages file."""
        return self._column(path, "passage_id")

    def _vectors(self, path: str) -> Floats:
        """Memory-mapped where they are local."""
        local = self._run.local(path)
        if local is not None:
            found: Floats = np.load(local, mmap_mode="r")
            return found
        with self._run.open(path) as handle:
            found = np.load(handle)
        return found

    def _column(self, path: str, name: str) -> list[str]:
        with self._run.open(path) as handle:
            values: list[str] = pq.read_table(handle, columns=[name]).column(name).to_pylist()
        return values
