"""Candidates of near duplicates: plumbing of the stages that compare records with each other."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable

import apache_beam as beam
import pyarrow as pa

from beam_synth.corpus import bands, candidates
from beam_synth.corpus.components import Forest
from transforms.accounting import batches

_BATCH_BYTES = 4 << 20  # of packed references that are split into partitions together


@dataclasses.dataclass(eq=False)
class SplitRefs(beam.PTransform):
    """Packed tables -> (partition, packed part), of several tables together."""

    split_rows: Callable[[pa.Table], candidates.Parts]

    def expand(self, refs: beam.PCollection[bytes]) -> beam.PCollection[tuple[int, bytes]]:
        gathered = refs | "Gather" >> batches(_BATCH_BYTES, len)
        return gathered | "Split" >> beam.FlatMap(candidates.split_batch, self.split_rows)


class FindCandidates(beam.PTransform):
    """Packed RECORD_REF tables -> (partition, packed (node, label)) of records with candidates."""

    def expand(self, refs: beam.PCollection[bytes]) -> beam.PCollection[tuple[int, bytes]]:
        return (
            refs
            | "SplitByBand" >> SplitRefs(bands.band_entries)
            | "GroupByBand" >> beam.GroupByKey()
            | "Edges" >> beam.Map(candidates.edges_of)
            | "Components" >> beam.CombineGlobally(_Components()).without_defaults()
            | "SplitLabels" >> beam.FlatMap(candidates.split_labels)
        )


class _Components(beam.CombineFn):
    """Merges edges into a forest as they come together: a tree of workers, then one."""

    def create_accumulator(self) -> Forest:
        return Forest()

    def add_input(self, forest: Forest, edges: bytes) -> Forest:
        return candidates.grown(forest, edges)

    def merge_accumulators(self, forests: Iterable[Forest]) -> Forest:
        return candidates.merged_forests(forests)

    def compact(self, forest: Forest) -> Forest:
        return forest.compact()

    def extract_output(self, forest: Forest) -> bytes:
        return candidates.packed_labels(forest)
