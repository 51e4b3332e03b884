"""Batch services of OpenAI's and of Anthropic's form for tests; answers are those of single calls.

Shapes: https://developers.openai.com/docs/guides/batch, openai-python `types/batch.py`;
https://platform.claude.com/docs/en/build-with-claude/batch-processing, anthropic-sdk-python
`types/messages/message_batch.py`.
"""

from __future__ import annotations

import asyncio
import dataclasses
import datetime
import time
from collections import Counter
from typing import Any

import orjson
from aiohttp import web

from beam_synth.drawing import digest
from tests.servers import fake_anthropic
from tests.servers.fake_anthropic import Claude, FakeAnthropic
from tests.servers.fake_openai import Behaviour, FakeOpenAI, completed, json_response

Json = dict[str, Any]


@dataclasses.dataclass
class Service:
    """What a batch service does, and what it saw."""

    polls: int = 1  # looks at a batch before it has ended
    # stages (upload, create, list, poll, fetch) whose answer is withheld, though all is done
    hold: set[str] = dataclasses.field(default_factory=set)
    refuses: bool = False  # the key, when a batch is looked at
    breaks: Counter[str] = dataclasses.field(default_factory=Counter)  # answers that get lost
    # what becomes of a request in place of an answer, by its number over all: expired or a status
    spoils: dict[int, Any] = dataclasses.field(default_factory=dict)
    failures: list[list[Json]] = dataclasses.field(default_factory=list)  # of the next batches
    reached: Counter[str] = dataclasses.field(default_factory=Counter)  # stages
    seen: Counter[str] = dataclasses.field(default_factory=Counter)  # requests that were executed
    batches: dict[str, Json] = dataclasses.field(default_factory=dict)
    lines: dict[str, list[Json]] = dataclasses.field(default_factory=dict)  # of each batch
    files: dict[str, bytes] = dataclasses.field(default_factory=dict)

    async def passed(self, stage: str, request: web.Request) -> None:
        """A stage was handled: its answer may be withheld, or lost."""
        self.reached[stage] += 1
        while stage in self.hold:
            await asyncio.sleep(0.01)
        if self.breaks[stage] > 0:
            self.breaks[stage] -= 1
            assert request.transport is not None
            request.transport.abort()

    def begun(self, batch: Json, lines: list[Json]) -> None:
        self.batches[batch["id"]] = batch
        self.lines[batch["id"]] = lines

    def spoilt(self, line: Json) -> Any:
        """What becomes of a request as it is executed."""
        number = self.seen.total()
        self.seen[line["custom_id"]] += 1
        return self.spoils.get(number)


class FakeOpenAIBatches(FakeOpenAI):
    """The fake endpoint with files and batches beside it."""

    def __init__(self, behaviour: Behaviour | None = None, service: Service | None = None) -> None:
        super().__init__(behaviour)
        self.service = service or Service()
        self._handlers |= {"/v1/files": self._upload, "/v1/batches": self._create}
        self._getters |= {
            "/v1/batches": self._list,
            "/v1/batches/{id}": self._batch,
            "/v1/files/{id}/content": self._content,
        }

    async def _upload(self, request: web.Request) -> web.StreamResponse:
        if (refused := self._unauthorised(request)) is not None:
            return refused
        form = await request.post()
        file: Any = form["file"]
        assert form["purpose"] == "batch" and file.filename.endswith(".jsonl")
        name = f"file-{len(self.service.files)}"
        self.service.files[name] = file.file.read()
        await self.service.passed("upload", request)
        return json_response({"id": name, "object": "file", "purpose": "batch"})

    async def _create(self, request: web.Request) -> web.StreamResponse:
        asked = orjson.loads(await request.read())
        assert asked["completion_window"] == "24h" and asked["endpoint"] == "/v1/chat/completions"
        assert all(len(key) <= 64 and len(value) <= 512 for key, value in asked["metadata"].items())
        file = self.service.files[asked["input_file_id"]]
        lines = [orjson.loads(line) for line in file.split(b"\n")]
        ids = [line["custom_id"] for line in lines]
        assert len(set(ids)) == len(ids) and all(len(name) <= 64 for name in ids)
        assert all(line["method"] == "POST" and line["url"] == asked["endpoint"] for line in lines)
        batch = {
            "id": f"batch_{len(self.service.batches)}",
            "object": "batch",
            **asked,
            "status": "validating",
            "created_at": int(time.time()),
            "request_counts": {"total": len(lines), "completed": 0, "failed": 0},
            "looks": 0,
        }
        self.service.begun(batch, lines)
        await self.service.passed("create", request)
        return json_response(batch)

    async def _list(self, request: web.Request) -> web.StreamResponse:
        newest = list(reversed(self.service.batches.values()))
        after, limit = request.query.get("after"), int(request.query.get("limit", 20))
        at = 1 + next((i for i, batch in enumerate(newest) if batch["id"] == after), -1)
        page = newest[at : at + limit]
        told = {"object": "list", "data": page, "has_more": at + limit < len(newest)}
        await self.service.passed("list", request)
        return json_response(told)

    async def _batch(self, request: web.Request) -> web.StreamResponse:
        batch = self.service.batches.get(request.match_info["id"])
        if batch is None:
            return json_response({"error": {"message": "No such batch."}}, 404)
        batch["looks"] += 1
        if batch["status"] in ("validating", "in_progress"):
            batch["status"] = "in_progress"
            if self.service.failures:
                told = {"object": "list", "data": self.service.failures.pop(0)}
                batch |= {"status": "failed", "errors": told}
            elif batch["looks"] > self.service.polls:
                self._execute(batch)
        await self.service.passed("poll", request)
        return json_response(batch)

    def _execute(self, batch: Json) -> None:
        answers, errors = [], []
        expired = 0
        for line in self.service.lines[batch["id"]]:
            spoilt, custom_id = self.service.spoilt(line), line["custom_id"]
            common = {"id": f"batch_req_{custom_id}", "custom_id": custom_id}
            if spoilt == "expired":
                expired += 1
                told = {"code": "batch_expired", "message": "This request could not be executed."}
                errors.append({**common, "response": None, "error": told})
            elif spoilt is not None:
                status, body = spoilt
                response = {"status_code": status, "request_id": "r", "body": body}
                errors.append({**common, "response": response, "error": None})
            else:
                body = line["body"]
                key = digest(orjson.dumps(body))
                response = {"status_code": 200, "request_id": "r"}
                response["body"] = completed(body, key, None, self.behaviour)
                answers.append({**common, "response": response, "error": None})
        batch["status"] = "expired" if expired else "completed"
        counts = {"completed": len(answers), "failed": len(errors)}
        batch["request_counts"] |= counts
        for name, found in (("output_file_id", answers), ("error_file_id", errors)):
            batch[name] = f"file-{batch['id']}-{name}" if found else None
            # In another order than they were asked.
            self.service.files[f"file-{batch['id']}-{name}"] = _lines(found[::-1])

    async def _content(self, request: web.Request) -> web.StreamResponse:
        data = self.service.files[request.match_info["id"]]
        await self.service.passed("fetch", request)
        return web.Response(body=data)


