"""What an OpenAI-compatible endpoint sends back, as completions.

Forms beyond OpenAI's own are those of the public documentation of Mistral (parts that think),
DeepSeek, OpenRouter (`reasoning_details`, errors in choices), LiteLLM (`thinking_blocks`), vLLM,
llama.cpp, Gemini, xAI, Zhipu (its reasons to finish).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

from beam_synth.engines import loose_json, streamed
from beam_synth.engines.base import Completion, Usage
from beam_synth.engines.contents import content_of, reasoning_of
from beam_synth.engines.reasoning import may_hold_reasoning, split_reasoning
from beam_synth.engines.refusals import refusal
from beam_synth.errors import ContentRefused, EngineError, Transient

Json = dict[str, Any]
_FILTERED = "content_filter"
# What endpoints call the reasons to end a text; every other one means that the model ended it.
_REASONS = {
    **dict.fromkeys(
        ("length", "max_tokens", "max_output_tokens", "model_length", "token_limit",
         "model_context_window_exceeded", "incomplete"),
        "length",
    ),
    **dict.fromkeys(
        ("content_filter", "safety", "refusal", "sensitive", "recitation", "blocklist",
         "prohibited_content", "spii"),
        _FILTERED,
    ),
    **dict.fromkeys(("error", "abort", "network_error", "insufficient_system_resource"), "error"),
}  # fmt: skip
_MOST_TOKENS = 2**53  # what a count may be


def parsed(data: bytes) -> Json:
    """The JSON object of an answer; a stream of events is read as one (`streamed`). Raises
    Transient where it is none: it came damaged.

    >>> parsed(b'{"choices": []}')
    {'choices': []}
    """
    try:
        answer = (streamed.joined_events if streamed.is_stream(data) else loose_json.loads)(data)
    except ValueError as error:
        raise Transient(f"the answer is not JSON: {error}") from None
    if not isinstance(answer, dict):
        raise Transient(f"the answer is of type {type(answer).__name__}")
    return answer


def completions(answer: Json, raw: bool = False) -> list[Completion]:
    """The choices in their order, but those without a text last; the first one carries the usage.

    Both forms are read: chats with a `message`, completions with a `text`. What a model thought
    comes in a field of its own, in parts of the content or between marks, and is no part of the
    text; with `raw` the text is left as it is. A thought that never ends was cut off.

    Raises ContentRefused where a filter, or the model itself, refused every choice; what
    `refusal` makes of an error that is told in place of an answer; Transient where there are no
    choices, or another form.

    >>> completions({"choices": [{"text": "yes", "finish_reason": "length"}]})[0].finish_reason
    'length'
    """
    try:
        choices = answer.get("choices")
        if not choices or not isinstance(choices, list):
            raise _without_choices(answer)
        if len(choices) > 1:
            choices = sorted(choices, key=_index)
        usage = _usage(answer.get("usage"))
        made = [_completion(each, Usage() if i else usage, raw) for i, each in enumerate(choices)]
    except (KeyError, TypeError, AttributeError, ValueError, RecursionError) as error:
        raise Transient(f"the answer has another form: {type(error).__name__} {error}") from None
    if len(made) > 1:
        usage = _of_all_choices(usage, made)
    if len(made) == 1 and not made[0].reasoning and made[0].finish_reason != _FILTERED:
        return made
    if {each.finish_reason for each in made} == {_FILTERED}:
        raise _refused(made)
    return _usage_first(made, usage)


def counts_one_choice(answer: Json) -> bool:
    """Whether an answer of several choices tells the tokens of one alone, as llama.cpp's does, and
    shows no tokens that could be counted in place of that.

    >>> counts_one_choice({"choices": [{}, {}], "timings": {"predicted_n": 8}})
    True
    >>> counts_one_choice({"choices": [{"logprobs": {"content": [{}]}}, {}], "timings": {}})
    False
    """
    choices = answer.get("choices") or []
    shown = any(choice.get("logprobs") for choice in choices)
    return len(choices) > 1 and "timings" in answer and not shown


def _without_choices(answer: Json) -> EngineError:
    told = any(answer.get(key) for key in ("error", "errors", "detail", "message", "msg"))
    if told or answer.get("object") == "error":
        return refusal(200, None, answer)
    if "choices" in answer:
        return Transient("the answer has no choices")
    return Transient(f"the answer has another form: its keys are {', '.join(sorted(answer)[:9])}")


def _index(choice: Json) -> float:
    index = choice.get("index")
    return index if isinstance(index, int | float) else 0


def _refused(made: Sequence[Completion]) -> ContentRefused:
    said = next((each.text for each in made if each.text), "")
    return ContentRefused(f"the answer was refused: {said[:500] or 'its reason is not told'}")


def _usage_first(made: list[Completion], usage: Usage) -> list[Completion]:
    """The same with texts before what has none, and what was thought counted."""
    if usage.completion_tokens and not usage.reasoning_tokens:
        usage = dataclasses.replace(usage, reasoning_tokens=_share_of_reasoning(made, usage))
    ordered = sorted(made, key=lambda each: not each.text)
    if ordered[0].usage == usage:
        return ordered
    return [dataclasses.replace(c, usage=Usage() if i else usage) for i, c in enumerate(ordered)]


# ---------------------------------------------------------------- one choice


def _completion(choice: Json, usage: Usage, raw: bool) -> Completion:
    reason = _reason(choice.get("finish_reason"))
    if reason == "error" or choice.get("error"):
        raise _told_in(choice)
    text, reasoning, refused = _said(choice)
    if not raw and may_hold_reasoning(text):
        thought, text, cut = split_reasoning(text)
        reasoning = f"{reasoning}\n\n{thought}".strip()
        reason = "length" if cut and reason == "stop" else reason
    if refused:
        text, reason = refused, _FILTERED
    logprobs = choice.get("logprobs")
    return Completion(
        text,
        reason,
        usage,
        _token_ids(choice, logprobs) if logprobs or "token_ids" in choice else None,
        _logprobs(logprobs) if logprobs else None,
        reasoning,
    )


def _reason(given: Any) -> str:
    if given == "stop" or not isinstance(given, str):
        return "stop"
    return _REASONS.get(given.lower(), "stop")


def _told_in(choice: Json) -> EngineError:
    """The error of a choice that ended with one."""
    told = choice.get("error")
    if told:
        return refusal(200, None, {"error": told})
    return Transient(f"the endpoint ended the answer itself: {choice.get('finish_reason')}")


def _said(choice: Json) -> tuple[str, str, str]:
    """A choice's text, what fields and parts of their own hold of what was thought, and what the
    model says in place of an answer."""
    message = choice.get("message")
    if message is None:
        message = choice.get("delta")  # a piece of a stream, where all came in one
    if not isinstance(message, dict):
        return content_of(choice["text"] if message is None else message)
    told, text = message.get("refusal"), message.get("content")
    refused = told if isinstance(told, str) else ""
    if type(text) is str and text:
        return text, reasoning_of(message), refused
    content = content_of(text or choice.get("text") or _called_with(message))
    return content.text, reasoning_of(message) or content.reasoning, refused or content.refusal


def _called_with(message: Json) -> Any:
    """The arguments of the one tool that a message calls. None was offered: a gateway that asks for
    JSON by a tool, or a server's parser, has put the answer there.
    """
    calls = message.get("tool_calls")
    call = calls[0] if isinstance(calls, list) and len(calls) == 1 else message
    call = call.get("function", call.get("function_call")) if isinstance(call, dict) else None
    return call.get("arguments") if isinstance(call, dict) else None


def _token_ids(choice: Json, logprobs: Any) -> tuple[int, ...] | None:
    """As vLLM gives them where asked, or llama.cpp with the log-probabilities."""
    ids = choice.get("token_ids")
    if ids is None and isinstance(logprobs, dict):
        tokens = logprobs.get("content")
        if isinstance(tokens, list) and tokens:
            ids = [token.get("id") if isinstance(token, dict) else None for token in tokens]
    if isinstance(ids, list) and {type(token) for token in ids} <= {int}:
        return tuple(ids)
    return None


def _logprobs(form: Any) -> tuple[float, ...] | None:
    """One a token, from the form of chats or of completions; None for any other."""
    if not isinstance(form, dict):
        return None
    try:
        if form.get("content") is not None:
            return tuple([float(token["logprob"]) for token in form["content"]])
        if form.get("token_logprobs") is not None:
            given = [logprob for logprob in form["token_logprobs"] if logprob is not None]
            return tuple(map(float, given))
    except (KeyError, TypeError, ValueError):
        return None
    return None


# ---------------------------------------------------------------- what it took


def _usage(used: Any) -> Usage:
    """What is told of tokens. Some endpoints count what was thought in the total alone."""
    if not isinstance(used, dict):
        return Usage()
    prompt, written = used.get("prompt_tokens"), used.get("completion_tokens")
    if len(used) == 3 and type(prompt) is int and type(written) is int and _sums(used):
        return Usage(prompt, written)
    prompt = _count(prompt or used.get("input_tokens"))
    written = _count(written or used.get("output_tokens"))
    details = used.get("completion_tokens_details") or used.get("output_tokens_details") or used
    thought = details.get("reasoning_tokens") if isinstance(details, dict) else 0
    reasoning = _count(thought) if thought else 0
    if prompt and (total := _count(used.get("total_tokens"))) > prompt + written:
        reasoning = reasoning or total - prompt - written
        written = total - prompt
    return Usage(prompt, written, min(reasoning, written))


def _sums(used: Json) -> bool:
    """Whether an account of three numbers, the usual one, holds."""
    numbers = used["prompt_tokens"], used["completion_tokens"]
    both = sum(numbers)
    return bool(min(numbers) >= 0 and used.get("total_tokens") == both < _MOST_TOKENS)


def _of_all_choices(usage: Usage, made: Sequence[Completion]) -> Usage:
    """The usage of several choices; llama.cpp counts the tokens of one alone."""
    written = sum(len(each.token_ids or ()) for each in made)
    if written <= usage.completion_tokens:
        return usage
    return dataclasses.replace(usage, completion_tokens=written)


def _count(value: Any) -> int:
    """A number of tokens; 0 for what is none."""
    if type(value) is not int:
        try:
            value = int(value or 0)
        except (TypeError, ValueError, OverflowError):
            return 0
    return value if 0 <= value <= _MOST_TOKENS else 0


def _share_of_reasoning(made: Sequence[Completion], usage: Usage) -> int:
    """Tokens of what was thought where nobody tells them: by its share of the characters."""
    thought = sum(len(each.reasoning) for each in made)
    written = thought + sum(len(each.text) for each in made)
    return round(usage.completion_tokens * thought / written) if thought else 0
