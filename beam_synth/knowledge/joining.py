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
from beam_synth.knowledge.vector_files import (
    Floats,
    Languages,
    embedded_languages,
    groups,
    is_of,
)
from beam_synth.records import EmbeddedFile, JoinedFile
from beam_synth.storage.files import RunFolder
from beam_synth.storage.layout import neighbors_path


def join_group(
    group: Sequence[EmbeddedFile],
    every: Sequence[EmbeddedFile],
    run: RunFolder,
    config: Neighbors,
    block_rows: int,
    asked: Languages = None,
) -> Iterator[JoinedFile]:
    """Write the neighbours of each bucket of a group (consecutive buckets, in order).

    Args:
        group: buckets whose passages look for neighbours.
        every: all buckets of the run, among whose passages they are looked for.
        run: where the files lie.
        config: how many neighbours, and of which languages.
        block_rows: vectors that are read and searched at a time.
        asked: languages whose passages look for neighbours; those of others get none.

    Exact: every passage of the group is compared with every passage of the run. Holds the vectors
    of the group and of one block, and the best k of each passage.
    """
    reader = _Reader(run, every, config, asked)
    queries = reader.block(group, asked)
    nearest = TopK(queries, config.k, config.language)
    if config.k:
        for files in groups(every, block_rows):
            nearest.add(reader.block(files))
    names = name_rows(nearest.rows, reader.places(sorted(every)), reader.ids)
    for file, place in zip(group, reader.places(group), strict=True):
        first, last = np.searchsorted(queries.rows, (place.first, place.first + file.rows))
        rows, scores = np.full((file.rows, config.k), -1), np.zeros((file.rows, config.k))
        own = queries.rows[first:last] - place.first
        rows[own], scores[own] = nearest.rows[first:last], nearest.scores[first:last]
        table = neighbor_table(reader.ids(file.path), rows, scores, names)
        target = neighbors_path(file.bucket)
        with run.create(target) as handle:
            pq.write_table(table, handle, compression="zstd", row_group_size=ROW_GROUP)
        yield JoinedFile(file.bucket, file.path, file.rows, target)


class _Reader:
    """Vectors, ids and languages of the run's buckets."""

    def __init__(
        self, run: RunFolder, every: Sequence[EmbeddedFile], config: Neighbors, asked: Languages
    ) -> None:
        self._run = run
        self._embedded = embedded_languages(asked, config)
        self._by_language = config.language != "any" or asked is not None
        every = sorted(every)
        starts = np.cumsum([0, *(file.rows for file in every)]).tolist()
        self._starts = {file.bucket: start for file, start in zip(every, starts, strict=False)}

    def places(self, files: Sequence[EmbeddedFile]) -> list[BucketRows]:
        """Which rows of the run each of these buckets holds."""
        return [BucketRows(self._starts[file.bucket], file.rows, file.path) for file in files]

    def block(self, files: Sequence[EmbeddedFile], languages: Languages = None) -> Block:
        """The vectors of consecutive buckets, with their place in the run and languages.

        Only those of `languages`, where there are some, and of passages that have a vector.
        """
        parts = [self._part(file, languages) for file in files]
        if len(parts) == 1:
            return parts[0]
        rows = np.concatenate([part.rows for part in parts])
        groups = [part.groups for part in parts if part.groups is not None]
        return Block(
            np.concatenate([part.vectors for part in parts]),
            rows,
            np.concatenate(groups) if groups else None,
        )

    def _part(self, file: EmbeddedFile, languages: Languages) -> Block:
        vectors = self._vectors(file.vectors)
        rows = np.arange(file.rows) + self._starts[file.bucket]
        if not self._by_language:
            return Block(vectors, rows)
        column = self._column(file.path, "language")
        embedded = is_of(column, self._embedded)
        rows, names = rows[embedded], np.array(column, "U35")[embedded]
        wanted = is_of(names.tolist(), languages)
        if wanted.all():  # no copy: the vectors may be memory-mapped
            return Block(vectors, rows, names)
        return Block(vectors[wanted], rows[wanted], names[wanted])

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
