"""TFRecord files of tf.Example, written and read by hand.

One wire type and feature names in order: bytes are deterministic, and no worker imports
tensorflow. Strings are bytes features, integers int64 and floats float features, each of one value
or none (null); nested columns are JSON bytes under the same names.

Formats: TensorFlow's guide "TFRecord and tf.train.Example" (records with masked CRC-32C) and
tensorflow/core/example/{example,feature}.proto, in the Protocol Buffers wire encoding.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import IO, Any

import google_crc32c
import orjson
import pyarrow as pa

from beam_synth.errors import Fault

Row = dict[str, Any]


def _crc(data: bytes) -> bytes:
    crc = google_crc32c.value(data)
    return struct.pack("<I", (((crc >> 15) | (crc << 17)) + 0xA282EAD8) & 0xFFFFFFFF)


def tfrecord(data: bytes) -> bytes:
    """One TFRecord: length (uint64, little-endian), its masked CRC-32C, the data, its own.

    16 bytes longer than the data.

    >>> record = tfrecord(b"abc")
    >>> len(record), record[:8], record[12:15]
    (19, b'\\x03\\x00\\x00\\x00\\x00\\x00\\x00\\x00', b'abc')
    """
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


def example(row: Row, schema: pa.Schema) -> bytes:
    """A serialised tf.train.Example of a row: one feature a column, in order of the names.

    Raises KeyError for a row that lacks a column. Floats are written as float32.

    >>> example({"query": "a"}, pa.schema([("query", pa.string())]))
    b'\\n\\x10\\n\\x0e\\n\\x05query\\x12\\x05\\n\\x03\\n\\x01a'
    """
    entries = (
        _field(1, _field(1, field.name.encode()) + _field(2, _feature(row[field.name], field.type)))
        for field in sorted(schema, key=lambda field: field.name)
    )
    return _field(1, b"".join(entries))


def _fields(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The length-delimited fields of a protobuf message (tf.Example has no others we write)."""
    offset = 0
    while offset < len(data):
        tag, offset = _read_varint(data, offset)
        size, offset = _read_varint(data, offset)
        if tag & 7 != 2 or offset + size > len(data):
            raise Fault("a TFRecord holds something else than a tf.Example of this program")
        yield tag >> 3, data[offset : offset + size]
        offset += size


def _read_varint(data: bytes, offset: int) -> tuple[int, int]:
    """(value, offset of what follows it)."""
    value = shift = 0
    while True:
        byte = data[offset]
        offset += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, offset
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


def parse_example(data: bytes, schema: pa.Schema) -> Row:
    """The row of an `example`, columns in the schema's order; others are left out.

    Raises KeyError where a column is missing, Fault for bytes that `example` does not write.

    >>> schema = pa.schema([("words", pa.int64()), ("seeds", pa.list_(pa.string()))])
    >>> parse_example(example({"words": -1, "seeds": ["a", "b"]}, schema), schema)
    {'words': -1, 'seeds': ['a', 'b']}
    """
    encoded: dict[str, bytes] = {}
    for _, features in _fields(data):
        for _, entry in _fields(features):
            parts = dict(_fields(entry))
            encoded[parts[1].decode()] = parts[2]
    return {field.name: _value(encoded[field.name], field.type) for field in schema}


def read_tfrecord(handle: IO[bytes]) -> Iterator[bytes]:
    """The records of a TFRecord file, one at a time. Raises Fault where it is cut short or damaged.

    >>> import io
    >>> list(read_tfrecord(io.BytesIO(tfrecord(b"abc") + tfrecord(b""))))
    [b'abc', b'']
    """
    while head := handle.read(12):
        if len(head) < 12 or head[8:] != _crc(head[:8]):
            raise Fault("the TFRecord file is damaged: a length does not match its checksum")
        (size,) = struct.unpack("<Q", head[:8])
        data, check = handle.read(size), handle.read(4)
        if len(data) < size or check != _crc(data):
            raise Fault("the TFRecord file is damaged: a record does not match its checksum")
        yield data
