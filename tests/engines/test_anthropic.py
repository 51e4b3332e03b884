"""The engine that speaks Anthropic's own API, against the fake of it."""

from __future__ import annotations

import asyncio
from typing import Any

import orjson
import pytest

from beam_synth.engines.anthropic import VERSION, Anthropic
from beam_synth.engines.anthropic_messages import completion, supported
from beam_synth.engines.base import Completion, Request, Usage
from beam_synth.errors import ContentRefused, Permanent, Refused, TooLong, Transient, Unusable
from beam_synth.generation import engine_registry
from beam_synth.generation.engine_registry import check_engine, make_engine
from beam_synth.job.schema import GenerateSettings, Model
from tests.doubles.engines import closing
from tests.doubles.processes import PATIENCE
from tests.doubles.programs import FakePrompts
from tests.servers.fake_anthropic import Claude, FakeAnthropic
from tests.servers.fake_openai import Behaviour

SCHEMA = {
    "type": "object",
    "properties": {
        "say": {"type": "string", "minLength": 1},
        "kind": {"enum": ["a", "b"]},
        "points": {"type": "array", "items": {"type": "integer", "minimum": 1}, "minItems": 2},
    },
    "required": ["say", "kind"],
}
REQUEST = Request("m/query", {"text": "One thing is here. Another thing is there."}, seed=7)
STRUCTURED = Request("m/query", REQUEST.variables, SCHEMA, {"temperature": 0.5, "top_p": 0.9})
PROMPTS: Any = FakePrompts(None)


@pytest.fixture(autouse=True)
def _key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAKE_ANTHROPIC_KEY", Claude().key)


def model(url: str, **settings: Any) -> Model:
    said = {"api_key": "env:FAKE_ANTHROPIC_KEY", **settings}
    return Model(engine="anthropic", model="fake-model", base_url=url, **said)


def ask(made: Model, *requests: Request) -> list[Completion]:
    """Calls in their order by one engine."""

    async def call() -> list[Completion]:
        async with closing(Anthropic(made, PROMPTS, PATIENCE)) as engine:
            return [each for request in requests for each in await engine.generate(request)]

    return asyncio.run(call())


def test_a_call_is_as_the_api_wants_it() -> None:
    sampling = {"temperature": 0.2, "stop": "END", "seed": 3}
    options = {"extra_body": {"metadata": {"user_id": "u"}}, "headers": {"anthropic-beta": "b"}}
    with FakeAnthropic() as server:
        made = model(server.url, options=options)
        (found,) = ask(made, Request("m/query", REQUEST.variables, SCHEMA, sampling, n=2, seed=7))
        (asked,), (headers,) = server.requests, server.headers
    assert asked.keys() == {
        *("model", "max_tokens", "messages", "temperature", "stop_sequences", "output_config"),
        "metadata",
    }
    assert (asked["max_tokens"], asked["stop_sequences"]) == (4096, ["END"])
    assert asked["output_config"]["format"]["type"] == "json_schema"
    assert headers["x-api-key"] == Claude().key and headers["anthropic-version"] == VERSION
    assert headers["anthropic-beta"] == "b" and "Authorization" not in headers
    assert orjson.loads(found.text).keys() == {"say", "kind", "points"}
    assert found.usage.prompt_tokens > 0 and found.usage.completion_tokens > 0


def test_the_system_prompt_stands_apart_and_an_empty_answer_can_be_sent_back() -> None:
    class Spoken:
        def render(self, template: str, variables: Any) -> list[dict[str, str]]:
            return [
                {"role": "system", "content": "Be brief."},
                {"role": "user", "content": "Who?"},
            ]

    async def call(url: str) -> None:
        prompts: Any = Spoken()
        followups = ({"role": "assistant", "content": ""}, {"role": "user", "content": "Again."})
        async with closing(Anthropic(model(url), prompts, PATIENCE)) as engine:
            await engine.generate(Request("m/query", {}, followups=followups))

    with FakeAnthropic() as server:
        asyncio.run(call(server.url))
        (asked,) = server.requests
    assert asked["system"] == "Be brief."
    assert [turn["role"] for turn in asked["messages"]] == ["user", "assistant", "user"]


def test_what_a_model_thinks_stands_apart_and_its_tokens_count() -> None:
    options = {"extra_body": {"thinking": {"type": "enabled", "budget_tokens": 1024}}}
    with FakeAnthropic(claude=Claude(cached=3)) as server:
        (plain,) = ask(model(server.url), STRUCTURED)
        (found,) = ask(model(server.url, options=options), STRUCTURED)
    assert (found.text, found.reasoning, plain.reasoning) == (plain.text, "I think.", "")
    assert found.usage == plain.usage and found.usage.prompt_tokens > 3


@pytest.mark.parametrize(
    ("reason", "finish"),
    [
        ("end_turn", "stop"),
        ("stop_sequence", "stop"),
        ("tool_use", "stop"),
        ("max_tokens", "length"),
        ("model_context_window_exceeded", "length"),
    ],
)
def test_stop_reasons(reason: str, finish: str) -> None:
    with FakeAnthropic(claude=Claude(stop_reason=reason)) as server:
        assert ask(model(server.url), REQUEST)[0].finish_reason == finish


