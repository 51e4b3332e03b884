"""What is new: records that no earlier one and no better one of their round nearly repeats.

Tables have the columns of RECORD_REF_SCHEMA. An earlier record has an infinite quality here: it
comes before all new ones and is compared with, but it is neither passed on nor turned down again.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from beam_synth.corpus import candidates, duplicates
from beam_synth.records import RECORD_REF_SCHEMA, Reject, pack, reject, unpack
from beam_synth.storage.files import RunFolder
from beam_synth.text import fingerprints

NOT_NOVEL = "not_novel"


def as_earlier(packed: bytes) -> bytes:
    """Packed references as those of earlier records."""
    table = unpack(packed)
    column = table.schema.get_field_index("quality")
    return pack(table.set_column(column, "quality", pa.array([math.inf] * len(table))))


def only_new(table: pa.Table) -> pa.Table:
    """The rows that are no earlier records."""
    return table.filter(pc.less(table["quality"], math.inf))


def drop_repeated(table: pa.Table, stage: str) -> tuple[pa.Table, list[Reject]]:
    """(rows that go on, earlier ones among them; rejects of new ones with an equal text)."""
    earlier = set(table.filter(pc.equal(table["quality"], math.inf))["record_id"].to_pylist())
    kept, rejects = duplicates.drop_equal(table, stage, NOT_NOVEL)
    return kept, [record for record in rejects if record.record_id not in earlier]


def new_of_clusters(
    parts: Iterable[candidates.ClusterPart], run: RunFolder, threshold: float, stage: str
) -> tuple[pa.Table, list[Reject]]:
    """The new records of a partition's clusters, less those that are not novel, and the rejects.

    In each cluster of candidates the best new record goes on, then each next one whose similarity
    to all candidates that were kept or are earlier is below `threshold` (Jaccard of word 5-grams);
    in a band of more than 64 records candidates are the first and the one before it. Holds all
    candidates of the partition with their shingles.
    """
    table = candidates.clusters_of(parts, run)
    order = [("label", "ascending"), ("quality", "descending"), ("record_id", "ascending")]
    table = table.sort_by(order)
    keep: list[int] = []
    rejects: list[Reject] = []
    for start, end in duplicates.label_runs(table):
        cluster = table.slice(start, end - start)
        kept, dropped = _novel(cluster, threshold, stage)
        keep += [start + row for row in kept]
        rejects += dropped
    kept = table.take(pa.array(keep, pa.int64())).select(RECORD_REF_SCHEMA.names)
    return only_new(kept), rejects


def _novel(cluster: pa.Table, threshold: float, stage: str) -> tuple[list[int], list[Reject]]:
    ids: Sequence[str] = cluster["record_id"].to_pylist()
    earlier = np.isinf(cluster["quality"].to_numpy())
    sets = [shingles.values.to_numpy() for shingles in cluster["shingles"]]
    near: dict[int, list[int]] = {}
    for a, b in duplicates.candidate_pairs(cluster):
        near.setdefault(b, []).append(a)
    kept: list[int] = []
    rejects: list[Reject] = []
    dropped: set[int] = set()
    for row, record_id in enumerate(ids):
        others = [] if earlier[row] else [o for o in near.get(row, ()) if o not in dropped]
        scores = [(fingerprints.jaccard(sets[row], sets[other]), other) for other in others]
        score, other = max(scores, default=(0.0, row))
        if score < threshold:
            kept.append(row)
            continue
        dropped.add(row)
        detail = duplicates.detail(ids[0], ids[other], score)
        rejects.append(reject("rejected", stage, NOT_NOVEL, detail, record_id=record_id))
    return kept, rejects