class FakeAnthropicBatches(FakeAnthropic):
    """The fake of the messages API with message batches."""

    def __init__(
        self,
        behaviour: Behaviour | None = None,
        claude: Claude | None = None,
        service: Service | None = None,
    ) -> None:
        super().__init__(behaviour, claude)
        self.service = service or Service()
        self._handlers["/v1/messages/batches"] = self._create
        self._getters |= {
            "/v1/messages/batches": self._list,
            "/v1/messages/batches/{id}": self._batch,
            "/v1/messages/batches/{id}/results": self._results,
        }

    async def _create(self, request: web.Request) -> web.StreamResponse:
        if (refused := self._unauthorised(request)) is not None:
            return refused
        lines = orjson.loads(await request.read())["requests"]
        ids = [line["custom_id"] for line in lines]
        assert len(set(ids)) == len(ids) and all(len(name) <= 64 for name in ids)
        batch = self.of_another(len(lines))
        self.service.begun(batch, lines)
        await self.service.passed("create", request)
        return json_response(batch)

    def of_another(self, requests: int) -> Json:
        """A batch of so many requests, which the service lists from now on."""
        now = datetime.datetime.now(datetime.UTC)
        counts = {"processing": requests, "succeeded": 0, "errored": 0, "canceled": 0, "expired": 0}
        batch = {
            "id": f"msgbatch_{len(self.service.batches)}",
            "type": "message_batch",
            "processing_status": "in_progress",
            "request_counts": counts,
            "created_at": now.isoformat().replace("+00:00", "Z"),
            "expires_at": (now + datetime.timedelta(days=1)).isoformat(),
            "ended_at": None,
            "results_url": None,
            "looks": 0,
        }
        lines = [{"custom_id": f"other-{i}", "params": None} for i in range(requests)]
        self.service.begun(batch, lines)
        return batch

    async def _list(self, request: web.Request) -> web.StreamResponse:
        newest = list(reversed(self.service.batches.values()))
        return json_response({"data": newest, "has_more": False, "last_id": None})

    async def _batch(self, request: web.Request) -> web.StreamResponse:
        batch = self.service.batches.get(request.match_info["id"])
        if batch is None:
            return fake_anthropic.error(404, "not_found_error", "no such batch")
        if self.service.refuses:
            return fake_anthropic.error(401, "authentication_error", "invalid x-api-key")
        batch["looks"] += 1
        if batch["processing_status"] == "in_progress" and batch["looks"] > self.service.polls:
            self._execute(batch)
        await self.service.passed("poll", request)
        return json_response(batch)

    def _execute(self, batch: Json) -> None:
        found = [self._executed(line) for line in self.service.lines[batch["id"]]]
        kinds = Counter(line["result"]["type"] for line in found)
        names = ("succeeded", "errored", "canceled", "expired")
        batch["request_counts"] = {"processing": 0, **{name: kinds[name] for name in names}}
        batch |= {"processing_status": "ended", "results_url": "there"}
        self.service.files[batch["id"]] = _lines(found[::-1])

    def _executed(self, line: Json) -> Json:
        asked, custom_id = line["params"], line["custom_id"]
        if asked is None:
            return {"custom_id": custom_id, "result": {"type": "canceled"}}
        spoilt = self.service.spoilt(line)
        if spoilt == "expired":
            return {"custom_id": custom_id, "result": {"type": "expired"}}
        told = spoilt
        if told is None and (refused := fake_anthropic.refused(asked, self.claude)) is not None:
            told = orjson.loads(refused.body)  # type: ignore[arg-type]
        if told is not None:
            return {"custom_id": custom_id, "result": {"type": "errored", "error": told}}
        made = fake_anthropic.message(asked, None, self.behaviour, self.claude)
        return {"custom_id": custom_id, "result": {"type": "succeeded", "message": made}}

    async def _results(self, request: web.Request) -> web.StreamResponse:
        data = self.service.files[request.match_info["id"]]
        await self.service.passed("fetch", request)
        return web.Response(body=data)


def _lines(items: list[Json]) -> bytes:
    return b"".join(orjson.dumps(item) + b"\n" for item in items)
