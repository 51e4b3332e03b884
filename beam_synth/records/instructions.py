"""Instructions of the user's own, and their Arrow schema."""

from __future__ import annotations

import dataclasses
import hashlib

import pyarrow as pa

from beam_synth.records.provenance import Row


@dataclasses.dataclass(frozen=True)
class Instruction:
    """One instruction that methods start from: a row of INSTRUCTION_SCHEMA."""

    record_id: str  # 34 hex digits, a hash of `id`: what tasks and references name it by
    id: str  # "<source>/<id>"; a hash of the prompt and system prompt where the row has no id
    prompt: str  # what the user says
    system: str  # the system prompt, or ""
    reference: str  # a right answer, or ""
    language: str  # code of the prompt's language
    source: str  # the row's own word on where it is from, else the name of the job's source
    license: str  # SPDX-like identifier
    file: str  # input file (and archive member) it came from, for messages
    line: int  # 1-based line (or row) in it

    def as_row(self) -> Row:
        """What methods see of it, under the names of the config `instructions`."""
        return {
            "prompt": self.prompt,
            "system": self.system,
            "reference": self.reference,
            "language": self.language,
            "seeds": [
                {
                    "url": "",
                    "title": self.id,
                    "revision": None,
                    "section": self.source,
                    "license": self.license,
                    "text_sha256": hashlib.sha256(self.prompt.encode("utf-8")).hexdigest(),
                    "role": "instruction",
                    "path": "[]",
                }
            ],
        }


INSTRUCTION_SCHEMA = pa.schema(
    [
        ("record_id", pa.string()),
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
