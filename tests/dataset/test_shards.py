from __future__ import annotations

import hashlib
import io
from itertools import pairwise
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from beam_synth.dataset import shards, tfrecords
from beam_synth.drawing import digest, draw
from beam_synth.errors import Fault
from beam_synth.generation import outcomes
from beam_synth.records import SAMPLE_SCHEMA


def sample(i: int) -> dict[str, Any]:
    """A row with every column filled, texts of several scripts, nested nulls."""
    seed = {
        "url": "https://en.wikipedia.org/wiki/Łódź",
        "title": "Łódź",
        "revision": i if i % 2 else None,
        "section": "History",
        "license": "CC-BY-SA-4.0",
        "text_sha256": digest(i),
        "role": "primary",
        "path": "[]",
    }
    check = {"name": "trace", "kind": "formal", "passed": True, "score": 0.1, "detail": "∴"}
    row: dict[str, Any] = {name: f"{name} {i} → é" for name in SAMPLE_SCHEMA.names}
    return row | {
        "synth_id": digest("row", i) + "00",
        "words": i,
        "seeds": [seed] * (i % 3),
        "models": [],
        "constraint_list": ["{}"],
        "checks": [check],
        "parents": [],
        "synthetic_depth": 1,
        "messages": [{"role": "user", "content": "?\n" * i}],
    }


def written(format: str, tables: list[pa.Table], schema: pa.Schema = SAMPLE_SCHEMA) -> bytes:
    sink = io.BytesIO()
    handle = shards.Hashing(sink)
    writer = shards.WRITERS[format](handle, schema)
    for table in tables:
        writer.write(table)
    writer.close()
    data = sink.getvalue()
    assert (handle.bytes, handle.hexdigest()) == (len(data), hashlib.sha256(data).hexdigest())
    return data


def table_of(rows: list[dict[str, Any]]) -> pa.Table:
    return pa.Table.from_pylist(rows, schema=SAMPLE_SCHEMA)


@pytest.mark.parametrize("format", sorted(shards.WRITERS))
def test_every_format_gives_back_the_rows(format: str) -> None:
    rows = [sample(i) for i in range(7)]
    data = written(format, [table_of(rows[:3]), table_of(rows[3:])])
    assert list(shards.read_rows(io.BytesIO(data), format, SAMPLE_SCHEMA)) == rows


@pytest.mark.parametrize("format", sorted(shards.WRITERS))
def test_an_empty_shard_is_a_valid_file(format: str) -> None:
    data = written(format, [])
    assert list(shards.read_rows(io.BytesIO(data), format, SAMPLE_SCHEMA)) == []
    if format == "parquet":
        assert pq.read_table(io.BytesIO(data)).schema.equals(SAMPLE_SCHEMA)


@pytest.mark.parametrize("format", sorted(shards.WRITERS))
def test_bytes_do_not_depend_on_how_rows_arrive(format: str, monkeypatch: Any) -> None:
    monkeypatch.setattr(shards, "ROW_GROUP", 10)
    table = table_of([sample(i) for i in range(47)])
    whole = written(format, [table])
    cuts = [0, *sorted(draw(1, "cut", "test").sample(range(1, 47), 6)), 47]
    parts = [table.slice(a, b - a) for a, b in pairwise(cuts)]
    assert written(format, [parts[0], parts[0].slice(0, 0), *parts[1:]]) == whole
    if format == "parquet":
        metadata = pq.read_metadata(io.BytesIO(whole))
        assert [metadata.row_group(i).num_rows for i in range(5)] == [10, 10, 10, 10, 7]
        assert metadata.row_group(0).column(0).compression == "ZSTD"
        assert set(metadata.metadata) == {b"ARROW:schema"}


def test_an_unknown_format_is_a_fault() -> None:
    with pytest.raises(Fault, match="'csv'"):
        list(shards.read_rows(io.BytesIO(b""), "csv", SAMPLE_SCHEMA))


