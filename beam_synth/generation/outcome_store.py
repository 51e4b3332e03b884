"""The outcome files of a run as one worker sees them: looked up before anything is sent."""

from __future__ import annotations

import dataclasses
import logging
import uuid
from collections import OrderedDict
from collections.abc import Iterable, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from beam_synth.drawing import bucket_of
from beam_synth.generation.outcomes import (
    Damaged,
    Finished,
    one_each,
    read_ids,
    read_outcomes,
    write_outcomes,
)
from beam_synth.storage import layout
from beam_synth.storage.files import RunFolder

LOG = logging.getLogger(__name__)
_ID_SCHEMA = pa.schema([(name, pa.string()) for name in ("task_id", "content_hash", "file")])
_KEPT_BUCKETS = 8  # whose id columns stay in memory: 80 bytes a task


@dataclasses.dataclass
class OutcomeStore:
    """The outcome files as one worker sees them: the one place where 'done' is decided.

    A damaged file is logged and passed over, so that its tasks are done again. The id columns of
    the last 8 buckets stay in memory, at 80 bytes a task.

    Not safe for threads that look up and write at once; each batch has one of its own.
    """

    run: RunFolder
    buckets: int  # task buckets of the run: folders of outcome files
    attempt: str = "0"  # with the worker, the beginning of the names of files written here
    worker: str = dataclasses.field(default_factory=lambda: uuid.uuid4().hex[:12])
    _written: int = 0
    _ids: OrderedDict[int, dict[str, pa.Table]] = dataclasses.field(default_factory=OrderedDict)
    _damaged: set[str] = dataclasses.field(default_factory=set)

    def lookup(self, task_ids: Iterable[str]) -> list[tuple[str, list[Finished]]]:
        """(file, outcomes in it) of the tasks that have one; a task is in one file only.

        Of several outcomes of a task the one of the smallest content hash counts. Files that came
        since the last look-up are seen; only those that hold an asked task are read whole.
        """
        by_bucket: dict[int, list[str]] = {}
        for task_id in task_ids:
            by_bucket.setdefault(bucket_of(task_id, self.buckets), []).append(task_id)
        by_file: list[tuple[str, list[Finished]]] = []
        for bucket, ids in sorted(by_bucket.items()):
            by_file += self._lookup_bucket(bucket, ids)
        return by_file

    def _lookup_bucket(self, bucket: int, ids: list[str]) -> list[tuple[str, list[Finished]]]:
        while True:
            chosen = self._choose(bucket, pa.array(ids, pa.string()))
            by_file = []
            for file, wanted in sorted(chosen.items()):
                try:
                    with self.run.open(file) as handle:
                        by_file.append((file, read_outcomes(handle, wanted)))
                except Damaged as error:
                    self._skip(bucket, file, error)
                    break
            else:
                return by_file

    def _choose(self, bucket: int, ids: pa.Array) -> dict[str, dict[str, str]]:
        """file -> {task id: content hash}: which outcome of each task counts."""
        candidates = [_ID_SCHEMA.empty_table()]
        for file, table in sorted(self._index(bucket).items()):
            table = table.filter(pc.is_in(table["task_id"], value_set=ids))
            candidates.append(table.append_column("file", pa.repeat(file, len(table))))
        chosen: dict[str, dict[str, str]] = {}
        for row in one_each(pa.concat_tables(candidates)).to_pylist():
            chosen.setdefault(row["file"], {})[row["task_id"]] = row["content_hash"]
        return chosen

    def _index(self, bucket: int) -> dict[str, pa.Table]:
        """The id columns of the bucket's files; each file is read once."""
        known = self._ids.setdefault(bucket, {})
        self._ids.move_to_end(bucket)
        while len(self._ids) > _KEPT_BUCKETS:
            self._ids.popitem(last=False)
        for name in self.run.names(layout.outcomes_folder(bucket)):
            file = f"{layout.outcomes_folder(bucket)}/{name}"
            if name.endswith(".tmp") or file in known or file in self._damaged:
                continue  # earlier versions left temporary names here
            try:
                with self.run.open(file) as handle:
                    known[file] = read_ids(handle)
            except Damaged as error:
                self._skip(bucket, file, error)
        return known

    def _skip(self, bucket: int, file: str, error: Damaged) -> None:
        self._damaged.add(file)
        self._ids.get(bucket, {}).pop(file, None)
        LOG.warning("%s is skipped, its tasks are done again: %s", file, error)

    def write(self, outcomes: Sequence[Finished]) -> list[tuple[str, list[Finished]]]:
        """Write the outcomes, a file for each bucket; (file, outcomes in it) once they are safe."""
        by_bucket: dict[int, list[Finished]] = {}
        for item in outcomes:
            by_bucket.setdefault(bucket_of(item.outcome.task_id, self.buckets), []).append(item)
        written = []
        for bucket, items in sorted(by_bucket.items()):
            file = layout.outcomes_path(bucket, self.attempt, self.worker, self._written)
            self._written += 1
            with self.run.create(file) as handle:
                write_outcomes(items, handle)
            written.append((file, items))
        return written
