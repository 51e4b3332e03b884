"""Secrets: named in a job, never held by it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from beam_synth.errors import Refused
from beam_synth.job.parsing import parse_job
from beam_synth.job.secrets import Resolved, masked, resolve_key

SECRET = "S3cr3t-abc123-value"


def parsed(**model: Any) -> None:
    generator = {"engine": "openai", "model": "a", "base_url": "http://a/v1", **model}
    data = {"name": "a", "articles": ["a"], "mixture": {"rag": 1}}
    parse_job({**data, "models": {"generator": generator}}, "a.yaml")


LITERALS: list[tuple[dict[str, Any], str]] = [
    ({"api_key": SECRET}, "api_key: it must be env:NAME"),
    ({"options": {"headers": {"api-key": SECRET}}}, "options.headers.api-key"),
    ({"options": {"headers": {"X-Api-Key": SECRET}}}, "options.headers.X-Api-Key"),
    (
        {"options": {"headers": {"Authorization": f"Bearer {SECRET}"}}},
        'options.headers.Authorization: .*"Bearer env:NAME"',
    ),
    (
        {"options": {"headers": {"Authorization": f"Basic {SECRET}"}}},
        '.*"Basic env:NAME"',
    ),
    ({"options": {"headers": {"Cookie": f"a={SECRET}"}}}, "options.headers.Cookie"),
    ({"options": {"headers": {"X-Auth-Token": SECRET}}}, "options.headers.X-Auth-Token"),
    ({"options": {"headers": {"Ocp-Apim-Subscription-Key": SECRET}}}, ".*Subscription-Key"),
    ({"options": {"headers": {"X-Team": "sk-proj-12345678901234567890"}}}, "options.headers.X-Te"),
    ({"options": {"query": {"key": SECRET}}}, "options.query.key"),
    ({"options": {"extra_body": {"api_key": SECRET}}}, "options.extra_body.api_key"),
    ({"options": {"extra_body": {"a": [{"accessToken": SECRET}]}}}, "options.extra_body.a.acc"),
    ({"options": {"extra_body": {"b": f"Bearer {SECRET}"}}}, "options.extra_body.b"),
    ({"options": {"env": {"HF_TOKEN": SECRET}}}, "options.env.HF_TOKEN: .*where the run is st"),
    ({"base_url": f"https://user:{SECRET}@host/v1"}, "base_url: .*Basic env:NAME"),
    ({"base_url": f"https://{SECRET}@host/v1"}, "base_url: .*without user and password"),
    (
        {"base_url": ["http://a/v1", f"https://b/v1?api-key={SECRET}"]},
        "base_url: .*options.query: .api-key",
    ),
]


@pytest.mark.parametrize(("model", "told"), LITERALS)
def test_what_looks_like_a_secret_is_refused_and_not_shown(
    model: dict[str, Any], told: str
) -> None:
    with pytest.raises(Refused, match=f"models.generator.{told}") as refused:
        parsed(**model)
    assert SECRET not in str(refused.value) and "sk-proj" not in str(refused.value)


@pytest.mark.parametrize(
    "options",
    [
        {"headers": {"X-Team": "research", "anthropic-version": "2023-06-01", "X-Title": "keys"}},
        {"headers": {"api-key": "env:KEY", "Authorization": "Bearer file:/run/key"}},
        {"headers": {"OpenAI-Organization": "org-a1b2c3", "x-portkey-provider": "openai"}},
        {"query": {"api-version": "2024-10-21", "key": "env:KEY"}},
        {"extra_body": {"max_tokens": 5, "stop_token_ids": [1], "return_token_ids": True}},
        {"extra_body": {"prompt_cache_key": "a", "skip_special_tokens": False, "seed": None}},
        {"extra_body": {"chat_template_kwargs": {"author": "a"}, "api_key": "env:KEY"}},
        {"env": {"VLLM_LOGGING_LEVEL": "INFO", "CUDA_VISIBLE_DEVICES": "0"}},
    ],
)
def test_what_is_no_secret_passes(options: dict[str, Any]) -> None:
    parsed(options=options, base_url="https://a/openai/deployments/b?api-version=2024-10-21")


def test_references_are_resolved_where_they_stand(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("KEY", f" {SECRET}\n")
    monkeypatch.setenv("LOGIN", "user:pass")
    (tmp_path / "key").write_text("other\n")
    found = Resolved()
    assert found.header("env:KEY", "a") == SECRET
    assert found.header(f"Token file:{tmp_path / 'key'}", "a") == "Token other"
    assert found.header("Basic env:LOGIN", "a") == "Basic dXNlcjpwYXNz"
    assert found.header("plain env:KEY words", "a") == "plain env:KEY words"
    body = {"a": {"b": ["env:KEY", 1, None]}, "c": "Bearer env:KEY"}
    assert found.body(body, "a") == {"a": {"b": [SECRET, 1, None]}, "c": "Bearer env:KEY"}
    assert set(found.secrets) == {SECRET, "other", "user:pass", "dXNlcjpwYXNz"}


def test_what_is_not_there_is_told_by_its_reference(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with pytest.raises(Refused, match=r"options.headers.a: env:NO_SUCH holds no key"):
        Resolved().header("env:NO_SUCH", "options.headers.a")
    with pytest.raises(Refused, match=r"options.x: .* cannot be read: No such file"):
        Resolved().body(f"file:{tmp_path / 'none'}", "options.x")
    monkeypatch.setenv("LINES", f"{SECRET}\nX-Injected: 1")
    with pytest.raises(Refused, match="more than one line") as refused:
        resolve_key("env:LINES")
    assert SECRET not in str(refused.value)


def test_secrets_are_masked_in_every_form() -> None:
    secret = 'p/a"b'
    text = f'{secret} p%2Fa%22b p/a\\"b and no {secret}x'
    assert masked(text, [secret, ""]) == "*** *** *** and no ***x"
