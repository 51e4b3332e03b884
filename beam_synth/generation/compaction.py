"""Fewer files of outcomes and of calls: on a resume, the small ones of a bucket are merged."""

from __future__ import annotations

import uuid
from collections import defaultdict

import pyarrow as pa
import pyarrow.compute as pc

from beam_synth.generation.call_rows import read_calls, write_call_table
from beam_synth.generation.outcomes import Damaged, one_each, read_ids, read_whole, write_table
from beam_synth.storage import layout
from beam_synth.storage.files import RunFolder

_MANY = 16  # files of a bucket that are worth merging
_BYTES_AT_ONCE = 128 << 20  # of outcomes in memory


def merge_outcomes(run: RunFolder) -> int:
    """Merge the outcome files of each bucket that has many; returns how many files went away.

    The merged file is in place before the others go, so a crash between leaves outcomes twice,
    which a look-up expects. Of several outcomes of a task the one of the smallest content hash
    stays. Damaged files are left for the look-up to tell. Nobody else may work on the run. Memory
    holds about 128 MiB of outcomes.
    """
    by_bucket: dict[str, list[str]] = defaultdict(list)
    for name, _ in run.match(layout.OUTCOME_FILES):
        by_bucket[name.rpartition("/")[0]].append(name)
    removed = 0
    for folder, names in sorted(by_bucket.items()):
        if len(names) >= _MANY:
            removed += _merge(run, folder, names)
    return removed


def _merge(run: RunFolder, folder: str, names: list[str]) -> int:
    group: list[tuple[str, pa.Table]] = []
    removed = 0
    for name in names:
        try:
            with run.open(name) as handle:
                group.append((name, read_whole(handle)))
        except Damaged:
            continue
        if sum(table.nbytes for _, table in group) >= _BYTES_AT_ONCE:
            removed += _replace(run, folder, group)
            group = []
    return removed + _replace(run, folder, group)


def _replace(run: RunFolder, folder: str, group: list[tuple[str, pa.Table]]) -> int:
    if len(group) < 2:
        return 0
    merged = one_each(pa.concat_tables([table for _, table in group]))
    with run.create(layout.merged_path(folder, uuid.uuid4().hex[:12])) as handle:
        write_table(merged, handle)
    for name, _ in group:
        run.remove(name)
    return len(group) - 1


# ---------------------------------------------------------------- calls


def merge_calls(run: RunFolder) -> int:
    """Merge the call files of each bucket, without the calls of tasks that have an outcome.

    Returns how many files went away. Nobody else may work on the run. A file is gone only when its
    calls are in another; damaged files are left for the look-up to tell. Memory holds about 128
    MiB of calls.
    """
    by_bucket: dict[str, list[str]] = defaultdict(list)
    for name, _ in run.match(layout.CALL_FILES):
        by_bucket[name.split("/")[1]].append(name)
    return sum(_merge_calls(run, int(b), names) for b, names in sorted(by_bucket.items()))


def _merge_calls(run: RunFolder, bucket: int, names: list[str]) -> int:
    ended = _ended(run, layout.outcomes_folder(bucket))
    group: list[tuple[str, pa.Table]] = []
    removed = 0
    for name in names:
        try:
            with run.open(name) as handle:
                rows = read_calls(handle)
        except Damaged:
            continue
        group.append((name, rows.filter(pc.invert(pc.is_in(rows["task_id"], value_set=ended)))))
        if sum(table.nbytes for _, table in group) >= _BYTES_AT_ONCE:
            removed += _replace_calls(run, bucket, group)
            group = []
    return removed + _replace_calls(run, bucket, group)


def _ended(run: RunFolder, folder: str) -> pa.Array:
    """Ids of the tasks that have an outcome in a bucket's folder."""
    ids: list[pa.Array] = [pa.array([], pa.string())]
    for name in run.names(folder):
        try:
            with run.open(f"{folder}/{name}") as handle:
                ids.append(read_ids(handle)["task_id"].combine_chunks())
        except Damaged:
            continue
    return pa.concat_arrays(ids)


def _replace_calls(run: RunFolder, bucket: int, group: list[tuple[str, pa.Table]]) -> int:
    if not group:
        return 0
    merged = pa.concat_tables([table for _, table in group])
    kept = 0
    if len(merged):
        order = [("task_id", "ascending"), ("call", "ascending")]
        with run.create(layout.calls_path(bucket, f"merged-{uuid.uuid4().hex[:12]}", 0)) as handle:
            write_call_table(merged.sort_by(order), handle)
        kept = 1
    for name, _ in group:
        run.remove(name)
    return len(group) - kept
