"""Passages on their way: from the articles of a body file, over pieces, to a bucket's file.

A worker splits articles of all buckets. It writes what it has into one file with a record batch
for each bucket, and what flows on are (range of buckets, file): bodies go through no shuffle.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from beam_synth.drawing import bucket_of, digest
from beam_synth.knowledge.link_names import LinkNames, urls_of, wanted_by_part
from beam_synth.knowledge.passage_store import (
    bucket_tables,
    read_batches,
    write_passages,
)
from beam_synth.knowledge.passages import Limits, Tokenizer, split_articles
from beam_synth.records import (
    PassageFile,
    Reject,
    Tally,
    reject,
    runs_of_equal,
    split_table,
    unpack,
)
from beam_synth.storage.files import RunFolder
from beam_synth.storage.layout import part_path, passages_path
from beam_synth.storage.pieces import Piece, pieces_of, tables_of, tables_of_key, write_keyed

SPLIT = "SplitPassages"
_ARTICLES = 64  # articles that are split together
_RANGES = 256  # of buckets, at most: names of pieces grow with files times ranges
_PLACE = ["part", "row", "path", "article_id", "file", "line", "names"]


def places_of(packed: bytes) -> pa.Table:
    """What splitting needs of packed references (ARTICLE_REF_SCHEMA)."""
    return unpack(packed).select(_PLACE)


def write_places(
    tables: Sequence[pa.Table], run: RunFolder, groups: int
) -> Iterator[tuple[int, Piece]]:
    """Write places into one file, a record batch for each group of body files; (group, piece) of
    each. All articles of a body file are in one of the `groups`."""
    if tables:
        table = pa.concat_tables(tables)
        parts = table["part"].combine_chunks().dictionary_encode()
        numbers = [bucket_of(digest(name), groups) for name in parts.dictionary.to_pylist()]
        keys = np.array(numbers, np.int64)[parts.indices.to_numpy()]
        yield from pieces_of(list(split_table(table, keys)), run, "places")


def split_parts(
    run: RunFolder,
    pieces: Iterable[Piece],
    tokenizer: Tokenizer,
    limits: Limits,
    tally: Tally,
    links: Iterable[bytes] = (),
) -> Iterator[pa.Table | Reject]:
    """The passages (PASSAGE_SCHEMA) of a group of body files, some articles at a time.

    Args:
        run: where the body files lie, and the pieces.
        pieces: the group's places, as `write_places` gives them.
        tokenizer: counts the tokens that limit a passage.
        limits: the length band of passages.
        tally: gets the accounts of `SplitPassages`; in are articles, out are passages.
        links: the names of what the group's articles link to, as `linked_names` gives them.

    Articles without a passage are rejects.
    """
    named = LinkNames(links)
    for chosen, articles in _articles_of(run, pieces):
        paths, names = (chosen.column(name).to_pylist() for name in ("path", "names"))
        table, sizes = split_articles(articles, paths, tokenizer, limits, names)
        yield named.named(table)
        rejects = list(_no_passage(chosen, sizes))
        yield from rejects
        tally.add(SPLIT, "in", len(sizes))
        tally.add(SPLIT, "passed", len(sizes) - len(rejects))
        tally.add(SPLIT, "rejected", len(rejects), "no_passage")
        tally.add(SPLIT, "out", len(table))


def _articles_of(
    run: RunFolder, pieces: Iterable[Piece], columns: Sequence[str] | None = None
) -> Iterator[tuple[pa.Table, pa.Table]]:
    """(places, articles) of a group of body files, some articles at a time."""
    table = pa.concat_tables(tables_of(pieces, run))
    table = table.sort_by([("part", "ascending"), ("row", "ascending")])
    parts = table["part"].combine_chunks().dictionary_encode()
    for number, start, end in runs_of_equal(parts.indices.to_numpy()):
        refs = table.slice(start, end - start)
        with run.open(parts.dictionary[number].as_py()) as handle, pq.ParquetFile(handle) as file:
            yield from read_batches(file, refs, _ARTICLES, columns)


_LINK_TARGETS = ("article_id", "sections.list.element.links.list.element.url")


def linked_pages(
    group: tuple[int, Iterable[Piece]], run: RunFolder, parts: int
) -> Iterator[tuple[int, tuple[int, bytes]]]:
    """What the articles of a group of body files link to, as `wanted_by_part` gives it.

    Reads the targets of the bodies' links alone, and holds those of the group.
    """
    number, pieces = group
    links: dict[str, list[str]] = {}
    for _, articles in _articles_of(run, pieces, _LINK_TARGETS):
        ids, sections = (articles[name].to_pylist() for name in ("article_id", "sections"))
        links |= {i: urls_of(held) for i, held in zip(ids, sections, strict=True)}
    yield from wanted_by_part(links, number, parts)


def _no_passage(refs: pa.Table, sizes: Sequence[int]) -> Iterator[Reject]:
    for row, size in enumerate(sizes):
        if not size:
            ref = refs.slice(row, 1).to_pylist()[0]
            yield reject(
                "rejected",
                SPLIT,
                "no_passage",
                file=ref["file"],
                line=ref["line"],
                record_id=ref["article_id"],
            )


def write_pieces(
    tables: Sequence[pa.Table], run: RunFolder, buckets: int
) -> Iterator[tuple[int, str]]:
    """Write passages into one file, a record batch for each bucket; (range of buckets, file) of
    each range that has some.

    A call that is retried writes another file; one of the two flows on.
    """
    parts = bucket_tables(pa.concat_tables(tables), buckets) if tables else []
    if parts:
        path = write_keyed(parts, run, "passages")
        for number in sorted({bucket // _span(buckets) for bucket, _ in parts}):
            yield number, path


def no_pieces(buckets: int) -> list[tuple[int, str]]:
    """(range of buckets, "") of every range: with these, those without passages have files, too.

    >>> no_pieces(2)
    [(0, ''), (1, '')]
    """
    return [(number, "") for number in range(-(-buckets // _span(buckets)))]


def _span(buckets: int) -> int:
    """Buckets of one range."""
    return -(-buckets // _RANGES)


def merge_pieces(
    group: tuple[int, Iterable[str]], run: RunFolder, buckets: int, held_out: bool = False
) -> Iterator[PassageFile]:
    """Write the files of a range's buckets; parts where sections are yet to be held out.

    Args:
        group: (range of buckets, files that `write_pieces` wrote).
        run: where they lie.
        buckets: number of all.
        held_out: whether sections are yet to be held out.

    The bytes depend on the passages alone, not on the pieces. Holds one bucket in memory.
    """
    number, pieces = group
    paths = list(pieces)
    span = _span(buckets)
    for bucket in range(number * span, min((number + 1) * span, buckets)):
        split = part_path("split", f"{bucket:05d}.parquet")
        target = split if held_out else passages_path(bucket)
        with run.create(target) as handle:
            rows = write_passages(tables_of_key(bucket, paths, run), handle)
        yield PassageFile(bucket, target, rows)
