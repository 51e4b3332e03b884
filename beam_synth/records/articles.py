"""Articles and documents as ingestion flattens them, their Arrow schema, and references."""

from __future__ import annotations

import dataclasses
from typing import Literal

import pyarrow as pa

# The languages of the SYNTH dataset; a rule engine may know fewer or more.
LANGUAGES = ("en", "fr", "de", "es", "it", "pl", "nl", "la")
_NAMES = ("English", "French", "German", "Spanish", "Italian", "Polish", "Dutch", "Latin")


def language_name(code: str) -> str:
    """The English name of one of `LANGUAGES`; of another code the code itself.

    >>> language_name("nl"), language_name("xx")
    ('Dutch', 'xx')
    """
    return _NAMES[LANGUAGES.index(code)] if code in LANGUAGES else code


@dataclasses.dataclass(frozen=True)
class Link:
    """A link of a text: text[offset : offset + len(link.text)] == link.text."""

    offset: int  # in characters of the section's (or passage's) text
    text: str  # label, as it stands there
    url: str  # target


@dataclasses.dataclass(frozen=True)
class Section:
    """One heading's own text (not its children's), flattened."""

    path: tuple[str, ...]  # headings from the top, unique within the article (suffixed if not)
    kind: Literal["prose", "list", "table", "infobox"]
    text: str  # prose: paragraphs joined by a blank line; others: one item, row or field a line
    links: tuple[Link, ...] = ()


@dataclasses.dataclass(frozen=True)
class Article:
    """One article, flattened to text: a row of ARTICLE_SCHEMA."""

    article_id: str  # "<wiki>:<page id>", "enwiki:736"; of a document "<source>/<id>"
    wiki: str  # "enwiki"; "" for a document
    page_id: int  # 1 to 2**63 - 1; 0 for a document
    title: str
    language: str  # BCP-47; "simple" is "en"
    url: str  # "" for a document that has none
    revision: int | None  # larger is newer; None where the record has none
    date_modified: str  # RFC 3339 or ""
    license: str  # SPDX-like identifier, "CC-BY-SA-4.0"; "" when the record has none
    license_url: str
    qid: str  # Wikidata item or ""
    description: str  # one line, or ""
    sections: tuple[Section, ...]  # in reading order, at least one


LINKS = pa.list_(pa.struct([("offset", pa.int32()), ("text", pa.string()), ("url", pa.string())]))

ARTICLE_SCHEMA = pa.schema(
    [
        ("article_id", pa.string()),
        ("wiki", pa.string()),
        ("page_id", pa.int64()),
        ("title", pa.string()),
        ("language", pa.string()),
        ("url", pa.string()),
        ("revision", pa.int64()),
        ("date_modified", pa.string()),
        ("license", pa.string()),
        ("license_url", pa.string()),
        ("qid", pa.string()),
        ("description", pa.string()),
        (
            "sections",
            pa.list_(
                pa.struct(
                    [
                        ("path", pa.list_(pa.string())),
                        ("kind", pa.string()),
                        ("text", pa.string()),
                        ("links", LINKS),
                    ]
                )
            ),
        ),
    ]
)

# One row an article: what selection needs, and where the body lies.
ARTICLE_REF_SCHEMA = pa.schema(
    [
        ("article_id", pa.string()),
        ("wiki", pa.string()),
        ("language", pa.string()),
        ("title", pa.string()),
        ("qid", pa.string()),
        ("revision", pa.int64()),
        ("date_modified", pa.string()),
        ("words", pa.int32()),
        ("part", pa.string()),  # Parquet file of ARTICLE_SCHEMA, relative to the run
        ("row", pa.int32()),  # row in that file
        ("file", pa.string()),  # input file (and archive member), for messages
        ("line", pa.int64()),  # 1-based line (or row) in it
        ("path", pa.string()),  # JSON [[item, property, item], ...] from the core; "[]" for core
        ("names", pa.list_(pa.string())),  # what its item is called beside the title; null: unknown
    ]
)
