"""Drives the method programs of a batch concurrently on one event loop.

`run_program` makes one task's outcome; `drive` keeps a window of programs running, without a
barrier, and hands outcomes to a `Flusher`, which brings them to disk by number and by time.
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import time
import traceback
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple

import orjson

from beam_synth.calling import Endpoint, PutOff, Stop, corrections, parse_instance
from beam_synth.drawing import Draw, digest, draw
from beam_synth.engines.base import Request
from beam_synth.errors import Permanent, Rejected, Stopped, Unusable
from beam_synth.methods import Answer, Method, Seed
from beam_synth.outcomes import Finished, finished
from beam_synth.records import REASONS, Outcome, Sample, Task
from beam_synth.rows import MAX_SAMPLES, distinct, sample_row

RoleName = Literal["generator", "judge"]


@dataclasses.dataclass(frozen=True)
class Role:
    """One role's endpoint, and the sampling that the job sets for it."""

    endpoint: Endpoint
    sampling: Mapping[str, Any]


@dataclasses.dataclass(frozen=True)
class Context:
    """What all programs of a run share."""

    seed: int
    role: Callable[[str], Role]
    method: Callable[[str], Method]
    prompt_sha256: Callable[[str], str]  # of a template


class Unfinished(NamedTuple):
    """A program that was put off or stopped; `final` is its outcome if that repeats."""

    detail: str
    final: Finished | None = None


# ---------------------------------------------------------------- one program


class _Program:
    """The engines as one task's program sees them, and the log of its calls."""

    def __init__(self, task: Task, context: Context) -> None:
        self._task = task
        self._context = context
        self._asked = 0
        self.steps: list[dict[str, Any]] = []
        self.models: list[dict[str, Any]] = []
        self.last_text = ""

    @property
    def generator(self) -> _Port:
        return _Port(self, self._context.role("generator"))

    @property
    def judge(self) -> _Port:
        return _Port(self, self._context.role("judge"))

    def draw(self, purpose: str) -> Draw:
        return draw(self._context.seed, self._task.task_id, purpose)

    def next_key(self) -> str:
        """The key of the next call; a program asks in the same order whenever it runs."""
        self._asked += 1
        return digest(self._context.seed, self._task.task_id, "call", self._asked)

    def log(self, request: Request, role: Role, tries: int, completions: Sequence[Any]) -> None:
        engine = role.endpoint.engine
        self.last_text = completions[0].text
        self.steps.append(
            {
                "step": request.template,
                "model": engine.name,
                "prompt_tokens": sum(c.usage.prompt_tokens for c in completions),
                "completion_tokens": sum(c.usage.completion_tokens for c in completions),
                "tries": tries,
                "malformed": False,
            }
        )
        self.models.append(
            {
                "name": engine.name,
                "revision": getattr(engine, "revision", ""),
                "license": getattr(engine, "license", ""),
                "step": request.template,
                "prompt_sha256": self._context.prompt_sha256(request.template),
                "sampling": orjson.dumps(
                    dict(request.sampling), option=orjson.OPT_SORT_KEYS
                ).decode(),
            }
        )


@dataclasses.dataclass(frozen=True)
class _Port:
    program: _Program
    role: Role

    async def ask(
        self,
        template: str,
        variables: Mapping[str, Any],
        schema: Mapping[str, Any] | None = None,
        sampling: Mapping[str, Any] | None = None,
    ) -> Answer:
        """Call the engine; a malformed structured answer is sent back a bounded number of times."""
        merged = {**(sampling or {}), **self.role.sampling}  # what the job says goes first
        request = Request(template, variables, schema, merged)
        sent_back = 0
        while True:
            key = self.program.next_key()
            request = dataclasses.replace(request, seed=int(key[:8], 16) >> 1)
            called = await self.role.endpoint.call(request, key)
            self.program.log(request, self.role, called.tries, called.completions)
            text = called.completions[0].text
            if schema is None:
                return Answer(text, {})
            try:
                return Answer(text, parse_instance(text, schema))
            except ValueError as error:
                self.program.steps[-1]["malformed"] = True
                if sent_back == self.role.endpoint.policy.malformed:
                    raise Rejected("malformed_answer", f"{template}: {error}") from None
                sent_back += 1
                request = dataclasses.replace(request, followups=corrections(text, str(error)))


