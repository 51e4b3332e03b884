"""One exchange for each rejection reason, and the nearest ones that pass."""

from __future__ import annotations

import re
from typing import Any

import pytest

from beam_synth.checks import Exchange, Source
from beam_synth.checks.suites import run_checks_memorization, run_checks_rag
from beam_synth.errors import Rejected
from beam_synth.records import REASONS
from tests.doubles.exchanges import (
    ABSTENTION,
    RAG_ANSWER,
    RAG_TRACE,
    SOURCES,
    TRACE,
    abstaining,
    closed_book,
    passage,
    with_sources,
)
from tests.paths import ROOT


def run(exchange: Exchange) -> tuple[dict[str, Any], ...]:
    suite = run_checks_rag if exchange.sources else run_checks_memorization
    return suite(exchange)


def trace(old: str, new: str) -> str:
    assert old in TRACE
    return TRACE.replace(old, new)


NEGATIVE = {"query_result": "negative"}
ABSURD = {"query_result": "absurd"}
AMBIGUOUS = {"query_result": "ambiguous"}
REF = '<ref name="source_2">{}</ref>'
VERBOSE = """okay so let me think, the user is asking about the bridge near Thun
let me see, we need to recall the bridge near Thun
so the bridge near Thun, actually the bridge near Thun
well now let me check the bridge near Thun → Aare
hmm okay so let me start, the user is asking about the bridge near Thun
∴ Clara Vogt"""

REFUSED = [
    ("query_names_source", closed_book(query="Who designed the bridge in the passage?")),
    ("query_names_source", closed_book(query="According to the text, who built it near Thun?")),
    (
        "query_names_source",
        closed_book(query="Who led the construction of the Lindau Bridge near Thun?"),
    ),
    ("query_language", closed_book(query="Qui a conçu le pont qui traverse la rivière à Thun ?")),
    ("trace_length", closed_book(reasoning="bridge → ∴ Vogt ●")),
    ("trace_length", closed_book(reasoning="near Thun → Aare\n" * 300 + "∴ Clara Vogt")),
    ("trace_grammar", closed_book(reasoning=trace("∴ Clara", "so Clara"))),
    ("trace_grammar", closed_book(reasoning=trace("⟨H≈0.6⟩", "⟨H≈2.6⟩"))),
    ("trace_grammar", closed_book(reasoning=trace("⟨H≈0.6⟩", "⟨H≈0.65⟩"))),
    ("trace_grammar", closed_book(reasoning=trace("36 years ◐", "36 years ◐ ●"))),
    (
        "trace_language",
        closed_book(
            reasoning="on cherche qui a dessiné le pont → il faut trouver la personne\n"
            "├─ le pont traverse la rivière près de la ville ●\n"
            "└─ avant lui, un bac pendant plusieurs années ◐\n"
            "le pont est attribué à une seule personne → Clara Vogt\n"
            "∴ c'est Clara Vogt qui l'a dessiné ●"
        ),
    ),
    ("trace_longer_than_prose", closed_book(reasoning=VERBOSE)),
    (
        "trace_leaks_source",
        closed_book(reasoning=trace("※ builder", "※ the passage says: builder")),
    ),
    ("trace_leaks_source", closed_book(reasoning=trace("※ builder", "※ provided answer: builder"))),
    (
        "trace_leaks_source",
        closed_book(reasoning=trace("※ builder", "※ article on Lindau Bridge: builder")),
    ),
    ("trace_leaks_source", closed_book(reasoning=trace("※ builder", "※ source_1: builder"))),
    ("trace_leaks_source", closed_book(answer="In the passage, Clara Vogt designed the bridge.")),
    ("trace_leaks_source", with_sources(reasoning=RAG_TRACE + ", the primary source")),
    ("trace_unsupported", closed_book(reasoning=trace("river Aare", "river Rhine"))),
    ("trace_unsupported", closed_book(reasoning=trace("a ferry, 36 years", "a ferry, 37 years"))),
    ("trace_unsupported", closed_book(reasoning=trace("→ look for", "→ Lyon → look for"))),
    ("trace_arithmetic", closed_book(reasoning=trace("1912 − 36 = 1876", "1912 − 36 = 1958"))),
    ("trace_early_answer", closed_book(reasoning=trace("asked: designer", "Clara Vogt? designer"))),
    (
        "trace_misses_answer",
        closed_book(reasoning=trace("∴ Clara Vogt designed it", "∴ the designer is known")),
    ),
    ("answer_language", closed_book(answer="Le pont a été conçu par Clara Vogt, ouvert en 1912.")),
    ("answer_not_entailed", closed_book(answer="It was designed by Clara Vogt of Zurich.")),
    ("answer_not_entailed", closed_book(answer="Clara Vogt designed it; it opened on 4 May 1912.")),
    ("answer_not_entailed", closed_book(answer="Clara Vogt designed it; it is 215 metres long.")),
    ("answer_not_entailed", closed_book(answer="A ferry had served the crossing for a long time.")),
    (
        "answered_as_positive",
        closed_book(axes=NEGATIVE, answer="The bridge was designed by Clara Vogt."),
    ),
    ("answered_as_positive", closed_book(axes=ABSURD, answer="The river chose Clara Vogt.")),
    ("answered_as_positive", closed_book(axes=AMBIGUOUS, answer="Clara Vogt designed the bridge.")),
    ("citation_unknown", with_sources(answer=RAG_ANSWER.replace("source_2", "source_9"))),
    ("citation_unknown", with_sources(reasoning=RAG_TRACE.replace("source_2", "source_4"))),
    ("citation_unknown", with_sources(answer=RAG_ANSWER.replace("</ref>", "", 1))),
    ("citation_not_quoted", with_sources(answer=RAG_ANSWER.replace("by Clara", "by Klara"))),
    (
        "citation_not_quoted",
        with_sources(answer=f"It was designed by Clara Vogt {REF.format('Clara')}."),
    ),
    (
        "citation_not_quoted",
        with_sources(answer=f"It was designed by Clara Vogt {REF.format('')}."),
    ),
    ("citation_missing", with_sources(answer="It was designed by Clara Vogt.")),
    (
        "citation_distractor",
        with_sources(
            answer="It was designed by Clara Vogt "
            '<ref name="source_1">Cable ferries were common on Alpine rivers.</ref>.'
        ),
    ),
    ("no_abstention", abstaining(answer="Clara Vogt designed the bridge over the Aare.")),
]


