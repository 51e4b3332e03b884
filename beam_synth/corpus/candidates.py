"""Packed references on their way through deduplication: partitions, labels, clusters on disk.

What is packed is a table of RECORD_REF_SCHEMA (`records.pack`) or pairs of uint64
(`bands.pack_pairs`); here both are unpacked, given to `duplicates` and `bands`, and packed again.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from beam_synth.corpus import bands, duplicates
from beam_synth.corpus.components import Forest
from beam_synth.records import RECORD_REF_SCHEMA, Reject, pack, split_table, unpack
from beam_synth.storage.files import RunFolder
from beam_synth.storage.layout import part_path

Parts = Iterator[tuple[int, bytes]]  # (partition, packed)


class ClusterPart(NamedTuple):
    """Candidates with their shingles: a record batch of a file, relative to the run."""

    file: str
    batch: int  # 0-based


class Labelled(NamedTuple):
    """A partition's references without a candidate, and the clusters of the others."""

    loose: pa.Table
    clusters: list[tuple[int, ClusterPart]]  # (partition of the cluster, its part)


def table_of(packed: Iterable[bytes]) -> pa.Table:
    """Packed references as one table of RECORD_REF_SCHEMA; no reference makes an empty table.

    >>> table_of([]).num_rows
    0
    """
    return pa.concat_tables([RECORD_REF_SCHEMA.empty_table(), *map(unpack, packed)])


def split_batch(packed: Sequence[bytes], split_rows: Callable[[pa.Table], Parts]) -> Parts:
    """Split several packed tables together, so that parts are not tiny.

    `split_rows` is `by_text`, `by_node` or `bands.band_entries`.
    """
    table = table_of(packed)
    return split_rows(table) if len(table) else iter(())


def by_text(table: pa.Table) -> Parts:
    """References by the partition of their text: equal texts meet in one."""
    for key, part in split_table(table, duplicates.hash_partition(table)):
        yield key, pack(part)


def by_node(table: pa.Table) -> Parts:
    """References by the partition of their id, where they meet the label of their node."""
    for key, part in split_table(table, bands.node_partition(table)):
        yield key, pack(part)


def edges_of(group: tuple[int, Iterable[bytes]]) -> bytes:
    """Packed edges between samples that share a band.

    `group` is a partition of band hashes with its packed band entries.
    """
    entries = bands.unpack_pairs(list(group[1]))
    return bands.pack_pairs(bands.star_edges(entries))


def grown(forest: Forest, edges: bytes) -> Forest:
    """The forest itself, with packed edges more."""
    return forest.add(bands.unpack_pairs([edges]))


def merged_forests(forests: Iterable[Forest]) -> Forest:
    """One forest of several, which stay as they are. Raises Fault as `Forest.compact`."""
    whole = Forest()
    for forest in forests:
        whole = whole.add(forest.edges)
    return whole


def packed_labels(forest: Forest) -> bytes:
    """Packed (node, label of its component), of every node that has an edge."""
    return bands.pack_pairs(np.stack(forest.labels(), axis=1))


def split_labels(packed: bytes) -> Parts:
    """Packed (node, label) by the partition of the node."""
    pairs = bands.unpack_pairs([packed])
    return bands.split_pairs(pairs, bands.partition_of(pairs[:, 0]))


def join_labels(
    refs: Iterable[bytes],
    labels: Iterable[bytes],
    run: RunFolder,
    keep_numbers_for: Sequence[str],
) -> Labelled:
    """Join a partition's references with their labels; candidates are written with shingles.

    Args:
        refs: packed references of the partition.
        labels: packed (node, label) of the partition.
        run: where the samples' texts lie, and where the candidates are written.
        keep_numbers_for: exercises whose texts are compared with their numbers; in the others all
            numbers count as equal.

    Holds the shingles of the partition's candidates, 8 bytes a word. Raises Fault where an outcome
    file lacks a sample.
    """
    table, pairs = table_of(refs), bands.unpack_pairs(list(labels))
    loose, labelled = duplicates.with_labels(table, pairs)
    if not len(labelled):
        return Labelled(loose, [])
    full = duplicates.attach_shingles(labelled, keep_numbers_for, run.open)
    path = part_path("shingles", f"{uuid.uuid4().hex}.arrow")
    with run.create(path) as sink:
        partitions = duplicates.write_clusters(full, sink)
    return Labelled(loose, [(key, ClusterPart(path, i)) for i, key in enumerate(partitions)])


def keep_of_clusters(
    parts: Iterable[ClusterPart], run: RunFolder, threshold: float, stage: str
) -> tuple[pa.Table, list[Reject]]:
    """One reference of each class of near duplicates in a partition, and the rejects.

    `threshold` is the Jaccard similarity from which on two samples are duplicates; `stage` names
    the rejects. Holds all candidates of the partition with their shingles.
    """
    return duplicates.drop_near(clusters_of(parts, run), threshold, stage)


def clusters_of(parts: Iterable[ClusterPart], run: RunFolder) -> pa.Table:
    """The candidates of several parts as one table of CLUSTERED_SCHEMA."""
    batches = []
    for file, batch in parts:
        with run.open(file) as source:
            batches.append(duplicates.read_clusters(source, batch))
    return pa.Table.from_batches(batches)
