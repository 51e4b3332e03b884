# ruff: noqa: E501  (texts are easier to read in one piece)
"""Fingerprints of texts in scripts without spaces, and of mixed ones, against brute force."""

from __future__ import annotations

import re
import unicodedata

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from beam_synth.drawing import draw
from beam_synth.text import fingerprints
from beam_synth.text.scripts import LETTERS, MARKS

# One sentence or two about a mill, and the same with one word changed.
CHANGED = {
    "zh": ("这座磨坊建于十七世纪，位于河的北岸，由当地的农民用木材建造。磨坊每天可以磨出五百公斤面粉，供应附近的三个村庄。如今它已经成为一座博物馆。", "农民", "工匠"),
    "ja": ("この水車小屋は十七世紀に建てられ、川の北岸に立っています。毎日五百キロの小麦粉を挽き、近くの三つの村に届けていました。現在は博物館になっています。", "小麦粉", "穀物"),
    "th": ("โรงสีแห่งนี้สร้างขึ้นในศตวรรษที่สิบเจ็ดตั้งอยู่ริมฝั่งแม่น้ำทางทิศเหนือชาวนาในท้องถิ่นเป็นผู้สร้างด้วยไม้สามารถสีข้าวได้วันละห้าร้อยกิโลกรัมเพื่อส่งให้หมู่บ้านใกล้เคียงสามแห่งปัจจุบันเป็นพิพิธภัณฑ์ของเมือง", "ชาวนา", "ช่างไม้"),
    "lo": ("ໂຮງສີແຫ່ງນີ້ສ້າງຂຶ້ນໃນສະຕະວັດທີສິບເຈັດຕັ້ງຢູ່ແຄມແມ່ນ້ຳທາງທິດເໜືອຊາວນາໃນທ້ອງຖິ່ນເປັນຜູ້ສ້າງດ້ວຍໄມ້ສາມາດສີເຂົ້າໄດ້ມື້ລະຫ້າຮ້ອຍກິໂລກຣາມເພື່ອສົ່ງໃຫ້ບ້ານໃກ້ຄຽງສາມບ້ານ", "ຊາວນາ", "ຊາວບ້ານ"),
    "km": ("រោងម៉ាស៊ីនកិនស្រូវនេះត្រូវបានសាងសង់នៅសតវត្សទីដប់ប្រាំពីរស្ថិតនៅច្រាំងខាងជើងនៃទន្លេដោយកសិករក្នុងតំបន់បានសាងសង់ពីឈើអាចកិនស្រូវបានប្រាំរយគីឡូក្រាមក្នុងមួយថ្ងៃសម្រាប់ភូមិជិតខាងបី", "កសិករ", "អ្នកភូមិ"),
    "my": ("ဤစက်ကိုဆယ့်ခုနစ်ရာစုတွင်တည်ဆောက်ခဲ့ပြီးမြစ်၏မြောက်ဘက်ကမ်းတွင်တည်ရှိသည်ဒေသခံလယ်သမားများကသစ်သားဖြင့်ဆောက်လုပ်ခဲ့ကြသည်တစ်နေ့လျှင်ကီလိုဂရမ်ငါးရာကြိတ်နိုင်ပြီးအနီးအနားရှိရွာသုံးရွာကိုပို့ဆောင်ပေးသည်", "လယ်သမား", "ရွာသား"),
    "bo": ("ཆུ་འཐག་འདི་དུས་རབས་བཅུ་བདུན་པའི་ནང་བརྒྱབ་པ་རེད། གཙང་པོའི་བྱང་ངོས་སུ་ཡོད་པ་དང་ས་གནས་ཀྱི་ཞིང་པས་ཤིང་གིས་བཟོས་པ་རེད། ཉིན་རེར་རྒྱ་མ་ལྔ་བརྒྱ་འཐག་ཐུབ་པ་དང་ཉེ་འཁོར་གྱི་གྲོང་གསུམ་ལ་སྤྲོད་ཀྱི་ཡོད།", "ཞིང་པས", "བཟོ་པས"),
}  # fmt: skip


LETTER = f"[{LETTERS}][{MARKS}]*"
OTHER = rf"(?:(?![{LETTERS}])[^\W_]|[\u0300-\u036f{MARKS}])+"
MIXED = st.text("ab é,.\n\u0301東京タガカ々กแาิ่้ກຳខ្មမြန်ာབོད་ཡ", max_size=40)


