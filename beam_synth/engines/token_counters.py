"""Token counters: what says how long a text is, in the tokens of the model that embeds it."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Sequence
from pathlib import Path

from beam_synth.errors import Refused


class Tokenizer:
    """Counts tokens as the model does, by the `tokenizer.json` in its folder.

    `specials` are the tokens that are added to every text; `additive` says whether the tokens of
    texts joined by white space are the sum of the texts' tokens, as with BERT's word pieces. Raises
    Refused where the file or the package `tokenizers` is missing.
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
        """Token ids of each text, not cut to any length; with or without special tokens."""
        encoded = self._fast.encode_batch_fast(list(texts), add_special_tokens=specials)
        return [item.ids for item in encoded]

    def count(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text, special tokens left out."""
        encoded = self._fast.encode_batch_fast(list(texts), add_special_tokens=False)
        return [len(item) for item in encoded]


class WordCounter:
    """The token counter of the hashing embedder: a token is a run of non-space characters."""

    specials = 0  # added to a text
    additive = True  # as Tokenizer.additive

    def count(self, texts: Sequence[str]) -> list[int]:
        """Runs of non-space characters in each text.

        >>> WordCounter().count(["a stone  harbour", ""])
        [3, 0]
        """
        return [len(text.split()) for text in texts]
