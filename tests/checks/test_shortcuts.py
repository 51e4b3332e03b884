"""What the checks look at first to save time gives the same as looking at everything."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from beam_synth.checks.leaks import leaks
from beam_synth.records import LANGUAGES
from beam_synth.text import facts, folding, proper_names, support
from beam_synth.text.claims import claims
from beam_synth.text.languages import by_vote, other_language, plain, votes
from beam_synth.text.sentences import normalise
from beam_synth.text.wordlists import NUMERALS

# The patterns in the form in which they look back before they look for anything.
PLAIN = {
    "number": r"(?<![\d.,])(?:\d{1,3}(?:[ \u00a0\u202f\u2009'’]\d{3})+(?![\d])(?:[.,]\d+)?"
    r"|\d+(?:[.,]\d+)*)",
    "roman": r"\b([IVXLCDM]+)(?:e|er|re|ème|ième|th|st|nd|rd)?\b",
    "range": r"\b(\d{2})(\d{2})\s?[-–—/]\s?(\d{2})\b(?!\d)",
}
FAST = {"number": facts._NUMBER, "roman": support._ROMAN, "range": support._RANGE}

_WORDS = """XIX IVe III I Mai mai may 3 12 1912 1912–18 1,234.5 2.500 1 234 12. 1/5/1950 2001-04-07
    seven sept vingt-deux quatre-vingts a_1 é ß İ L'Aquila Anna J. Łódź not"""
WORDS = st.sampled_from(_WORDS.split())
MIXED = st.lists(st.one_of(WORDS, st.text(max_size=3)), max_size=12).flatmap(
    lambda parts: st.sampled_from([" ", "\n", "", ", "]).map(lambda joint: joint.join(parts))
)


@pytest.mark.parametrize("name", PLAIN)
@given(text=MIXED)
@settings(max_examples=300)
def test_patterns_find_the_same(name: str, text: str) -> None:
    expected = [(m.span(), m.groups()) for m in re.finditer(PLAIN[name], text)]
    assert [(m.span(), m.groups()) for m in FAST[name].finditer(text)] == expected


@given(text=st.text())
@example(text=" a\u2003b\x1c\u0085c\u200b ")
def test_normalise_squeezes_white_space(text: str) -> None:
    folded = unicodedata.normalize("NFKC", text).casefold()
    assert normalise(text) == re.sub(r"\s+", " ", folded).strip()


@given(text=MIXED)
@settings(max_examples=300)
def test_folded_words_are_the_words_folded(text: str) -> None:
    assert folding.folded_words(text) == {folding.fold(word) for word in folding.WORD.findall(text)}


@given(text=MIXED, language=st.sampled_from(LANGUAGES), least=st.integers(0, 20))
@settings(max_examples=300)
def test_numerals_from_a_least_value_on(text: str, language: str, least: int) -> None:
    found = re.finditer(r"[^\W\d_]+(?:-[^\W\d_]+)*", text)
    values = [(m.start(), NUMERALS[language].get(m.group().casefold(), -1)) for m in found]
    expected = [(start, value) for start, value in values if value >= least]
    numerals = facts.numerals(text, language, least)
    assert [(fact.start, int(max(fact.values))) for fact in numerals] == expected


@given(text=MIXED, language=st.sampled_from(LANGUAGES))
@settings(max_examples=300)
def test_dates_are_found_wherever_a_month_stands(text: str, language: str) -> None:
    found = {(fact.start, fact.end) for fact in facts.dates(text, language)}
    for match in facts._date_pattern(language).finditer(text):
        if match["year"] or match["year2"] or match["day"] or match["day2"]:
            assert match.span() in found


def test_claims_are_the_same_with_the_usual_length_given() -> None:
    text = "Oslo. Seven of 12 came on 3 May 1912."
    assert claims(text, "en") == claims(text, "en", proper_names.SHORT)
    assert [fact.text for fact in claims(text, "en", 0)] == [
        "3 May 1912",
        "12",
        "3",
        "1912",
        "Seven",
    ]


DOCUMENTS = ["text", "passage", "article", "section", "context", "entry", "abstract"]
LEAKS = [
    *(f"according to the {word}" for word in DOCUMENTS),
    *(f"the {word} says" for word in DOCUMENTS),
    *(f"the {word} above" for word in DOCUMENTS),
    *(f"{given} {what}" for given in ("provided", "hidden", "above", "gold", "expected", "target")
      for what in ("answer", "page", "material", "span", "source", "information")),
    "ground truth", "focus span", "answer key", "reference answer", "the focus", "seed passage",
    "I was given", "a Wikipedia page", "the sources", "neighbouring passages", "these neighbors",
    "source_3",
]  # fmt: skip


@pytest.mark.parametrize("phrase", LEAKS)
def test_each_leak_is_found_among_other_words(phrase: str) -> None:
    trace = f"bridge → river {phrase} ∴ done"
    assert leaks(trace, rag=False, title="Thun", query="Who?")
    assert leaks(trace.upper(), rag=False, title="Thun", query="Who?")
    assert not leaks("bridge → river ∴ done", rag=False, title="Thun", query="Who?")


def test_the_vote_counts_words_of_each_language() -> None:
    found = votes(plain("the bridge of the river de la", "en"))
    assert (found["en"], found["fr"], found["de"]) == (3, 2, 0)


def test_the_lead_of_the_vote_is_the_confidence() -> None:
    assert other_language("the bridge and the river", "en") == ("", by_vote(3))
    assert other_language("the bridge", "en") == ("", by_vote(1))
    assert [by_vote(lead) for lead in (1, 2, 3)] == [0.875, 0.938, 0.969]
    assert by_vote(40) == 1.0


def test_a_text_that_does_not_lead_the_vote_is_left_to_lingua() -> None:
    other, confidence = other_language(
        "Le pont fut ouvert après plusieurs années de travaux.", "en"
    )
    assert other == "fr"
    assert confidence < 0.1
