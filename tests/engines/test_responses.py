"""What endpoints send, in all forms that their public documentation shows, and damaged ones."""

from __future__ import annotations

import json
from typing import Any

import orjson
import pytest

from beam_synth.engines.base import Completion, Usage
from beam_synth.engines.reasoning import Parted, may_hold_reasoning, split_reasoning
from beam_synth.engines.responses import completions, parsed
from beam_synth.errors import ContentRefused, EngineError, Permanent, TooLong, Transient, Unusable


def answer(*choices: Any, **fields: Any) -> dict[str, Any]:
    return {"id": "x", "object": "chat.completion", "choices": list(choices), **fields}


def choice(content: Any = None, finish: Any = "stop", **message: Any) -> dict[str, Any]:
    said = {"role": "assistant", "content": content, **message}
    return {"index": 0, "message": said, "finish_reason": finish}


def only(*choices: Any, **fields: Any) -> Completion:
    (found,) = completions(answer(*choices, **fields))
    return found


# ---------------------------------------------------------------- where the text is


@pytest.mark.parametrize(
    "said",
    [
        {"tool_calls": [{"type": "function", "function": {"name": "f", "arguments": '{"n":4}'}}]},
        {"tool_calls": [{"function": {"name": "f", "arguments": {"n": 4}}}]},
        {"function_call": {"name": "f", "arguments": '{"n":4}'}},
    ],
)
def test_arguments_of_a_call_in_place_of_the_answer(said: dict[str, Any]) -> None:
    assert only(choice(None, "tool_calls", **said)).text == '{"n":4}'
    assert only(choice("yes", "tool_calls", **said)).text == "yes"


def test_several_calls_are_no_answer() -> None:
    call = {"function": {"name": "f", "arguments": "{}"}}
    assert only(choice(None, "tool_calls", tool_calls=[call, call])).text == ""


THOUGHT = [
    {"type": "thinking", "thinking": [{"type": "text", "text": "Two."}]},  # Mistral
    {"type": "text", "text": "4"},
]


@pytest.mark.parametrize(
    ("content", "text", "reasoning"),
    [
        ("4", "4", ""),
        (None, "", ""),
        (THOUGHT, "4", "Two."),
        ([{"type": "text", "text": "4"}, {"type": "text", "text": "2"}], "42", ""),
        ([{"type": "reasoning", "summary": [{"text": "Two."}]}, "4"], "4", "Two."),
        ([{"type": "output_text", "text": "4"}, {"type": "image_url"}], "4", ""),
        ([{"text": "Two.", "thought": True}, {"text": "4"}], "4", "Two."),
        ([{"type": "redacted_thinking", "data": "x"}, {"type": "text", "text": "4"}], "4", ""),
        ({"type": "text", "text": "4"}, "4", ""),
        ({"n": 4}, '{"n":4}', ""),
        (4, "4", ""),
        ([], "", ""),
    ],
)
def test_forms_of_content(content: Any, text: str, reasoning: str) -> None:
    found = only(choice(content))
    assert (found.text, found.reasoning) == (text, reasoning)


@pytest.mark.parametrize(
    "fields",
    [
        {"reasoning_content": "Two.\n"},  # DeepSeek, vLLM
        {"reasoning": "Two."},  # OpenRouter, newer vLLM
        {"reasoning": "Two.", "reasoning_details": [{"type": "reasoning.text", "text": "Two."}]},
        {"reasoning_details": [{"type": "reasoning.summary", "summary": "Two."},
                               {"type": "reasoning.encrypted", "data": "x"}]},
        {"thinking": "Two."},  # Ollama
        {"thinking_blocks": [{"type": "thinking", "thinking": "Two.", "signature": "x"}]},
        {"reasoning_content": None, "reasoning": {"content": "Two."}},
    ],
)  # fmt: skip
def test_fields_of_reasoning(fields: dict[str, Any]) -> None:
    found = only(choice("4", **fields))
    assert (found.text, found.reasoning) == ("4", "Two.")


