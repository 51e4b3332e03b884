"""Answers as they were recorded: what stands in their messages is rebuilt, and checked for real."""

from __future__ import annotations

import os
from fractions import Fraction
from pathlib import Path

import orjson
import pytest

from beam_synth.records import LANGUAGES
from benchmarks.answers.judging import JUDGES
from benchmarks.answers.problems import instance_of_solution, instance_of_statement
from benchmarks.answers.recorded import (
    ACCEPTED,
    NOT_REACHED,
    REJECTED,
    SENT_BACK,
    RecordedAnswer,
    recorded_answers,
)
from benchmarks.answers.written import constraint_of
from tests.materials.test_constraints import CASES

METHODS = (
    "mcq", "arithmetic", "math_mcq", "arithmetic/math_mcq", "editing", "creative_writing",
    "constrained_writing",
)  # fmt: skip
MILL = "The mill on the Aller was built in 1847. Its wheel had six metres, and Anna Lind ran it."


def record(method: str, step: str, user: str, **answer: object) -> RecordedAnswer:
    said = orjson.dumps(answer).decode()
    return RecordedAnswer("good", method, step, "a1", "", user, said, "")


CHOICE = record(
    "mcq",
    "query",
    f"Article: Aller mill\nSection: History\n\n<passage>\n{MILL}\n</passage>\n\n"
    "Language of question and options: English\nKind of question: person (asks who)\n"
    "Complexity: simple (one step)\nAsked by: a student\nStyle: direct (a question)",
    question="Who was in charge of the Aller mill?",
    key="Anna Lind",
    distractors=["Bert Voss", "Carl Brand", "Dora Kern"],
    focus="Anna Lind ran it",
)
WORDED = record(
    "arithmetic",
    "query",
    "Topic: arithmetic\n\n<problem>\nOn a first day 30 people visit a museum, on the next day 41 "
    "and on the last day 55. What is the mean number of visitors a day?\n</problem>\n\n"
    "Language: English\nAsked by: a pupil\nStyle: direct (plain)",
    query="A museum has 30, 41 and 55 visitors on three days. What is the mean number of visitors "
    "a day?",
)
PICKED = record(
    "editing",
    "choose",
    f"The text, in English:\n<text>\n{MILL}\n</text>\n\nWhat is known to be wrong with it: nothing"
    "\n\nTasks on offer:\n- translate: into German\n- extract: a JSON object with names, years\n",
    chosen_task="extract",
    reason="Anna Lind and the year of the mill on the Aller can be drawn out.",
)
ASKED = record(
    "creative_writing",
    "query",
    f"Article: Aller mill\nSection: History\n\n<material>\n{MILL}\n</material>\n\nLanguage of the "
    "request: English\nGenre: story\nTone: hopeful\nRules:\n- Avoid these words: wheel.\n- The "
    "number of lines is exactly 4.\nName genre and tone by their usual words in that language.",
    query="Please write a tale full of hope about the mill on the Aller. Avoid these words: wheel. "
    "The number of lines is exactly 4.",
)
GOOD = (CHOICE, WORDED, PICKED, ASKED)


@pytest.mark.parametrize("given", GOOD, ids=lambda given: f"{given.method} {given.step}")
def test_good_answers_are_accepted(given: RecordedAnswer) -> None:
    judged = JUDGES[given.method, given.step](given)
    assert judged.outcome == ACCEPTED, judged


@pytest.mark.parametrize("given", GOOD, ids=lambda given: f"{given.method} {given.step}")
def test_an_odd_message_is_told_with_its_key(given: RecordedAnswer) -> None:
    odd = RecordedAnswer(
        given.set, given.method, given.step, given.key, "", "Hello.", given.answer, ""
    )
    with pytest.raises(ValueError, match="a1 "):
        JUDGES[given.method, given.step](odd)


@pytest.mark.parametrize("given", GOOD, ids=lambda given: f"{given.method} {given.step}")
@pytest.mark.parametrize("answer", ["no JSON", "[]", "{}", '{"query": ""}'])
def test_what_is_no_answer_goes_back(given: RecordedAnswer, answer: str) -> None:
    odd = RecordedAnswer(given.set, given.method, given.step, "a1", "", given.user, answer, "")
    judged = JUDGES[given.method, given.step](odd)
    assert (judged.outcome, judged.reason) == (SENT_BACK, "malformed_answer")


@pytest.mark.parametrize("language", LANGUAGES)
def test_rules_are_read_back_from_their_words(language: str) -> None:
    for constraint, _, _ in CASES:
        found = constraint_of(constraint.describe(language).strip(), language)
        assert found is not None, constraint
        assert found.describe(language) == constraint.describe(language)
    assert constraint_of("Stand on your head.", language) is None


def test_problems_are_found_by_their_words_and_by_their_steps() -> None:
    stated = "A triangle has a base of 8 cm and a height of 5 cm. How many cm² do 7 such triangles"
    assert instance_of_statement(f"{stated} make up?", "en") is None
    found = instance_of_statement(f"{stated} cover together?", "en")
    assert found is not None and set(found.values.values()) == {8, 5, 7}
    steps = ["price of the tickets: 18 × 11 = 198", "change: 320 − 198 = 122"]
    query = "Laura compra 18 entradas de 11 euros y paga con 320 euros. ¿Cuántos le devuelven?"
    paid = instance_of_solution(steps, query, "arithmetic", "es")
    assert paid is not None and Fraction(320) in paid.values.values()


def test_real_answers_stay_within_the_goals() -> None:
    data = os.environ.get("BEAM_SYNTH_TEST_DATA")
    path = Path(data or "") / "answers" / "answers.jsonl.gz"
    if not data or not path.is_file():
        pytest.skip("BEAM_SYNTH_TEST_DATA names no recorded answers")
    judged = [
        (answer, JUDGES[answer.method, answer.step](answer))
        for answer in recorded_answers(path)
        if answer.method in METHODS and answer.counted
    ]
    reached = [(a, j) for a, j in judged if j.outcome != NOT_REACHED]
    good = [j for a, j in reached if a.set == "good"]
    bad = [j for a, j in reached if a.set == "bad"]
    assert sum(j.outcome == REJECTED for j in good) <= 2
    assert sum(j.outcome != ACCEPTED for j in bad) >= 0.8 * len(bad)
