"""The user's instructions: rows of input files -> bucketed files in the run, and back by id."""

from __future__ import annotations

import bisect
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import IO, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from beam_synth.drawing import bucket_of, digest
from beam_synth.errors import Fault, Rejected
from beam_synth.ingestion.altered import Altered
from beam_synth.ingestion.article_reading import ReadLimits
from beam_synth.ingestion.file_accounts import FileAccounts, Stages, records_in
from beam_synth.ingestion.raw_records import FileFault, InputRecord
from beam_synth.ingestion.row_fields import (
    content_text,
    given_id,
    required_text,
    row_id,
    row_language,
    row_license,
    side_text,
)
from beam_synth.ingestion.row_sources import RowSource
from beam_synth.records import (
    INSTRUCTION_SCHEMA,
    INSTRUCTIONS,
    RECORD_REF_SCHEMA,
    Instruction,
    Reject,
    Tally,
    reject,
    split_table,
)
from beam_synth.storage.files import RunFolder
from beam_synth.storage.layout import instructions_path
from beam_synth.storage.pieces import Piece, pieces_of, tables_of
from beam_synth.text import fingerprints

INSTRUCTION_STAGES = Stages("OpenInstructions", "ReadInstructions")
_ROW_GROUP = 1024  # instructions that are read and decoded at once
_ORDER = [
    (name, "ascending") for name in ("record_id", "prompt", "system", "reference", "file", "line")
]


def parse_instruction(row: Any, source: RowSource, file: str, line: int) -> Instruction:
    """Make an instruction of one row, a mapping of the source's columns to values.

    Raises Rejected: `missing_field`, `wrong_type`, `invalid_utf8`, `no_text`, `unknown_language`.
    """
    prompt = required_text(row, source, "prompt")
    system = content_text(row, source, "system")
    name = row_id(row, source, f"{system}\0{prompt}" if system else prompt)
    return Instruction(
        record_id=f"{digest(name)}00",
        id=name,
        prompt=prompt,
        system=system,
        reference=content_text(row, source, "reference"),
        language=row_language(row, source, prompt),
        source=side_text(row, source, "source", numbers=True) or source.name,
        license=row_license(row, source),
        file=file,
        line=line,
    )


# ---------------------------------------------------------------- writing


def read_instructions(
    run: RunFolder, path: str, source: RowSource, buckets: int, limits: ReadLimits, tally: Tally
) -> Iterator[tuple[int, Piece] | Reject]:
    """Read a file: (bucket, piece) of instructions that are on disk, and faults.

    Control tokens in their texts are neutral. The tally gets the accounts of INSTRUCTION_STAGES,
    and the figures of `Altered`. Holds what `limits` allow of a file.
    """
    accounts = FileAccounts(tally, INSTRUCTION_STAGES, lambda value: given_id(value, source))
    columns = frozenset(source.columns.values())
    made: list[Instruction] = []
    altered = Altered()
    size = 0
    for record in records_in(path, limits.line_bytes, columns):
        taken = _take(record, source, accounts)
        if isinstance(taken, Reject):
            yield taken
            continue
        taken = altered.instruction(taken)
        made.append(taken)
        size += len(taken.prompt) + len(taken.system) + len(taken.reference)
        if len(made) >= limits.rows or size >= limits.bytes:
            yield from pieces_of(_by_bucket(made, buckets), run, "instructions")
            made, size = [], 0
    if made:
        yield from pieces_of(_by_bucket(made, buckets), run, "instructions")
    tally.figures.update(altered.figures())


def _take(
    record: InputRecord | FileFault, source: RowSource, accounts: FileAccounts
) -> Instruction | Reject:
    if isinstance(record, FileFault):
        return accounts.fault(record)
    fault = accounts.enter(record)
    if fault is not None:
        return fault
    try:
        return parse_instruction(record.value, source, record.file, record.line)
    except Rejected as error:
        return accounts.refuse(record, error)


def _by_bucket(made: Sequence[Instruction], buckets: int) -> list[tuple[int, pa.Table]]:
    columns = [
        pa.array([getattr(one, field.name) for one in made], field.type)
        for field in INSTRUCTION_SCHEMA
    ]
    table = pa.Table.from_arrays(columns, schema=INSTRUCTION_SCHEMA)
    numbers = np.array([bucket_of(one.record_id, buckets) for one in made], dtype=np.int64)
    return list(split_table(table, numbers))


