"""CSV: rows as Python's csv module reads them, and no line lost where a file is damaged."""

from __future__ import annotations

import bz2
import csv
import gzip
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beam_synth.ingestion.lines import csv_lines
from beam_synth.ingestion.raw_records import FileFault, InputRecord
from beam_synth.ingestion.reading import read_records


def read(data: bytes, name: str = "a.csv", limit: int = 1000) -> list[InputRecord | FileFault]:
    return list(read_records(io.BytesIO(data), name, limit))


def told(data: bytes, name: str = "a.csv", limit: int = 1000) -> list[tuple[int, object]]:
    return [
        (record.line, record.reason or record.value)
        for record in read(data, name, limit)
        if isinstance(record, InputRecord)
    ]


def test_rows_are_numbered_by_their_first_line() -> None:
    data = b'\xef\xbb\xbfid,text\r\n1,"one\r\n\r\ntwo"\r\n\r\n2,"a ""b"" c"\r\n3,'
    assert told(data) == [
        (2, {"id": "1", "text": "one\r\n\r\ntwo"}),
        (6, {"id": "2", "text": 'a "b" c'}),
        (7, {"id": "3", "text": None}),
    ]


@pytest.mark.parametrize(
    ("name", "pack"), [("a.csv.gz", gzip.compress), ("a.csv.bz2", bz2.compress)]
)
def test_compressed_and_tab_separated(name: str, pack: object) -> None:
    assert callable(pack)
    assert told(pack(b"id,text\n1,one\n"), name) == [(2, {"id": "1", "text": "one"})]
    assert told(b"id\ttext\n1\ta,b\n", "a.tsv") == [(2, {"id": "1", "text": "a,b"})]


def test_each_damage_is_a_record_and_the_others_stay() -> None:
    lines = [
        b"id,text",
        b"1,one",
        b"2,two,three",
        b"3,\xff",
        b"4,four",
        b"5," + b"x" * 99,
        b"6,six",
    ]
    assert told(b"\n".join(lines), limit=50) == [
        (2, {"id": "1", "text": "one"}),
        (3, "malformed_row"),
        (4, "invalid_utf8"),
        (5, {"id": "4", "text": "four"}),
        (6, "line_too_long"),
        (7, {"id": "6", "text": "six"}),
    ]


def test_a_stray_quotation_mark_is_a_character() -> None:
    data = b'id,text\n1,a 3" pipe\n2,two\n3,a 5" pipe\n4,four\n'
    assert [value for _, value in told(data)] == [
        {"id": "1", "text": 'a 3" pipe'},
        {"id": "2", "text": "two"},
        {"id": "3", "text": 'a 5" pipe'},
        {"id": "4", "text": "four"},
    ]


def test_an_open_quotation_is_told_with_all_that_it_took() -> None:
    (record,) = read(b'id,text\n1,"one\n2,two\n')
    assert isinstance(record, InputRecord)
    assert (record.line, record.reason, record.raw) == (2, "malformed_row", b'1,"one\n2,two\n')


def test_an_open_quotation_ends_where_the_limit_is() -> None:
    rows = b"".join(b"%d,row\n" % number for number in range(2, 40))
    found = told(b'id,text\n1,"one\n' + rows, limit=60)
    assert found[0] == (2, "line_too_long")
    assert found[-1] == (40, {"id": "39", "text": "row"})


@pytest.mark.parametrize(
    ("data", "reason", "detail"),
    [
        (b"", "empty_file", ""),
        (b"id,text\n", "empty_file", "no line or row"),
        (b"id,id\n1,2\n", "unreadable_file", "its header names a column twice"),
        (b"id,\xff\n1,2\n", "unreadable_file", "its header: invalid_utf8"),
    ],
)
def test_a_file_without_rows_or_header(data: bytes, reason: str, detail: str) -> None:
    (fault,) = read(data)
    assert isinstance(fault, FileFault)
    assert fault.reason == reason
    assert detail in fault.detail


def test_a_truncated_file_keeps_the_rows_before() -> None:
    body = b"id,text\n" + b"".join(b"%d,%d\n" % (n, n * 7919 % 104729) for n in range(5000))
    found = told(gzip.compress(body)[:-2000], "a.csv.gz")
    assert [value for _, value in found[:2]] == [
        {"id": "0", "text": "0"},
        {"id": "1", "text": "7919"},
    ]
    assert found[-1][1] == "truncated_file"


FIELD = st.text(alphabet='ab",\n \r', max_size=6)


@given(st.lists(st.tuples(FIELD, FIELD), min_size=1, max_size=8), st.integers(1, 9))
def test_what_csv_writes_is_read_back(rows: list[tuple[str, str]], step: int) -> None:
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerows([("first", "second"), *rows])
    data = out.getvalue().encode()
    found = [value for _, value in told(data)]
    assert found == [{"first": a or None, "second": b or None} for a, b in rows]
    chunks = [data[at : at + step] for at in range(0, len(data), step)]
    assert list(csv_lines(chunks)) == list(csv_lines([data]))