async def run_program(seed: Seed, context: Context) -> Finished | Unfinished:
    """Run a task's method to its outcome; nothing that a method or an engine does escapes."""
    task = seed.task
    program = _Program(task, context)

    def ended(kind: Literal["rejected", "failed"], reason: str, detail: str) -> Finished:
        return _encoded(_outcome(task, program, kind, reason, detail))

    try:
        method = context.method(task.method)
        result = await method.function(seed, program, program.draw)
        samples = [result] if isinstance(result, Sample) else list(result)
        return finished(_sampled(task, program, method, context.seed, samples))
    except Rejected as error:
        if error.reason not in REASONS:
            return ended("failed", "internal_error", f"unknown reason {error.reason!r}")
        return ended("rejected", error.reason, error.detail)
    except (Stopped, PutOff) as error:
        return Unfinished(str(error))
    except Unusable as error:
        return Unfinished(str(error), ended("failed", "engine_error", str(error)))
    except Permanent as error:
        return ended("failed", "engine_error", str(error))
    except Exception as error:  # a method's own fault: this task fails, its batch goes on
        return ended("failed", "internal_error", _told(error))


def _encoded(outcome: Outcome) -> Finished:
    """Encode a reject or failure, whatever characters its texts hold."""
    try:
        return finished(outcome)
    except TypeError:
        texts = {
            name: getattr(outcome, name).encode("utf-8", "replace").decode()
            for name in ("detail", "raw")
        }
        return finished(dataclasses.replace(outcome, **texts))


def _outcome(
    task: Task, program: _Program, kind: Literal["rejected", "failed"], reason: str, detail: str
) -> Outcome:
    return Outcome(
        task_id=task.task_id,
        kind=kind,
        method=task.method,
        language=task.language,
        reason=reason,
        detail=detail,
        raw=program.last_text,
        usage=_usage(program.steps),
        steps=tuple(program.steps),
    )


def _sampled(
    task: Task, program: _Program, method: Method, run_seed: int, samples: list[Sample]
) -> Outcome:
    if not 0 < len(samples) <= MAX_SAMPLES:
        raise ValueError(f"{task.method} gave {len(samples)} samples, 1 to {MAX_SAMPLES} may be")
    calls = distinct(program.models)
    rows = [
        sample_row(sample, i, task, method, run_seed, calls) for i, sample in enumerate(samples)
    ]
    return Outcome(
        task_id=task.task_id,
        kind="sample",
        method=task.method,
        language=task.language,
        samples=tuple(rows),
        qualities=tuple(sample.quality for sample in samples),
        usage=_usage(program.steps),
        steps=tuple(program.steps),
    )


