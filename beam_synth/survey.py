"""A drawn sample of a job's articles, split into passages: what `plan` and `preview` look at."""

from __future__ import annotations

import dataclasses
import heapq
from collections.abc import Iterator, Sequence

import pyarrow as pa

from beam_synth.articles import article_table
from beam_synth.drawing import draw
from beam_synth.engines.embedders import make_tokenizer
from beam_synth.errors import Refused, Rejected
from beam_synth.files import open_input
from beam_synth.inputs import InputFile
from beam_synth.job import Job
from beam_synth.passages import Limits, split_articles
from beam_synth.reading import Record, read_records
from beam_synth.records import Article, Passage
from beam_synth.wikipedia import parse_article

_READ_BYTES = 1 << 30  # of input files; more are sampled file by file


@dataclasses.dataclass(frozen=True)
class Survey:
    """What was looked at, and how much there is of it."""

    articles: tuple[Article, ...]
    passages: tuple[tuple[Passage, ...], ...]  # of each article
    total: int  # articles in the job, estimated where not all files were read
    complete: bool  # every article of the job was looked at


def survey(job: Job, files: Sequence[InputFile], size: int) -> Survey:
    """Draw `size` articles of the job at random and split them. Loads no model.

    Raises Refused when no article can be read.
    """
    read, share = _drawn_files(job, files)
    # The records with the smallest drawn numbers are a uniform sample of all.
    heap: list[tuple[float, int, Article]] = []
    seen = 0
    for record in _records(read):
        try:
            article = parse_article(record.value)
        except Rejected:
            continue
        seen += 1
        number = draw(job.seed, f"{article.article_id}/{article.revision}", "survey").uniform()
        item = (-number, seen, article)
        if len(heap) < size:
            heapq.heappush(heap, item)
        elif item > heap[0]:
            heapq.heapreplace(heap, item)
    if not heap:
        raise Refused(
            "articles: no article with text in the files; `run` would tell why in errors/"
        )
    articles = tuple(article for _, _, article in sorted(heap, reverse=True, key=lambda i: i[:2]))
    passages = _split(job, articles)
    return Survey(articles, passages, round(seen / share), share == 1 and seen <= size)


def _drawn_files(job: Job, files: Sequence[InputFile]) -> tuple[list[InputFile], float]:
    """The files to read and their share of all bytes."""
    order = draw(job.seed, "files", "survey").shuffled(files)
    taken: list[InputFile] = []
    size = 0
    for item in order:
        if taken and size + item.bytes > _READ_BYTES:
            continue
        taken.append(item)
        size += item.bytes
    total = sum(item.bytes for item in files)
    return sorted(taken, key=lambda item: item.path), size / total if total else 1.0


def _records(files: Sequence[InputFile]) -> Iterator[Record]:
    for item in files:
        with open_input(item.path) as handle:
            for record in read_records(handle, item.path):
                if isinstance(record, Record) and not record.reason:
                    yield record


def _split(job: Job, articles: Sequence[Article]) -> tuple[tuple[Passage, ...], ...]:
    limits = Limits(job.passages.min_words, job.passages.max_tokens)
    tokenizer = make_tokenizer(job.model("embedder"))
    table: pa.Table = article_table(articles)
    rows, sizes = split_articles(table, ["[]"] * len(articles), tokenizer, limits)
    passages = [Passage.from_row(row) for row in rows.to_pylist()]
    ends = [sum(sizes[: n + 1]) for n in range(len(sizes))]
    return tuple(tuple(passages[end - size : end]) for end, size in zip(ends, sizes, strict=True))
