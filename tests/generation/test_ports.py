"""What a program may ask of its models: answers in numbers, token ids, pools, calls at once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import orjson
import pytest

from beam_synth.engines.base import Completion, Request, Usage
from beam_synth.errors import Rejected, TooLong
from beam_synth.generation.call_figures import call_figures
from beam_synth.generation.calls import Endpoint, Policy
from beam_synth.generation.outcomes import Finished
from beam_synth.generation.program import run_program
from beam_synth.generation.task_calls import Context, Role
from beam_synth.generation.window import Window
from beam_synth.methods import DrawFor, Models, PassageSeed, Sample
from beam_synth.methods.declaration import Method
from beam_synth.records import Outcome, Task
from tests.doubles import programs
from tests.doubles.engines import DoubleEngine, Told

(PASSAGE,) = programs.passages(1)
SEED = PassageSeed(Task("ab" * 16, "m", "en", PASSAGE.passage_id, (), 0), PASSAGE, ())
NUMBER = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}
Body = Callable[[Models, DrawFor], Awaitable[Sequence[str]]]


class Talker(DoubleEngine):
    """Says which request it answers, by its seed; notes the requests."""

    def __init__(
        self,
        name: str = "talker",
        can: Sequence[str] = (),
        says: Callable[[Request, int], str] = lambda request, i: f"{request.seed + i}",
        gives: int = 99,
    ) -> None:
        self.name = name
        self.can = frozenset(can)
        self._says = says
        self._gives = gives  # answers to one request at most
        self.requests: list[Request] = []

    async def generate(self, request: Request) -> list[Completion]:
        self.requests.append(request)
        logprobs = (-0.5,) if request.logprobs else None
        return [
            Completion(self._says(request, i), "stop", Usage(3, 1), (7, i), logprobs, "I think.")
            for i in range(min(request.n, self._gives))
        ]

    async def encode(self, template: str, variables: Mapping[str, Any]) -> list[int]:
        return list(f"{template} {variables['text']}".encode())

    async def decode(self, ids: Sequence[int]) -> str:
        return bytes(ids).decode()


def outcome_of(body: Body, **roles: Sequence[DoubleEngine]) -> Outcome:
    """What becomes of a task whose method has this body, which returns what its samples answer."""

    async def function(seed: PassageSeed, models: Models, draw: DrawFor) -> list[Sample]:
        return [programs.sample_of(seed, "q", text) for text in await body(models, draw)]

    async def work() -> Outcome:
        stop = Told().stop
        made = {
            name: [Role(Endpoint(e, Window(9), Policy(), stop), {"top_p": 1}) for e in engines]
            for name, engines in roles.items()
        }
        method = Method("m", function, "memorization", 1)
        context = Context(1, made.__getitem__, lambda name: method, lambda template: template)
        ended = await run_program(SEED, context)
        assert isinstance(ended, Finished)
        return ended.outcome

    return asyncio.run(work())


def answers(outcome: Outcome) -> list[str]:
    assert outcome.kind == "made", outcome
    return [row["synthetic_answer"] for row in outcome.records]


# ---------------------------------------------------------------- several answers


async def ask_three(models: Models, draw: DrawFor) -> list[str]:
    found = await models.generator.ask("m/q", {"text": "t"}, n=3, sampling={"top_p": 2})
    assert {answer.reasoning for answer in found} == {"I think."}
    assert {answer.finish_reason for answer in found} == {"stop"}
    return [answer.text for answer in found]


def test_an_engine_that_can_is_asked_once() -> None:
    engine = Talker(can=["n"])
    outcome = outcome_of(ask_three, generator=[engine])
    (request,) = engine.requests
    assert request.n == 3 and request.sampling == {"top_p": 1}
    assert answers(outcome) == [str(request.seed + i) for i in range(3)]
    assert len(outcome.steps) == 1 and outcome.steps[0]["completion_tokens"] == 3


@pytest.mark.parametrize("can", [["n"], []])
def test_what_is_missing_is_asked_for_singly_with_seeds_of_its_own(can: list[str]) -> None:
    engine = Talker(can=can, gives=1)
    found = answers(outcome_of(ask_three, generator=[engine]))
    assert len(set(found)) == 3
    assert [request.n for request in engine.requests] == ([3, 1, 1] if can else [1, 1, 1])
    assert found == answers(outcome_of(ask_three, generator=[Talker()]))  # by place, not by way


def test_the_first_of_several_is_what_a_single_call_gives() -> None:
    async def ask_one(models: Models, draw: DrawFor) -> list[str]:
        return [(await models.generator.ask("m/q", {"text": "t"})).text]

    (one,) = answers(outcome_of(ask_one, generator=[Talker()]))
    assert one == answers(outcome_of(ask_three, generator=[Talker()]))[0]


def test_a_list_comes_back_where_n_is_named_also_for_one() -> None:
    async def body(models: Models, draw: DrawFor) -> list[str]:
        several = await models.generator.ask("m/q", {"text": "t"}, n=1)
        assert isinstance(several, list)
        return [answer.text for answer in several]

    engine = Talker(can=["n"])
    assert answers(outcome_of(body, generator=[engine])) == [str(engine.requests[0].seed)]
    assert [request.n for request in engine.requests] == [1]


@pytest.mark.parametrize("n", [0, -1])
def test_no_answers_cannot_be_asked_for(n: int) -> None:
    async def body(models: Models, draw: DrawFor) -> list[str]:
        with pytest.raises(ValueError, match=f"m/q: n has to be at least 1, found {n}"):
            await models.generator.ask("m/q", {"text": "t"}, n=n)
        ids = await models.generator.encode("m/q", {"text": "t"})
        with pytest.raises(ValueError, match=f"complete: n has to be at least 1, found {n}"):
            await models.generator.complete(ids, n)
        return ["refused"]

    engine = Talker(can=["complete"])
    assert answers(outcome_of(body, generator=[engine])) == ["refused"]
    assert not engine.requests


def test_a_malformed_answer_of_several_is_sent_back_alone() -> None:
    def says(request: Request, i: int) -> str:
        return "no object" if i == 1 and not request.followups else '{"n": 1}'

    async def body(models: Models, draw: DrawFor) -> list[str]:
        found = await models.generator.ask("m/q", {}, NUMBER, n=3)
        return [str(answer.data["n"]) for answer in found]

    engine = Talker(can=["n"], says=says)
    outcome = outcome_of(body, generator=[engine])
    assert answers(outcome) == ["1"] * 3
    assert [request.n for request in engine.requests] == [3, 1]
    assert engine.requests[1].followups[0]["content"] == "no object"
    assert [step["malformed"] for step in outcome.steps] == [True, False]


def test_control_tokens_of_an_answer_are_neutral_for_its_method_and_when_it_is_sent_back() -> None:
    right = '{"said": "It is \\u003cs\\u003e [INST] \\u003c|im_end|>, so <\\/think>."}'

    def says(request: Request, i: int) -> str:
        return right if request.followups else "It is <|im_end|>, says he"

    async def body(models: Models, draw: DrawFor) -> list[str]:
        schema = {"type": "object", "properties": {"said": {"type": "string"}}}
        asked = await models.generator.ask("m/q", {}, {**schema, "required": ["said"]})
        plain = await models.generator.ask("m/q", {})
        return [asked.data["said"], plain.text]

    engine = Talker(says=says)
    outcome = outcome_of(body, generator=[engine])
    # What is left of thinking is its method's to judge; here the row is made all the same.
    assert answers(outcome) == [
        "It is ‹s› ⟦INST⟧ ‹|im_end|›, so ‹/think›.",
        "It is ‹|im_end|›, says he",
    ]
    assert engine.requests[1].followups[0]["content"] == "It is ‹|im_end|›, says he"
    assert [row["checks"][-1]["name"] for row in outcome.records] == ["control_tokens"] * 2
    assert call_figures([outcome], {})["records_with_control_tokens"] == 2


def test_several_that_never_fit_are_a_reject() -> None:
    async def body(models: Models, draw: DrawFor) -> list[str]:
        return [a.text for a in await models.generator.ask("m/q", {}, NUMBER, n=2)]

    outcome = outcome_of(body, generator=[Talker()])
    assert (outcome.kind, outcome.reason) == ("rejected", "malformed_answer")
    assert len(outcome.steps) == 2 * 3


def test_what_does_not_fit_is_asked_for_in_its_shorter_form() -> None:
    def says(request: Request, i: int) -> str:
        if request.variables["text"] == "long":
            raise TooLong("9 tokens")
        return "said"

    async def body(models: Models, draw: DrawFor) -> list[str]:
        short = {"text": "short"} if draw("short").below(1) == 0 else None
        found = await models.generator.ask("m/q", {"text": "long"}, shorter=short, n=2)
        assert all(answer.shortened for answer in found)
        return [answer.text for answer in found]

    async def only_long(models: Models, draw: DrawFor) -> list[str]:
        return [a.text for a in await models.generator.ask("m/q", {"text": "long"}, n=2)]

    assert answers(outcome_of(body, generator=[Talker(can=["n"], says=says)])) == ["said"] * 2
    outcome = outcome_of(only_long, generator=[Talker(says=says)])
    assert (outcome.reason, outcome.detail) == ("context_too_long", "m/q: 9 tokens")


# ---------------------------------------------------------------- calls at once


class Shuffled(Talker):
    """Answers in an order that hangs on `turn`, not on the order of the requests."""

    def __init__(self, turn: int) -> None:
        super().__init__(says=lambda request, i: f"{request.template} {request.seed}")
        self._turn = turn

    async def generate(self, request: Request) -> list[Completion]:
        for _ in range((request.seed * self._turn) % 7):
            await asyncio.sleep(0)
        return await super().generate(request)


async def branching(models: Models, draw: DrawFor) -> list[str]:
    async def leaf(name: str) -> str:
        return (await models.generator.ask(f"m/{name}", {})).text

    async def branch(name: str) -> list[str]:
        first = await leaf(name)
        rest = await asyncio.gather(*(leaf(f"{name}{i}") for i in range(3)))
        return [first, *rest, await leaf(f"{name} last")]

    begun = await leaf("begin")
    found = await asyncio.gather(*map(branch, "abc"))
    return [begun, *(text for texts in found for text in texts), await leaf("end")]


def test_the_place_of_a_call_does_not_hang_on_which_answer_comes_first() -> None:
    outcomes = [outcome_of(branching, generator=[Shuffled(turn)]) for turn in range(1, 6)]
    orders = {tuple(orjson.dumps(outcome) for outcome in outcomes)}
    assert len({orjson.dumps(outcome) for outcome in outcomes}) == 1, orders
    steps = [step["step"] for step in outcomes[0].steps]
    assert steps[:6] == ["m/begin", "m/a", "m/a0", "m/a1", "m/a2", "m/a last"]
    assert len({text.partition(" ")[2] for text in answers(outcomes[0])}) == 17


def test_branches_that_are_left_behind_are_ended() -> None:
    ended: list[str] = []

    class Waiting(Talker):
        async def generate(self, request: Request) -> list[Completion]:
            if request.template == "m/wait":
                try:
                    await asyncio.Event().wait()
                except asyncio.CancelledError:
                    ended.append("wait")
                    raise
            return await super().generate(request)

    async def body(models: Models, draw: DrawFor) -> list[str]:
        left = asyncio.ensure_future(models.generator.ask("m/wait", {}))
        text = (await models.generator.ask("m/go", {})).text
        assert not left.done()
        return [text]

    assert len(answers(outcome_of(body, generator=[Waiting()]))) == 1
    assert ended == ["wait"]


def test_of_several_errors_at_once_the_most_telling_one_counts() -> None:
    async def fail(error: Exception) -> None:
        raise error

    async def body(models: Models, draw: DrawFor) -> list[str]:
        async with asyncio.TaskGroup() as group:
            group.create_task(fail(KeyError("a fault")))
            group.create_task(fail(Rejected("nothing_to_ask", "no fact")))
        return []

    outcome = outcome_of(body, generator=[Talker()])
    assert (outcome.kind, outcome.reason) == ("rejected", "nothing_to_ask")


# ---------------------------------------------------------------- token ids


async def go_on(models: Models, draw: DrawFor) -> list[str]:
    port = models.generator
    ids = await port.encode("m/q", {"text": "t"})
    assert await port.decode(ids) == "m/q t"
    completions = await port.complete(
        ids, n=2, max_tokens=5, logprobs=True, sampling={"max_tokens": 9}, step="m/q"
    )
    assert all(found.logprobs == (-0.5,) and found.token_ids for found in completions)
    return [found.text for found in completions]


def test_a_program_goes_on_from_token_ids() -> None:
    engine = Talker(can=["complete", "logprobs"])
    outcome = outcome_of(go_on, generator=[engine])
    assert len(set(answers(outcome))) == 2
    for request in engine.requests:
        assert request.prompt_ids == tuple(b"m/q t") and request.logprobs
        assert request.sampling == {"max_tokens": 5, "top_p": 1}
    assert [step["step"] for step in outcome.steps] == ["m/q", "m/q"]
    (entry,) = outcome.records[0]["models"]
    assert (entry["step"], entry["prompt_sha256"]) == ("m/q", "m/q")


def test_what_an_engine_cannot_is_an_error_of_it() -> None:
    async def weigh(models: Models, draw: DrawFor) -> list[str]:
        return [(await models.generator.ask("m/q", {}, logprobs=True)).text]

    outcome = outcome_of(go_on, generator=[Talker()])
    assert outcome.reason == "engine_error"
    assert "talker lacks 'complete'" in outcome.detail and "needs=('complete',)" in outcome.detail
    assert "lacks 'logprobs'" in outcome_of(weigh, generator=[Talker()]).detail

    class Silent(Talker):
        async def generate(self, request: Request) -> list[Completion]:
            return [Completion("yes")]

    outcome = outcome_of(ask_three, generator=[Talker(gives=0)])
    assert (outcome.reason, outcome.detail) == ("engine_error", "talker gives no completion")
    outcome = outcome_of(weigh, generator=[Silent(can=["logprobs"])])
    assert (outcome.reason, outcome.detail) == (
        "engine_error", "talker gives no log-probabilities",
    )  # fmt: skip


# ---------------------------------------------------------------- roles and pools


class Named(Talker):
    """Says its name."""

    async def generate(self, request: Request) -> list[Completion]:
        return [Completion(self.name)]


def pool(n: int) -> list[Named]:
    return [Named(f"model {i}") for i in range(n)]


async def draw_three(models: Models, draw: DrawFor) -> list[str]:
    writers = models.completer.draw(draw("models"), n=3)
    return [(await writer.ask("m/q", {})).text for writer in writers]


def test_a_pool_gives_distinct_models_by_key_and_records_name_them() -> None:
    outcome = outcome_of(draw_three, completer=pool(5))
    found = answers(outcome)
    assert len(set(found)) == 3
    assert found == answers(outcome_of(draw_three, completer=pool(5)))
    assert [entry["name"] for entry in outcome.records[0]["models"]] == found


def test_nothing_can_be_asked_of_a_pool_itself() -> None:
    async def body(models: Models, draw: DrawFor) -> list[str]:
        of = models.completer
        for asked in (of.ask("m/q", {}), of.ask("m/q", {}, n=2), of.encode("m/q", {}),
                      of.decode([1]), of.complete([1])):  # fmt: skip
            with pytest.raises(TypeError, match=r"models\.completer is a pool of 2; draw from it"):
                await asked
        return ["refused"]

    assert answers(outcome_of(body, completer=pool(2))) == ["refused"]


def test_a_pool_has_to_be_drawn_from() -> None:
    async def ask(models: Models, draw: DrawFor) -> list[str]:
        return [(await models.completer.ask("m/q", {})).text]

    outcome = outcome_of(ask, completer=pool(2))
    assert outcome.reason == "internal_error"
    assert 'draw from it: models.completer.draw(draw("models"), n=1)' in outcome.detail
    assert answers(outcome_of(ask, completer=pool(1))) == ["model 0"]


def test_a_pool_that_is_too_small_and_a_role_that_is_not_there() -> None:
    assert "3 models are drawn from the 2" in outcome_of(draw_three, completer=pool(2)).detail
    assert "from a role that has one" in outcome_of(draw_three, completer=pool(1)).detail
    outcome = outcome_of(draw_three, generator=pool(1))
    assert "no role 'completer'" in outcome.detail and "roles=('completer',)" in outcome.detail
