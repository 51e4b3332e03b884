"""The embedded engine: composes queries, traces and answers from the seed text, by rule.

It needs no weights and invents nothing: every statement of an answer stands in the seed, in a frame
of the seed's language. Rows say so (`rule:extractive`). It knows the templates of the shipped
methods, reads their variables and never parses a prompt.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import orjson

from beam_synth.drawing import Draw
from beam_synth.engines.base import Completion, Request, Usage
from beam_synth.engines.served_languages import ServedLanguages
from beam_synth.errors import Rejected
from beam_synth.records import LANGUAGES, Passage
from beam_synth.rule_engine import conversation, creative, editing, mcq, problems
from beam_synth.rule_engine.answers import abstain, compose_answer, key_of
from beam_synth.rule_engine.facts import statements
from beam_synth.rule_engine.languages import Language, language
from beam_synth.rule_engine.queries import Plan, plan_query, topic_of
from beam_synth.rule_engine.rules import AnswerFields, Rule
from beam_synth.rule_engine.traces import Shown, TraceWriter


class Extractive:
    """The rule engine: an `Engine` that needs no weights, network or GPU.

    `RULES` of the modules beside it say what it can do, by the name of the prompt's template.
    """

    name = "rule:extractive"
    timed = False
    can = frozenset({"schema"})
    languages = LANGUAGES
    fewer_languages: Mapping[str, Sequence[str]] = MappingProxyType(
        {
            # Follow-ups are about names as the text has them. In Polish and Latin these stand in
            # the case of their sentence ("Kanta", "Germaniae"), and a question wants another one.
            "multi_turn": ("en", "fr", "de", "es", "it", "nl"),
        }
    )
    revision = "1"
    license = "Apache-2.0"

    def __init__(self) -> None:
        self._templates: dict[str, Rule] = {
            "memorization/query": _query,
            "memorization/answer": _closed_book,
            "rag/query": _query,
            "rag/answer": _with_sources,
            **conversation.RULES,
            **creative.RULES,
            **editing.RULES,
            **problems.RULES,
            **mcq.RULES,
        }

    async def generate(self, request: Request) -> list[Completion]:
        """One completion, whatever `request.n`; the seed varies the wording of trace and answer.

        The same request always gives the same text: JSON with the fields that its schema asks
        for. Usage counts the text's words as output tokens.

        Raises Rejected: "unsupported_request" for a template without a rule or where the rule
        cannot do what is asked, "unsupported_language", and "nothing_to_ask" for a seed that
        gives no query.
        """
        compose = self._templates.get(request.template)
        if compose is None:
            raise Rejected("unsupported_request", f"there is no rule for {request.template!r}")
        code = str(request.variables["language"])
        words = language(code)
        if words is None:
            raise Rejected("unsupported_language", f"there are no rules for {code!r}")
        served = _SERVED.in_steps([request.template])
        if served is not None and code not in served:
            why = f"there are no rules for {code!r} in {request.template!r}"
            raise Rejected("unsupported_language", why)
        method = request.template.partition("/")[0]
        text = orjson.dumps(compose(request.variables, words, method, request.seed)).decode()
        return [Completion(text, usage=Usage(0, len(text.split())))]

    def knows(self, template: str) -> bool:
        """Whether there is a rule for a template."""
        return template in self._templates

    async def close(self) -> None:
        """Nothing to close."""


_SERVED = ServedLanguages.of_class(Extractive.name, Extractive)


def _query(variables: Mapping[str, Any], words: Language, method: str, seed: int) -> AnswerFields:
    """The rule for queries about a passage."""
    plan = plan_query(variables["passage"], variables["language"], words, variables["axes"], method)
    return {"query": plan.query, "focus": plan.focus}


def _planned(passage: Passage, variables: Mapping[str, Any], words: Language, method: str) -> Plan:
    """The plan behind the query; one made from its focus where the query is not of our making."""
    plan = plan_query(passage, variables["language"], words, variables["axes"], method)
    if (plan.query, plan.focus) == (variables["query"], variables["focus"]):
        return plan
    return Plan("relate", variables["query"], variables["focus"])


def _closed_book(
    variables: Mapping[str, Any], words: Language, method: str, seed: int
) -> AnswerFields:
    """The rule for answers without sources."""
    passage: Passage = variables["passage"]
    return _answer(_planned(passage, variables, words, method), passage, variables, words, seed, "")


def _with_sources(
    variables: Mapping[str, Any], words: Language, method: str, seed: int
) -> AnswerFields:
    """The rule for answers from sources: a citation, or an abstention where none is primary."""
    sources = variables["sources"]
    primary = next((s for s in sources if s["tag"] == variables["primary"]), None)
    if primary is None:
        draw = Draw("abstain", variables["query"], seed)
        topic = topic_of(variables["query"], words) or _quoted_topic(variables["query"], words)
        trace = TraceWriter(draw, "", sources=_shown(sources)).withheld(topic)
        return {"reasoning": trace, "answer": abstain([topic], words, draw)}
    passage: Passage = primary["passage"]
    plan = _planned(passage, variables, words, method)
    return _answer(plan, passage, variables, words, seed, primary["tag"])


def _shown(sources: Sequence[Mapping[str, Any]]) -> list[Shown]:
    """The sources as traces speak of them."""
    return [
        Shown(source["tag"], passage.title, _told(passage))
        for source in sources
        for passage in (source["passage"],)
    ]


def _told(passage: Passage) -> tuple[str, ...]:
    """The passage's sentences that can be quoted."""
    return tuple(statement.text for statement in statements(passage, passage.language))


def _quoted_topic(query: str, words: Language) -> str:
    """What another writer's query is about: what it quotes, or its first words."""
    left, right = (mark.strip() for mark in words.quotes)
    start = query.find(left)
    end = query.find(right, start + 1)
    inside = query[start + 1 : end] if start >= 0 and end > start else query
    return " ".join(inside.replace("____", "…").split()[:8]).strip(" .,;:?!")


def _answer(
    plan: Plan,
    passage: Passage,
    variables: Mapping[str, Any],
    words: Language,
    seed: int,
    tag: str,
) -> AnswerFields:
    """Trace and answer of a plan; `tag` is that of the source to cite, "" for none."""
    draw = Draw("answer", plan.query, seed)
    sources = _shown(variables["sources"]) if tag else []
    trace = TraceWriter(draw, passage.title, _told(passage), sources)
    forms: dict[str, Callable[[Plan], str]] = {
        "doubt": trace.refuted,
        "absurd": trace.absurd,
        "vague": trace.vague,
    }
    if plan.form in forms:
        reasoning = forms[plan.form](plan)
    else:
        reasoning = trace.found(plan, key_of(plan, variables["language"]), tag)
    return {"reasoning": reasoning, "answer": compose_answer(plan, passage.title, words, draw, tag)}
