"""What a judge is asked of the samples of each method: questions by name that no check can answer.

A rubric is a template, `judge/<rubric>`, which words its questions; here stands which questions it
has, and what it means when one is answered with no.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

# Question -> what a sample is like for which it is answered with no. docs/judge.md has examples.
QUESTIONS: dict[str, str] = {
    "query_clear": "the query cannot be understood by somebody who sees it alone",
    "query_as_drawn": "the query is not of the kind that was drawn: positive, negative, absurd or "
    "ambiguous",
    "query_unspoilt": "the query gives its answer away, or copies its material",
    "same_problem": "the query asks another problem than the one given",
    "same_brief": "the request asks for something else than was drawn, or for more",
    "one_right": "not exactly one option is right",
    "options_alike": "the options are not of one kind, or a wrong one can be told without knowing",
    "answer_responds": "the answer is not one to what was asked",
    "answer_follows": "the answer says what the material does not: other roles, the opposite, "
    "other years or amounts",
    "sources_support": "a source is cited for what it does not say, or the answer claims to know "
    "what no source says",
    "steps_right": "a step of the calculation is not the one that the problem needs, or is called "
    "what it is not",
    "trace_follows": "the reasoning says what the material does not",
    "trace_searches": "the reasoning is a form that is filled in: nothing is looked for, weighed "
    "or ruled out",
    "trace_leads_to_answer": "the reasoning ends in something else than the answer",
    "trace_true": "the reasoning tells of other changes than those that were made",
    "choice_fits": "the chosen task is not the one that the text needs, or the reason is not true "
    "of the text",
    "edit_done": "what was asked for is not done, or not in full",
    "meaning_kept": "something is changed that nobody asked to be changed",
    "reads_as_language": "the text does not read as a text that somebody wrote",
    "takes_up_seed": "the text has nothing to do with the material, or contradicts it where it "
    "tells of it",
    "genre_kept": "the text is not of the genre that was asked for",
    "tone_kept": "the text has not the tone that was asked for",
    "spirit_kept": "the text keeps its constraints by padding or tricks, not by being written so",
    "trace_plans": "the reasoning is not the plan of this text",
    "follow_up_clear": "a follow-up cannot be understood after what was said before it",
    "agrees_with_earlier": "an answer contradicts what was said before, or yields to a false doubt",
}

GENERAL = "general"
_ANSWER = ("answer_responds", "answer_follows")
_TRACE = ("trace_follows", "trace_searches", "trace_leads_to_answer")
# Rubric -> its questions, in the order of the first of the two times that they are asked.
RUBRICS: dict[str, tuple[str, ...]] = {
    "memorization": ("query_clear", "query_as_drawn", "query_unspoilt", *_ANSWER, *_TRACE),
    "rag": (
        "query_clear",
        "query_as_drawn",
        "query_unspoilt",
        *_ANSWER,
        "sources_support",
        *_TRACE,
    ),
    "mcq": (
        "query_clear",
        "one_right",
        "query_unspoilt",
        "options_alike",
        "answer_follows",
        *_TRACE,
    ),
    "arithmetic": (
        "query_clear",
        "same_problem",
        "query_unspoilt",
        "answer_responds",
        "steps_right",
        "trace_leads_to_answer",
    ),
    "editing": ("choice_fits", "edit_done", "meaning_kept", "reads_as_language", "trace_true"),
    "creative_writing": (
        "query_clear",
        "same_brief",
        "answer_responds",
        "reads_as_language",
        "takes_up_seed",
        "genre_kept",
        "tone_kept",
        "trace_plans",
    ),
    "constrained_writing": (
        "query_clear",
        "same_brief",
        "answer_responds",
        "reads_as_language",
        "takes_up_seed",
        "spirit_kept",
        "trace_plans",
    ),
    "multi_turn": ("follow_up_clear", *_ANSWER, "agrees_with_earlier", *_TRACE),
    GENERAL: (*_ANSWER, "trace_follows", "trace_leads_to_answer"),
}
# Methods whose rubric has another name.
_OF_METHOD = {"math_mcq": "arithmetic", "rag_ends": "rag"}
HOLDS, FAILS = "holds", "fails"
JUDGE_FOLDER = "judge/"  # of the templates


def rubric_of(method: str) -> str:
    """The rubric of a method by its name in the job; a method that has none gets the general one.

    >>> rubric_of("rag"), rubric_of("math_mcq"), rubric_of("my_package.riddles:riddle")
    ('rag', 'arithmetic', 'general')
    """
    name = _OF_METHOD.get(method, method)
    return name if name in RUBRICS else GENERAL


def template_of(rubric: str) -> str:
    """The name of the template that asks a rubric's questions."""
    return f"{JUDGE_FOLDER}{rubric}"


@dataclasses.dataclass(frozen=True)
class Subject:
    """What a judge is shown of one sample.

    `variables` are those of the rubric's template, without the order in which it asks; `turned` are
    those of the second time it is asked, where what it compares stands in another order.
    """

    rubric: str
    questions: tuple[str, ...]  # of the rubric, those that apply to the sample
    variables: Mapping[str, Any]
    turned: Mapping[str, Any] = dataclasses.field(default_factory=dict)

    def asked(self, time: int) -> dict[str, Any]:
        """The template's variables, the first time (0) or the second (1).

        The second time questions, verdicts and whatever `turned` holds stand the other way round.
        """
        names, verdicts = self.questions, (HOLDS, FAILS)
        if time:
            names, verdicts = names[::-1], verdicts[::-1]
        turned = self.turned if time else {}
        return {
            **self.variables,
            **turned,
            "questions": list(names),
            "verdicts": list(verdicts),
        }


def word_schema(questions: list[str], verdicts: list[str]) -> dict[str, Any]:
    """The JSON schema of a judge's word: why and verdict of each question, in the order asked.

    >>> schema = word_schema(["edit_done"], ["fails", "holds"])
    >>> schema["properties"]["edit_done"]["properties"]["verdict"]["enum"]
    ['fails', 'holds']
    """
    one = {
        "type": "object",
        "properties": {
            "why": {"type": "string"},
            "verdict": {"type": "string", "enum": list(verdicts)},
        },
        "required": ["why", "verdict"],
        "additionalProperties": False,
    }
    return {
        "type": "object",
        "properties": dict.fromkeys(questions, one),
        "required": list(questions),
        "additionalProperties": False,
    }
