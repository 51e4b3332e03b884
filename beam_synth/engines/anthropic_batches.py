"""Anthropic's message batches.

Read for this: https://platform.claude.com/docs/en/build-with-claude/batch-processing and
anthropic-sdk-python `types/messages/message_batch.py`, `batch_create_params.py`: 100,000 requests
or 256 MB, results for 29 days, requests counted as `processing` until the whole batch has ended.
A batch has no name and no metadata; it is known by its time, its number of requests, and at the end
by the ids of its requests.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from typing import Any

import orjson

from beam_synth.engines.base import Usage
from beam_synth.engines.batch_notes import Note, Result
from beam_synth.engines.batch_services import BatchState, json_lines, tokens_of
from beam_synth.engines.http_client import JsonClient
from beam_synth.engines.responses import Json, parsed
from beam_synth.errors import Transient

_PATH = "messages/batches"
_PAGE = 100
_PAGES = 50
_CLOCKS = 600.0  # seconds by which the clocks here and there may differ
_SKIPPED = {"canceled": "the batch was canceled", "expired": "batch_expired"}


class AnthropicBatches:
    """Batches of messages. Args: client of the endpoint."""

    kind = "anthropic"
    most_requests = 100_000
    most_bytes = 240_000_000  # of 256 MB

    def __init__(self, client: JsonClient) -> None:
        self._client = client

    async def probe(self) -> None:
        """List a batch."""
        await self._client.fetch("GET", f"{_PATH}?limit=1")

    def line(self, custom_id: str, body: Json) -> bytes:
        """An element of `requests`."""
        return orjson.dumps({"custom_id": custom_id, "params": body})

    async def find(self, note: Note, run_id: str, taken: frozenset[str]) -> str:
        """A batch of as many requests that was begun since the note was written.

        Where such a batch is another's, its results say so: see `Collector`.
        """
        after = ""
        for _ in range(_PAGES):
            page = parsed(await self._client.fetch("GET", f"{_PATH}?limit={_PAGE}{after}"))
            listed = [item for item in page.get("data") or [] if isinstance(item, dict)]
            for item in listed:
                passed = {*taken, *note.passed_over}
                if _may_be(item, note) and item.get("id") not in passed:
                    return str(item["id"])
            older = all(_created(item) < note.started - _CLOCKS for item in listed)
            if older or not page.get("has_more"):
                break
            after = f"&after_id={page.get('last_id')}"
        return ""

    async def submit(self, note: Note, run_id: str, lines: Sequence[bytes]) -> str:
        """Begin the batch, in one call."""
        body = b'{"requests":[' + b",".join(lines) + b"]}"
        data = parsed(await self._client.fetch("POST", _PATH, body))
        if not isinstance(data.get("id"), str):
            raise Transient(f"the service gives no id of the batch: {', '.join(data)}")
        return str(data["id"])

    async def state(self, batch_id: str) -> BatchState:
        """How far it is; the service counts what is done only when all of it is."""
        data = parsed(await self._client.fetch("GET", f"{_PATH}/{batch_id}"))
        counts = data.get("request_counts") or {}
        done = sum(_number(counts, key) for key in ("succeeded", "errored", "canceled", "expired"))
        ended = data.get("processing_status") == "ended"
        return BatchState("ended" if ended else "running", done, data=data)

    async def results(self, state: BatchState) -> list[bytes]:
        """Its one file of results."""
        return [await self._client.fetch("GET", f"{_PATH}/{state.data['id']}/results")]

    def read(self, file: bytes) -> Iterator[tuple[str, Result]]:
        """Its lines; an error has no status, its type says what it would be."""
        for data in json_lines(file):
            result = data.get("result") or {}
            kind = result.get("type")
            if kind == "succeeded":
                found = Result(200, result.get("message"))
            elif kind == "errored":
                found = Result(200, result.get("error"))
            else:
                told = _SKIPPED.get(str(kind), f"a result of type {kind}")
                found = Result(503, {"error": {"message": told}})
            yield str(data.get("custom_id")), found

    def usage(self, body: Any) -> Usage:
        """As a message tells it."""
        used = body.get("usage") if isinstance(body, dict) else None
        read = ["input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens"]
        return tokens_of(used, read, "output_tokens")


def _may_be(item: Json, note: Note) -> bool:
    counts = item.get("request_counts") or {}
    kinds = ("processing", "succeeded", "errored", "canceled", "expired")
    as_many = sum(_number(counts, key) for key in kinds) == note.requests
    return as_many and _created(item) >= note.started - _CLOCKS


def _number(counts: Any, key: str) -> int:
    value = counts.get(key) if isinstance(counts, dict) else None
    return value if isinstance(value, int) else 0


def _created(item: Json) -> float:
    """When a batch was begun, in seconds since 1970; 0 where that cannot be read."""
    try:
        return datetime.datetime.fromisoformat(str(item.get("created_at"))).timestamp()
    except ValueError:
        return 0.0
