from __future__ import annotations

import asyncio
import contextlib
import email.utils
import logging
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest

from beam_synth.engines import openai, refusals
from beam_synth.engines.addresses import Addresses
from beam_synth.engines.base import Completion, Request
from beam_synth.errors import Permanent, Refused, TooLong, Transient, Unusable
from beam_synth.generation import engine_registry
from beam_synth.job.schema import GenerateSettings, Model
from tests.doubles.engines import closing
from tests.doubles.processes import PATIENCE
from tests.doubles.programs import FakePrompts
from tests.servers.fake_openai import FAULTS, Behaviour, FakeOpenAI

SCHEMA = {
    "type": "object",
    "properties": {"say": {"type": "string"}, "kind": {"enum": ["a", "b"]}},
    "required": ["say", "kind"],
}
REQUEST = Request("m/query", {"text": "One thing is here. Another thing is there."}, seed=7)
PROMPTS: Any = FakePrompts(None)


def model(url: str | list[str], **settings: Any) -> Model:
    return Model(engine="openai", model="fake-model", base_url=url, **settings)


def ask(made: Model, request: Request = REQUEST, timeout: float = PATIENCE) -> list[Completion]:
    """One call by an engine of its own."""

    async def call() -> list[Completion]:
        async with closing(openai.OpenAI(made, PROMPTS, timeout)) as engine:
            return await engine.generate(request)

    return asyncio.run(call())


