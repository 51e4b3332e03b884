"""Answers that end at the limit of tokens, that have to be mended, and that a filter ended."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from beam_synth.engines.base import Completion, Request, Usage
from beam_synth.errors import ContentRefused, Permanent, TooLong, Transient, Unusable
from beam_synth.generation.call_figures import call_figures
from beam_synth.generation.calls import Endpoint, Policy
from beam_synth.generation.outcomes import Finished
from beam_synth.generation.program import Unfinished, run_program
from beam_synth.generation.request_forms import Form
from beam_synth.generation.task_calls import Context, Role
from beam_synth.generation.window import Window
from beam_synth.methods import DrawFor, Models, PassageSeed, Sample
from beam_synth.methods.declaration import Method
from beam_synth.records import Outcome, Task
from tests.doubles import programs
from tests.doubles.engines import DoubleEngine, Told

(PASSAGE,) = programs.passages(1)
SEED = PassageSeed(Task("ab" * 16, "m", "en", PASSAGE.passage_id, (), 0), PASSAGE, ())
SCHEMA = {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"],
          "additionalProperties": False}  # fmt: skip
WHOLE = '{"a": "all of it"}'
HALF = WHOLE[:12]


def cut(text: str, tokens: int = 9, **fields: Any) -> Completion:
    return Completion(text, "length", Usage(5, tokens, fields.pop("thought", 0)), **fields)


class Scripted(DoubleEngine):
    """Gives or raises in turn what it is told, the last for ever; notes the requests."""

    can = frozenset({"n"})

    def __init__(self, *script: Completion | Exception | list[Completion]) -> None:
        self._script = list(script)
        self.requests: list[Request] = []

    async def generate(self, request: Request) -> list[Completion]:
        self.requests.append(request)
        told = self._script.pop(0) if len(self._script) > 1 else self._script[0]
        if isinstance(told, Exception):
            raise told
        return told if isinstance(told, list) else [told]

    @property
    def limits(self) -> list[Any]:
        """The sampling's limit of each request."""
        return [request.sampling.get("max_tokens") for request in self.requests]


def ended(
    engine: Scripted, policy: Policy | None = None, limit: int | None = 9, **asked: Any
) -> Outcome | Unfinished:
    """What becomes of a task whose method asks once."""

    async def function(seed: PassageSeed, models: Models, draw: DrawFor) -> list[Sample]:
        sampling = {"max_tokens": limit} if limit else None
        found = await models.generator.ask("m/q", {}, sampling=sampling, **asked)
        found = found if isinstance(found, list) else [found]
        told = (f"{each.text}|{each.finish_reason}|{each.reasoning}" for each in found)
        return [programs.sample_of(seed, "q", text) for text in told]

    async def work() -> Outcome | Unfinished:
        policy_ = policy or Policy(max_attempts=1)
        role = Role(Endpoint(engine, Window(9), policy_, Told().stop), {})
        method = Method("m", function, "memorization", 1)
        context = Context(1, lambda name: [role], lambda name: method, lambda template: template)
        made = await run_program(SEED, context)
        return made.outcome if isinstance(made, Finished) else made

    return asyncio.run(work())


def made(outcome: Outcome | Unfinished) -> list[str]:
    assert isinstance(outcome, Outcome) and outcome.kind == "made", outcome
    return [row["synthetic_answer"] for row in outcome.records]


def why(outcome: Outcome | Unfinished) -> str:
    assert isinstance(outcome, Outcome)
    assert (outcome.kind, outcome.reason) == ("rejected", "cut_off"), outcome
    return outcome.detail


# ---------------------------------------------------------------- once more


@pytest.mark.parametrize("schema", [SCHEMA, None])
def test_a_cut_answer_is_asked_for_once_more_with_twice_the_limit(schema: Any) -> None:
    engine = Scripted(cut(HALF), Completion(WHOLE, "stop", Usage(5, 11)))
    outcome = ended(engine, schema=schema)
    assert made(outcome) == [f"{WHOLE}|stop|"]
    assert engine.limits == [9, 18] and engine.requests[0].seed != engine.requests[1].seed
    assert isinstance(outcome, Outcome)
    assert [step.get("cut_off", False) for step in outcome.steps] == [True, False]
    sums = call_figures([outcome], {})
    assert (sums["calls"], sums["cut_off"], sums["sent_back"]) == (2, 1, 0)
    assert sums["completion_tokens"] == 20


def test_only_once() -> None:
    engine = Scripted(cut(HALF), cut(HALF, 18))
    outcome = ended(engine, schema=SCHEMA)
    assert why(outcome) == (
        "m/q: the answer was cut off at 18 tokens (max_tokens), after half of them had been too "
        "few; more than 18 are needed (max_tokens in the sampling of the model)"
    )
    assert engine.limits == [9, 18]
    assert isinstance(outcome, Outcome) and outcome.raw == HALF


def test_not_where_the_job_does_not_want_it() -> None:
    engine = Scripted(cut(HALF))
    assert "cut off at 9 tokens (max_tokens); more than 9" in why(
        ended(engine, Policy(retry_cut=False), schema=SCHEMA)
    )
    assert engine.limits == [9]


@pytest.mark.parametrize("error", [TooLong("the context has 15"), Permanent("at most 16")])
def test_twice_the_limit_may_be_more_than_the_model_has(error: Exception) -> None:
    detail = why(ended(Scripted(cut(HALF), error), schema=SCHEMA))
    assert "cut off at 9 tokens (max_tokens); more than 9 are needed" in detail
    assert f"18 were refused: {error}" in detail


@pytest.mark.parametrize("error", [Unusable("status 402"), Transient("status 500")])
def test_a_service_that_fails_meanwhile_is_not_the_answers_fault(error: Exception) -> None:
    assert isinstance(ended(Scripted(cut(HALF), error), schema=SCHEMA), Unfinished)


