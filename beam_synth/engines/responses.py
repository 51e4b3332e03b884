"""What an OpenAI-compatible endpoint sends back, as completions."""

from __future__ import annotations

from typing import Any

import orjson

from beam_synth.engines.base import Completion, Usage
from beam_synth.engines.reasoning import split_reasoning
from beam_synth.errors import Transient

Json = dict[str, Any]
_REASONS = ("stop", "length", "content_filter")


def parsed(data: bytes) -> Json:
    """The JSON object of an answer. Raises Transient where it is none: it came damaged.

    >>> parsed(b'{"choices": []}')
    {'choices': []}
    """
    try:
        answer = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise Transient(f"the answer is not JSON: {error}") from None
    if not isinstance(answer, dict):
        raise Transient(f"the answer is of type {type(answer).__name__}")
    return answer


def completions(answer: Json, raw: bool = False) -> list[Completion]:
    """The choices in their order; the first one carries the call's usage.

    Both forms are read: chats with a `message`, completions with a `text`. What a model thought
    comes in a field of its own or in tags before the answer, and is no part of the text; with
    `raw` the text is left as it is. Raises Transient where the answer has no choices or another
    form.

    >>> completions({"choices": [{"text": "yes", "finish_reason": "length"}]})[0].finish_reason
    'length'
    """
    try:
        choices = sorted(answer["choices"], key=lambda choice: choice.get("index", 0))
        if not choices:
            raise Transient("the answer has no choices")
        used = answer.get("usage") or {}
        usage = Usage(int(used.get("prompt_tokens") or 0), int(used.get("completion_tokens") or 0))
        return [
            _completion(choice, Usage() if i else usage, raw) for i, choice in enumerate(choices)
        ]
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise Transient(f"the answer has another form: {type(error).__name__} {error}") from None


def _completion(choice: Json, usage: Usage, raw: bool) -> Completion:
    reason = choice.get("finish_reason")
    logprobs = choice.get("logprobs") or {}
    message = choice.get("message")
    text = choice["text"] if message is None else message["content"]
    reasoning = "" if message is None else _reasoning(message)
    if not raw and not reasoning:
        reasoning, text = split_reasoning(text or "")
    return Completion(
        text or "",
        reason if reason in _REASONS else "stop",
        usage,
        _token_ids(choice, logprobs),
        _logprobs(logprobs),
        reasoning,
    )


def _reasoning(message: Json) -> str:
    """What a server's parser of reasoning took out of the content; vLLM has renamed the field."""
    found = message.get("reasoning_content") or message.get("reasoning") or ""
    return found.strip() if isinstance(found, str) else ""


def _token_ids(choice: Json, logprobs: Json) -> tuple[int, ...] | None:
    """As vLLM gives them where asked, or llama.cpp with the log-probabilities."""
    if choice.get("token_ids") is not None:
        return tuple(choice["token_ids"])
    tokens = logprobs.get("content") or []
    return tuple(token["id"] for token in tokens) if tokens and "id" in tokens[0] else None


def _logprobs(form: Json) -> tuple[float, ...] | None:
    """One a token, from the form of chats or of completions."""
    if form.get("content") is not None:
        return tuple(token["logprob"] for token in form["content"])
    if form.get("token_logprobs") is not None:
        return tuple(logprob for logprob in form["token_logprobs"] if logprob is not None)
    return None
