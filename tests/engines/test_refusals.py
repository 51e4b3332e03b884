"""What endpoints tell instead of an answer, in the shapes of their public documentation."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pytest

from beam_synth.engines.refusals import refusal, told_error
from beam_synth.errors import ContentRefused, Permanent, TooLong, Transient, Unusable

KINDS = {kind.__name__: kind for kind in (ContentRefused, Permanent, TooLong, Transient, Unusable)}
_LINES = (Path(__file__).parent / "refusals.jsonl").read_bytes().splitlines()
CASES = [orjson.loads(line) for line in _LINES]
PROVIDERS = (
    *("openai", "azure", "anthropic", "gemini", "openrouter", "together", "fireworks", "mistral"),
    *("deepseek", "vllm", "sglang", "llama.cpp", "tgi", "ollama", "lm studio"),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['provider']}-{case['status']}")
def test_the_kind_of_a_refusal(case: dict[str, Any]) -> None:
    """What is said decides, then the status."""
    body = case["body"]
    data = body if isinstance(body, str) else orjson.dumps(body)
    found = refusal(case["status"], None, data)
    assert type(found) is KINDS[case["kind"]], str(found)


@pytest.mark.parametrize("provider", PROVIDERS)
def test_each_provider_has_its_own_errors_with_their_sources(provider: str) -> None:
    """A request that is too long, and what is wrong with the service, are in the table of each."""
    own = [case for case in CASES if case["provider"] == provider]
    assert {case["kind"] for case in own} >= ({"Unusable"} if provider != "tgi" else {"TooLong"})
    assert all(case["source"].strip() for case in own)


def test_a_message_names_status_address_code_and_words() -> None:
    """All that a user needs, in one line."""
    body = b'{"error": {"message": "No\\n credits.", "code": "insufficient_quota"}}'
    told = str(refusal(429, None, body, "http://host/v1/chat/completions"))
    assert told == (
        "status 429 from http://host/v1/chat/completions (insufficient_quota): No credits."
    )


def test_what_a_router_adds_of_the_provider_is_shown() -> None:
    """OpenRouter's `metadata.raw` has the only words that say why."""
    error = {
        "code": 502,
        "message": "Provider returned error",
        "metadata": {"raw": "out of memory"},
    }
    assert told_error({"error": error}).message == "Provider returned error (out of memory)"


def test_a_page_for_people_shows_its_title() -> None:
    """Not its markup."""
    page = b"<!DOCTYPE html><html><head><title>504 Gateway&nbsp;Time-out</title></head></html>"
    assert str(refusal(504, None, page)) == "status 504: an HTML page: 504 Gateway Time-out"


def test_a_limit_for_each_minute_is_waited_for_and_a_quota_is_not() -> None:
    """The same words come with and without a word on when to come again."""
    quota = b'{"error": {"message": "You exceeded your current quota.", "code": 429}}'
    assert type(refusal(429, "7", quota)) is Transient
    assert type(refusal(429, None, quota)) is Unusable


@pytest.mark.parametrize("body", [None, 7, [], {}, "", [[]], {"error": None}, {"error": [1]}])
def test_any_json_is_told(body: Any) -> None:
    """A body without a word still gives an error of the status' kind."""
    assert type(refusal(500, None, orjson.dumps(body))) is Transient
    assert type(refusal(400, None, orjson.dumps(body))) is Permanent
