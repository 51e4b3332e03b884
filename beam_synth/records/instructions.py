"""Instructions of the user's own, their Arrow schema, and references to those on disk."""

from __future__ import annotations

import dataclasses

import pyarrow as pa


@dataclasses.dataclass(frozen=True)
class Instruction:
    """One instruction that methods start from: a row of INSTRUCTION_SCHEMA."""

    id: str  # "<source>/<id>"; a hash of the prompt and system prompt where the row has no id
    prompt: str  # what the user says
    system: str  # the system prompt, or ""
    reference: str  # a right answer, or ""
    language: str  # code of the prompt's language
    source: str  # the row's own word on where it is from, else the name of the job's source
    license: str  # SPDX-like identifier
    file: str  # input file (and archive member) it came from, for messages
    line: int  # 1-based line (or row) in it


INSTRUCTION_SCHEMA = pa.schema(
    [
        ("id", pa.string()),
        ("prompt", pa.string()),
        ("system", pa.string()),
        ("reference", pa.string()),
        ("language", pa.string()),
        ("source", pa.string()),
        ("license", pa.string()),
        ("file", pa.string()),
        ("line", pa.int64()),
    ]
)

# One row an instruction: what planning needs, and where the body lies.
INSTRUCTION_REF_SCHEMA = pa.schema(
    [
        ("record_id", pa.string()),
        ("language", pa.string()),
        ("file", pa.string()),  # Parquet file of INSTRUCTION_SCHEMA, relative to the run
    ]
)
