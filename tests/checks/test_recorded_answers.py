"""Recorded answers: the exchange is rebuilt from the messages, and the checks are made."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import orjson
import pytest

from benchmarks.answers.__main__ import rate
from benchmarks.answers.judging import JUDGES
from benchmarks.answers.recorded import (
    ACCEPTED,
    REJECTED,
    SENT_BACK,
    Judged,
    RecordedAnswer,
    recorded_answers,
)
from tests.doubles.exchanges import FAR_TEXT, RAG_ANSWER, RAG_TRACE, TEXT, TRACE

ASKED = """Article: Lindau Bridge
Section: Construction

<passage>
{text}
</passage>

Language of the query: English
Kind of query: person (asks who)
Complexity: moderate (two facts have to be joined, or one explained)
Can it be answered as asked: {result}. As the word says."""
CLOSED_BOOK = """Query (moderate, asked by a student): Who designed the tram bridge at Thun?

How to take it: Answer it.

<focus>
designed by Clara Vogt
</focus>

<passage title="Lindau Bridge" section="Construction">
{text}
</passage>

Language of the answer: English. Language of the reasoning: English."""
WITH_SOURCES = """Query (moderate, asked by a student): Who designed the tram bridge at Thun?

<source_1>
Cable ferry
{far}
</source_1>

<source_2>
Lindau Bridge
{text}
</source_2>

<source_3>
Aare
The Aare has 17 bridges.
</source_3>

For you alone, not to be mentioned:
source_2 settles the query, with this span: designed by Clara Vogt
How to take the query: Answer it, and cite the source.

Language of the answer: English. Language of the reasoning: English."""
CONVERSATION = """The conversation so far:

<user>
Who designed the tram bridge at Thun?
</user>

<assistant>
<think>
{trace}
</think>
The bridge was designed by Clara Vogt and opened on 3 May 1912.
</assistant>
"""
NEXT = (
    CONVERSATION
    + """
Kind of the next turn: challenge. The user doubts something.
Language: English."""
)
FOLLOW_UP = (
    CONVERSATION
    + """
The turn to answer (challenge):
<user>
Was it not opened in 1913?
</user>

<focus>
opened on 3 May 1912
</focus>

Language of the answer: English. Language of the reasoning: English."""
)
CHECKED = """doubt: 1913 in place of 1912 ?
what was said → 3 May 1912 ✓
a year later → nothing opened then, the day is known
∴ not 1913 but 3 May 1912 stands ●"""


def judged(method: str, step: str, user: str, answer: Any) -> Judged:
    text = answer if isinstance(answer, str) else orjson.dumps(answer).decode()
    found = RecordedAnswer("good", method, step, "k1", "", user, text, "")
    return JUDGES[method, step](found)


def asked(query: str, focus: str = "designed by Clara Vogt", result: str = "positive") -> Judged:
    user = ASKED.format(text=TEXT, result=result)
    return judged("memorization", "query", user, {"query": query, "focus": focus})


def test_a_query_is_judged_with_its_focus() -> None:
    assert asked("Who designed the tram bridge at Thun?") == (ACCEPTED, "", "")
    assert asked("Who designed it, says the passage?").reason == "query_names_source"
    assert asked("Who designed the bridge?", "by Carla Vogt")[:2] == (SENT_BACK, "focus_not_span")
    plain = asked("Who designed the Lindau Bridge?", result="negative")
    assert plain[:2] == (REJECTED, "query_not_as_drawn")


def test_a_trace_and_an_answer_are_judged_without_sources() -> None:
    user = CLOSED_BOOK.format(text=TEXT)
    good = {"reasoning": TRACE, "answer": "It was designed by Clara Vogt."}

    def outcome(**changes: str) -> tuple[str, str]:
        return judged("memorization", "answer", user, {**good, **changes})[:2]

    assert outcome() == (ACCEPTED, "")
    assert outcome(reasoning=TRACE.replace("∴", "so")) == (SENT_BACK, "trace_grammar")
    assert outcome(answer="It was designed by Egon Falk.") == (REJECTED, "answer_not_entailed")
    assert judged("memorization", "answer", user, "no object").outcome == SENT_BACK


def test_sources_are_rebuilt_with_their_roles() -> None:
    user = WITH_SOURCES.format(text=TEXT, far=FAR_TEXT)

    def outcome(answer: str) -> tuple[str, str]:
        return judged("rag", "answer", user, {"reasoning": RAG_TRACE, "answer": answer})[:2]

    assert outcome(RAG_ANSWER) == (ACCEPTED, "")
    cites_another = 'Clara Vogt did <ref name="source_1">Cable ferries were common</ref>.'
    assert outcome(cites_another) == (REJECTED, "citation_distractor")


def test_a_conversation_is_rebuilt() -> None:
    user = NEXT.format(trace=TRACE)
    query = {"query": "Was it not opened in 1913?", "focus": "opened on 3 May 1912"}
    assert judged("multi_turn", "query", user, query).outcome == ACCEPTED
    user = FOLLOW_UP.format(trace=TRACE)
    good = {"reasoning": CHECKED, "answer": "No, it was opened on 3 May 1912."}
    assert judged("multi_turn", "answer", user, good).outcome == ACCEPTED
    gives_in = {**good, "answer": "You are right, it was not opened on 3 May 1912 but in 1913."}
    assert judged("multi_turn", "answer", user, gives_in)[:2] == (REJECTED, "turn_contradicts")


@pytest.mark.parametrize(
    ("method", "step", "user"),
    [
        ("memorization", "query", "Article: Mill"),
        (
            "memorization",
            "query",
            ASKED.format(text=TEXT, result="positive").replace("English", "X"),
        ),
        ("memorization", "answer", "Query: Who?"),
        ("memorization", "answer", CLOSED_BOOK.replace("Answer it.", "Sing it.")),
        ("rag", "answer", "Query: Who?\nLanguage of the answer: English."),
        ("multi_turn", "query", "Language: English."),
        ("multi_turn", "answer", NEXT.format(trace=TRACE)),
    ],
)
def test_messages_of_another_form_are_named(method: str, step: str, user: str) -> None:
    with pytest.raises(ValueError, match="k1"):
        judged(method, step, user, {"reasoning": "a", "answer": "b", "query": "c", "focus": "d"})


METHODS = ("memorization", "rag", "multi_turn")


def test_answers_of_a_strong_model_are_told_apart(real_data: Path, tmp_path: Path) -> None:
    """Of the good ones at most one in twenty is lost, of the bad ones four in five are found."""
    lines = gzip.decompress((real_data / "answers" / "answers.jsonl.gz").read_bytes()).split(b"\n")
    ours = [line for line in lines if line and orjson.loads(line)["method"] in METHODS]
    path = tmp_path / "answers.jsonl"
    path.write_bytes(b"\n".join(ours))
    pairs = [(a, JUDGES[a.method, a.step](a)) for a in recorded_answers(path)]
    assert rate(pairs, "good", (REJECTED,)) <= 5
    assert rate(pairs, "bad", (REJECTED, SENT_BACK)) >= 80
