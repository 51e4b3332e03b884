"""Drives the programs of a batch concurrently on one event loop.

A `Driver` keeps a number of programs running, without a barrier, and hands their outcomes to a
`Flusher`, which brings them to disk. A `Feed` attaches the texts of the tasks
that come next, a `MethodBreaker` stops a run whose method only breaks. Everything here belongs to
one event loop; memory holds one flush, two chunks of texts and the programs under way.
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, NamedTuple

from beam_synth.errors import Stopped
from beam_synth.generation.calls import Policy
from beam_synth.generation.doubts import Doubts, Ended
from beam_synth.generation.flushing import Flusher
from beam_synth.generation.health import SUSPECTED
from beam_synth.generation.outcomes import Finished
from beam_synth.generation.program import Unfinished
from beam_synth.generation.put_off import PutOffTask
from beam_synth.generation.stopping import Stop
from beam_synth.methods.seeds import Seed
from beam_synth.records import Outcome, Task

_BROKE = "internal_error"
Take = Callable[[], Awaitable[Seed | None]]


class _Chunk(NamedTuple):
    """Tasks whose texts are being attached in a thread."""

    tasks: Sequence[Task]
    seeds: asyncio.Future[list[Seed]]


class Feed:
    """A batch's tasks in order, their texts attached chunk by chunk, one chunk ahead.

    Args:
        tasks: the batch.
        attach: gives tasks their texts, in their order; runs in a thread.
        chunk: tasks attached at once; two chunks are in memory at most.
    """

    def __init__(
        self, tasks: Sequence[Task], attach: Callable[[Sequence[Task]], list[Seed]], chunk: int
    ) -> None:
        self._chunks = deque(tasks[i : i + chunk] for i in range(0, len(tasks), chunk))
        self._attach = attach
        self._ready: deque[Seed] = deque()
        self._coming: _Chunk | None = None
        self._lock = asyncio.Lock()

    async def next(self) -> Seed | None:
        """The next task with its texts, None after the last. Raises what `attach` raises."""
        while not self._ready:
            async with self._lock:
                if self._ready:
                    break
                if self._coming is None:
                    self._prefetch()
                if self._coming is None:
                    return None
                self._ready.extend(await self._coming.seeds)
                self._coming = None
                self._prefetch()
        return self._ready.popleft()

    def _prefetch(self) -> None:
        if self._chunks:
            tasks = self._chunks.popleft()
            # Starts at once in its thread, even while programs that never wait hold the loop.
            seeds = asyncio.get_running_loop().run_in_executor(None, self._attach, tasks)
            self._coming = _Chunk(tasks, seeds)

    async def close(self) -> list[Task]:
        """End; returns the tasks that were not handed out, in order. Waits for the thread."""
        rest = [seed.task for seed in self._ready]
        if self._coming is not None:
            rest += self._coming.tasks
            await asyncio.gather(self._coming.seeds, return_exceptions=True)
        return rest + [task for chunk in self._chunks for task in chunk]


class MethodBreaker:
    """Holds a method's exceptions back until one of its tasks ends in another way.

    A method that breaks on `policy.broken` tasks in a row, or on every task of the first batch,
    would spend all the money on nothing: it stops the run, and these tasks stay unfinished. An
    outcome "broke" where its reason is `internal_error`. `first` says that nothing is done yet.
    """

    def __init__(self, stop: Stop, policy: Policy, first: bool) -> None:
        self._stop = stop
        self._policy = policy
        self._first = first
        self._held: dict[str, list[tuple[Seed, Finished]]] = {}
        self._sound: set[str] = set()  # methods of which a task ended in another way
        self._tripped: list[Task] = []

    def passed_on(self, seed: Seed, item: Finished) -> list[Finished]:
        """The outcomes that may be written now that this one is known: none while the method only
        breaks, all that were held back with the first that ends in another way."""
        method = seed.task.method
        held = self._held.setdefault(method, [])
        held.append((seed, item))
        if item.outcome.reason != _BROKE:
            self._sound.add(method)
            return self._released(method)
        if len(held) >= self._policy.broken:
            self._trip(method)
        return []

    def rest(self) -> tuple[list[Finished], list[Task]]:
        """At the end of a batch: what may be written, and the tasks that stay unfinished."""
        for method, held in self._held.items():
            if self._first and len(held) >= self._policy.broken_first and method not in self._sound:
                self._trip(method)
        return [item for method in self._held for item in self._released(method)], self._tripped

    def _released(self, method: str) -> list[Finished]:
        held, self._held[method] = self._held[method], []
        return [item for _, item in held]

    def _trip(self, method: str) -> None:
        held, self._held[method] = self._held[method], []
        self._tripped += [seed.task for seed, _ in held]
        self._stop.trip(
            "breaker",
            f"the method {method!r} broke on {len(held)} tasks in a row, the last one with: "
            f"{held[-1][1].outcome.detail}; they are done again by a resume",
        )


@dataclasses.dataclass
class Driver:
    """Runs one batch: at most `programs` at a time, started in order.

    There is no barrier: a lane takes its next task as soon as its last one ended.
    """

    run: Callable[[Seed], Awaitable[Finished | Unfinished]]  # one program, to its end
    flusher: Flusher[Finished]
    stop: Stop
    broken: MethodBreaker
    programs: int  # lanes
    late_rounds: int  # times that what was put off is tried again after the last task
    doubts: Doubts = dataclasses.field(default_factory=Doubts)
    each_flush: Callable[[], object] | None = None  # in a thread, at each time that a flush is due
    note: Callable[[list[PutOffTask]], object] = len  # in a thread, what was put off
    saw: Callable[[Outcome], None] = lambda outcome: None  # told of each outcome, as it comes

    async def drive(self, feed: Feed, suspects: Feed) -> list[Task]:
        """Run all programs, last those of tasks that an earlier start put off (`suspects`).

        What finished is written. Returns the tasks left unfinished: those that a stop kept from
        starting, and those put off in every round. Raises what writing or attaching raises.
        """
        async with background(self._tick()):
            await self._lanes(feed.next)
            await self._late(suspects)
            ended = await self._end()
            for item in ended.final:
                await self.flusher.put(item)
            held, broken = self.broken.rest()
            for item in held:
                await self.flusher.put(item)
            await self.flusher.flush()
            if ended.put_off:
                await asyncio.to_thread(self.note, ended.put_off)
        return ended.unfinished + broken + await feed.close() + await suspects.close()

    async def _end(self) -> Ended:
        try:
            return await self.doubts.end(self.stop.reason is not None)
        except Stopped:  # the budget allows no call more
            return await self.doubts.end(stopped=True)

    async def _tick(self) -> None:
        while True:
            await self.flusher.tick()
            await asyncio.to_thread(self.each_flush or self.stop.look)

    async def _late(self, suspects: Feed) -> None:
        """Try what was put off again, then what earlier starts put off."""
        SUSPECTED.set(True)  # for the lanes that begin from here on
        again: deque[tuple[Seed, Unfinished]] = deque()

        async def take() -> Seed | None:
            return again.popleft()[0] if again else None

        for _ in range(self.late_rounds):
            again.extend(self.doubts.to_try_again())
            await self._lanes(take)
            for seed, result in again:  # a stop kept them from it
                self.doubts.put(seed, result)
            again.clear()
        await self._lanes(suspects.next)

    async def _lanes(self, take: Take) -> None:
        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(self.programs):
                    group.create_task(self._lane(take))
        except ExceptionGroup as errors:  # of lanes that could not write or read: the batch breaks
            raise errors.exceptions[0] from None

    async def _lane(self, take: Take) -> None:
        while self.stop.reason is None:
            seed = await take()
            if seed is None:
                return
            result = await self.run(seed)
            if isinstance(result, Unfinished):
                self.doubts.put(seed, result)
            else:
                self.saw(result.outcome)
                for item in self.broken.passed_on(seed, result):
                    await self.flusher.put(item)
            for item in self.doubts.settled():
                await self.flusher.put(item)


@contextlib.asynccontextmanager
async def background(work: Awaitable[None]) -> Any:
    """Run something beside a block, and end it with the block."""
    task = asyncio.ensure_future(work)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
