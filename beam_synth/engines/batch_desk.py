"""A run's batches at their service: begun, noted, found again, waited for, fetched.

Each step at the service is noted before and after; what was begun and is not noted as sent is
looked for there before anything is sent.
"""

from __future__ import annotations

import asyncio
import dataclasses
import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any, Protocol

from beam_synth.engines.base import Usage
from beam_synth.engines.batch_notes import BatchNotes, Note, Result
from beam_synth.engines.batch_services import BatchService, BatchState
from beam_synth.engines.refusals import refusal
from beam_synth.errors import EngineError, Permanent, Transient

LOG = logging.getLogger(__name__)
_TRIES = 8  # of beginning a batch
_LONGEST = 60.0  # seconds between two of them


class AskAgain(Exception):
    """A request has to be asked anew; that is no fault of it, and counts as no try."""


class Accounts(Protocol):
    """What is told of requests, and may forbid the next one."""

    async def admit_batched(self, model: str) -> None:
        """A request is about to be gathered. Raises Stopped when the budget is spent."""
        ...

    def withdraw(self, model: str, requests: int = 1) -> None:
        """Requests that were admitted are not sent."""
        ...

    async def batch(
        self, key: str, model: str, requests: int, usage: Usage, gathered: bool = False
    ) -> None:
        """So many requests are in the batch of this key, and took this by now; `gathered` says that
        they were admitted here."""
        ...

    async def no_batch(self, key: str) -> None:
        """There is no such batch."""
        ...


@dataclasses.dataclass(frozen=True)
class Pace:
    """How requests are gathered, and batches looked at; in seconds."""

    requests: int = 25_000  # of a batch at most
    idle: float = 10.0  # without a further request after which what is there is sent
    poll: float = 30.0  # between looks at a batch; grows by a fifth with each
    slowest: float = 300.0  # longest time between looks


@dataclasses.dataclass(frozen=True)
class BatchOutcome:
    """What came of a batch: for each id a result, else an error of its own, else `otherwise`."""

    ids: Sequence[str]
    results: dict[str, Result]
    otherwise: Exception
    errors: dict[str, Exception] = dataclasses.field(default_factory=dict)
    too_much: bool = False  # for the service: fewer at a time, and later


