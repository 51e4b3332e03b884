"""Token counters: what says how long a text is, in the tokens of the model that embeds it."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from beam_synth.engines.model_files import CORE_EXTRA
from beam_synth.errors import Refused
from beam_synth.text.scripts import count_runs, is_unspaced


class Tokenizer:
    """Counts tokens as the model does, by the `tokenizer.json` in its folder.

    An unknown token that stands for text without spaces counts as what it stands for, letter by
    letter: else a page of Thai would be one token to a model that knows none.

    `specials` are the tokens that are added to every text; `additive` says whether the tokens of
    texts joined by white space are the sum of the texts' tokens, as with BERT's word pieces. Raises
    Refused where the file or the package `tokenizers` is missing.
    """

    def __init__(self, folder: Path) -> None:
        if importlib.util.find_spec("tokenizers") is None:
            raise Refused(f"passages need tokenizers: {CORE_EXTRA}")
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
        self._unknown = _unknown_id(self._fast, spec["model"])

    def encode(self, texts: Sequence[str], specials: bool = True) -> list[list[int]]:
        """Token ids of each text, not cut to any length; with or without special tokens."""
        encoded = self._fast.encode_batch_fast(list(texts), add_special_tokens=specials)
        return [item.ids for item in encoded]

    def count(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text, special tokens left out."""
        encoded = self._fast.encode_batch_fast(list(texts), add_special_tokens=False)
        return [
            sum(self._known_and_not(text)) if self._hides(text, item) else len(item)
            for text, item in zip(texts, encoded, strict=True)
        ]

    def unknown_share(self, texts: Sequence[str]) -> float:
        """The share of some texts' tokens that the model does not know, 0 to 1."""
        known, unknown = map(sum, zip((0, 0), *map(self._known_and_not, texts), strict=True))
        return unknown / (known + unknown) if known + unknown else 0.0

    def _hides(self, text: str, encoding: Any) -> bool:
        """Whether unknown tokens may stand for much of a text."""
        return self._unknown is not None and is_unspaced(text) and self._unknown in encoding.ids

    def _known_and_not(self, text: str) -> tuple[int, int]:
        """Tokens of a text that the model knows; what the others stand for, as `count_runs`."""
        encoding = self._fast.encode(text, add_special_tokens=False)
        places = [
            place
            for token, place in zip(encoding.ids, encoding.offsets, strict=True)
            if token == self._unknown
        ]
        unknown = sum(max(1, count_runs(text[start:end])) for start, end in places)
        return len(encoding.ids) - len(places), unknown


class WordCounter:
    """The token counter of the hashing embedder: a token is a run of non-space characters, in
    scripts without spaces a letter with what hangs on it."""

    specials = 0  # added to a text
    additive = True  # as Tokenizer.additive

    def count(self, texts: Sequence[str]) -> list[int]:
        """Runs of non-space characters in each text, as `scripts.count_runs` has them.

        >>> WordCounter().count(["a stone  harbour", "", "石の港"])
        [3, 0, 3]
        """
        return [count_runs(text) for text in texts]

    def unknown_share(self, texts: Sequence[str]) -> float:
        """None is unknown."""
        return 0.0


def _unknown_id(fast: Any, model: Mapping[str, Any]) -> int | None:
    """The id of the token that stands for what the model does not know; None where it has none."""
    token = model.get("unk_token")
    if token is None:
        found = model.get("unk_id")  # of unigram models
        return found if isinstance(found, int) else None
    known: int | None = fast.token_to_id(token)
    return known