def test_reasoning_of_a_field_and_of_marks_is_kept_together() -> None:
    found = only(choice("Two.</think>4", reasoning="One."))
    assert (found.text, found.reasoning) == ("4", "One.\n\nTwo.")


@pytest.mark.parametrize(
    "sent",
    [
        {"index": 0, "text": "4", "finish_reason": "stop"},
        {"index": 0, "message": {"role": "assistant"}, "text": "4"},
        {"message": "4"},
        {"delta": {"content": "4"}, "finish_reason": None},
        {"message": {"content": "4"}, "index": None, "finish_reason": 7, "logprobs": "none"},
        {"message": {"content": "4"}, "logprobs": [1], "token_ids": ["a"]},
    ],
)
def test_forms_of_a_choice(sent: dict[str, Any]) -> None:
    found = only(sent)
    assert (found.text, found.finish_reason) == ("4", "stop")
    assert found.logprobs is found.token_ids is None


def test_choices_come_in_order_but_those_without_a_text_last() -> None:
    sent = [{**choice(text), "index": i} for i, text in ((2, "c"), (0, ""), (1, "b"))]
    found = completions(answer(*sent, usage={"prompt_tokens": 5, "completion_tokens": 3}))
    assert [each.text for each in found] == ["b", "c", ""]
    assert [each.usage for each in found] == [Usage(5, 3), Usage(), Usage()]


@pytest.mark.parametrize("choices", [None, [], "no", [7], [{}], [None], {"a": 1}])
def test_no_choice_is_tried_again(choices: Any) -> None:
    for sent in ({"choices": choices}, {}):
        with pytest.raises(Transient):
            completions(sent)


# ---------------------------------------------------------------- how it ended


@pytest.mark.parametrize(
    ("told", "reason"),
    [("stop", "stop"), ("length", "length"), ("MAX_TOKENS", "length"), ("model_length", "length"),
     (None, "stop"), ("", "stop"), ("eos_token", "stop"), ("tool_calls", "stop"), ([], "stop")],
)  # fmt: skip
def test_reasons_to_finish(told: Any, reason: str) -> None:
    assert only(choice("4", told)).finish_reason == reason


@pytest.mark.parametrize(
    "sent",
    [
        choice(None, refusal="I cannot help with that."),
        choice([{"type": "refusal", "refusal": "I cannot help with that."}]),
        choice("I cannot", "content_filter"),
        choice(None, "content_filter"),
        choice("", "SAFETY"),
        choice("", "sensitive"),
    ],
)
def test_a_refusal_is_no_answer(sent: dict[str, Any]) -> None:
    with pytest.raises(ContentRefused, match="refused") as raised:
        completions(answer(sent))
    said = sent["message"].get("refusal") or sent["message"]["content"]
    assert not isinstance(said, str) or said in str(raised.value)


def test_a_refusal_among_answers_takes_none_of_them_along() -> None:
    kept, refused = completions(answer(choice("4"), choice(None, refusal="No.")))
    assert (kept.text, kept.finish_reason) == ("4", "stop")
    assert (refused.text, refused.finish_reason) == ("No.", "content_filter")


@pytest.mark.parametrize(
    ("sent", "kind", "message"),
    [
        ({"error": {"message": "Provider returned error", "code": 502}}, Transient, "Provider"),
        ({"error": {"message": "Add credits.", "code": 402}}, Unusable, "402.*Add credits."),
        ({"error": {"message": "maximum context length is 9 tokens", "code": 400}}, TooLong, "9"),
        ({"error": "overloaded", "choices": []}, Transient, "overloaded"),
        ({"object": "error", "message": "no such thing", "code": 400}, Permanent, "no such thing"),
        ({"detail": "rate limit"}, Transient, "rate limit"),
        (answer({**choice("", "error"), "error": {"code": 429, "message": "rate-limited"}}),
         Transient, "rate-limited"),
        (answer({**choice("half a te"), "error": {"code": 502, "message": "gone"}}),
         Transient, "gone"),
        (answer(choice("half a te", "error")), Transient, "error"),
        (answer(choice("", "insufficient_system_resource")), Transient, "insufficient"),
        (answer(choice("", "network_error")), Transient, "network_error"),
    ],
)  # fmt: skip
def test_an_error_with_status_200(
    sent: dict[str, Any], kind: type[EngineError], message: str
) -> None:
    with pytest.raises(kind, match=message) as raised:
        completions(sent)
    assert type(raised.value) is kind