class BatchDesk:
    """The batches of one model of a run. Belongs to one event loop.

    Args:
        service: where batches go.
        notes: of this model's batches.
        model: its name, for the accounts.
        pace: how batches are looked at.
        accounts: is told of batches.
        sleep: waits for seconds; raises Stopped once nothing is to be waited for.
    """

    def __init__(
        self,
        service: BatchService,
        notes: BatchNotes,
        model: str,
        pace: Pace,
        accounts: Accounts,
        sleep: Callable[[float], Awaitable[None]],
    ) -> None:
        self._service = service
        self._files = notes
        self._model = model
        self._pace = pace
        self._accounts = accounts
        self._sleep = sleep
        self._run_id = ""
        self.notes: dict[str, Note] = {}  # by key

    async def open(self) -> dict[str, list[str]]:
        """Read the notes of former starts, and look for what was begun.

        Returns the keys of batches that are under way or over, with the ids whose results are there
        or to come. Raises EngineError where the service cannot be asked.
        """
        self._run_id = await asyncio.to_thread(self._files.run_id)
        notes = await asyncio.to_thread(self._files.load)
        self.notes.update({note.key: note for note in notes})
        found = {}
        for note in notes:
            if note.phase != "begun" or (
                note.attempt != self._files.attempt  # else another worker is at it
                and await self._found_again(note)
            ):
                found[note.key] = await self._asked_by(self.notes[note.key])
        return found

    async def _found_again(self, note: Note) -> bool:
        batch_id = await self._find(note)
        if batch_id:
            await self._noted(note, phase="sent", id=batch_id)
        else:
            await self._dropped(note)
        return bool(batch_id)

    async def _asked_by(self, note: Note) -> list[str]:
        ids = await asyncio.to_thread(self._files.ids, note)
        if note.phase != "ended":
            return ids
        results = await self.results(note.key)
        return [custom_id for custom_id in ids if _is_final(results.get(custom_id))]

    async def results(self, key: str) -> dict[str, Result]:
        """What came of a batch that ended."""
        return await asyncio.to_thread(self._files.results, self.notes[key])

    # ------------------------------------------------------------ begin

    async def send(self, ids: Sequence[str], lines: Sequence[bytes]) -> Note:
        """Begin a batch. Raises EngineError where that cannot be; then there is none."""
        try:
            note = await asyncio.to_thread(self._files.begin, ids)
        except OSError:
            self._accounts.withdraw(self._model, len(ids))
            raise
        await self._accounts.batch(note.key, self._model, len(ids), Usage(), gathered=True)
        try:
            return await self._noted(note, phase="sent", id=await self._submitted(note, lines))
        except EngineError:
            await self._dropped(note)
            raise

    async def _submitted(self, note: Note, lines: Sequence[bytes]) -> str:
        """The id of a new batch, which is looked for before each further try."""
        wait, last = 1.0, Transient("not tried")
        for _ in range(_TRIES):
            try:
                return await self._service.submit(note, self._run_id, lines)
            except Transient as error:
                last = error
                await self._sleep(max(wait, min(error.retry_after or 0.0, _LONGEST)))
                wait = min(_LONGEST, 2 * wait)
                found = await self._find(note)
                if found:
                    return found
        raise last

    async def _find(self, note: Note) -> str:
        taken = frozenset(other.id for other in self.notes.values() if other.id)
        last = Transient("not tried")
        for _ in range(_TRIES):
            try:
                return await self._service.find(note, self._run_id, taken)
            except Transient as error:
                last = error
                await self._sleep(self._pace.poll)
        raise last

    # ------------------------------------------------------------ wait

    async def outcome(self, key: str) -> BatchOutcome:
        """Wait for a batch, and fetch what came of it. Raises EngineError where it cannot be asked
        for, as long as that is so."""
        wait = self._pace.poll
        while True:
            ended = await self._looked_at(self.notes[key])
            if ended is not None:
                return ended
            await self._sleep(wait)
            wait = min(self._pace.slowest, 1.2 * wait)

    async def _looked_at(self, note: Note) -> BatchOutcome | None:
        """What came of a batch; None where more will come."""
        try:
            state = await self._service.state(note.id)
            if state.phase == "running":
                if state.done != note.done:
                    await self._noted(note, done=state.done)
                return None
            if state.phase == "failed":
                return await self._failed(note, state)
            files = await self._service.results(state)
        except Transient as error:
            LOG.warning("batch %s: %s", note.id, error)
            return None
        except Permanent as error:
            if "status 404" not in str(error):
                raise
            gone = Transient(f"the batch {note.id} is not there any more: {error}")
            ids = await asyncio.to_thread(self._files.ids, note)
            await self._dropped(note)
            return BatchOutcome(ids, {}, gone)
        return await self._came(note, state, files)

    async def _came(
        self, note: Note, state: BatchState, files: Sequence[bytes]
    ) -> BatchOutcome | None:
        ids = await asyncio.to_thread(self._files.ids, note)
        results, usage = await asyncio.to_thread(self._stored, note, set(ids), files)
        if not results and any(files):
            return await self._others(note, ids)
        await self._accounts.batch(note.key, self._model, note.requests, usage)
        await self._noted(note, phase="ended", done=state.done or len(results))
        return BatchOutcome(
            ids, results, Transient(f"the batch {note.id} ended without an answer to it")
        )

    async def _others(self, note: Note, ids: Sequence[str]) -> BatchOutcome | None:
        """The results are another batch's, which was taken for this one: look on."""
        passed_over = (*note.passed_over, note.id)
        note = await self._noted(note, phase="begun", id="", passed_over=passed_over)
        if await self._found_again(note):
            return None
        return BatchOutcome(ids, {}, AskAgain("another batch was taken for this one"))

    def _stored(
        self, note: Note, ids: set[str], files: Iterable[bytes]
    ) -> tuple[dict[str, Result], Usage]:
        """What came of a batch, kept in the run, and the tokens that it took."""
        results, prompt, completion = {}, 0, 0
        for custom_id, result in (pair for file in files for pair in self._service.read(file)):
            if custom_id in ids:
                results[custom_id] = result
                usage = self._service.usage(result.body)
                prompt += usage.prompt_tokens
                completion += usage.completion_tokens
        if results or not any(files):
            self._files.write_results(note, results.items())
        return results, Usage(prompt, completion)

    async def _failed(self, note: Note, state: BatchState) -> BatchOutcome:
        """A batch that the service did not take: what it says of single lines is theirs, the others
        are asked again, unless it says something of all."""
        ids = await asyncio.to_thread(self._files.ids, note)
        await self._dropped(note)
        told = [(_line(error), refusal(200, None, {"error": error})) for error in state.errors]
        LOG.warning("batch %s failed: %s", note.id, told[0][1])
        errors: dict[str, Exception] = {
            ids[line - 1]: found for line, found in told if 0 < line <= len(ids)
        }
        of_all = [found for line, found in told if not line]
        too_much = any(isinstance(found, Transient) for found in of_all)
        again = AskAgain(str(told[0][1]))
        return BatchOutcome(
            ids, {}, again if too_much or not of_all else of_all[0], errors, too_much
        )

    # ------------------------------------------------------------ notes

    async def _noted(self, note: Note, **changes: Any) -> Note:
        note = dataclasses.replace(note, **changes)
        await asyncio.to_thread(self._files.write, note)
        self.notes[note.key] = note
        return note

    async def _dropped(self, note: Note) -> None:
        await self._accounts.no_batch(note.key)
        await asyncio.to_thread(self._files.drop, note)
        self.notes.pop(note.key, None)


def _line(error: Any) -> int:
    """The line that an error of a batch is about; 0 where it names none."""
    line = error.get("line") if isinstance(error, dict) else None
    return line if isinstance(line, int) else 0


def _is_final(result: Result | None) -> bool:
    """Whether asking again would give no more than this."""
    if result is None:
        return False
    if result.status == 200 and not (isinstance(result.body, dict) and "error" in result.body):
        return True
    return not isinstance(refusal(result.status, None, result.body), Transient)
