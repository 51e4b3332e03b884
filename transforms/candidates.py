"""Candidates of near duplicates: plumbing of the stages that compare records with each other."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import apache_beam as beam
import pyarrow as pa

from beam_synth.corpus import bands, candidates
from beam_synth.corpus.components import Forest
from beam_synth.records import Reject, pack
from beam_synth.storage.files import RunFolder
from transforms.accounting import Accounted, Stage, batches, counted

CLUSTERS = "clusters"

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


@dataclasses.dataclass(eq=False)
class ReadCandidates(beam.PTransform):
    """Packed RECORD_REF tables -> those without a candidate; to CLUSTERS (partition, part of its
    clusters) of the others, which are written with their shingles.

    Counts under `name` what goes on. A group holds 1/64 of the references.
    """

    name: str  # of the stage that compares the candidates
    run: str  # run directory or URL
    keep_numbers_for: tuple[str, ...]
    goes_on: Callable[[pa.Table], pa.Table] | None = None  # of rows without a candidate; all

    def expand(self, refs: beam.PCollection[bytes]) -> Stage:
        labels = refs | "Candidates" >> FindCandidates()
        by_node = refs | "SplitById" >> SplitRefs(candidates.by_node)
        stage: Stage = (
            {"refs": by_node, "labels": labels}
            | "JoinLabels" >> beam.CoGroupByKey()
            | "Read" >> Accounted(self.name, _Label(self), extra=[CLUSTERS])
        )
        return stage


class _Label(beam.DoFn):
    """(partition, packed references and labels) -> packed references; parts to CLUSTERS."""

    def __init__(self, stage: ReadCandidates) -> None:
        self._name = stage.name
        self._run = RunFolder(stage.run)
        self._keep_numbers_for = stage.keep_numbers_for
        self._goes_on = stage.goes_on

    def process(self, group: tuple[int, dict[str, Iterable[bytes]]]) -> Iterator[Any]:
        labelled = candidates.join_labels(
            group[1]["refs"], group[1]["labels"], self._run, self._keep_numbers_for
        )
        loose = self._goes_on(labelled.loose) if self._goes_on else labelled.loose
        yield pack(loose)
        yield from counted(self._name, len(loose), len(loose))
        for cluster in labelled.clusters:
            yield beam.pvalue.TaggedOutput(CLUSTERS, cluster)


KeepOfClusters = Callable[
    [Iterable[candidates.ClusterPart], RunFolder, float, str], tuple[pa.Table, list[Reject]]
]


@dataclasses.dataclass(eq=False)
class CompareCandidates(beam.PTransform):
    """(partition, part of its clusters) -> packed references of those that stay.

    `keep` gives them and the rejects: `candidates.keep_of_clusters` or its like.
    """

    name: str  # of the stage in the accounts
    run: str  # run directory or URL
    threshold: float  # Jaccard in (0, 1]
    keep: KeepOfClusters

    def expand(self, parts: beam.PCollection[tuple[int, candidates.ClusterPart]]) -> Stage:
        grouped = parts | "GroupClusters" >> beam.GroupByKey()
        stage: Stage = grouped | "Keep" >> Accounted(self.name, _Compare(self))
        return stage


class _Compare(beam.DoFn):
    """(partition, parts of its clusters) -> packed references, counts and rejects."""

    def __init__(self, stage: CompareCandidates) -> None:
        self._name = stage.name
        self._run = RunFolder(stage.run)
        self._threshold = stage.threshold
        self._keep = stage.keep

    def process(self, group: tuple[int, Iterable[candidates.ClusterPart]]) -> Iterator[Any]:
        kept, rejects = self._keep(group[1], self._run, self._threshold, self._name)
        yield pack(kept)
        yield from counted(self._name, len(kept), len(kept), rejects)


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
