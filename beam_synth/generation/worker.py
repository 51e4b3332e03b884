"""What one worker does with batches of tasks: its event loop, engines and outcome files.

A `Runtime` lives as long as its process; `Runtime.process` turns a batch of tasks into
outcomes on disk and returns light references to them.
"""

from __future__ import annotations

import asyncio
import atexit
import functools
import gc
import sys
import threading
import time
import uuid
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any, TypeVar

from beam_synth.engines.batched import Place
from beam_synth.generation import orphans, pool
from beam_synth.generation.batch import Driver, Feed, MethodBreaker, background
from beam_synth.generation.budget import BUDGET_STOP, Ledger
from beam_synth.generation.calls import Policy, Sleep
from beam_synth.generation.config import STAGE, GenerateConfig
from beam_synth.generation.doubts import Doubts
from beam_synth.generation.flushing import Flusher
from beam_synth.generation.journal import CallJournal
from beam_synth.generation.none_kept import NoneKept
from beam_synth.generation.outcome_store import OutcomeStore
from beam_synth.generation.outcomes import Finished
from beam_synth.generation.program import Unfinished, journaled, run_journaled
from beam_synth.generation.put_off import PutOffStore
from beam_synth.generation.results import BatchResult
from beam_synth.generation.roles import Roles, context_of, policy_of
from beam_synth.generation.seeds import attach
from beam_synth.generation.stopping import Stop
from beam_synth.knowledge.passage_store import PassageStore
from beam_synth.methods.loading import load_method
from beam_synth.methods.seeds import Seed
from beam_synth.records import Task
from beam_synth.storage import layout
from beam_synth.storage.files import RunFolder

T = TypeVar("T")
_YOUNG_OBJECTS = 10_000  # Python's own is 700: a collection for every fourth call
_SWITCH_SECONDS = 0.0005  # Python's own is 0.005
Run = Callable[[Seed], Awaitable[Finished | Unfinished]]
_CHUNK = 1000  # tasks whose texts are attached at once; 2 chunks of 10 passages of 4 KB: 80 MB


