"""CSV and TSV: a header, then a record a row (RFC 4180), quoted fields over several lines too."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

from beam_synth.ingestion.containers import bare_name
from beam_synth.ingestion.lines import RawLine
from beam_synth.ingestion.raw_records import FileFault, InputRecord, too_long

_DELIMITERS = {".csv": ",", ".tsv": "\t"}
_OTHERS = ("\t", ";", ",")
_JSON_LINE = re.compile(rb'\s*(?:\{\s*"[^"]*"\s*:|\{\s*$|\[\s*(?:\{|$))')


def delimiter_of(name: str, first: bytes = b"") -> str:
    r"""What separates the fields of a file of that name; "" where it is no CSV.

    `first` is how the file begins: what it holds goes before what its name says.

    >>> delimiter_of("a.csv.gz"), delimiter_of("a.tsv"), delimiter_of("a.jsonl")
    (',', '\t', '')
    >>> delimiter_of("a.csv", b"id;text\n"), delimiter_of("a.csv", b'{"id": 1}\n')
    (';', '')
    """
    named = _DELIMITERS.get(bare_name(name)[-4:], "")
    header = first.split(b"\n", 1)[0]
    if not named or _JSON_LINE.match(header):
        return ""
    if named.encode() in header:
        return named
    return next((each for each in _OTHERS if each.encode() in header), named)


class CsvRows:
    """Makes records of the rows of one file; its first row is the header.

    An empty field is None.

    >>> rows = CsvRows("a.csv", ",", limit=100)
    >>> list(rows.records(RawLine(1, b"id,text")))
    []
    >>> [record.value for record in rows.records(RawLine(2, b'7,"one, two"'))]
    [{'id': '7', 'text': 'one, two'}]
    """

    def __init__(self, name: str, delimiter: str, limit: int) -> None:
        self._name, self._delimiter, self._limit = name, delimiter, limit
        self._header: list[str] = []
        csv.field_size_limit(max(csv.field_size_limit(), limit))  # its default is 128 KB

    def records(self, line: RawLine) -> Iterator[InputRecord | FileFault]:
        """The rows of a piece that `csv_lines` cut; usually one.

        A FileFault where the header cannot be used: then nothing of the file can.
        """
        if line.size:
            yield too_long(line, self._name, self._limit)
            return
        try:
            text = line.data.decode("utf-8")
        except UnicodeDecodeError as error:
            detail = f"byte {error.start + 1}: {error.reason}"
            yield self._damaged(line, "invalid_utf8", detail)
            return
        # A quotation that is not closed would take all that follows for one field.
        strict = bool(line.data.count(b'"') % 2)
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=self._delimiter, strict=strict)
        start = 0
        try:
            for row in reader:
                yield from self._record(row, line, line.number + start)
                start = reader.line_num
        except csv.Error as error:
            yield self._damaged(line, "malformed_row", str(error))

    def _record(
        self, row: list[str], line: RawLine, number: int
    ) -> Iterator[InputRecord | FileFault]:
        if not self._header:
            self._header = row
            if len(set(row)) < len(row):
                yield FileFault(self._name, "unreadable_file", "its header names a column twice")
        elif len(row) == len(self._header):
            values = (field or None for field in row)
            record = dict(zip(self._header, values, strict=True))
            yield InputRecord(self._name, number, record, line.data)
        elif row:
            detail = f"{len(row)} fields, the header has {len(self._header)}"
            yield InputRecord(self._name, number, None, line.data, "malformed_row", detail)

    def _damaged(self, line: RawLine, reason: str, detail: str) -> InputRecord | FileFault:
        if not self._header:
            return FileFault(self._name, "unreadable_file", f"its header: {reason}: {detail}")
        return InputRecord(self._name, line.number, None, line.data, reason, detail)
