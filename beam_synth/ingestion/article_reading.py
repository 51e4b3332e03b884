"""One input file of articles or documents: bodies written in parts, and references to them."""

from __future__ import annotations

import dataclasses
import uuid
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from beam_synth.errors import Rejected
from beam_synth.ingestion.altered import Altered
from beam_synth.ingestion.article_files import article_table, ref_table
from beam_synth.ingestion.documents import document_id, parse_document
from beam_synth.ingestion.file_accounts import FileAccounts, Stages, records_in
from beam_synth.ingestion.lines import MAX_LINE_BYTES
from beam_synth.ingestion.raw_records import FileFault, InputRecord
from beam_synth.ingestion.row_sources import RowSource
from beam_synth.ingestion.wikipedia import FIELDS, article_id, parse_article
from beam_synth.records import Article, Reject, Tally, reject
from beam_synth.storage.files import RunFolder
from beam_synth.storage.layout import part_path

ARTICLE_STAGES = Stages("OpenFiles", "ReadArticles")
DOCUMENT_STAGES = Stages("OpenDocuments", "ReadDocuments")


@dataclasses.dataclass(frozen=True)
class ReadLimits:
    """What a worker holds while it reads a file: whichever of the first two comes first."""

    rows: int = 512  # articles in one body file, at most
    bytes: int = 8_000_000  # raw bytes in one body file, about
    line_bytes: int = MAX_LINE_BYTES  # longer lines are `line_too_long`
    partitions: int = 64  # of the references


def row_limits(line_bytes: int = MAX_LINE_BYTES) -> ReadLimits:
    """Those of files whose rows are small beside articles."""
    return ReadLimits(rows=4096, line_bytes=line_bytes)


@dataclasses.dataclass(frozen=True)
class ArticleKind:
    """What the records of a file become articles by."""

    stages: Stages
    # Of a record's value; adds what it removed of markup, by kind. Raises Rejected.
    parse: Callable[[Any, Counter[str]], Article]
    id_of: Callable[[Any], str]  # of a record's value, "" where it cannot be told
    columns: Collection[str]  # those that are read

    def article(self, value: Any, altered: Altered) -> Article:
        """The article of a record's value, its control tokens neutral. Raises Rejected."""
        return altered.article(self.parse(value, altered.removed))


ARTICLES = ArticleKind(ARTICLE_STAGES, parse_article, article_id, FIELDS)


def article_kind(source: RowSource | None) -> ArticleKind:
    """How files of a source of documents are read; of none, files of articles."""
    if source is None:
        return ARTICLES
    return ArticleKind(
        DOCUMENT_STAGES,
        lambda value, _: parse_document(value, source),
        lambda value: document_id(value, source),
        frozenset(source.columns.values()),
    )


def read_articles(
    run: RunFolder, path: str, limits: ReadLimits, tally: Tally, kind: ArticleKind = ARTICLES
) -> Iterator[pa.Table | Reject]:
    """Read a file: references (KEYED_REF_SCHEMA) to bodies that are on disk, and faults.

    The tally gets the accounts of the kind's two stages, and the figures of what the articles lost
    or had changed (`Altered.figures`). Holds at most one body file in memory, as
    `limits` bound it. A body file gets a new name in every try, so a retried bundle leaves one that
    nothing refers to. Raises Fault where the storage fails, after the file could be opened.
    """
    accounts = FileAccounts(tally, kind.stages, kind.id_of)
    altered = Altered()
    part = _Part(kind, altered)
    for record in records_in(path, limits.line_bytes, kind.columns):
        fault = part.take(record, accounts)
        if fault is not None:
            yield fault
        if len(part.articles) >= limits.rows or part.bytes >= limits.bytes:
            yield part.write(run)
            part = _Part(kind, altered)
    if part.articles:
        yield part.write(run)
    tally.figures.update(altered.figures())


class _Part:
    """Articles that wait to be written into one body file."""

    def __init__(self, kind: ArticleKind, altered: Altered) -> None:
        self._kind, self._altered = kind, altered
        self.articles: list[Article] = []
        self.places: list[tuple[str, int]] = []
        self.bytes = 0

    def take(self, record: InputRecord | FileFault, accounts: FileAccounts) -> Reject | None:
        """Add a record's article, or give its fault."""
        if isinstance(record, FileFault):
            return accounts.fault(record)
        fault = accounts.enter(record)
        if fault is None:
            try:
                self._add(self._kind.article(record.value, self._altered), record)
            except Rejected as error:
                fault = accounts.refuse(record, error)
        return fault

    def _add(self, article: Article, record: InputRecord) -> None:
        self.articles.append(article)
        self.places.append((record.file, record.line))
        self.bytes += len(record.raw) or sum(len(section.text) for section in article.sections)

    def write(self, run: RunFolder) -> pa.Table:
        """Write the bodies; the references to them."""
        name = part_path("articles", f"{uuid.uuid4().hex}.parquet")
        with run.create(name) as handle:
            pq.write_table(
                article_table(self.articles), handle, compression="zstd", compression_level=1
            )
        return ref_table(self.articles, self.places, name)


def older_revision(row: dict[str, Any], stages: Stages) -> Reject:
    """The error record of an article of which a newer record is kept, or of a document whose id
    another one has.

    `row` is one of those that lost in `article_files.newest`.
    """
    kept = f"{row['kept_file']}, line {row['kept_line']}"
    if stages == ARTICLE_STAGES:
        reason = "duplicate_article"
        detail = f"revision {row['revision']}; kept is revision {row['kept_revision']} ({kept})"
    else:
        reason, detail = "duplicate_id", f"kept is {kept}"
    return reject(
        "failed",
        stages.read,
        reason,
        detail,
        file=row["file"],
        line=row["line"],
        record_id=row["article_id"],
    )
