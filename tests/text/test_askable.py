"""Which types of question a text has something for; own sentences in eight languages."""

from __future__ import annotations

import pytest

from beam_synth.methods.shared.axes import QUERY_TYPES
from beam_synth.text.askable import askable_types

WITH = [  # (language, text, types that are there, types that are not)
    ("en", "Clara Vogt drew the bridge in 1912 and moved to Thun, because the ferry had sunk.",
     "time person place cause", "quantity enumeration"),
    ("en", "The lichen grows slowly on bare rock.", "definition fact",
     "time person place quantity cause comparison relation process enumeration"),
    ("fr", "Claire Vogel dessina le pont en 1912, car le bac avait coulé près de Lyon.",
     "time person place cause", "quantity"),
    ("de", "Klara Vogt zeichnete die Brücke 1912 in Lyon, weil die Fähre gesunken war.",
     "time person place cause", "quantity"),
    ("es", "Clara Vogel dibujó el puente en 1912 en Toledo, porque la barca se había hundido.",
     "time person place cause", "quantity"),
    ("it", "Clara Vogel disegnò il ponte nel 1912 a Torino, perché il traghetto era affondato.",
     "time person place cause", "quantity"),
    ("pl", "Klara Wolska narysowała most w 1912 roku w Krakowie, ponieważ prom zatonął.",
     "time person place cause", "quantity"),
    ("nl", "Klara Vogel tekende in 1912 de brug bij Utrecht, omdat de pont was gezonken.",
     "time person place cause", "quantity"),
    ("la", "Clara Voltia anno 1912 pontem apud Romam descripsit, quia navis submersa erat.",
     "time person place cause", "quantity"),
]  # fmt: skip


@pytest.mark.parametrize(("language", "text", "there", "missing"), WITH)
def test_types_follow_the_facts(language: str, text: str, there: str, missing: str) -> None:
    found = askable_types(text, language)
    assert set(found) >= {"fact", *there.split()}
    assert not set(found) & set(missing.split())


def test_a_list_of_books_is_asked_for_no_person_time_or_cause() -> None:
    books = "- The Long Road Home\n- A Quiet House\n- What the River Said\n- Under Tin Roofs"
    assert set(askable_types(books, "en", "list")) <= {"fact", "enumeration", "place"}
    dated = "\n".join(f"{line}, {1970 + i}" for i, line in enumerate(books.splitlines()))
    assert "time" in askable_types(dated, "en", "list")


def test_quantities_are_neither_years_nor_days() -> None:
    assert "quantity" not in askable_types("It opened on 3 May 1912.", "en")
    assert "quantity" in askable_types("It opened on 3 May 1912 with 24 rooms.", "en")
    assert "quantity" in askable_types("It opened in 1912 with seven rooms.", "en")


def test_types_are_those_of_the_axes_in_their_order() -> None:
    for language, text, _, _ in WITH:
        found = askable_types(text, language)
        assert list(found) == [kind for kind in QUERY_TYPES if kind in found]


def test_words_that_are_not_known_decide_nothing() -> None:
    assert "cause" in askable_types("Köprü uzun.", "tr")
