"""Reject and error files: sorted JSON lines, merged from parts in bounded memory."""

from __future__ import annotations

import heapq
import uuid
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import orjson

from beam_synth.records import Reject
from beam_synth.storage import layout
from beam_synth.storage.files import RunFolder

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


class Part(NamedTuple):
    """A sorted file of some rejects of one stage and kind, relative to the run."""

    stage: str
    kind: str
    path: str
    records: int


def reject_line(record: Reject) -> bytes:
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


def size(record: Reject) -> int:
    """About the bytes of a record's line."""
    return 300 + len(record.raw) + len(record.detail)


def write_parts(records: Sequence[Reject], run: RunFolder) -> Iterator[Part]:
    """Write records into one sorted part file for each stage and kind."""
    lines: dict[tuple[str, str], list[bytes]] = {}
    for record in records:
        lines.setdefault((record.stage, record.kind), []).append(reject_line(record))
    for (stage, kind), found in lines.items():
        path = layout.part_path("rejects", f"{stage}-{kind}-{uuid.uuid4().hex}.jsonl")
        found.sort(key=order)
        with run.create(path) as handle:
            handle.write(b"".join(found))
        yield Part(stage, kind, path, len(found))
