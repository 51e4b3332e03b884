"""Columns of articles: tables of bodies, the references to them, and which of two records wins.

Everything here works by column: a million references are a table of 13 columns, not a million
objects.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from operator import attrgetter
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from beam_synth.drawing import bucket_of, digest
from beam_synth.ingestion.wikipedia import words_of
from beam_synth.records import ARTICLE_REF_SCHEMA, ARTICLE_SCHEMA, Article, split_table
from beam_synth.storage.files import RunFolder
from beam_synth.storage.pieces import Piece, pieces_of

# A reference on its way to de-duplication: `content` is a hash of the flattened text.
KEYED_REF_SCHEMA = ARTICLE_REF_SCHEMA.append(pa.field("content", pa.binary()))
_SECTION = ARTICLE_SCHEMA.field("sections").type.value_type
_LINK = _SECTION.field("links").type.value_type
# Newest revision first, one without a revision last; then content, so that neither the order
# nor the cutting of files matters.
_PREFERENCE = [
    ("article_id", "ascending"),
    ("revision", "descending"),
    ("date_modified", "descending"),
    ("content", "ascending"),
    ("file", "ascending"),
    ("line", "ascending"),
]


def article_table(articles: Sequence[Article]) -> pa.Table:
    """Articles as a table of ARTICLE_SCHEMA, a row an article, built by column.

    Row by row, pyarrow would look every field of every link up by name.
    """
    columns = [
        pa.array([getattr(article, field.name) for article in articles], field.type)
        for field in ARTICLE_SCHEMA
        if field.name != "sections"
    ]
    sections = [section for article in articles for section in article.sections]
    links = [link for section in sections for link in section.links]
    link_values = [
        pa.array(list(map(attrgetter(field.name), links)), field.type) for field in _LINK
    ]
    values = [
        _lists([s.path for s in sections], pa.array([h for s in sections for h in s.path]), "path"),
        pa.array([section.kind for section in sections], pa.string()),
        pa.array([section.text for section in sections], pa.string()),
        _lists(
            [s.links for s in sections],
            pa.StructArray.from_arrays(link_values, fields=list(_LINK)),
            "links",
        ),
    ]
    struct = pa.StructArray.from_arrays(values, fields=list(_SECTION))
    offsets = _offsets([article.sections for article in articles])
    section_type = ARTICLE_SCHEMA.field("sections").type
    columns.append(pa.ListArray.from_arrays(offsets, struct, type=section_type))
    return pa.Table.from_arrays(columns, schema=ARTICLE_SCHEMA)


def _offsets(groups: Sequence[Sequence[Any]]) -> pa.Array:
    ends = np.cumsum([0, *map(len, groups)], dtype=np.int32)
    return pa.array(ends)


def _lists(groups: Sequence[Sequence[Any]], values: pa.Array, name: str) -> pa.Array:
    list_type = _SECTION.field(name).type
    return pa.ListArray.from_arrays(
        _offsets(groups), values.cast(list_type.value_type), type=list_type
    )


def content_hash(article: Article) -> bytes:
    """16 bytes of BLAKE2b over the title and all sections: equal for what readers see as equal."""
    hasher = hashlib.blake2b(article.title.encode(), digest_size=16)
    for section in article.sections:
        hasher.update("\0".join(("", *section.path, section.kind, section.text)).encode())
    return hasher.digest()


def ref_table(
    articles: Sequence[Article], places: Sequence[tuple[str, int]], part: str
) -> pa.Table:
    """References of KEYED_REF_SCHEMA to the rows of one part.

    Args:
        articles: those that the part holds, in the order of its rows.
        places: (input file, 1-based line) of each one.
        part: the body file, relative to the run.
    """
    same = ("article_id", "wiki", "language", "title", "qid", "revision", "date_modified")
    columns: dict[str, list[Any]] = {
        name: [getattr(article, name) for article in articles] for name in same
    }
    count = len(articles)
    columns["words"] = [words_of(article) for article in articles]
    columns["part"] = [part] * count
    columns["row"] = list(range(count))
    columns["file"] = [file for file, _ in places]
    columns["line"] = [line for _, line in places]
    columns["path"] = ["[]"] * count
    columns["names"] = [None] * count
    columns["content"] = [content_hash(article) for article in articles]
    return pa.table(columns, KEYED_REF_SCHEMA)


def partitions(refs: pa.Table, count: int) -> Iterator[tuple[int, pa.Table]]:
    """(partition, its references) by a hash of the article id; empty partitions are left out.

    All records of an article are in one of the `count` partitions, from whatever file they come.

    >>> refs = pa.table({"article_id": ["enwiki:1", "enwiki:2", "enwiki:1"]})
    >>> sorted(len(part) for _, part in partitions(refs, 1000))
    [1, 2]
    """
    ids = refs.column("article_id").to_pylist()
    keys = np.array([bucket_of(digest(name), count) for name in ids], dtype=np.int64)
    return split_table(refs, keys)


def write_refs(
    tables: Sequence[pa.Table], run: RunFolder, count: int
) -> Iterator[tuple[int, Piece]]:
    """Write references into one file, a record batch for each partition; (partition, piece) of
    each. A call that is retried writes another file."""
    if tables:
        yield from pieces_of(list(partitions(pa.concat_tables(tables), count)), run, "refs")


def newest(tables: Sequence[pa.Table]) -> tuple[pa.Table, list[dict[str, Any]]]:
    """The newest record of each article, by article id, and the others.

    In: tables of KEYED_REF_SCHEMA. Out: a table of ARTICLE_REF_SCHEMA, and for each record that
    lost: article_id, file, line, revision, and the winner's `kept_file`, `kept_line`,
    `kept_revision`. The highest revision wins, then the latest change, then the smallest hash,
    file and line: the result depends neither on the order of the tables nor on their number.
    """
    table = pa.concat_tables(tables)
    table = table.take(pc.sort_indices(table, sort_keys=_PREFERENCE))
    ids = table.column("article_id").combine_chunks()
    first = np.ones(len(table), dtype=bool)
    if len(table) > 1:
        first[1:] = pc.not_equal(ids[1:], ids[:-1]).to_numpy(zero_copy_only=False)
    kept = table.filter(pa.array(first))
    lost = table.filter(pa.array(~first))
    winners = kept.take(pa.array((np.cumsum(first) - 1)[~first]))
    names = ["article_id", "file", "line", "revision"]
    losers = lost.select(names).to_pylist()
    for row, winner in zip(losers, winners.select(names[1:]).to_pylist(), strict=True):
        row.update({f"kept_{name}": value for name, value in winner.items()})
    return kept.drop_columns(["content"]).cast(ARTICLE_REF_SCHEMA), losers
