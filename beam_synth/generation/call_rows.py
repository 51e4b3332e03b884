"""Rows of the call journal: the hash of what was asked, what came, and the files they lie in."""

from __future__ import annotations

from collections.abc import Iterable
from typing import IO, Any, NamedTuple

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from beam_synth.engines.base import Completion, Usage
from beam_synth.errors import Rejected, TooLong
from beam_synth.generation.calls import Called
from beam_synth.generation.outcomes import Damaged

CALL_SCHEMA = pa.schema(
    [
        ("task_id", pa.string()),
        ("call", pa.string()),  # key of its place in the program
        ("request", pa.string()),  # hash of what was asked
        ("body", pa.binary()),  # what came, as `encode_called` gives it
    ]
)
_ROWS_AT_ONCE = 1000  # of a row group; a task's rows are neighbours


class CallRow(NamedTuple):
    """One finished call."""

    task_id: str
    call: str
    request: str
    body: bytes


# ---------------------------------------------------------------- what came


def encode_called(came: Called | TooLong | Rejected) -> bytes:
    """What came of a call: answers, or an error that another try would meet again.

    Raises TypeError for a text that JSON cannot hold (lone surrogates).

    >>> decode_called(encode_called(Called([Completion("yes", logprobs=(-0.1,))], 1, 0.5)))
    Called(completions=[Completion(text='yes', finish_reason='stop', usage=Usage(prompt_tokens=0, \
completion_tokens=0, reasoning_tokens=0), token_ids=None, logprobs=(-0.1,), reasoning='', \
sampling=None)], tries=1, seconds=0.5)
    >>> decode_called(encode_called(TooLong("900 tokens")))
    Traceback (most recent call last):
    beam_synth.errors.TooLong: 900 tokens
    """
    if isinstance(came, Rejected):
        return orjson.dumps({"reason": came.reason, "detail": came.detail})
    if isinstance(came, TooLong):
        return orjson.dumps({"too_long": str(came)})
    return orjson.dumps(came._asdict())


def decode_called(body: bytes) -> Called:
    """The answers that `encode_called` encoded; raises the error where it was one."""
    data = orjson.loads(body)
    if "reason" in data:
        raise Rejected(data["reason"], data["detail"])
    if "too_long" in data:
        raise TooLong(data["too_long"])
    completions = [_completion(fields) for fields in data["completions"]]
    return Called(completions, data["tries"], data["seconds"])


def _completion(fields: dict[str, Any]) -> Completion:
    usage = Usage(**fields.pop("usage"))
    ids, logprobs = fields.pop("token_ids"), fields.pop("logprobs")
    return Completion(
        **fields,
        usage=usage,
        token_ids=None if ids is None else tuple(ids),
        logprobs=None if logprobs is None else tuple(logprobs),
    )


# ---------------------------------------------------------------- files


def write_calls(rows: Iterable[CallRow], handle: IO[bytes]) -> None:
    """Write a file; its bytes depend on the set of rows alone."""
    columns = [list(column) for column in zip(*sorted(rows), strict=True)]
    write_call_table(pa.table(columns, schema=CALL_SCHEMA), handle)


def write_call_table(table: pa.Table, handle: IO[bytes]) -> None:
    """Write rows of CALL_SCHEMA, which are in order of task and call."""
    pq.write_table(table, handle, row_group_size=_ROWS_AT_ONCE, compression="zstd")


def read_calls(handle: IO[bytes], task_id: str | None = None) -> pa.Table:
    """The rows (CALL_SCHEMA) of one task, or all of them. Raises Damaged for no whole file."""
    wanted = None if task_id is None else [("task_id", "=", task_id)]
    return _read(handle, CALL_SCHEMA.names, wanted)


def read_call_tasks(handle: IO[bytes]) -> set[str]:
    """The tasks that a file has calls of. Raises Damaged."""
    return set(_read(handle, ["task_id"], None)["task_id"].unique().to_pylist())


def _read(handle: IO[bytes], columns: list[str], wanted: Any) -> pa.Table:
    try:
        table = pq.read_table(handle, columns=columns, filters=wanted)
        return table.cast(pa.schema([CALL_SCHEMA.field(name) for name in columns]))
    except (pa.ArrowInvalid, pa.ArrowKeyError, OSError, ValueError) as error:
        raise Damaged(str(error).strip().split("\n")[0]) from error
