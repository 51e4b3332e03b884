"""One shard from the references of its records, in every format at once.

Records lie in outcome files by task bucket; a shard is some consecutive buckets. It is written one
bucket at a time, so memory holds one bucket's rows and one row group.
"""

from __future__ import annotations

import contextlib
import dataclasses
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from beam_synth.dataset import shards
from beam_synth.dataset.row_facts import facts_of
from beam_synth.errors import Fault
from beam_synth.generation.outcomes import rows_of
from beam_synth.records import (
    RECORD_REF_SCHEMA,
    DatasetConfig,
    Reject,
    pack,
    reject,
    split_config,
    split_table,
    unpack,
)
from beam_synth.storage.files import RunFolder
from beam_synth.storage.layout import shard_path

_REF_COLUMNS = ("record_id", "config", "task_bucket", "file", "method")  # 130 bytes a record

ShardKey = tuple[str, int]  # name of a config, number of one of its shards


class WrittenShard(NamedTuple):
    """A shard that was written."""

    files: list[dict[str, Any]]  # fields of shards.FileInfo, one entry a format
    rows: int  # number of records
    facts: Counter[str]  # addends of facts about them, as `facts_of` names them


def keep_written(
    refs: pa.Table, configs: Sequence[str], stage: str
) -> tuple[pa.Table, list[Reject]]:
    """(references to records of these configs, a reject for each other one)."""
    kept, others = split_config(refs, *configs)
    columns = (others["record_id"].to_pylist(), others["config"].to_pylist())
    rejects = [
        reject("rejected", stage, "not_written", f"config {config!r}", record_id=record_id)
        for record_id, config in zip(*columns, strict=True)
    ]
    return kept, rejects


def check_layout(count: int, task_buckets: int, formats: Iterable[str]) -> None:
    """Raise ValueError where task buckets do not make whole shards, or a format is unknown.

    `count` is the number of shards.

    >>> check_layout(2, 16, ["parquet"])
    >>> check_layout(3, 16, ["parquet"])
    Traceback (most recent call last):
    ValueError: task_buckets (16) must be a multiple of shards (3)
    """
    if count < 1 or task_buckets % count:
        raise ValueError(f"task_buckets ({task_buckets}) must be a multiple of shards ({count})")
    if unknown := set(formats) - shards.WRITERS.keys():
        raise ValueError(f"unknown formats {sorted(unknown)}; known: {sorted(shards.WRITERS)}")


def split_by_shard(
    packed: bytes, task_buckets: int, count: int
) -> Iterator[tuple[ShardKey, bytes]]:
    """(shard, its part) of packed references (RECORD_REF_SCHEMA); the parts are packed again.

    Consecutive task buckets lie in one shard. `count` is the number of shards of each config, and
    divides `task_buckets`.
    """
    table = unpack(packed).select(_REF_COLUMNS)
    for config in sorted(set(table["config"].to_pylist())):
        own, _ = split_config(table, config)
        numbers = own["task_bucket"].to_numpy().astype(np.int64) // (task_buckets // count)
        for shard, part in split_table(own, numbers):
            yield (config, shard), pack(part)


def write_shard(
    run: RunFolder,
    config: DatasetConfig,
    group: tuple[ShardKey, Iterable[bytes]],
    count: int,
    formats: Sequence[str],
) -> WrittenShard:
    """Write a shard in each of the formats, which are keys of shards.WRITERS.

    Args:
        run: folder of the run; the outcome files are read from it.
        config: of the shard.
        group: the shard's key, its number from 0 on, and packed references to its records in any
            order. Empty bytes stand for none.
        count: number of shards of the config.
        formats: what to write.

    Raises:
        Fault: a record comes twice, or is not in its outcome file.
    """
    (_, shard), parts = group
    refs = sorted_refs(parts)
    facts: Counter[str] = Counter()
    with contextlib.ExitStack() as stack:
        paths = [shard_path(format, config.name, shard, count) for format in formats]
        handles = [shards.Hashing(stack.enter_context(run.create(path))) for path in paths]
        writers = [
            shards.WRITERS[f](h, config.schema) for f, h in zip(formats, handles, strict=True)
        ]
        for methods, table in _tables(run, config, refs):
            facts.update(facts_of(config.name, methods, table))
            for writer in writers:
                writer.write(table)
        for writer in writers:
            writer.close()
    files = [
        dataclasses.asdict(
            shards.FileInfo(path, config.name, format, len(refs), handle.bytes, handle.hexdigest())
        )
        for path, format, handle in zip(paths, formats, handles, strict=True)
    ]
    return WrittenShard(files, len(refs), facts)


def _tables(
    run: RunFolder, config: DatasetConfig, refs: pa.Table
) -> Iterator[tuple[list[str], pa.Table]]:
    """(methods, rows) of the shard in order, one task bucket at a time."""
    for bucket in pc.unique(refs["task_bucket"]):
        part = refs.filter(pc.equal(refs["task_bucket"], bucket))
        ids, files = part["record_id"].to_pylist(), part["file"].to_pylist()
        wanted: dict[str, list[str]] = {}
        for record_id, file in zip(ids, files, strict=True):
            wanted.setdefault(file, []).append(record_id)
        rows = rows_of(wanted, run.open)
        table = pa.Table.from_pylist([rows[i] for i in ids], schema=config.schema)
        yield part["method"].to_pylist(), table


def sorted_refs(parts: Iterable[bytes]) -> pa.Table:
    """The shard's references by bucket and id. Raises Fault when an id comes twice.

    A table of the columns record_id, config, task_bucket, file and method; 130 bytes a record.
    """
    empty = RECORD_REF_SCHEMA.empty_table().select(_REF_COLUMNS)
    refs = pa.concat_tables([empty, *(unpack(part) for part in parts if part)])
    refs = refs.sort_by([("task_bucket", "ascending"), ("record_id", "ascending")])
    if pc.count_distinct(refs["record_id"]).as_py() != len(refs):
        raise Fault("a record reached the shards twice; this is a fault of the program")
    return refs
