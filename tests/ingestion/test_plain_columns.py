"""Columns of every type of Arrow as values of JSON, and records of tables that are kept oddly."""

from __future__ import annotations

import datetime
import decimal
import io
import math
import uuid
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from beam_synth.ingestion.documents import parse_document
from beam_synth.ingestion.peeking import check_rows
from beam_synth.ingestion.plain_columns import PlainColumns
from beam_synth.ingestion.raw_records import InputRecord
from beam_synth.ingestion.reading import raw_of, read_records
from beam_synth.ingestion.wikipedia import parse_article
from tests.doubles.row_sources import TEXT, documents

AT = datetime.datetime(2024, 5, 1, 12, 30, 15, 123456)
TOLD = "2024-05-01T12:30:15Z"
DAY = datetime.date(2024, 5, 1)
STRUCT = pa.struct([("a", pa.binary()), ("at", pa.timestamp("ns"))])


def of(values: list[Any], kind: pa.DataType | None = None) -> pa.Array:
    return pa.array([*values, None], kind)


def bits(value: int, kind: pa.DataType) -> pa.Array:
    width = pa.int32() if kind == pa.date32() else pa.int64()
    return pa.array([value, None], width).view(kind)


COLUMNS: dict[str, tuple[pa.Array, Any]] = {
    "text": (of(["a"]), "a"),
    "large text": (of(["a"], pa.large_string()), "a"),
    "text views": (of(["a"], pa.string_view()), "a"),
    "dictionary": (of(["a"]).dictionary_encode(), "a"),
    "dictionary of bytes": (of([b"a"]).dictionary_encode(), "a"),
    "dictionary of times": (of([AT]).dictionary_encode(), TOLD),
    "bytes": (of([b"a"]), "a"),
    "large bytes": (of([b"a"], pa.large_binary()), "a"),
    "byte views": (of([b"a"], pa.binary_view()), "a"),
    "bytes of a size": (of([b"abc"], pa.binary(3)), "abc"),
    "JSON": (of(["{}"], pa.json_(pa.string())), "{}"),
    "seconds": (of([AT], pa.timestamp("us")).cast(pa.timestamp("s"), safe=False), TOLD),
    "microseconds": (of([AT], pa.timestamp("us")), TOLD),
    "nanoseconds": (bits(1714566615123456789, pa.timestamp("ns")), TOLD),
    "in a zone": (of([AT], pa.timestamp("us", "Europe/Berlin")), TOLD),
    "in no zone": (bits(0, pa.timestamp("s", "Mars/Base")), "1970-01-01T00:00:00Z"),
    "the year 30,000": (bits(10**12, pa.timestamp("s")), None),
    "long before": (bits(-(10**12), pa.timestamp("s")), None),
    "never": (bits(2**62, pa.timestamp("s")), None),
    "days": (of([DAY], pa.date32()), "2024-05-01T00:00:00Z"),
    "days in milliseconds": (of([DAY], pa.date64()), "2024-05-01T00:00:00Z"),
    "no day": (bits(2**31 - 1, pa.date32()), None),
    "times of a day": (of([datetime.time(12, 30)], pa.time32("s")), "12:30:00"),
    "a while": (of([5], pa.duration("ns")), "5"),
    "too long a while": (bits(2**62, pa.duration("s")), str(2**62)),
    "decimals": (of([decimal.Decimal("5.00")]), decimal.Decimal("5.00")),
    "small floats": (of([1.5], pa.float16()), 1.5),
    "large numbers": (of([2**64 - 1], pa.uint64()), 2**64 - 1),
    "uuids": (of([uuid.UUID(int=5).bytes], pa.uuid()), uuid.UUID(int=5)),
    "nothing": (pa.nulls(2), None),
    "objects": (of([{"a": b"x", "at": None}], STRUCT), {"a": "x", "at": None}),
    "lists": (of([[b"x"]]), ["x"]),
    "large lists": (of([[b"x"]], pa.large_list(pa.binary())), ["x"]),
    "lists of a size": (of([[b"x"]], pa.list_(pa.binary(), 1)), ["x"]),
    "list views": (of([["x"]], pa.list_view(pa.string())), ["x"]),
    "maps": (of([[("k", b"v")]], pa.map_(pa.string(), pa.binary())), {"k": "v"}),
    "maps of one key": (of([[("k", 1), ("k", 2)]], pa.map_(pa.string(), pa.int8())), {"k": 2}),
    "lists of maps": (of([[[("k", 1)]]], pa.list_(pa.map_(pa.string(), pa.int8()))), [{"k": 1}]),
}


