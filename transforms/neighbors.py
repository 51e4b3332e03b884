"""JoinNeighbors: the exact nearest passages of every passage."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

import apache_beam as beam
import numpy as np
import pyarrow.parquet as pq

from beam_synth.job.schema import Neighbors
from beam_synth.knowledge import neighbors as vectors
from beam_synth.storage.files import local_path, open_read, open_write
from transforms.accounting import COUNTS, REJECTS, Stage, counted, stage

JOIN = "JoinNeighbors"

Embedded = tuple[int, str, int, str]  # bucket, passages file, rows, vectors file


@dataclasses.dataclass(eq=False)
class JoinNeighbors(beam.PTransform):
    """The k nearest passages of each passage by cosine, never itself, ties by id.

    In: (bucket, passages path, rows, vectors path). Out: (bucket, passages path, rows, neighbours
    path): a file of NEIGHBOR_SCHEMA in the order of the passages file. Every group of queries
    reads all vectors once, block by block, memory-mapped where they are local.
    """

    neighbors: Neighbors
    run: str  # run directory or URL
    query_rows: int = 8192  # queries that read the vectors together, at least
    block_rows: int = 32_768  # vectors searched at once, at least: 50 MB of 384 dimensions

    def expand(self, embedded: beam.PCollection[Embedded]) -> Stage:
        # One group, and one side input, of all buckets: 0.2 KB each.
        every = embedded | "Gather" >> beam.combiners.ToList()
        return stage(
            every
            | "Group" >> beam.FlatMap(vectors.groups, self.query_rows)
            | "Spread" >> beam.Reshuffle()
            | "Join"
            >> beam.ParDo(_Join(self), beam.pvalue.AsSingleton(every)).with_outputs(
                REJECTS, COUNTS, main="out"
            )
        )


class _Join(beam.DoFn):
    """[(bucket, ...), ...] and all buckets -> (bucket, passages path, rows, neighbours path)."""

    def __init__(self, config: JoinNeighbors) -> None:
        self._config = config

    def process(self, group: list[Embedded], every: list[Embedded]) -> Iterator[Any]:
        starts, start = {}, 0
        for bucket, _, rows, _ in sorted(every):
            starts[bucket] = start
            start += rows
        found = vectors.TopK(
            self._block(group, starts), self._config.neighbors.k, self._config.neighbors.language
        )
        if self._config.neighbors.k:
            for infos in vectors.groups(every, self._config.block_rows):
                found.add(self._block(infos, starts))
        files = [(starts[bucket], rows, path) for bucket, path, rows, _ in sorted(every)]
        names = vectors.name_rows(found.rows, files, self._ids)
        first = 0
        for bucket, path, rows, _ in group:
            part = slice(first, first + rows)
            own = self._ids(path)
            table = vectors.neighbor_table(own, found.rows[part], found.scores[part], names)
            target = f"_neighbors/neighbors-{bucket:05d}.parquet"
            with open_write(self._config.run, target) as handle:
                pq.write_table(table, handle, compression="zstd", row_group_size=vectors.ROW_GROUP)
            first += rows
            yield bucket, path, rows, target
            yield from counted(JOIN, rows, rows)

    def _block(self, infos: list[Embedded], starts: dict[int, int]) -> vectors.Block:
        """The vectors of consecutive buckets, with their place in the run and languages."""
        parts = [self._vectors(info[3]) for info in infos]
        rows = np.arange(sum(len(part) for part in parts)) + starts[infos[0][0]]
        groups = None
        if self._config.neighbors.language != "any":
            groups = np.concatenate(
                [np.array(self._column(info[1], "language"), dtype="U35") for info in infos]
            )
        return vectors.Block(parts[0] if len(parts) == 1 else np.concatenate(parts), rows, groups)

    def _vectors(self, path: str) -> vectors.Floats:
        local = local_path(self._config.run, path)
        if local is not None:
            found: vectors.Floats = np.load(local, mmap_mode="r")
            return found
        with open_read(self._config.run, path) as handle:
            found = np.load(handle)
        return found

    def _ids(self, path: str) -> list[str]:
        return self._column(path, "passage_id")

    def _column(self, path: str, name: str) -> list[str]:
        with open_read(self._config.run, path) as handle:
            values: list[str] = pq.read_table(handle, columns=[name]).column(name).to_pylist()
        return values
