"""What reading a file gives: records, good or damaged, and files that hold none."""

from __future__ import annotations

from typing import Any, NamedTuple

from beam_synth.ingestion.lines import RawLine


class InputRecord(NamedTuple):
    """One record of one file: a parsed JSON value, or why there is none."""

    file: str  # path, and "!member" for archives
    line: int  # 1-based line, or row in Parquet
    value: Any  # what the JSON says; None where `reason` is set
    raw: bytes = b""  # b"" for Parquet rows
    reason: str = (
        ""  # malformed_json, malformed_row, invalid_utf8, line_too_long, truncated_file, ...
    )
    detail: str = ""
    raw_bytes: int = 0  # with raw_sha256: of the whole, where `raw` is cut
    raw_sha256: str = ""


class FileFault(NamedTuple):
    """A file or archive member that gave no record."""

    file: str  # path, and "!member" for archives
    reason: str  # empty_file | unreadable_file
    detail: str


def too_long(line: RawLine, name: str, limit: int) -> InputRecord:
    """The record of a line that is longer than the limit: its beginning, its size and its hash."""
    detail = f"{line.size:,} bytes; max_line_bytes is {limit:,}"
    return InputRecord(
        name, line.number, None, line.data, "line_too_long", detail, line.size, line.sha256
    )
