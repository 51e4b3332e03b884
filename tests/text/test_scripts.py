"""Scripts without spaces: what stands for a word there, and where they can be cut."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beam_synth.text.scripts import (
    CHARACTER,
    count_runs,
    is_unspaced,
    next_boundary,
    units_apart,
)
from beam_synth.text.sentences import count_words, sentences, words

MIXED = st.text("aé ,1\u0301-東京タガか\u3099ーเแกาิ่้ะກຳខ្មែမြန်ာབོད་")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("東京タワー", ["東", "京", "タ", "ワ", "ー"]),
        ("แห่งนี้", ["แห่", "ง", "นี้"]),
        ("ປະເທດ", ["ປະ", "ເທ", "ດ"]),
        ("ភ្នំពេញ", ["ភ្នំ", "ពេ", "ញ"]),
        ("မြန်မာ", ["မြန်", "မာ"]),
        ("བོད་ཡིག", ["བོད", "ཡིག"]),
        ("𠮷野家", ["𠮷", "野", "家"]),
        ("in 東京, 2.500 well-known", ["in", "東", "京", "2.500", "well-known"]),
    ],
)
def test_words_of_scripts_without_spaces(text: str, wanted: list[str]) -> None:
    assert words(text) == wanted
    assert count_words(text) == len(wanted)


@given(st.text(st.characters(max_codepoint=0xDFF)))
def test_words_of_other_scripts_are_as_ever(text: str) -> None:
    plain = re.compile(r"[^\W_]+(?:['’.,\-][^\W_]+)*")
    assert words(text) == plain.findall(text)
    assert count_runs(text) == len(text.split())
    assert not is_unspaced(text) and units_apart(text) == text


@given(MIXED, st.integers(0, 30))
def test_a_boundary_parts_no_letter_from_what_hangs_on_it(text: str, at: int) -> None:
    found = next_boundary(text, min(at, len(text)))
    assert min(at, len(text)) <= found <= len(text)
    if 0 < found < len(text):
        assert not unicodedata.category(text[found]).startswith("M")
        assert text[found - 1] not in "เแ" and text[found] not in "ะา"


@given(MIXED)
def test_no_letter_is_lost_where_units_are_put_apart(text: str) -> None:
    assert units_apart(text).replace(" ", "") == text.replace(" ", "")
    assert count_runs(text) >= len(text.split())
    letters = re.findall(CHARACTER, text)
    assert bool(letters) is is_unspaced(text)


def test_sentences_end_where_their_script_says() -> None:
    khmer = "ភ្នំពេញជារាជធានី។ ទីក្រុងនេះធំ។"
    assert [khmer[a:b] for a, b in sentences(khmer, "km")] == ["ភ្នំពេញជារាជធានី។", "ទីក្រុងនេះធំ។"]
    tibetan = "བོད་ཡུལ་ཡིན། ལྷ་ས་ཡིན།"
    assert len(sentences(tibetan, "bo")) == 2
