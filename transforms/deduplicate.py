"""DeduplicateExact and DeduplicateMinHash: one sample of each class of duplicates goes on.

Only references are shuffled, packed; the bodies of candidates are read from outcome files.
"""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any, BinaryIO

import apache_beam as beam
import numpy as np
import pyarrow as pa
from apache_beam.io.filesystem import CompressionTypes
from apache_beam.io.filesystems import FileSystems
from apache_beam.transforms.window import GlobalWindows

from beam_synth.corpus import duplicates
from beam_synth.corpus.components import Forest
from beam_synth.records import SAMPLE_REF_SCHEMA, pack, split, unpack
from transforms.accounting import COUNTS, REJECTS, Stage, counted, stage

_BATCH = 20_000  # rows that are gathered before they are split into partitions
_CLUSTERS = "clusters"

Split = Callable[[pa.Table], Iterator[tuple[int, bytes]]]


@dataclasses.dataclass(eq=False)
class DeduplicateExact(beam.PTransform):
    """Keep the best of the samples whose normalised texts are equal.

    In / out: packed SAMPLE_REF tables. A group holds 1/64 of the references.
    """

    enabled: bool = True

    def expand(self, refs: beam.PCollection[bytes]) -> Stage:
        if not self.enabled:
            return _pass_all(refs, "DeduplicateExact")
        outputs = (
            refs
            | "SplitByText" >> beam.ParDo(_Shuffle(_by_text))
            | "GroupByText" >> beam.GroupByKey()
            | "KeepOne" >> beam.ParDo(_KeepEqual()).with_outputs(REJECTS, COUNTS, main="out")
        )
        return stage(outputs)


@dataclasses.dataclass(eq=False)
class DeduplicateMinHash(beam.PTransform):
    """Keep the best of each cluster of samples with a word 5-gram Jaccard of `threshold`.

    In / out: packed SAMPLE_REF tables; `run` is the run directory that `file` is relative to.
    Samples that share a MinHash band form clusters of candidates; the candidates' shingles go
    to part files, from where a cluster's are gathered and its pairs verified.
    """

    threshold: float
    run: str
    keep_numbers_for: tuple[str, ...] = ()
    enabled: bool = True

    def expand(self, refs: beam.PCollection[bytes]) -> Stage:
        if not self.enabled:
            return _pass_all(refs, "DeduplicateMinHash")
        labels = refs | "Candidates" >> _Candidates()
        by_node = refs | "SplitById" >> beam.ParDo(_Shuffle(_by_node))
        found = (
            {"refs": by_node, "labels": labels}
            | "JoinLabels" >> beam.CoGroupByKey()
            | "ReadCandidates"
            >> beam.ParDo(_Read(self.run, self.keep_numbers_for)).with_outputs(
                COUNTS, _CLUSTERS, main="out"
            )
        )
        verified = (
            found[_CLUSTERS]
            | "GroupClusters" >> beam.GroupByKey()
            | "KeepOne"
            >> beam.ParDo(_KeepNear(self.threshold, self.run)).with_outputs(
                REJECTS, COUNTS, main="out"
            )
        )
        out = (found.out, verified.out) | "Survivors" >> beam.Flatten()
        counts = (found[COUNTS], verified[COUNTS]) | "Counts" >> beam.Flatten()
        return Stage(out, verified[REJECTS], counts)


class _Candidates(beam.PTransform):
    """Packed SAMPLE_REF tables -> (partition, packed (node, label)) of samples with candidates."""

    def expand(self, refs: beam.PCollection[bytes]) -> beam.PCollection[tuple[int, bytes]]:
        return (
            refs
            | "SplitByBand" >> beam.ParDo(_Shuffle(duplicates.band_entries))
            | "GroupByBand" >> beam.GroupByKey()
            | "Edges" >> beam.MapTuple(_edges)
            | "Components" >> beam.CombineGlobally(_Components()).without_defaults()
            | "SplitLabels" >> beam.FlatMap(_split_labels)
        )


def _pass_all(refs: beam.PCollection[bytes], name: str) -> Stage:
    return stage(
        refs | "PassAll" >> beam.ParDo(_PassAll(name)).with_outputs(REJECTS, COUNTS, main="out")
    )


class _PassAll(beam.DoFn):
    """A stage that is switched off."""

    def __init__(self, name: str) -> None:
        self._name = name

    def process(self, data: bytes) -> Iterator[Any]:
        rows = len(unpack(data))
        yield data
        yield from counted(self._name, rows, rows)


