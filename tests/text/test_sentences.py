"""Sentences by language, words, normal form."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beam_synth.records import LANGUAGES
from beam_synth.text.abbreviations import RULES
from beam_synth.text.sentences import count_words, normalise, sentences, words

pytest.importorskip("sentencex")

# "|" marks where a sentence ends.
CASES = {
    "en": [
        "Mr. Smith moved to Washington, D.C. in 1990.| He met J. R. R. Tolkien there.",
        "It is rich in vitamin C.| The peel is not.| See No. 5 and pp. 12–14.",
        "He fought in World War I.| It lasted four years, e.g. in France.",
        "St. Mary's, built c. 1200 by Dr. John F. Carter, burned at 5 p.m. on Friday.| It rained.",
        "The area is 2.5 km².| Was it larger?| Yes!| So they say.",
    ],
    "fr": [
        "Il est né à Lyon.| M. Dupont meurt en 50 av. J.-C. à Rome.| Il avait dix ans.",
        "Voir p. ex. le no. 3 de la revue.| Mme. Curie et MM. Martin y écrivent.",
        "L'œuvre de J. R. R. Tolkien est vaste.| Elle plaît.",
    ],
    "de": [
        "Am 3. Oktober 1990 wurde es gefeiert.| Der Wald hat 2.500 km², d. h. viel.| Ende.",
        "Er schrieb z. B. Romane, u. a. über den 2. Weltkrieg.| J. R. R. Tolkien las sie.",
        "Im 19. Jahrhundert lebte dort Dr. Meyer.| Um 50 v. Chr. war es leer.",
        "Der Gipfel liegt 457 m ü. M. im Süden.| Er ist kahl.",
    ],
    "es": [
        "Vivió, p. ej. en Madrid, hasta el 44 a. C. y murió.| El Sr. López vive en EE. UU. hoy.",
        "La Dra. Ruiz leyó el cap. 3 y la pág. 12.| Después salió.",
        "El libro de J. R. R. Tolkien es largo.| Se vende bien.",
    ],
    "it": [
        "Nacque il 3. Marzo a Roma.| Nel 44 a.C. Cesare fu ucciso.| Il sig. Rossi lo racconta.",
        "Si veda ad es. il cap. 4 dell'opera.| Il prof. Bianchi la tradusse.",
        "Il libro di J. R. R. Tolkien è lungo.| Piace.",
    ],
    "pl": [
        "Ur. 3 maja 1920 w Krakowie.| Żył w XX w. i pisał np. Wiersze, m.in. Sonety.",
        "Według prof. Kowalskiego było to ok. 50 p.n.e. nad rzeką.| Ks. Nowak tzw. Stary milczał.",
        "Dnia 3. Maja wydał album pt. Teraz płynę.| W styczniu wyjechał.",
    ],
    "nl": [
        "Zie bijv. Amsterdam, d.w.z. De stad.| Dhr. Jansen woont er o.a. Met zijn zoon.",
        "Prof. dr. J. R. R. Tolkien schreef nr. 5.| Het verkocht goed.",
    ],
    "la": [
        "Caesar anno 44 a. C. n. Romae mortuus est.| M. Tullius Cicero orator fuit.",
        "Natus est a. d. III Non. Ian. anno 106 a. C. n. in oppido Arpino.| Multa scripsit.",
    ],
}


@pytest.mark.parametrize(
    ("language", "marked"), [(tag, case) for tag, cases in CASES.items() for case in cases]
)
def test_sentences_end_where_they_end(language: str, marked: str) -> None:
    text = marked.replace("|", "")
    found = [text[start:end] for start, end in sentences(text, language)]
    assert found == [part.strip() for part in marked.split("|")]


def test_every_language_of_the_dataset_has_rules_and_cases() -> None:
    assert set(RULES) == set(LANGUAGES) == set(CASES)


def test_line_breaks_end_sentences_and_regions_share_rules() -> None:
    text = "First line\n\nsecond line. And more."
    assert [text[a:b] for a, b in sentences(text, "en-GB")] == [
        "First line",
        "second line.",
        "And more.",
    ]


@given(st.text(st.sampled_from("ab AB.!?\n1é. 𝒳漢。\u00a0\u2028-"), max_size=80))
@pytest.mark.parametrize("language", ["en", "de", "zh", "xx", ""])
def test_spans_leave_out_white_space_only(language: str, text: str) -> None:
    _covers(text, language)


def test_a_panic_of_the_segmenter_leaves_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    import sentencex

    def panic(*_: str) -> list[str]:
        raise type("PanicException", (BaseException,), {})("index out of bounds")

    monkeypatch.setattr(sentencex, "segment", panic)
    assert sentences("One. Two.", "en") == [(0, 9)]


def _covers(text: str, language: str) -> int:
    at = 0
    found = sentences(text, language)
    for start, end in found:
        assert at <= start < end and not text[at:start].strip()
        assert text[start:end] == text[start:end].strip()
        at = end
    assert not text[at:].strip()
    return len(found)


def test_spans_cover_real_articles(real_data: Path) -> None:
    from beam_synth.ingestion.wikipedia import decode_json, parse_article

    found = 0
    for path in sorted((real_data / "structured").glob("??wiki.jsonl.gz")):
        with gzip.open(path) as lines:
            for line, _ in zip(lines, range(3), strict=False):
                article = parse_article(decode_json(line))
                found += sum(_covers(s.text, article.language) for s in article.sections)
    assert found > 1000


def test_words() -> None:
    assert words("Well-known: J.-C., l'eau — 2.500 km², naïve_x.") == [
        "Well-known", "J", "C", "l'eau", "2.500", "km²", "naïve", "x",
    ]  # fmt: skip
    assert words("漢字とカナ") == list("漢字とカナ")
    assert words(" … ") == []


@given(st.text(max_size=60))
def test_words_are_counted_as_they_are_found(text: str) -> None:
    assert count_words(text) == len(words(text))


def test_normalise() -> None:
    assert normalise("  ﬁne\u00a0 STRASSE \n\tß ") == "fine strasse ss"


@given(st.text(max_size=60))
def test_normalising_again_changes_no_space(text: str) -> None:
    once = normalise(text)
    assert once == once.strip() and "  " not in once
