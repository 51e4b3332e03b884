"""The embedder of sentence-transformers models, with vectors that depend on their text alone."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from beam_synth.engines.model_files import (
    EMBED_EXTRA,
    model_folder,
    model_positions,
    weights_revision,
)
from beam_synth.engines.token_counters import Tokenizer
from beam_synth.errors import Refused
from beam_synth.job.schema import Model

BATCH_TOKENS = 1024  # of every batch, padding included: rows x length is the same for all lengths
LENGTH_STEP = 32  # lengths are rounded up to a multiple of it


class _Batch(NamedTuple):
    length: int  # tokens that each text is padded to
    rows: list[int]  # of the texts


class TransformerEmbedder:
    """A sentence-transformers model on the CPU, or on a GPU where torch sees one.

    The shape of a batch changes the last bits of a vector. So texts are grouped by their own token
    count rounded up to LENGTH_STEP, padded to that length, and every batch is filled to the row
    count of its length: a vector depends on its text alone, whatever comes with it.

    Mean pooling and the like are as the model's own modules say (Reimers and Gurevych,
    "Sentence-BERT", EMNLP 2019). Raises Refused where an extra or the model is missing.
    """

    def __init__(self, model: Model) -> None:
        try:
            import torch
            from sentence_transformers import SentenceTransformer
            from transformers.utils import logging
        except ImportError as error:
            raise Refused(f"models.embedder needs {error.name}: {EMBED_EXTRA}") from error
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
        self._limit = model_positions(folder)
        self._pad = int(self._model.tokenizer.pad_token_id or 0)
        self.dimension = int(self._model.get_embedding_dimension() or 0)
        self.name = f"sentence-transformers:{model.model or 'minilm'}:{self._dtype}"
        self.revision = str(model.options.get("revision") or weights_revision(folder))
        self._lock = threading.Lock()

    def embed(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """float32[n, dimension] of unit norm, a row a text.

        Tokens beyond the model's positions are left out. Several batches are computed at a time, a
        batch a core; calls from other threads wait.
        """
        ids = [self._cut(tokens) for tokens in self._tokenizer.encode(texts)]
        vectors = np.zeros((len(ids), self.dimension), np.float32)
        by_length: dict[int, list[int]] = {}
        for row, tokens in enumerate(ids):
            length = min(self._limit, math.ceil(len(tokens) / LENGTH_STEP) * LENGTH_STEP)
            by_length.setdefault(length, []).append(row)
        batches = [
            _Batch(length, rows[start : start + _batch_rows(length)])
            for length, rows in sorted(by_length.items(), reverse=True)
            for start in range(0, len(rows), _batch_rows(length))
        ]

        def embed_batch(batch: _Batch) -> None:
            vectors[batch.rows] = self._forward([ids[row] for row in batch.rows], batch.length)

        self._for_each(batches, embed_batch)
        return vectors

    def _for_each(self, batches: list[_Batch], embed_batch: Callable[[_Batch], None]) -> None:
        """One batch a core at a time: operations of one thread each waste no time on waiting."""
        torch = self._torch
        with self._lock:
            threads = torch.get_num_threads()
            workers = 1 if self._model.device.type == "cuda" else threads
            try:
                with ThreadPoolExecutor(
                    workers, initializer=lambda: torch.set_num_threads(1)
                ) as pool:
                    for _ in pool.map(embed_batch, batches):  # raises what a batch raised
                        pass
            finally:
                torch.set_num_threads(threads)

    def _cut(self, tokens: list[int]) -> list[int]:
        """At most the model's positions; the closing special token stays."""
        return tokens if len(tokens) <= self._limit else [*tokens[: self._limit - 1], tokens[-1]]

    def _forward(self, ids: list[list[int]], length: int) -> npt.NDArray[np.float32]:
        """Vectors of texts from one batch of exactly [rows of that length, length] tokens."""
        torch = self._torch
        size = _batch_rows(length)
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
            pooled = self._model(features)["sentence_embedding"].float()
            unit = torch.nn.functional.normalize(pooled, dim=1)
        vectors: npt.NDArray[np.float32] = unit.cpu().numpy()[: len(ids)]
        return vectors


def _batch_rows(length: int) -> int:
    """Rows of every batch of texts of that length."""
    return max(1, BATCH_TOKENS // length)
