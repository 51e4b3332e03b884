"""The embedder that a job asks for: MiniLM from its installed package, any sentence-transformers
model, or hashing; each one, and its tokenizer, is loaded once in a process."""

from __future__ import annotations

import importlib.util
import json
import threading

from beam_synth.drawing import digest
from beam_synth.engines.by_path import is_path, make_outside_embedder
from beam_synth.engines.hashing_embedder import HashingEmbedder
from beam_synth.engines.model_files import EMBED_EXTRA, model_folder, model_positions
from beam_synth.engines.token_counters import Tokenizer, WordCounter
from beam_synth.engines.transformer_embedder import TransformerEmbedder
from beam_synth.errors import Refused, nearest
from beam_synth.job.schema import Model
from beam_synth.records import Embedder

ENGINES = ("sentence-transformers", "hashing")
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
            outside = is_path(model.engine)
            _EMBEDDERS[key] = (
                make_outside_embedder(model) if outside else TransformerEmbedder(model)
            )
        return _EMBEDDERS[key]


def make_tokenizer(model: Model) -> Tokenizer | WordCounter:
    """The token counter of the spec's embedder, loaded once in a process; needs no torch.

    Raises Refused for a wrong spec, and where the model or its tokenizer is missing.

    >>> make_tokenizer(Model(engine="hashing")).count(["a stone harbour"])
    [3]
    """
    check_embedder_options(model)
    if engine_of(model) == "hashing" or is_path(model.engine):
        return WordCounter()
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
    if engine_of(model) not in ENGINES:
        raise Refused(
            f"models.embedder.engine: there is no embedder {model.engine!r}"
            f"{nearest(model.engine, ENGINES)}; known are {', '.join(ENGINES)}; your own is "
            "'package.module:Embedder'"
        )
    known = ("dimension",) if engine_of(model) == "hashing" else ("dtype", "revision")
    for option in model.options:
        if option not in known:
            raise Refused(
                f"models.embedder.options.{option}: unknown option{nearest(option, known)}; "
                f"known are {', '.join(known)}"
            )
    if model.options.get("dtype", "float32") not in DTYPES:
        raise Refused(
            f"models.embedder.options.dtype is {model.options['dtype']!r}, known are "
            f"{', '.join(DTYPES)}"
        )
    if engine_of(model) == "hashing":
        _dimension(model)


def engine_of(model: Model) -> str:
    """The spec's engine: `{model: NAME}` alone means a sentence-transformers model.

    >>> engine_of(Model(model="minilm")), engine_of(Model(engine="hashing"))
    ('sentence-transformers', 'hashing')
    """
    return model.engine if "engine" in model.model_fields_set else ENGINES[0]


def _spec_key(model: Model) -> str:
    return digest(engine_of(model), model.model, json.dumps(model.options, sort_keys=True))


def _dimension(model: Model) -> int:
    value = model.options.get("dimension", 256)
    if not isinstance(value, int) or not 8 <= value <= 8192:
        raise Refused(f"models.embedder.options.dimension is {value!r}, not 8 to 8192")
    return value
