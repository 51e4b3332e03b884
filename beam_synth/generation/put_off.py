"""Which tasks were put off, in which starts of the run: what fails in each of them must end.

`_put_off/<bucket>/<attempt>-<key>.json` holds tasks whose calls failed in one start (attempt), with
the last error and whether the endpoint served others then. A task that was put off before comes
last in its batch. Once it has failed in `starts` starts that served others, it fails for good;
what only the last start can tell, an endpoint that serves nobody, leaves it as it is.
"""

from __future__ import annotations

import dataclasses
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import orjson

from beam_synth.drawing import bucket_of
from beam_synth.generation.causes import Causes
from beam_synth.storage import layout
from beam_synth.storage.files import RunFolder


@dataclasses.dataclass(frozen=True)
class PutOffTask:
    """One task in one start."""

    task_id: str
    error: str  # the last one
    counted: bool  # whether others were served meanwhile


@dataclasses.dataclass(frozen=True)
class Earlier:
    """What earlier starts left of the tasks of a batch."""

    starts: Mapping[str, int]  # task -> starts in which it was put off while others were served

    def __contains__(self, task_id: object) -> bool:
        return task_id in self.starts


class PutOffStore:
    """The files of a run as one worker sees them.

    Args:
        run: folder of the run.
        buckets: task buckets of the run.
        attempt: the start that this is.
    """

    def __init__(self, run: RunFolder, buckets: int, attempt: str) -> None:
        self._run = run
        self._buckets = buckets
        self._attempt = attempt

    def look_up(self, task_ids: Iterable[str]) -> Earlier:
        """What other starts than this one say of these tasks; a damaged file says nothing."""
        files = [path for path, _ in self._run.match(layout.PUT_OFF_FILES)]
        if not files:
            return Earlier({})
        wanted = set(task_ids)
        folders = {layout.put_off_folder(bucket_of(task_id, self._buckets)) for task_id in wanted}
        seen: dict[str, set[str]] = {}
        for path in files:
            attempt = _attempt_of(path)
            if attempt == self._attempt or path.rpartition("/")[0] not in folders:
                continue
            for task in read_put_off(self._run, path):
                if task.task_id in wanted:
                    starts = seen.setdefault(task.task_id, set())
                    starts |= {attempt} if task.counted else set()
        return Earlier({task_id: len(starts) for task_id, starts in seen.items()})

    def write(self, tasks: Sequence[PutOffTask]) -> None:
        """Note tasks that this start put off."""
        by_bucket: dict[int, list[PutOffTask]] = defaultdict(list)
        for task in tasks:
            by_bucket[bucket_of(task.task_id, self._buckets)].append(task)
        for bucket, own in sorted(by_bucket.items()):
            path = layout.put_off_path(bucket, self._attempt, uuid.uuid4().hex[:12])
            self._run.write(path, orjson.dumps(own))


def read_put_off(run: RunFolder, path: str) -> list[PutOffTask]:
    """The tasks of one file; none where it is damaged or gone."""
    try:
        return [PutOffTask(**fields) for fields in orjson.loads(run.read(path))]
    except (OSError, TypeError, orjson.JSONDecodeError):
        return []


def put_off_causes(run: RunFolder, attempt: str) -> Causes:
    """The last errors of the tasks that one start put off, each task's once."""
    last: dict[str, str] = {}
    for path, _ in run.match(layout.PUT_OFF_FILES):
        if _attempt_of(path) == attempt:
            last.update((task.task_id, task.error) for task in read_put_off(run, path))
    return Causes(last.values())


def _attempt_of(path: str) -> str:
    return path.rpartition("/")[2].partition("-")[0]
