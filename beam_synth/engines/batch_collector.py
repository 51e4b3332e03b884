"""Gathers requests into batches, and hands out what came of them.

A request is known by its id, which depends on what it asks alone: whoever asks it again, in this
process or after a kill, gets what was or will be answered.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Coroutine, Iterable, Sequence
from typing import Any

from beam_synth.engines.batch_desk import Accounts, BatchDesk, Pace
from beam_synth.engines.batch_notes import BatchNotes, Result
from beam_synth.engines.batch_services import BatchService
from beam_synth.engines.responses import Json
from beam_synth.errors import EngineError, Stopped, Transient

_LOOK = 0.5  # seconds between looks at the stop
_LOADED = 2  # batches whose results are held at once, for what is asked again


class Collector:
    """The requests to one model of a run. Belongs to one event loop.

    Args:
        service: where batches go.
        notes: of this model's batches.
        model: its name, for the accounts.
        pace: how requests are gathered, and batches looked at.
        accounts: is told of requests and batches.
        ended: the reason for which no answer is waited for any longer, or None.
    """

    def __init__(
        self,
        service: BatchService,
        notes: BatchNotes,
        model: str,
        pace: Pace,
        accounts: Accounts,
        ended: Callable[[], str | None],
    ) -> None:
        self._service = service
        self._model = model
        self._pace = pace
        self._accounts = accounts
        self._ended = ended
        self._desk = BatchDesk(service, notes, model, pace, accounts, self._sleep)
        self._most = min(pace.requests, service.most_requests)
        self._ready = False
        self._opening: asyncio.Task[None] | None = None
        self._sending = asyncio.Lock()
        self._known: dict[str, str] = {}  # id of a request -> key of its batch, "" while it is sent
        self._over: set[str] = set()  # keys of batches whose results lie in the run
        self._followed: set[str] = set()  # keys of batches that are waited for
        self._gathered: dict[str, bytes] = {}  # id -> line
        self._bytes = 0
        self._last = 0.0  # when the last one was gathered, by the loop's clock
        self._held_until = 0.0  # no batch is begun before
        self._idling = False
        self._waiting: dict[str, list[asyncio.Future[Result]]] = defaultdict(list)
        self._loaded: OrderedDict[str, asyncio.Task[dict[str, Result]]] = OrderedDict()
        self._tasks: set[asyncio.Task[None]] = set()

    async def result(self, custom_id: str, body: Callable[[], Json]) -> Result:
        """What came of a request; `body` makes it where it was not asked before.

        Waits as long as that takes. Raises EngineError where it cannot be sent or was not
        answered, AskAgain where it has to be asked anew, Stopped as the accounts and `ended` say.
        """
        await self._open()
        key = self._known.get(custom_id)
        if key in self._over:
            kept = (await self._results(str(key))).get(custom_id)
            if kept is not None:
                return kept
            self.forget(custom_id)
            key = None
        if key and key not in self._followed:  # it could not be waited for before
            self._start(self._follow(key), [])
        if (
            key is None
            and custom_id not in self._gathered
            and not await self._gather(custom_id, body)
        ):
            return await self.result(custom_id, body)  # another asked it in the meantime
        future: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._waiting[custom_id].append(future)
        return await future

    def forget(self, custom_id: str) -> None:
        """What came of it is of no use: when it is asked the next time, it is sent again."""
        self._known.pop(custom_id, None)

    async def _results(self, key: str) -> dict[str, Result]:
        """What came of a batch; thousands may ask at once, and one reads it for them all."""
        if key not in self._loaded:
            self._loaded[key] = asyncio.get_running_loop().create_task(self._desk.results(key))
            while len(self._loaded) > _LOADED:
                self._loaded.popitem(last=False)  # those who wait for it get it still
        try:
            return await asyncio.shield(self._loaded[key])
        except OSError as error:
            self._loaded.pop(key, None)
            raise Transient(f"what came of a batch cannot be read: {error}") from None

    async def _open(self) -> None:
        """Take up, once, what former starts left."""
        if self._ready:
            return
        if self._opening is None or self._opening.done():  # all who wait share its failure
            self._opening = asyncio.get_running_loop().create_task(self._taken_up())
        await asyncio.shield(self._opening)

    async def _taken_up(self) -> None:
        for key, ids in (await self._desk.open()).items():
            self._known.update(dict.fromkeys(ids, key))
            if self._desk.notes[key].phase == "ended":
                self._over.add(key)
            else:
                self._start(self._follow(key), [])
        self._ready = True

    # ------------------------------------------------------------ gather

    async def _gather(self, custom_id: str, body: Callable[[], Json]) -> bool:
        """Add a request to what is sent next; False where another has asked it by now."""
        line = self._service.line(custom_id, body())
        await self._accounts.admit_batched(self._model)
        if custom_id in self._gathered or custom_id in self._known:
            self._accounts.withdraw(self._model)
            return False
        if self._bytes + len(line) + 1 > self._service.most_bytes:
            self._send_gathered()
        self._gathered[custom_id] = line
        self._bytes += len(line) + 1
        self._last = asyncio.get_running_loop().time()
        if len(self._gathered) >= self._most and self._last >= self._held_until:
            self._send_gathered()
        elif not self._idling:
            self._idling = True
            self._start(self._send_when_idle(), [])
        return True

    async def _send_when_idle(self) -> None:
        """Send what is gathered once nothing comes any more: no program can go on."""
        clock = asyncio.get_running_loop().time
        try:
            while self._gathered:
                left = max(self._last + self._pace.idle, self._held_until) - clock()
                if left <= 0:
                    self._send_gathered()
                    return
                await self._sleep(left)
        finally:
            self._idling = False

    def _send_gathered(self) -> None:
        ids, lines = list(self._gathered), list(self._gathered.values())
        self._gathered, self._bytes = {}, 0
        for start in range(0, len(ids), self._most):
            part = slice(start, start + self._most)
            self._known.update(dict.fromkeys(ids[part], ""))
            self._start(self._send(ids[part], lines[part]), ids[part])

    # ------------------------------------------------------------ send, and hand out

    async def _send(self, ids: Sequence[str], lines: Sequence[bytes]) -> None:
        async with self._sending:
            note = await self._desk.send(ids, lines)
        self._known.update(dict.fromkeys(ids, note.key))
        await self._follow(note.key)

    async def _follow(self, key: str) -> None:
        """Wait for a batch, and hand out what came of it."""
        if key in self._followed:
            return
        self._followed.add(key)
        try:
            ended = await self._desk.outcome(key)
        except (EngineError, OSError) as error:
            waiting = [each for each in self._waiting if self._known.get(each) == key]
            self._fail(waiting, _as_engine_error(error))
            return
        finally:
            self._followed.discard(key)
        if key in self._desk.notes:
            self._over.add(key)
        if ended.too_much:
            self._most = max(1, min(self._most, len(ended.ids)) // 2)
            self._held_until = asyncio.get_running_loop().time() + self._pace.slowest
        for custom_id in ended.ids:
            result = ended.results.get(custom_id)
            if result is None:
                self.forget(custom_id)
                self._tell(custom_id, ended.errors.get(custom_id, ended.otherwise))
            else:
                self._tell(custom_id, result)

    def _tell(self, custom_id: str, what: Result | Exception) -> None:
        for future in self._waiting.pop(custom_id, ()):
            if future.done():
                continue
            if isinstance(what, Exception):
                future.set_exception(what)
            else:
                future.set_result(what)

    def _fail(self, ids: Iterable[str], error: Exception) -> None:
        """Tell those who wait; what is at the service by now is asked for there the next time."""
        for custom_id in ids:
            if self._known.get(custom_id) not in self._desk.notes:
                self.forget(custom_id)
                self._gathered.pop(custom_id, None)
            self._tell(custom_id, error)

    def _start(self, work: Coroutine[Any, Any, None], ids: Iterable[str]) -> None:
        """Run something in the background; those who wait for these ids hear of its failure."""

        async def told() -> None:
            try:
                await work
            except Stopped as error:
                self._fail(list(self._waiting), error)
            except (EngineError, OSError) as error:
                self._fail(ids, _as_engine_error(error))

        task = asyncio.get_running_loop().create_task(told())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _sleep(self, seconds: float) -> None:
        """Wait; raises Stopped as soon as nothing is to be waited for any longer."""
        clock = asyncio.get_running_loop().time
        until = clock() + seconds
        while True:
            reason = self._ended()
            if reason is not None:
                raise Stopped(reason)
            left = until - clock()
            if left <= 0:
                return
            await asyncio.sleep(min(left, _LOOK))

    async def close(self) -> None:
        """End what is under way here; batches at the service go on."""
        tasks: list[asyncio.Task[Any]] = [*self._tasks, *self._loaded.values()]
        tasks += [self._opening] if self._opening is not None else []
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _as_engine_error(error: EngineError | OSError) -> EngineError:
    """What a request that waited for it ends in; what cannot be written can be so later."""
    if isinstance(error, EngineError):
        return error
    return Transient(f"the batch cannot be noted: {error}")
