"""A Wikidata dump, file by file: its items in partitions, its faults, and its newest records."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any, Literal

import orjson
import pyarrow as pa

from beam_synth.errors import Rejected
from beam_synth.ingestion.lines import MAX_LINE_BYTES
from beam_synth.ingestion.raw_records import FileFault, InputRecord
from beam_synth.ingestion.reading import raw_of, read_records
from beam_synth.knowledge import wikidata
from beam_synth.knowledge.wikidata import ITEM_SCHEMA
from beam_synth.records import Reject, Tally, pack, reject, unpack
from beam_synth.storage.files import open_input

READ = "ReadWikidata"
PARTITIONS = 64  # a group holds 1/64 of the items, 0.1 KB each with claims: 256 MB are 160 million
# The names of those with a page in one of the eight languages are 0.3 KB each: 20 million, 96 MB.
_ROWS = 4096  # items in one packed table


def read_dump(
    path: str, properties: Collection[str], tally: Tally, line_bytes: int = MAX_LINE_BYTES
) -> Iterator[tuple[int, bytes] | Reject]:
    """A file's items as (partition, packed ITEM_SCHEMA), and its faults.

    Args:
        path: a dump in any container that `read_records` opens; its lines are entities.
        properties: the claims that are kept, "P279".
        tally: gets the accounts of `ReadWikidata`; in are entities, and records that hold none.

    Partitions are by item number modulo PARTITIONS. Raises Fault when the storage fails, OSError
    where the file cannot be opened.
    """
    waiting: list[dict[str, Any]] = []
    with open_input(path) as handle:
        for record in read_records(handle, path, line_bytes):
            for row in _rows_of_record(record, properties):
                tally.add(READ, "in")
                if isinstance(row, Rejected):
                    yield _fault(record, row, tally)
                    continue
                tally.add(READ, "passed")
                tally.add(READ, "out")
                waiting.append(row)
            if len(waiting) >= _ROWS:
                yield from _partitioned(waiting)
                waiting = []
    yield from _partitioned(waiting)


def _rows_of_record(
    record: InputRecord | FileFault, properties: Collection[str]
) -> Iterator[dict[str, Any] | Rejected]:
    """A row of each item in a record, and why there is none of each other entity."""
    if isinstance(record, FileFault) or record.reason:
        yield Rejected(record.reason, record.detail)
        return
    for entity in wikidata.entities(record.value):
        try:
            yield wikidata.slim(entity, properties) or Rejected("not_an_item")
        except Rejected as error:
            yield error


def _fault(record: InputRecord | FileFault, error: Rejected, tally: Tally) -> Reject:
    """The record of an entity that is no item: a property is rejected, damage has failed."""
    kind: Literal["rejected", "failed"] = "rejected" if error.reason == "not_an_item" else "failed"
    tally.add(READ, kind, reason=error.reason)
    if isinstance(record, FileFault):
        return reject("failed", READ, error.reason, error.detail, file=record.file)
    return reject(
        kind,
        READ,
        error.reason,
        error.detail,
        file=record.file,
        line=record.line,
        raw=raw_of(record) if kind == "failed" else b"",
    )


def _partitioned(item_rows: list[dict[str, Any]]) -> Iterator[tuple[int, bytes]]:
    for partition in sorted({row["item"] % PARTITIONS for row in item_rows}):
        part = [row for row in item_rows if row["item"] % PARTITIONS == partition]
        yield partition, pack(pa.Table.from_pylist(part, schema=ITEM_SCHEMA))


def newest_items(packed: Iterable[bytes]) -> bytes:
    """The newest record of each item (packed ITEM_SCHEMA, by item); equal revisions by content.

    `packed` is one partition: all records of an item are in it. Holds it in memory.
    """
    table = pa.concat_tables([unpack(data) for data in packed])
    best: dict[int, tuple[int, bytes, dict[str, Any]]] = {}
    for row in table.to_pylist():
        key = (row["revision"], orjson.dumps(row))
        if row["item"] not in best or key > best[row["item"]][:2]:
            best[row["item"]] = (*key, row)
    kept = [best[item][2] for item in sorted(best)]
    return pack(pa.Table.from_pylist(kept, schema=ITEM_SCHEMA))
