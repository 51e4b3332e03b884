"""OpenAI-compatible endpoints as their providers document them: addresses, headers, fields, forms.

Each dialect is the fake endpoint behind the provider's own address and key header. It refuses what
the provider refuses, in the provider's words, and puts around an answer what the provider puts
there. `source` says where that was read.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

from aiohttp import web

from tests.servers.fake_openai import Behaviour, FakeOpenAI, json_response

Json = dict[str, Any]
KEY = "fake-key"
BEARER = {"Authorization": f"Bearer {KEY}"}


def _as_it_is(document: Json) -> Json:
    return document


@dataclasses.dataclass(frozen=True)
class Dialect:
    """One provider."""

    name: str
    source: str
    prefix: str = "/v1"  # of its paths
    query: str = ""  # that each of its addresses has
    headers: Mapping[str, str] = dataclasses.field(default_factory=lambda: BEARER)
    model: str = "fake-model"
    lists_models: bool = True
    # field of a request -> (status, body) of the error that it gets
    refuses: Mapping[str, tuple[int, Any]] = dataclasses.field(default_factory=dict)
    dresses: Callable[[Json], Json] = _as_it_is  # an answer as the provider gives it
    sampling: Mapping[str, Any] = dataclasses.field(default_factory=dict)  # what a job says for it
    options: Mapping[str, Any] = dataclasses.field(default_factory=dict)


class FakeDialect(FakeOpenAI):
    """A provider's endpoint on 127.0.0.1."""

    def __init__(self, dialect: Dialect) -> None:
        super().__init__(Behaviour(models=(dialect.model,)))
        self.dialect = dialect
        self.odd: list[str] = []  # what no client of this provider sends
        self._handlers = {f"{dialect.prefix}/chat/completions": self._counted}
        self._getters = {f"{dialect.prefix}/models": self._models} if dialect.lists_models else {}

    @property
    def url(self) -> str:
        query = f"?{self.dialect.query}" if self.dialect.query else ""
        return f"http://127.0.0.1:{self._port}{self.dialect.prefix}{query}"

    def _unauthorised(self, request: web.Request) -> web.StreamResponse | None:
        if request.query_string != self.dialect.query:
            self.odd.append(f"query {request.query_string!r}")
        for name, value in self.dialect.headers.items():
            if request.headers.get(name) != value:
                return json_response({"error": {"message": "Invalid key.", "code": "401"}}, 401)
        return None

    def _refused(self, asked: Json) -> web.StreamResponse | None:
        for field, (status, body) in self.dialect.refuses.items():
            here: Any = asked
            for part in field.split("."):
                here = here.get(part) if isinstance(here, dict) else None
            if here is not None:
                return json_response(body, status)
        return None

    def _document(self, asked: Json, key: str, fault: str | None) -> Json:
        return self.dialect.dresses(super()._document(asked, key, fault))


# ---------------------------------------------------------------- what is around an answer


def _each_message(document: Json, **fields: Any) -> Json:
    for choice in document["choices"]:
        choice["message"] |= fields
    return document


def _reasoning_tokens(document: Json) -> Json:
    details = {"reasoning_tokens": 128, "accepted_prediction_tokens": 0}
    document["usage"]["completion_tokens_details"] = details
    document["usage"]["completion_tokens"] += 128
    return _each_message(document, refusal=None, annotations=[])


def _azure(document: Json) -> Json:
    safe = {"hate": {"filtered": False, "severity": "safe"}}
    document["prompt_filter_results"] = [{"prompt_index": 0, "content_filter_results": safe}]
    for choice in document["choices"]:
        choice["content_filter_results"] = safe
    return _each_message(document, refusal=None)


def _openrouter(document: Json) -> Json:
    for choice in document["choices"]:
        choice["native_finish_reason"] = "stop"
    document["provider"] = "p"
    details = [{"type": "reasoning.text", "text": "I think."}]
    return _each_message(document, reasoning="I think.", reasoning_details=details, refusal=None)


def _mistral(document: Json) -> Json:
    for choice in document["choices"]:
        thought = {"type": "thinking", "thinking": [{"type": "text", "text": "I think."}]}
        text = {"type": "text", "text": choice["message"]["content"]}
        choice["message"] |= {"content": [thought, text], "tool_calls": None, "prefix": False}
    return document


def _llama(document: Json) -> Json:
    document["timings"] = {"prompt_n": 1, "predicted_n": 35, "predicted_ms": 661.064}
    return _each_message(document, reasoning_content="I think.")


def _sglang(document: Json) -> Json:
    for choice in document["choices"]:
        choice["matched_stop"] = 128009
    return _each_message(document, reasoning_content=None, tool_calls=None)


