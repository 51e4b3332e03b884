"""Reject and error files: sorted JSON lines, merged from parts in bounded memory."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from typing import Any

import orjson

from beam_synth.records import Reject

FIELDS = (
    "stage",
    "reason",
    "detail",
    "file",
    "line",
    "record_id",
    "raw",
    "raw_sha256",
    "raw_bytes",
)
MERGED_AT_ONCE = 64  # open files


def line(record: Reject) -> bytes:
    """One line of a reject or error file."""
    return orjson.dumps({name: getattr(record, name) for name in FIELDS}) + b"\n"


def order(data: bytes) -> tuple[Any, ...]:
    """What the lines of a file are sorted by; the whole line decides ties."""
    row = orjson.loads(data)
    number = -1 if row["line"] is None else row["line"]
    return row["record_id"], row["file"], number, row["reason"], row["raw_sha256"], data


def merge(parts: Iterable[Iterable[bytes]]) -> Iterator[bytes]:
    """The lines of sorted parts, in order; holds one line of each part."""
    return heapq.merge(*parts, key=order)
