"""What an OpenAI-compatible endpoint sends back, as completions or as the right kind of error."""

from __future__ import annotations

import datetime
import email.utils
import re
from typing import Any

import orjson

from beam_synth.engines.base import Completion, Usage
from beam_synth.engines.reasoning import split_reasoning
from beam_synth.errors import Permanent, TooLong, Transient, Unusable

Json = dict[str, Any]
_TRANSIENT = {408, 409, 425, 429}  # and all of 5xx
_OVERLOAD = {408, 429, 503}
_UNUSABLE = {401, 403, 404}
_REASONS = ("stop", "length", "content_filter")
# As vLLM, SGLang, llama.cpp, TGI and hosted endpoints word it.
_TOO_LONG = re.compile(
    r"context[ _](length|window|size)|maximum context|max_model_len|too (long|many tokens)"
    r"|prompt is longer|exceeds? the (available )?context|inputs tokens \+ max_new_tokens",
    re.IGNORECASE,
)


def error(status: int, retry_after: str | None, body: str) -> Transient | Permanent:
    """The exception for a status other than 200; `body` is shown in it.

    >>> error(503, "2", "busy")
    Transient('status 503: busy')
    >>> error(400, None, "prompt is longer than the context")
    TooLong('status 400: prompt is longer than the context')
    """
    message = f"status {status}: {body}"
    if status in _TRANSIENT or status >= 500:
        return Transient(message, seconds(retry_after), overload=status in _OVERLOAD)
    if status in _UNUSABLE:
        return Unusable(message)
    return (TooLong if _TOO_LONG.search(body) else Permanent)(message)


def seconds(retry_after: str | None) -> float | None:
    """Retry-After (RFC 9110, 10.2.3) in seconds; it comes as a number or as a date.

    None where there is none, or none that can be read.

    >>> seconds("1.5"), seconds("Wed, 21 Oct 2015 07:28:00 GMT"), seconds("soon")
    (1.5, 0.0, None)
    """
    if retry_after is None:
        return None
    try:
        return max(0.0, float(retry_after))
    except ValueError:
        pass
    try:
        date = email.utils.parsedate_to_datetime(retry_after)
    except ValueError:
        return None
    now = datetime.datetime.now(date.tzinfo or datetime.UTC)
    return max(0.0, (date.replace(tzinfo=now.tzinfo) - now).total_seconds())


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
