"""One input file of articles: bodies written in parts, references to them, and its accounts."""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Iterator
from typing import Any

import pyarrow.parquet as pq

from beam_synth.errors import Rejected
from beam_synth.ingestion.article_files import article_table, partitions, ref_table
from beam_synth.ingestion.lines import MAX_LINE_BYTES
from beam_synth.ingestion.reading import FileFault, Record, raw_of, read_records
from beam_synth.ingestion.wikipedia import article_id, parse_article
from beam_synth.records import Article, Reject, Tally, pack, reject
from beam_synth.storage.files import RunFolder, open_input
from beam_synth.storage.layout import part_path

OPEN = "OpenFiles"
READ = "ReadArticles"


@dataclasses.dataclass(frozen=True)
class ReadLimits:
    """What a worker holds while it reads a file: whichever of the first two comes first."""

    rows: int = 512  # articles in one body file, at most
    bytes: int = 8_000_000  # raw bytes in one body file, about
    line_bytes: int = MAX_LINE_BYTES  # longer lines are `line_too_long`
    partitions: int = 16  # of the references


def read_articles(
    run: RunFolder, path: str, limits: ReadLimits, tally: Tally
) -> Iterator[tuple[int, bytes] | Reject]:
    """Read a file: (partition, packed KEYED_REF_SCHEMA) of bodies that are on disk, and faults.

    The tally gets the accounts of two stages: `OpenFiles`, from files (an archive counts as its
    members) to records, bad ones included; and `ReadArticles`, from records to articles.
    Holds at most one body file in memory, as `limits` bound it. A body file gets a new name in
    every try, so a retried bundle leaves one that nothing refers to. Raises Fault where the
    storage fails, after the file could be opened.
    """
    accounts = _FileAccounts(tally)
    part = _Part()
    for record in _records(path, limits.line_bytes):
        fault = part.take(record, accounts)
        if fault is not None:
            yield fault
        if len(part.articles) >= limits.rows or part.bytes >= limits.bytes:
            yield from part.write(run, limits.partitions)
            part = _Part()
    if part.articles:
        yield from part.write(run, limits.partitions)


def missing_file(pattern: str, tally: Tally) -> Reject:
    """The error record of a pattern that names no file; it counts as a file that failed."""
    return _FileAccounts(tally).fault(FileFault(pattern, "unreadable_file", "no such file"))


def _records(path: str, line_bytes: int) -> Iterator[Record | FileFault]:
    try:
        handle = open_input(path)
    except OSError as error:
        yield FileFault(path, "unreadable_file", str(error))
        return
    with handle:
        yield from read_records(handle, path, line_bytes)


class _Part:
    """Articles that wait to be written into one body file."""

    def __init__(self) -> None:
        self.articles: list[Article] = []
        self.places: list[tuple[str, int]] = []
        self.bytes = 0

    def take(self, record: Record | FileFault, accounts: _FileAccounts) -> Reject | None:
        """Add a record's article, or give its fault."""
        if isinstance(record, FileFault):
            return accounts.fault(record)
        fault = accounts.enter(record)
        if fault is None:
            try:
                self._add(parse_article(record.value), record)
            except Rejected as error:
                fault = accounts.refuse(record, error)
        return fault

    def _add(self, article: Article, record: Record) -> None:
        self.articles.append(article)
        self.places.append((record.file, record.line))
        self.bytes += len(record.raw) or sum(len(section.text) for section in article.sections)

    def write(self, run: RunFolder, count: int) -> Iterator[tuple[int, bytes]]:
        """Write the bodies; their references by partition."""
        name = part_path("articles", f"{uuid.uuid4().hex}.parquet")
        with run.create(name) as handle:
            pq.write_table(
                article_table(self.articles), handle, compression="zstd", compression_level=1
            )
        refs = ref_table(self.articles, self.places, name)
        for key, table in partitions(refs, count):
            yield key, pack(table)


class _FileAccounts:
    """The accounts of one input file."""

    def __init__(self, tally: Tally) -> None:
        self._tally = tally
        self._file = ""

    def fault(self, fault: FileFault) -> Reject:
        """Count a file that gave no record."""
        self._tally.add(OPEN, "in")
        self._tally.add(OPEN, "failed", reason=fault.reason)
        return reject("failed", OPEN, fault.reason, fault.detail, file=fault.file)

    def enter(self, record: Record) -> Reject | None:
        """Count a record as input, and its file when it is a new one; returns its fault."""
        if record.file != self._file:
            self._file = record.file
            self._tally.add(OPEN, "in")
            self._tally.add(OPEN, "passed")
        self._tally.add(OPEN, "out")
        self._tally.add(READ, "in")
        if record.reason:
            return self.refuse(record, Rejected(record.reason, record.detail))
        return None

    def refuse(self, record: Record, error: Rejected) -> Reject:
        """Count a record as failed."""
        self._tally.add(READ, "failed", reason=error.reason)
        fault = reject(
            "failed",
            READ,
            error.reason,
            error.detail,
            file=record.file,
            line=record.line,
            record_id=article_id(record.value),
            raw=raw_of(record),
        )
        if not record.raw_sha256:
            return fault
        return dataclasses.replace(  # the raw bytes were cut before
            fault, raw_sha256=record.raw_sha256, raw_bytes=record.raw_bytes
        )


def older_revision(row: dict[str, Any]) -> Reject:
    """The error record of an article of which a newer record is kept.

    `row` is one of those that lost in `article_files.newest`.
    """
    kept = f"{row['kept_file']}, line {row['kept_line']}"
    detail = f"revision {row['revision']}; kept is revision {row['kept_revision']} ({kept})"
    return reject(
        "failed",
        READ,
        "duplicate_article",
        detail,
        file=row["file"],
        line=row["line"],
        record_id=row["article_id"],
    )
