"""Anthropic's messages API for tests, answering as the fake OpenAI endpoint does.

Shapes: https://platform.claude.com/docs/en/api/messages/create, errors as in
https://docs.claude.com/en/api/errors.
"""

from __future__ import annotations

import dataclasses
from typing import Any

import orjson
from aiohttp import web

from beam_synth.drawing import digest
from tests.servers.fake_openai import Behaviour, FakeOpenAI, completed, json_response

KNOWN = {"model", "max_tokens", "messages", "system", "temperature", "top_p", "top_k"}
KNOWN |= {"stop_sequences", "output_config", "thinking", "metadata", "service_tier"}
_STOPS = {"stop": "end_turn", "length": "max_tokens"}


@dataclasses.dataclass
class Claude:
    """What this endpoint does beside what `Behaviour` says."""

    key: str = "sk-ant-fake"
    refused_fields: tuple[str, ...] = ()  # which the model no longer takes
    no_schemas: bool = False
    stop_reason: str = ""  # in place of the usual one
    cached: int = 0  # tokens of each prompt that came from the cache


def error(status: int, kind: str, message: str) -> web.Response:
    told = {"type": "error", "error": {"type": kind, "message": message}, "request_id": "req_1"}
    return json_response(told, status)


class FakeAnthropic(FakeOpenAI):
    """The endpoint on 127.0.0.1; `claude` says what it does."""

    def __init__(self, behaviour: Behaviour | None = None, claude: Claude | None = None) -> None:
        super().__init__(behaviour)
        self.claude = claude or Claude()
        self.headers: list[dict[str, str]] = []
        self._handlers = {"/v1/messages": self._counted}
        self._getters = {"/v1/models/{name}": self._model}

    async def _model(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        if request.headers.get("x-api-key") != self.claude.key:
            return error(401, "authentication_error", "invalid x-api-key")
        if name not in self.behaviour.models:
            return error(404, "not_found_error", f"model: {name}")
        return json_response({"type": "model", "id": name, "display_name": name})

    def _unauthorised(self, request: web.Request) -> web.StreamResponse | None:
        self.headers.append(dict(request.headers))
        if request.headers.get("x-api-key") != self.claude.key:
            return error(401, "authentication_error", "invalid x-api-key")
        if "anthropic-version" not in request.headers:
            return error(400, "invalid_request_error", "anthropic-version: header is required")
        return None

    def _refused(self, asked: dict[str, Any]) -> web.StreamResponse | None:
        return refused(asked, self.claude)

    def _document(self, asked: dict[str, Any], key: str, fault: str | None) -> dict[str, Any]:
        return message(asked, fault, self.behaviour, self.claude)


def refused(asked: dict[str, Any], claude: Claude) -> web.Response | None:
    """The error of a request that the API does not take."""
    for field in asked.keys() - KNOWN:
        return error(400, "invalid_request_error", f"{field}: Extra inputs are not permitted")
    for field in ("max_tokens", "messages"):
        if field not in asked:
            return error(400, "invalid_request_error", f"{field}: Field required")
    if any(turn["role"] not in ("user", "assistant") for turn in asked["messages"]):
        return error(400, "invalid_request_error", 'messages: Unexpected role "system"')
    if any(not turn["content"] for turn in asked["messages"]):
        return error(400, "invalid_request_error", "messages: text content must be non-empty")
    for field in asked.keys() & set(claude.refused_fields):
        return error(400, "invalid_request_error", f"`{field}` is deprecated for this model.")
    if "output_config" in asked and claude.no_schemas:
        told = "output_config.format: this model does not support structured outputs"
        return error(400, "invalid_request_error", told)
    return None


def message(
    asked: dict[str, Any], fault: str | None, behaviour: Behaviour, claude: Claude
) -> dict[str, Any]:
    """The answer to a request: that of the fake OpenAI endpoint, in this API's form."""
    told = as_chat(asked)
    document = completed(told, digest(orjson.dumps(told)), fault, behaviour)
    (choice,), usage = document["choices"], document["usage"]
    thinks = asked.get("thinking", {}).get("type") in ("enabled", "adaptive")
    blocks = [{"type": "thinking", "thinking": "I think.", "signature": "x"}] if thinks else []
    text = {"type": "text", "text": choice["message"]["content"]}
    return {
        "id": f"msg_{document['id'][:20]}",
        "type": "message",
        "role": "assistant",
        "model": asked["model"],
        "content": [*blocks, text],
        "stop_reason": claude.stop_reason or _STOPS[choice["finish_reason"]],
        "stop_sequence": None,
        "stop_details": None,
        "usage": {
            "input_tokens": usage["prompt_tokens"] - claude.cached,
            "cache_creation_input_tokens": 0,
            "cache_read_input_tokens": claude.cached,
            "output_tokens": usage["completion_tokens"],
            "service_tier": "standard",
        },
    }


def as_chat(asked: dict[str, Any]) -> dict[str, Any]:
    """The request as a chat of the OpenAI form; what both say the same is answered the same."""
    system = [{"role": "system", "content": asked["system"]}] if "system" in asked else []
    told: dict[str, Any] = {"model": asked["model"], "messages": [*system, *asked["messages"]]}
    schema = asked.get("output_config", {}).get("format", {}).get("schema")
    if schema is not None:
        named = {"name": "answer", "strict": True, "schema": schema}
        told["response_format"] = {"type": "json_schema", "json_schema": named}
    return told
