"""Names, numbers and dates: what is found, and what backs it up."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from beam_synth.text.claims import claims, unsupported
from beam_synth.text.equations import equations, evaluate_arithmetic
from beam_synth.text.facts import dates, numbers, roman
from beam_synth.text.proper_names import names
from beam_synth.text.support import support


def missing(claim: str, source: str, language: str = "en", of: str = "") -> list[str]:
    return unsupported(claim, language, support(source, of or language))


@pytest.mark.parametrize(
    ("text", "language", "found"),
    [
        ("The poet Anna Lind lived in Oslo.", "en", ["Anna Lind", "Oslo"]),
        ("In May the UNESCO met.", "en", ["UNESCO"]),
        ("Oslo.", "en", ["Oslo"]),
        ("Der Maler Max Ernst lebte in Köln.", "de", ["Max Ernst", "Köln"]),
        ("Das Haus hat eine große Bedeutung in Form und Farbe.", "de", []),
        ("Il naquit à Lyon chez J. Dupont.", "fr", ["Lyon", "J. Dupont"]),
        ("L'Austria vinse. A Roma no.", "it", ["Austria", "Roma"]),
    ],
)
def test_names(text: str, language: str, found: list[str]) -> None:
    assert [name.text for name in names(text, language)] == found


@pytest.mark.parametrize(
    ("text", "language", "values"),
    [
        ("1,234.5", "en", {"1234.5"}),
        ("1.234,5", "de", {"1234.5"}),
        ("1.234", "de", {"1234"}),
        ("1.234", "en", {"1.234"}),
        ("12 345", "fr", {"12345"}),
        ("3,5", "pl", {"3.5"}),
        ("2 million people", "en", {"2", "2000000"}),
        ("1,234,567", "en", {"1234567"}),
    ],
)
def test_numbers(text: str, language: str, values: set[str]) -> None:
    found = {value for number in numbers(text, language) for value in number.values}
    assert {format(v.normalize(), "f") for v in found} == values


@pytest.mark.parametrize(
    ("text", "language", "date"),
    [
        ("3 May 1912", "en", (3, 5, 1912)),
        ("May 3, 1912", "en", (3, 5, 1912)),
        ("3. Mai 1912", "de", (3, 5, 1912)),
        ("1er mai 1912", "fr", (1, 5, 1912)),
        ("3 de mayo de 1912", "es", (3, 5, 1912)),
        ("3 maja 1912", "pl", (3, 5, 1912)),
        ("1912-05-03", "en", (3, 5, 1912)),
        ("03.05.1912", "de", (3, 5, 1912)),
        ("en mai 1912", "fr", (0, 5, 1912)),
        ("die 3 Maii 1912", "la", (3, 5, 1912)),
    ],
)
def test_dates(text: str, language: str, date: tuple[int, int, int]) -> None:
    assert [fact.date for fact in dates(text, language)] == [date]


@pytest.mark.parametrize(
    ("claim", "language"),
    [("it may rain", "en"), ("la planète Mars", "fr"), ("non lo vidi mai", "it")],
)
def test_words_that_look_like_months(claim: str, language: str) -> None:
    assert dates(claim, language) == []


@pytest.mark.parametrize(
    ("claim", "source", "language", "of"),
    [
        ("opened on May 3, 1912", "opened on 3 May 1912", "en", "en"),
        ("opened on 3 May 1912", "eröffnet am 3. Mai 1912", "en", "de"),
        ("length of 1,234.5 m", "Länge von 1.234,5 m", "en", "de"),
        ("seven bridges", "7 bridges", "en", "en"),
        ("7 bridges", "sieben Brücken", "en", "de"),
        ("in the 19th century", "au XIXe siècle", "en", "fr"),
        ("until 1918", "in 1914–18", "en", "en"),
        ("2,000,000 people", "2 million people", "en", "en"),
        ("w Warszawie", "Warszawa leży nad Wisłą", "pl", "pl"),
        ("it says “ten most runął”", "Mówiono, że ten most runął", "en", "pl"),
        ("five things:\n- a\n- b\n- c\n- d\n- e", "a b c d e", "en", "en"),
    ],
)
def test_backed_up(claim: str, source: str, language: str, of: str) -> None:
    assert missing(claim, source, language, of) == []


@pytest.mark.parametrize(
    ("claim", "source", "language"),
    [
        ("opened on 4 May 1912", "opened on 3 May 1912; 4 spans", "en"),
        ("opened on 3 June 1912", "opened on 3 May 1912", "en"),
        ("she moved to Parma", "she moved to Paris", "en"),
        ("nine bridges", "7 bridges", "en"),
        ("ten bridges", "7 bridges, often mended", "en"),
        ("er lebte in Bonn", "er lebte in Berlin", "de"),
        ("1.234 Häuser", "1,234 Häuser", "de"),
    ],
)
def test_not_backed_up(claim: str, source: str, language: str) -> None:
    assert missing(claim, source, language)


@given(st.text(alphabet="AbcDé 123.,-–'’\nIXV%", max_size=80), st.sampled_from(["en", "de", "pl"]))
@settings(max_examples=300)
def test_a_text_backs_itself_up(text: str, language: str) -> None:
    backing = support(text, language)
    assert all(backing.has(fact) for fact in claims(text, language))


def test_real_sentences_back_themselves_up(real_data) -> None:  # type: ignore[no-untyped-def]
    import gzip

    for language, name in [("en", "xquad_en"), ("de", "xquad_de"), ("es", "xquad_es")]:
        with gzip.open(real_data / "wikipedia" / f"{name}.json.gz") as file:
            data = json.load(file)["data"]
        for text in [p["context"] for article in data for p in article["paragraphs"]][:40]:
            assert unsupported(text, language, support(text, language)) == []


def test_roman() -> None:
    assert [roman(t) for t in ("IV", "XIX", "MCMXII", "LXXX")] == [4, 19, 1912, 80]


@pytest.mark.parametrize(
    ("text", "value"),
    [("1 + 2 × 3", 7), ("(1 + 2) * 3", 9), ("2^3^2", 512), ("7 / 2", Fraction(7, 2)),
     ("1,200 − 200", 1000), ("12 km × 3", 36), ("20% * 50", 10), ("8 - 3 - 2", 3)],
)  # fmt: skip
def test_evaluate(text: str, value: int) -> None:
    assert evaluate_arithmetic(text)[0] == value


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("1912 − 36 = 1876 ✓", [True]),
        ("ferry: 1912 − 36 = 1877", [False]),
        ("10 / 3 = 3.33", [True]),
        ("10 / 3 = 3.34", [False]),
        ("10 / 3 = 3", [False]),
        ("10 / 3 ≈ 3", [True]),
        ("100 / 3 ≈ 40", [False]),
        ("2 + 2 = 4 = 8 / 2", [True, True]),
        ("1914–1918 = the war", []),
        ("H = height; x = 5", []),
        ("population ≈ 5,000 → 5,000 / 10 = 500 each", [True]),
    ],
)
def test_equations(text: str, holds: list[bool]) -> None:
    assert [found for _, found, _ in equations(text)] == holds


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(-3, 3))
def test_sums_hold_exactly(a: int, b: int, off: int) -> None:
    text = f"so {a:,} + {b:,} = {a + b + off:,}" if a + b + off >= 0 else "1 + 1 = 2"
    assert [holds for _, holds, _ in equations(text)] == [off == 0 or a + b + off < 0]