@pytest.mark.parametrize("name", COLUMNS)
def test_a_column_is_read_as_what_json_has(name: str) -> None:
    column, value = COLUMNS[name]
    batch = pa.record_batch([column, pa.array([1, 2])], names=["x", "n"])
    for part in (batch, batch.slice(0)):
        found = list(PlainColumns(batch.schema).rows(part))
        assert found == [{"x": value, "n": 1}, {"x": None, "n": 2}]
    assert raw_of(InputRecord("a.parquet", 1, found[0]))


def test_times_within_objects_are_text() -> None:
    batch = pa.record_batch([pa.array([{"a": b"x", "at": AT}], STRUCT)], names=["x"])
    (row,) = PlainColumns(batch.schema).rows(batch)
    assert row == {"x": {"a": "x", "at": "2024-05-01 12:30:15.123456000"}}


@pytest.mark.parametrize(
    "column",
    [
        pa.array([b"one", b"\xff", b"three"]),
        pa.array([b"one", b"\xff", b"three"]).view(pa.string()),
        pa.array([b"one", b"\xff", b"three"]).dictionary_encode(),
        pa.array([[b"one"], [b"\xff"], None]),
    ],
    ids=lambda column: str(column.type),
)
def test_bytes_that_are_no_text_cost_their_row(column: pa.Array) -> None:
    batch = pa.record_batch([column], names=["x"])
    first, second, third = PlainColumns(batch.schema).rows(batch)
    assert isinstance(first, dict)
    assert second == "byte 1 of a field: invalid start byte"
    assert isinstance(third, dict)


def test_a_value_that_python_has_none_for_costs_its_field() -> None:
    twice = pa.StructArray.from_arrays([pa.array([1]), pa.array([2])], names=["x", "x"])
    batch = pa.record_batch([twice, pa.array(["a"])], names=["odd", "text"])
    (row,) = PlainColumns(batch.schema).rows(batch)
    assert isinstance(row, dict)
    assert row["text"] == "a"
    assert "duplicate field names" in str(row["odd"])
    assert b"duplicate field names" in raw_of(InputRecord("a.parquet", 1, row))


# ---------------------------------------------------------------- records


def stored(kind: str, columns: dict[str, pa.Array]) -> tuple[str, bytes]:
    """(name, bytes) of a file of one table."""
    table, sink = pa.table(columns), io.BytesIO()
    if kind == "parquet":
        pq.write_table(table, sink)
    else:
        new = pa.ipc.new_stream if kind == "stream" else pa.ipc.new_file
        with new(sink, table.schema) as writer:
            writer.write_table(table)
    return ("a.parquet" if kind == "parquet" else "a.arrow"), sink.getvalue()