def _vllm(document: Json) -> Json:
    for choice in document["choices"]:
        choice |= {"stop_reason": None, "token_ids": None}
    document |= {"prompt_logprobs": None, "prompt_token_ids": None, "kv_transfer_params": None}
    return _each_message(document, reasoning=None, refusal=None, tool_calls=[])


def _tgi(document: Json) -> Json:
    return {**document, "system_fingerprint": "3.0.0-sha", "object": "chat.completion"}


def _lm_studio(document: Json) -> Json:
    return {**_each_message(document, reasoning_content="", tool_calls=[]), "stats": {}}


def _unsupported(field: str, instead: str) -> tuple[int, Json]:
    message = f"Unsupported parameter: '{field}' is not supported with this model. {instead}"
    told = {"type": "invalid_request_error", "param": field, "code": "unsupported_parameter"}
    return 400, {"error": {"message": message, **told}}


def _extra(field: str) -> tuple[int, Json]:
    told = {"type": "extra_forbidden", "loc": ["body", field], "input": 1}
    return 422, {"detail": [{**told, "msg": "Extra inputs are not permitted"}]}


_NO_SCHEMA = "This response_format type is unavailable now"
_NO_VARIANT = (
    "Failed to deserialize the JSON body into the target type: response_format: unknown variant "
    "`json_schema`, expected one of `json`, `regex`"
)
_INVALID: Json = {"type": "invalid_request_error", "param": None, "code": "invalid_request_error"}

DIALECTS = (
    Dialect(
        "openai", "developers.openai.com/api/docs/api-reference/chat", dresses=_reasoning_tokens
    ),
    Dialect(
        "openai-reasoning",
        "openai-python types/completion_usage.py; max_tokens is refused in favour of the other",
        refuses={"max_tokens": _unsupported("max_tokens", "Use 'max_completion_tokens' instead.")},
        dresses=_reasoning_tokens,
        sampling={"max_tokens": 2000},  # which is found to have another name there
    ),
    Dialect(
        "azure",
        "openai-python lib/azure.py; learn.microsoft.com/azure/ai-services/openai/reference",
        prefix="/openai/deployments/mine",
        query="api-version=2024-10-21",
        headers={"api-key": KEY},
        lists_models=False,
        dresses=_azure,
        options={"headers": {"api-key": "env:FAKE_KEY"}},
    ),
    Dialect(
        "azure-v1",
        "learn.microsoft.com/en-us/azure/foundry/reference/rest: /openai/v1",
        prefix="/openai/v1",
        headers={"api-key": KEY},
        dresses=_azure,
        options={"headers": {"api-key": "env:FAKE_KEY"}},
    ),
    Dialect(
        "gemini",
        "ai.google.dev/gemini-api/docs/openai: address, bearer",
        prefix="/v1beta/openai",
    ),
    Dialect(
        "openrouter",
        "openrouter.ai/docs/api/reference/overview: provider, native_finish_reason, reasoning",
        prefix="/api/v1",
        dresses=_openrouter,
    ),
    Dialect("together", "docs.together.ai/docs/openai-api-compatibility", model="a/fake-model"),
    Dialect(
        "fireworks",
        "docs.fireworks.ai/tools-sdks/openai-compatibility: /inference/v1",
        prefix="/inference/v1",
        model="accounts/fireworks/models/fake-model",
    ),
    Dialect(
        "mistral",
        "docs.mistral.ai/api: content in parts (reasoning models), random_seed for seed",
        refuses={"seed": _extra("seed")},
        dresses=_mistral,
    ),
    Dialect(
        "deepseek",
        "api-docs.deepseek.com: no /v1, reasoning_content, response_format text or json_object",
        prefix="",
        refuses={
            "response_format.json_schema": (400, {"error": {"message": _NO_SCHEMA, **_INVALID}})
        },
        dresses=lambda document: _each_message(document, reasoning_content="I think."),
    ),
    Dialect("vllm", "docs.vllm.ai/en/latest/serving/openai_compatible_server.html", dresses=_vllm),
    Dialect("sglang", "docs.sglang.ai/basic_usage/openai_api_completions.html", dresses=_sglang),
    Dialect(
        "llama.cpp",
        "github.com/ggml-org/llama.cpp tools/server/README.md: one choice a call, timings",
        refuses={"n": (400, {"error": {"code": 400, "message": "Only one completion choice"}})},
        dresses=_llama,
    ),
    Dialect(
        "tgi",
        "huggingface.co/docs/text-generation-inference/messages_api: the model is named tgi",
        model="tgi",
        lists_models=False,
        refuses={
            "response_format.json_schema": (422, {"error": _NO_VARIANT, "error_type": "validation"})
        },
        dresses=_tgi,
    ),
    Dialect("ollama", "github.com/ollama/ollama docs/openai.md: supported fields; no n"),
    Dialect("lm-studio", "lmstudio.ai/docs/advanced/structured-output", dresses=_lm_studio),
)
