"""JoinNeighbors: the exact nearest passages of every passage."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

import apache_beam as beam

from beam_synth.job.schema import Neighbors
from beam_synth.knowledge.joining import join_group
from beam_synth.knowledge.vector_files import Languages, groups
from beam_synth.records import EmbeddedFile
from beam_synth.storage.files import RunFolder
from transforms.accounting import Accounted, Stage, counted

JOIN = "JoinNeighbors"


@dataclasses.dataclass(eq=False)
class JoinNeighbors(beam.PTransform):
    """The k nearest passages of each passage by cosine, never itself, ties by id.

    In: EmbeddedFiles (float32[rows, d] of unit norm). Out: JoinedFiles (NEIGHBOR_SCHEMA, in the
    order of the passages file). In and out of the accounts are passages; nothing is rejected: those
    of languages that are not asked for pass with an empty list.

    An exact search, O(n^2 d) over all n passages: every group of queries reads all vectors once,
    block by block, memory-mapped where they are local. Side input: the names of all files.
    """

    neighbors: Neighbors  # k, and of which languages
    run: str  # run directory or URL
    asked: Languages = None  # languages that tasks are made in; None: all
    query_rows: int = 8192  # queries that read the vectors together, at least
    block_rows: int = 16_384  # vectors searched at once, at least: 25 MB of 384 dimensions

    def expand(self, files: beam.PCollection[EmbeddedFile]) -> Stage:
        # One group, and one side input, of all buckets: 0.2 KB each.
        every = files | "Gather" >> beam.combiners.ToList()
        stage: Stage = (
            every
            | "Group" >> beam.FlatMap(groups, self.query_rows)
            | "Spread" >> beam.Reshuffle()
            | "Join" >> Accounted(JOIN, _Join(self), beam.pvalue.AsSingleton(every))
        )
        return stage


class _Join(beam.DoFn):
    """[EmbeddedFile, ...] and all of them -> JoinedFile."""

    def __init__(self, config: JoinNeighbors) -> None:
        self._run = RunFolder(config.run)
        self._neighbors = config.neighbors
        self._asked = config.asked
        self._block_rows = config.block_rows

    def process(self, group: list[EmbeddedFile], every: list[EmbeddedFile]) -> Iterator[Any]:
        joined = join_group(group, every, self._run, self._neighbors, self._block_rows, self._asked)
        for file in joined:
            yield file
            yield from counted(JOIN, file.rows, file.rows)
