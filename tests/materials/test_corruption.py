"""Errors put into texts: undone by their list, apart from each other, of every kind."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from beam_synth.drawing import Draw
from beam_synth.materials.corruption import KINDS, Error, corrupt, reapply, restore
from beam_synth.materials.corruption.language_tables import TABLES
from beam_synth.methods.editing.correction import compare
from beam_synth.records import LANGUAGES
from tests.doubles.exchanges import TEXT

TEXTS = {
    "en": TEXT + " A market, a mill and an inn stood beside it. The house was painted green, white "
    "and red by Hanna Keller.",
    "fr": "Le pont franchit la rivière près de la gare. Il était utilisé par les tramways et les "
    "charrettes dans la vallée. Une église, une école et un marché se trouvaient sur la rive. La "
    "première pierre fut posée en été par Claire Vogt.",
    "de": "Die Brücke führt über den Fluss und durch die Stadt. Sie war teuer, schwierig und "
    "langwierig. Später wurde sie von der Straßenbahn genutzt. Der Bau hat drei Jahre gedauert.",
    "es": "El puente cruza el río cerca de la estación. Fue construido en el siglo pasado por "
    "Clara Vogt. Los tranvías, los carros y los viajeros pasaban por la calle, que era ancha.",
    "it": "Il ponte attraversa il fiume vicino alla stazione. È stato costruito nel secolo scorso "
    "da Clara Vogt. La strada è lunga, stretta e ripida. I tram sono passati per la piazza.",
    "pl": "Most przecina rzekę w pobliżu dworca. Był używany przez tramwaje i został otwarty "
    "w maju. Wieś, młyn i karczma leżały nad rzeką. Budowa jest opisana przez Klarę Vogt.",
    "nl": "De brug ligt over de rivier bij het station. Zij was bestemd voor de tram en werd in de "
    "zomer geopend. Een markt, een molen en een herberg stonden langs het water. Clara Vogt heeft "
    "het ontwerp gemaakt.",
    "la": "Pons ultra flumen prope urbem est. Opus ab architecto factum erat et ex lapide "
    "constructum. Mercatus, molendinum et caupona in ripa erant. Populus per pontem transibat.",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_list_of_errors_undoes_them(language: str) -> None:
    text, kinds = TEXTS[language], Counter[str]()
    for i in range(150):
        corrupted, errors = corrupt(text, language, Draw(language, i), 1 + i % 5)
        assert errors and corrupted != text
        assert restore(corrupted, errors) == text
        assert reapply(text, errors) == corrupted
        assert [e.start for e in errors] == sorted(e.start for e in errors)
        for error in errors:
            assert corrupted[error.start : error.end] == error.wrong != error.right
            alone = Error(error.kind, error.start, error.end, error.wrong, error.right)
            assert restore(corrupted, [alone]) != corrupted
        assert corrupt(text, language, Draw(language, i), 1 + i % 5) == (corrupted, errors)
        kinds.update(error.kind for error in errors)
    without = {"la": {"diacritic"}, "en": {"diacritic"}}
    rare = {"small name", "missing comma", "article", "diacritic"}
    assert set(KINDS) - set(kinds) <= without.get(language, set()) | rare
    assert len(kinds) >= 11


def test_every_kind_is_made_somewhere() -> None:
    kinds = Counter(
        error.kind
        for language, text in TEXTS.items()
        for i in range(60)
        for error in corrupt(text, language, Draw("kinds", language, i), 4)[1]
    )
    assert set(kinds) == set(KINDS)


@settings(max_examples=80)
@given(
    st.lists(st.sampled_from([w for t in TEXTS.values() for w in t.split()]), max_size=40),
    st.sampled_from(LANGUAGES),
    st.integers(0, 2**32),
    st.integers(1, 8),
)
def test_any_words_can_be_restored(words: list[str], language: str, key: int, wanted: int) -> None:
    text = " ".join(words)
    corrupted, errors = corrupt(text, language, Draw(key), wanted)
    assert restore(corrupted, errors) == text
    assert reapply(text, errors) == corrupted
    assert len(errors) <= wanted
    assert (corrupted == text) is (not errors)
    found = compare(text, errors, text)
    assert (found.left, found.elsewhere) == ((), ())
    assert set(compare(text, errors, corrupted).left) == set(errors)


def test_a_slip_is_no_word_that_is_known() -> None:
    text = "She went through the country to the county, though the form came from a statue."
    known = {w.strip(".,").lower() for w in text.split()} | set(TABLES["en"].confused)
    made = 0
    for i in range(300):
        _, errors = corrupt(text, "en", Draw("slip", i), 3)
        for error in errors:
            if error.kind.endswith(("letters", "letter", "key")) and " " not in error.wrong:
                made += error.kind != "capital letter"
                assert error.wrong not in known
    assert made > 50


def test_texts_without_a_place_for_errors_stay_as_they_are() -> None:
    for text in ("", "12 34", "Aa Bb"):
        assert corrupt(text, "en", Draw(1), 3) == (text, ())
    with pytest.raises(KeyError):
        corrupt("text", "xx", Draw(1), 1)


def test_a_list_that_does_not_fit_is_refused() -> None:
    corrupted, errors = corrupt(TEXT, "en", Draw(2), 3)
    moved = [Error(e.kind, e.start + 1, e.end + 1, e.wrong, e.right) for e in errors]
    with pytest.raises(ValueError, match="does not stand"):
        restore(corrupted, moved)
    with pytest.raises(ValueError, match="does not stand"):
        reapply(TEXT, moved)
    with pytest.raises(ValueError, match="does not stand"):
        restore(corrupted, [*errors, errors[0]])


# ---------------------------------------------------------------- comparing a correction


def test_each_error_left_is_told_apart() -> None:
    for i in range(300):
        corrupted, errors = corrupt(TEXT, "en", Draw("left", i), 4)
        kept = errors[i % len(errors)]
        shift = sum(len(e.right) - len(e.wrong) for e in errors if e.start < kept.start)
        result = restore(corrupted, [e for e in errors if e is not kept])
        assert result[kept.start + shift :].startswith(kept.wrong)
        found = compare(TEXT, errors, result)
        assert found.left == (kept,), (errors, result)
        assert found.elsewhere == ()


def test_other_changes_are_counted() -> None:
    _, errors = corrupt(TEXT, "en", Draw(5), 2)
    right = {e.right for e in errors}
    assert "ferry" not in right and "1958" not in right
    one = compare(TEXT, errors, TEXT.replace("ferry", "boat"))
    assert (one.left, one.elsewhere, one.changed) == ((), ("'ferry' → 'boat'",), 1)
    two = compare(TEXT, (), TEXT.replace("a ferry served", "the old boats helped"))
    assert two.changed == 4 > two.allowed
    assert compare(TEXT, errors, TEXT.replace(" ", "\n")).elsewhere == ()


def test_all_errors_of_an_unchanged_text_are_left_however_its_words_repeat() -> None:
    capital = Error("capital letter", 3, 5, "De", "de")
    doubled = Error("doubled word", 9, 16, "sie sie", "sie")
    compared = compare("de de de sie de", (capital, doubled), "de De de sie sie de")
    assert compared.left == (capital, doubled)
