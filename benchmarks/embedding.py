"""Embedding against a bare `SentenceTransformer.encode` loop over the same passages.

    [BEAM_SYNTH_TEST_DATA=FOLDER] python -m benchmarks.embedding [--passages 1500] [--rounds 1]

Passages are drawn from all articles of FOLDER/structured, or of the shipped sample without it,
and embedded in groups, by both in turn (ours, bare, bare, ours, ...), in one process. Goal: CPU
seconds (user and system, all threads) at most 1.3 times those of the bare loop. Also prints how
far the vectors are apart, which has to be rounding only.
"""

from __future__ import annotations

import argparse
import dataclasses
import gzip
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

import templates
from beam_synth.drawing import Draw
from beam_synth.ending import in_one_line
from beam_synth.engines.embedders import make_embedder, make_tokenizer
from beam_synth.engines.model_files import model_folder
from beam_synth.errors import Rejected
from beam_synth.ingestion.wikipedia import decode_json, parse_article
from beam_synth.job.schema import Model, Passages
from beam_synth.knowledge.passages import Limits, split_articles
from beam_synth.records import ARTICLE_SCHEMA

CPU_GOAL = 1.3
GROUP = 750  # passages that both embed in one go
_MODEL = Model(engine="sentence-transformers", model="minilm")

Encode = Callable[[Sequence[str]], npt.NDArray[np.float32]]


def main() -> int:
    """Embed with both and print the ratio; exit code 1 when the goal is missed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--passages", type=int, default=1500)
    parser.add_argument("--rounds", type=int, default=1)
    arguments = parser.parse_args()
    texts = passages(arguments.passages)
    ours, bare = make_embedder(_MODEL).embed, _bare()
    for encode in (ours, bare):  # threads and caches are warm
        encode(texts[:32])
    seconds = {"ours": 0.0, "bare": 0.0}
    apart = 0.0
    turns = [("ours", ours), ("bare", bare)]
    for turn in range(arguments.rounds):
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
    return int(ratio > CPU_GOAL)


def passages(size: int) -> list[str]:
    """The texts of `size` passages, drawn from all articles by key."""
    limits = Limits(Passages().min_words, Passages().max_tokens)
    tokenizer = make_tokenizer(_MODEL)
    texts: list[str] = []
    for table in _articles():
        found, _ = split_articles(table, ["[]"] * table.num_rows, tokenizer, limits)
        texts += found.column("text").to_pylist()
    return Draw("benchmark").sample(texts, size)


def _articles() -> Iterator[pa.Table]:
    data = os.environ.get("BEAM_SYNTH_TEST_DATA")
    folder = Path(data) / "structured" if data else Path(str(templates.__file__)).parent / "sample"
    for path in sorted(folder.glob("*.jsonl*")):
        data_bytes = path.read_bytes()
        lines = gzip.decompress(data_bytes) if path.suffix == ".gz" else data_bytes
        rows = []
        for line in lines.splitlines():
            try:
                rows.append(dataclasses.asdict(parse_article(decode_json(line))))
            except Rejected as error:
                print(f"{path.name}: {error}", file=sys.stderr)
        yield pa.Table.from_pylist(rows, schema=ARTICLE_SCHEMA)


def _bare() -> Encode:
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(model_folder(_MODEL)), device="cpu")
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


if __name__ == "__main__":
    sys.exit(in_one_line(main))
