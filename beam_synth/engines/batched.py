"""An engine whose requests are answered by its provider's batch service: later, for half the price.

Programs await `generate` as ever. Their requests are gathered until no program can go on without
an answer, and sent together.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, Protocol

from beam_synth.drawing import digest
from beam_synth.engines.base import Completion, Engine, Request, check_known
from beam_synth.engines.batch_collector import Collector
from beam_synth.engines.batch_desk import Accounts, AskAgain, Pace
from beam_synth.engines.batch_notes import BatchNotes, Result
from beam_synth.engines.batch_services import BatchService
from beam_synth.engines.http_client import JsonClient
from beam_synth.engines.refusals import refusal
from beam_synth.engines.request_hashes import request_hash
from beam_synth.engines.responses import Json
from beam_synth.errors import EngineError, Permanent, Refused, Transient
from beam_synth.storage.files import RunFolder

OPTION = "batch"  # of a model: true, or a mapping of the fields of `Pace`


class Batchable(Engine, Protocol):
    """An engine whose calls can be made by a batch service."""

    revision: str
    license: str

    def body(self, request: Request) -> Json:
        """The body of a request."""
        ...

    def read(self, request: Request, answer: Json, sent: Mapping[str, Any]) -> list[Completion]:
        """The completions in an answer to a body. Raises EngineError as `generate`."""
        ...

    def mend(self, error: EngineError, sent: Mapping[str, Any]) -> bool:
        """Whether another body may do where this one ended in that error; it is learned."""
        ...

    def batch_service(self) -> BatchService:
        """The service beside the endpoint."""
        ...


class Place(NamedTuple):
    """Where a run keeps its batches, and what their requests are told to."""

    run: RunFolder
    attempt: str
    accounts: Accounts
    ended: Callable[[], str | None]  # why no batch is waited for any longer; None: one is


def pace_of(options: Mapping[str, Any]) -> Pace | None:
    """How a model's options want batches; None where they want none.

    Raises Refused for a value that is none of them.

    >>> pace_of({}), pace_of({"batch": False})
    (None, None)
    >>> pace_of({"batch": {"requests": 1000}}).requests
    1000
    """
    said = options.get(OPTION, False)
    if isinstance(said, bool):
        return Pace() if said else None
    known = {field.name: field.type for field in dataclasses.fields(Pace)}
    if not isinstance(said, Mapping):
        raise Refused(f"options.{OPTION}: true or a mapping is wanted, found {said!r}")
    check_known(f"options.{OPTION}", said, list(known))
    for key, value in said.items():
        least = 1 if key == "requests" else 0
        if isinstance(value, bool) or not isinstance(value, int | float) or value < least:
            raise Refused(f"options.{OPTION}.{key}: a number from {least} on, found {value!r}")
    pace = Pace(**said)
    return dataclasses.replace(pace, requests=int(pace.requests))


def of_one_address(client: JsonClient) -> JsonClient:
    """The client itself. Raises Refused where it has several addresses: a batch lies at one."""
    if len(client.urls) > 1:
        raise Refused("base_url: batches are sent to one address")
    return client


class Batched:
    """The engine `inner` behind its batch service.

    What it can is what the engine can, but for token ids, which need a call of their own. Its calls
    take as long as a batch does, and are not timed.
    """

    timed = False

    def __init__(self, inner: Batchable, pace: Pace, place: Place) -> None:
        self._inner = inner
        self.name = inner.name
        self.revision = inner.revision
        self.license = inner.license
        service = inner.batch_service()
        notes = BatchNotes(place.run, f"{service.kind} {inner.name}", place.attempt)
        self._collector = Collector(service, notes, inner.name, pace, place.accounts, place.ended)

    @property
    def can(self) -> frozenset[str]:
        """As the engine, without `complete`."""
        return self._inner.can - {"complete"}

    async def generate(self, request: Request) -> list[Completion]:
        """What the service answers to the request, once a batch with it has ended.

        Raises as the engine, and Stopped.
        """
        custom_id = self._id_of(request)
        sent: list[Json] = []

        def body() -> Json:
            sent.append(self._inner.body(request))
            return sent[-1]

        while True:
            try:
                result = await self._collector.result(custom_id, body)
            except AskAgain:
                continue
            asked = sent[-1] if sent else self._inner.body(request)  # by a former start
            try:
                return self._read(request, result, asked)
            except Transient as error:  # the service as such has no more to do for it
                self._collector.forget(custom_id)
                raise Transient(str(error)) from None
            except Permanent as error:
                # Others of its batch may have taught the engine before.
                if not self._inner.mend(error, asked) and self._inner.body(request) == asked:
                    raise
                self._collector.forget(custom_id)

    def _id_of(self, request: Request) -> str:
        """What a request is known by: what it asks of which model, whatever the body of today."""
        return f"bs-{digest(request_hash(request, self.name, ''), request.n)}"

    def _read(self, request: Request, result: Result, sent: Json) -> list[Completion]:
        if result.status != 200 or not isinstance(result.body, dict):
            raise refusal(result.status, None, result.body)
        return self._inner.read(request, result.body, sent)

    async def close(self) -> None:
        """End what is under way here; batches at the service go on."""
        await self._collector.close()
        await self._inner.close()