def brute_force(text: str) -> list[str]:
    """What a text is compared by, without the kernels: letters with their marks, else words."""
    plain = unicodedata.normalize("NFKD", text.lower())
    lost = "[\u0300-\u036f]" if re.search(f"[{LETTERS}]", plain) else f"[\u0300-\u036f{MARKS}]"
    found = (re.sub(lost, "", token) for token in re.findall(f"{LETTER}|{OTHER}", plain))
    return [token for token in found if token]


def grams(tokens: list[str]) -> set[tuple[str, ...]]:
    return {tuple(tokens[i : i + 5]) for i in range(len(tokens) - 4)}


@settings(max_examples=400)
@given(MIXED)
def test_keys_of_mixed_scripts_are_their_letters_and_words(text: str) -> None:
    assert fingerprints.dedup_keys([text], [True]) == [" ".join(brute_force(text))]


@settings(max_examples=200)
@given(MIXED, MIXED)
def test_jaccard_of_mixed_scripts_is_that_of_letter_five_grams(a: str, b: str) -> None:
    x, y = grams(brute_force(a)), grams(brute_force(b))
    sets = fingerprints.shingle_sets([a, b], [True, True])
    assert [len(s) for s in sets] == [len(x), len(y)]
    assert fingerprints.jaccard(*sets) == pytest.approx(len(x & y) / len(x | y) if x | y else 0)
    bands = fingerprints.band_hashes([a, b], [True, True])
    assert [bool(part) for part in bands] == [bool(x), bool(y)]


@settings(max_examples=60)
@given(st.lists(MIXED, min_size=1, max_size=8), st.data())
def test_a_text_of_any_script_depends_on_itself_alone(
    texts: list[str], data: st.DataObject
) -> None:
    folds = data.draw(st.lists(st.booleans(), min_size=len(texts), max_size=len(texts)))
    together = fingerprints.fingerprints(texts, folds)
    alone = [fingerprints.fingerprints([t], [f]) for t, f in zip(texts, folds, strict=True)]
    assert together == ([a[0] for a, _ in alone], [b[0] for _, b in alone])


@pytest.mark.parametrize("language", CHANGED)
def test_one_changed_word_leaves_a_near_duplicate(language: str) -> None:
    text, word, other = CHANGED[language]
    pair = [text, text.replace(word, other)]
    x, y = (grams(brute_force(one)) for one in pair)
    sets = fingerprints.shingle_sets(pair, [True, True])
    assert pair[0] != pair[1]
    assert fingerprints.jaccard(*sets) == len(x & y) / len(x | y) >= 0.75
    a, b = (np.frombuffer(bands, "<u8") for bands in fingerprints.band_hashes(pair, [True] * 2))
    assert (a == b).any()


def test_candidates_follow_the_s_curve_without_spaces() -> None:
    letters = [chr(0x4E00 + n) for n in range(2000)] + [chr(0xE01 + n) + "ิ" for n in range(40)]
    for similarity in (0.5, 0.7, 0.8, 0.9):
        pairs = []
        for i in range(150):
            source = draw(7, f"{similarity} {i}", "letters")
            shared = round(2 * 120 * similarity / (1 + similarity))
            head = "".join(source.choice(letters) for _ in range(shared + 4))
            tails = ["".join(source.choice(letters) for _ in range(120 - shared)) for _ in "ab"]
            pairs.append([head + tail for tail in tails])
        flat = [text for pair in pairs for text in pair]
        bands = np.array(
            [np.frombuffer(b, "<u8") for b in fingerprints.band_hashes(flat, [True] * len(flat))]
        )
        found = (bands[0::2] == bands[1::2]).any(axis=1).mean()
        truth = [(grams(brute_force(a)), grams(brute_force(b))) for a, b in pairs]
        chances = [fingerprints.candidate_probability(len(x & y) / len(x | y)) for x, y in truth]
        expected = np.mean(chances)
        assert abs(found - expected) < 4 * np.sqrt(expected * (1 - expected) / 150) + 0.01


def test_vowels_and_tones_tell_texts_apart_where_they_make_words() -> None:
    texts = ["กา", "กี", "ก้า", "か", "が", "café", "cafe"]
    hashes = fingerprints.text_hashes(texts, [True] * len(texts))
    assert len(set(hashes)) == 6 and hashes[-1] == hashes[-2]
