"""`verify`: every check of a finished run made again, from its shards, passages and manifest.

Three things have to agree: the files with the manifest's checksums, each row with the outcome it
was written from, and each row's recorded checks with the same checks made anew.
"""

from __future__ import annotations

import dataclasses
import itertools
import os
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa

import beam_synth
from beam_synth.commands.positions import LEAST, Places, place_of, position_p_values
from beam_synth.commands.recheck import Rechecked, RowFault, recheck
from beam_synth.dataset import shards
from beam_synth.errors import BeamSynthError, Refused
from beam_synth.generation.outcome_store import OutcomeStore
from beam_synth.generation.outcomes import record_id_of
from beam_synth.knowledge.text_index import TextIndex
from beam_synth.methods.loading import configs_of
from beam_synth.records import DatasetConfig, Row
from beam_synth.runs import folder
from beam_synth.runs.identity import BUCKETS_PER_SHARD
from beam_synth.storage import layout, remote
from beam_synth.storage.files import RunFolder, sha256

_BATCH = 500  # rows looked up and checked at once
_SHOWN = 20  # disagreements that the report prints


@dataclasses.dataclass(frozen=True)
class Disagreement:
    """Something that is not as it was recorded.

    >>> print(Disagreement("data/a.parquet", 0, "", "file", "it was changed"))
    data/a.parquet: file: it was changed
    """

    file: str  # relative to the run
    row: int  # 1-based; 0 where the file is meant
    record_id: str  # of the row; "" where the file is meant
    name: str  # of the check, or of what differs
    detail: str

    def __str__(self) -> str:
        place = f"{self.file} row {self.row} ({self.record_id})" if self.row else self.file
        return f"{place}: {self.name}: {self.detail}"


@dataclasses.dataclass(frozen=True)
class Verified:
    """What came out of verifying a shard or a whole run; its text is what the command prints."""

    rows: int
    checks: Counter[str]  # checks that were made again, by name
    unchecked: Counter[str]  # rows by method, of methods that declare no `verify`
    places: Places  # where right answers stand
    disagreements: tuple[Disagreement, ...]

    def __str__(self) -> str:
        lines = [str(item) for item in self.disagreements[:_SHOWN]]
        if len(self.disagreements) > _SHOWN:
            lines.append(f"... and {len(self.disagreements) - _SHOWN:,} more")
        lines += [f"  {name:28} {n:>9,}" for name, n in sorted(self.checks.items())]
        lines += [
            f"{n:,} rows of {name!r} are not checked: the method declares no `verify`"
            for name, n in sorted(self.unchecked.items())
        ]
        lines += [
            f"right answers of {name} at each place equally often: p = {p:.3g}"
            for name, p in position_p_values(self.places).items()
        ]
        total = sum(self.checks.values())
        lines.append(
            f"{self.rows:,} rows, {total:,} checks made again: "
            f"{len(self.disagreements):,} disagreements"
        )
        return "\n".join(lines)


def verify_run(path: str) -> Verified:
    """Verify a finished run, its shards in parallel processes.

    One format of each shard is read, and any other file that does not match the manifest. That
    something disagrees is no exception: see `Verified.disagreements`. Raises Refused where there is
    no finished run, where another version made it, or where its passages are gone.
    """
    manifest = folder.manifest_of(path)
    if manifest is None:
        raise Refused(f"{path}: not a finished run (it has no manifest)")
    if manifest["version"] != beam_synth.__version__:
        raise Refused(
            f"{path}: made by version {manifest['version']}, whose checks this version "
            f"({beam_synth.__version__}) may not have"
        )
    disagreements = [*_changed_files(path, manifest)]
    changed = {item.file for item in disagreements}
    configs = {config.name: config for config in configs_of(manifest["job"]["mixture"])}
    data = [item for item in manifest["files"] if item["config"] in configs]
    first = min((item["format"] for item in data), key=list(shards.WRITERS).index, default="")
    chosen = [i for i in data if i["format"] == first or i["path"] in changed]
    with tempfile.TemporaryDirectory() as scratch:
        index = _texts(path, manifest, Path(scratch))
        parts = _in_processes(
            [
                _Shard(path, index, shards.FileInfo(**i), *_columns(configs[i["config"]]))
                for i in chosen
            ]
        )
    places = sum((part.places for part in parts), Counter())
    disagreements += [item for part in parts for item in part.disagreements]
    disagreements += [
        Disagreement(
            layout.SHARD_FOLDER["parquet"],
            0,
            "",
            name,
            f"right answers are not spread evenly: p = {p:.1g}",
        )
        for name, p in position_p_values(places).items()
        if p < LEAST
    ]
    return Verified(
        rows=sum(part.rows for part in parts),
        checks=sum((part.checks for part in parts), Counter()),
        unchecked=sum((part.unchecked for part in parts), Counter()),
        places=places,
        disagreements=tuple(disagreements),
    )


