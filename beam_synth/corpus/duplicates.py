"""Which samples are duplicates, and which one of them is kept (methods.md 16).

Tables here have the columns of SAMPLE_REF_SCHEMA. Of a class of duplicates the best quality is
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

from beam_synth.generation.outcomes import sample_rows
from beam_synth.records import (
    SAMPLE_REF_SCHEMA,
    Index,
    Keys,
    Reject,
    reject,
    runs_of_equal,
    sample_text,
    split_table,
)
from beam_synth.text import fingerprints

# 64 partitions of every shuffle here. A row takes about 300 bytes in the widest of them: 256 MB a
# group hold 5 * 10**7 samples in all. Where a candidate's shingles are read back, 8 bytes a word
# come on top: 10**7 candidates of 200 words. More partitions split a larger group.
_SHIFT = np.uint64(64 - 6)  # the top 6 bits number a partition
# A band's bucket of more samples is not compared pair by pair but along a star and a chain.
MAX_BUCKET = 64

CLUSTERED_SCHEMA = SAMPLE_REF_SCHEMA.append(pa.field("label", pa.uint64())).append(
    pa.field("shingles", pa.list_(pa.uint64()))
)


def partition_of(keys: Keys) -> Index:
    """The partition of uniformly distributed 64-bit keys, by range."""
    return (keys >> _SHIFT).astype(np.int64)


# ---------------------------------------------------------------- exact


def hash_partition(table: pa.Table) -> Index:
    """Rows of the same text_hash get the same partition."""
    raw = b"".join(table["text_hash"].to_pylist())
    return partition_of(np.frombuffer(raw, ">u8")[::2].astype(np.uint64))


def drop_equal(table: pa.Table, stage: str) -> tuple[pa.Table, list[Reject]]:
    """Keep one row of each text_hash; the others become rejects `exact_duplicate`."""
    table = table.sort_by(
        [("text_hash", "ascending"), ("quality", "descending"), ("synth_id", "ascending")]
    )
    hashes, ids = table["text_hash"].to_pylist(), table["synth_id"].to_pylist()
    keep, rejects, keeper = [], [], 0
    for i, key in enumerate(hashes):
        if i and key == hashes[keeper]:
            detail = _detail(key.hex(), ids[keeper], 1.0)
            rejects.append(reject("rejected", stage, "exact_duplicate", detail, record_id=ids[i]))
        else:
            keeper = i
            keep.append(i)
    return table.take(pa.array(keep, pa.int64())), rejects


def _detail(cluster: str, keeper: str, similarity: float) -> str:
    value = {"cluster": cluster, "keeper": keeper, "similarity": round(similarity, 6)}
    return orjson.dumps(value).decode()


# ---------------------------------------------------------------- candidates


def node_keys(synth_ids: Sequence[str]) -> Keys:
    """64-bit graph nodes of samples: the id's first 8 bytes with the sample's index xored in.

    Two samples may share a node; that only puts them into one cluster of candidates, whose pairs
    are verified by their whole ids.
    """
    raw = np.frombuffer(bytes.fromhex("".join(synth_ids)), np.uint8).reshape(len(synth_ids), 17)
    head = np.ascontiguousarray(raw[:, :8]).view(">u8")[:, 0].astype(np.uint64)
    return head ^ raw[:, 16].astype(np.uint64)


def node_partition(table: pa.Table) -> Index:
    """The partition by node, so by id."""
    return partition_of(node_keys(table["synth_id"].to_pylist()))


def label_partition(labels: Keys) -> Index:
    """The partition of a cluster: labels are smallest nodes, hence mixed first."""
    return partition_of(labels * np.uint64(0x9E3779B97F4A7C15))


def _bands(table: pa.Table) -> tuple[Keys, Index]:
    """Band hashes of the rows that have any: uint64[n, BANDS], and the rows."""
    rows = np.flatnonzero(pc.greater(pc.binary_length(table["bands"]), 0).to_numpy())
    raw = b"".join(table["bands"].take(pa.array(rows)).to_pylist())
    return np.frombuffer(raw, "<u8").astype(np.uint64).reshape(-1, fingerprints.BANDS), rows


def band_entries(table: pa.Table) -> Iterator[tuple[int, bytes]]:
    """(partition, packed pairs of band hash and node): the shuffle that finds candidates."""
    bands, rows = _bands(table)
    nodes = node_keys(table["synth_id"].take(pa.array(rows)).to_pylist())
    entries = np.stack([bands.ravel(), np.repeat(nodes, fingerprints.BANDS)], axis=1)
    yield from split_pairs(entries, partition_of(entries[:, 0]))


def split_pairs(pairs: Keys, partitions: Index) -> Iterator[tuple[int, bytes]]:
    """uint64[n, 2] by partition, packed as little-endian bytes."""
    order = np.argsort(partitions, kind="stable")
    pairs = pairs[order]
    for number, start, end in runs_of_equal(partitions[order]):
        yield number, pack_pairs(pairs[start:end])


def pack_pairs(pairs: Keys) -> bytes:
    """uint64[n, 2] as little-endian bytes."""
    return pairs.astype("<u8").tobytes()


def unpack_pairs(blobs: Sequence[bytes]) -> Keys:
    """uint64[n, 2] of all blobs."""
    return np.frombuffer(b"".join(blobs), "<u8").astype(np.uint64).reshape(-1, 2)


def star_edges(entries: Keys) -> Keys:
    """uint64[m, 2]: from the smallest node of each band bucket to every other one of it."""
    entries = np.unique(entries, axis=0)
    _, first, sizes = np.unique(entries[:, 0], return_index=True, return_counts=True)
    hubs = np.repeat(entries[first, 1], sizes)
    inner = hubs != entries[:, 1]
    return np.stack([hubs[inner], entries[inner, 1]], axis=1)


# ---------------------------------------------------------------- verification


def with_labels(table: pa.Table, labelled: Keys) -> tuple[pa.Table, pa.Table]:
    """Split by whether a row's node has a label: (rows without, rows with a `label` column).

    `labelled` is uint64[n, 2] of (node, label).
    """
    nodes = node_keys(table["synth_id"].to_pylist())
    labelled = labelled[np.argsort(labelled[:, 0])]
    places = np.searchsorted(labelled[:, 0], nodes)
    found = np.zeros(len(nodes), bool)
    inside = places < len(labelled)
    found[inside] = labelled[places[inside], 0] == nodes[inside]
    labels = pa.array(labelled[places[found], 1], pa.uint64())
    return table.filter(pa.array(~found)), table.filter(pa.array(found)).append_column(
        "label", labels
    )


def attach_shingles(
    table: pa.Table, keep_numbers_for: Sequence[str], open_file: Callable[[str], IO[bytes]]
) -> pa.Table:
    """Add the `shingles` column, read from the samples' outcome files, one file at a time."""
    parts = [CLUSTERED_SCHEMA.empty_table()]
    for file in sorted(set(table["file"].to_pylist())):
        part = table.filter(pc.equal(table["file"], file))
        ids = part["synth_id"].to_pylist()
        with open_file(file) as handle:
            rows = sample_rows(handle, ids, file)
        texts = [sample_text(rows[i]) for i in ids]
        folds = [exercise not in keep_numbers_for for exercise in part["exercise"].to_pylist()]
        sets = pa.array(fingerprints.shingle_sets(texts, folds), pa.list_(pa.uint64()))
        parts.append(part.append_column("shingles", sets).cast(CLUSTERED_SCHEMA))
    return pa.concat_tables(parts)


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
    """One batch of a file of `write_clusters`."""
    return pa.ipc.open_file(source).get_batch(index)


