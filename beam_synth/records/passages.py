"""Passages of articles, their neighbours, and how a written row finds them again."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any, NamedTuple

import pyarrow as pa

from beam_synth.records.articles import LINKS, Link

PASSAGE_SCHEMA = pa.schema(
    [
        ("passage_id", pa.string()),  # 32 hex digits
        ("article_id", pa.string()),
        ("title", pa.string()),
        ("language", pa.string()),
        ("url", pa.string()),
        ("revision", pa.int64()),
        ("license", pa.string()),
        ("qid", pa.string()),
        ("path", pa.string()),  # expansion path, as in ARTICLE_REF_SCHEMA
        ("section", pa.string()),  # headings joined by " > "
        ("kind", pa.string()),  # prose | list | table | infobox
        ("index", pa.int32()),  # position within the section
        ("position", pa.int32()),  # within the article, in reading order
        ("text", pa.string()),
        ("sentences", pa.list_(pa.int32())),  # start offsets in characters; lines if not prose
        ("words", pa.int32()),
        ("tokens", pa.int32()),  # of the embedder, special tokens included
        ("links", LINKS),
        ("names", pa.list_(pa.string())),  # others, of article and links, by Wikidata; sorted
    ]
)

NEIGHBOR_SCHEMA = pa.schema(
    [
        ("passage_id", pa.string()),
        ("neighbors", pa.list_(pa.string())),  # passage ids, best first, never the passage itself
        ("scores", pa.list_(pa.float32())),  # cosine
    ]
)


@dataclasses.dataclass(frozen=True)
class Passage:
    """A piece of an article's section: a row of PASSAGE_SCHEMA, where the fields are explained."""

    passage_id: str
    article_id: str
    title: str
    language: str
    url: str
    revision: int | None
    license: str
    qid: str
    path: str
    section: str
    kind: str
    index: int
    text: str
    sentences: tuple[int, ...]
    words: int
    tokens: int
    links: tuple[Link, ...] = ()
    position: int = 0
    names: tuple[str, ...] = ()

    def sentence_texts(self) -> list[str]:
        """The passage's sentences (or lines), stripped, in order."""
        ends = (*self.sentences[1:], len(self.text))
        return [
            self.text[start:end].strip() for start, end in zip(self.sentences, ends, strict=True)
        ]

    @classmethod
    def from_row(cls, row: dict[str, Any]) -> Passage:
        """From a row as pyarrow gives it. Raises TypeError where a column is missing or unknown."""
        links = tuple(Link(**link) for link in row["links"] or ())
        lists = {"sentences": tuple(row["sentences"]), "names": tuple(row["names"] or ())}
        return cls(**{**row, **lists, "links": links})


FindPassage = Callable[[str], Passage]  # the passage of a text's sha256; raises KeyError


class PassageFile(NamedTuple):
    """A bucket's passages (PASSAGE_SCHEMA), sorted by id."""

    bucket: int  # number of the bucket, as `bucket_of` gives it
    path: str  # Parquet, relative to the run
    rows: int  # passages


class EmbeddedFile(NamedTuple):
    """A bucket's passages and their vectors, in the same order."""

    bucket: int
    path: str  # of the passages, relative to the run
    rows: int
    vectors: str  # float32[rows, d] as .npy, relative to the run


class JoinedFile(NamedTuple):
    """A bucket's passages and their neighbours, in the same order."""

    bucket: int
    path: str  # of the passages, relative to the run
    rows: int
    neighbors: str  # Parquet of NEIGHBOR_SCHEMA, relative to the run
