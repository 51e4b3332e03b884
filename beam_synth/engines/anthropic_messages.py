"""Anthropic's messages: from a request to a body, and from an answer to a completion.

Pure functions: calls one by one and batches have the same bodies. Read for this:
https://platform.claude.com/docs/en/api/messages/create (fields),
https://platform.claude.com/docs/en/build-with-claude/structured-outputs (`output_config.format`),
https://platform.claude.com/docs/build-with-claude/handling-stop-reasons (`stop_reason`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from beam_synth.engines.base import Completion, Request, Usage
from beam_synth.engines.chat_payloads import Asking, Findings
from beam_synth.engines.messages import Message, messages_of
from beam_synth.engines.prompts import Prompts
from beam_synth.engines.refusals import refusal
from beam_synth.errors import ContentRefused, Transient

Json = dict[str, Any]
MAX_TOKENS = 4096  # of an answer where nobody says how many; every model gives as many
_NOTHING = "(no text)"  # in place of an empty message, which is refused
# What the job's sampling may call by the names of others.
SAME_NAME = {"stop": "stop_sequences", "max_completion_tokens": "max_tokens"}
_NOT_THERE = ("seed", "n", "logprobs")  # fields of others that a job's sampling may name
_FINISH = {
    "end_turn": "stop",
    "stop_sequence": "stop",
    "tool_use": "stop",
    "pause_turn": "stop",
    "max_tokens": "length",
    "model_context_window_exceeded": "length",
}


def message_body(request: Request, asking: Asking, prompts: Prompts, findings: Findings) -> Json:
    """The body of a request.

    The system prompt stands apart, `max_tokens` is there in any case; there is no seed, no `n` and
    no log-probability. What the job says of sampling goes before extra fields; null (None) removes
    a field, and so does what was found. Raises Refused as `Prompts.render`.
    """
    structured = request.schema is not None and findings.form == "json_schema"
    messages = messages_of(request, prompts, schema_in_words=not structured)
    return message_of(messages, asking, findings, request.sampling, request.schema)


def message_of(
    messages: Sequence[Message],
    asking: Asking,
    findings: Findings,
    sampling: Mapping[str, Any],
    schema: Mapping[str, Any] | None = None,
) -> Json:
    """A body of these messages, as `message_body` says.

    >>> asked = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Who?"}]
    >>> message_of(asked, Asking("m"), Findings(), {"stop": "end", "seed": 1})
    {'model': 'm', 'max_tokens': 4096, 'system': 'Be brief.', 'messages': [{'role': 'user', \
'content': 'Who?'}], 'stop_sequences': ['end']}
    """
    system, turns = _apart(messages)
    fields: Json = {"model": asking.model, "max_tokens": MAX_TOKENS, "system": system or None}
    fields |= {"messages": turns, **asking.extra, **_sampled(sampling)}
    if schema is not None and findings.form == "json_schema":
        form = {"type": "json_schema", "schema": supported(schema)}
        fields["output_config"] = {"format": form, **(fields.get("output_config") or {})}
    return {
        key: value
        for key, value in fields.items()
        if value is not None and key not in findings.left_off
    }


def _apart(messages: Sequence[Message]) -> tuple[str, list[Json]]:
    """The system prompt, and the turns of user and assistant."""
    system = [message["content"] for message in messages if message["role"] == "system"]
    turns = [
        {"role": message["role"], "content": message["content"].strip() or _NOTHING}
        for message in messages
        if message["role"] != "system"
    ]
    if not turns:  # there has to be a turn of the user
        return "", [{"role": "user", "content": "\n\n".join(system).strip() or _NOTHING}]
    return "\n\n".join(system), turns


def _sampled(sampling: Mapping[str, Any]) -> Json:
    """The job's sampling by the names that these fields have here."""
    named = {SAME_NAME.get(key, key): value for key, value in sampling.items()}
    if isinstance(named.get("stop_sequences"), str):
        named["stop_sequences"] = [named["stop_sequences"]]
    return {key: value for key, value in named.items() if key not in _NOT_THERE}


