"""Which wording a call gets: drawn by its task and place, recorded, and nothing to the rules."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

from beam_synth.engines.base import Completion, Request
from beam_synth.engines.prompts import Prompts
from beam_synth.generation.calls import Endpoint, Policy
from beam_synth.generation.outcomes import Finished
from beam_synth.generation.program import run_program
from beam_synth.generation.task_calls import Context, Role
from beam_synth.generation.window import Window
from beam_synth.methods import load_method
from beam_synth.rule_engine import Extractive
from tests.doubles import scripts
from tests.doubles.engines import DoubleEngine, Told

PROMPTS = Prompts()
SEEDS = scripts.seeds("memorization", scripts.passages("en", 40))


class Asked(DoubleEngine):
    """The rules; keeps every request."""

    name = "rule:extractive"

    def __init__(self) -> None:
        self.rules = Extractive()
        self.requests: list[Request] = []

    async def generate(self, request: Request) -> list[Completion]:
        self.requests.append(request)
        return await self.rules.generate(request)


def run(seed: int, variants: Any = PROMPTS.variants) -> tuple[list[Request], list[dict[str, Any]]]:
    """The requests of the tasks, and their rows."""
    engine = Asked()
    role = Role(Endpoint(engine, Window(1), Policy(), Told().stop), {})
    context = Context(seed, lambda name: (role,), load_method, PROMPTS.sha256, variants=variants)
    rows: list[dict[str, Any]] = []
    for each in SEEDS:
        ended = asyncio.run(run_program(each, context))
        assert isinstance(ended, Finished)
        rows += ended.outcome.records
    return engine.requests, rows


def test_the_same_seed_draws_the_same_wordings() -> None:
    first, _ = run(1)
    again, _ = run(1)
    other, _ = run(2)
    assert [r.wording for r in first] == [r.wording for r in again]
    assert [r.wording for r in first] != [r.wording for r in other]


def test_every_wording_is_drawn_about_as_often() -> None:
    asked = Counter(request.wording for seed in range(1, 6) for request in run(seed)[0])
    for step in ("memorization/query", "memorization/answer"):
        wordings = PROMPTS.wordings(step)
        total = sum(asked[wording] for wording in wordings)
        share = total / len(wordings)
        assert all(0.2 * share < asked[wording] < 2.5 * share for wording in wordings)


def test_records_name_the_wording_and_its_hash() -> None:
    requests, rows = run(1)
    assert rows
    drawn = {request.wording for request in requests}
    for row in rows:
        for model in row["models"]:
            wording = f"{model['step']}/{model['variant']}"
            assert wording in drawn
            assert model["prompt_sha256"] == PROMPTS.sha256(wording)


def test_rules_answer_alike_whatever_the_wording() -> None:
    _, rows = run(1)
    _, one = run(1, lambda template: PROMPTS.variants(template)[:1])
    texts = ("query", "synthetic_reasoning", "synthetic_answer", "constraints")
    assert [[row[name] for name in texts] for row in rows] == [
        [row[name] for name in texts] for row in one
    ]
    assert {model["variant"] for row in one for model in row["models"]} == {
        PROMPTS.variants("memorization/query")[0],
        PROMPTS.variants("memorization/answer")[0],
    }


def test_a_step_of_one_wording_has_no_variant() -> None:
    requests, rows = run(1, lambda template: ())
    assert {request.variant for request in requests} == {""}
    assert {model["variant"] for row in rows for model in row["models"]} == {""}
