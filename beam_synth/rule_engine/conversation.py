"""Rules for the follow-ups of conversations: queries, traces and answers.

A follow-up is a pure function of the conversation, the seed and the kind that is asked for, so that
the rule for the answer finds the query again that the rule for the query wrote.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any

from beam_synth.drawing import Draw
from beam_synth.errors import Rejected
from beam_synth.methods.multi_turn.conversation import split_trace
from beam_synth.rule_engine.conversation_traces import Steps
from beam_synth.rule_engine.follow_ups import FollowUp, FollowUpRequest, FollowUpWriter
from beam_synth.rule_engine.languages import Language
from beam_synth.rule_engine.layouts import without_citations
from beam_synth.rule_engine.rules import AnswerFields, Rule


def query(variables: Mapping[str, Any], words: Language, method: str, seed: int) -> AnswerFields:
    """The rule for multi_turn/query.

    Raises Rejected("nothing_to_ask") where no follow-up of the kind is left that repeats
    nothing.
    """
    follow_up = _follow_up(_request(variables))
    if follow_up is None:
        raise Rejected("nothing_to_ask", f"nothing is left for a {variables['kind']}")
    return {"query": follow_up.query, "focus": follow_up.focus}


def answer_turn(
    variables: Mapping[str, Any], words: Language, method: str, seed: int
) -> AnswerFields:
    """The rule for multi_turn/answer; a query that is not of our making gets its focus told."""
    request = _request(variables)
    follow_up = _follow_up(request)
    if follow_up is None or (follow_up.query, follow_up.focus) != (
        variables["query"],
        variables["focus"],
    ):
        follow_up = FollowUpWriter(request).told(variables["query"], variables["focus"])
    draw = Draw("multi_turn/answer", variables["query"], seed)
    back = without_citations(split_trace(request.contents[-1])[1])
    return {
        "reasoning": Steps(draw, back).of(variables["kind"], follow_up),
        "answer": follow_up.answer,
    }


def _request(variables: Mapping[str, Any]) -> FollowUpRequest:
    contents = tuple(str(message["content"]) for message in variables["messages"])
    kind, exercise, language = (str(variables[k]) for k in ("kind", "exercise", "language"))
    return FollowUpRequest(kind, exercise, language, contents, variables["passage"])


@functools.lru_cache(maxsize=256)  # a query is followed by its answer
def _follow_up(request: FollowUpRequest) -> FollowUp | None:
    return FollowUpWriter(request).first()


RULES: dict[str, Rule] = {"multi_turn/query": query, "multi_turn/answer": answer_turn}