# ---------------------------------------------------------------- schemas

_PLAIN = ("type", "enum", "const", "required", "description", "title", "$ref", "default")
_MANY = ("anyOf", "allOf", "oneOf")
_NAMED = ("properties", "$defs", "definitions")


def supported(schema: Mapping[str, Any]) -> Json:
    """A schema in what structured output takes: objects are closed, and bounds on numbers, texts
    and lists are left off, which the check of the answer knows all the same.

    >>> supported({"type": "array", "items": {"type": "string", "minLength": 1}, "maxItems": 9})
    {'type': 'array', 'items': {'type': 'string'}}
    """
    kept: Json = {key: schema[key] for key in _PLAIN if key in schema}
    for key in _MANY:
        if key in schema:  # one of several is told as any of them
            told = "anyOf" if key == "oneOf" else key
            kept[told] = [supported(part) for part in schema[key]]
    for key in _NAMED:
        if key in schema:
            kept[key] = {name: supported(part) for name, part in schema[key].items()}
    if isinstance(schema.get("items"), Mapping):
        kept["items"] = supported(schema["items"])
    if schema.get("minItems") in (0, 1):
        kept["minItems"] = schema["minItems"]
    if "object" in _types(schema) or "properties" in schema:
        kept["additionalProperties"] = False
    return kept


def _types(schema: Mapping[str, Any]) -> list[str]:
    kind = schema.get("type", [])
    return [kind] if isinstance(kind, str) else list(kind)


# ---------------------------------------------------------------- answers


def completion(answer: Json) -> Completion:
    """The answer of a message, with what it thought apart.

    Tokens that came from the cache, or went there, are tokens of the prompt. Raises ContentRefused
    where the model refused, and Transient where the answer has another form.

    >>> told = {"type": "text", "text": "4"}
    >>> completion({"content": [told], "stop_reason": "max_tokens"}).finish_reason
    'length'
    """
    if answer.get("type") == "error" or "error" in answer:
        raise refusal(200, None, answer)
    blocks = answer.get("content")
    if not isinstance(blocks, list) or not all(isinstance(block, dict) for block in blocks):
        raise Transient(f"the answer has another form: {', '.join(map(str, answer)) or 'empty'}")
    reason = answer.get("stop_reason")
    if reason == "refusal":
        raise ContentRefused(f"stop_reason refusal: {_why(answer.get('stop_details'))}")
    return Completion(
        "".join(map(_said, blocks)),
        _FINISH.get(str(reason), "stop"),
        _usage(answer.get("usage")),
        reasoning="\n\n".join(thought for block in blocks if (thought := _thought(block))),
    )


def _said(block: Json) -> str:
    """What a block adds to the answer; the input of a tool is the answer where one was asked for
    by force."""
    if block.get("type") == "text":
        return str(block.get("text") or "")
    if block.get("type") == "tool_use":
        return orjson.dumps(block.get("input")).decode()
    return ""


def _thought(block: Json) -> str:
    return str(block.get("thinking") or "").strip() if block.get("type") == "thinking" else ""


def _why(details: Any) -> str:
    """The words of `stop_details`, where there are any."""
    told = details if isinstance(details, Mapping) else {}
    words = [told.get("category"), told.get("explanation")]
    return ": ".join(str(word) for word in words if word) or "no word about why"


def _usage(used: Any) -> Usage:
    if not isinstance(used, Mapping):
        return Usage()
    read = ("input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens")
    details = used.get("output_tokens_details")
    thought = details.get("thinking_tokens") if isinstance(details, Mapping) else 0
    prompt = sum(_count(used.get(key)) for key in read)
    return Usage(prompt, _count(used.get("output_tokens")), _count(thought))


def _count(value: Any) -> int:
    return value if isinstance(value, int) and value >= 0 else 0