@pytest.mark.parametrize(("reason", "exchange"), REFUSED)
def test_refused(reason: str, exchange: Exchange) -> None:
    with pytest.raises(Rejected) as caught:
        run(exchange)
    assert (caught.value.reason, reason in REASONS) == (reason, True), caught.value
    assert caught.value.detail


def test_every_reason_has_an_input() -> None:
    """Here, or named in the tests of the stage, engine or exercise that it belongs to."""
    named = "".join(p.read_text(encoding="utf-8") for p in (ROOT / "tests").rglob("*.py"))
    missing = [reason for reason in REASONS if not re.search(rf"\b{reason}\b", named)]
    assert not missing, missing


PASSES = [
    closed_book(),
    with_sources(),
    abstaining(),
    # a topic may be named by its title alone
    closed_book(query="Who designed the Lindau Bridge?"),
    closed_book(query="Who wrote the text of the Treaty of Thun?"),
    # nor is a text that the query asks about a hidden input
    closed_book(
        query="Which section near Thun did the designer of the tram bridge draw?",
        reasoning=trace("※ builder", "※ the section is a span, not a text: builder"),
    ),
    closed_book(reasoning=trace("※ builder", "※ germ in the seed, not in the soil: builder")),
    # a look-up may name its value at once
    closed_book(
        axes={"complexity": "simple"},
        reasoning=trace("asked: designer", "Clara Vogt? designer"),
    ),
    # what comes out of a true sum may be stated
    closed_book(reasoning=trace("∴ Clara", "service of 1876 to 1912 ✓\n∴ Clara")),
    # fragments may open with a capital, headers too, and a verdict may be a whole one
    closed_book(reasoning=trace("※ builder", "Timeline:\nDates → Opening date ●\n※ Yes → builder")),
    # an open sub-result forbids certainty, nothing else
    closed_book(
        reasoning=trace("36 years ◐", "36 years ☐").replace(
            "∴ Clara Vogt designed it ●", "∴ Clara Vogt designed it ◐"
        )
    ),
    closed_book(reasoning=trace("36 years ◐", "36 years ☐").replace("1876 ✓", "1876, ferry ✓")),
    closed_book(axes=NEGATIVE, answer="No: the bridge was not built by a ferryman."),
    closed_book(axes=NEGATIVE, answer="There is no record of such a designer."),
    closed_book(axes=ABSURD, answer="That question makes no sense: a river designs nothing."),
    closed_book(axes=AMBIGUOUS, answer="Which do you mean, the bridge or the ferry before it?"),
    closed_book(axes=AMBIGUOUS, answer="That could mean the bridge or the ferry before it."),
    # quotations are compared in normal form
    with_sources(
        answer=RAG_ANSWER.replace("opened on", "opened\u00a0on").replace("It was", "it was", 2)
    ),
    # a distractor may be cited beside the key claim
    with_sources(answer=RAG_ANSWER),
    abstaining(axes={"query_result": "ambiguous"}, answer=ABSTENTION),
]


@pytest.mark.parametrize("exchange", PASSES)
def test_passes(exchange: Exchange) -> None:
    records = run(exchange)
    assert all(record["passed"] and 0 <= record["score"] <= 1 for record in records)
    assert len({record["name"] for record in records}) == len(records)


def test_a_sure_conclusion_rests_on_nothing_unverified() -> None:
    with pytest.raises(Rejected, match="unverified") as caught:
        run(closed_book(reasoning=trace("36 years ◐", "36 years ☐").replace("= 1876 ✓", "= 1876")))
    assert caught.value.reason == "trace_grammar"


def test_a_neighbour_that_says_the_same_supports_the_key_claim() -> None:
    twin = passage(passage_id="3" * 32)
    sources = (*SOURCES, Source("source_4", twin, "neighbour"))
    run(with_sources(sources=sources, answer=RAG_ANSWER.replace("source_2", "source_4")))
