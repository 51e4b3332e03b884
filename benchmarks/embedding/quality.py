"""What embedders find: translations, the paragraph of a question, passages of the same article."""

from __future__ import annotations

import gzip
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from beam_synth.engines.embedders import make_embedder
from beam_synth.records import Embedder
from benchmarks.embedding.texts import Text, articles, data, passages, spec, texts_of

FEWEST = 5  # articles of a language, whose passages are compared with one another alone
_BLOCK = 1024  # rows that are compared with all others at once

Floats = npt.NDArray[np.float32]


class Paragraphs(NamedTuple):
    """The paragraphs of a language, and questions with the row of the paragraph that answers."""

    texts: list[str]
    questions: list[str]
    rows: list[int]


def report(names: Sequence[str], size: int) -> None:
    """Print the table of each embedder; `size` articles are drawn, 0 takes all."""
    sets = list(_xquad())
    some = passages(articles(size))
    for name in names:
        embedder = make_embedder(spec(name))
        print(f"{embedder.name} ({embedder.dimension} dimensions)")
        if sets:
            _print_parallel(embedder, dict(sets))
        _print_same_article(embedder, some)


def found_first(asked: Floats, among: Floats, right: Sequence[int]) -> float:
    """How often the nearest of `among` is the right row."""
    return float(np.mean((asked @ among.T).argmax(axis=1) == np.asarray(right)))


def same_article(vectors: Floats, some: Sequence[Text]) -> dict[str, tuple[int, int, int]]:
    """By language: passages that are asked, those whose nearest neighbour is of their own article,
    and how many passages they are compared with.

    Asked are passages of articles with two or more. They are compared with those of their language,
    or with all, where the language has fewer than FEWEST articles.
    """
    own: dict[str, list[int]] = defaultdict(list)
    for row, each in enumerate(some):
        own[each.language].append(row)
    sizes = Counter(each.article for each in some)
    found = {}
    for language, rows in sorted(own.items()):
        few = len({some[row].article for row in rows}) < FEWEST
        among = list(range(len(some))) if few else rows
        asked = [row for row in rows if sizes[some[row].article] > 1]
        nearest = _nearest(vectors, asked, among)
        hits = sum(
            some[row].article == some[other].article
            for row, other in zip(asked, nearest, strict=True)
        )
        found[language] = (len(asked), hits, len(among))
    return found


def _nearest(vectors: Floats, asked: Sequence[int], among: Sequence[int]) -> list[int]:
    """The nearest other row of each."""
    rows, places = np.asarray(among), {row: place for place, row in enumerate(among)}
    found: list[int] = []
    for start in range(0, len(asked), _BLOCK):
        block = list(asked[start : start + _BLOCK])
        near = vectors[block] @ vectors[rows].T
        near[np.arange(len(block)), [places[row] for row in block]] = -2.0
        found += rows[near.argmax(axis=1)].tolist()
    return found


def _print_parallel(embedder: Embedder, sets: dict[str, Paragraphs]) -> None:
    paragraphs = {code: embedder.embed(own.texts) for code, own in sets.items()}
    questions = {code: embedder.embed(own.questions) for code, own in sets.items()}
    for a in sets:
        cells = []
        for b in sets:
            asked = found_first(questions[a], paragraphs[b], sets[a].rows)
            cells.append(f"question {a} to paragraph {b} {asked:.2f}")
            if a != b:
                count = range(len(sets[a].texts))
                parallel = found_first(paragraphs[a], paragraphs[b], count)
                cells.append(f"paragraph {a} to {b} {parallel:.2f}")
        print("  " + ", ".join(cells))


def _print_same_article(embedder: Embedder, some: Sequence[Text]) -> None:
    vectors = np.asarray(embedder.embed(texts_of(some)), np.float32)
    for language, (asked, hits, among) in same_article(vectors, some).items():
        if asked:
            rate = f"{hits / asked:.2f} of {asked} passages, among {among}"
            print(f"  same article {language}: {rate}")


def _xquad() -> Iterator[tuple[str, Paragraphs]]:
    """The parallel paragraphs, by language."""
    folder = data()
    paths = sorted((folder / "wikipedia").glob("xquad_*.json.gz")) if folder else []
    if not paths:
        print("no parallel paragraphs: BEAM_SYNTH_TEST_DATA is not set", file=sys.stderr)
    for path in paths:
        yield path.name.removeprefix("xquad_").partition(".")[0], _paragraphs(path)


def _paragraphs(path: Path) -> Paragraphs:
    found = Paragraphs([], [], [])
    for article in json.loads(gzip.decompress(path.read_bytes()))["data"]:
        for paragraph in article["paragraphs"]:
            for question in paragraph["qas"]:
                found.questions.append(question["question"])
                found.rows.append(len(found.texts))
            found.texts.append(paragraph["context"])
    return found
