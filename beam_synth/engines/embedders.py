"""The embedder that a job asks for: the Universal Sentence Encoder where it names none, MiniLM from
its installed package, any sentence-transformers model, or hashing; each one, and its tokenizer, is
loaded once in a process."""

from __future__ import annotations

import importlib.util
import json
import threading
from pathlib import Path

from beam_synth.drawing import digest
from beam_synth.engines.by_path import is_path, make_outside_embedder
from beam_synth.engines.hashing_embedder import HashingEmbedder
from beam_synth.engines.model_files import (
    EMBED_EXTRA,
    MINILM_NAMES,
    model_folder,
    model_positions,
    weights_revision,
)
from beam_synth.engines.token_counters import Tokenizer, WordCounter
from beam_synth.engines.transformer_embedder import TransformerEmbedder
from beam_synth.engines.universal_sentence_encoder import (
    UniversalSentenceEncoder,
    WordPieces,
    check_installed,
    weights_hash,
    word_pieces,
)
from beam_synth.errors import Refused, nearest
from beam_synth.job.schema import Model
from beam_synth.records import Embedder

DEFAULT = "universal-sentence-encoder"
# Engine -> its options.
OPTIONS = {
    DEFAULT: (),
    "sentence-transformers": ("dtype", "revision"),
    "hashing": ("dimension",),
}
DTYPES = ("float32", "bfloat16")

_LOCK = threading.Lock()
_EMBEDDERS: dict[str, Embedder] = {}  # by spec
_TOKENIZERS: dict[str, Tokenizer] = {}


def make_embedder(model: Model) -> Embedder:
    """The embedder of a spec, loaded once in a process.

    `options`: dtype (float32 or bfloat16: the latter pays only where the CPU has instructions for
    it), revision (of a name on the hub); of hashing: dimension (8 to 8192, 256). An engine
    "package.module:Embedder" is made with the model alone; its tokens are words. Raises Refused
    for a wrong spec, and when it cannot be loaded.

    >>> make_embedder(Model(engine="hashing", options={"dimension": 64})).name
    'hashing:64'
    """
    check_embedder_options(model)
    if engine_of(model) == "hashing":
        return HashingEmbedder(_dimension(model))
    with _LOCK:
        key = _spec_key(model)
        if key not in _EMBEDDERS:
            _EMBEDDERS[key] = _load(model)
        return _EMBEDDERS[key]


def make_tokenizer(model: Model) -> Tokenizer | WordCounter | WordPieces:
    """The token counter of the spec's embedder, loaded once in a process; needs no torch.

    Raises Refused for a wrong spec, and where the model or its tokenizer is missing.

    >>> make_tokenizer(Model(engine="hashing")).count(["a stone harbour"])
    [3]
    """
    check_embedder_options(model)
    if engine_of(model) == "hashing" or is_path(model.engine):
        return WordCounter()
    if engine_of(model) == DEFAULT:
        return word_pieces()
    with _LOCK:
        key = _spec_key(model)
        if key not in _TOKENIZERS:
            _TOKENIZERS[key] = Tokenizer(model_folder(model))
        return _TOKENIZERS[key]


def check_embedder(model: Model, max_tokens: int, embeds: bool = True) -> None:
    """Refuse, without loading weights, a spec that `make_embedder` would not load.

    Where nothing is embedded only the tokenizer has to be there, which limits passages. Raises
    Refused when an extra or the model is missing, or when the model takes fewer than `max_tokens`
    tokens.
    """
    check_embedder_options(model)
    if is_path(model.engine):
        make_embedder(model)
        return
    if engine_of(model) == "hashing":
        return
    if engine_of(model) == DEFAULT:
        check_installed()
        return
    if not embeds:
        make_tokenizer(model)
        return
    for package in ("torch", "transformers", "sentence_transformers", "tokenizers"):
        if importlib.util.find_spec(package) is None:
            raise Refused(f"models.embedder needs {package}: {EMBED_EXTRA}")
    longest = model_positions(model_folder(model))
    if max_tokens > longest:
        raise Refused(
            f"passages.max_tokens is {max_tokens}, but {model.model} takes at most {longest} tokens"
        )


def check_embedder_options(model: Model) -> None:
    """Raise Refused for an unknown engine, option or value of one, with the nearest known name.

    The options of an embedder outside this package are its own to check, when it is made.
    """
    if is_path(model.engine):
        return
    engine = engine_of(model)
    if engine not in OPTIONS:
        raise Refused(
            f"models.embedder.engine: there is no embedder {engine!r}{nearest(engine, OPTIONS)}; "
            f"known are {', '.join(OPTIONS)}; your own is 'package.module:Embedder'"
        )
    if engine == DEFAULT and model.model:
        raise Refused(
            f"models.embedder.model: {engine} is one model; leave the key out, or name the engine "
            "sentence-transformers"
        )
    known = OPTIONS[engine]
    for option in model.options:
        if option not in known:
            raise Refused(
                f"models.embedder.options.{option}: unknown option{nearest(option, known)}; "
                f"{engine} knows {', '.join(known) or 'none'}"
            )
    if model.options.get("dtype", "float32") not in DTYPES:
        raise Refused(
            f"models.embedder.options.dtype is {model.options['dtype']!r}, known are "
            f"{', '.join(DTYPES)}"
        )
    if engine == "hashing":
        _dimension(model)


def engine_of(model: Model) -> str:
    """The spec's engine: `{model: NAME}` alone means a sentence-transformers model.

    >>> engine_of(Model(model="minilm")), engine_of(Model(engine="hashing")), engine_of(Model())
    ('sentence-transformers', 'hashing', 'universal-sentence-encoder')
    """
    if "engine" in model.model_fields_set:
        return model.engine
    return "sentence-transformers" if model.model else DEFAULT


def embedder_facts(model: Model) -> dict[str, str]:
    """What the spec's embedder is: its engine and model, and a hash of its weights where they lie
    on this machine as a package or folder; nothing is loaded or fetched. Raises Refused for a
    wrong spec, and where its package is missing.

    >>> embedder_facts(Model(engine="hashing"))
    {'engine': 'hashing', 'model': '', 'weights': '1.1'}
    """
    check_embedder_options(model)
    return {"engine": engine_of(model), "model": model.model, "weights": _weights(model)}


def _weights(model: Model) -> str:
    engine = engine_of(model)
    if engine == DEFAULT:
        return weights_hash()
    if engine == "hashing":
        return HashingEmbedder.revision
    if is_path(model.engine):
        return ""  # whoever wrote it says so when it is made
    if model.model in MINILM_NAMES or Path(model.model).is_dir():
        return weights_revision(model_folder(model))
    return str(model.options.get("revision", ""))


def _load(model: Model) -> Embedder:
    if is_path(model.engine):
        return make_outside_embedder(model)
    return UniversalSentenceEncoder() if engine_of(model) == DEFAULT else TransformerEmbedder(model)


def _spec_key(model: Model) -> str:
    return digest(engine_of(model), model.model, json.dumps(model.options, sort_keys=True))


def _dimension(model: Model) -> int:
    value = model.options.get("dimension", 256)
    if not isinstance(value, int) or not 8 <= value <= 8192:
        raise Refused(f"models.embedder.options.dimension is {value!r}, not 8 to 8192")
    return value
