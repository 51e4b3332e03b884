"""What each provider sends as an answer, by its public documentation, is read as it is meant."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pytest

from beam_synth.engines import anthropic_messages, responses
from beam_synth.engines.base import Completion
from beam_synth.errors import ContentRefused, Transient
from tests.engines.test_refusals import PROVIDERS

_LINES = (Path(__file__).parent / "answers.jsonl").read_bytes().splitlines()
CASES = [orjson.loads(line) for line in _LINES]
KINDS = {kind.__name__: kind for kind in (ContentRefused, Transient)}


def read(case: dict[str, Any]) -> Completion:
    if case["api"] == "anthropic":
        return anthropic_messages.completion(case["body"])
    (found,) = responses.completions(case["body"])
    return found


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["provider"])
def test_an_answer_is_read(case: dict[str, Any]) -> None:
    if case["kind"]:
        with pytest.raises(KINDS[case["kind"]]):
            read(case)
        return
    found = read(case)
    assert (found.text, found.reasoning) == (case["text"], case["reasoning"])
    assert found.finish_reason == case["finish"]
    prompt, completion, thought = case["usage"]
    assert (found.usage.prompt_tokens, found.usage.completion_tokens) == (prompt, completion)
    if thought is None:  # the provider does not tell it, an estimate stands there
        assert 0 < found.usage.reasoning_tokens < completion
    else:
        assert found.usage.reasoning_tokens == thought


def test_every_provider_has_its_answers_with_their_sources() -> None:
    assert {case["provider"] for case in CASES} >= set(PROVIDERS)
    assert all(case["source"].strip() for case in CASES)
