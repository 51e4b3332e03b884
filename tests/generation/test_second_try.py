"""A fault of form goes back once, in every method, and what comes then is what counts."""

from __future__ import annotations

import asyncio
import functools
import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import orjson
import pytest

from beam_synth.checks.forms import FORM_REASONS
from beam_synth.checks.sent_back import NOTE, NOTE_KIND
from beam_synth.commands.recheck import recheck
from beam_synth.engines.base import Completion, Request
from beam_synth.generation.call_figures import call_figures
from beam_synth.generation.calls import Endpoint, Policy
from beam_synth.generation.outcomes import Finished
from beam_synth.generation.program import run_program
from beam_synth.generation.task_calls import Context, Role
from beam_synth.generation.window import Window
from beam_synth.methods import Seed, load_method
from beam_synth.records import REASONS, FindPassage, Outcome
from beam_synth.rule_engine import Extractive
from tests.doubles.engines import DoubleEngine, Told
from tests.doubles.scripts import following, passages, seeds
from tests.servers.answers import considered

METHODS = ("memorization", "rag", "mcq", "editing", "creative_writing", "arithmetic", "math_mcq")


def lengthened(trace: str, words: int) -> str:
    """The trace with lines that weigh something, up to about so many words."""
    first, *others = trace.splitlines()
    lines = max(0, words - len(trace.split())) // 12
    return "\n".join([first, *map(considered, range(lines)), *others])


class Slips(DoubleEngine):
    """The rules at the length of a model, whose answers lack something until they come back; notes
    the requests."""

    def __init__(self, change: Mapping[str, tuple[str, str]], mends: bool = True) -> None:
        self._rules = Extractive()
        self._change = change  # field -> (what stands in it, what takes its place)
        self._mends = mends
        self.requests: list[Request] = []

    async def generate(self, request: Request) -> list[Completion]:
        (made,) = await self._rules.generate(request)
        self.requests.append(request)
        data: dict[str, Any] = orjson.loads(made.text)
        if "reasoning" in data:
            data["reasoning"] = lengthened(data["reasoning"], request.variables["trace_words"])
        if not (request.followups and self._mends):
            for name in self._change.keys() & data.keys():
                data[name] = data[name].replace(*self._change[name])
        return [Completion(orjson.dumps(data).decode())]


class Plain(Slips):
    """The same, and says of itself that it goes by rules."""

    name = "rule:plain"


def outcomes(
    tasks: Sequence[Seed], engine: DoubleEngine, policy: Policy | None = None
) -> list[Outcome]:
    role = Role(Endpoint(engine, Window(1), policy or Policy(), Told().stop), {})
    context = Context(1, lambda name: (role,), load_method, lambda template: template)
    ended = [asyncio.run(run_program(seed, context)) for seed in tasks]
    assert all(isinstance(item, Finished) for item in ended)
    return [item.outcome for item in ended if isinstance(item, Finished)]


@functools.cache
def some(method: str) -> tuple[list[Seed], list[Outcome]]:
    """Tasks of a method that the rules make a row of, and these."""
    if method == "multi_turn":
        rows = [row for outcome in some("memorization")[1] for row in outcome.records]
        tasks = following(rows)
    else:
        tasks = seeds(method, passages("en", 12))
    made = [(s, o) for s, o in zip(tasks, outcomes(tasks, Slips({})), strict=True) if o.records]
    return [seed for seed, _ in made[:3]], [outcome for _, outcome in made[:3]]


NO_CONCLUSION = {"reasoning": ("∴", "so")}


def texts() -> FindPassage:
    known = {hashlib.sha256(p.text.encode()).hexdigest(): p for p in passages("en")}
    return known.__getitem__


@pytest.mark.parametrize("method", [*METHODS, "multi_turn"])
def test_a_trace_without_its_conclusion_goes_back_with_the_fault(method: str) -> None:
    tasks, right = some(method)
    assert tasks
    engine = Slips(NO_CONCLUSION)
    for outcome, clean in zip(outcomes(tasks, engine), right, strict=True):
        (row,), (same) = outcome.records, clean.records[0]
        notes = [check for check in row["checks"] if check["kind"] == NOTE_KIND]
        assert {check["name"] for check in notes} == {NOTE}
        assert all("no conclusion (∴)" in check["detail"] for check in notes)
        formal = [check["name"] for check in row["checks"] if check["kind"] == "formal"]
        assert formal == [check["name"] for check in same["checks"]]
        assert "∴" in row["synthetic_reasoning"]
        assert len(outcome.steps) == len(clean.steps) + len(notes)
        assert len(outcome.steps) <= load_method(method).most_calls
        assert call_figures([outcome], {})["sent_back"] == len(notes)
        assert recheck(row, texts()).faults == ()
    told = [r for r in engine.requests if r.followups]
    said, fault = told[0].followups
    assert said["role"] == "assistant" and "so " in said["content"]
    assert REASONS["trace_grammar"] in fault["content"] and "no conclusion" in fault["content"]


def test_what_comes_back_with_the_same_fault_is_a_reject() -> None:
    tasks, _ = some("memorization")
    engine = Slips(NO_CONCLUSION, mends=False)
    for outcome in outcomes(tasks, engine):
        assert (outcome.kind, outcome.reason) == ("rejected", "trace_grammar")
        assert [step.get("faulty", False) for step in outcome.steps] == [False, True, False]


def test_a_focus_that_is_not_copied_goes_back_with_the_nearest_words() -> None:
    tasks, right = some("memorization")
    row = right[0].records[0]
    focus = orjson.loads(row["constraints"])["focus"]
    word = max(focus.split()[:-1], key=len)
    engine = Slips({"focus": (word, "zzzz")})
    (outcome,) = outcomes(tasks[:1], engine)
    fault = engine.requests[1].followups[1]["content"]
    assert "zzzz" in fault and "nearest: " in fault and focus.split()[-1].strip(".") in fault
    assert outcome.records and outcome.records[0]["checks"][-1]["name"] == NOTE
    kept = Slips({"focus": (word, "zzzz")}, mends=False)
    assert [o.reason for o in outcomes(tasks[:1], kept)] == ["focus_not_span"]


@pytest.mark.parametrize(
    ("engine", "policy"),
    [(Slips(NO_CONCLUSION), Policy(second_try=False)), (Plain(NO_CONCLUSION), Policy())],
)
def test_nothing_goes_back_where_it_is_not_wanted_nor_to_rules(
    engine: Slips, policy: Policy
) -> None:
    tasks, right = some("memorization")
    for outcome, clean in zip(outcomes(tasks, engine, policy), right, strict=True):
        assert outcome.reason == "trace_grammar" and len(outcome.steps) == len(clean.steps)


def test_other_failures_cost_no_second_call() -> None:
    tasks, right = some("memorization")
    engine = Slips({"answer": ("", "Xenia ")})  # a name that stands nowhere
    for outcome, clean in zip(outcomes(tasks, engine), right, strict=True):
        assert outcome.reason not in FORM_REASONS and len(outcome.steps) == len(clean.steps)


def test_faults_of_form_are_declared_reasons() -> None:
    assert set(REASONS) >= FORM_REASONS
