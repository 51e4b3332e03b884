"""Rows of Arrow and Parquet files: both kinds of Arrow, chosen columns, and damage by the row."""

from __future__ import annotations

import io

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from beam_synth.ingestion.raw_records import FileFault, InputRecord
from beam_synth.ingestion.reading import read_records

TABLE = pa.table({"id": list(range(200)), "text": [f"text {n}" for n in range(200)]})


def written(kind: str, table: pa.Table = TABLE) -> bytes:
    sink = io.BytesIO()
    if kind == "parquet":
        pq.write_table(table, sink)
        return sink.getvalue()
    new = pa.ipc.new_stream if kind == "stream" else pa.ipc.new_file
    with new(sink, table.schema) as writer:
        writer.write_table(table, max_chunksize=70)
    return sink.getvalue()


def name_of(kind: str) -> str:
    return "a.parquet" if kind == "parquet" else "a.arrow"


@pytest.mark.parametrize("kind", ["stream", "file", "parquet"])
def test_rows_are_numbered_and_columns_chosen(kind: str) -> None:
    found = list(read_records(io.BytesIO(written(kind)), name_of(kind), columns={"text", "none"}))
    assert found == [InputRecord(name_of(kind), n + 1, {"text": f"text {n}"}) for n in range(200)]


@pytest.mark.parametrize("kind", ["stream", "file", "parquet"])
def test_bytes_that_are_no_text_are_told_by_the_row(kind: str) -> None:
    raw = pa.array([b"one", b"\xff", b"three"], pa.binary()).view(pa.string())
    table = pa.table({"text": raw})
    found = list(read_records(io.BytesIO(written(kind, table)), name_of(kind)))
    assert [record.reason for record in found] == ["", "invalid_utf8", ""]
    assert "byte 1 of a field" in found[1].detail


def test_a_stream_that_breaks_off_keeps_the_rows_before() -> None:
    data = written("stream")
    found = list(read_records(io.BytesIO(data[: len(data) - 600]), "a.arrow"))
    assert found[0] == InputRecord("a.arrow", 1, {"id": 0, "text": "text 0"})
    assert found[-1].reason == "truncated_file"
    assert len(found) in (71, 141)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"ARROW1\0\0 and nothing of it", "unreadable_file"),
        (b"words", "unreadable_file"),
        (b"", "empty_file"),
    ],
)
def test_what_is_no_arrow_is_unreadable(data: bytes, reason: str) -> None:
    (fault,) = read_records(io.BytesIO(data), "a.arrow")
    assert isinstance(fault, FileFault)
    assert fault.reason == reason