def test_a_refusal_is_refused_content() -> None:
    with (
        FakeAnthropic(claude=Claude(stop_reason="refusal")) as server,
        pytest.raises(ContentRefused, match="refusal"),
    ):
        ask(model(server.url), REQUEST)
    details = {"type": "refusal", "category": "cyber", "explanation": "Not this."}
    answer = {"content": [], "stop_reason": "refusal", "stop_details": details}
    with pytest.raises(ContentRefused, match="cyber: Not this"):
        completion(answer)


def test_a_model_without_structured_output_gets_the_schema_in_words_from_then_on() -> None:
    with FakeAnthropic(claude=Claude(no_schemas=True)) as server:
        first, second = ask(model(server.url), STRUCTURED, STRUCTURED)
        sent = ["output_config" in asked for asked in server.requests]
    assert orjson.loads(first.text).keys() == {"say", "kind", "points"} and first == second
    assert sent == [True, False, False]


def test_a_field_that_the_model_no_longer_takes_is_left_off_from_then_on() -> None:
    with FakeAnthropic(claude=Claude(refused_fields=("temperature", "top_p"))) as server:
        ask(model(server.url), STRUCTURED, STRUCTURED)
        sent = [{"temperature", "top_p"} & asked.keys() for asked in server.requests]
    assert len(sent) == 4 and sent[-2:] == [set(), set()]
    with (
        FakeAnthropic(claude=Claude(refused_fields=("metadata",))) as server,
        pytest.raises(Permanent, match="deprecated"),
    ):  # that the user asked for it is no guess of ours
        ask(model(server.url, options={"extra_body": {"metadata": {}}}), REQUEST)


def test_a_schema_is_told_in_what_the_api_takes() -> None:
    told = supported(SCHEMA)
    assert told["additionalProperties"] is False and told["required"] == ["say", "kind"]
    assert told["properties"]["say"] == {"type": "string"}
    assert told["properties"]["points"] == {"type": "array", "items": {"type": "integer"}}
    assert told["properties"]["kind"] == {"enum": ["a", "b"]}
    either = {"oneOf": [{"type": "null"}, {"type": ["object", "null"], "properties": {}}]}
    assert supported(either)["anyOf"][1]["additionalProperties"] is False
    assert supported({"type": "array", "minItems": 1})["minItems"] == 1


@pytest.mark.parametrize("fault", ["status_429", "status_500", "truncated", "reset"])
def test_faults_are_transient(fault: str) -> None:
    with FakeAnthropic(Behaviour(faults={fault: 1.0})) as server, pytest.raises(Transient):
        ask(model(server.url), REQUEST)


def test_errors_by_kind() -> None:
    with FakeAnthropic(Behaviour(context=3)) as server, pytest.raises(TooLong):
        ask(model(server.url), REQUEST)
    with FakeAnthropic(claude=Claude(key="other")) as server, pytest.raises(Unusable) as raised:
        ask(model(server.url), REQUEST)
    assert Claude().key not in str(raised.value)
    for answer in ({}, {"content": "text"}, {"content": [1]}):
        with pytest.raises(Transient, match="another form"):
            completion(answer)
    told = {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}
    with pytest.raises(Transient, match="overloaded_error"):
        completion(told)
    odd = {"content": [{"type": "redacted_thinking", "data": "x"}, {"type": "text", "text": "4"}]}
    assert completion({**odd, "usage": None}) == Completion("4", usage=Usage())


def test_check_says_what_it_can_and_refuses_what_cannot_be() -> None:
    def lines(made: Model) -> list[str]:
        prompts: Any = PROMPTS
        work = check_engine("generator", made, GenerateSettings(), prompts, in_full=True)
        return asyncio.run(work).lines

    with FakeAnthropic() as server:
        told = lines(model(server.url))
        assert told[0] == "generator: anthropic fake-model: answers, has the model"
        assert told[1] == "  structured output: yes"
        with pytest.raises(Refused, match=r"generator: .* no model 'other': model: other"):
            lines(model(server.url).model_copy(update={"model": "other"}))
    with FakeAnthropic(claude=Claude(no_schemas=True)) as server:
        assert "no (status 400" in lines(model(server.url))[1]
    other = FakeAnthropic(claude=Claude(key="other"))
    with other as server, pytest.raises(Refused, match="refuses the key"):
        lines(model(server.url))


def test_what_a_job_says_wrong_is_refused() -> None:
    def made(**settings: Any) -> Any:
        said = {"model": "m", **settings}
        return make_engine(Model(engine="anthropic", **said), GenerateSettings(), PROMPTS)

    assert made().can == {"schema"} and made(options={"structured_output": False}).can == set()
    with pytest.raises(Refused, match=r"options\.sed"):
        made(options={"sed": 1})
    with pytest.raises(Refused, match="base_url"):
        made(base_url="host")
    with pytest.raises(Refused, match="model's name"):
        made(model="")
    assert "anthropic" not in engine_registry.ENDPOINTS  # what it lacks is known without a call


def test_whether_it_serves_is_asked_in_ever_new_words() -> None:
    async def work(url: str) -> None:
        async with closing(Anthropic(model(url), PROMPTS, PATIENCE)) as engine:
            await engine.alive()
            await engine.alive()

    with FakeAnthropic() as server:
        asyncio.run(work(server.url))
        first, second = (asked["messages"] for asked in server.requests)
    assert first != second
