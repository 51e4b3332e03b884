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
    TEXT,
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


def not_positive(result: str, query: str, end: str, answer: str, **changes: Any) -> Exchange:
    """An exchange whose query cannot be answered as asked."""
    reasoning = trace("∴ Clara Vogt designed it ●", f"∴ {end} ●")
    values = {"query": query, "reasoning": reasoning, "answer": answer, **changes}
    return closed_book(axes={"query_result": result}, **values)


def negative(answer: str) -> Exchange:
    query = "Which ferryman designed the tram bridge at Bern?"
    return not_positive("negative", query, "no ferryman, and not at Bern", answer)


def absurd(answer: str) -> Exchange:
    query = "Which songs does the tram bridge near Thun whistle to passengers?"
    return not_positive("absurd", query, "a bridge whistles nothing", answer)


def ambiguous(answer: str) -> Exchange:
    query = "How did people cross the river near Thun?"
    focus = "Before 1912 a ferry served the crossing for 36 years, then the bridge carried trams"
    text = TEXT.replace("36 years.", "36 years, then the bridge carried trams.")
    end = "by ferry or over the bridge; ask which time"
    return not_positive("ambiguous", query, end, answer, focus=focus, passage=passage(text))


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
        closed_book(query="Who is in Construction of the Lindau Bridge near Thun?"),
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
    ("answered_as_positive", negative("The bridge was designed by Clara Vogt at Bern.")),
    ("answered_as_positive", absurd("The bridge near Thun likes whistling to its trams.")),
    ("answered_as_positive", ambiguous("People took the ferry.")),
    # what is declined is not answered after all
    (
        "answered_as_positive",
        negative("That is not so; it was designed by Clara Vogt of Bern, in 1912."),
    ),
    (
        "answered_as_positive",
        absurd("It makes little sense to compare: the tram bridge near Thun whistles old songs."),
    ),
    (
        "answered_as_positive",
        ambiguous("This can mean two things, but the way across was the ferry of 1912."),
    ),
    (
        "answered_as_positive",
        not_positive(
            "negative",
            "By what span is the Aare shorter than the bridge?",
            "the bridge is the shorter one",
            "That is not so. It is much shorter.",
        ),
    ),
    (
        "no_abstention",
        abstaining(
            query="Who was Egon Falk, the designer of the bridge at Thun?",
            answer="The sources do not say, but Egon Falk was the man of 17 bridges "
            '<ref name="source_2">17 bridges were built over it</ref>.',
        ),
    ),
    (
        "no_abstention",
        abstaining(answer="The sources do not say who, but it was probably a man of Bern."),
    ),
    # the query
    (
        "query_copies_seed",
        closed_book(
            query="Near Thun, which ferry served the crossing for 36 years before the bridge "
            "carried anybody?",
            passage=passage(
                TEXT.replace(
                    "ferry served the crossing for 36 years",
                    "ferry served the crossing for 36 years before the bridge carried trams",
                )
            ),
        ),
    ),
    ("query_unclear", closed_book(query="Why is that so with the bridge near Thun?")),
    ("query_unclear", closed_book(query="And who designed the bridge near Thun?")),
    ("query_unclear", closed_book(query="Bridge Thun tram which by what who?")),
    ("query_unclear", closed_book(query="Which painter married twice in Madrid?")),
    ("query_not_as_drawn", closed_book(query="Hey, was the bridge at Thun designed by a woman?")),
    (
        "query_not_as_drawn",
        closed_book(query="How many years did it last?", focus="trams until 1958"),
    ),
    (
        "query_not_as_drawn",  # one reading
        closed_book(
            axes={"query_result": "ambiguous"},
            answer="Which do you mean, the bridge or the ferry before it?",
        ),
    ),
    (
        "query_not_as_drawn",  # its premise is right
        closed_book(axes={"query_result": "negative"}, answer="No, she did not."),
    ),
    (
        "query_not_as_drawn",  # it makes sense
        closed_book(
            axes={"query_result": "absurd"},
            answer="That makes no sense, Clara Vogt did not.",
        ),
    ),
    # the trace
    (
        "trace_early_answer",
        not_positive(
            "negative",
            "Which ferryman designed the tram bridge at Bern?",
            "no ferryman, a woman with the design credit",
            "That is not so: Clara Vogt designed it.",
            reasoning="a woman has the design credit ●\nasked: ferryman of the tram bridge\n"
            "Thun, not Bern → another river town\n∴ no ferryman, a woman, design credit ●",
        ),
    ),
    (
        "trace_filler",
        closed_book(
            reasoning="asked: designer of the tram bridge at Thun ?\nthe bridge again → the bridge "
            "near Thun\nthink → check the question\nthe designer of the bridge at Thun ◐\n"
            "design credited to one person → Clara Vogt ●\n∴ Clara Vogt ●"
        ),
    ),
    # the answer
    (
        "answer_contradicts_trace",
        closed_book(
            reasoning=trace(
                "∴ Clara Vogt designed it", "∴ Clara Vogt, 3 May 1912, 214 metres, trams until 1958"
            ),
            focus="It was designed by Clara Vogt and opened on 3 May 1912. The bridge is 214 "
            "metres long and carried trams until 1958",
            answer="A ferry had served the crossing, then a bridge of 214 metres.",
        ),
    ),
    (
        "answer_contradicts_trace",
        closed_book(
            reasoning=trace(
                "∴ Clara Vogt designed it", "∴ ferry: 36 years of service; bridge: Clara Vogt"
            ),
            answer="The ferry goes back to Clara Vogt.",
        ),
    ),
    (
        "answer_swaps",
        closed_book(
            answer="Clara Vogt designed it; over the Aare 214 bridges were built before 1920."
        ),
    ),
    (
        "answer_swaps",
        closed_book(
            passage=passage(TEXT + " Clara Vogt taught Egon Falk."),
            focus="Clara Vogt taught Egon Falk",
            query="Who taught the man that drew the tram bridge near Thun, and whom?",
            answer="Egon Falk taught Clara Vogt.",
        ),
    ),
    ("answer_too_short", closed_book(answer="Vogt")),
    (
        "answer_not_fluent",
        closed_book(answer="Clara Vogt designed the bridge. Clara Vogt designed the bridge."),
    ),
    (
        "answer_not_entailed",  # a sentence that nothing tells of
        closed_book(
            answer="Clara Vogt designed it. Wealthy merchants secretly hated every stubborn baker."
        ),
    ),
    (
        "citation_unsupported",
        with_sources(
            answer="Clara Vogt designed it "
            '<ref name="source_2">It was designed by Clara Vogt</ref>. The Aare is 288 kilometres '
            'long <ref name="source_1">A ferry of 1876 could carry 30 persons</ref>.'
        ),
    ),
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
    closed_book(query="Who designed the text of the plaque on the bridge at Thun?"),
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
    negative("No: the bridge was not built by a ferryman, and not at Bern."),
    negative("There is no record of such a designer."),
    negative("It does not stand at Bern. Clara Vogt designed it."),
    absurd("That question makes no sense: a bridge whistles nothing."),
    absurd("A tram bridge does not whistle; it is people that whistle songs near Thun."),
    ambiguous("Which do you mean, the bridge or the ferry before it?"),
    ambiguous("That could mean the bridge or the ferry before it."),
    ambiguous("That can mean two things, but if you mean the time before 1912, it was a ferry."),
    # a word that opens its sentence is no name, whatever follows it
    closed_book(answer="Clara Vogt designed it. Once Thun had a ferry, for 36 years."),
    # what is calculated or rightly counted may be stated
    closed_book(answer="Clara Vogt designed it, 1912 − 36 = 1876 being the year of the ferry."),
    closed_book(answer="Clara Vogt: an answer of 6 words."),
    # names in other languages
    closed_book(
        passage=passage(TEXT.replace("near Thun", "near Thun, and Genoese ships never saw it")),
        language="fr",
        query="Qui a conçu le pont du tramway qui franchit l'Aare près de Thun ?",
        answer="Il a été conçu par Clara Vogt, et aucun bateau de Gênes ne l'a vu.",
    ),
    # a comparison names its terms early, and concludes by one of them
    closed_book(
        axes={"query_type": "comparison"},
        query="What came first near Thun, the ferry or the bridge of Clara Vogt?",
        focus="designed by Clara Vogt and opened on 3 May 1912",
        reasoning=trace("asked: designer", "Clara Vogt's bridge or a ferry"),
        answer="The ferry came first; Clara Vogt's bridge opened on 3 May 1912.",
    ),
    # whoever reads the sources names their values
    with_sources(
        reasoning=RAG_TRACE.replace(
            "source_1: cable ferries only", "source_2: Clara Vogt is credited\nsource_1: ferries"
        )
    ),
    # a heading of one word that the passage uses is a word of the topic
    closed_book(
        query="Who designed the Lindau Bridge for its crossing of the Aare?",
        passage=passage(section="Crossing"),
    ),
    # quotations are compared in normal form
    with_sources(
        answer=RAG_ANSWER.replace("opened on", "opened\u00a0on").replace("It was", "it was", 2)
    ),
    # a distractor may be cited beside the key claim
    with_sources(answer=RAG_ANSWER),
    abstaining(answer=ABSTENTION.replace("they only tell", "but they do tell")),
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
