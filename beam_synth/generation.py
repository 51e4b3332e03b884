"""What one worker does with batches of tasks: engines, event loop, outcome files.

A `Runtime` lives as long as its process; `Runtime.process` turns a batch of tasks into
outcomes on disk and returns light references to them.
"""

from __future__ import annotations

import asyncio
import atexit
import dataclasses
import functools
import threading
import time
from collections import Counter
from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import IO, Any, TypeVar

import pyarrow as pa

from beam_synth import files, orphans
from beam_synth.calling import Endpoint, Policy, Sleep, Stop
from beam_synth.engines.base import Engine
from beam_synth.engines.registry import endpoint_key, make_engine
from beam_synth.job import Generate, Job, Model
from beam_synth.methods import Method, Seed, load_method
from beam_synth.orphans import Launcher
from beam_synth.outcomes import Completed, Finished, summarise
from beam_synth.passages import PassageStore
from beam_synth.prompts import Prompts
from beam_synth.records import SAMPLE_REF_SCHEMA, Count, Reject, Task, count, reject
from beam_synth.rows import sample_refs
from beam_synth.scheduling import Context, Driver, Feed, Flusher, Role, Unfinished, run_program

T = TypeVar("T")
STAGE = "Generate"
STOP_FOLDER = "_stop"
_WINDOWS_A_BATCH = 100  # the drain at a batch's end then costs 4% under jitter, 12% at 20
_MAX_BATCH = 25_600  # tasks; 16 MB of them
_CHUNK = 1000  # tasks whose texts are attached at once; 2 chunks of 10 passages of 4 KB: 80 MB