IDENTIFIER = pa.struct([("identifier", pa.string())])
PLAIN = {
    "name": pa.array(["Mill"]),
    "identifier": pa.array([7]),
    "url": pa.array(["https://en.wikipedia.org/wiki/Mill"]),
    "abstract": pa.array(["A mill grinds."]),
    "in_language": pa.array([{"identifier": "en"}], IDENTIFIER),
    "is_part_of": pa.array([{"identifier": "enwiki"}], IDENTIFIER),
    "version": pa.array([{"identifier": 77}]),
    "date_modified": pa.array([TOLD]),
}
SAME: list[dict[str, pa.Array]] = [
    {"identifier": pa.array([7.0])},
    {"identifier": pa.array(["7"])},
    {"identifier": pa.array([7], pa.uint8())},
    {"identifier": pa.array([7], pa.float16())},
    {"identifier": pa.array([decimal.Decimal("7.00")])},
    {"identifier": pa.array(["7"]).dictionary_encode()},
    {"version": pa.array([{"identifier": 77.0}])},
    {"version": pa.array([{"identifier": "77", "timestamp": AT}])},
    {"version": pa.array([77])},
    {"version": pa.array(['{"identifier": 77}'])},
    {"version": pa.array([[("identifier", 77)]], pa.map_(pa.string(), pa.int64()))},
    {"in_language": pa.array([b"en"]), "is_part_of": pa.array(["enwiki"])},
    {"in_language": pa.nulls(1), "is_part_of": pa.nulls(1)},
    {"in_language": pa.array([[("identifier", "en")]], pa.map_(pa.string(), pa.string()))},
    {name: pa.array([PLAIN[name][0].as_py().encode()]) for name in ("name", "url", "abstract")},
    {name: PLAIN[name].dictionary_encode() for name in ("name", "url", "abstract")},
    {name: PLAIN[name].cast(pa.large_string()) for name in ("name", "url", "abstract")},
    {"date_modified": pa.array([AT], pa.timestamp("us"))},
    {"date_modified": bits(1714566615123456789, pa.timestamp("ns")).slice(0, 1)},
    {
        "license": pa.array([5]),
        "tables": pa.nulls(1),
        "sections": pa.array([[]], pa.list_(pa.null())),
    },
]


@pytest.mark.parametrize("kind", ["parquet", "stream", "file"])
@pytest.mark.parametrize("columns", SAME, ids=lambda columns: "-".join(columns))
def test_an_article_is_the_same_whatever_its_columns_are(
    kind: str, columns: dict[str, pa.Array]
) -> None:
    name, data = stored(kind, {**PLAIN, **columns})
    (record,) = read_records(io.BytesIO(data), name)
    assert isinstance(record, InputRecord)
    article = parse_article(record.value)
    plain = parse_article({name: column[0].as_py() for name, column in PLAIN.items()})
    assert article == plain


def test_days_are_times_of_change() -> None:
    name, data = stored("parquet", {**PLAIN, "date_modified": pa.array([DAY])})
    (record,) = read_records(io.BytesIO(data), name)
    assert isinstance(record, InputRecord)
    assert parse_article(record.value).date_modified == "2024-05-01T00:00:00Z"


@pytest.mark.parametrize(
    ("columns", "own", "title"),
    [
        ({"id": pa.array([7.0])}, "7", "7"),
        ({"id": pa.array([7, None]).slice(0, 1), "title": pa.array([1984.0])}, "7", "1984"),
        ({"id": pa.array([decimal.Decimal("7")])}, "7", "7"),
        ({"id": pa.array([b"k"]), "title": pa.array([b"Mill"])}, "k", "Mill"),
        ({"id": pa.array([DAY])}, "2024-05-01T00:00:00Z", "2024-05-01T00:00:00Z"),
        ({"id": pa.array([uuid.UUID(int=5).bytes], pa.uuid())}, str(uuid.UUID(int=5)), None),
        ({"id": pa.array([math.nan]), "title": pa.array([math.nan])}, None, None),
    ],
    ids=lambda one: "-".join(str(c.type) for c in one.values()) if isinstance(one, dict) else "",
)
def test_a_document_whatever_its_columns_are(
    tmp_path: Path, columns: dict[str, pa.Array], own: str | None, title: str | None
) -> None:
    path = tmp_path / "a.parquet"
    path.write_bytes(stored("parquet", {"text": pa.array([TEXT.encode()]), **columns})[1])
    (source,) = documents({"path": str(path)})
    check_rows(source)
    (record,) = read_records(io.BytesIO(path.read_bytes()), "a.parquet")
    assert isinstance(record, InputRecord)
    document = parse_document(record.value, source)
    plain = parse_document({"text": TEXT}, source)
    assert document.sections == plain.sections
    assert document.article_id == (f"a/{own}" if own else plain.article_id)
    assert document.title == (title or own or plain.title)