def merge_instructions(
    group: tuple[int, Iterable[Piece]], run: RunFolder, compared: bool
) -> tuple[pa.Table, list[Reject]]:
    """Write one bucket's file; references to its instructions (RECORD_REF_SCHEMA) and the error
    records of those whose id another one has.

    Of several with one id the one that sorts first by text, file and line stays. Where they are
    `compared` with those that a method makes, the references have fingerprints. The bytes depend
    on the instructions alone. Holds the bucket in memory.
    """
    bucket, pieces = group
    table = pa.concat_tables([INSTRUCTION_SCHEMA.empty_table(), *tables_of(pieces, run)])
    table = table.take(pc.sort_indices(table, sort_keys=_ORDER)).combine_chunks()
    ids = table.column("record_id")
    first = np.ones(len(table), dtype=bool)
    if len(table) > 1:
        first[1:] = pc.not_equal(ids[1:], ids[:-1]).to_numpy(zero_copy_only=False)
    kept = table.filter(pa.array(first))
    winners = kept.take(pa.array((np.cumsum(first) - 1)[~first]))
    target = instructions_path(bucket)
    with run.create(target) as handle:
        pq.write_table(kept, handle, compression="zstd", row_group_size=_ROW_GROUP)
    lost = table.filter(pa.array(~first)).to_pylist()
    return _refs(kept, target, compared), [
        _duplicate(*pair) for pair in zip(lost, winners.to_pylist(), strict=True)
    ]


def _refs(kept: pa.Table, file: str, compared: bool) -> pa.Table:
    """References (RECORD_REF_SCHEMA) to a file's instructions; no method made them."""
    rows = len(kept)
    hashes: Sequence[bytes | None] = [None] * rows
    bands = hashes
    if compared:  # that costs half as much as reading them
        hashes, bands = fingerprints.fingerprints(
            kept["prompt"].to_pylist(),
            [INSTRUCTIONS.numbers == "folded"] * rows,
            [fingerprints.salt(INSTRUCTIONS.name)] * rows,
        )
    columns = {
        "record_id": kept["record_id"],
        "config": [INSTRUCTIONS.name] * rows,
        "task_bucket": [0] * rows,
        "file": [file] * rows,
        "method": [""] * rows,
        "language": kept["language"],
        "exercise": [""] * rows,
        "quality": [0.0] * rows,
        "text_hash": hashes,
        "bands": bands,
    }
    return pa.table(columns, schema=RECORD_REF_SCHEMA)


def _duplicate(row: dict[str, Any], kept: dict[str, Any]) -> Reject:
    return reject(
        "failed",
        INSTRUCTION_STAGES.read,
        "duplicate_id",
        f"kept is {kept['file']}, line {kept['line']}",
        file=row["file"],
        line=row["line"],
        record_id=row["id"],
    )


# ---------------------------------------------------------------- reading again


def instructions_of(
    refs: Mapping[str, Sequence[str]], open_file: Callable[[str], IO[bytes]]
) -> dict[str, Instruction]:
    """Record id -> instruction, of those that the files hold under these ids.

    Args:
        refs: a file of instructions, relative to the run -> record ids that are wanted of it.
        open_file: gives a seekable handle of a file of the run.

    Each file is opened once, and only those row groups (1,024 rows) are read that can hold one of
    the ids. Raises Fault where a file does not hold one of its ids.
    """
    found: dict[str, Instruction] = {}
    for name, wanted in refs.items():
        with open_file(name) as handle, pq.ParquetFile(handle) as file:
            for table in _wanted(file, sorted(set(wanted))):
                found.update((row["record_id"], Instruction(**row)) for row in table.to_pylist())
        missing = next((one for one in wanted if one not in found), None)
        if missing is not None:
            raise Fault(f"{name} has no instruction {missing}")
    return found


def _wanted(file: pq.ParquetFile, ids: Sequence[str]) -> Iterator[pa.Table]:
    values = pa.array(ids, pa.string())
    for number in range(file.num_row_groups):
        statistics = file.metadata.row_group(number).column(0).statistics
        if statistics is not None and statistics.has_min_max:
            at = bisect.bisect_left(ids, statistics.min)
            if at == len(ids) or ids[at] > statistics.max:
                continue
        table = file.read_row_group(number)
        yield table.filter(pc.is_in(table["record_id"], value_set=values))
