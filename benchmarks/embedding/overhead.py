"""Our MiniLM against a bare `SentenceTransformer.encode` loop over the same passages.

Passages are embedded in groups, by both in turn (ours, bare, bare, ours, ...), in one process. How
far the vectors are apart has to be rounding only.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from beam_synth.drawing import Draw
from beam_synth.engines.embedders import make_embedder
from beam_synth.engines.model_files import model_folder
from beam_synth.job.schema import Passages
from benchmarks.embedding.texts import MINILM, articles, passages, texts_of

CPU_GOAL = 1.3
GROUP = 750  # passages that both embed in one go

Encode = Callable[[Sequence[str]], npt.NDArray[np.float32]]


def report(size: int, rounds: int) -> bool:
    """Embed `size` passages with both and print the ratio; whether the goal is met."""
    texts = Draw("benchmark").sample(texts_of(passages(articles(), MINILM)), size)
    ours, bare = make_embedder(MINILM).embed, _bare()
    for encode in (ours, bare):  # threads and caches are warm
        encode(texts[:32])
    seconds = {"ours": 0.0, "bare": 0.0}
    apart = 0.0
    turns = [("ours", ours), ("bare", bare)]
    for turn in range(rounds):
        for start in range(0, len(texts), GROUP):
            group = texts[start : start + GROUP]
            found = {name: _timed(encode, group, seconds, name) for name, encode in turns}
            apart = max(apart, float(np.abs(found["ours"] - found["bare"]).max()))
            turns.reverse()
        print(f"round {turn + 1}: {len(texts)} passages", file=sys.stderr)
    ratio = seconds["ours"] / seconds["bare"]
    print(f"ours {seconds['ours']:.1f} CPU s, bare encode loop {seconds['bare']:.1f} CPU s")
    print(f"largest difference of a value: {apart:.1e}")
    print(f"ratio {ratio:.2f}, goal at most {CPU_GOAL}: {'met' if ratio <= CPU_GOAL else 'MISSED'}")
    return ratio <= CPU_GOAL


def _bare() -> Encode:
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(model_folder(MINILM)), device="cpu")
    model.max_seq_length = Passages().max_tokens

    def encode(texts: Sequence[str]) -> npt.NDArray[np.float32]:
        vectors: npt.NDArray[np.float32] = model.encode(
            list(texts), normalize_embeddings=True, show_progress_bar=False
        )
        return vectors

    return encode


def _timed(
    encode: Encode, texts: Sequence[str], seconds: dict[str, float], name: str
) -> npt.NDArray[np.float32]:
    start = time.process_time()
    vectors = encode(texts)
    seconds[name] += time.process_time() - start
    return vectors
