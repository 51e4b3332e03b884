"""What one short answer of an endpoint finds out, and how calls go by it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import orjson
import pytest
from aiohttp import web

from beam_synth.engines import openai
from beam_synth.engines.base import Completion, Request
from beam_synth.engines.chat_payloads import Findings
from beam_synth.errors import Permanent, Refused, Transient
from beam_synth.generation import engine_registry
from beam_synth.generation.engine_registry import Checked
from beam_synth.job.schema import GenerateSettings, Model
from tests.doubles.engines import closing
from tests.doubles.processes import PATIENCE
from tests.doubles.programs import FakePrompts
from tests.engines.test_openai import SCHEMA
from tests.servers.fake_openai import Behaviour, FakeOpenAI

PROMPTS: Any = FakePrompts(None)
Refuses = Callable[[dict[str, Any]], tuple[int, Any] | None]


def request(n: int = 1, schema: Any = None, **sampling: Any) -> Request:
    return Request("m/query", {"text": "One thing. Another one."}, schema, sampling, n, 7)


def model(url: str, **settings: Any) -> Model:
    return Model(engine="openai", model="fake-model", base_url=url, **settings)


def said(message: str, status: int = 400, **more: Any) -> tuple[int, Any]:
    return status, {"error": {"message": message, "type": "invalid_request_error", **more}}


def unknown(*fields: str) -> Refuses:
    """An endpoint that does not know these."""

    def refuses(asked: dict[str, Any]) -> tuple[int, Any] | None:
        found = next((field for field in fields if field in asked), None)
        return said(f"Unknown parameter: '{found}'.", param=found) if found else None

    return refuses


def check(made: Model, known: Findings | None = None, in_full: bool = False) -> Checked:
    return asyncio.run(
        engine_registry.check_engine(
            "generator", made, GenerateSettings(), PROMPTS, known=known, in_full=in_full
        )
    )


def ask(made: Model, *requests: Request) -> tuple[list[list[Completion]], Findings, int]:
    """Calls of one engine, what it has learned, and how often it told of that."""
    told: list[Findings] = []

    async def call() -> list[list[Completion]]:
        async with closing(openai.OpenAI(made, PROMPTS, PATIENCE)) as engine:
            engine.learned = told.append
            return [await engine.generate(each) for each in requests]

    answers = asyncio.run(call())
    return answers, told[-1] if told else Findings(), len(told)


# ---------------------------------------------------------------- in mid-run


def test_a_refused_field_is_left_off_and_no_call_is_lost() -> None:
    with FakeOpenAI(Behaviour(refuses=unknown("seed", "top_p"))) as server:
        wished = request(schema=SCHEMA, temperature=0.5, top_p=0.9)
        (first, second), found, told = ask(model(server.url), wished, wished)
        assert found.left_off.keys() == {"seed", "top_p"} and told == 1
        assert len(server.requests) == 4 and server.stats["refused"] == 2
    assert first[0].text == second[0].text
    assert first[0].sampling == second[0].sampling == {"temperature": 0.5}


def test_what_was_sent_is_told_where_a_field_has_another_name() -> None:
    def refuses(asked: dict[str, Any]) -> tuple[int, Any] | None:
        text = "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead."
        return said(text, param="max_tokens") if "max_tokens" in asked else None

    with FakeOpenAI(Behaviour(refuses=refuses)) as server:
        ((answer,),), found, _ = ask(model(server.url), request(max_tokens=99, temperature=0.1))
        assert server.requests[-1]["max_completion_tokens"] == 99
    assert answer.sampling == {"max_completion_tokens": 99, "temperature": 0.1}
    assert found.renamed == {"max_tokens": "max_completion_tokens"}


def test_a_call_that_fails_without_the_field_too_teaches_nothing() -> None:
    def refuses(asked: dict[str, Any]) -> tuple[int, Any] | None:
        return said("Unknown parameter: 'seed'.") if "seed" in asked else said("Not today.")

    with FakeOpenAI(Behaviour(refuses=refuses)) as server:
        engine = openai.OpenAI(model(server.url), PROMPTS, PATIENCE)

        async def call() -> None:
            async with closing(engine):
                await engine.generate(request())

        with pytest.raises(Permanent, match="Not today"):
            asyncio.run(call())
    assert engine.findings == Findings()


@pytest.mark.parametrize(
    ("extra", "sampling"),
    [({"seed": None, "top_p": None}, {}), ({}, {"seed": None, "top_p": None})],
)
def test_null_takes_a_field_away(extra: dict[str, Any], sampling: dict[str, Any]) -> None:
    wished = request(top_p=0.5, temperature=0.1)
    wished = Request(**{**vars(wished), "sampling": {**wished.sampling, **sampling}})
    with FakeOpenAI() as server:
        made = model(server.url, options={"extra_body": extra})
        ((answer,),), _, told = ask(made, wished)
        assert server.requests[0].keys() == {"model", "messages", "temperature"}
    assert answer.sampling == {"temperature": 0.1} and not told


def test_a_service_that_breaks_on_the_next_form_gets_the_schema_in_words() -> None:
    def refuses(asked: dict[str, Any]) -> tuple[int, Any] | None:
        form = asked.get("response_format", {}).get("type")
        forms = {"json_schema": said("response_format json_schema is not supported"), None: None}
        return forms.get(form, said("Internal Server Error", 500))

    with FakeOpenAI(Behaviour(refuses=refuses)) as server:
        ((answer,),), found, _ = ask(model(server.url), request(schema=SCHEMA))
    assert orjson.loads(answer.text)["kind"] in ("a", "b") and found.form == "words"


# ---------------------------------------------------------------- before a run


def test_one_answer_is_enough_where_all_is_well() -> None:
    with FakeOpenAI() as server:
        checked = check(model(server.url, sampling={"temperature": 0.4, "max_tokens": 900}))
        (asked,) = server.requests
        assert {"seed", "response_format"} < asked.keys()
        assert (asked["temperature"], asked["max_tokens"]) == (0.4, 900)
        assert checked.findings == Findings()
        again = check(model(server.url), known=checked.findings)
        assert len(server.requests) == 1 and again.findings == checked.findings


def test_what_the_probe_finds_is_told_and_gone_by() -> None:
    with FakeOpenAI(Behaviour(refuses=unknown("seed", "chat_template_kwargs"))) as server:
        extra = {"chat_template_kwargs": {"enable_thinking": False}}
        made = model(server.url, options={"extra_body": extra})
        checked = check(made, in_full=True)
        told = "\n".join(checked.lines)
        assert "a seed for each call: no (" in told and "gives other texts" in told
        assert "chat_template_kwargs: left off" in told
        assert checked.findings is not None
        before, refused = len(server.requests), server.stats["refused"]
        assert check(made, known=checked.findings).lines
        engine = openai.OpenAI(made, PROMPTS, PATIENCE)
        engine.recall(checked.findings)

        async def call() -> None:
            async with closing(engine):
                await engine.generate(request())

        asyncio.run(call())
        assert len(server.requests) == before + 1 and server.stats["refused"] == refused


@pytest.mark.parametrize(
    ("keeps", "form"), [("json_object", "json_object"), ("words", "words"), ("none", "json_schema")]
)
def test_the_form_is_the_one_that_keeps_the_schema(keeps: str, form: str) -> None:
    """An endpoint that takes every form, and keeps to some."""

    def says(asked: dict[str, Any]) -> tuple[int, Any] | None:
        given = asked.get("response_format", {}).get("type", "words")
        text = '{"answer": "yes"}' if given == keeps else "Yes, with pleasure."
        return 200, {"choices": [{"message": {"content": text}, "finish_reason": "stop"}]}

    with FakeOpenAI(Behaviour(refuses=says)) as server:
        found = check(model(server.url)).findings
    assert found is not None and found.form == form and found.tried["schema"]


def test_an_answer_that_was_cut_off_says_nothing_of_the_form() -> None:
    cut = {"choices": [{"message": {"content": '{"ans'}, "finish_reason": "length"}]}
    with FakeOpenAI(Behaviour(refuses=lambda asked: (200, cut))) as server:
        assert check(model(server.url)).findings == Findings()


@pytest.mark.parametrize(
    ("settings", "text", "key"),
    [
        ({"sampling": {"temperature": 1.7}}, "temperature must be <= 1", "sampling.temperature"),
        (
            {"sampling": {"max_tokens": 99999}},
            "max_tokens is too large: 99999. This model supports at most 4096 completion tokens",
            "sampling.max_tokens",
        ),
        (
            {"sampling": {"max_tokens": 4100}},
            "This model's maximum context length is 4096 tokens. However, you requested 4121",
            "sampling.max_tokens",
        ),
        (
            {"options": {"extra_body": {"top_k": 0}}},
            "Input validation error: `top_k` must be strictly positive",
            "options.extra_body.top_k",
        ),
    ],
)
def test_a_value_out_of_range_is_refused_with_its_key(
    settings: dict[str, Any], text: str, key: str
) -> None:
    with FakeOpenAI(Behaviour(refuses=lambda asked: said(text))) as server:
        with pytest.raises(Refused, match=rf"models.generator: {key}: .*change it") as refused:
            check(model(server.url, **settings))
        assert text[:40] in str(refused.value) and len(server.requests) == 1


def test_who_refuses_without_a_word_is_asked_field_by_field() -> None:
    def refuses(*fields: str) -> Refuses:
        return lambda asked: said("Bad Request") if set(fields) & asked.keys() else None

    with FakeOpenAI(Behaviour(refuses=refuses("seed", "response_format"))) as server:
        found = check(model(server.url, sampling={"temperature": 0.3})).findings
        assert found is not None and found.left_off.keys() == {"seed"} and found.form == "words"
    with (
        FakeOpenAI(Behaviour(refuses=refuses("min_p"))) as server,
        pytest.raises(Refused, match=r"sampling.min_p: with it a call is refused, without"),
    ):
        check(model(server.url, sampling={"min_p": 0.3}))


@pytest.mark.parametrize("status", [402, 429, 500, 503])
def test_what_may_pass_is_a_doubt_and_not_kept(status: int, monkeypatch: Any) -> None:
    monkeypatch.setattr("beam_synth.engines.endpoint_probe._WAITS", (0.0, 0.0))
    monkeypatch.setattr("beam_synth.engines.endpoint_probe._LONGEST_WAIT", 0.0)
    with FakeOpenAI(Behaviour(refuses=lambda asked: said("No.", status))) as server:
        checked = check(model(server.url))
        assert "a plain call fails now" in checked.lines[0] and checked.findings is None
        with pytest.raises(Refused, match=f"a plain call fails: status {status}"):
            check(model(server.url), in_full=True)
    faults = iter([said("No.", 503), said("No.", 500)])
    with FakeOpenAI(Behaviour(refuses=lambda asked: next(faults, None))) as server:
        assert check(model(server.url)).findings == Findings()


# ---------------------------------------------------------------- lists of models


@pytest.mark.parametrize(
    "lists",
    [
        (200, b"<html>a page</html>"),
        (200, b'{"object": "list"}'),
        (200, b'{"data": [null, 1, {"id": 7}]}'),
        (404, b""),
        (403, b'{"error": {"message": "Missing scopes: api.model.read"}}'),
        (500, b"oops"),
        (501, b""),
    ],
)
def test_an_odd_list_of_models_is_no_error(lists: tuple[int, bytes]) -> None:
    with FakeOpenAI(Behaviour(lists=lambda: lists)) as server:
        assert "lists no models" in check(model(server.url)).lines[0]


@pytest.mark.parametrize(
    "lists",
    [
        b'[{"id": "fake-model"}]',
        b'{"models": [{"name": "models/fake-model"}]}',
        b'{"data": [{"id": "models/fake-model"}, {"id": "b"}]}',
    ],
)
def test_lists_have_several_forms(lists: bytes) -> None:
    with FakeOpenAI(Behaviour(lists=lambda: (200, lists))) as server:
        assert "has the model" in check(model(server.url)).lines[0]


def test_a_model_that_is_not_listed_may_be_an_alias() -> None:
    listed = b'{"data": [{"id": "fake-model-2027-01-01"}]}'
    with FakeOpenAI(Behaviour(lists=lambda: (200, listed))) as server:
        (line,) = check(model(server.url)).lines
        assert "does not list (did you mean 'fake-model-2027-01-01'?): warning" in line
        with pytest.raises(Refused, match=r"has no model 'fake-modle'.*did you mean"):
            check(model(server.url).model_copy(update={"model": "fake-modle"}))


# ---------------------------------------------------------------- addresses


class Portal(FakeOpenAI):
    """The API below /v1, and a page for people at every other place."""

    def __init__(self, behaviour: Behaviour | None = None, status: int = 200) -> None:
        super().__init__(behaviour)
        self._status = status
        for path in ("/chat/completions", "/api/chat/completions", "/v1/v1/chat/completions"):
            self._handlers[path] = self._page

    async def _page(self, _: web.Request) -> web.StreamResponse:
        body = "<html><head><title>Sign in</title></head><body>Welcome to the portal</body></html>"
        return web.Response(text=body, content_type="text/html", status=self._status)


def root(server: FakeOpenAI) -> str:
    return server.url.removesuffix("/v1")


@pytest.mark.parametrize("status", [200, 404])
@pytest.mark.parametrize("lists", [True, False])
@pytest.mark.parametrize("below", ["", "/", "/api", "/v1/chat/completions", "/v1/v1"])
def test_a_wrong_address_is_named_with_the_right_one(status: int, lists: bool, below: str) -> None:
    behaviour = Behaviour() if lists else Behaviour(lists=lambda: (404, b"no"))
    with Portal(behaviour, status) as server, pytest.raises(Refused) as refused:
        check(model(f"{root(server)}{below}"))
    assert f"set base_url to {server.url}" in str(refused.value)
    if below != "/v1/chat/completions":  # which has nothing below
        assert f"status {status}" in str(refused.value) and "Sign in" in str(refused.value)


def test_a_page_in_place_of_an_answer_shows_its_first_words() -> None:
    async def call(url: str) -> None:
        async with closing(openai.OpenAI(model(url), PROMPTS, PATIENCE)) as engine:
            await engine.generate(request())

    with Portal() as server, pytest.raises(Transient, match=r"status 200 from http.*Sign in"):
        asyncio.run(call(root(server)))