@contextlib.contextmanager
def nobody() -> Iterator[str]:
    """An address that nobody answers at, nor can begin to."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{held.getsockname()[1]}/v1"


def test_a_call_carries_what_was_asked_for() -> None:
    with FakeOpenAI() as server:
        options = {"extra_body": {"top_k": 5}, "headers": {"X-Team": "t"}}
        request = Request(
            "m/query", REQUEST.variables, SCHEMA, {"temperature": 0.2, "max_tokens": 9}, 2, 7
        )
        first, second = ask(model(server.url, options=options), request)
        (asked,) = server.requests
        assert orjson.loads(first.text).keys() == {"say", "kind"}
        assert asked["messages"] == [
            {"role": "user", "content": f"m/query: {REQUEST.variables['text']}"}
        ]
        assert asked["response_format"]["json_schema"]["schema"] == SCHEMA
        picked = {k: asked[k] for k in ("n", "seed", "temperature", "max_tokens", "top_k")}
        assert picked == {"n": 2, "seed": 7, "temperature": 0.2, "max_tokens": 9, "top_k": 5}
        assert first.usage.prompt_tokens > 0 and second.usage.prompt_tokens == 0
        assert ask(model(server.url), request) != ask(model(server.url))


def test_followups_come_after_the_prompt() -> None:
    followups = ({"role": "assistant", "content": "no"}, {"role": "user", "content": "again"})
    with FakeOpenAI() as server:
        ask(model(server.url), Request("m/q", REQUEST.variables, followups=followups))
        assert [m["content"] for m in server.requests[0]["messages"]][1:] == ["no", "again"]


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("status_429", Transient),
        ("status_429_bare", Transient),
        ("status_500", Transient),
        ("reset", Transient),
        ("hang", Transient),
        ("truncated", Transient),
        ("no_choices", Transient),
        ("status_400", Permanent),
        ("drip", None),
        ("wrong_schema", None),
        ("not_json", None),
    ],
)
def test_each_fault(fault: str, error: type[Exception] | None) -> None:
    assert fault in FAULTS
    with FakeOpenAI(Behaviour(faults={fault: 1.0}, hang=PATIENCE, retry_after=1.5)) as server:
        if error is None:
            (found,) = ask(model(server.url))
            assert found.finish_reason == "stop"
            return
        with pytest.raises(error) as raised:
            ask(model(server.url), timeout=0.2 if fault == "hang" else PATIENCE)
        assert type(raised.value) is error
        if isinstance(raised.value, Transient):
            assert raised.value.retry_after == (1.5 if fault == "status_429" else None)


def test_a_refused_connection_is_transient() -> None:
    with nobody() as url, pytest.raises(Transient, match="Connect"):
        ask(model(url))


def test_an_endpoint_without_response_format_gets_the_schema_in_words() -> None:
    with FakeOpenAI(Behaviour(structured=False)) as server:
        request = Request("m/query", REQUEST.variables, SCHEMA)
        (found,) = ask(model(server.url), request)
        assert orjson.loads(found.text)["kind"] in ("a", "b")
        ask(model(server.url, options={"structured_output": False}), request)
        assert ["response_format" in asked for asked in server.requests] == [True, False, False]


def test_the_key_is_resolved_here_and_never_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    secret = "sk-very-secret"
    monkeypatch.setenv("FAKE_KEY", secret)
    (tmp_path / "key").write_text(f"{secret}\n")
    (tmp_path / "wrong").write_text("sk-wrong-one")
    with FakeOpenAI(Behaviour(key=secret)) as server:
        for reference in ("env:FAKE_KEY", f"file:{tmp_path / 'key'}"):
            assert ask(model(server.url, api_key=reference))
        with pytest.raises(Unusable) as raised:
            ask(model(server.url, api_key=f"file:{tmp_path / 'wrong'}"))
        assert "sk-wrong-one" not in str(raised.value) and "***" in str(raised.value)
    for reference in ("env:NO_SUCH_KEY", f"file:{tmp_path / 'none'}"):
        with pytest.raises(Refused, match="api_key"):
            openai.OpenAI(model("http://x/v1", api_key=reference), PROMPTS, 1.0)
    assert secret not in caplog.text and "sk-wrong-one" not in caplog.text
    assert secret not in repr(model("http://x/v1", api_key="env:FAKE_KEY"))


def test_several_addresses_share_the_load() -> None:
    with FakeOpenAI(Behaviour(latency=0.02)) as one, FakeOpenAI(Behaviour(latency=0.02)) as two:

        async def call() -> None:
            async with closing(openai.OpenAI(model([one.url, two.url]), PROMPTS, PATIENCE)) as made:
                await asyncio.gather(*(made.generate(REQUEST) for _ in range(10)))

        asyncio.run(call())
        assert one.stats["requests"] == two.stats["requests"] == 5


def check(made: Model, in_full: bool = False) -> list[str]:
    return asyncio.run(
        engine_registry.check_engine(
            "generator", made, GenerateSettings(), PROMPTS, in_full=in_full
        )
    ).lines


def test_check_says_what_the_endpoint_has() -> None:
    with FakeOpenAI(Behaviour(models=("fake-model", "other"))) as server:
        assert check(model(server.url)) == ["generator: openai fake-model: answers, has the model"]


@pytest.mark.parametrize("api", ["chat", "completions"])
def test_check_says_what_the_endpoint_can_do(api: str) -> None:
    with FakeOpenAI() as server:
        _, *able = check(model(server.url, options={"api": api}), in_full=True)
    assert able == [
        "  structured output: yes",
        "  several answers a call (n): yes",
        "  log-probabilities: yes",
        "  token ids in and out: yes",
        "  a seed for each call: yes",
    ]


def test_check_says_what_is_done_without() -> None:
    with FakeOpenAI(Behaviour(structured=False)) as server:
        _, structured, *_ = check(model(server.url), in_full=True)
        assert structured.startswith("  structured output: no (status 400 from ")
        assert structured.endswith("the schema goes into the prompt, answers are checked")
        off = model(server.url, options={"structured_output": False})
        assert "switched off" in check(off, in_full=True)[1]
    with (
        FakeOpenAI(Behaviour(faults={"status_400": 1.0})) as server,
        pytest.raises(Refused, match="a plain call fails: status 400"),
    ):
        check(model(server.url), in_full=True)


def test_completions_for_models_without_a_chat_template() -> None:
    with FakeOpenAI() as server:
        options = {"api": "completions", "extra_body": {"return_token_ids": True}}
        request = Request("m/query", REQUEST.variables, None, {"logprobs": 1, "stop": ["\n"]}, 2)
        first, second = ask(model(server.url, options=options), request)
        (asked,) = server.requests
    assert asked["prompt"] == f"m/query: {REQUEST.variables['text']}\n\n"
    assert asked["stop"] == ["\n"] and "messages" not in asked
    n = len(first.text.split())
    assert first.logprobs == (-0.5,) * n and first.token_ids == tuple(range(n))
    assert second.text


def test_what_does_not_fit_the_context_is_told_apart() -> None:
    with (
        FakeOpenAI(Behaviour(context=3)) as server,
        pytest.raises(TooLong, match="maximum context"),
    ):
        ask(model(server.url))


def test_overload_is_told_apart() -> None:
    for fault, overload in {"status_429": True, "hang": True, "status_500": False}.items():
        with FakeOpenAI(Behaviour(faults={fault: 1.0}, hang=PATIENCE)) as server:
            with pytest.raises(Transient) as raised:
                ask(model(server.url), timeout=0.2 if fault == "hang" else PATIENCE)
            assert raised.value.overload is overload


def test_a_dead_address_does_not_draw_the_calls() -> None:
    now = [0.0]
    addresses = Addresses(["http://a", "http://b/"], lambda: now[0])

    def fails(url: str) -> str:
        try:
            with addresses.chosen() as chosen:
                if chosen == url:
                    raise Transient("refused")
        except Transient:
            pass
        return chosen

    assert fails("http://a") == "http://a"
    assert [fails("http://a") for _ in range(3)] == ["http://b"] * 3
    now[0] = 0.6  # it rested half a second
    assert fails("http://a") == "http://a"
    now[0] = 1.5  # now it rests a whole one
    assert fails("http://a") == "http://b"
    assert fails("http://b") == "http://b"
    assert fails("") == "http://a"  # both rest: the one that wakes first
    now[0] = 5.0
    assert [fails("") for _ in range(2)] == ["http://a"] * 2


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda url: model(url).model_copy(update={"model": "fake-modle"}),
            "did you mean 'fake-mo",
        ),
        (lambda url: model(url).model_copy(update={"model": ""}), "needs the model's name"),
        (lambda url: model(""), "base_url"),
        (lambda url: model([]), "base_url"),
        (lambda url: model(url, options={"extra_boddy": {}}), "did you mean 'extra_body'"),
        (lambda url: model(url, api_key="env:NO_SUCH_KEY"), "api_key"),
        (lambda url: Model(engine="opnai"), "did you mean 'openai'"),
    ],
)
def test_check_refuses(make: Callable[[str], Model], message: str) -> None:
    with FakeOpenAI() as server, pytest.raises(Refused, match=message) as raised:
        check(make(server.url))
    assert str(raised.value).startswith("models.generator: ")


def test_check_refuses_an_address_that_does_not_answer() -> None:
    with nobody() as url, pytest.raises(Refused, match="does not answer") as raised:
        check(model(url))
    assert str(raised.value).startswith("models.generator: ")


def test_check_refuses_a_wrong_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAKE_KEY", "wrong")
    with FakeOpenAI(Behaviour(key="right")) as server, pytest.raises(Refused, match="the key"):
        check(model(server.url, api_key="env:FAKE_KEY"))


def test_a_missing_extra_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(
        engine_registry.ENGINES,
        "other",
        engine_registry.KnownEngine(
            lambda *_: None,  # type: ignore[arg-type, return-value]
            "no_such_module",
            "other",
        ),
    )
    with pytest.raises(Refused, match=r"pip install 'beam-synth\[other\]'"):
        check(Model(engine="other"))


def test_retry_after_as_number_or_date() -> None:
    assert refusals.seconds(None) is None
    assert refusals.seconds("2.5") == 2.5
    assert refusals.seconds("-1") == 0.0
    assert refusals.seconds("soon") is None
    ahead = refusals.seconds(email.utils.formatdate(time.time() + 3600, usegmt=True))
    assert ahead is not None and 3000 < ahead <= 3600
    assert refusals.seconds(email.utils.formatdate(0, usegmt=True)) == 0.0


# ---------------------------------------------------------------- token ids, n, reasoning


async def _round_trip(engine: openai.OpenAI) -> tuple[str, list[Completion]]:
    ids = await engine.encode("m/query", REQUEST.variables)
    request = Request("", {}, None, {"max_tokens": 9}, 2, 7, prompt_ids=tuple(ids), logprobs=True)
    return await engine.decode(ids), await engine.generate(request)


@pytest.mark.parametrize("tokens", ["vllm", "llamacpp"])
@pytest.mark.parametrize("api", ["chat", "completions"])
def test_token_ids_go_out_and_come_back(tokens: str, api: str) -> None:
    async def work(url: str) -> tuple[str, list[Completion]]:
        made = model(url, options={"api": api, "extra_body": {"chat_template_kwargs": {"a": 1}}})
        async with closing(openai.OpenAI(made, PROMPTS, PATIENCE)) as engine:
            return await _round_trip(engine)

    with FakeOpenAI(Behaviour(tokens=tokens)) as server:
        prompt, completions = asyncio.run(work(server.url))
        (asked,) = server.requests
    text = f"m/query: {REQUEST.variables['text']}"
    assert prompt == (f"[user]{text}\n[assistant]" if api == "chat" else f"{text}\n\n")
    assert asked["prompt"] == list(prompt.encode()) and "messages" not in asked
    assert len(completions) == 2
    for found in completions:
        assert found.token_ids == tuple(found.text.encode()) and len(found.token_ids) == 9
        assert found.logprobs == (-0.5,) * 9 and found.finish_reason == "length"


def test_log_probabilities_of_a_continuation_come_only_where_asked_for() -> None:
    with FakeOpenAI(Behaviour(tokens="llamacpp")) as server:
        (found,) = ask(model(server.url), Request("", {}, prompt_ids=tuple(b"One thing is here.")))
    assert found.token_ids and found.logprobs is None


def test_an_endpoint_that_gives_one_answer_a_call_is_asked_for_one() -> None:
    async def work(url: str) -> tuple[list[int], bool]:
        async with closing(openai.OpenAI(model(url), PROMPTS, PATIENCE)) as engine:
            request = Request("m/query", REQUEST.variables, n=3)
            found = [len(await engine.generate(request)) for _ in range(2)]
            return found, "n" in engine.can

    with FakeOpenAI(Behaviour(many=False)) as server:
        assert asyncio.run(work(server.url)) == ([1, 1], False)
        assert [asked.get("n") for asked in server.requests] == [3, None, None]


@pytest.mark.parametrize("thinks", ["reasoning", "reasoning_content", "tags"])
def test_what_a_model_thinks_is_no_part_of_its_answer(thinks: str) -> None:
    with FakeOpenAI() as server:
        (plain,) = ask(model(server.url), Request("m/query", REQUEST.variables, SCHEMA))
    with FakeOpenAI(Behaviour(thinks=thinks)) as server:
        (found,) = ask(model(server.url), Request("m/query", REQUEST.variables, SCHEMA))
    assert (found.text, found.reasoning, plain.reasoning) == (plain.text, "I think.", "")


def test_what_an_endpoint_lacks_is_found_by_trying() -> None:
    async def lacks(url: str) -> dict[str, str]:
        return await openai.OpenAI(model(url), PROMPTS, PATIENCE).lacks(
            ["n", "schema", "logprobs", "complete"]
        )

    with FakeOpenAI() as server:
        assert asyncio.run(lacks(server.url)) == {}
    poor = Behaviour(tokens="", many=False, logprobs=False, structured=False)
    with FakeOpenAI(poor) as server:
        found = asyncio.run(lacks(server.url))
    assert list(found) == ["n", "schema", "logprobs", "complete"]
    assert "Only one completion choice" in found["n"] and "404" in found["complete"]


def test_whether_an_endpoint_serves_is_asked_in_ever_new_words() -> None:
    async def work(url: str) -> None:
        async with closing(openai.OpenAI(model(url), PROMPTS, PATIENCE)) as engine:
            await engine.alive()
            await engine.alive()

    with FakeOpenAI() as server:
        asyncio.run(work(server.url))
        first, second = (asked["messages"] for asked in server.requests)
        assert first != second
    with FakeOpenAI(Behaviour(faults={"status_500": 1.0})) as server, pytest.raises(Transient):
        asyncio.run(work(server.url))
