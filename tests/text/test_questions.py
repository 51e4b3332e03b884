"""What a query asks for is told where its words leave no doubt, and only there."""

from __future__ import annotations

import pytest

from beam_synth.records import LANGUAGES
from beam_synth.rule_engine.languages import Language, language
from beam_synth.text.questions import asks_for

SURE = {
    "en": {
        "time": "In which year was the mill built?",
        "place": "Where does the river rise?",
        "person": "By whom was the mill built?",
        "quantity": "How many mills stood there?",
        "cause": "Why was the mill closed?",
    },
    "fr": {
        "time": "En quelle année le moulin a-t-il été construit ?",
        "place": "Où se trouve le moulin ?",
        "person": "Qui a construit le moulin ?",
        "quantity": "Combien de moulins y avait-il ?",
        "cause": "Pourquoi le moulin a-t-il fermé ?",
    },
    "de": {
        "time": "Seit wann steht die Mühle?",
        "place": "In welcher Stadt steht die Mühle?",
        "person": "Von wem wurde die Mühle gebaut?",
        "quantity": "Wie viele Mühlen gab es?",
        "cause": "Aus welchem Grund schloss die Mühle?",
    },
    "es": {
        "time": "¿En qué año se construyó el molino?",
        "place": "¿Dónde está el molino?",
        "person": "¿Quién construyó el molino?",
        "quantity": "¿Cuántos molinos había?",
        "cause": "¿Por qué razón cerró el molino?",
    },
    "it": {
        "time": "Quando fu costruito il mulino?",
        "place": "Dove si trova il mulino?",
        "person": "Da chi fu costruito il mulino?",
        "quantity": "Quanti mulini erano?",
        "cause": "Per quale motivo il mulino chiuse?",
    },
    "pl": {
        "time": "W którym roku zbudowano młyn?",
        "place": "Gdzie stoi młyn?",
        "person": "Kto zbudował młyn?",
        "quantity": "Ile młynów tam stało?",
        "cause": "Dlaczego młyn zamknięto?",
    },
    "nl": {
        "time": "Wanneer werd de molen gebouwd?",
        "place": "In welke stad staat de molen?",
        "person": "Door wie werd de molen gebouwd?",
        "quantity": "Hoeveel molens stonden er?",
        "cause": "Waarom werd de molen gesloten?",
    },
    "la": {
        "time": "Quo anno mola aedificata est?",
        "place": "Ubi mola stat?",
        "person": "A quo mola aedificata est?",
        "quantity": "Quot molae ibi fuerunt?",
        "cause": "Cur mola clausa est?",
    },
}
UNSURE = [
    ("en", "When the mill burnt down what did the town do?"),
    ("en", "When it rained, how many mills stood still?"),
    ("en", "Where did it stand and when was it built?"),
    ("en", "When was it built? How does such a mill grind its corn?"),
    ("en", "I wonder when the mill was built."),
    ("en", "Can you tell me when the mill was built?"),
    ("en", "Who or what is it?"),
    ("en", "Where does the word come from?"),
    ("fr", "Que fit la ville, quand brûla le moulin ?"),
    ("it", "Quando bruciò il mulino che cosa fece la città?"),
    ("pl", "Kiedy spłonął młyn, co zrobiło miasto?"),
    ("es", "¿Por qué río pasa el barco?"),
    ("nl", "Waar gaat het om?"),
    ("de", "Wer oder was ist das?"),
    ("xx", "When was it built?"),
]


@pytest.mark.parametrize("code", sorted(LANGUAGES))
def test_an_opening_interrogative_decides_in_every_language(code: str) -> None:
    assert {asked: asks_for(query, code) for asked, query in SURE[code].items()} == {
        asked: asked for asked in SURE[code]
    }


@pytest.mark.parametrize(("code", "query"), UNSURE)
def test_what_is_not_sure_decides_nothing(code: str, query: str) -> None:
    assert asks_for(query, code) == ""


def test_words_of_quotations_and_titles_are_not_the_querys() -> None:
    assert asks_for("“When was that?” How is it to be read?", "en") == ""
    assert asks_for("Where Do We Come From?: what is it?", "en", "Where Do We Come From?") == ""
    assert asks_for("“It was built in ____.” When was that? Any idea?", "en") == "time"


def wordings(words: Language) -> dict[str, list[tuple[str, ...]]]:
    """The rule engine's queries, by the types that each may show."""
    of_kind = {"time": "time", "quantity": "quantity", "name": ""}
    return {
        **{kind: [words.gap[name]] for name, kind in of_kind.items() if kind},
        "cause": [words.cause],
        "": [
            words.gap["name"], words.relate, words.define, words.field, words.row, words.doubt,
        ],
    }  # fmt: skip


@pytest.mark.parametrize("code", sorted(LANGUAGES))
def test_no_wording_of_the_rules_shows_another_type_than_it_is_made_for(code: str) -> None:
    words = language(code)
    assert words is not None
    left, right = words.quotes
    slots = {name: f"{left}{name} 12.{right}" for name in
             ("gapped", "a", "b", "field", "row", "clause", "altered")}  # fmt: skip
    odd = {"quantity": [query for query, _ in words.absurd]}
    made = {k: [t for group in groups for t in group] for k, groups in wordings(words).items()}
    for kind, more in odd.items():
        made[kind] = [*made.get(kind, []), *more]
    for kind, templates in made.items():
        shown = {asks_for(t.format(title="Old Mill", **slots), code, "Old Mill") for t in templates}
        assert shown <= {kind, ""}, (kind, shown)
        assert kind == "" or kind in shown  # some wording of each is sure
