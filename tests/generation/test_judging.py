"""Judges at the end of a task: what they are shown, what follows, who is asked of which records."""

from __future__ import annotations

import asyncio
import dataclasses
import functools
from collections.abc import Mapping
from typing import Any

import orjson
import pytest

from beam_synth.checks import require
from beam_synth.engines.base import Completion, Request
from beam_synth.errors import TooLong
from beam_synth.generation.judging_figures import judging_figures
from beam_synth.generation.outcomes import Finished, decode_outcome
from beam_synth.generation.who_judges import Judging
from beam_synth.judges.rubrics import FAILS, HOLDS, RUBRICS, rubric_of, template_of
from beam_synth.judges.subject_examples import EXAMPLES
from beam_synth.methods import SHIPPED, Check, Seed, method
from beam_synth.methods.loading import load_method
from beam_synth.records import REASONS, SAMPLES
from tests.doubles import scripts
from tests.doubles.judges import Change, JudgeEngine, Says, context, ended

MAKING_SAMPLES = [name for name in sorted(SHIPPED) if load_method(name).makes is SAMPLES]
ALWAYS = Judging("judge")


@functools.cache
def tasks(method: str, n: int = 12) -> tuple[Seed, ...]:
    found = scripts.passages("en", n)
    if method != "multi_turn":
        return tuple(scripts.seeds(method, found))
    made = scripts.Recorder().run(scripts.seeds("memorization", found))
    return tuple(scripts.following(row for item in made for row in item.outcome.records))


def run(
    name: str,
    judging: Judging | None = ALWAYS,
    judge: JudgeEngine | None = None,
    auditor: JudgeEngine | None = None,
    change: Change | None = None,
    n: int = 12,
) -> list[Finished]:
    engines = {
        "generator": JudgeEngine("rule:extractive", change=change),
        "judge": judge or JudgeEngine("one"),
        "auditor": auditor or JudgeEngine("two"),
    }
    return asyncio.run(ended(tasks(name, n), context(judging, **engines)))


def no_to(question: str) -> Says:
    return lambda name: FAILS if name == question else HOLDS


def form(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: form(each) for key, each in value.items()}
    return "sequence" if isinstance(value, list | tuple) else type(value).__name__


@pytest.mark.parametrize("method", MAKING_SAMPLES)
def test_each_method_is_judged_by_its_own_rubric(method: str) -> None:
    """On real tasks, with all that its template names; no row differs but by its judge's check."""
    judge = JudgeEngine("one")
    found = run(method, judge=judge)
    made = [item for item in found if item.outcome.kind == "made"]
    assert made and len(judge.judged) == 2 * len(made)
    wanted = form(EXAMPLES[rubric_of(method)][0])
    for template, variables in judge.judged:
        assert template == template_of(rubric_of(method)) != template_of("general")
        assert form(variables) == wanted
        assert set(variables["questions"]) <= set(RUBRICS[rubric_of(method)])
    plain = run(method, judging=None)
    for item, before in zip(found, plain, strict=True):
        assert item.outcome.kind == before.outcome.kind
        for row, old in zip(item.outcome.records, before.outcome.records, strict=True):
            *checks, last = row["checks"]
            assert (checks, last["name"], last["kind"]) == (old["checks"], "judge", "judge")
            assert row["models"][-1]["step"] == template_of(rubric_of(method))
            assert {**row, "checks": 0, "models": 0} == {**old, "checks": 0, "models": 0}


@pytest.mark.parametrize("method", MAKING_SAMPLES)
def test_what_the_judge_says_no_to_is_turned_down_with_its_question(method: str) -> None:
    question = RUBRICS[rubric_of(method)][1]
    found = run(method, judge=JudgeEngine("one", no_to(question)))
    refused = [item.outcome for item in found if item.outcome.reason == "judge_rejects"]
    assert refused and not any(item.outcome.records for item in found)
    for outcome in refused:
        assert outcome.detail.startswith(f"{question}: ")
        (told,) = outcome.verdicts
        assert (told["role"], told["said"], told["failed"]) == ("judge", "fails", [question])
        assert told["orders"]["fails fails"] == 1 and told["orders"]["holds holds"] > 1
        assert (told["formal"], told["noted"]) == (True, False)


