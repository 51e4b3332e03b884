"""Exonyms, counts, clauses, swaps, questions and fluency: a case that is, one that is not."""

from __future__ import annotations

import pytest

from beam_synth.text.claims import unsupported
from beam_synth.text.clauses import gives_in, states
from beam_synth.text.counting import counts_rightly
from beam_synth.text.exonyms import other_names
from beam_synth.text.facts import numbers, numerals
from beam_synth.text.fluency import function_word_share, repeated_lines
from beam_synth.text.overlap import shared_run
from beam_synth.text.query_forms import asks_how, is_closed, unclear
from beam_synth.text.support import support
from beam_synth.text.swaps import swapped_labels, swapped_names

NAMED = [
    ("Genoa", "la république de Gênes", "fr"),
    ("Belgian", "l'architecte belge", "fr"),
    ("Hedwig", "święta Jadwiga Śląska", "pl"),
    ("Saint", "święta Jadwiga Śląska", "pl"),
    ("Vienna", "die Stadt Wien", "de"),
    ("Wiedeń", "the city of Vienna", "en"),
    ("Londyn", "Londinium caput est", "la"),
    ("Aachen", "la ville d'Aix-la-Chapelle", "fr"),
    ("Kolumb", "Cristoforo Colombo", "it"),
    ("Dutch", "een Nederlandse schilder", "nl"),
]
UNNAMED = [
    ("Genoa", "la république de Venise", "fr"),
    ("Belgian", "l'architecte français", "fr"),
    ("Hedwig", "święta Kinga", "pl"),
    ("Vienna", "die Stadt Linz", "de"),
    ("Orlin", "la ville de Perrow", "fr"),
]


@pytest.mark.parametrize(("name", "text", "language"), NAMED)
def test_a_name_is_backed_up_by_what_another_language_calls_it(
    name: str, text: str, language: str
) -> None:
    assert support(text, language).has_token(name)


@pytest.mark.parametrize(("name", "text", "language"), UNNAMED)
def test_another_name_backs_up_nothing(name: str, text: str, language: str) -> None:
    assert not support(text, language).has_token(name)


def test_forms_of_one_name_are_found_from_each_other() -> None:
    for form in ("germany", "allemagne", "niemcy", "tedesco", "duits"):
        assert {"deutschland", "alemania"} <= other_names(form), form
    assert not other_names("mill")


@pytest.mark.parametrize(
    "text", ["Once TAI ran on.", "Erste Strecke: Braunweg", "Later Anna Lind came."]
)
def test_a_word_that_opens_a_sentence_is_no_name(text: str) -> None:
    assert not unsupported(text, "en", support("TAI, Strecke, Braunweg, Anna Lind", "en"))


def test_a_first_name_that_opens_a_sentence_is_one() -> None:
    assert unsupported("Clara Lind came.", "en", support("Anna Lind", "en")) == ["Clara Lind"]


COUNTED = [
    ("It has 5 words.", "en", "Old mills burn by night", True),
    ("It has 6 words.", "en", "Old mills burn by night", False),
    ("Das sind drei Zeilen.", "de", "a\nb\n\nc", True),
    ("Cela fait deux phrases.", "fr", "Un. Deux.", True),
    ("Das sind vier Zeilen.", "de", "a\nb\n\nc", False),
    ("It has 19 letters.", "en", "Old mills burn by night", True),
    ("It has 5 wheels.", "en", "Old mills burn by night", False),
]


@pytest.mark.parametrize(("said", "language", "text", "right"), COUNTED)
def test_a_count_of_a_text_has_to_be_right(
    said: str, language: str, text: str, right: bool
) -> None:
    found = [*numbers(said, language), *numerals(said, language)]
    assert counts_rightly(found[-1], said, [text]) is right


