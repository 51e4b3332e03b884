"""Embedders: what they find, what they cost, and that they give the same bytes.

    [BEAM_SYNTH_TEST_DATA=FOLDER] python -m benchmarks.embedding PART ... [--embedders NAME ...]
        [--articles 60] [--passages 1500] [--rounds 1]

PART is one or more of

    quality    parallel paragraphs and questions of FOLDER/wikipedia/xquad_*, and how often a
               passage's nearest neighbour is of its own article, for each embedder
    cost       CPU of the default embedder and of MiniLM on the same articles, in turn, each with
               the passages that its tokens make. Goal: at most a quarter
    bytes      the default embedder's vectors in two runs of a job, one worker and two.
               Goal: equal files
    overhead   our MiniLM against a bare `SentenceTransformer.encode` loop. Goal: at most 1.3

and all of them where none is named. Articles are drawn by key from FOLDER/structured, or from the
shipped sample without it; `--articles 0` takes all. NAME is `universal-sentence-encoder`, `hashing`
or the name or folder of a sentence-transformers model (`minilm`). CPU is user and system time of
all threads.
"""

from __future__ import annotations

import argparse
import sys

from beam_synth.ending import in_one_line
from beam_synth.engines.embedders import DEFAULT
from benchmarks.embedding import cost, equal_bytes, overhead, quality

PARTS = ("quality", "cost", "bytes", "overhead")


def main() -> int:
    """Run the parts and print figures and goals; exit code 1 where one is missed."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--embedders", nargs="+", default=[DEFAULT, "minilm"], metavar="NAME")
    parser.add_argument("--articles", type=int, default=60, help="drawn; 0: all")
    parser.add_argument("--passages", type=int, default=1500, help="of overhead")
    parser.add_argument("--rounds", type=int, default=1, help="of overhead")
    arguments = parser.parse_args()
    parts = arguments.parts or list(PARTS)
    for part in parts:
        if part not in PARTS:
            parser.error(f"there is no part {part!r}; known are {', '.join(PARTS)}")
    missed = False
    if "quality" in parts:
        quality.report(arguments.embedders, arguments.articles)
    if "cost" in parts:
        missed |= not cost.report(arguments.articles)
    if "bytes" in parts:
        missed |= not equal_bytes.report(arguments.articles)
    if "overhead" in parts:
        missed |= not overhead.report(arguments.passages, arguments.rounds)
    return int(missed)


if __name__ == "__main__":
    sys.exit(in_one_line(main))
