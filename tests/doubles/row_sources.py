"""Sources of documents and instructions for tests, as a job would name them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson

from beam_synth.ingestion.row_sources import RowSource, row_sources
from beam_synth.job.row_keys import DocumentRows, InstructionRows

# Long enough that its language is sure, and that it makes a passage.
TEXT = (
    "The mill on the hill was built in 1847 by a man of Kent, and it has been in use since then. "
    "It grinds the grain of the villages that lie below it, and in the autumn it never stands."
)


def documents(*entries: dict[str, Any]) -> tuple[RowSource, ...]:
    """Entries of a job's `documents`, their files found; the licence is CC0-1.0 unless given."""
    rows = [DocumentRows(**{"license": "CC0-1.0", **entry}) for entry in entries]
    return row_sources(rows, "documents")


def instructions(*entries: dict[str, Any]) -> tuple[RowSource, ...]:
    """Entries of a job's `instructions`, as `documents` of its documents."""
    rows = [InstructionRows(**{"license": "CC0-1.0", **entry}) for entry in entries]
    return row_sources(rows, "instructions")


def write_lines(path: Path, *rows: Any) -> str:
    """A file of JSON lines, of rows and of raw lines given as bytes; its path."""
    lines = [row if isinstance(row, bytes) else orjson.dumps(row) for row in rows]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"".join(line + b"\n" for line in lines))
    return str(path)
