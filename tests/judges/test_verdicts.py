"""A judge's word: each question of each rubric, both orders, a strict reading, refusals."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from beam_synth.engines.ports import Answer
from beam_synth.engines.prompts import Prompts
from beam_synth.errors import ContentRefused, EngineError, Rejected
from beam_synth.judges.rubrics import FAILS, HOLDS, QUESTIONS, RUBRICS, Subject, template_of
from beam_synth.judges.subject_examples import EXAMPLES
from beam_synth.judges.verdicts import AUDITOR, JUDGE, Verdict, verdict_of
from beam_synth.records import CHECK, REASONS
from tests.doubles.ports import Data, Script, Variables
from tests.paths import ROOT

CASES = [(rubric, question) for rubric, names in RUBRICS.items() for question in names]


def subject(rubric: str) -> Subject:
    shown = {k: v for k, v in EXAMPLES[rubric][0].items() if k not in ("questions", "verdicts")}
    return Subject(rubric, RUBRICS[rubric], shown, {"material": shown["material"][::-1]})


def saying(says: Callable[[str, Variables], str]) -> Callable[[Variables], Data]:
    """A judge that answers each question with what `says` makes of its name and the variables."""

    def word(variables: Variables) -> Data:
        return {
            name: {"why": f"about {name}", "verdict": says(name, variables)}
            for name in variables["questions"]
        }

    return word


def asked(rubric: str, says: Callable[[str, Variables], str]) -> tuple[Verdict, Script]:
    port = Script({template_of(rubric): saying(says)})
    return asyncio.run(verdict_of(subject(rubric), port)), port


@pytest.mark.parametrize(("rubric", "question"), CASES)
def test_a_reject_says_which_question_failed_in_words(rubric: str, question: str) -> None:
    verdict, _ = asked(rubric, lambda name, _: FAILS if name == question else HOLDS)
    assert (verdict.said, verdict.failed) == ("fails", (question,))
    assert verdict.reason == "judge_rejects"
    assert verdict.detail == f"{question}: {QUESTIONS[question]} (about {question})"
    assert not verdict.check().passed


@pytest.mark.parametrize("rubric", RUBRICS)
def test_what_holds_in_both_orders_passes_and_is_a_check(rubric: str) -> None:
    verdict, port = asked(rubric, lambda name, _: HOLDS)
    assert (verdict.said, verdict.reason, verdict.score) == ("passes", "", 1.0)
    first, second = (variables for _, variables in port.asked)
    assert first["questions"] == second["questions"][::-1] == list(RUBRICS[rubric])
    assert first["verdicts"] == second["verdicts"][::-1] == [HOLDS, FAILS]
    assert first["material"] == second["material"][::-1]
    record = verdict.check().record()
    assert set(record) == {field.name for field in CHECK}
    assert (record["name"], record["kind"], record["passed"]) == ("judge", "judge", True)


@pytest.mark.parametrize("rubric", RUBRICS)
def test_each_prompt_asks_its_questions_and_shows_all_of_the_sample(rubric: str) -> None:
    shown = subject(rubric)
    for time in (0, 1):
        variables = shown.asked(time)
        system, user = (m["content"] for m in Prompts().render(template_of(rubric), variables))
        places = [system.index(f"- {name}: ") for name in variables["questions"]]
        assert places == sorted(places)
        assert f'"{variables["verdicts"][0]}" or "{variables["verdicts"][1]}"' in system
        texts = [passage["text"] for passage in variables["material"]]
        texts += [turn["content"] for turn in variables["turns"]]
        for text in (*texts, variables["reasoning"], variables["answer"]):
            assert text in user


def first_listed(name: str, variables: Variables) -> str:
    return str(variables["verdicts"][0])


def last_listed(name: str, variables: Variables) -> str:
    return str(variables["verdicts"][-1])


def first_question(name: str, variables: Variables) -> str:
    return FAILS if name == variables["questions"][0] else HOLDS


@pytest.mark.parametrize("habit", [first_listed, last_listed, first_question])
def test_a_judge_with_a_habit_of_place_lets_nothing_pass(
    habit: Callable[[str, Variables], str],
) -> None:
    verdict, _ = asked("memorization", habit)
    assert (verdict.said, verdict.reason) == ("disagrees", "judge_disagrees")
    assert 0 < verdict.score < 1
    for name in verdict.failed:
        assert f"{name}: {QUESTIONS[name]}" in verdict.detail


def test_what_fails_both_times_is_told_before_what_the_order_decides() -> None:
    def says(name: str, variables: Variables) -> str:
        turned = variables["verdicts"][0] == FAILS
        return FAILS if name == "answer_follows" or (name == "query_clear" and turned) else HOLDS

    verdict, _ = asked("rag", says)
    assert (verdict.said, verdict.failed) == ("fails", ("answer_follows",))


class Refusing(Script):
    """Raises in place of a word: the first time it is asked, or the second."""

    def __init__(self, error: EngineError | Rejected, time: int) -> None:
        super().__init__({})
        self._error = error
        self._time = time

    async def ask(self, template: str, variables: Variables, *rest: Any, **named: Any) -> Any:
        self.asked.append((template, dict(variables)))
        if len(self.asked) > self._time:
            raise self._error
        return Answer("", saying(lambda name, _: HOLDS)(variables))


@pytest.mark.parametrize("time", [0, 1])
@pytest.mark.parametrize(
    ("error", "said", "reason"),
    [
        (Rejected("malformed_answer", "judge/rag: 'maybe'"), "malformed", "judge_malformed"),
        (Rejected("cut_off", "judge/rag: at 20 tokens"), "malformed", "judge_malformed"),
        (ContentRefused("a filter said no"), "refuses", "judge_refuses"),
    ],
)
def test_no_word_is_no_pass(error: Any, said: str, reason: str, time: int) -> None:
    verdict = asyncio.run(verdict_of(subject("rag"), Refusing(error, time)))
    assert (verdict.said, verdict.reason, verdict.score) == (said, reason, 0.0)
    assert str(getattr(error, "detail", error)) in verdict.detail
    as_auditor = dataclasses.replace(verdict, role=AUDITOR)
    assert as_auditor.reason == "auditor_rejects"


def test_a_sample_that_does_not_fit_the_judge_says_whose_context_it_was() -> None:
    port = Refusing(Rejected("context_too_long", "judge/rag: 9,000 tokens"), 0)
    with pytest.raises(Rejected) as error:
        asyncio.run(verdict_of(subject("rag"), port))
    assert error.value.reason == "context_too_long"
    assert error.value.detail.startswith("judge: ")


def test_rubrics_and_templates_have_the_same_questions() -> None:
    assert {name for names in RUBRICS.values() for name in names} == set(QUESTIONS)
    assert {f"judge/{rubric}" for rubric in RUBRICS} == {
        name for name in Prompts().names() if name.startswith("judge/")
    }
    for rubric, names in RUBRICS.items():
        source = Prompts().source(template_of(rubric))
        asks = source.partition("{% set asks = {")[2].partition("} %}")[0]
        assert [line.split('"')[1] for line in asks.strip().splitlines()] == list(names)


def test_the_judge_is_asked_without_chance() -> None:
    """Where the job does not say otherwise: what a role's own sampling names goes first."""
    sampled: list[Mapping[str, Any] | None] = []

    class Noting(Script):
        async def ask(self, template: str, variables: Variables, *rest: Any, **named: Any) -> Any:
            sampled.append(named.get("sampling"))
            return await super().ask(template, variables, *rest, **named)

    port = Noting({template_of("rag"): saying(lambda name, _: HOLDS)})
    assert asyncio.run(verdict_of(subject("rag"), port, JUDGE)).said == "passes"
    assert sampled == [{"temperature": 0}] * 2


def test_the_page_has_an_example_of_each_question_and_each_reason() -> None:
    page = (ROOT / "docs" / "judge.md").read_text(encoding="utf-8")
    rows = [line.split("|") for line in page.splitlines() if line.startswith("| `")]
    told = {row[1].strip(" `"): row[-2].strip() for row in rows}
    for name in (*QUESTIONS, *(r for r in REASONS if r.startswith(("judge_", "auditor_")))):
        assert len(told[name]) > 20, name