def test_an_error_that_is_null_is_none() -> None:
    assert only({**choice("4"), "error": None}, error=None).text == "4"


# ---------------------------------------------------------------- what is thought

SPLIT = [
    ("<think>\nTwo.\n</think>\n\n4", "Two.", "4"),
    ("\n<think>Two.</think>4", "Two.", "4"),
    ("Two.\n</think>\n\n4", "Two.", "4"),
    ("[THINK]Two.[/THINK]4", "Two.", "4"),
    ("Two.[/THINK]4", "Two.", "4"),
    ("◁think▷Two.◁/think▷4", "Two.", "4"),
    ("<seed:think>Two.</seed:think>4", "Two.", "4"),
    ("<thought>Two.</thought>4", "Two.", "4"),
    ("<thinking>Two.</thinking>\n<answer>\n4\n</answer>", "Two.", "4"),
    ("<think>Two.</think><answer>4</answer>", "Two.", "4"),
    ("Two.\n</think>\n\n<response>\n4\n</response>\n", "Two.", "4"),
    ("<|START_THINKING|>Two.<|END_THINKING|><|START_RESPONSE|>4<|END_RESPONSE|>", "Two.", "4"),
    ("<|channel>thought\nTwo.<channel|>4", "Two.", "4"),
    ("<unused94>thought\nTwo.<unused95>4", "Two.", "4"),
    ("Here is my thought process:\nTwo.\nHere is my response:\n4", "Two.", "4"),
    ("<think>One.</think>\n<think>Two.</think>4", "One.\n\nTwo.", "4"),
    ("<think>One <think>Two.</think> more</think>4", "One <think>Two.\n\nmore", "4"),
    ("<|channel|>analysis<|message|>Two.<|end|><|start|>assistant<|channel|>final<|message|>4"
     "<|return|>", "Two.", "4"),
    ("<|channel|>analysis<|message|>Two.<|end|><|start|>assistant<|channel|>final "
     "<|constrain|>json<|message|>4", "Two.", "4"),
    ("<|start|>assistant<|channel|>final<|message|>4<|return|>", "", "4"),
    ("Two.<|end|><|start|>assistant<|channel|>final<|message|>4", "Two.", "4"),
    ("analysisTwo.assistantfinal4", "Two.", "4"),
    ("4", "", "4"),
    ("4 <think> and so on", "", "4 <think> and so on"),
    ("analysis of the text", "", "analysis of the text"),
    ("<answer>4</answer>", "", "<answer>4</answer>"),
    ("In HTML </thought> ends one", "", "In HTML </thought> ends one"),
    ('{"a": "what does </think> mean?"}', "", '{"a": "what does </think> mean?"}'),
    ('<think>Two.</think>{"a": "</think>?"}', "Two.", '{"a": "</think>?"}'),
    ('{"a": "draft"}\n</think>\n{"a": "b"}', '{"a": "draft"}', '{"a": "b"}'),
    ("", "", ""),
]  # fmt: skip


@pytest.mark.parametrize(("text", "reasoning", "said"), SPLIT)
def test_what_is_thought_is_no_answer(text: str, reasoning: str, said: str) -> None:
    assert split_reasoning(text)[:2] == (reasoning, said)
    assert may_hold_reasoning(text) or not reasoning
    found = only(choice(text))
    assert (found.reasoning, found.text, found.finish_reason) == (reasoning, said, "stop")
    (raw,) = completions(answer(choice(text)), raw=True)
    assert (raw.text, raw.reasoning) == (text, "")


