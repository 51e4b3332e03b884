"""The bound of an answer's tokens: drawn by its method, replaced by the job's, left off where it
does not fit."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from beam_synth.engines.base import Completion, Request, Usage
from beam_synth.errors import TooLong
from beam_synth.generation.calls import Endpoint, Policy
from beam_synth.generation.outcomes import Finished
from beam_synth.generation.program import run_program
from beam_synth.generation.task_calls import Context, Role
from beam_synth.generation.token_limits import THINKING_ROOM, thinking_room
from beam_synth.generation.window import Window
from beam_synth.job.schema import Model
from beam_synth.methods import DrawFor, Models, PassageSeed, Sample
from beam_synth.methods.declaration import Method
from beam_synth.methods.shared.answer_lengths import TRACE_WORDS, most_of_answer
from beam_synth.records import LANGUAGES, Outcome, Task
from tests.doubles import programs
from tests.doubles.engines import DoubleEngine, Told

(PASSAGE,) = programs.passages(1)
SEED = PassageSeed(Task("ab" * 16, "m", "en", PASSAGE.passage_id, (), 0), PASSAGE, ())
MOST = 512


class Bounded(DoubleEngine):
    """Cuts an answer at its limit, which it needs `needs` tokens for; a context of `holds`."""

    def __init__(self, needs: int = 9, holds: int = 10**6, thought: int = 0) -> None:
        self._needs, self._holds, self._thought = needs, holds, thought
        self.limits: list[Any] = []

    async def generate(self, request: Request) -> list[Completion]:
        limit = request.sampling.get("max_tokens")
        self.limits.append(request.sampling.get("max_completion_tokens", limit))
        if limit is not None and limit > self._holds:
            raise TooLong("too long")
        cut = limit is not None and limit < self._needs
        usage = Usage(5, int(limit or 0) if cut else self._needs, self._thought)
        return [Completion("said", "length" if cut else "stop", usage)]


def outcome(engine: DoubleEngine, sampling: dict[str, Any] | None = None, room: int = 0) -> Outcome:
    async def function(seed: PassageSeed, models: Models, draw: DrawFor) -> list[Sample]:
        answer = await models.generator.ask("m/q", {}, most_tokens=MOST)
        return [programs.sample_of(seed, "q", answer.text)]

    role = Role(Endpoint(engine, Window(1), Policy(), Told().stop), sampling or {}, room)
    method = Method("m", function, "memorization", 1)
    context = Context(1, lambda name: [role], lambda name: method, lambda template: template)
    ended = asyncio.run(run_program(SEED, context))
    assert isinstance(ended, Finished)
    return ended.outcome


@pytest.mark.parametrize(
    ("sampling", "limits"),
    [
        ({}, [MOST]),
        ({"temperature": 0}, [MOST]),
        ({"max_tokens": 77}, [77]),
        ({"max_completion_tokens": 77}, [77]),
        ({"max_tokens": None}, [None]),
    ],
)
def test_what_the_job_says_takes_the_place_of_a_drawn_limit(
    sampling: dict[str, Any], limits: list[Any]
) -> None:
    engine = Bounded()
    assert outcome(engine, sampling).kind == "made"
    assert engine.limits == limits


def test_the_limit_stands_in_the_record_of_the_call() -> None:
    (row,) = outcome(Bounded()).records
    assert row["models"][0]["sampling"] == f'{{"max_tokens":{MOST}}}'


def test_a_drawn_limit_that_does_not_fit_the_context_is_left_off() -> None:
    engine = Bounded(holds=300)
    assert outcome(engine).kind == "made" and engine.limits == [MOST, None]
    job = Bounded(holds=300)
    assert outcome(job, {"max_tokens": MOST}).reason == "context_too_long"


def test_what_is_cut_off_gets_twice_as_many_and_room_where_the_model_thinks() -> None:
    engine = Bounded(needs=1000)
    assert outcome(engine).kind == "made" and engine.limits == [MOST, 2 * MOST]
    thinker = Bounded(needs=5000, thought=400)
    assert outcome(thinker).kind == "made"
    assert thinker.limits == [MOST, 2 * MOST + THINKING_ROOM]
    own = Bounded(needs=5000, thought=400)  # the job's own limit is doubled, as it says
    assert outcome(own, {"max_tokens": MOST}).reason == "cut_off"
    assert own.limits == [MOST, 2 * MOST]


def test_a_job_that_asks_for_thinking_leaves_room_from_the_first_call_on() -> None:
    engine = Bounded(needs=5000, thought=400)
    assert outcome(engine, room=THINKING_ROOM).kind == "made"
    assert engine.limits == [MOST + THINKING_ROOM]


@pytest.mark.parametrize(
    ("sampling", "extra", "room"),
    [
        ({}, {}, 0),
        ({"reasoning_effort": "none"}, {}, 0),
        ({"reasoning_effort": "low"}, {}, THINKING_ROOM),
        ({}, {"thinking": {"type": "enabled", "budget_tokens": 2000}}, 2000),
        ({}, {"thinking": {"type": "disabled"}}, 0),
        ({}, {"reasoning": {"enabled": False}}, 0),
        ({}, {"chat_template_kwargs": {"enable_thinking": True}}, THINKING_ROOM),
        ({}, {"chat_template_kwargs": {"enable_thinking": False}}, 0),
    ],
)
def test_what_a_job_says_of_thinking(
    sampling: dict[str, Any], extra: dict[str, Any], room: int
) -> None:
    model = Model(engine="openai", model="m", sampling=sampling, options={"extra_body": extra})
    assert thinking_room(model) == room


def test_limits_grow_with_what_is_asked_for() -> None:
    for language in (*LANGUAGES, "th"):
        most = [most_of_answer({"complexity": each}, language) for each in TRACE_WORDS]
        assert most == sorted(most) and len(set(most)) == len(most)