def test_a_reject_keeps_the_sample_that_was_turned_down_and_not_the_judges_word() -> None:
    made = {item.outcome.task_id: item.outcome for item in run("rag") if item.outcome.records}
    refused = [i.outcome for i in run("rag", judge=JudgeEngine("one", no_to("answer_follows")))]
    assert made
    for outcome in refused:
        if outcome.reason == "judge_rejects":
            (row,) = made[outcome.task_id].records
            assert orjson.loads(outcome.raw) == row["messages"]


def test_a_sample_that_does_not_fit_the_judge_is_kept_by_its_reject() -> None:
    class Small(JudgeEngine):
        async def generate(self, request: Request) -> list[Completion]:
            raise TooLong("4,462 tokens, 4,096 fit")

    found = [item.outcome for item in run("rag", judge=Small("one"))]
    assert {outcome.reason for outcome in found} >= {"context_too_long"}
    for outcome in found:
        if outcome.reason == "context_too_long":
            assert outcome.detail == "judge: judge/rag: 4,462 tokens, 4,096 fit"
            assert orjson.loads(outcome.raw)[0]["role"] == "user"


def test_what_does_not_fit_the_judge_is_shown_without_the_neighbours() -> None:
    class Small(JudgeEngine):
        async def generate(self, request: Request) -> list[Completion]:
            if len(request.variables["material"]) > 1:
                raise TooLong("4,462 tokens, 4,096 fit")
            return await super().generate(request)

    judge = Small("one")
    found = [item.outcome for item in run("memorization", judge=judge)]
    details = [row["checks"][-1]["detail"] for outcome in found for row in outcome.records]
    assert any(detail.endswith("which did not fit the context") for detail in details)
    for _, variables in judge.judged:
        assert len(variables["material"]) == 1


def test_the_judge_sees_the_neighbours_that_the_writer_saw() -> None:
    judge = JudgeEngine("one")
    run("memorization", judge=judge)
    assert max(len(variables["material"]) for _, variables in judge.judged) > 1
    first, second = judge.judged[0][1], judge.judged[1][1]
    assert first["material"] == second["material"][::-1]


def test_a_problem_is_shown_as_it_was_given() -> None:
    judge = JudgeEngine("one")
    run("arithmetic", judge=judge)
    for _, variables in judge.judged:
        assert "{" not in variables["problem"] and variables["solution"]
        assert variables["problem"] in variables["turns"][0]["content"]  # as the rules word it


# ---------------------------------------------------------------- the auditor


def audited(share: float, says: Says = lambda name: HOLDS, n: int = 40) -> list[Finished]:
    return run("memorization", Judging("judge", True, share), auditor=JudgeEngine("two", says), n=n)


def looked_at(found: list[Finished]) -> set[str]:
    return {
        item.outcome.task_id
        for item in found
        if any(verdict["role"] == "auditor" for verdict in item.outcome.verdicts)
    }


def test_the_auditor_looks_at_a_drawn_share_the_same_each_time() -> None:
    some = audited(0.3)
    assert [item.body for item in some] == [item.body for item in audited(0.3)]
    every = {i.outcome.task_id for i in some if any(v["formal"] for v in i.outcome.verdicts)}
    assert 0 < len(looked_at(some)) < len(every)
    assert looked_at(some) < looked_at(audited(0.7))  # more, and the same ones among them
    assert looked_at(audited(1.0)) == every
    assert not looked_at(audited(0.0))
    for item in some:
        for row in item.outcome.records:
            both = item.outcome.task_id in looked_at(some)
            assert [c["name"] for c in row["checks"] if c["kind"] == "judge"] == (
                ["judge", "auditor"] if both else ["judge"]
            )


def test_what_the_auditor_says_no_to_has_a_reason_of_its_own() -> None:
    found = audited(1.0, no_to("query_as_drawn"))
    judged = [i.outcome for i in found if any(v["formal"] for v in i.outcome.verdicts)]
    assert {outcome.reason for outcome in judged} == {"auditor_rejects"} <= set(REASONS)
    figures = judging_figures(item.outcome for item in found)
    assert figures["judging.both|passes|fails"] == len(judged) > 0
    assert figures["judging.said|judge|memorization|passes"] == len(judged)
    assert figures["judging.failed|auditor|query_as_drawn"] == len(judged)
    assert figures["judging.words|auditor|alike"] == len(judged)
    assert figures["judging.orders|auditor|fails fails"] == len(judged)