def _usage(steps: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    return {
        "calls": len(steps),
        "retries": sum(step["tries"] - 1 for step in steps),
        "prompt_tokens": sum(step["prompt_tokens"] for step in steps),
        "completion_tokens": sum(step["completion_tokens"] for step in steps),
    }


def _told(error: Exception) -> str:
    """The error and the innermost places it came through; no path of this machine."""
    tail = traceback.extract_tb(error.__traceback__)[-3:]
    places = [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in tail]
    return f"{type(error).__name__}: {error} ({' > '.join(places)})"


# ---------------------------------------------------------------- a batch of programs


class Flusher:
    """Gathers outcomes and writes them after `rows` of them or `seconds`, whichever is first.

    `write` runs in a thread, one at a time; while it runs, programs go on, and those that
    finish a whole flush ahead of it wait.
    """

    def __init__(
        self,
        write: Callable[[list[Finished]], None],
        rows: int,
        seconds: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._write = write
        self._rows = rows
        self._seconds = seconds
        self._clock = clock
        self._buffer: list[Finished] = []
        self._since = 0.0  # when the first of the buffer came
        self._lock = asyncio.Lock()

    async def put(self, item: Finished) -> None:
        """Take one outcome; flushes when that is due."""
        if not self._buffer:
            self._since = self._clock()
        self._buffer.append(item)
        if self._due():
            await self.flush(only_if_due=True)

    def _due(self) -> bool:
        full = len(self._buffer) >= self._rows
        return full or (bool(self._buffer) and self._clock() - self._since >= self._seconds)

    async def flush(self, only_if_due: bool = False) -> None:
        """Write what is there."""
        async with self._lock:
            if not self._buffer or (only_if_due and not self._due()):
                return
            items, self._buffer = self._buffer, []
            await asyncio.to_thread(self._write, items)

    async def tick(self) -> None:
        """Wait a while, then flush if that is due: for when no program finishes."""
        await asyncio.sleep(self._seconds)
        await self.flush(only_if_due=True)


class Feed:
    """A batch's tasks in order, their texts attached chunk by chunk, one chunk ahead."""

    def __init__(
        self, tasks: Sequence[Task], attach: Callable[[Sequence[Task]], list[Seed]], chunk: int
    ) -> None:
        self._chunks = deque(tasks[i : i + chunk] for i in range(0, len(tasks), chunk))
        self._attach = attach
        self._ready: deque[Seed] = deque()
        self._coming: tuple[Sequence[Task], asyncio.Future[list[Seed]]] | None = None
        self._lock = asyncio.Lock()

    async def next(self) -> Seed | None:
        """The next task with its texts, None after the last."""
        while not self._ready:
            async with self._lock:
                if self._ready:
                    break
                if self._coming is None:
                    self._prefetch()
                if self._coming is None:
                    return None
                self._ready.extend(await self._coming[1])
                self._coming = None
                self._prefetch()
        return self._ready.popleft()

    def _prefetch(self) -> None:
        if self._chunks:
            chunk = self._chunks.popleft()
            # Starts at once in its thread, even while programs that never wait hold the loop.
            future = asyncio.get_running_loop().run_in_executor(None, self._attach, chunk)
            self._coming = (chunk, future)

    async def close(self) -> list[Task]:
        """End; returns the tasks that were not handed out."""
        rest = [seed.task for seed in self._ready]
        if self._coming is not None:
            rest += self._coming[0]
            await asyncio.gather(self._coming[1], return_exceptions=True)
        return rest + [task for chunk in self._chunks for task in chunk]


@dataclasses.dataclass
class Driver:
    """Runs one batch: at most `window` programs at a time, started in order."""

    run: Callable[[Seed], Awaitable[Finished | Unfinished]]
    flusher: Flusher
    stop: Stop
    window: int
    late_rounds: int

    async def drive(self, feed: Feed) -> list[Task]:
        """Run all programs; returns the tasks left unfinished. What finished is written."""
        put_off: list[tuple[Seed, Unfinished]] = []
        async with _background(self._tick()):
            await self._lanes(feed.next, put_off)
            for _ in range(self.late_rounds):
                if self.stop.reason is None and put_off:
                    put_off = await self._again(put_off)
            if self.stop.reason is None:  # the endpoint serves others: it is these tasks
                for _, result in put_off:
                    if result.final is not None:
                        await self.flusher.put(result.final)
                put_off = [item for item in put_off if item[1].final is None]
            await self.flusher.flush()
        return [seed.task for seed, _ in put_off] + await feed.close()

    async def _tick(self) -> None:
        while True:
            await self.flusher.tick()
            await asyncio.to_thread(self.stop.look)

    async def _lanes(
        self, take: Callable[[], Awaitable[Seed | None]], put_off: list[tuple[Seed, Unfinished]]
    ) -> None:
        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(self.window):
                    group.create_task(self._lane(take, put_off))
        except ExceptionGroup as errors:  # of lanes that could not write or read: the batch breaks
            raise errors.exceptions[0] from None

    async def _lane(
        self, take: Callable[[], Awaitable[Seed | None]], put_off: list[tuple[Seed, Unfinished]]
    ) -> None:
        while self.stop.reason is None:
            seed = await take()
            if seed is None:
                return
            result = await self.run(seed)
            if isinstance(result, Unfinished):
                put_off.append((seed, result))
            else:
                await self.flusher.put(result)

    async def _again(self, put_off: list[tuple[Seed, Unfinished]]) -> list[tuple[Seed, Unfinished]]:
        seeds = deque(seed for seed, _ in put_off)
        still: list[tuple[Seed, Unfinished]] = []

        async def take() -> Seed | None:
            return seeds.popleft() if seeds else None

        await self._lanes(take, still)
        stopped = put_off[len(put_off) - len(seeds) :]
        return still + stopped


@contextlib.asynccontextmanager
async def _background(work: Awaitable[None]) -> Any:
    """Run something beside a block, and end it with the block."""
    task = asyncio.ensure_future(work)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