@dataclasses.dataclass(frozen=True)
class GenerateConfig:
    """All that a worker needs to know to generate."""

    run: str  # run directory, may be a URL
    seed: int
    models: Mapping[str, Model]  # by role
    generate: Generate
    prompts: str | None
    passage_buckets: int
    task_buckets: int
    keep_numbers_for: tuple[str, ...] = ()
    attempt: str = "0"  # part of the names of outcome files
    processes: int = 1  # worker processes that share the window
    launcher: Launcher | None = None  # where it runs on this machine

    @classmethod
    def of_job(cls, job: Job, **where: Any) -> GenerateConfig:
        """From a job; `where` gives run, passage_buckets, task_buckets and the optional fields."""
        return cls(
            seed=job.seed,
            models={role: job.model(role) for role in ("generator", "judge")},
            generate=job.generate,
            prompts=job.prompts,
            keep_numbers_for=job.dedup.keep_numbers_for,
            **where,
        )

    @property
    def window(self) -> int:
        """Calls that this process keeps in flight."""
        return -(-self.generate.window // self.processes)

    @property
    def batch_size(self) -> int:
        """Tasks of a batch."""
        return min(_MAX_BATCH, _WINDOWS_A_BATCH * self.window)


# ---------------------------------------------------------------- results


class BatchResult:
    """What a batch comes to; filled flush by flush, after each one's files are in place."""

    def __init__(self, config: GenerateConfig) -> None:
        self._config = config
        self.refs: list[pa.Table] = []  # of SAMPLE_REF_SCHEMA
        self.rejects: list[Reject] = []
        self.metrics: Counter[str] = Counter()
        self._counts: Counter[tuple[str, str, str]] = Counter()

    def add(self, file: str, items: Sequence[Finished]) -> None:
        """Take the outcomes that lie in a file."""
        pairs = [(file, item) for item in items]
        self.refs.append(
            sample_refs(pairs, self._config.task_buckets, self._config.keep_numbers_for)
        )
        self._count("out", len(self.refs[-1]))
        self.metrics.update(summarise(item.outcome for item in items))
        for outcome in (item.outcome for item in items):
            if outcome.kind == "sample":
                self._count("passed")
                continue
            self._count(outcome.kind, reason=outcome.reason)
            self.rejects.append(
                reject(
                    outcome.kind,
                    STAGE,
                    outcome.reason,
                    outcome.detail,
                    record_id=outcome.task_id,
                    raw=outcome.raw,
                )
            )

    def _count(self, kind: str, n: int = 1, reason: str = "") -> None:
        self._counts[STAGE, kind, reason] += n

    def end(self, entered: int, unfinished: int) -> None:
        """The batch is over."""
        self._count("in", entered)
        self._count("unfinished", unfinished)

    @property
    def counts(self) -> list[Count]:
        return [count(*key[:2], n, key[2]) for key, n in self._counts.items() if n]

    def table(self) -> pa.Table:
        """All references."""
        return pa.concat_tables([SAMPLE_REF_SCHEMA.empty_table(), *self.refs])


# ---------------------------------------------------------------- engines of a process


class Roles:
    """Endpoints by role, made when first asked for; all of one address share one window.

    Belongs to one event loop.
    """

    def __init__(
        self, config: GenerateConfig, stop: Stop, policy: Policy, sleep: Sleep = asyncio.sleep
    ) -> None:
        self._config = config
        self._stop = stop
        self._policy = policy
        self._sleep = sleep
        self._windows: dict[str, asyncio.Semaphore] = {}
        self._engines: list[Engine] = []
        self._roles: dict[str, Role] = {}
        self.prompts = Prompts(config.prompts)

    def __call__(self, name: str) -> Role:
        if name not in self._roles:
            model = self._config.models[name]
            engine = make_engine(model, self._config.generate, self.prompts)
            self._engines.append(engine)
            window = self._windows.setdefault(
                endpoint_key(model), asyncio.Semaphore(self._config.window)
            )
            endpoint = Endpoint(engine, window, self._policy, self._stop, self._sleep)
            self._roles[name] = Role(endpoint, model.sampling)
        return self._roles[name]

    async def close(self) -> None:
        """Close the engines."""
        for engine in self._engines:
            await engine.close()


def _context(config: GenerateConfig, roles: Roles) -> Context:
    return Context(
        seed=config.seed,
        role=roles,
        method=_method,
        prompt_sha256=functools.lru_cache(maxsize=None)(roles.prompts.sha256),
    )


@functools.cache
def _method(name: str) -> Method:
    return load_method(name)


def attach(tasks: Sequence[Task], store: PassageStore) -> list[Seed]:
    """The tasks with their texts. Raises Fault when a passage is not in the run."""
    ids = {task.passage_id for task in tasks}
    ids.update(neighbor for task in tasks for neighbor in task.neighbors)
    found = store.get_many(ids)
    return [
        Seed(task, found[task.passage_id], tuple(found[n] for n in task.neighbors))
        for task in tasks
    ]


async def preview(seeds: Sequence[Seed], config: GenerateConfig) -> list[Finished | Unfinished]:
    """The outcomes of a few tasks, from the job's real engines; writes nothing."""
    stop = Stop(lambda: None, lambda reason, message: None)
    roles = Roles(config, stop, _policy(config))
    context = _context(config, roles)
    try:
        return list(await asyncio.gather(*(run_program(seed, context) for seed in seeds)))
    finally:
        await roles.close()


def _policy(config: GenerateConfig) -> Policy:
    window = config.window
    return Policy(config.generate.max_attempts, breaker=min(10, max(3, window)))


# ---------------------------------------------------------------- runtime


@dataclasses.dataclass(frozen=True)
class _Files:
    run: str

    def open(self, path: str) -> IO[bytes]:
        return files.open_read(self.run, path)

    def create(self, path: str) -> Any:
        return files.open_write(self.run, path)

    def names(self, folder: str) -> list[str]:
        return files.list_names(self.run, folder)


class Runtime:
    """A process's event loop and engines for one run. Safe for threads."""

    def __init__(
        self,
        config: GenerateConfig,
        policy: Policy | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self.config = config
        self._policy = policy or _policy(config)
        self._clock = clock
        self._sleep = sleep
        self._files = _Files(config.run)
        self._stop = Stop(self._reason, self._tell)
        self._store = PassageStore(self._files.open, config.passage_buckets)
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._roles: Roles | None = None
        self._busy = 0

    def _reason(self) -> str | None:
        return next(iter(self._files.names(STOP_FOLDER)), None)

    def _tell(self, reason: str, message: str) -> None:
        with self._files.create(f"{STOP_FOLDER}/{reason}") as handle:
            handle.write(message.encode() + b"\n")

    def process(self, tasks: Sequence[Task]) -> BatchResult:
        """Bring every task to its outcome, except those that a stop leaves unfinished.

        Outcomes that lie in the run already count; nothing is sent for their tasks.
        """
        config, result = self.config, BatchResult(self.config)
        completed = Completed(self._files, config.task_buckets, config.attempt)
        done: set[str] = set()
        for file, items in completed.lookup(task.task_id for task in tasks):
            result.add(file, items)
            done.update(item.outcome.task_id for item in items)
        rest = [task for task in tasks if task.task_id not in done]
        if rest and self._stop.look() is None:
            rest = self._run(self._drive(rest, completed, result))
        result.end(len(tasks), len(rest))
        return result

    async def _drive(
        self, tasks: list[Task], completed: Completed, result: BatchResult
    ) -> list[Task]:
        def write(items: list[Finished]) -> None:
            self._stop.look()
            for file, written in completed.write(items):
                result.add(file, written)

        if self._roles is None:
            self._roles = Roles(self.config, self._stop, self._policy, self._sleep)
        context = _context(self.config, self._roles)
        generate = self.config.generate
        flusher = Flusher(write, generate.flush_rows, generate.flush_seconds, self._clock)
        feed = Feed(tasks, lambda chunk: attach(chunk, self._store), _CHUNK)
        driver = Driver(
            run=lambda seed: run_program(seed, context),
            flusher=flusher,
            stop=self._stop,
            window=self.config.window,
            late_rounds=self._policy.late_rounds,
        )
        return await driver.drive(feed)

    # -------------------------------------------------------- event loop

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        with self._lock:
            self._busy += 1
            loop = self._started()
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

    def _started(self) -> asyncio.AbstractEventLoop:
        if self._loop is None:
            if self.config.launcher is not None:
                orphans.end_with(self.config.launcher)
            self._loop = asyncio.new_event_loop()
            self._thread = threading.Thread(
                target=self._loop.run_forever, name="generate", daemon=True
            )
            self._thread.start()
        return self._loop

    @property
    def busy(self) -> bool:
        return self._busy > 0

    def close(self) -> None:
        """End the loop and close the engines; the next batch starts them again."""
        with self._lock:
            loop, thread, roles = self._loop, self._thread, self._roles
            self._loop = self._thread = self._roles = None
        if loop is None or thread is None:
            return
        if roles is not None:
            asyncio.run_coroutine_threadsafe(roles.close(), loop).result()
        asyncio.run_coroutine_threadsafe(loop.shutdown_default_executor(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


_RUNTIMES: dict[str, Runtime] = {}
_RUNTIMES_LOCK = threading.Lock()


def runtime(config: GenerateConfig) -> Runtime:
    """This process's runtime for a run: one window, whatever number of threads work on it.

    Beam never unloads a model, so idle runtimes of other runs are closed here.
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
    """Close every runtime of this process."""
    with _RUNTIMES_LOCK:
        while _RUNTIMES:
            _RUNTIMES.popitem()[1].close()
