"""Raw records of input files: JSON, CSV, Parquet and Arrow, in every container.

Damage is data: a line that cannot be used, and the place where a truncated file broke, are
records with a reason; a file (or archive member) without any record is a `FileFault`. Memory is
bounded by the longest line allowed.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import BinaryIO

import orjson

from beam_synth.errors import Rejected
from beam_synth.ingestion.compressed import NoStream, TrailingBytes
from beam_synth.ingestion.containers import (
    BROKEN,
    ArrowMember,
    Chunks,
    ParquetMember,
    Source,
    Unreadable,
    error_line,
    open_members,
    raise_if_storage,
)
from beam_synth.ingestion.csv_rows import CsvRows, delimiter_of
from beam_synth.ingestion.first_bytes import BINARY, HEAD, WHAT_IS_READ, looks_like, shown
from beam_synth.ingestion.lines import MAX_LINE_BYTES, RawLine, csv_lines
from beam_synth.ingestion.raw_records import FileFault, InputRecord, too_long
from beam_synth.ingestion.tabular import tabular_records
from beam_synth.ingestion.text_formats import Split, edged, holds_json, in_utf8, splitter
from beam_synth.ingestion.wikipedia import decode_json

_CHUNK = 256 * 1024  # bytes asked of a decompressor at a time
_CONVERT = "; text in another encoding, such as Latin-1, has to be converted to UTF-8 first"
_Records = Callable[[RawLine], Iterable[InputRecord | FileFault]]


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
            broken = record.reason in ("truncated_file", "trailing_bytes")
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
        return _damage_record(RawLine(1, b""), path, error)
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
    if not first and isinstance(feed.error, NoStream):
        yield FileFault(name, "unreadable_file", str(feed.error))
        return
    first, chunks = in_utf8(first, chunks)
    if looks_like(first[:HEAD]) == BINARY:
        while len(first) < _CHUNK and (chunk := next(chunks, b"")):
            first += chunk
        if not holds_json(first):
            yield FileFault(name, "unreadable_file", f"it looks like {BINARY}; {WHAT_IS_READ}")
            return
    split, records_of = _format(first, name, limit)
    if split is None:
        yield FileFault(name, "unreadable_file", f"it looks like {shown(first)}; {WHAT_IS_READ}")
        return
    number, torn = 1, None
    for line in split(itertools.chain([first], chunks), limit):
        number = line.number
        if feed.error and not line.whole and not isinstance(feed.error, TrailingBytes):
            torn = line
            continue
        for record in records_of(line):
            yield record
            if isinstance(record, FileFault):
                return
        number += line.data.count(b"\n") + 1
    if feed.error:
        yield _damage_record(torn or RawLine(number, b""), name, feed.error)


def _format(first: bytes, name: str, limit: int) -> tuple[Split | None, _Records]:
    """How a text is cut into lines, and what records a line holds."""
    delimiter = delimiter_of(name, first)
    if delimiter:
        return csv_lines, CsvRows(name, delimiter, limit).records
    return splitter(first, name), lambda line: _json_records(line, name, limit)


def _json_records(line: RawLine, name: str, limit: int) -> list[InputRecord]:
    """The record of a line; none of one that is nothing but padding."""
    if line.size:
        return [too_long(line, name, limit)]
    try:
        return [InputRecord(name, line.number, decode_json(line.data), line.data)]
    except Rejected as error:
        fault = error
    data = edged(line.data)
    if len(data) < len(line.data):
        return _json_records(RawLine(line.number, data), name, limit) if data else []
    detail = fault.detail + (_CONVERT if fault.reason == "invalid_utf8" else "")
    return [InputRecord(name, line.number, None, data, fault.reason, detail)]


def _damage_record(line: RawLine, name: str, error: Exception) -> InputRecord:
    """What is left of a line where the data broke off, and how."""
    reason, detail = "truncated_file", error_line(error)
    if isinstance(error, TrailingBytes):
        what = looks_like(error.head)
        reason, detail = "trailing_bytes", f"{error}, {what}" if what else str(error)
    raw = (line.data, reason, detail, line.size, line.sha256)
    return InputRecord(name, line.number, None, *raw)
