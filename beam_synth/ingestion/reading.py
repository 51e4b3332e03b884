"""Raw records of input files: JSON lines, JSON documents and Parquet, in every container.

Damage is data: a line that cannot be used, and the place where a truncated file broke, are
records with a reason; a file (or archive member) without any record is a `FileFault`. Memory is
bounded by the longest line allowed.
"""

from __future__ import annotations

import datetime
import gzip
import itertools
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, BinaryIO, NamedTuple

import orjson

from beam_synth.errors import Rejected
from beam_synth.ingestion.containers import (
    BROKEN,
    Chunks,
    ParquetMember,
    Source,
    Unreadable,
    error_line,
    open_members,
    raise_if_storage,
)
from beam_synth.ingestion.lines import MAX_LINE_BYTES, RawLine, documents, split_lines
from beam_synth.ingestion.wikipedia import FIELDS, decode_json

_CHUNK = 256 * 1024  # bytes asked of a decompressor at a time
_LINE_NAMES = (".jsonl", ".ndjson", ".jsonlines")
_JSON_START = re.compile(rb"\s*(?:\{|\[\s*[{\]])")
_PARQUET_ROWS = 64


class Record(NamedTuple):
    """One record of one file: a parsed JSON value, or why there is none."""

    file: str  # path, and "!member" for archives
    line: int  # 1-based line, or row in Parquet
    value: Any  # what the JSON says; None where `reason` is set
    raw: bytes = b""  # b"" for Parquet rows
    reason: str = ""  # malformed_json | invalid_utf8 | line_too_long | truncated_file
    detail: str = ""
    raw_bytes: int = 0  # with raw_sha256: of the whole, where `raw` is cut
    raw_sha256: str = ""


class FileFault(NamedTuple):
    """A file or archive member that gave no record."""

    file: str  # path, and "!member" for archives
    reason: str  # empty_file | unreadable_file
    detail: str


def read_records(
    handle: BinaryIO, path: str, max_line_bytes: int = MAX_LINE_BYTES
) -> Iterator[Record | FileFault]:
    """All records of an open, seekable file (not decompressed), in file order.

    The records of one file or member follow each other. `path` is for messages, and its ending
    tells the kind of file. Lines of more than `max_line_bytes` become `line_too_long`. Raises
    Fault when the storage, not the data, fails.

    >>> import io
    >>> records = read_records(io.BytesIO(b'{"name": "A"}\\n{"name"\\n'), "a.jsonl")
    >>> [(record.line, record.value, record.reason) for record in records]
    [(1, {'name': 'A'}, ''), (2, None, 'malformed_json')]
    """
    opened = open_members(handle, path)
    seen = broken = False
    while True:
        try:
            member = next(opened, None)
        except BROKEN as error:
            raise_if_storage(error, path)
            if not broken:
                yield _container_fault(error, path, seen)
            return
        if member is None:
            return
        seen = True
        name, source = member
        for record in _read_member(source, name, max_line_bytes):
            broken = record.reason == "truncated_file"
            yield record


def raw_of(record: Record) -> bytes:
    """The record's bytes for an error message; a Parquet row as JSON.

    >>> raw_of(Record("a.parquet", 1, {"name": "A"}))
    b'{"name":"A"}'
    """
    if record.raw or record.value is None:
        return record.raw
    return orjson.dumps(record.value, default=str, option=orjson.OPT_NON_STR_KEYS)


def _container_fault(error: Exception, path: str, seen: bool) -> Record | FileFault:
    if seen or isinstance(error, EOFError):
        return Record(path, 1, None, reason="truncated_file", detail=error_line(error))
    return FileFault(path, "unreadable_file", error_line(error))


def _read_member(source: Source, name: str, limit: int) -> Iterator[Record | FileFault]:
    if isinstance(source, Unreadable):
        yield FileFault(name, "unreadable_file", source.detail)
        return
    records: Iterator[Record | FileFault]
    if isinstance(source, ParquetMember):
        records = _parquet_records(source, name)
    else:
        records = _json_records(source, name, limit)
    empty = True
    for record in records:
        empty = False
        yield record
    if empty:
        yield FileFault(name, "empty_file", "it holds no line or row")


