"""Outcome files: what became of each task, written once, looked up before anything is sent.

`_completed/<bucket>/<attempt>-<worker>-<seq>.parquet`; a file appears whole, so whatever lies
there under its final name is finished. Its id column serves as the index.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import itemgetter
from typing import IO, NamedTuple

import orjson
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from beam_synth.errors import Fault
from beam_synth.records import Outcome, Row

OUTCOME_SCHEMA = pa.schema(
    [
        ("task_id", pa.string()),
        ("kind", pa.string()),
        ("method", pa.string()),
        ("language", pa.string()),
        ("reason", pa.string()),
        ("detail", pa.string()),
        ("outcome", pa.binary()),  # orjson of records.Outcome
        ("content_hash", pa.string()),  # of that
    ]
)
_PLAIN_COLUMNS = OUTCOME_SCHEMA.names[:6]  # fields of Outcome, for those who read the files


class Finished(NamedTuple):
    """An outcome and the bytes it is written as."""

    outcome: Outcome
    body: bytes  # as `encode_outcome` gives them

    @property
    def content_hash(self) -> str:
        """Hex BLAKE2b of the body, 32 digits."""
        return _hash(self.body)


def encode_outcome(outcome: Outcome) -> Finished:
    """Encode an outcome as JSON. Raises TypeError when it holds what JSON cannot (lone surrogates).

    >>> item = encode_outcome(Outcome("f00d", "rejected", "rag", "en", "malformed_answer"))
    >>> decode_outcome(item.body) == item.outcome
    True
    """
    return Finished(outcome, orjson.dumps(outcome))


def _hash(body: bytes) -> str:
    return hashlib.blake2b(body, digest_size=16).hexdigest()


def decode_outcome(body: bytes) -> Outcome:
    """The outcome that `encode_outcome` encoded."""
    data = orjson.loads(body)
    for name in ("records", "qualities", "steps", "verdicts"):
        data[name] = tuple(data.get(name, ()))
    return Outcome(**data)


# ---------------------------------------------------------------- one file


class Damaged(ValueError):
    """A file that is no outcome file, or not a whole one; its text says what is wrong with it."""


def write_outcomes(outcomes: Iterable[Finished], handle: IO[bytes]) -> None:
    """Write a file; its bytes depend on the set of outcomes alone."""
    hashed = [(item.outcome.task_id, item.content_hash, item) for item in outcomes]
    hashed.sort(key=itemgetter(0, 1))
    plain = [[getattr(item.outcome, name) for *_, item in hashed] for name in _PLAIN_COLUMNS]
    columns = [*plain, [item.body for *_, item in hashed], [digest for _, digest, _ in hashed]]
    write_table(pa.table(columns, schema=OUTCOME_SCHEMA), handle)


def write_table(table: pa.Table, handle: IO[bytes]) -> None:
    """Write rows of OUTCOME_SCHEMA, which are in order of id."""
    pq.write_table(table, handle, compression="zstd", use_dictionary=False)


def read_whole(handle: IO[bytes]) -> pa.Table:
    """All columns of an outcome file (OUTCOME_SCHEMA). Raises Damaged."""
    return _read(handle, OUTCOME_SCHEMA.names)


def one_each(table: pa.Table) -> pa.Table:
    """The outcome that counts of each task, by id: that of the smallest content hash.

    Of equal ones the first row. Here alone it is decided which of several outcomes counts. `table`
    has the columns task_id and content_hash, and any others.

    >>> table = pa.table({"task_id": ["b", "a", "b"], "content_hash": ["9", "5", "2"]})
    >>> one_each(table).to_pydict()
    {'task_id': ['a', 'b'], 'content_hash': ['5', '2']}
    """
    keys = [("task_id", "ascending"), ("content_hash", "ascending")]
    table = table.take(pc.sort_indices(table, sort_keys=keys))
    ids = table["task_id"].combine_chunks()
    if len(ids) < 2:
        return table
    first = pa.concat_arrays([pa.array([True]), pc.not_equal(ids[1:], ids[:-1])])
    return table.filter(first)


def read_ids(handle: IO[bytes]) -> pa.Table:
    """The columns task_id and content_hash. Raises Damaged."""
    return _read(handle, ["task_id", "content_hash"])


def read_outcomes(handle: IO[bytes], wanted: Mapping[str, str]) -> list[Finished]:
    """The outcomes of the wanted tasks (id -> content hash) that are in the file, by id.

    An outcome with another hash is passed over. Raises Damaged, also for a body that does not
    match its hash.
    """
    table = _read(handle, ["task_id", "outcome", "content_hash"])
    table = table.filter(pc.is_in(table["task_id"], value_set=pa.array(wanted, pa.string())))
    outcomes: dict[str, Finished] = {}
    for row in table.to_pylist():
        task_id, body = row["task_id"], row["outcome"]
        if row["content_hash"] == wanted[task_id]:
            if _hash(body) != wanted[task_id]:
                raise Damaged(f"the outcome of {task_id} does not match its hash")
            outcomes[task_id] = Finished(decode_outcome(body), body)
    return [outcomes[task_id] for task_id in sorted(outcomes)]


def _read(handle: IO[bytes], columns: list[str]) -> pa.Table:
    try:
        table = pq.ParquetFile(handle).read(columns=columns)
        return table.cast(pa.schema([OUTCOME_SCHEMA.field(name) for name in columns]))
    except (pa.ArrowInvalid, pa.ArrowKeyError, OSError, ValueError) as error:
        raise Damaged(str(error).strip().split("\n")[0]) from error


# ---------------------------------------------------------------- records


def record_rows(handle: IO[bytes], record_ids: Iterable[str], file: str) -> dict[str, Row]:
    """The rows of the asked records in one outcome file, by id.

    The first 32 digits of a record's id are its task's, the others its place among the task's
    records. `file` is the file's name, for messages. Raises Fault where a record is not there.
    """
    wanted = set(record_ids)
    table = pq.read_table(handle, columns=["task_id", "outcome", "content_hash"])
    tasks = pa.array(sorted({record_id[:32] for record_id in wanted}), pa.string())
    table = one_each(table.filter(pc.is_in(table["task_id"], value_set=tasks)))
    rows: dict[str, Row] = {}
    for outcome in table["outcome"].to_pylist():
        decoded = orjson.loads(outcome)
        for index, row in enumerate(decoded["records"]):
            record_id = record_id_of(decoded["task_id"], index)
            if record_id in wanted:
                rows[record_id] = row
    if missing := wanted - rows.keys():
        raise Fault(f"{file}: {len(missing)} records are missing, such as {min(missing)}")
    return rows


def record_id_of(task_id: str, index: int) -> str:
    """The id of a task's record, 34 hex digits; `index` is its place among them, below 256.

    >>> record_id_of("f00d" * 8, 10)
    'f00df00df00df00df00df00df00df00d0a'
    """
    return f"{task_id}{index:02x}"


def rows_of(
    refs: Mapping[str, Sequence[str]], open_file: Callable[[str], IO[bytes]]
) -> dict[str, Row]:
    """The rows of records named by outcome file (file -> ids), each opened once.

    Raises Fault where a record is not in its file, and what `open_file` raises.
    """
    rows: dict[str, Row] = {}
    for file in sorted(refs):
        with open_file(file) as handle:
            rows.update(record_rows(handle, refs[file], file))
    return rows