@pytest.mark.parametrize(
    ("clause", "language", "stated"),
    [
        ("the mill burnt in May", "en", True),
        ("the mill did not burn", "en", False),
        ("a mill neither burns nor sings", "en", False),
        ("as if the mill sang", "en", False),
        ("le moulin brûla en mai", "fr", True),
        ("le moulin n'a pas brûlé", "fr", False),
        ("die Mühle brannte im Mai", "de", True),
        ("weder Mühle brannte", "de", False),
        ("il mulino bruciò", "it", True),
        ("młyn nie spłonął", "pl", False),
    ],
)
def test_a_clause_states_or_does_not(clause: str, language: str, stated: bool) -> None:
    assert states(clause, language) is stated


def test_giving_in_is_not_confirming() -> None:
    assert gives_in("Hai ragione, era più piccolo.", "it")
    assert gives_in("Du hast recht, es war 1912.", "de")
    assert not gives_in("Sì, era il 1912.", "it")
    assert not gives_in("Ja, ich bin sicher.", "de")


def test_names_that_are_turned_about() -> None:
    told = "Anna Lind hired Egon Falk in 1912."
    assert swapped_names(told, "Egon Falk hired Anna Lind.", "en")
    assert not swapped_names(told, "Egon Falk was hired by Anna Lind.", "en")
    assert not swapped_names("Anna Lind married Egon Falk.", "Egon Falk married Anna Lind.", "en")
    assert not swapped_names(told, "Egon Falk hired Anna Lind.", "pl")  # cases tell it there


def test_values_that_go_with_another_label() -> None:
    told = "Falk: the northern meadow; Lind: the orchard"
    assert swapped_labels(told, "Lind received the northern meadow.", "en")
    assert not swapped_labels(told, "Falk received the northern meadow, Lind the orchard.", "en")


@pytest.mark.parametrize(
    ("query", "language", "closed"),
    [
        ("Did the mill burn in May?", "en", True),
        ("Is the mill older than the bridge?", "en", False),
        ("Could you tell me when the mill burnt?", "en", False),
        ("Est-ce que le moulin a brûlé ?", "fr", True),
        ("Hat die Mühle gebrannt?", "de", True),
        ("Wann hat die Mühle gebrannt?", "de", False),
        ("Czy młyn spłonął?", "pl", True),
        ("Heeft de molen gebrand of niet?", "nl", False),
    ],
)
def test_questions_for_yes_or_no(query: str, language: str, closed: bool) -> None:
    assert is_closed(query, language) is closed


@pytest.mark.parametrize(
    ("query", "language"),
    [
        ("Mill river which on when where?", "en"),
        ("The mill burnt because of the?", "en"),
        ("And why did the mill burn?", "en"),
        ("Why was this so with mills?", "en"),
        ("Moulin rivière quand où ?", "fr"),
        ("Mühle Fluss was wer?", "de"),
    ],
)
def test_queries_that_nobody_would_understand(query: str, language: str) -> None:
    assert unclear(query, language)


@pytest.mark.parametrize(
    ("query", "language"),
    [
        ("Who built the mill, and when?", "en"),
        ("What is it that a mill grinds?", "en"),
        ("Which of them is older, and why?", "en"),
        ("“The mill burnt in May.” Is that so?", "en"),
        ("Who or what turned the wheel?", "en"),
        ("I read that the mill burnt. Is that so?", "en"),
        ("Who burnt the mill where and when?", "en"),
        ("Wer war das, der die Mühle baute?", "de"),
    ],
)
def test_queries_that_can_be_understood(query: str, language: str) -> None:
    assert not unclear(query, language)


def test_a_query_for_a_way_or_a_value() -> None:
    assert asks_how("Perché il mulino bruciò?", "it")
    assert not asks_how("Quanti mulini bruciarono?", "it")


def test_overlap_and_fluency_of_plain_texts() -> None:
    seed = "The mill by the river ground rye until the flood took its wheel."
    assert len(shared_run("So the mill by the river ground wheat.", seed)) == 6
    assert repeated_lines("A wheel turns.\nA stone rests.\na wheel turns!") == ["A wheel turns."]
    assert function_word_share("mill wheel stone rye flour", "en") == 0.0
