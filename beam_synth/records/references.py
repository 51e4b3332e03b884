"""References to records on disk: what flows between Generate and the shards in their place."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

# One row a record; the body stays in `file`.
RECORD_REF_SCHEMA = pa.schema(
    [
        ("record_id", pa.string()),  # 34 hex digits: its task's id, and its index among its records
        ("config", pa.string()),  # name of its DatasetConfig
        ("task_bucket", pa.int32()),  # of the task that made it
        ("file", pa.string()),  # outcome file, relative to the run
        ("method", pa.string()),
        ("language", pa.string()),
        ("exercise", pa.string()),
        ("quality", pa.float64()),  # higher is kept first among duplicates
        # The last two are null for given instructions that nothing is compared with.
        ("text_hash", pa.binary(16)),  # of config and normalised text
        ("bands", pa.binary()),  # little-endian uint64 hash of each MinHash band; b"" if too short
    ]
)


def split_config(refs: pa.Table, *configs: str) -> tuple[pa.Table, pa.Table]:
    """(rows of these configs, all others), each in the order of `refs`.

    >>> refs = pa.table({"config": ["texts", "samples", "texts"], "record_id": ["a", "b", "c"]})
    >>> [part["record_id"].to_pylist() for part in split_config(refs, "texts")]
    [['a', 'c'], ['b']]
    """
    own = pc.is_in(refs["config"], value_set=pa.array(configs, pa.string()))
    return refs.filter(own), refs.filter(pc.invert(own))