@pytest.mark.parametrize(
    "text",
    ["<think>Two and", "[THINK]Two and", "<thought>Two and", "<|channel>thought\nTwo and",
     "<|channel|>analysis<|message|>Two and", "analysisTwo and",
     "Here's my thought process: Two and", "<|START_THINKING|>Two and"],
)  # fmt: skip
def test_a_thought_that_never_ends_was_cut(text: str) -> None:
    assert split_reasoning(text) == Parted("Two and", "", cut=True)
    found = only(choice(text))
    assert (found.text, found.finish_reason) == ("", "length")


# ---------------------------------------------------------------- what it took


@pytest.mark.parametrize(
    ("used", "usage"),
    [
        ({"prompt_tokens": 9, "completion_tokens": 5, "total_tokens": 14}, Usage(9, 5)),
        ({"prompt_tokens": 9, "completion_tokens": 5, "total_tokens": 14,
          "completion_tokens_details": {"reasoning_tokens": 3}}, Usage(9, 5, 3)),
        # thought that the total alone counts (Gemini), and beside it (xAI)
        ({"prompt_tokens": 9, "completion_tokens": 5, "total_tokens": 34}, Usage(9, 25, 20)),
        ({"prompt_tokens": 9, "completion_tokens": 5, "total_tokens": 34,
          "completion_tokens_details": {"reasoning_tokens": 20}}, Usage(9, 25, 20)),
        ({"input_tokens": 9, "output_tokens": 5,
          "output_tokens_details": {"reasoning_tokens": 3}}, Usage(9, 5, 3)),
        ({"prompt_tokens": 9, "completion_tokens": 5, "prompt_tokens_details": None,
          "completion_tokens_details": None}, Usage(9, 5)),
        ({"prompt_tokens": "9", "completion_tokens": 5.0}, Usage(9, 5)),
        ({"prompt_tokens": -9, "completion_tokens": [5], "total_tokens": float("inf")}, Usage()),
        ({"prompt_tokens": 2**80, "completion_tokens": 5}, Usage(0, 5)),
        (None, Usage()),
        ([9], Usage()),
    ],
)  # fmt: skip
def test_usage(used: Any, usage: Usage) -> None:
    assert only(choice("4"), usage=used).usage == usage


def test_what_was_thought_is_counted_by_its_share_where_nobody_tells() -> None:
    used = {"prompt_tokens": 9, "completion_tokens": 40, "total_tokens": 49}
    found = only(choice("a" * 10, reasoning="b" * 30), usage=used)
    assert found.usage == Usage(9, 40, 30)


# ---------------------------------------------------------------- damaged bytes


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b'{"choices": [{"text": "caf\xe9 \xe2\x82"}]}', "caf\ufffd \ufffd"),
        (rb'{"choices": [{"text": "a \ud800 b"}]}', "a \ufffd b"),
        (rb'{"choices": [{"text": "\ud83d\ude00"}]}', "\U0001f600"),
        (b'\xef\xbb\xbf{"choices": [{"text": "a"}]}', "a"),
        (b'\n\n  {"choices": [{"text": "a"}]}\n', "a"),
        (b'{"choices": [{"text": "a", "logprobs": {"token_logprobs": [NaN]}}]}', "a"),
    ],
)
def test_what_can_be_read_is_read(body: bytes, text: str) -> None:
    (found,) = completions(parsed(body))
    assert found.text == text
    orjson.dumps(found.text)


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[1]", b"null", b'"a"', b"<html>", b"[" * 100_000, b'{"a":' * 100_000]
)
def test_what_cannot_is_tried_again(body: bytes) -> None:
    with pytest.raises(Transient):
        parsed(body)


def test_nests_of_any_depth_end_in_an_error_or_an_answer() -> None:
    for depth in (100, 260, 900):
        nest = json.loads("[" * depth + "]" * depth)
        for sent in (choice(nest), choice("4", reasoning=nest)):
            try:
                completions(answer(sent))
            except EngineError as error:
                assert isinstance(error, Transient)
