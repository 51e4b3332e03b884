"""What an honest answer may do, and what a lazy one does, in pairs."""

from __future__ import annotations

import pytest

from beam_synth.checks.answer_position import check_conclusion
from beam_synth.checks.answered import check_as_concluded
from beam_synth.checks.backward import check_unsupported
from beam_synth.checks.drift import drifts
from beam_synth.checks.fluent import fluency_faults
from beam_synth.checks.language import answer_language
from beam_synth.checks.query import quotes_title_and_section
from tests.doubles.exchanges import TEXT, TRACE, closed_book, passage


def test_a_trace_may_count_what_a_list_has() -> None:
    listed = TEXT + " It served farmers, millers, monks, carters and pilgrims."
    right = TRACE.replace("a ferry, 36 years", "a ferry for five trades")
    wrong = TRACE.replace("a ferry, 36 years", "a ferry for nine trades")
    assert check_unsupported(closed_book(reasoning=right, passage=passage(listed))).passed
    failed = check_unsupported(closed_book(reasoning=wrong, passage=passage(listed)))
    assert failed.detail == "in no source: nine"


def test_what_a_relation_joins_may_be_concluded() -> None:
    exchange = closed_book(
        query="How are Clara Vogt and the river Aare connected?",
        focus="It was designed by Clara Vogt and opened on 3 May 1912",
        passage=passage(
            "The bridge over the Aare was designed by Clara Vogt, opened on 3 May 1912."
        ),
        axes={"query_type": "relation", "query_result": "positive"},
        answer="Clara Vogt designed the bridge over the Aare, which opened on 3 May 1912.",
        reasoning=TRACE.replace("∴ Clara Vogt designed it ●", "∴ Clara Vogt bridged the Aare ●"),
    )
    assert not check_conclusion(exchange).passed  # the focus speaks of one of them alone
    joined = "The bridge over the Aare was designed by Clara Vogt, opened on 3 May 1912"
    whole = {name: getattr(exchange, name) for name in ("query", "passage", "axes", "answer")}
    both = closed_book(focus=joined, reasoning=exchange.reasoning, **whole)
    assert check_conclusion(both).passed


def test_the_answer_puts_nothing_else_in_the_conclusions_place() -> None:
    said = "Clara Vogt designed the bridge, and it opened on {} 1912."
    trace = TRACE.replace("∴ Clara Vogt designed it", "∴ Clara Vogt, opened 3 May 1912")
    focus = "It was designed by Clara Vogt and opened on 3 May 1912"
    honest = closed_book(answer=said.format("3 May"), reasoning=trace, focus=focus)
    assert check_as_concluded(honest).passed
    failed = check_as_concluded(
        closed_book(answer=said.format("9 June"), reasoning=trace, focus=focus)
    )
    assert "'9 June 1912' where" in failed.detail


def test_a_heading_within_a_longer_name_is_no_leak() -> None:
    seed = passage(title="Lindau Bridge", section="History > Upper Aare")
    query = "What did the Upper Aare Ferry Company ask of Lindau Bridge?"
    assert not quotes_title_and_section(query, seed)
    assert quotes_title_and_section("What of Lindau Bridge belongs to the Upper Aare?", seed)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Die Brücke steht seit langem. It was built by a man who came from the city."),
        ("la", "Pons super flumen stat. After two years the bridge was open and it paid for all."),
        ("it", "Il ponte fu aperto in maggio. The people of the town came and they were glad."),
    ],
)
def test_a_sentence_in_another_language_is_found(language: str, text: str) -> None:
    assert drifts(text, language).startswith("en: ")
    assert not answer_language(text, language).passed


def test_a_quotation_in_another_language_is_none() -> None:
    text = (
        "Über dem Tor der alten Brücke steht „God save the king and all of us“. Sie ist aus Holz."
    )
    assert drifts(text, "de") == ""


def test_a_sentence_in_another_order_is_a_repeat() -> None:
    text = "In 1912 the bridge carried trams at last. The bridge carried trams at last in 1912."
    assert fluency_faults(text, "en") == ["says twice: 'In 1912 the bridge carried trams at last.'"]
