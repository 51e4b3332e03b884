"""Documents and instructions of which none can be read: refused before a run, as articles are."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from beam_synth.errors import Refused, Rejected
from beam_synth.ingestion.documents import parse_document
from beam_synth.ingestion.file_accounts import records_in
from beam_synth.ingestion.instructions import parse_instruction
from beam_synth.ingestion.raw_records import FileFault, InputRecord
from beam_synth.ingestion.row_sources import RowSource
from beam_synth.runs.identity import Run

_LOOKED_AT = 10_000  # rows; what lies behind is left to the run
_TOLD = 3  # files in a message

_Parse = Callable[[Any, RowSource], object]  # raises Rejected
_Found = tuple[InputRecord | FileFault, RowSource]


def refuse_unreadable_rows(run: Run, line_bytes: int) -> None:
    """Raise Refused where the documents, or the instructions, hold rows and none is one of them."""
    _refuse("a document", run.documents, parse_document, line_bytes)
    _refuse("an instruction", run.instructions, _instruction, line_bytes)


def _instruction(value: Any, source: RowSource) -> object:
    return parse_instruction(value, source, "", 1)


def _refuse(what: str, sources: Sequence[RowSource], parse: _Parse, line_bytes: int) -> None:
    faults: dict[str, str] = {}  # by file, the first one
    for number, (record, source) in enumerate(_records(sources, line_bytes)):
        fault = _fault(record, source, parse)
        if not fault or number == _LOOKED_AT:
            return
        faults.setdefault(record.file, fault)
    if faults:
        told = "\n  ".join(itertools.islice(faults.values(), _TOLD))
        raise Refused(f"{sources[0].key}: no file holds {what} that can be read:\n  {told}")


def _records(sources: Sequence[RowSource], line_bytes: int) -> Iterator[_Found]:
    for source in sources:
        columns = frozenset(source.columns.values())
        for item in source.files:
            for record in records_in(item.path, line_bytes, columns):
                yield record, source


def _fault(record: InputRecord | FileFault, source: RowSource, parse: _Parse) -> str:
    """What is wrong with a record and where; "" where nothing is."""
    if isinstance(record, FileFault):
        return f"{record.file}: {record.reason}: {record.detail[:120]}"
    reason, detail = record.reason, record.detail
    if not reason:
        try:
            parse(record.value, source)
        except Rejected as error:
            reason, detail = error.reason, error.detail
    return f"{record.file} line {record.line}: {reason}: {detail[:120]}" if reason else ""
