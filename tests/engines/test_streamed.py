"""Answers that come as a stream of events although none was asked for."""

from __future__ import annotations

import json
from typing import Any

import pytest

from beam_synth.engines.base import Usage
from beam_synth.engines.responses import completions, parsed
from beam_synth.errors import Transient, Unusable


def events(*chunks: Any, end: str = "data: [DONE]\n\n") -> bytes:
    return "".join([f"data: {json.dumps(chunk)}\n\n" for chunk in chunks] + [end]).encode()


def piece(finish: Any = None, index: int = 0, **said: Any) -> dict[str, Any]:
    return {"choices": [{"index": index, "delta": said, "finish_reason": finish}]}


WHOLE = {"index": 0, "message": {"content": "42"}, "finish_reason": "stop"}
USED = {"choices": [], "usage": {"prompt_tokens": 7, "completion_tokens": 2, "total_tokens": 9}}


@pytest.mark.parametrize(
    "data",
    [
        events(piece(role="assistant", content=""), piece(content="4"), piece(content="2"),
               piece("stop"), USED),
        events(piece(content="4"), piece("stop", content="2"), USED, end=""),
        b": ping\r\n\r\nevent: message\r\n"
        + events(piece(content="42"), piece("stop"), USED).replace(b"\n", b"\r\n"),
        events({"choices": [{"index": 0, "text": "4"}]}, {"choices": [{"index": 0, "text": "2"}]},
               USED),
        b"\xef\xbb\xbf" + events({"choices": [WHOLE], "usage": USED["usage"]}),
        events(piece(tool_calls=[{"index": 0, "function": {"name": "f", "arguments": "4"}}]),
               piece(tool_calls=[{"index": 0, "function": {"arguments": "2"}}]), USED),
    ],
)  # fmt: skip
def test_a_stream_is_one_answer(data: bytes) -> None:
    (found,) = completions(parsed(data))
    assert (found.text, found.finish_reason, found.usage) == ("42", "stop", Usage(7, 2))


def test_a_stream_of_several_choices_and_of_thoughts() -> None:
    data = events(
        piece(reasoning_content="Tw"),
        piece(index=1, content="B"),
        piece(reasoning_content="o."),
        piece("length", index=1),
        piece("stop", content="A"),
    )
    first, second = completions(parsed(data))
    assert (first.text, first.reasoning, first.finish_reason) == ("A", "Two.", "stop")
    assert (second.text, second.finish_reason) == ("B", "length")


def test_log_probabilities_of_a_stream() -> None:
    data = events(
        *(
            {
                "choices": [
                    {
                        "index": 0,
                        "delta": {"content": each},
                        "logprobs": {"content": [{"token": each, "logprob": -1.0}]},
                    }
                ]
            }
            for each in "42"
        )
    )
    assert completions(parsed(data))[0].logprobs == (-1.0, -1.0)


@pytest.mark.parametrize(
    "data",
    [
        events(piece(content="4"), end=""),
        events(piece(content="4"), end='data: {"choi'),
        events(piece("stop", content="4"), piece(index=1, content="B"), end=""),
        events("4"),
        events({"choices": ["4"]}),
    ],
)
def test_a_stream_that_broke_off_is_asked_for_again(data: bytes) -> None:
    with pytest.raises(Transient):
        completions(parsed(data))


def test_an_error_in_a_stream_is_that_error() -> None:
    told = {"error": {"message": "Insufficient credits", "code": 402}}
    with pytest.raises(Unusable):
        completions(parsed(events(piece(content="4"), told, end="")))
