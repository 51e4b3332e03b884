"""Columns of tables as values of JSON: texts, numbers, lists, objects, whatever they are kept as.

Times become RFC 3339 text and bytes become text, at any depth, by Arrow and before a Python object
is made of them: Python has no times of a nanosecond and no year 10,000.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc


class Undecodable:
    """Stands for a value that is none of Python's: a field that needs it is of a wrong type."""

    def __init__(self, told: str) -> None:
        self.told = told

    def __str__(self) -> str:
        return self.told


class PlainColumns:
    """Makes rows of the batches of one table.

    >>> import datetime
    >>> batch = pa.record_batch({"n": [b"a"], "at": [datetime.datetime(2024, 5, 1, 12)]})
    >>> list(PlainColumns(batch.schema).rows(batch))
    [{'n': 'a', 'at': '2024-05-01T12:00:00Z'}]
    """

    def __init__(self, schema: pa.Schema) -> None:
        self._changed = any(plain_type(field.type) != field.type for field in schema)
        self._maps = any(_holds_map(field.type) for field in schema)

    def rows(self, batch: pa.RecordBatch) -> Iterator[dict[str, Any] | str]:
        """Each row, or what is wrong with its bytes."""
        if self._changed:
            columns = [_plain(column) for column in batch.columns]
            batch = pa.RecordBatch.from_arrays(columns, names=batch.schema.names)
        try:
            rows: list[Any] = batch.to_pylist()
        except _UNLIKE_PYTHON:
            rows = [_row(batch.slice(at, 1)) for at in range(len(batch))]
        yield from map(_with_objects, rows) if self._maps else rows


def _row(row: pa.RecordBatch) -> dict[str, Any] | str:
    """A row by its fields, of which one or more cannot be made a value of Python."""
    found: dict[str, Any] = {}
    for name, column in zip(row.schema.names, row.columns, strict=True):
        try:
            (found[name],) = column.to_pylist()
        except UnicodeDecodeError as error:
            return f"byte {error.start + 1} of a field: {error.reason}"
        except _UNLIKE_PYTHON as error:
            found[name] = Undecodable(f"{column.type}: {error}")
    return found


def _with_objects(value: Any) -> Any:
    """The value with objects in place of maps, which are lists of pairs."""
    if isinstance(value, dict):
        return {key: _with_objects(item) for key, item in value.items()}
    if not isinstance(value, list):
        return value
    if value and all(type(item) is tuple and isinstance(item[0], str) for item in value):
        return {key: _with_objects(item) for key, item in value}
    return [_with_objects(item) for item in value]


# What pyarrow raises for values that it cannot give to Python: two fields of one name, what is out
# of the range of Python's own types, a zone of time that nobody knows.
_UNLIKE_PYTHON = (ValueError, OverflowError, TypeError, LookupError, pa.ArrowException)


def plain_type(of: pa.DataType) -> pa.DataType:
    """The type that a column is read as: text for bytes and times, at any depth.

    >>> str(plain_type(pa.list_(pa.struct([("at", pa.date32()), ("n", pa.int8())]))))
    'list<item: struct<at: string, n: int8>>'
    """
    types = pa.types
    if isinstance(of, pa.BaseExtensionType) and not isinstance(of, pa.UuidType):
        return plain_type(of.storage_type)
    if types.is_dictionary(of):
        return plain_type(of.value_type)
    if _is_bytes(of) or (types.is_temporal(of) and not types.is_interval(of)):
        return pa.string()
    if types.is_struct(of):
        fields = [of.field(n) for n in range(of.num_fields)]
        return pa.struct([field.with_type(plain_type(field.type)) for field in fields])
    if types.is_map(of):
        return pa.map_(plain_type(of.key_type), plain_type(of.item_type))
    if types.is_large_list(of):
        return pa.large_list(of.value_field.with_type(plain_type(of.value_type)))
    if types.is_fixed_size_list(of):
        return pa.list_(of.value_field.with_type(plain_type(of.value_type)), of.list_size)
    if types.is_list(of):
        return pa.list_(of.value_field.with_type(plain_type(of.value_type)))
    return of


def _is_bytes(of: pa.DataType) -> bool:
    types = pa.types
    return bool(
        types.is_binary(of)
        or types.is_large_binary(of)
        or types.is_binary_view(of)
        or types.is_fixed_size_binary(of)
    )


def _holds_map(of: pa.DataType) -> bool:
    if pa.types.is_map(of):
        return True
    return any(_holds_map(of.field(n).type) for n in range(of.num_fields))


def _plain(column: pa.Array) -> pa.Array:
    """The column in its plain type; as it is where Arrow cannot make it that."""
    try:
        if isinstance(column, pa.ExtensionArray) and not isinstance(column.type, pa.UuidType):
            column = column.storage
        if pa.types.is_dictionary(column.type):
            column = column.dictionary_decode()
        if pa.types.is_timestamp(column.type) or pa.types.is_date(column.type):
            return _as_rfc_3339(column)
        wanted = plain_type(column.type)
        if wanted == column.type:
            return column
        # Bytes that are no UTF-8 are told with their row, when it is made.
        return pc.cast(column, options=pc.CastOptions(target_type=wanted, allow_invalid_utf8=True))
    except pa.ArrowException:
        return column


def _as_rfc_3339(column: pa.Array) -> pa.Array:
    """Times as text, to the second, in UTC; those beyond the years 0 to 9999 are null."""
    of = column.type
    zone = of.tz if pa.types.is_timestamp(of) else None
    seconds = column.cast(pa.timestamp("s", "UTC" if zone else None), safe=False)
    text = seconds.cast(pa.string())  # "2024-05-01 12:00:00", with a Z behind it where in UTC
    if zone is None:
        text = pc.binary_join_element_wise(text, "Z", "")
    text = pc.replace_substring(text, " ", "T", max_replacements=1)
    return pc.if_else(pc.match_substring_regex(text, r"^\d{4}-\d\d-\d\dT"), text, None)