def test_where_no_limit_is_set_the_answer_tells_it() -> None:
    engine = Scripted(cut(HALF), Completion(WHOLE))
    assert made(ended(engine, limit=None, schema=SCHEMA))
    assert engine.limits == [None, 18]
    detail = why(ended(Scripted(cut(HALF, tokens=0)), limit=None, schema=SCHEMA))
    assert "at a limit that nobody tells (the endpoint's own limit, none is set)" in detail


@pytest.mark.parametrize("name", ["max_tokens", "max_completion_tokens", "max_new_tokens"])
def test_the_limit_keeps_its_name(name: str) -> None:
    form = Form(Request("m/q", {}, SCHEMA, {"top_p": 1, name: 7}))
    assert form.lengthen(14).request.sampling == {"top_p": 1, name: 14}


def test_an_answer_after_a_cut_one_may_be_sent_back_with_the_longer_limit() -> None:
    engine = Scripted(cut(HALF), Completion('{"a": 1}'), Completion(WHOLE))
    assert made(ended(engine, schema=SCHEMA)) == [f"{WHOLE}|stop|"]
    assert engine.limits == [9, 18, 18] and len(engine.requests[2].followups) == 2


# ---------------------------------------------------------------- what counts as cut


@pytest.mark.parametrize("text", [WHOLE, f"{WHOLE}\n\n\n", WHOLE[:-1] + "\n" * 99])
def test_a_whole_object_is_an_answer_whatever_came_after_it(text: str) -> None:
    engine = Scripted(cut(text))
    assert made(ended(engine, schema=SCHEMA))[0].startswith('{"a":')
    assert len(engine.requests) == 1


def test_a_cut_text_is_an_answer_where_the_method_says_so() -> None:
    engine = Scripted(cut("half a sen"))
    assert made(ended(engine, cut=True)) == ["half a sen|length|"]
    assert len(engine.requests) == 1


def test_what_is_no_object_at_the_limit_was_cut_whatever_the_endpoint_says() -> None:
    engine = Scripted(Completion(HALF, "stop", Usage(5, 9)), Completion(WHOLE))
    assert made(ended(engine, schema=SCHEMA)) and engine.limits == [9, 18]
    below = Scripted(Completion(HALF, "stop", Usage(5, 8)))
    outcome = ended(below, schema=SCHEMA)
    assert isinstance(outcome, Outcome) and outcome.reason == "malformed_answer"


def test_thinking_that_took_all_is_named() -> None:
    for thought in (cut("", reasoning="Hm. " * 9), cut("", thought=9)):
        assert "(max_tokens), what was thought took all of them," in why(
            ended(Scripted(thought), schema=SCHEMA)
        )
    some = cut(HALF, reasoning="Hm.", thought=4)
    assert "(max_tokens), 4 of them are what was thought" in why(
        ended(Scripted(some), schema=SCHEMA)
    )


def test_of_several_the_cut_one_is_asked_for_alone() -> None:
    engine = Scripted(
        [Completion(WHOLE, usage=Usage(5, 30)), cut(HALF, 0), Completion(WHOLE)], Completion(WHOLE)
    )
    outcome = ended(engine, schema=SCHEMA, n=3)
    assert made(outcome) == [f"{WHOLE}|stop|"] * 3
    assert [(request.n, limit) for request, limit in
            zip(engine.requests, engine.limits, strict=True)] == [(3, 9), (1, 18)]  # fmt: skip


# ---------------------------------------------------------------- reasoning, repairs, filters


def test_reasoning_reaches_the_method_and_the_figures() -> None:
    answer = Completion("4", "stop", Usage(5, 30, 20), reasoning="Two and two.")
    outcome = ended(Scripted(answer))
    assert made(outcome) == ["4|stop|Two and two."]
    assert isinstance(outcome, Outcome)
    assert call_figures([outcome], {})["reasoning_tokens"] == 20


@pytest.mark.parametrize(
    ("schema", "text", "said", "repaired"),
    [
        (SCHEMA, WHOLE, WHOLE, False),
        (SCHEMA, f"```json\n{WHOLE}\n```", f"```json\n{WHOLE}\n```", False),
        (SCHEMA, f"Here: {WHOLE[:-1]},}}<|im_end|>", '{"a":"all of it"}', True),
        (None, "all of it</s>", "all of it", True),
        (None, "all of it\n", "all of it\n", False),
    ],
)
def test_a_repair_is_recorded(schema: Any, text: str, said: str, repaired: bool) -> None:
    engine = Scripted(Completion(text))
    outcome = ended(engine, schema=schema)
    assert made(outcome) == [f"{said}|stop|"] and len(engine.requests) == 1
    assert isinstance(outcome, Outcome)
    assert outcome.steps[0].get("repaired", False) is repaired
    assert call_figures([outcome], {})["repaired"] == int(repaired)


def test_an_empty_answer_is_sent_back_as_an_empty_object() -> None:
    engine = Scripted(Completion("", reasoning="Hm."), Completion(WHOLE))
    assert made(ended(engine, schema=SCHEMA))
    said, demand = engine.requests[1].followups
    assert said["content"] == "{}" and "no answer beside what was thought" in demand["content"]


@pytest.mark.parametrize("schema", [SCHEMA, None])
def test_what_a_filter_ended_is_no_row(schema: Any) -> None:
    for engine in (
        Scripted(Completion(WHOLE, "content_filter")),
        Scripted(ContentRefused("the answer was refused")),
    ):
        outcome = ended(engine, schema=schema)
        assert isinstance(outcome, Outcome) and outcome.kind != "made"
        assert len(engine.requests) == 1