def test_the_auditor_also_looks_at_what_the_judge_turned_down() -> None:
    judge = JudgeEngine("one", no_to("answer_follows"))
    found = run("memorization", Judging("judge", True, 1.0), judge=judge)
    figures = judging_figures(item.outcome for item in found)
    refused = sum(item.outcome.reason == "judge_rejects" for item in found)
    assert figures["judging.both|fails|passes"] == refused > 0
    assert "auditor_rejects" not in {item.outcome.reason for item in found}


# ---------------------------------------------------------------- what checks turned down


def spoiled(template: str, data: dict[str, Any]) -> dict[str, Any]:
    """Answers with a year that stands nowhere."""
    if template.startswith("memorization/answer"):
        return {**data, "answer": f"{data['answer']} That was in 1733."}
    return data


def test_in_a_share_of_the_tasks_the_judge_sees_what_checks_turned_down() -> None:
    without = run("memorization", change=spoiled)
    noted = run("memorization", Judging("judge", False, 1.0), change=spoiled)
    assert [item.outcome.reason for item in noted] == [item.outcome.reason for item in without]
    asked = [item.outcome for item in noted if item.outcome.verdicts]
    assert asked and not any(item.outcome.verdicts for item in without)
    for outcome in asked:
        assert outcome.kind == "rejected" and outcome.reason == "answer_not_entailed"
        assert [(v["formal"], v["noted"]) for v in outcome.verdicts] == [(False, True)]
        assert "1733" in outcome.raw  # what the check turned down, not the judge's word
    figures = judging_figures(item.outcome for item in noted)
    assert figures == {"judging.formal|failed|passes": len(asked)}


def test_noting_changes_no_record() -> None:
    noted = run("rag", Judging("judge", False, 1.0))
    plain = run("rag", Judging("judge", False, 0.0))
    assert [i.outcome.records for i in noted] == [i.outcome.records for i in plain]
    assert judging_figures(i.outcome for i in noted)["judging.formal|passed|passes"] > 0


def test_noting_takes_no_second_try_away() -> None:
    """Whatever an answer with a fault gets, it gets it in these tasks, too."""
    spoiled_once: set[str] = set()

    def first_without_conclusion(template: str, data: dict[str, Any]) -> dict[str, Any]:
        if "/answer" not in template or data["answer"] in spoiled_once:
            return data
        spoiled_once.add(data["answer"])
        return {**data, "reasoning": data["reasoning"].replace("∴", "→")}

    ended_in = []
    for share in (1.0, 0.0):
        spoiled_once.clear()
        found = run("memorization", Judging("judge", False, share), change=first_without_conclusion)
        ended_in.append([(i.outcome.kind, i.outcome.reason, i.outcome.records) for i in found])
    assert spoiled_once and ended_in[0] == ended_in[1]


def test_what_breaks_after_a_noted_fault_is_that_fault() -> None:
    """A program may count on the checks that let it go on."""

    @method(exercise="riddle", calls=0)
    async def riddle(seed: Any, models: Any, draw: Any) -> Any:
        require([Check("long", False, 0.0, "two words", "trace_length")])
        raise KeyError("what the check looks for")

    declared = riddle.__dict__["beam_synth_method"]
    for share in (1.0, 0.0):
        given = context(Judging("judge", False, share), judge=JudgeEngine("one"))
        given = dataclasses.replace(given, method=lambda name: declared)
        (item,) = asyncio.run(ended(tasks("memorization", 1), given))
        assert (item.outcome.kind, item.outcome.reason) == ("rejected", "trace_length")


def test_outcomes_of_earlier_versions_have_no_verdicts() -> None:
    body = run("rag", judging=None)[0].body.replace(b',"verdicts":[]', b"")
    assert b"verdicts" not in body
    assert decode_outcome(body).verdicts == ()