class Runtime:
    """A process's event loop and engines for one run. Safe for threads.

    The loop, the engines and the pool start with the first batch that has something to send. All
    threads share one loop and so one window of calls in flight.

    Args:
        config: the run, its models and limits.
        policy: retries and breakers; the config's where None.
        clock: seconds that never go back, for the flushes.
        sleep: how retries wait; takes seconds.
    """

    def __init__(
        self,
        config: GenerateConfig,
        policy: Policy | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self.config = config
        self._policy = policy or policy_of(config)
        self._clock = clock
        self._sleep = sleep
        self._files = RunFolder(config.run)
        self._stop = Stop(self._stop_reason, self._write_stop)
        self._store = PassageStore(self._files.open, config.passage_buckets)
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._roles: Roles | None = None
        self._ledger = self._new_ledger()
        self._none_kept = NoneKept(self._stop, config.generate.none_kept, load_method)
        self._pool: pool.ProcessPool | None = None
        self._busy = 0

    def _new_ledger(self) -> Ledger:
        config = self.config
        name = f"{config.attempt}-{uuid.uuid4().hex[:12]}"
        return Ledger(self._files, name, self._stop, config.budget, config.prices, config.window)

    def _stop_reason(self) -> str | None:
        return next(iter(self._files.names(layout.STOP)), None)

    def _write_stop(self, reason: str, message: str) -> None:
        self._files.write(layout.stop_path(reason), message.encode() + b"\n")

    def _gives_up(self) -> str | None:
        """Why answers of a batch service are not waited for; a budget that is spent lets those
        come that were asked for."""
        if self._stop.reason != BUDGET_STOP:
            return self._stop.reason
        return next((name for name in self._files.names(layout.STOP) if name != BUDGET_STOP), None)

    def process(self, tasks: Sequence[Task], stage: str = STAGE) -> BatchResult:
        """Bring every task to its outcome, except those that a stop leaves unfinished.

        Outcomes that lie in the run already count; nothing is sent for their tasks. Blocks until
        the batch is done, while other threads may bring others.

        Args:
            tasks: the batch, of any number of buckets; memory holds the texts of some 2,000.
            stage: the name that counts and rejects stand under.

        Raises:
            Refused or EngineError: an engine cannot be made or used.
            OSError: outcomes cannot be written.
        """
        config, result = self.config, BatchResult(self.config, stage)
        completed = OutcomeStore(self._files, config.task_buckets, config.attempt)
        done: set[str] = set()
        for file, items in completed.lookup(task.task_id for task in tasks):
            result.add(file, items)
            done.update(item.outcome.task_id for item in items)
            self._none_kept.known(item.outcome for item in items)
        rest = [task for task in tasks if task.task_id not in done]
        if rest and self._stop.look() is None:
            rest = self._run(self._drive(rest, completed, result, first=not done))
        result.end(len(tasks), len(rest))
        return result

    async def _drive(
        self, tasks: list[Task], completed: OutcomeStore, result: BatchResult, first: bool
    ) -> list[Task]:
        def write(items: list[Finished]) -> None:
            self._stop.look()
            for file, written in completed.write(items):
                result.add(file, written)
            journal.ended([item.outcome.task_id for item in items])
            self._ledger.publish()

        journal = self._journal()
        put_off = PutOffStore(self._files, self.config.task_buckets, self.config.attempt)
        if self._roles is None:
            place = Place(self._files, self.config.attempt, self._ledger, self._gives_up)
            self._roles = Roles(
                self.config, self._stop, self._policy, self._sleep, self._ledger, place
            )
        context = context_of(self.config, self._roles)
        generate = self.config.generate
        earlier = await asyncio.to_thread(put_off.look_up, [task.task_id for task in tasks])
        fresh = [task for task in tasks if task.task_id not in earlier]
        suspects = [task for task in tasks if task.task_id in earlier]
        driver = Driver(
            run=self._runner(len(tasks)) or (lambda seed: run_journaled(seed, context, journal)),
            flusher=Flusher(write, generate.flush_rows, generate.flush_seconds, self._clock),
            stop=self._stop,
            broken=MethodBreaker(self._stop, self._policy, first),
            programs=self.config.programs,
            late_rounds=self._policy.late_rounds,
            doubts=Doubts(earlier, self._policy.starts, lambda: not fresh and self._has_outcomes()),
            each_flush=self._look_and_publish,
            note=put_off.write,
            saw=self._none_kept.saw,
        )
        async with background(journal.flush_on_time()):
            await asyncio.to_thread(journal.look_up, journaled(tasks, context))
            rest = await driver.drive(
                Feed(fresh, self._attached, _CHUNK), Feed(suspects, self._attached, _CHUNK)
            )
            await journal.flush()
        await asyncio.to_thread(self._ledger.publish)
        return rest

    def _has_outcomes(self) -> bool:
        return bool(self._files.match(layout.OUTCOME_FILES))

    def _journal(self) -> CallJournal:
        config, generate = self.config, self.config.generate
        return CallJournal(
            self._files,
            config.task_buckets,
            config.attempt,
            generate.flush_rows,
            generate.flush_seconds,
            self._look_and_publish,
            self._clock,
        )

    def _attached(self, tasks: Sequence[Task]) -> list[Seed]:
        return attach(tasks, self._store, self._files.open, self.config.problems)

    def _runner(self, tasks: int) -> Run | None:
        """What runs programs elsewhere, where that is worth it."""
        size = pool.workers(self.config, tasks)
        if self._pool is None and size:
            self._pool = pool.ProcessPool(self.config, size)
        return self._pool.run if self._pool is not None else None

    def _look_and_publish(self) -> None:
        self._stop.look()
        self._ledger.publish()

    # -------------------------------------------------------- event loop

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        with self._lock:
            self._busy += 1
            loop = self._running_loop()
        try:
            future = asyncio.run_coroutine_threadsafe(work, loop)
            try:
                return future.result()
            except BaseException:
                future.cancel()
                raise
        finally:
            with self._lock:
                self._busy -= 1

    def _running_loop(self) -> asyncio.AbstractEventLoop:
        """The loop in its thread, started where there is none; under the lock."""
        if self._loop is None:
            if self.config.launcher is not None:
                orphans.end_with(self.config.launcher)
            _prepare_interpreter()
            self._loop = asyncio.new_event_loop()
            self._thread = threading.Thread(
                target=self._loop.run_forever, name="generate", daemon=True
            )
            self._thread.start()
        return self._loop

    @property
    def busy(self) -> bool:
        """Whether a batch is at work."""
        return self._busy > 0

    def close(self) -> None:
        """End the loop and close the engines and the pool; the next batch starts them again.

        Not while a batch is at work: see `busy`.
        """
        with self._lock:
            loop, thread, roles, pool = self._loop, self._thread, self._roles, self._pool
            self._pool = None
            self._loop = self._thread = self._roles = None
            self._ledger = self._new_ledger()  # one belongs to its loop
        if loop is None or thread is None:
            return
        if pool is not None:
            pool.close()
        if roles is not None:
            asyncio.run_coroutine_threadsafe(roles.close(), loop).result()
        asyncio.run_coroutine_threadsafe(loop.shutdown_default_executor(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


@functools.cache
def _prepare_interpreter() -> None:
    """Once a process: keep what delays calls in flight short.

    Beam and its imports are some 300,000 objects that each full collection would go through, and
    a call's own objects are few and soon gone. And a thread that builds a table keeps the loop
    waiting at every system call for a whole interval.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG_OBJECTS, 10, 10)
    sys.setswitchinterval(_SWITCH_SECONDS)


_RUNTIMES: dict[str, Runtime] = {}
_RUNTIMES_LOCK = threading.Lock()


def runtime(config: GenerateConfig) -> Runtime:
    """This process's runtime for a run: one window, whatever number of threads work on it.

    Beam never unloads a model, so idle runtimes of other runs are closed here. Equal configs, by
    their `repr`, share a runtime.
    """
    key = repr(config)
    with _RUNTIMES_LOCK:
        if key not in _RUNTIMES:
            for other in [k for k, v in _RUNTIMES.items() if not v.busy]:
                _RUNTIMES.pop(other).close()
            _RUNTIMES[key] = Runtime(config)
        return _RUNTIMES[key]


@atexit.register
def close_all() -> None:
    """Close every runtime of this process; runs by itself when the process ends."""
    with _RUNTIMES_LOCK:
        while _RUNTIMES:
            _RUNTIMES.popitem()[1].close()
