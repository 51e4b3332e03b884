"""Input files of any kind of record: opened, read, and counted under two stages.

Of the two the first takes files (an archive counts as its members) to records, bad ones included,
and the second takes records to what the run goes on with.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection, Iterator
from typing import Any, NamedTuple

from beam_synth.errors import Rejected
from beam_synth.ingestion.raw_records import FileFault, InputRecord
from beam_synth.ingestion.reading import raw_of, read_records
from beam_synth.records import Reject, Tally, reject
from beam_synth.storage.files import open_input


class Stages(NamedTuple):
    """The names of the two stages that a kind of input counts under."""

    open: str  # from files to records
    read: str  # from records to what they hold


def records_in(
    path: str, line_bytes: int, columns: Collection[str] | None
) -> Iterator[InputRecord | FileFault]:
    """As `read_records`, of a file on any filesystem; one that cannot be opened is a fault."""
    try:
        handle = open_input(path)
    except OSError as error:
        yield FileFault(path, "unreadable_file", str(error))
        return
    with handle:
        yield from read_records(handle, path, line_bytes, columns)


def missing_file(pattern: str, tally: Tally, stages: Stages) -> Reject:
    """The error record of a pattern that names no file; it counts as a file that failed."""
    fault = FileFault(pattern, "unreadable_file", "no such file")
    return FileAccounts(tally, stages, str).fault(fault)


class FileAccounts:
    """The accounts of one input file.

    Args:
        tally: gets the counts.
        stages: what they are counted under.
        id_of: a record's id as far as it can be told, else "".
    """

    def __init__(self, tally: Tally, stages: Stages, id_of: Callable[[Any], str]) -> None:
        self._tally, self._stages, self._id_of = tally, stages, id_of
        self._file = ""

    def fault(self, fault: FileFault) -> Reject:
        """Count a file that gave no record."""
        self._tally.add(self._stages.open, "in")
        self._tally.add(self._stages.open, "failed", reason=fault.reason)
        return reject("failed", self._stages.open, fault.reason, fault.detail, file=fault.file)

    def enter(self, record: InputRecord) -> Reject | None:
        """Count a record as input, and its file when it is a new one; returns its fault."""
        if record.file != self._file:
            self._file = record.file
            self._tally.add(self._stages.open, "in")
            self._tally.add(self._stages.open, "passed")
        self._tally.add(self._stages.open, "out")
        self._tally.add(self._stages.read, "in")
        if record.reason:
            return self.refuse(record, Rejected(record.reason, record.detail))
        return None

    def refuse(self, record: InputRecord, error: Rejected) -> Reject:
        """Count a record as failed."""
        self._tally.add(self._stages.read, "failed", reason=error.reason)
        fault = reject(
            "failed",
            self._stages.read,
            error.reason,
            error.detail,
            file=record.file,
            line=record.line,
            record_id=self._id_of(record.value),
            raw=raw_of(record),
        )
        if not record.raw_sha256:
            return fault
        return dataclasses.replace(  # the raw bytes were cut before
            fault, raw_sha256=record.raw_sha256, raw_bytes=record.raw_bytes
        )
