"""Training: packing loses nothing, marks are single tokens, and a folder that loads comes out."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from beam_synth.errors import Refused
from beam_synth.training.data import epochs
from beam_synth.training.launcher import LOSSES, rate, train
from beam_synth.training.packing import pack_documents
from beam_synth.training.presets import PRESETS
from beam_synth.training.tokenizer import (
    CHAT,
    END,
    RESERVED,
    ContentEncoder,
    chat_text,
    train_tokenizer,
)

documents = st.lists(st.lists(st.integers(0, 99), max_size=20), max_size=20)


@given(documents, st.integers(1, 16))
def test_packing_keeps_the_token_stream(docs: list[list[int]], length: int) -> None:
    rows = list(pack_documents(docs, length))
    stream = [token for doc in docs for token in doc]
    packed = [int(t) for tokens, _ in rows for t in tokens]
    assert packed == stream[: len(stream) // length * length]
    assert all(len(tokens) == len(positions) == length for tokens, positions in rows)


@given(documents, st.integers(1, 16))
def test_positions_restart_at_each_document_and_row(docs: list[list[int]], length: int) -> None:
    starts = set(np.cumsum([0, *map(len, docs)]).tolist())
    at = 0
    for _, positions in pack_documents(docs, length):
        expected = 0
        for i, position in enumerate(positions.tolist()):
            expected = 0 if i == 0 or at in starts else expected
            assert position == expected
            expected += 1
            at += 1


def test_every_reserved_mark_is_one_token_and_text_round_trips() -> None:
    text = 'User asks ● about ⟨H≈0.3⟩ → "é 東京" ?maybe? <ref name="source_10">x</ref> ✓\n\n end'
    tokenizer = train_tokenizer([text] * 3, 512)
    for mark in RESERVED:
        assert len(tokenizer.encode(mark, add_special_tokens=False)) == 1, mark
    assert tokenizer.decode(tokenizer.encode(text, add_special_tokens=False)) == text


def test_chat_template_renders_what_training_sees() -> None:
    messages = [{"role": "user", "content": "hi"}, {"role": "assistant", "content": "<think>\n"}]
    tokenizer = train_tokenizer(["hi"], 512)
    assert tokenizer.apply_chat_template(messages, tokenize=False) == chat_text(messages)


TURNS = [
    {"role": "user", "content": "Who → asks?\n\n 東京 <div> a<b [3]"},
    {
        "role": "assistant",
        "content": '<think>\nA → B ⟨H≈0.3⟩\n</think>\nShe. <ref name="s">x</ref>',
    },
]
MARKED = (
    "<|im_end|>\n<|im_start|>system\n</s> [INST] <think> </think> <|endoftext|> <|eot_id|> <x!>"
)


def test_turns_without_marks_give_the_ids_of_their_template() -> None:
    tokenizer = train_tokenizer([turn["content"] for turn in TURNS], 600)
    ids = ContentEncoder(tokenizer).chat(TURNS)
    assert ids == tokenizer.encode(chat_text(TURNS), add_special_tokens=False)
    assert tokenizer.decode(ids) == chat_text(TURNS)


def test_no_content_gives_a_special_token() -> None:
    tokenizer = train_tokenizer([MARKED] * 9, 700)
    encoder = ContentEncoder(tokenizer)
    end, start, stop = tokenizer.convert_tokens_to_ids([END, *CHAT])
    think, thought = tokenizer.convert_tokens_to_ids(["<think>", "</think>"])
    for role in ("user", "assistant", "system"):
        ids = encoder.chat([{"role": role, "content": MARKED}])
        assert (ids.count(start), ids.count(stop), ids.count(end)) == (1, 1, 0)
        assert think not in ids and thought not in ids
        assert "‹|im_end|›" in tokenizer.decode(ids)
    said = {"role": "assistant", "content": f"<think>\n{MARKED}\n</think>\n{MARKED}"}
    ids = encoder.chat([said])
    assert (ids.count(think), ids.count(thought), ids.count(stop)) == (1, 1, 1)
    assert {end, start, stop}.isdisjoint(encoder.text(MARKED))


def _tokenizers() -> dict[str, Any]:
    """Tokenizers of other kinds, with special tokens of their own."""
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    words = ["the", "an", "##d", "[", "]", "<", ">", "/", "|", "!", "inst", "cls", "x", "s", "mask"]
    pieces = {
        word: i for i, word in enumerate(["[UNK]", "[CLS]", "[SEP]", "[MASK]", "<x!>", *words])
    }
    bert = Tokenizer(models.WordPiece(pieces, unk_token="[UNK]"))
    bert.normalizer = normalizers.BertNormalizer()
    bert.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    llama = Tokenizer(models.BPE(unk_token="<unk>", byte_fallback=False))
    llama.normalizer = normalizers.NFKC()
    llama.pre_tokenizer = pre_tokenizers.Metaspace()
    specials = ["<unk>", "<s>", "</s>", "[INST]", "<|eot_id|>", "<x!>"]
    llama.train_from_iterator([MARKED] * 9, trainers.BpeTrainer(special_tokens=specials))
    known = Tokenizer(models.WordLevel({"<unk>": 0, "<x!>": 1, "a": 2}, unk_token="<unk>"))
    known.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    return {
        "bert": PreTrainedTokenizerFast(
            tokenizer_object=bert, unk_token="[UNK]", cls_token="[CLS]", sep_token="[SEP]",
            mask_token="[MASK]", additional_special_tokens=["<x!>"]),
        "llama": PreTrainedTokenizerFast(
            tokenizer_object=llama, unk_token="<unk>", bos_token="<s>", eos_token="</s>"),
        "words": PreTrainedTokenizerFast(
            tokenizer_object=known, unk_token="<unk>", eos_token="<x!>"),
    }  # fmt: skip


@pytest.mark.parametrize("name", ["bert", "llama", "words"])
def test_no_content_gives_a_special_token_of_any_tokenizer(name: str) -> None:
    tokenizer = _tokenizers()[name]
    special = {i for i, token in tokenizer.added_tokens_decoder.items() if token.special}
    special = (special | {*tokenizer.all_special_ids}) - {tokenizer.unk_token_id}
    text = f"a {MARKED} [CLS] [MASK] <x!> the end"
    assert special & {*tokenizer(text, add_special_tokens=False)["input_ids"]}  # as it was
    ids = ContentEncoder(tokenizer).text(text)
    assert ids and special.isdisjoint(ids)


def test_rate_warms_up_stays_and_decays() -> None:
    rates = [rate(step, 60, PRESETS["tiny"]) for step in range(60)]
    assert rates[0] == pytest.approx(1 / 6)
    assert rates[6:50] == [1.0] * 44
    assert rates[-1] == pytest.approx(0.1)


def test_each_epoch_visits_every_row_once() -> None:
    order = epochs(["a"] * 5, 7)
    first = [next(order) for _ in range(5)]
    second = [next(order) for _ in range(5)]
    assert sorted(first) == sorted(second) == [0, 1, 2, 3, 4]


def _run(folder: Path, rows: list[dict[str, Any]]) -> Path:
    schema = pa.schema(
        [
            ("synth_id", pa.string()),
            ("messages", pa.list_(pa.struct([("role", pa.string()), ("content", pa.string())]))),
        ]
    )
    shard = folder / "data/samples/train-00000-of-00001.parquet"
    shard.parent.mkdir(parents=True)
    pq.write_table(pa.Table.from_pylist(rows, schema), shard)
    item = {
        "path": str(shard.relative_to(folder)),
        "config": "samples",
        "format": "parquet",
        "records": len(rows),
        "bytes": shard.stat().st_size,
        "sha256": hashlib.sha256(shard.read_bytes()).hexdigest(),
    }
    (folder / "manifest.json").write_text(json.dumps({"seed": 3, "files": [item]}))
    return shard


def _rows(n: int) -> list[dict[str, Any]]:
    return [
        {
            "synth_id": f"{i:034x}",
            "messages": [
                {"role": "user", "content": f"What is {i} plus one?"},
                {"role": "assistant", "content": f"<think>\n{i} → {i + 1}\n</think>\n{i + 1}"},
            ],
        }
        for i in range(n)
    ]


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    import dataclasses

    shape = dataclasses.replace(
        PRESETS["tiny"],
        layers=2,
        width=32,
        feed_forward=64,
        heads=2,
        kv_heads=1,
        vocabulary=400,
        length=64,
        batch=2,
    )
    monkeypatch.setitem(PRESETS, "tiny", shape)


@pytest.mark.usefixtures("small")
def test_training_saves_a_folder_that_transformers_loads(tmp_path: Path) -> None:
    _run(tmp_path, _rows(40))
    folder = train(str(tmp_path), steps=20)
    losses = [json.loads(line)["loss"] for line in (folder / LOSSES).read_text().splitlines()]
    assert len(losses) == 20
    assert losses[-1] < losses[0]
    from transformers import AutoModelForCausalLM, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForCausalLM.from_pretrained(folder)
    ids = tokenizer("What is 3 plus one?", return_tensors="pt").input_ids
    assert model(ids).logits.shape == (1, ids.shape[1], len(tokenizer))
    assert not list(tmp_path.glob(".model*"))


@pytest.mark.usefixtures("small")
def test_packed_documents_do_not_see_each_other() -> None:
    import torch

    from beam_synth.training.launcher import _new_model

    tokenizer = train_tokenizer(["some text"], 400)
    torch.manual_seed(0)
    model = _new_model(PRESETS["tiny"], tokenizer).eval()
    one, two = [5, 6, 7, 8], [9, 10, 11, 12]
    with torch.no_grad():
        alone = model(torch.tensor([two])).logits[0]
        packed = model(
            torch.tensor([one + two]), position_ids=torch.tensor([[0, 1, 2, 3, 0, 1, 2, 3]])
        ).logits[0, 4:]
    assert torch.allclose(alone, packed, atol=1e-5)


def test_wrong_input_is_refused_before_any_work(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="not a finished run"):
        train(str(tmp_path))
    shard = _run(tmp_path, _rows(3))
    with pytest.raises(Refused, match="did you mean 'tiny'"):
        train(str(tmp_path), preset="tyny")
    with pytest.raises(Refused, match="at least 1"):
        train(str(tmp_path), steps=0)
    with shard.open("ab") as handle:
        handle.write(b"x")
    with pytest.raises(Refused, match="is not the file that the manifest lists"):
        train(str(tmp_path))
    shard.unlink()
    with pytest.raises(Refused, match="missing"):
        train(str(tmp_path))


def test_an_empty_run_and_a_used_folder_are_refused(tmp_path: Path) -> None:
    _run(tmp_path, [])
    with pytest.raises(Refused, match="no record to train on"):
        train(str(tmp_path))
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "x").write_text("")
    with pytest.raises(Refused, match="already exists"):
        train(str(tmp_path))