def _texts(path: str, manifest: Mapping[str, Any], scratch: Path) -> TextIndex:
    """The run's passages by their text; none where its job has no source of passages."""
    job = manifest["job"]
    if not (job.get("articles") or job.get("documents")):
        return TextIndex.empty(scratch)
    return TextIndex.build(RunFolder(path), scratch)


def _changed_files(path: str, manifest: Mapping[str, Any]) -> Iterator[Disagreement]:
    for item in manifest["files"]:
        try:
            with RunFolder(path).open(item["path"]) as handle:
                checksum = sha256(handle)
        except OSError as error:
            yield Disagreement(item["path"], 0, "", "file", f"cannot be read: {error}")
            continue
        if checksum != item["sha256"]:
            yield Disagreement(
                item["path"], 0, "", "file", "its sha256 is not the manifest's: it was changed"
            )


@dataclasses.dataclass(frozen=True)
class _Shard:
    """A shard to verify: a run, its texts, and the shard's line of the manifest."""

    run: str
    texts: TextIndex
    info: shards.FileInfo
    id: str  # name of the column of its config's ids
    schema: pa.Schema  # of its config


def _columns(config: DatasetConfig) -> tuple[str, pa.Schema]:
    return config.id, config.schema  # a config itself does not go to another process


def _in_processes(chosen: Sequence[_Shard]) -> list[Verified]:
    workers = min(len(chosen), len(os.sched_getaffinity(0)))
    if workers < 2:
        return [_verify_shard(shard) for shard in chosen]
    with ProcessPoolExecutor(
        workers, get_context("spawn"), initializer=remote.use_flags, initargs=(remote.flags(),)
    ) as pool:
        return list(pool.map(_verify_shard, chosen))


# ---------------------------------------------------------------- one shard


def _verify_shard(shard: _Shard) -> Verified:
    """All rows of one shard. A file that cannot be read is a disagreement."""
    checks: Counter[str] = Counter()
    unchecked: Counter[str] = Counter()
    places: Places = Counter()
    disagreements: list[Disagreement] = []
    number = 0
    try:
        for number, (row, again, faults) in enumerate(_rows(shard), 1):
            checks.update(again.checks)
            unchecked.update(again.unchecked)
            if (place := place_of(row)) is not None:
                places[place] += 1
            disagreements += [
                Disagreement(shard.info.path, number, row[shard.id], *fault) for fault in faults
            ]
        if number != shard.info.records:
            detail = f"{number:,} rows, the manifest tells of {shard.info.records:,}"
            disagreements.append(Disagreement(shard.info.path, 0, "", "file", detail))
    except (OSError, ValueError, KeyError, BeamSynthError) as error:
        detail = f"cannot be read: {error}"
        disagreements.append(Disagreement(shard.info.path, 0, "", "file", detail))
    return Verified(number, checks, unchecked, places, tuple(disagreements))


class _VerifiedRow(NamedTuple):
    row: Row
    again: Rechecked
    faults: list[RowFault]  # of its order, its outcome and its checks


def _rows(shard: _Shard) -> Iterator[_VerifiedRow]:
    """Each row of the shard with all that does not agree."""
    run = RunFolder(shard.run)
    buckets = folder.load_frozen(shard.run).write.shards * BUCKETS_PER_SHARD
    has_outcomes = next(iter(run.match(layout.OUTCOME_FILES)), None) is not None
    completed = OutcomeStore(run, buckets) if has_outcomes else None
    texts, last = shard.texts.reader(run), ""
    with run.open(shard.info.path) as handle:
        rows = shards.read_rows(handle, shard.info.format, shard.schema)
        while batch := list(itertools.islice(rows, _BATCH)):
            written = _outcomes(completed, [row[shard.id] for row in batch], shard)
            for row in batch:
                again, record_id = recheck(row, texts.of(row["seeds"])), row[shard.id]
                differing = _differences(record_id, row, written)
                faults = [*_order(record_id, last), *differing, *again.faults]
                yield _VerifiedRow(row, again, faults)
                last = record_id


def _order(record_id: str, last: str) -> Iterator[RowFault]:
    if record_id <= last:
        yield RowFault("order", f"stands after {last}")


def _outcomes(
    completed: OutcomeStore | None, ids: Sequence[str], shard: _Shard
) -> dict[str, Row] | None:
    """Records as their tasks' outcomes hold them and the shard's format can hold them, by id.

    None where the outcomes were removed.
    """
    if completed is None:
        return None
    tasks = sorted({record_id[:32] for record_id in ids})
    return {
        record_id_of(item.outcome.task_id, index): shards.as_read(
            record, shard.info.format, shard.schema
        )
        for _, items in completed.lookup(tasks)
        for item in items
        for index, record in enumerate(item.outcome.records)
    }


def _differences(record_id: str, row: Row, written: Mapping[str, Row] | None) -> Iterator[RowFault]:
    if written is None:
        return
    record = written.get(record_id)
    if record is None:
        yield RowFault("outcome", "there is no outcome with this record")
        return
    columns = [name for name in record if row.get(name) != record[name]]
    if columns:
        detail = f"differs from the outcome it was written from: {', '.join(columns)}"
        yield RowFault("outcome", detail)
