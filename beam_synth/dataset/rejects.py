"""Reject and error files: sorted JSON lines, merged from parts in bounded memory.

Workers write sorted parts wherever they are; the end of the run merges those of a stage and kind
into one file, whose bytes depend on the set of records alone.
"""

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
    """A sorted file of some rejects of one stage and kind."""

    stage: str
    kind: str  # "rejected" or "failed"
    path: str  # relative to the run
    records: int  # lines of the file


def reject_line(record: Reject) -> bytes:
    """One line of a reject or error file: a JSON object with the keys FIELDS, and its newline.

    >>> reject_line(Reject("rejected", "Split", "stub", line=3))[:48]
    b'{"stage":"Split","reason":"stub","detail":"","fi'
    """
    return orjson.dumps({name: getattr(record, name) for name in FIELDS}) + b"\n"


def order(data: bytes) -> tuple[Any, ...]:
    """What the lines of a file are sorted by: record, file, line (none first), reason, raw text.

    The whole line decides ties.

    >>> order(reject_line(Reject("rejected", "Split", "stub", file="a.json", line=3)))[:4]
    ('', 'a.json', 3, 'stub')
    """
    row = orjson.loads(data)
    number = -1 if row["line"] is None else row["line"]
    return row["record_id"], row["file"], number, row["reason"], row["raw_sha256"], data


def merge(parts: Iterable[Iterable[bytes]]) -> Iterator[bytes]:
    """The lines of sorted parts, in order; holds one line of each part in memory.

    >>> lines = [reject_line(Reject("failed", "Split", "stub", line=n)) for n in range(3)]
    >>> list(merge([[lines[0], lines[2]], [lines[1]]])) == lines
    True
    """
    return heapq.merge(*parts, key=order)


def size(record: Reject) -> int:
    """About the bytes of a record's line, without encoding it.

    >>> size(Reject("rejected", "Split", "stub", detail="12 words"))
    308
    """
    return 300 + len(record.raw) + len(record.detail)


def write_parts(records: Sequence[Reject], run: RunFolder) -> Iterator[Part]:
    """Write records into one sorted part file for each stage and kind; yields what was written.

    Names are drawn anew at each call, so that parts of several workers never meet.
    """
    lines: dict[tuple[str, str], list[bytes]] = {}
    for record in records:
        lines.setdefault((record.stage, record.kind), []).append(reject_line(record))
    for (stage, kind), part in lines.items():
        path = layout.part_path("rejects", f"{stage}-{kind}-{uuid.uuid4().hex}.jsonl")
        part.sort(key=order)
        with run.create(path) as handle:
            handle.write(b"".join(part))
        yield Part(stage, kind, path, len(part))
