"""Hand-written exchanges that pass every check; tests change one thing at a time."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

from beam_synth.checks import Exchange, Source
from beam_synth.drawing import digest
from beam_synth.methods import PassageSeed
from beam_synth.records import Passage, Task
from beam_synth.text.sentences import sentences

TEXT = (
    "The Lindau Bridge crosses the river Aare near Thun. It was designed by Clara Vogt and opened "
    "on 3 May 1912. The bridge is 214 metres long and carried trams until 1958. Before 1912 a "
    "ferry served the crossing for 36 years."
)
NEAR_TEXT = (
    "The Aare rises in the Bernese Alps and flows through Thun and Bern. Its length is 288 "
    "kilometres, and 17 bridges were built over it before 1920."
)
FAR_TEXT = (
    "Cable ferries were common on Alpine rivers. A ferry of 1876 could carry 30 persons and two "
    "carts, and was drawn across by the current."
)
AXES = {
    "query_type": "person",
    "complexity": "moderate",
    "user_profile": "student",
    "query_result": "positive",
    "style": "direct",
}
TRACE = """asked: designer of the tram bridge at Thun ⟨H≈0.6⟩
├─ crossing → river Aare, near Thun ● ✓
└─ earlier service there: a ferry, 36 years ◐
bridge opened 1912 → ferry began 1912 − 36 = 1876 ✓
※ builder of a bridge ≠ its ferryman → look for the design credit
design credited to one person → Clara Vogt ●
∴ Clara Vogt designed it ●"""


def passage(text: str = TEXT, title: str = "Lindau Bridge", **fields: Any) -> Passage:
    values: dict[str, Any] = {
        "passage_id": "0" * 32,
        "article_id": "enwiki:1",
        "title": title,
        "language": "en",
        "url": f"https://en.wikipedia.org/wiki/{title.replace(' ', '_')}",
        "revision": 7,
        "license": "CC-BY-SA-4.0",
        "qid": "",
        "path": "[]",
        "section": "Construction",
        "kind": "prose",
        "index": 0,
        "text": text,
        "sentences": (0,),
        "words": len(text.split()),
        "tokens": 60,
    }
    return Passage(**{**values, **fields})


def seed_of(
    method: str, given: Passage, index: int = 0, neighbors: Sequence[Passage] = ()
) -> PassageSeed:
    """The index-th task of a method that starts from a passage."""
    ids = tuple(neighbor.passage_id for neighbor in neighbors)
    task_id = digest(method, given.language, index)
    task = Task(task_id, method, given.language, given.passage_id, ids, index)
    return PassageSeed(task, given, tuple(neighbors), (given,))


def split(text: str, title: str = "Lindau Bridge", **fields: Any) -> Passage:
    """A passage whose sentences are found."""
    starts = tuple(start for start, _ in sentences(text, fields.get("language", "en"))) or (0,)
    return passage(text, title, sentences=starts, **fields)


NEAR = passage(NEAR_TEXT, "Aare", passage_id="1" * 32, section="Course", url="https://x/Aare")
FAR = passage(FAR_TEXT, "Cable ferry", passage_id="2" * 32, section="History", url="https://x/F")


def closed_book(**changes: Any) -> Exchange:
    """A memorization exchange; `axes` are merged, other fields replaced."""
    exchange = Exchange(
        language="en",
        query="Who designed the tram bridge that crosses the Aare near Thun?",
        reasoning=TRACE,
        answer="The bridge was designed by Clara Vogt and opened in May 1912.",
        focus="designed by Clara Vogt",
        axes=dict(AXES),
        passage=passage(),
        neighbors=(NEAR,),
    )
    axes = {**AXES, **changes.pop("axes", {})}
    return dataclasses.replace(exchange, axes=axes, **changes)


SOURCES = (
    Source("source_1", FAR, "distractor"),
    Source("source_2", passage(), "primary"),
    Source("source_3", NEAR, "neighbour"),
)
RAG_TRACE = """asked: designer of the tram bridge at Thun
source_1: cable ferries only → sets the scene, no bridge ◐
source_3: course of the Aare, 17 bridges, none by name ○
source_2: the bridge near Thun itself → design credit there ●
designer as credited → Clara Vogt ✓
∴ Clara Vogt, by source_2 ●"""
RAG_ANSWER = (
    "It was designed by Clara Vogt "
    '<ref name="source_2">It was designed by Clara Vogt and opened on 3 May 1912.</ref>. '
    'A ferry had served before <ref name="source_1">Cable ferries were common</ref>.'
)


def with_sources(**changes: Any) -> Exchange:
    """A rag exchange; the primary is source_2 of 3."""
    values = {"reasoning": RAG_TRACE, "answer": RAG_ANSWER, "sources": SOURCES, "neighbors": ()}
    return closed_book(**{**values, **changes})


WITHHELD = (SOURCES[0], Source("source_2", NEAR, "neighbour"))
ABSTAINING_TRACE = """asked: designer of the tram bridge at Thun
├─ source_1: cable ferries on Alpine rivers → no bridge ●
└─ source_2: course of the Aare, 17 bridges → none credited ●
designer in neither ✓
∴ cannot be told from what is given ●"""
ABSTENTION = (
    "The sources do not say who designed the bridge; they only tell that "
    '<ref name="source_2">17 bridges were built over it</ref>.'
)


def abstaining(**changes: Any) -> Exchange:
    """A rag exchange whose primary is withheld."""
    values = {"reasoning": ABSTAINING_TRACE, "answer": ABSTENTION, "sources": WITHHELD}
    return with_sources(**{**values, **changes})
