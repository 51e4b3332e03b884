"""TFRecord files of tf.Example, written and read by hand.

Three wire types and feature names in order: bytes are deterministic, and no worker imports
tensorflow. Nested columns are JSON bytes under the same names.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import IO, Any

import google_crc32c
import orjson
import pyarrow as pa

from beam_synth.errors import Fault
from beam_synth.records import SAMPLE_SCHEMA

Row = dict[str, Any]


def _crc(data: bytes) -> bytes:
    crc = google_crc32c.value(data)
    return struct.pack("<I", (((crc >> 15) | (crc << 17)) + 0xA282EAD8) & 0xFFFFFFFF)


def tfrecord(data: bytes) -> bytes:
    """One TFRecord: length, its masked CRC-32C, the data, its masked CRC-32C."""
    length = struct.pack("<Q", len(data))
    return b"".join((length, _crc(length), data, _crc(data)))


def _varint(n: int) -> bytes:
    out = bytearray()
    while n > 0x7F:
        out.append(n & 0x7F | 0x80)
        n >>= 7
    out.append(n)
    return bytes(out)


def _field(number: int, data: bytes) -> bytes:
    """A length-delimited protobuf field."""
    return _varint(number << 3 | 2) + _varint(len(data)) + data


def _feature(value: Any, kind: pa.DataType) -> bytes:
    if pa.types.is_integer(kind):  # int64_list, packed; no value where null
        packed = b"" if value is None else _varint(value & 0xFFFFFFFFFFFFFFFF)
        return _field(3, _field(1, packed))
    if pa.types.is_floating(kind):
        return _field(2, _field(1, b"" if value is None else struct.pack("<f", value)))
    if pa.types.is_string(kind):
        return _field(1, b"" if value is None else _field(1, value.encode()))
    return _field(1, _field(1, orjson.dumps(value)))


def example(row: Row, schema: pa.Schema = SAMPLE_SCHEMA) -> bytes:
    """A serialised tf.train.Example of a row: one feature a column."""
    entries = (
        _field(1, _field(1, field.name.encode()) + _field(2, _feature(row[field.name], field.type)))
        for field in sorted(schema, key=lambda field: field.name)
    )
    return _field(1, b"".join(entries))


def _fields(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The length-delimited fields of a protobuf message (tf.Example has no others we write)."""
    place = 0
    while place < len(data):
        tag, place = _read_varint(data, place)
        size, place = _read_varint(data, place)
        if tag & 7 != 2 or place + size > len(data):
            raise Fault("a TFRecord holds something else than a tf.Example of this program")
        yield tag >> 3, data[place : place + size]
        place += size


def _read_varint(data: bytes, place: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[place]
        place += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, place
        shift += 7


def _value(feature: bytes, kind: pa.DataType) -> Any:
    (_, values), *_rest = _fields(feature)
    items = [data for _, data in _fields(values)]
    if not items or (items == [b""] and not pa.types.is_string(kind)):
        return None
    if pa.types.is_integer(kind):
        value, _ = _read_varint(items[0], 0)
        return value - (1 << 64) if value >> 63 else value
    if pa.types.is_floating(kind):
        return struct.unpack("<f", items[0])[0]
    return items[0].decode() if pa.types.is_string(kind) else orjson.loads(items[0])


def parse_example(data: bytes, schema: pa.Schema = SAMPLE_SCHEMA) -> Row:
    """The row of an `example`, columns in the schema's order."""
    found: dict[str, bytes] = {}
    for _, features in _fields(data):
        for _, entry in _fields(features):
            parts = dict(_fields(entry))
            found[parts[1].decode()] = parts[2]
    return {field.name: _value(found[field.name], field.type) for field in schema}


def read_tfrecord(handle: IO[bytes]) -> Iterator[bytes]:
    """The records of a TFRecord file. Raises Fault where it is cut short or damaged."""
    while head := handle.read(12):
        if len(head) < 12 or head[8:] != _crc(head[:8]):
            raise Fault("the TFRecord file is damaged: a length does not match its checksum")
        (size,) = struct.unpack("<Q", head[:8])
        data, check = handle.read(size), handle.read(4)
        if len(data) < size or check != _crc(data):
            raise Fault("the TFRecord file is damaged: a record does not match its checksum")
        yield data
