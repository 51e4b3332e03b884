"""The call journal: the finished calls of tasks that have not ended, so that a kill costs few.

`_calls/<bucket>/<attempt>-<worker>-<seq>.parquet`: one row a call, by task, place in its program
and hash of what was asked. A program that runs again gets what it got before; its rows are dead
once the task has an outcome. A call is in flight until its row waits for a flush, so that a kill
loses no more than a window of calls and the rows of one flush.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
import uuid
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable

from beam_synth.drawing import bucket_of
from beam_synth.engines.base import Request
from beam_synth.engines.request_hashes import request_hash
from beam_synth.errors import Rejected, TooLong
from beam_synth.generation.call_rows import (
    CallRow,
    decode_called,
    encode_called,
    read_call_tasks,
    read_calls,
    write_calls,
)
from beam_synth.generation.calls import Called, Endpoint, PutOff
from beam_synth.generation.flushing import Flusher
from beam_synth.generation.outcomes import Damaged
from beam_synth.storage import layout
from beam_synth.storage.files import RunFolder

LOG = logging.getLogger(__name__)
_READERS = 4  # tasks whose rows are read at once; what is read is replayed at once, and gone

Kept = dict[str, dict[str, bytes]]  # call -> hash of what was asked -> what came


class CallJournal:
    """The journal of one batch: what lies in the run of its tasks, and what comes to it.

    Belongs to the event loop that first waits in it, but for `look_up` and `ended`, which any
    thread may call. Memory holds the rows of one flush, those of a few tasks that are about to
    be replayed, and the names of files by task.

    Args:
        run: folder of the run.
        buckets: task buckets of the run.
        attempt: with a name of this journal's own the beginning of the names of its files.
        rows: calls of one flush; half of them wait while the others are written.
        seconds: longest time that a call waits for a flush.
        published: called in a thread after each flush.
        clock: seconds that never go back.
    """

    def __init__(
        self,
        run: RunFolder,
        buckets: int,
        attempt: str,
        rows: int,
        seconds: float,
        published: Callable[[], object] = bool,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._run = run
        self._buckets = buckets
        self._name = f"{attempt}-{uuid.uuid4().hex[:12]}"
        self._published = published
        self._flusher = Flusher(self._write, max(1, rows // 2), seconds, clock)
        self._reading = asyncio.Semaphore(_READERS)
        self._lock = threading.Lock()
        self._files: dict[str, list[str]] = defaultdict(list)  # of each task that has not ended
        self._alive: dict[str, set[str]] = {}  # file of this batch -> its tasks that go on
        self._begun: set[str] = set()
        self._ended: set[str] = set()
        self._written = 0
        self._error: OSError | None = None

    def look_up(self, task_ids: Iterable[str]) -> None:
        """Find the files that hold calls of these tasks; a damaged file is logged and passed over,
        so that its calls are made again."""
        wanted = set(task_ids)
        for bucket in sorted({bucket_of(task_id, self._buckets) for task_id in wanted}):
            folder = layout.calls_folder(bucket)
            for file in (f"{folder}/{name}" for name in self._run.names(folder)):
                try:
                    with self._run.open(file) as handle:
                        tasks = read_call_tasks(handle)
                except Damaged as error:
                    LOG.warning("%s is skipped, its calls are made again: %s", file, error)
                    continue
                if tasks <= wanted:
                    self._alive[file] = tasks
                for task_id in tasks & wanted:
                    self._files[task_id].append(file)

    async def of_task(self, task_id: str) -> TaskJournal:
        """The journal of a task whose program is about to run, with all that lies there of it."""
        if task_id in self._begun:  # a late round of the batch: its calls may wait here
            await self._flusher.flush()
        self._begun.add(task_id)
        with self._lock:
            files = tuple(self._files.get(task_id, ()))
        kept: Kept = {}
        if files:
            async with self._reading:
                kept = await asyncio.to_thread(self._read, task_id, files)
        return TaskJournal(task_id, self._put, kept)

    def _read(self, task_id: str, files: Iterable[str]) -> Kept:
        kept: Kept = defaultdict(dict)
        for file in files:
            try:
                with self._run.open(file) as handle:
                    rows = read_calls(handle, task_id).to_pylist()
            except (Damaged, FileNotFoundError) as error:
                LOG.warning("%s is skipped, its calls are made again: %s", file, error)
                continue
            for row in rows:  # of two answers to one request the smaller counts, as of outcomes
                asked, body = kept[row["call"]], row["body"]
                asked[row["request"]] = min(body, asked.get(row["request"], body))
        return kept

    async def _put(self, row: CallRow) -> None:
        """Take a call; done when there is room for it in a flush. Raises PutOff where the journal
        cannot be written, which `check` tells in full."""
        try:
            await self._flusher.put(row)
        except OSError as error:
            self._error = error
            raise PutOff(f"the call journal cannot be written: {error}") from error

    def _write(self, rows: list[CallRow]) -> None:
        by_bucket: dict[int, list[CallRow]] = defaultdict(list)
        for row in rows:
            if row.task_id not in self._ended:
                by_bucket[bucket_of(row.task_id, self._buckets)].append(row)
        for bucket, own in sorted(by_bucket.items()):
            file = layout.calls_path(bucket, self._name, self._written)
            self._written += 1
            with self._run.create(file) as handle:
                write_calls(own, handle)
            with self._lock:  # meanwhile tasks may have ended
                alive = {row.task_id for row in own} - self._ended
                if alive:
                    self._alive[file] = alive
                for task_id in alive:
                    self._files[task_id].append(file)
            if not alive:
                self._run.remove(file)
        self._published()

    def ended(self, task_ids: Iterable[str]) -> None:
        """These tasks have their outcome on disk; files of this batch's tasks alone, which have
        all ended, are removed."""
        with self._lock:
            self._ended.update(task_ids)
            for task_id in task_ids:
                for file in self._files.pop(task_id, ()):
                    if file in self._alive:
                        self._alive[file].discard(task_id)
            dead = [file for file, alive in self._alive.items() if not alive]
            for file in dead:
                del self._alive[file]
        for file in dead:
            self._run.remove(file)

    async def flush_on_time(self) -> None:
        """Flush by time until cancelled: for when no call finishes."""
        try:
            while True:
                await self._flusher.tick()
        except OSError as error:
            self._error = error

    async def flush(self) -> None:
        """Write what waits. Raises OSError."""
        await self._flusher.flush()

    def check(self) -> None:
        """Raise the OSError that kept the journal from being written."""
        if self._error is not None:
            raise self._error


class TaskJournal:
    """The calls of one task: those of an earlier run of its program, and those to come.

    `put` takes a row; `kept` is what lies there, of which each call is handed out once.
    """

    def __init__(self, task_id: str, put: Callable[[CallRow], Awaitable[None]], kept: Kept) -> None:
        self._task_id = task_id
        self._put = put
        self._kept = kept

    async def call(self, endpoint: Endpoint, request: Request, key: str, wording: str) -> Called:
        """What came of this call before, or a new call, which is kept.

        `key` names the call's place, `wording` is the hash of its template. A program that asks
        something else at a place than it did before goes another way: all that is left of its
        earlier run is dropped. Raises as `Endpoint.call`.
        """
        asked = request_hash(request, endpoint.engine.name, wording)
        body = self._before(key, asked)
        if body is not None:
            return decode_called(body)

        async def keep(came: Called | TooLong | Rejected) -> None:
            await self._put(CallRow(self._task_id, key, asked, encode_called(came)))

        try:
            return await endpoint.call(request, key, keep)
        except (TooLong, Rejected) as error:  # the program may go on from these
            await keep(error)
            raise

    def _before(self, key: str, asked: str) -> bytes | None:
        kept = self._kept.pop(key, None)
        if kept is not None and asked not in kept:
            self._kept.clear()
            return None
        return None if kept is None else kept[asked]
