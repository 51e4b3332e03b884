"""Recorded answers of the methods that start from a passage: memorization and rag.

What the prompts do not show is put in the strictest way: a source that says nothing of what settles
the query is a distractor.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable
from typing import TypeVar

import orjson

from beam_synth.checks import Check, Exchange, Source
from beam_synth.checks.forms import is_form
from beam_synth.checks.suites import MEMORIZATION, QUERY_CHECKS, RAG, make_checks
from beam_synth.errors import Rejected
from beam_synth.methods.rag.prompt_sources import answers
from beam_synth.methods.shared.axes import realised
from beam_synth.methods.shared.samples import stripped_fields
from beam_synth.records import Passage
from beam_synth.text.sentences import normalise, sentences
from benchmarks.answers.recorded import (
    ACCEPTED,
    REJECTED,
    SENT_BACK,
    Block,
    Judged,
    RecordedAnswer,
    blocks_of,
    line_of,
)

T = TypeVar("T")
_LANGUAGES = {
    "English": "en", "French": "fr", "German": "de", "Spanish": "es", "Italian": "it",
    "Polish": "pl", "Dutch": "nl", "Latin": "la",
}  # fmt: skip
# How the prompts word what a query is; the first word after the label, or what it opens with.
_RESULTS = {
    "answer it": "positive",
    "its premise is wrong": "negative",
    "it makes no sense": "absurd",
    "it can mean more than one thing": "ambiguous",
}
_ASKED = re.compile(
    r"^Query(?: \((?P<complexity>\w+)[^)\n]*\))?:[ \t]*(?P<query>.*)$", re.MULTILINE
)
_SETTLES = re.compile(r"^(source_\d+) settles the query, with this span: (.*)$", re.MULTILINE)
_SOURCE = re.compile(r"<(source_\d+)>\n([^\n]*)\n(.*?)\n</\1>", re.DOTALL)


def judge_query(answer: RecordedAnswer) -> Judged:
    """What the checks make of a query that was written for a passage."""
    (block, *_) = _some(blocks_of(answer.user, "passage"), answer, "<passage>")
    language = language_of(answer, "Language of the query")
    result = _first_word(answer, "Can it be answered as asked")
    axes = {
        "query_type": _first_word(answer, "Kind of query"),
        "complexity": _first_word(answer, "Complexity"),
        "query_result": result,
    }
    title = line_of(answer.user, "Article")
    seed = passage_like(block.text, title, line_of(answer.user, "Section"), language)
    try:
        query, focus = fields_of(answer, "query", "focus")
    except Rejected as error:
        return judged_rejected(error)
    if normalise(focus) not in normalise(seed.text):
        return Judged(SENT_BACK, "focus_not_span", f"the focus is no span: {focus[:80]!r}")
    axes = realised(axes, query, language, title)
    exchange = Exchange(language, query, "", "", focus, axes, seed)
    return first_failure(make_checks(exchange, QUERY_CHECKS))


def judge_closed_book(answer: RecordedAnswer) -> Judged:
    """What the checks of memorization make of a trace and an answer."""
    passages = _some(blocks_of(answer.user, "passage"), answer, "<passage>")
    (focus, *_) = _some(blocks_of(answer.user, "focus"), answer, "<focus>")
    language = language_of(answer, "Language of the answer")
    seed, *near = (passage_of_block(block, language) for block in passages)
    found = _exchange(answer, focus.text, seed, language)
    if isinstance(found, Judged):
        return found
    return first_failure(
        make_checks(dataclasses.replace(found, neighbors=tuple(near)), MEMORIZATION)
    )


def judge_with_sources(answer: RecordedAnswer) -> Judged:
    """What the checks of rag make of a trace and an answer."""
    language = language_of(answer, "Language of the answer")
    shown = [
        (tag, passage_like(text, title, "", language))
        for tag, title, text in _SOURCE.findall(answer.user)
    ]
    _some(shown, answer, "<source_1>")
    settles = _SETTLES.search(answer.user)
    primary, focus = (settles[1], _whole_span(answer.user, settles)) if settles else ("", "")
    seed = dict(shown).get(primary, passage_like("", "", "", language))
    found = _exchange(answer, focus, seed, language)
    if isinstance(found, Judged):
        return found
    sources = tuple(
        Source(tag, passage, _role(tag, passage, primary, found)) for tag, passage in shown
    )
    return first_failure(make_checks(dataclasses.replace(found, sources=sources), RAG))


def _role(tag: str, passage: Passage, primary: str, exchange: Exchange) -> str:
    if tag == primary:
        return "primary"
    says = bool(primary) and answers(passage, exchange.query, exchange.focus)
    return "neighbour" if says else "distractor"


def _whole_span(text: str, found: re.Match[str]) -> str:
    """The focus, which may go over several lines: up to the line that tells how to take it."""
    rest = text[found.start(2) :]
    return re.split(r"\n(?=How to take the query:|\n)", rest, maxsplit=1)[0].strip()


def _exchange(
    answer: RecordedAnswer, focus: str, seed: Passage, language: str
) -> Exchange | Judged:
    asked = _ASKED.search(answer.user)
    if not asked:
        raise ValueError(f"{answer.key}: the messages show no query")
    try:
        reasoning, said = fields_of(answer, "reasoning", "answer")
    except Rejected as error:
        return judged_rejected(error)
    axes = {
        # The prompt does not tell the type; a simple query may be a look-up.
        "query_type": "fact",
        "complexity": asked["complexity"] or "moderate",
        "query_result": _result(answer),
    }
    query = asked["query"].strip()
    axes = realised(axes, query, language, seed.title)
    return Exchange(language, query, reasoning, said, focus, axes, seed)


def _result(answer: RecordedAnswer) -> str:
    how = line_of(answer.user, "How to take it") or line_of(answer.user, "How to take the query")
    named = [kind for words, kind in _RESULTS.items() if how.casefold().startswith(words)]
    if how and not named:
        raise ValueError(f"{answer.key}: how the query is to be taken is not known: {how[:60]!r}")
    return named[0] if named else "positive"  # none is shown where the source is withheld


# ---------------------------------------------------------------- shared


def fields_of(answer: RecordedAnswer, *names: str) -> list[str]:
    """The named texts of an answer. Raises Rejected("malformed_answer") where it has not all."""
    try:
        data = orjson.loads(answer.answer)
    except ValueError:
        data = None
    if not isinstance(data, dict) or any(not isinstance(data.get(name), str) for name in names):
        raise Rejected("malformed_answer", f"no object with {' and '.join(names)}")
    return stripped_fields(data, *names)


def judged_rejected(error: Rejected) -> Judged:
    """What came of an answer by the reason that rejects it."""
    outcome = SENT_BACK if is_form(error.reason) else REJECTED
    return Judged(outcome, error.reason, error.detail)


def first_failure(checks: Iterable[Check]) -> Judged:
    """What came of an answer by the first of its checks that fails."""
    for check in checks:
        if not check.passed:
            outcome = SENT_BACK if is_form(check.reason) else REJECTED
            return Judged(outcome, check.reason, f"{check.name}: {check.detail}")
    return Judged(ACCEPTED)


def language_of(answer: RecordedAnswer, *labels: str) -> str:
    """The code of the language that a line of the messages names."""
    found = next(filter(None, (line_of(answer.user, label) for label in labels)), "")
    name = found.partition(".")[0].strip()
    if name not in _LANGUAGES:
        raise ValueError(f"{answer.key}: no language that is known is named by {labels[0]!r}")
    return _LANGUAGES[name]


def passage_of_block(block: Block, language: str) -> Passage:
    """The passage that a block with its title and section shows."""
    title, section = block.attributes.get("title", ""), block.attributes.get("section", "")
    return passage_like(block.text, title, section, language)


def passage_like(text: str, title: str, section: str, language: str) -> Passage:
    """A passage that is known by its text, title and section alone."""
    starts = tuple(start for start, _ in sentences(text, language)) or (0,)
    return Passage(
        "", "", title, language, "", None, "", "", "[]", section, "prose", 0, text, starts, 0, 0
    )  # fmt: skip


def _first_word(answer: RecordedAnswer, label: str) -> str:
    found = re.match(r"\w+", line_of(answer.user, label))
    if not found:
        raise ValueError(f"{answer.key}: the messages have no line {label!r}")
    return found.group().casefold()


def _some(found: list[T], answer: RecordedAnswer, what: str) -> list[T]:
    if not found:
        raise ValueError(f"{answer.key}: the messages show no {what}")
    return found