class _Shuffle(beam.DoFn):
    """Gathers packed tables and splits them into keyed parts, so that parts are not tiny."""

    def __init__(self, split: Split) -> None:
        self._split = split
        self._tables: list[pa.Table] = []

    def start_bundle(self) -> None:
        self._tables = []

    def process(self, data: bytes) -> Iterator[tuple[int, bytes]]:
        self._tables.append(unpack(data))
        if sum(map(len, self._tables)) >= _BATCH:
            yield from self._parts()

    def finish_bundle(self) -> Iterator[Any]:
        yield from map(GlobalWindows.windowed_value_at_end_of_window, self._parts())

    def _parts(self) -> Iterator[tuple[int, bytes]]:
        tables, self._tables = self._tables, []
        table = pa.concat_tables([SAMPLE_REF_SCHEMA.empty_table(), *tables])
        if len(table):
            yield from self._split(table)


def _by_text(table: pa.Table) -> Iterator[tuple[int, bytes]]:
    for key, part in split(table, duplicates.hash_partition(table)):
        yield key, pack(part)


def _by_node(table: pa.Table) -> Iterator[tuple[int, bytes]]:
    for key, part in split(table, duplicates.node_partition(table)):
        yield key, pack(part)


def _table(parts: Iterable[bytes]) -> pa.Table:
    return pa.concat_tables(map(unpack, parts))


class _KeepEqual(beam.DoFn):
    def process(self, group: tuple[int, Iterable[bytes]]) -> Iterator[Any]:
        name = "DeduplicateExact"
        kept, rejects = duplicates.drop_equal(_table(group[1]), name)
        yield pack(kept)
        yield from counted(name, len(kept), len(kept), rejects)


def _edges(_: int, entries: Iterable[bytes]) -> bytes:
    return duplicates.pack_pairs(duplicates.star_edges(duplicates.unpack_pairs(list(entries))))


class _Components(beam.CombineFn):
    """Merges edges into a forest as they come together: a tree of workers, then one."""

    def create_accumulator(self) -> Forest:
        return Forest()

    def add_input(self, forest: Forest, edges: bytes) -> Forest:
        return forest.add(duplicates.unpack_pairs([edges]))

    def merge_accumulators(self, forests: Iterable[Forest]) -> Forest:
        merged = Forest()
        for forest in forests:
            merged = merged.add(forest.edges)
        return merged

    def compact(self, forest: Forest) -> Forest:
        return forest.compact()

    def extract_output(self, forest: Forest) -> bytes:
        return duplicates.pack_pairs(np.stack(forest.labels(), axis=1))


def _split_labels(packed: bytes) -> Iterator[tuple[int, bytes]]:
    pairs = duplicates.unpack_pairs([packed])
    return duplicates.split_pairs(pairs, duplicates.partition_of(pairs[:, 0]))


def _open(run: str, file: str) -> BinaryIO:
    handle: BinaryIO = FileSystems.open(
        FileSystems.join(run, file), compression_type=CompressionTypes.UNCOMPRESSED
    )
    return handle


class _Read(beam.DoFn):
    """Passes on what has no candidate; writes the others with their shingles, by cluster."""

    def __init__(self, run: str, keep_numbers_for: tuple[str, ...]) -> None:
        self._run = run
        self._keep_numbers_for = keep_numbers_for

    def process(self, group: tuple[int, dict[str, Iterable[bytes]]]) -> Iterator[Any]:
        refs, labels = _table(group[1]["refs"]), duplicates.unpack_pairs(list(group[1]["labels"]))
        loose, labelled = duplicates.with_labels(refs, labels)
        yield pack(loose)
        yield from counted("DeduplicateMinHash", len(loose), len(loose))
        if len(labelled):
            yield from self._write(labelled)

    def _write(self, labelled: pa.Table) -> Iterator[Any]:
        full = duplicates.attach_shingles(
            labelled, self._keep_numbers_for, partial(_open, self._run)
        )
        path = f"_tmp/shingles/{uuid.uuid4().hex}.arrow"
        with FileSystems.create(
            FileSystems.join(self._run, path), compression_type=CompressionTypes.UNCOMPRESSED
        ) as sink:
            partitions = duplicates.write_clusters(full, sink)
        for index, key in enumerate(partitions):
            yield beam.pvalue.TaggedOutput(_CLUSTERS, (key, (path, index)))


class _KeepNear(beam.DoFn):
    def __init__(self, threshold: float, run: str) -> None:
        self._threshold = threshold
        self._run = run

    def process(self, group: tuple[int, Iterable[tuple[str, int]]]) -> Iterator[Any]:
        name = "DeduplicateMinHash"
        table = pa.Table.from_batches([self._read(*part) for part in group[1]])
        kept, rejects = duplicates.drop_near(table, self._threshold, name)
        yield pack(kept)
        yield from counted(name, len(kept), len(kept), rejects)

    def _read(self, path: str, index: int) -> pa.RecordBatch:
        with _open(self._run, path) as source:
            return duplicates.read_clusters(source, index)
