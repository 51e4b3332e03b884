"""Which samples are duplicates, and which one of them is kept (methods.md 16).

Tables here have the columns of RECORD_REF_SCHEMA. Of a class of duplicates the best quality is
kept, then the smallest synth_id; so survivors depend neither on order nor on partitioning.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from typing import IO, Any

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc

from beam_synth.corpus.bands import bands_of_rows, label_partition, node_keys, partition_of
from beam_synth.generation.mixture import GIVEN
from beam_synth.generation.seeds import bodies_in
from beam_synth.methods.loading import load_method
from beam_synth.records import (
    INSTRUCTIONS,
    RECORD_REF_SCHEMA,
    DatasetConfig,
    Index,
    Keys,
    Reject,
    reject,
    split_table,
)
from beam_synth.text import fingerprints

# A band's bucket of more samples is not compared pair by pair but along a star and a chain.
MAX_BUCKET = 64

CLUSTERED_SCHEMA = RECORD_REF_SCHEMA.append(pa.field("label", pa.uint64())).append(
    pa.field("shingles", pa.list_(pa.uint64()))
)


# ---------------------------------------------------------------- exact


def hash_partition(table: pa.Table) -> Index:
    """The partition of each row by its text_hash, int64[n]: rows of the same text share one."""
    raw = b"".join(table["text_hash"].to_pylist())
    return partition_of(np.frombuffer(raw, ">u8")[::2].astype(np.uint64))


def drop_equal(
    table: pa.Table, stage: str, reason: str = "exact_duplicate"
) -> tuple[pa.Table, list[Reject]]:
    """(rows kept, rejects for that reason): one row of each text_hash stays.

    A reject's detail is JSON: the cluster (the hash), the keeper's id and the similarity. `stage`
    names the rejects.
    """
    table = table.sort_by(
        [("text_hash", "ascending"), ("quality", "descending"), ("record_id", "ascending")]
    )
    hashes, ids = table["text_hash"].to_pylist(), table["record_id"].to_pylist()
    keep, rejects, keeper = [], [], 0
    for row, text_hash in enumerate(hashes):
        if row and text_hash == hashes[keeper]:
            found = detail(text_hash.hex(), ids[keeper], 1.0)
            rejects.append(reject("rejected", stage, reason, found, record_id=ids[row]))
        else:
            keeper = row
            keep.append(row)
    return table.take(pa.array(keep, pa.int64())), rejects


def detail(cluster: str, keeper: str, similarity: float) -> str:
    """What a duplicate's reject tells, as JSON: its cluster, the keeper's id, their similarity."""
    value = {"cluster": cluster, "keeper": keeper, "similarity": round(similarity, 6)}
    return orjson.dumps(value).decode()


# ---------------------------------------------------------------- verification


def with_labels(table: pa.Table, labelled: Keys) -> tuple[pa.Table, pa.Table]:
    """Split by whether a row's node has a label: (rows without, rows with a `label` column).

    `labelled` is uint64[n, 2] of (node, label), in any order; O(rows * log n).
    """
    nodes = node_keys(table["record_id"].to_pylist())
    labelled = labelled[np.argsort(labelled[:, 0])]
    places = np.searchsorted(labelled[:, 0], nodes)
    has_label = np.zeros(len(nodes), bool)
    inside = places < len(labelled)
    has_label[inside] = labelled[places[inside], 0] == nodes[inside]
    labels = pa.array(labelled[places[has_label], 1], pa.uint64())
    return table.filter(pa.array(~has_label)), table.filter(pa.array(has_label)).append_column(
        "label", labels
    )


def attach_shingles(
    table: pa.Table, keep_numbers_for: Sequence[str], open_file: Callable[[str], IO[bytes]]
) -> pa.Table:
    """Add the `shingles` column, read from the samples' outcome files, one file at a time.

    The table comes back sorted by file, of CLUSTERED_SCHEMA. Where a method or its config folds
    numbers, all numbers count as equal (methods.md 16), but for exercises in `keep_numbers_for`.
    """
    parts = [CLUSTERED_SCHEMA.empty_table()]
    for file in sorted(set(table["file"].to_pylist())):
        part = table.filter(pc.equal(table["file"], file))
        ids = part["record_id"].to_pylist()
        rows = bodies_in({file: ids}, open_file)
        names, exercises = part["method"].to_pylist(), part["exercise"].to_pylist()
        texts = [_config_of(name).text_of(rows[i]) for name, i in zip(names, ids, strict=True)]
        folds = [
            _folds(name) and exercise not in keep_numbers_for
            for name, exercise in zip(names, exercises, strict=True)
        ]
        sets = pa.array(fingerprints.shingle_sets(texts, folds), pa.list_(pa.uint64()))
        parts.append(part.append_column("shingles", sets).cast(CLUSTERED_SCHEMA))
    return pa.concat_tables(parts)


def _config_of(method: str) -> DatasetConfig:
    return load_method(method).makes if method != GIVEN else INSTRUCTIONS


def _folds(method: str) -> bool:
    if method == GIVEN:
        return INSTRUCTIONS.numbers == "folded"
    return load_method(method).folds_numbers


def write_clusters(table: pa.Table, sink: IO[bytes]) -> list[int]:
    """Write candidates (CLUSTERED_SCHEMA) by the partition of their label, one batch each.

    Returns the partitions in the order of the batches.
    """
    partitions = []
    with pa.ipc.new_file(sink, table.schema) as writer:
        for key, part in split_table(table, label_partition(table["label"].to_numpy())):
            writer.write_batch(part.combine_chunks().to_batches()[0])
            partitions.append(key)
    return partitions


def read_clusters(source: IO[bytes], index: int) -> pa.RecordBatch:
    """Batch number `index` (0-based) of a file of `write_clusters`."""
    return pa.ipc.open_file(source).get_batch(index)


def drop_near(table: pa.Table, threshold: float, stage: str) -> tuple[pa.Table, list[Reject]]:
    """(rows kept, rejects `near_duplicate`): one row of each cluster of verified duplicates stays.

    `table` is of CLUSTERED_SCHEMA, with every row of each label; what is kept is of
    RECORD_REF_SCHEMA. Candidates share a band; an edge needs a true Jaccard similarity of
    `threshold`; clusters are the connected components. A reject's detail is JSON: the cluster (its
    smallest id), the keeper's id and the similarity of the two.
    """
    table = table.sort_by([("label", "ascending"), ("record_id", "ascending")])
    keep: list[int] = []
    rejects: list[Reject] = []
    for start, end in label_runs(table):
        kept, dropped = _resolve(table.slice(start, end - start), threshold, stage)
        keep.extend(start + i for i in kept)
        rejects.extend(dropped)
    survivors = table.take(pa.array(keep, pa.int64())).select(RECORD_REF_SCHEMA.names)
    return survivors, rejects


def label_runs(table: pa.Table) -> Iterator[tuple[int, int]]:
    """(start, end) of each run of rows with one label; `table` is sorted by label."""
    starts = np.unique(table["label"].to_numpy(), return_index=True)[1]
    return itertools.pairwise([*starts.tolist(), len(table)])


def _resolve(cluster: pa.Table, threshold: float, stage: str) -> tuple[list[int], list[Reject]]:
    """The rows kept of one cluster of candidates (sorted by id), and the rejects."""
    ids: list[str] = cluster["record_id"].to_pylist()
    qualities: list[float] = cluster["quality"].to_pylist()
    sets = [shingles.values.to_numpy() for shingles in cluster["shingles"]]
    members: dict[int, list[int]] = {}
    for row, root in enumerate(_roots(candidate_pairs(cluster), sets, threshold)):
        members.setdefault(root, []).append(row)
    kept, rejects = [], []
    for group in members.values():
        keeper = min(group, key=lambda row: (-qualities[row], ids[row]))
        kept.append(keeper)
        for row in group:
            if row != keeper:
                similarity = fingerprints.jaccard(sets[row], sets[keeper])
                found = detail(ids[group[0]], ids[keeper], similarity)
                rejects.append(
                    reject("rejected", stage, "near_duplicate", found, record_id=ids[row])
                )
    return sorted(kept), rejects


def candidate_pairs(table: pa.Table) -> list[tuple[int, int]]:
    """Pairs of rows (a < b) that share a band, each once.

    In a bucket of over MAX_BUCKET rows: each row with the first one and with the one before it.
    So the pairs are linear in the rows, where a phrase of thousands of samples makes one bucket.
    """
    bands, rows = bands_of_rows(table)
    order = np.argsort(bands.ravel(), kind="stable")
    hashes, row_of_hash = bands.ravel()[order], rows[order // fingerprints.BANDS]
    cuts = np.flatnonzero(hashes[1:] != hashes[:-1]) + 1
    pairs: set[tuple[int, int]] = set()
    for bucket in np.split(row_of_hash, cuts):
        if len(bucket) > 1:
            pairs.update(_bucket_pairs(bucket.tolist()))
    return sorted(pairs)


def _bucket_pairs(bucket: list[int]) -> Iterator[tuple[int, int]]:
    if len(bucket) <= MAX_BUCKET:
        return itertools.combinations(bucket, 2)
    star = ((bucket[0], other) for other in bucket[1:])
    return itertools.chain(star, itertools.pairwise(bucket))


def _roots(pairs: list[tuple[int, int]], sets: list[Any], threshold: float) -> list[int]:
    """The smallest row of each row's component; pairs already joined are not compared again."""
    parent = list(range(len(sets)))

    def root_of(row: int) -> int:
        while parent[row] != row:
            parent[row] = parent[parent[row]]
            row = parent[row]
        return row

    for a, b in pairs:
        root_a, root_b = root_of(a), root_of(b)
        if root_a != root_b and _similar(sets[a], sets[b], threshold):
            parent[max(root_a, root_b)] = min(root_a, root_b)
    return [root_of(row) for row in range(len(sets))]


def _similar(a: Keys, b: Keys, threshold: float) -> bool:
    # Sizes bound the similarity: most pairs below the threshold need no intersection.
    if min(len(a), len(b)) < threshold * max(len(a), len(b)):
        return False
    return fingerprints.jaccard(a, b) >= threshold