# ---------------------------------------------------------------- TFRecord


def test_tensorflow_reads_the_records(tmp_path: Path) -> None:
    tf = pytest.importorskip("tensorflow")
    rows = [sample(i) for i in range(5)]
    path = tmp_path / "train.tfrecord"
    path.write_bytes(written("tfrecord", [table_of(rows)]))
    spec = {name: tf.io.FixedLenFeature([], tf.string) for name in SAMPLE_SCHEMA.names}
    spec |= {name: tf.io.FixedLenFeature([], tf.int64) for name in ("words", "synthetic_depth")}
    nested = ("seeds", "models", "checks", "messages", "parents", "constraint_list")
    found = []
    for record in tf.data.TFRecordDataset(str(path)):
        row = {k: v.numpy() for k, v in tf.io.parse_single_example(record, spec).items()}
        row = {k: v.decode() if isinstance(v, bytes) else int(v) for k, v in row.items()}
        found.append(row | {name: orjson.loads(row[name]) for name in nested})
    assert found == rows


def test_damaged_tfrecords_are_faults() -> None:
    data = written("tfrecord", [table_of([sample(1), sample(2)])])
    for damaged in (data[:-1], data[:5], data[:8] + b"\0" + data[9:], data[:-9] + b"?" + data[-8:]):
        with pytest.raises(Fault, match="damaged"):
            list(tfrecords.read_tfrecord(io.BytesIO(damaged)))


def test_a_foreign_record_is_a_fault() -> None:
    with pytest.raises(Fault, match="something else"):
        tfrecords.parse_example(b"\x08\x01\x01\x01", SAMPLE_SCHEMA)


FIELDS = pa.schema(
    [("n", pa.int64()), ("s", pa.string()), ("f", pa.float64()), ("l", pa.list_(pa.int32()))]
)


@given(
    st.fixed_dictionaries(
        {
            "n": st.none() | st.integers(-(2**63), 2**63 - 1),
            "s": st.none() | st.text(),
            "f": st.none() | st.floats(width=32, allow_nan=False),
            "l": st.lists(st.none() | st.integers(-9, 9)),
        }
    )
)
def test_examples_round_trip(row: dict[str, Any]) -> None:
    assert tfrecords.parse_example(tfrecords.example(row, FIELDS), FIELDS) == row


# ---------------------------------------------------------------- outcome files


def outcome_file(outcomes: list[tuple[str, str, list[dict[str, Any]]]]) -> io.BytesIO:
    rows = [
        {
            "task_id": t,
            "content_hash": h,
            "outcome": orjson.dumps({"task_id": t, "records": records}),
        }
        for t, h, records in outcomes
    ]
    schema = pa.schema(
        [("task_id", pa.string()), ("outcome", pa.binary()), ("content_hash", pa.string())]
    )
    sink = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows, schema=schema), sink)
    sink.seek(0)
    return sink


def test_record_rows_takes_the_outcome_of_smallest_hash() -> None:
    a, b = digest("a"), digest("b")
    file = outcome_file(
        [
            (a, "2", [{"synth_id": a + "00", "query": "later"}]),
            (b, "9", [{"synth_id": b + "00"}, {"synth_id": b + "01"}]),
            (a, "1", [{"synth_id": a + "00", "query": "first"}]),
        ]
    )
    rows = outcomes.record_rows(file, [a + "00", b + "01"], "x.parquet")
    assert rows == {
        a + "00": {"synth_id": a + "00", "query": "first"},
        b + "01": {"synth_id": b + "01"},
    }


def test_a_missing_record_is_a_fault() -> None:
    a = digest("a")
    file = outcome_file([(a, "1", [{"synth_id": a + "00"}])])
    with pytest.raises(Fault, match=r"x\.parquet: 1 records are missing, such as .*07"):
        outcomes.record_rows(file, [a + "00", a + "07"], "x.parquet")
