"""One shard from the references of its samples, in every format at once."""

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
from beam_synth.dataset.facts import facts_of, method_fact
from beam_synth.errors import Fault
from beam_synth.generation.outcomes import rows_of
from beam_synth.records import SAMPLE_REF_SCHEMA, SAMPLE_SCHEMA, pack, split_table, unpack
from beam_synth.storage.files import RunFolder

CONFIG = "samples"
_REF_COLUMNS = ("synth_id", "task_bucket", "file", "method")  # about 120 bytes a sample


class WrittenShard(NamedTuple):
    """A shard's files (fields of shards.FileInfo), its rows, and addends of facts about them."""

    files: list[dict[str, Any]]
    rows: int
    facts: Counter[str]


def check_layout(count: int, task_buckets: int, formats: Iterable[str]) -> None:
    """Raise ValueError where task buckets do not make whole shards, or a format is unknown."""
    if count < 1 or task_buckets % count:
        raise ValueError(f"task_buckets ({task_buckets}) must be a multiple of shards ({count})")
    if unknown := set(formats) - shards.WRITERS.keys():
        raise ValueError(f"unknown formats {sorted(unknown)}; known: {sorted(shards.WRITERS)}")


def split_by_shard(packed: bytes, task_buckets: int, count: int) -> Iterator[tuple[int, bytes]]:
    """References (SAMPLE_REF_SCHEMA) by shard: consecutive task buckets lie in one."""
    table = unpack(packed).select(_REF_COLUMNS)
    numbers = table["task_bucket"].to_numpy().astype(np.int64) // (task_buckets // count)
    for shard, part in split_table(table, numbers):
        yield shard, pack(part)


def write_shard(
    run: RunFolder, group: tuple[int, Iterable[bytes]], count: int, formats: Sequence[str]
) -> WrittenShard:
    """Write a shard (its number, packed references; empty bytes count as none) of `count`."""
    shard, parts = group
    refs = sorted_refs(parts)
    facts = Counter(map(method_fact, refs["method"].to_pylist()))
    with contextlib.ExitStack() as stack:
        paths = [shards.shard_path(format, CONFIG, shard, count) for format in formats]
        handles = [shards.Hashing(stack.enter_context(run.create(path))) for path in paths]
        writers = [shards.WRITERS[f](h) for f, h in zip(formats, handles, strict=True)]
        for table in _tables(run, refs):
            facts.update(facts_of(table))
            for writer in writers:
                writer.write(table)
        for writer in writers:
            writer.close()
    files = [
        dataclasses.asdict(
            shards.FileInfo(path, CONFIG, format, len(refs), handle.bytes, handle.hexdigest())
        )
        for path, format, handle in zip(paths, formats, handles, strict=True)
    ]
    return WrittenShard(files, len(refs), facts)


def _tables(run: RunFolder, refs: pa.Table) -> Iterator[pa.Table]:
    """The shard's rows in order, one task bucket at a time."""
    for bucket in pc.unique(refs["task_bucket"]):
        part = refs.filter(pc.equal(refs["task_bucket"], bucket))
        ids, files = part["synth_id"].to_pylist(), part["file"].to_pylist()
        wanted: dict[str, list[str]] = {}
        for synth_id, file in zip(ids, files, strict=True):
            wanted.setdefault(file, []).append(synth_id)
        rows = rows_of(wanted, run.open)
        yield pa.Table.from_pylist([rows[i] for i in ids], schema=SAMPLE_SCHEMA)


def sorted_refs(parts: Iterable[bytes]) -> pa.Table:
    """The shard's references by id, which is by bucket. Raises Fault when an id comes twice."""
    empty = SAMPLE_REF_SCHEMA.empty_table().select(_REF_COLUMNS)
    refs = pa.concat_tables([empty, *(unpack(part) for part in parts if part)])
    refs = refs.sort_by([("task_bucket", "ascending"), ("synth_id", "ascending")])
    if pc.count_distinct(refs["synth_id"]).as_py() != len(refs):
        raise Fault("a sample reached the shards twice; this is a fault of the program")
    return refs