# ---------------------------------------------------------------- text


class _Feed:
    """The chunks of a source up to its end, or to where it broke (`error`)."""

    def __init__(self, source: Chunks, name: str) -> None:
        self._source, self._name = source, name
        self.error: Exception | None = None

    def __iter__(self) -> Iterator[bytes]:
        try:
            while chunk := self._source.read1(_CHUNK):
                yield chunk
        except BROKEN as error:
            raise_if_storage(error, self._name)
            self.error = error


def _json_records(source: Chunks, name: str, limit: int) -> Iterator[Record | FileFault]:
    feed = _Feed(source, name)
    chunks = iter(feed)
    first = b""
    while b"\n" not in first and len(first) < _CHUNK and (chunk := next(chunks, b"")):
        first += chunk
    if not first and isinstance(feed.error, gzip.BadGzipFile):
        yield FileFault(name, "unreadable_file", error_line(feed.error))
        return
    first = first.removeprefix(b"\xef\xbb\xbf")
    split = _splitter(first, name)
    if split is None:
        yield FileFault(name, "unreadable_file", "neither its name nor its start says JSON")
        return
    number, torn = 1, None
    for line in split(itertools.chain([first], chunks), limit):
        number = line.number
        if feed.error and not line.whole:
            torn = line
        else:
            yield _line_record(line, name)
            number += line.data.count(b"\n") + 1
    if feed.error:
        yield _truncated_record(torn or RawLine(number, b""), name, feed.error)


def _line_record(line: RawLine, name: str) -> Record:
    if line.size:
        detail = f"{line.size} bytes"
        raw = (line.data, "line_too_long", detail, line.size, line.sha256)
        return Record(name, line.number, None, *raw)
    try:
        return Record(name, line.number, decode_json(line.data), line.data)
    except Rejected as fault:
        return Record(name, line.number, None, line.data, fault.reason, fault.detail)


def _truncated_record(line: RawLine, name: str, error: Exception) -> Record:
    raw = (line.data, "truncated_file", error_line(error), line.size, line.sha256)
    return Record(name, line.number, None, *raw)


def _splitter(
    first: bytes, name: str
) -> Callable[[Iterable[bytes], int], Iterator[RawLine]] | None:
    """How to cut a text into records; None if it is no JSON.

    JSON lines by name, or where the first line looks like a whole object; else a document: one
    object or an array, over many lines.
    """
    bare = name.lower().removesuffix(".gz").removesuffix(".bz2")
    start = first.lstrip()
    if not start or bare.endswith(_LINE_NAMES):
        return split_lines
    if not _JSON_START.match(start):
        return split_lines if bare.endswith(".json") else None
    head, newline, _ = start.partition(b"\n")
    whole = start[:1] == b"{" and (not newline or head.rstrip().endswith(b"}"))
    return split_lines if whole else documents


# ---------------------------------------------------------------- Parquet


def _parquet_records(table: ParquetMember, name: str) -> Iterator[Record | FileFault]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(table.handle)
    except (pa.ArrowException, OSError) as error:
        raise_if_storage(error, name)
        yield FileFault(name, "unreadable_file", error_line(error))
        return
    columns = [column for column in file.schema_arrow.names if column in FIELDS]
    number = 0
    try:
        for batch in file.iter_batches(_PARQUET_ROWS, columns=columns or None):
            for row in batch.to_pylist():
                number += 1
                yield Record(name, number, _with_text_times(row))
    except (pa.ArrowException, OSError) as error:
        raise_if_storage(error, name)
        yield Record(name, number + 1, None, b"", "truncated_file", error_line(error))


def _with_text_times(row: dict[str, Any]) -> dict[str, Any]:
    """The row itself; its times become RFC 3339 text, as in JSON."""
    for key, value in row.items():
        if isinstance(value, datetime.datetime):
            utc = value.astimezone(datetime.UTC) if value.tzinfo else value
            row[key] = utc.strftime("%Y-%m-%dT%H:%M:%SZ")
    return row
