"""Language of texts, phrases of declining, and queries that speak of a text."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from beam_synth.checks.query import quotes_title_and_section
from beam_synth.records import LANGUAGES
from beam_synth.text.languages import can_tell, detect_language, other_language
from beam_synth.text.phrases import declines, points_at_text
from beam_synth.text.sentences import sentences
from tests.doubles.exchanges import passage

SENTENCES = {
    "en": "The bridge was opened to traffic after several years of work.",
    "fr": "Le pont fut ouvert à la circulation après plusieurs années de travaux.",
    "de": "Die Brücke wurde nach mehreren Jahren Bauzeit für den Verkehr geöffnet.",
    "es": "El puente se abrió al tráfico después de varios años de obras.",
    "it": "Il ponte fu aperto al traffico dopo diversi anni di lavori.",
    "pl": "Most został otwarty dla ruchu po kilku latach budowy.",
    "nl": "De brug werd na enkele jaren werk voor het verkeer geopend.",
    "la": "Pons post plures annos operis hominibus et curribus apertus est.",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_is_told_from_the_others(language: str) -> None:
    assert other_language(SENTENCES[language], language)[0] == ""
    for other in set(LANGUAGES) - {language}:
        assert other_language(SENTENCES[language], other)[0] == language


@pytest.mark.parametrize("text", ["", "1912", "Clara Vogt", "Thun, Bern", "OK"])
def test_a_text_of_names_and_figures_is_never_refused(text: str) -> None:
    assert other_language(text, "en")[0] == ""


def test_names_and_quotations_do_not_decide() -> None:
    text = "Who wrote „Die Leiden des jungen Werther und andere Geschichten von der Liebe“?"
    assert other_language(text, "en")[0] == ""


def test_real_sentences(real_data: Path) -> None:
    """At most 0.5% of real sentences are refused, at most 5% in another language pass."""
    found: dict[str, list[str]] = {}
    for language in ("en", "de", "es"):
        with gzip.open(real_data / "wikipedia" / f"xquad_{language}.json.gz") as file:
            data = json.load(file)["data"]
        texts = [p["context"] for article in data for p in article["paragraphs"]][:60]
        found[language] = [t[a:b] for t in texts for a, b in sentences(t, language)]
    for language, texts in found.items():
        wrong = [t for t in texts if other_language(t, language)[0]]
        assert len(wrong) <= 0.005 * len(texts), wrong
        others = [t for other, ts in found.items() if other != language for t in ts]
        passed = [t for t in others if not other_language(t, language)[0]]
        assert len(passed) <= 0.05 * len(others), passed[:5]


OTHERS = {
    "tr": "Köprü, birkaç yıl süren çalışmalardan sonra trafiğe açıldı.",
    "hu": "A hidat több évnyi munka után nyitották meg a forgalom előtt.",
    "fi": "Silta avattiin liikenteelle useiden vuosien työn jälkeen.",
    "vi": "Cây cầu được mở cho giao thông sau nhiều năm xây dựng.",
    "et": "Sild avati liiklusele pärast mitu aastat kestnud töid.",
    "hr": "Most je otvoren za promet nakon nekoliko godina radova.",
    "id": "Jembatan itu dibuka untuk lalu lintas setelah beberapa tahun pengerjaan.",
    "no": "Broen ble åpnet for trafikk etter flere års arbeid.",
    "ru": "Мост был открыт для движения после нескольких лет работ.",
    "el": "Η γέφυρα άνοιξε στην κυκλοφορία μετά από αρκετά χρόνια εργασιών.",
    "ja": "橋は数年の工事を経て開通しました。",
    "th": "สะพานเปิดใช้หลังจากก่อสร้างหลายปี",
    "zh-hant": "這座橋經過數年的施工後通車。",
    "ko": "다리는 몇 년간의 공사 끝에 개통되었다.",
}


@pytest.mark.parametrize("language", OTHERS)
def test_other_languages_pass_in_their_own_words_alone(language: str) -> None:
    assert other_language(OTHERS[language], language)[0] == ""
    assert can_tell(language)
    for other in LANGUAGES:
        assert other_language(SENTENCES[other], language)[0] == other


@pytest.mark.parametrize("language", ["gl", "my", "km", "lo", "bo", "xx", ""])
def test_nothing_is_refused_in_a_language_that_cannot_be_told(language: str) -> None:
    assert not can_tell(language)
    assert other_language("A ponte foi aberta ao tráfico despois de varios anos.", language) == (
        "",
        1.0,
    )


@pytest.mark.parametrize("language", [*SENTENCES, "tr", "hu", "fi", "vi", "ru", "ja", "th", "el"])
def test_the_language_of_a_text_is_told(language: str) -> None:
    text = {**SENTENCES, **OTHERS}[language]
    assert detect_language(text) == language


DECLINING = {
    "negative": {
        "en": "No such treaty is known.",
        "fr": "Ce n'est pas exact : il est né à Lyon.",
        "de": "Das trifft nicht zu; er wurde in Lyon geboren.",
        "es": "En realidad nació en Lyon.",
        "it": "Non è così: nacque a Lione.",
        "pl": "To nieprawda: urodził się w Lyonie.",
        "nl": "Dat klopt niet; hij werd in Lyon geboren.",
        "la": "Hoc falsum est: Lugduni natus est.",
    },
    "absurd": {
        "en": "The question makes no sense, since a river has no wife.",
        "fr": "La question n'a pas de sens : un fleuve n'a pas d'épouse.",
        "de": "Die Frage ergibt keinen Sinn.",
        "es": "La pregunta no tiene sentido.",
        "it": "La domanda non ha senso.",
        "pl": "To pytanie nie ma sensu.",
        "nl": "Die vraag heeft geen zin.",
        "la": "Quaestio sensu caret.",
    },
    "ambiguous": {
        "en": "That could mean the river or the town; which one do you mean?",
        "fr": "La question est ambiguë : parlez-vous de la ville ou du fleuve ?",
        "de": "Die Frage ist mehrdeutig: Ist der Fluss gemeint oder die Stadt?",
        "es": "La pregunta es ambigua: puede referirse al río o a la ciudad.",
        "it": "La domanda è ambigua: può riferirsi al fiume o alla città.",
        "pl": "Pytanie jest niejednoznaczne: chodzi o rzekę czy o miasto?",
        "nl": "De vraag is dubbelzinnig: wordt de rivier bedoeld of de stad?",
        "la": "Quaestio ambigua est: utrum flumen an urbem dicas?",
    },
    "withheld": {
        "en": "The given sources do not say who built it.",
        "fr": "Les sources données ne disent pas qui l'a construit.",
        "de": "Die Quellen geben darüber keine Auskunft.",
        "es": "Las fuentes no indican quién lo construyó.",
        "it": "Le fonti non dicono chi lo costruì.",
        "pl": "Podane źródła nie mówią, kto go zbudował.",
        "nl": "De bronnen vermelden niet wie het bouwde.",
        "la": "Fontes dati de hac re tacent.",
    },
}


@pytest.mark.parametrize("kind", DECLINING)
@pytest.mark.parametrize("language", LANGUAGES)
def test_declining_answers_are_recognised(language: str, kind: str) -> None:
    assert declines(DECLINING[kind][language], language, kind)


@pytest.mark.parametrize("kind", DECLINING)
@pytest.mark.parametrize("language", LANGUAGES)
def test_plain_statements_do_not_decline(language: str, kind: str) -> None:
    assert not declines(SENTENCES[language], language, kind)


POINTING = {
    "en": "According to the passage, who built it?",
    "fr": "Selon le texte, qui l'a construit ?",
    "de": "Wer hat sie laut dem Text gebaut?",
    "es": "Según el texto, ¿quién lo construyó?",
    "it": "Secondo il testo, chi lo costruì?",
    "pl": "Kto go zbudował według tekstu?",
    "nl": "Wie bouwde het volgens de tekst?",
    "la": "Quis in hoc textu pontem fecit?",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_queries_that_speak_of_a_text(language: str) -> None:
    assert points_at_text(POINTING[language], language)
    assert not points_at_text(SENTENCES[language], language)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("What does the text of the Magna Carta grant?", "en"),
        ("What does Article 5 of the treaty demand?", "en"),
        ("Que dit l'article 5 du traité ?", "fr"),
        ("Was regelt der Artikel 5?", "de"),
    ],
)
def test_texts_that_are_the_topic(text: str, language: str) -> None:
    assert points_at_text(text, language) == ""


@pytest.mark.parametrize(
    ("query", "section", "quoted"),
    [
        ("Who led the construction of the Lindau Bridge?", "Construction", False),
        ("What does Construction say of the Lindau Bridge?", "Construction", True),
        ("Who built the Lindau Bridge?", "Construction", False),
        ("When did construction near Thun begin?", "Construction", False),
        ("What came before the Lindau Bridge?", "Lindau", False),
        ("Which works shaped the LINDAU  bridge in early years?", "History > Early years", True),
        ("Which constructions are near the Lindau Bridge?", "Construction", False),
    ],
)
def test_title_and_section_together(query: str, section: str, quoted: bool) -> None:
    assert quotes_title_and_section(query, passage(section=section)) is quoted
