"""Every shipped kind of record, through every format of shards."""

from __future__ import annotations

import io
from typing import Any

import orjson
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from beam_synth.dataset import shards
from beam_synth.dataset.row_facts import facts_of
from beam_synth.records import (
    PREFERENCES,
    PROVENANCE,
    SHIPPED_CONFIGS,
    TOKEN_PREFERENCES,
    DatasetConfig,
    sample_text,
)

CONFIGS = pytest.mark.parametrize("config", SHIPPED_CONFIGS.values(), ids=SHIPPED_CONFIGS.keys())


def value(kind: pa.DataType, mark: str, n: int) -> Any:
    """A value of any type of our schemas; lists of `n`, texts of several scripts."""
    if pa.types.is_list(kind):
        return [value(kind.value_type, f"{mark}{i}", n) for i in range(n)]
    if pa.types.is_struct(kind):
        return {field.name: value(field.type, f"{mark} {field.name}", n) for field in kind}
    if pa.types.is_string(kind):
        return f"{mark} → Łódź\n{n}"
    if pa.types.is_boolean(kind):
        return bool(n % 2)
    return n + 0.25 if pa.types.is_floating(kind) else n * 2**30 if kind.bit_width == 64 else n


def row_of(config: DatasetConfig, n: int) -> dict[str, Any]:
    return {field.name: value(field.type, field.name, n) for field in config.schema}


def written(config: DatasetConfig, format: str, rows: list[dict[str, Any]]) -> io.BytesIO:
    sink = io.BytesIO()
    writer = shards.WRITERS[format](shards.Hashing(sink), config.schema)
    for row in rows:
        writer.write(pa.Table.from_pylist([row], schema=config.schema))
    writer.close()
    return io.BytesIO(sink.getvalue())


@CONFIGS
@pytest.mark.parametrize("format", sorted(shards.WRITERS))
def test_rows_come_back_from_every_format(config: DatasetConfig, format: str) -> None:
    rows = [row_of(config, n) for n in range(4)]
    assert list(shards.read_rows(written(config, format, rows), format, config.schema)) == rows


@CONFIGS
@pytest.mark.parametrize("format", sorted(shards.WRITERS))
def test_a_row_as_read_is_what_the_format_can_hold(config: DatasetConfig, format: str) -> None:
    row = row_of(config, 3)
    row |= {f.name: 0.1 for f in config.schema if pa.types.is_floating(f.type)}
    expected = shards.as_read(row, format, config.schema)
    assert list(shards.read_rows(written(config, format, [row]), format, config.schema)) == [
        expected
    ]
    assert (format == "tfrecord" or expected == row) and expected.keys() == row.keys()


@CONFIGS
def test_tensorflow_finds_nested_columns_as_json(config: DatasetConfig) -> None:
    tf = pytest.importorskip("tensorflow")
    row = row_of(config, 2)
    data = written(config, "tfrecord", [row]).getvalue()
    length = int.from_bytes(data[:8], "little")
    features = tf.train.Example.FromString(data[12 : 12 + length]).features.feature
    assert set(features) == set(config.schema.names)
    for field in config.schema:
        feature = features[field.name]
        if pa.types.is_nested(field.type):
            assert orjson.loads(feature.bytes_list.value[0]) == row[field.name]
        elif pa.types.is_string(field.type):
            assert feature.bytes_list.value[0].decode() == row[field.name]
        elif pa.types.is_floating(field.type):
            assert list(feature.float_list.value) == [row[field.name]]
        else:
            assert list(feature.int64_list.value) == [row[field.name]]


@CONFIGS
def test_every_config_tells_where_a_record_comes_from(config: DatasetConfig) -> None:
    types = {field.name: field.type for field in config.schema}
    assert types[config.id] == pa.string()
    assert {name: types[name] for name, _ in PROVENANCE} == dict(PROVENANCE)
    assert set(config.own_columns) | {config.id, *dict(PROVENANCE)} == set(types)
    assert config.surface == ("chat" if "messages" in types else "text")
    facts = facts_of(config.name, ["m"], pa.Table.from_pylist([row_of(config, 2)], config.schema))
    assert facts[f"rows:{config.name}:words:"] == row_of(config, 2)["words"]


@CONFIGS
def test_the_text_of_a_record_is_made_of_its_own_columns(config: DatasetConfig) -> None:
    row = row_of(config, 2)
    own = {name: row[name] for name in config.own_columns}
    assert config.text_of(own) == config.text_of(row) != ""
    other = {**own, config.own_columns[0]: row_of(config, 1)[config.own_columns[0]]}
    if config.text_of is not sample_text:  # of a conversation its first exchange does not count
        assert config.text_of(other) != config.text_of(own)


@given(st.lists(st.integers(0, 9), max_size=5), st.integers(0, 9))
def test_token_preferences_differ_where_prefix_or_token_does(prefix: list[int], token: int) -> None:
    row = {"query": "q", "prefix_ids": prefix, "token_id": token}
    text = TOKEN_PREFERENCES.text_of(row)
    assert text != TOKEN_PREFERENCES.text_of({**row, "token_id": token + 10})
    assert text != TOKEN_PREFERENCES.text_of({**row, "prefix_ids": [*prefix, 10]})


def test_a_preference_is_told_by_both_answers() -> None:
    def turn(text: str) -> list[dict[str, str]]:
        return [{"role": "user", "content": text}]

    row = {"prompt": turn("Why?"), "chosen": turn("So."), "rejected": turn("No.")}
    assert PREFERENCES.text_of(row) == "Why?\nSo.\nNo."
