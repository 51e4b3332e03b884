"""Services that answer many requests together, later and for less: what they have alike, and
OpenAI's form of it (OpenAI, Azure, Groq and others).

Read for this: https://developers.openai.com/docs/guides/batch, openai-python `types/batch.py`,
`types/batch_create_params.py` (50,000 requests, 200 MB, metadata), `types/batch_list_params.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Literal, NamedTuple, Protocol

import orjson

from beam_synth.engines.base import Usage
from beam_synth.engines.batch_notes import Note, Result
from beam_synth.engines.http_client import JsonClient
from beam_synth.engines.responses import Json, parsed
from beam_synth.errors import Transient

_PAGE = 100  # batches that are listed at once
_PAGES = 50  # that are looked through for one of the run
RUN_KEY, BATCH_KEY, NUMBER_KEY = "beam_synth_run", "beam_synth_batch", "beam_synth_number"


class BatchState(NamedTuple):
    """How far a batch is at the service."""

    phase: Literal["running", "ended", "failed"]  # failed: nothing of it was answered
    done: int = 0  # requests answered, as far as the service tells
    errors: tuple[Any, ...] = ()  # why it failed: bodies of errors, with their `line` or without
    data: Any = None  # as the service gave it


class BatchService(Protocol):
    """A service, for the requests of one model. Calls raise Transient, Permanent or Unusable."""

    kind: str
    most_requests: int  # of a batch
    most_bytes: int  # of the lines of a batch

    async def probe(self) -> None:
        """Ask for something small. Raises EngineError where there is no such service."""
        ...

    def line(self, custom_id: str, body: Json) -> bytes:
        """A request as it stands in a batch."""
        ...

    async def find(self, note: Note, run_id: str, taken: frozenset[str]) -> str:
        """The id of the batch that the note is about; "" where it is not at the service.

        `taken` are ids of the run's other batches. A service that knows no names may take another
        batch for it, which shows when its results are there."""
        ...

    async def submit(self, note: Note, run_id: str, lines: Sequence[bytes]) -> str:
        """Begin the batch; its id."""
        ...

    async def state(self, batch_id: str) -> BatchState:
        """How far it is."""
        ...

    async def results(self, state: BatchState) -> list[bytes]:
        """The files of results of a batch that ended."""
        ...

    def read(self, file: bytes) -> Iterator[tuple[str, Result]]:
        """What stands in such a file, by the ids of the requests."""
        ...

    def usage(self, body: Any) -> Usage:
        """The tokens of an answer."""
        ...


def tokens_of(used: Any, prompt: Sequence[str], completion: str) -> Usage:
    """Tokens out of a mapping, by their names there; what is no number counts as none."""
    found = used if isinstance(used, dict) else {}

    def number(key: str) -> int:
        value = found.get(key)
        return value if isinstance(value, int) else 0

    return Usage(sum(map(number, prompt)), number(completion))


class OpenAIBatches:
    """Batches of OpenAI's form: a file of requests, a batch with metadata, files of results.

    Args:
        client: of the endpoint.
        path: of the API that the requests are for, "chat/completions".
    """

    kind = "openai"
    most_requests = 50_000
    most_bytes = 190_000_000  # of 200 MB

    def __init__(self, client: JsonClient, path: str) -> None:
        self._client = client
        self._url = f"/v1/{path}"

    async def probe(self) -> None:
        """List a batch."""
        await self._client.fetch("GET", "batches?limit=1")

    def line(self, custom_id: str, body: Json) -> bytes:
        """A line of the file."""
        asked = {"custom_id": custom_id, "method": "POST", "url": self._url, "body": body}
        return orjson.dumps(asked)

    async def find(self, note: Note, run_id: str, taken: frozenset[str]) -> str:
        """The batch whose metadata name the run and the note."""
        wanted = {RUN_KEY: run_id, BATCH_KEY: note.key}
        after = ""
        for _ in range(_PAGES):
            page = parsed(await self._client.fetch("GET", f"batches?limit={_PAGE}{after}"))
            listed = [item for item in page.get("data") or [] if isinstance(item, dict)]
            for item in listed:
                named = item.get("metadata") or {}
                if wanted.items() <= named.items() and item.get("id") not in taken:
                    return str(item["id"])
            if not page.get("has_more") or not listed:
                break
            # Newest first, as a rule: what is older than the note need not be looked through.
            if all(_before(item, note.started) for item in listed):
                break
            after = f"&after={listed[-1]['id']}"
        return ""

    async def submit(self, note: Note, run_id: str, lines: Sequence[bytes]) -> str:
        """Upload the file, and begin the batch."""
        name = f"beam-synth-{run_id[:12]}-{note.key[:12]}.jsonl"
        file = await self._client.upload("files", name, b"\n".join(lines), purpose="batch")
        asked = {
            "input_file_id": _id(file, "file"),
            "endpoint": self._url,
            "completion_window": "24h",
            "metadata": {RUN_KEY: run_id, BATCH_KEY: note.key, NUMBER_KEY: str(note.number)},
        }
        return _id(parsed(await self._client.fetch("POST", "batches", asked)), "batch")

    async def state(self, batch_id: str) -> BatchState:
        """How far it is; one that expired or was cancelled has ended, with what it has."""
        data = parsed(await self._client.fetch("GET", f"batches/{batch_id}"))
        counts = data.get("request_counts") or {}
        done = int(counts.get("completed") or 0) + int(counts.get("failed") or 0)
        status = str(data.get("status", "")).lower()
        if status == "failed":
            errors = (data.get("errors") or {}).get("data") or [{"message": "the batch failed"}]
            return BatchState("failed", done, tuple(errors), data)
        ended = status in ("completed", "expired", "cancelled")
        return BatchState("ended" if ended else "running", done, data=data)

    async def results(self, state: BatchState) -> list[bytes]:
        """Its file of answers and its file of errors."""
        files = [state.data.get(key) for key in ("output_file_id", "error_file_id")]
        return [await self._client.fetch("GET", f"files/{file}/content") for file in files if file]

    def read(self, file: bytes) -> Iterator[tuple[str, Result]]:
        """The lines of either file; one that is no JSON is passed over, and asked again."""
        for data in json_lines(file):
            response, error = data.get("response"), data.get("error")
            if isinstance(response, dict) and isinstance(response.get("status_code"), int):
                result = Result(response["status_code"], response.get("body"))
            else:
                result = Result(200, {"error": error or {"message": "no answer, no error"}})
            yield str(data.get("custom_id")), result

    def usage(self, body: Any) -> Usage:
        """As a call's answer tells it."""
        used = body.get("usage") if isinstance(body, dict) else None
        return tokens_of(used, ["prompt_tokens"], "completion_tokens")


def json_lines(file: bytes) -> Iterator[dict[str, Any]]:
    """The objects in a file of JSON lines; a line that holds none is passed over.

    >>> list(json_lines(b'{"a": 1}\\n{"a":\\n\\n[2]\\n'))
    [{'a': 1}]
    """
    for line in file.splitlines():
        try:
            data = orjson.loads(line)
        except orjson.JSONDecodeError:
            continue
        if isinstance(data, dict):
            yield data


def _before(item: Json, started: float) -> bool:
    """Whether a batch was begun a day before that or earlier; clocks may differ."""
    created = item.get("created_at")
    return isinstance(created, int | float) and created < started - 86_400


def _id(data: Json, what: str) -> str:
    """The id of what was made. Raises Transient where there is none."""
    if not isinstance(data.get("id"), str) or not data["id"]:
        raise Transient(f"the service gives no id of the {what}: {', '.join(data) or 'nothing'}")
    return str(data["id"])
