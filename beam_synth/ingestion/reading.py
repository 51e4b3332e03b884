"""Raw records of input files: JSON, CSV, Parquet and Arrow, in every container.

Damage is data: a line that cannot be used, and the place where a truncated file broke, are
records with a reason; a file (or archive member) without any record is a `FileFault`. Memory is
bounded by the longest line allowed.
"""

from __future__ import annotations

import gzip
import itertools
import re
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import BinaryIO

import orjson

from beam_synth.errors import Rejected
from beam_synth.ingestion.containers import (
    BROKEN,
    ArrowMember,
    Chunks,
    ParquetMember,
    Source,
    Unreadable,
    bare_name,
    error_line,
    open_members,
    raise_if_storage,
)
from beam_synth.ingestion.csv_rows import CsvRows, delimiter_of
from beam_synth.ingestion.lines import MAX_LINE_BYTES, RawLine, csv_lines, documents, split_lines
from beam_synth.ingestion.raw_records import FileFault, InputRecord, too_long
from beam_synth.ingestion.tabular import tabular_records
from beam_synth.ingestion.wikipedia import decode_json

_CHUNK = 256 * 1024  # bytes asked of a decompressor at a time
_LINE_NAMES = (".jsonl", ".ndjson", ".jsonlines")
_Split = Callable[[Iterable[bytes], int], Iterator[RawLine]]
_Records = Callable[[RawLine], Iterable[InputRecord | FileFault]]
_JSON_START = re.compile(rb"\s*(?:\{|\[\s*[{\]])")


def read_records(
    handle: BinaryIO,
    path: str,
    max_line_bytes: int = MAX_LINE_BYTES,
    columns: Collection[str] | None = None,
) -> Iterator[InputRecord | FileFault]:
    """All records of an open, seekable file (not decompressed), in file order.

    The records of one file or member follow each other. `path` is for messages, and its ending
    tells the kind of file. Lines of more than `max_line_bytes` become `line_too_long`. Of Parquet
    and Arrow only `columns` are read (None: all of them). Raises Fault when the storage, not the
    data, fails.

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
        for record in _read_member(source, name, max_line_bytes, columns):
            broken = record.reason == "truncated_file"
            yield record


def raw_of(record: InputRecord) -> bytes:
    """The record's bytes for an error message; a Parquet row as JSON.

    >>> raw_of(InputRecord("a.parquet", 1, {"name": "A"}))
    b'{"name":"A"}'
    """
    if record.raw or record.value is None:
        return record.raw
    return orjson.dumps(record.value, default=str, option=orjson.OPT_NON_STR_KEYS)


def _container_fault(error: Exception, path: str, seen: bool) -> InputRecord | FileFault:
    if seen or isinstance(error, EOFError):
        return InputRecord(path, 1, None, reason="truncated_file", detail=error_line(error))
    return FileFault(path, "unreadable_file", error_line(error))


def _read_member(
    source: Source, name: str, limit: int, columns: Collection[str] | None
) -> Iterator[InputRecord | FileFault]:
    if isinstance(source, Unreadable):
        yield FileFault(name, "unreadable_file", source.detail)
        return
    records: Iterator[InputRecord | FileFault]
    if isinstance(source, ParquetMember | ArrowMember):
        records = tabular_records(source, name, columns)
    else:
        records = _text_records(source, name, limit)
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


def _text_records(source: Chunks, name: str, limit: int) -> Iterator[InputRecord | FileFault]:
    feed = _Feed(source, name)
    chunks = iter(feed)
    first = b""
    while b"\n" not in first and len(first) < _CHUNK and (chunk := next(chunks, b"")):
        first += chunk
    if not first and isinstance(feed.error, gzip.BadGzipFile):
        yield FileFault(name, "unreadable_file", error_line(feed.error))
        return
    first = first.removeprefix(b"\xef\xbb\xbf")
    split, records_of = _format(first, name, limit)
    if split is None:
        yield FileFault(name, "unreadable_file", "neither its name nor its start says JSON or CSV")
        return
    number, torn = 1, None
    for line in split(itertools.chain([first], chunks), limit):
        number = line.number
        if feed.error and not line.whole:
            torn = line
            continue
        for record in records_of(line):
            yield record
            if isinstance(record, FileFault):
                return
        number += line.data.count(b"\n") + 1
    if feed.error:
        yield _truncated_record(torn or RawLine(number, b""), name, feed.error)


def _format(first: bytes, name: str, limit: int) -> tuple[_Split | None, _Records]:
    """How a text is cut into lines, and what records a line holds."""
    delimiter = delimiter_of(name)
    if delimiter:
        return csv_lines, CsvRows(name, delimiter, limit).records
    return _splitter(first, name), lambda line: [_json_record(line, name)]


def _json_record(line: RawLine, name: str) -> InputRecord:
    if line.size:
        return too_long(line, name)
    try:
        return InputRecord(name, line.number, decode_json(line.data), line.data)
    except Rejected as fault:
        return InputRecord(name, line.number, None, line.data, fault.reason, fault.detail)


def _truncated_record(line: RawLine, name: str, error: Exception) -> InputRecord:
    raw = (line.data, "truncated_file", error_line(error), line.size, line.sha256)
    return InputRecord(name, line.number, None, *raw)


def _splitter(first: bytes, name: str) -> _Split | None:
    """How to cut a text into records; None if it is no JSON.

    JSON lines by name, or where the first line looks like a whole object; else a document: one
    object or an array, over many lines.
    """
    bare = bare_name(name)
    start = first.lstrip()
    if not start or bare.endswith(_LINE_NAMES):
        return split_lines
    if not _JSON_START.match(start):
        return split_lines if bare.endswith(".json") else None
    head, newline, _ = start.partition(b"\n")
    whole = start[:1] == b"{" and (not newline or head.rstrip().endswith(b"}"))
    return split_lines if whole else documents
