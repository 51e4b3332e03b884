"""Packed references on their way through deduplication: partitions, labels, clusters on disk."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from beam_synth.corpus import duplicates
from beam_synth.corpus.components import Forest
from beam_synth.records import SAMPLE_REF_SCHEMA, Reject, pack, split_table, unpack
from beam_synth.storage.files import RunFolder
from beam_synth.storage.layout import part_path

Parts = Iterator[tuple[int, bytes]]  # (partition, packed)


class ClusterPart(NamedTuple):
    """Candidates with their shingles: a record batch of a file, relative to the run."""

    file: str
    batch: int


class Labelled(NamedTuple):
    """A partition's references without a candidate, and the clusters of the others."""

    loose: pa.Table
    clusters: list[tuple[int, ClusterPart]]  # (partition of the cluster, its part)


def table_of(packed: Iterable[bytes]) -> pa.Table:
    """Packed references as one table of SAMPLE_REF_SCHEMA."""
    return pa.concat_tables([SAMPLE_REF_SCHEMA.empty_table(), *map(unpack, packed)])


def split_batch(packed: Sequence[bytes], split_rows: Callable[[pa.Table], Parts]) -> Parts:
    """Split several packed tables together, so that parts are not tiny."""
    table = table_of(packed)
    return split_rows(table) if len(table) else iter(())


def by_text(table: pa.Table) -> Parts:
    """References by the partition of their text."""
    for key, part in split_table(table, duplicates.hash_partition(table)):
        yield key, pack(part)


def by_node(table: pa.Table) -> Parts:
    """References by the partition of their id."""
    for key, part in split_table(table, duplicates.node_partition(table)):
        yield key, pack(part)


def edges_of(group: tuple[int, Iterable[bytes]]) -> bytes:
    """Packed edges between samples that share a band, from a partition's packed band entries."""
    entries = duplicates.unpack_pairs(list(group[1]))
    return duplicates.pack_pairs(duplicates.star_edges(entries))


def grown(forest: Forest, edges: bytes) -> Forest:
    """The forest with packed edges more."""
    return forest.add(duplicates.unpack_pairs([edges]))


def merged(forests: Iterable[Forest]) -> Forest:
    """One forest of several."""
    whole = Forest()
    for forest in forests:
        whole = whole.add(forest.edges)
    return whole


def packed_labels(forest: Forest) -> bytes:
    """Packed (node, label of its component)."""
    return duplicates.pack_pairs(np.stack(forest.labels(), axis=1))


def split_labels(packed: bytes) -> Parts:
    """Packed (node, label) by the partition of the node."""
    pairs = duplicates.unpack_pairs([packed])
    return duplicates.split_pairs(pairs, duplicates.partition_of(pairs[:, 0]))


def join_labels(
    refs: Iterable[bytes],
    labels: Iterable[bytes],
    run: RunFolder,
    keep_numbers_for: Sequence[str],
) -> Labelled:
    """Join a partition's references with their labels; candidates are written with shingles."""
    table, pairs = table_of(refs), duplicates.unpack_pairs(list(labels))
    loose, labelled = duplicates.with_labels(table, pairs)
    if not len(labelled):
        return Labelled(loose, [])
    full = duplicates.attach_shingles(labelled, keep_numbers_for, run.open)
    path = part_path("shingles", f"{uuid.uuid4().hex}.arrow")
    with run.create(path) as sink:
        partitions = duplicates.write_clusters(full, sink)
    return Labelled(loose, [(key, ClusterPart(path, i)) for i, key in enumerate(partitions)])


def keep_of_clusters(
    parts: Iterable[tuple[str, int]], run: RunFolder, threshold: float, stage: str
) -> tuple[pa.Table, list[Reject]]:
    """One reference of each class of near duplicates in a partition, and the rejects."""
    batches = []
    for file, index in parts:
        with run.open(file) as source:
            batches.append(duplicates.read_clusters(source, index))
    return duplicates.drop_near(pa.Table.from_batches(batches), threshold, stage)