def drop_near(table: pa.Table, threshold: float, stage: str) -> tuple[pa.Table, list[Reject]]:
    """Keep one row of each cluster of verified duplicates; `table` is of CLUSTERED_SCHEMA.

    Candidates share a band; an edge needs a true Jaccard similarity of `threshold`; clusters are
    the connected components.
    """
    table = table.sort_by([("label", "ascending"), ("synth_id", "ascending")])
    labels = table["label"].to_numpy()
    starts = np.unique(labels, return_index=True)[1]
    keep: list[int] = []
    rejects: list[Reject] = []
    for start, end in itertools.pairwise([*starts.tolist(), len(table)]):
        kept, dropped = _resolve(table.slice(start, end - start), threshold, stage)
        keep.extend(start + i for i in kept)
        rejects.extend(dropped)
    survivors = table.take(pa.array(keep, pa.int64())).select(SAMPLE_REF_SCHEMA.names)
    return survivors, rejects


def _resolve(cluster: pa.Table, threshold: float, stage: str) -> tuple[list[int], list[Reject]]:
    """The rows kept of one cluster of candidates (sorted by id), and the rejects."""
    ids: list[str] = cluster["synth_id"].to_pylist()
    qualities: list[float] = cluster["quality"].to_pylist()
    sets = [row.values.to_numpy() for row in cluster["shingles"]]
    members: dict[int, list[int]] = {}
    for i, root in enumerate(_roots(candidate_pairs(cluster), sets, threshold)):
        members.setdefault(root, []).append(i)
    kept, rejects = [], []
    for group in members.values():
        keeper = min(group, key=lambda i: (-qualities[i], ids[i]))
        kept.append(keeper)
        for i in group:
            if i != keeper:
                detail = _detail(
                    ids[group[0]], ids[keeper], fingerprints.jaccard(sets[i], sets[keeper])
                )
                rejects.append(
                    reject("rejected", stage, "near_duplicate", detail, record_id=ids[i])
                )
    return sorted(kept), rejects


def candidate_pairs(table: pa.Table) -> list[tuple[int, int]]:
    """Pairs of rows (a < b) that share a band, each once.

    In a bucket of over MAX_BUCKET rows: each row with the first one and with the one before it.
    """
    bands, rows = _bands(table)
    order = np.argsort(bands.ravel(), kind="stable")
    hashes, places = bands.ravel()[order], rows[order // fingerprints.BANDS]
    cuts = np.flatnonzero(hashes[1:] != hashes[:-1]) + 1
    pairs: set[tuple[int, int]] = set()
    for bucket in np.split(places, cuts):
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

    def find(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    for a, b in pairs:
        x, y = find(a), find(b)
        if x != y and _similar(sets[a], sets[b], threshold):
            parent[max(x, y)] = min(x, y)
    return [find(i) for i in range(len(sets))]


def _similar(a: Keys, b: Keys, threshold: float) -> bool:
    # Sizes bound the similarity: most pairs below the threshold need no intersection.
    if min(len(a), len(b)) < threshold * max(len(a), len(b)):
        return False
    return fingerprints.jaccard(a, b) >= threshold
