"""How candidates for duplicates find each other: bands, graph nodes, and partitions of both.

Samples with an equal band of MinHash values (methods.md 16) are candidates. Each is a node of a
graph; a band's bucket gives it edges; what the shuffles carry are packed uint64 pairs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from beam_synth.records import Index, Keys, runs_of_equal
from beam_synth.text import fingerprints

# 64 partitions of every shuffle here. A row takes about 300 bytes in the widest of them: 256 MB a
# group hold 5 * 10**7 samples in all. Where a candidate's shingles are read back, 8 bytes a word
# come on top: 10**7 candidates of 200 words. More partitions split a larger group.
_SHIFT = np.uint64(64 - 6)  # the top 6 bits number a partition


def partition_of(keys: Keys) -> Index:
    """The partition (int64[n], 0 to 63) of uniformly distributed keys uint64[n], by range.

    >>> partition_of(np.array([0, 2**63, 2**64 - 1], np.uint64)).tolist()
    [0, 32, 63]
    """
    return (keys >> _SHIFT).astype(np.int64)


def node_keys(record_ids: Sequence[str]) -> Keys:
    """Graph nodes of samples, uint64[n]: the id's first 8 bytes with the sample's index xored in.

    A record_id has 34 hex digits: those of its task, and two of its index among the task's samples.
    Two samples may share a node; that only puts them into one cluster of candidates, whose pairs
    are verified by their whole ids.

    >>> [hex(node) for node in node_keys(["00000000000000f0" + "0" * 16 + "01"]).tolist()]
    ['0xf1']
    """
    raw = np.frombuffer(bytes.fromhex("".join(record_ids)), np.uint8).reshape(len(record_ids), 17)
    head = np.ascontiguousarray(raw[:, :8]).view(">u8")[:, 0].astype(np.uint64)
    return head ^ raw[:, 16].astype(np.uint64)


def node_partition(table: pa.Table) -> Index:
    """The partition of each row of a RECORD_REF_SCHEMA table by its node, so by id: int64[n]."""
    return partition_of(node_keys(table["record_id"].to_pylist()))


def label_partition(labels: Keys) -> Index:
    """The partition of clusters by their labels, uint64[n].

    Labels are smallest nodes, so their high bits are not uniform: they are mixed first, by the
    golden ratio (Knuth, TAOCP 3, 6.4).
    """
    return partition_of(labels * np.uint64(0x9E3779B97F4A7C15))


def bands_of_rows(table: pa.Table) -> tuple[Keys, Index]:
    """Band hashes of the rows that have any: uint64[n, BANDS], and the rows."""
    rows = np.flatnonzero(pc.greater(pc.binary_length(table["bands"]), 0).to_numpy())
    raw = b"".join(table["bands"].take(pa.array(rows)).to_pylist())
    return np.frombuffer(raw, "<u8").astype(np.uint64).reshape(-1, fingerprints.BANDS), rows


def band_entries(table: pa.Table) -> Iterator[tuple[int, bytes]]:
    """(partition, packed pairs of band hash and node): the shuffle that finds candidates.

    16 bytes a band, so 224 bytes for each row of the table that is long enough to have bands.
    """
    bands, rows = bands_of_rows(table)
    nodes = node_keys(table["record_id"].take(pa.array(rows)).to_pylist())
    entries = np.stack([bands.ravel(), np.repeat(nodes, fingerprints.BANDS)], axis=1)
    yield from split_pairs(entries, partition_of(entries[:, 0]))


def split_pairs(pairs: Keys, partitions: Index) -> Iterator[tuple[int, bytes]]:
    """(partition, its pairs, packed) of uint64[n, 2]; `partitions` is int64[n].

    >>> pairs = np.array([[7, 1], [8, 2], [9, 3]], np.uint64)
    >>> parts = split_pairs(pairs, np.array([1, 0, 1]))
    >>> [(number, unpack_pairs([packed]).tolist()) for number, packed in parts]
    [(0, [[8, 2]]), (1, [[7, 1], [9, 3]])]
    """
    order = np.argsort(partitions, kind="stable")
    pairs = pairs[order]
    for number, start, end in runs_of_equal(partitions[order]):
        yield number, pack_pairs(pairs[start:end])


def pack_pairs(pairs: Keys) -> bytes:
    """uint64[n, 2] as little-endian bytes."""
    return pairs.astype("<u8").tobytes()


def unpack_pairs(blobs: Sequence[bytes]) -> Keys:
    """uint64[n, 2] of all blobs of `pack_pairs`, one behind another.

    >>> unpack_pairs([pack_pairs(np.array([[7, 1]], np.uint64))] * 2).tolist()
    [[7, 1], [7, 1]]
    """
    return np.frombuffer(b"".join(blobs), "<u8").astype(np.uint64).reshape(-1, 2)


def star_edges(entries: Keys) -> Keys:
    """uint64[m, 2]: from the smallest node of each band bucket to every other one of it.

    `entries` are pairs of band hash and node, uint64[n, 2]. A star joins a bucket with the fewest
    edges: m < n.

    >>> star_edges(np.array([[5, 30], [5, 10], [5, 20], [6, 10]], np.uint64)).tolist()
    [[10, 20], [10, 30]]
    """
    entries = np.unique(entries, axis=0)
    _, first_of_bucket, sizes = np.unique(entries[:, 0], return_index=True, return_counts=True)
    hubs = np.repeat(entries[first_of_bucket, 1], sizes)
    inner = hubs != entries[:, 1]
    return np.stack([hubs[inner], entries[inner, 1]], axis=1)
