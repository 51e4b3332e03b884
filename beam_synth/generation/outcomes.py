"""Outcome files: what became of each task, written once, looked up before anything is sent.

`_completed/<bucket>/<attempt>-<worker>-<seq>.parquet`; a file appears whole, so whatever lies
there under its final name is finished. Its id column serves as the index.
"""

from __future__ import annotations

import dataclasses
import hashlib
import logging
import uuid
from collections import Counter, OrderedDict, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import IO, Any, NamedTuple

import orjson
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from beam_synth.drawing import bucket_of
from beam_synth.errors import Fault
from beam_synth.generation.budget import nano_cost
from beam_synth.job.schema import Price
from beam_synth.records import Outcome, Row
from beam_synth.storage import layout
from beam_synth.storage.files import RunFolder

LOG = logging.getLogger(__name__)
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
_TOLD = OUTCOME_SCHEMA.names[:6]
_ID_SCHEMA = pa.schema([(name, pa.string()) for name in ("task_id", "content_hash", "file")])
_KEPT_BUCKETS = 8  # whose id columns stay in memory: 80 bytes a task


class Finished(NamedTuple):
    """An outcome and the bytes it is written as."""

    outcome: Outcome
    body: bytes

    @property
    def content_hash(self) -> str:
        return _hash(self.body)


def encode_outcome(outcome: Outcome) -> Finished:
    """Encode an outcome. Raises TypeError when it holds what JSON cannot (lone surrogates)."""
    return Finished(outcome, orjson.dumps(outcome))


def _hash(body: bytes) -> str:
    return hashlib.blake2b(body, digest_size=16).hexdigest()


def decode_outcome(body: bytes) -> Outcome:
    """The outcome that `finished` encoded."""
    data = orjson.loads(body)
    for name in ("samples", "qualities", "steps"):
        data[name] = tuple(data[name])
    return Outcome(**data)


# ---------------------------------------------------------------- one file


class Damaged(ValueError):
    """A file that is no outcome file, or not a whole one."""


def write_outcomes(outcomes: Iterable[Finished], handle: IO[bytes]) -> None:
    """Write a file; its bytes depend on the set of outcomes alone."""
    hashed = [(item.outcome.task_id, item.content_hash, item) for item in outcomes]
    hashed.sort(key=itemgetter(0, 1))
    told = [[getattr(item.outcome, name) for *_, item in hashed] for name in _TOLD]
    columns = [*told, [item.body for *_, item in hashed], [digest for _, digest, _ in hashed]]
    write_table(pa.table(columns, schema=OUTCOME_SCHEMA), handle)


def write_table(table: pa.Table, handle: IO[bytes]) -> None:
    """Write rows of OUTCOME_SCHEMA, which are in order of id."""
    pq.write_table(table, handle, compression="zstd", use_dictionary=False)


def read_whole(handle: IO[bytes]) -> pa.Table:
    """All columns of an outcome file. Raises Damaged."""
    return _read(handle, OUTCOME_SCHEMA.names)


def one_each(table: pa.Table) -> pa.Table:
    """The outcome that counts of each task, by id: that of the smallest content hash.

    Of equal ones the first row. Here alone it is decided which of several outcomes counts.
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
    """The outcomes of the wanted tasks (id -> content hash), by id. Raises Damaged."""
    table = _read(handle, ["task_id", "outcome", "content_hash"])
    table = table.filter(pc.is_in(table["task_id"], value_set=pa.array(wanted, pa.string())))
    found: dict[str, Finished] = {}
    for row in table.to_pylist():
        task_id, body = row["task_id"], row["outcome"]
        if row["content_hash"] == wanted[task_id]:
            if _hash(body) != wanted[task_id]:
                raise Damaged(f"the outcome of {task_id} does not match its hash")
            found[task_id] = Finished(decode_outcome(body), body)
    return [found[task_id] for task_id in sorted(found)]


def _read(handle: IO[bytes], columns: list[str]) -> pa.Table:
    try:
        table = pq.ParquetFile(handle).read(columns=columns)
        return table.cast(pa.schema([OUTCOME_SCHEMA.field(name) for name in columns]))
    except (pa.ArrowInvalid, pa.ArrowKeyError, OSError, ValueError) as error:
        raise Damaged(str(error).strip().split("\n")[0]) from error


# ---------------------------------------------------------------- the folder


@dataclasses.dataclass
class OutcomeStore:
    """The outcome files as one worker sees them: the one place where 'done' is decided.

    Not safe for threads that look up and write at once; each batch has one of its own.
    """

    run: RunFolder
    buckets: int
    attempt: str = "0"
    worker: str = dataclasses.field(default_factory=lambda: uuid.uuid4().hex[:12])
    _written: int = 0
    _ids: OrderedDict[int, dict[str, pa.Table]] = dataclasses.field(default_factory=OrderedDict)
    _damaged: set[str] = dataclasses.field(default_factory=set)

    def lookup(self, task_ids: Iterable[str]) -> list[tuple[str, list[Finished]]]:
        """(file, outcomes in it) of the tasks that have one; a task is in one file only.

        Of several outcomes of a task the one of the smallest content hash counts.
        """
        by_bucket: dict[int, list[str]] = {}
        for task_id in task_ids:
            by_bucket.setdefault(bucket_of(task_id, self.buckets), []).append(task_id)
        found: list[tuple[str, list[Finished]]] = []
        for bucket, ids in sorted(by_bucket.items()):
            found += self._lookup_bucket(bucket, ids)
        return found

    def _lookup_bucket(self, bucket: int, ids: list[str]) -> list[tuple[str, list[Finished]]]:
        while True:
            chosen = self._choose(bucket, pa.array(ids, pa.string()))
            found = []
            for file, wanted in sorted(chosen.items()):
                try:
                    with self.run.open(file) as handle:
                        found.append((file, read_outcomes(handle, wanted)))
                except Damaged as error:
                    self._skip(bucket, file, error)
                    break
            else:
                return found

    def _choose(self, bucket: int, ids: pa.Array) -> dict[str, dict[str, str]]:
        """file -> {task id: content hash}: which outcome of each task counts."""
        found = [_ID_SCHEMA.empty_table()]
        for file, table in sorted(self._index(bucket).items()):
            table = table.filter(pc.is_in(table["task_id"], value_set=ids))
            found.append(table.append_column("file", pa.repeat(file, len(table))))
        chosen: dict[str, dict[str, str]] = {}
        for row in one_each(pa.concat_tables(found)).to_pylist():
            chosen.setdefault(row["file"], {})[row["task_id"]] = row["content_hash"]
        return chosen

    def _index(self, bucket: int) -> dict[str, pa.Table]:
        """The id columns of the bucket's files; each file is read once."""
        known = self._ids.setdefault(bucket, {})
        self._ids.move_to_end(bucket)
        while len(self._ids) > _KEPT_BUCKETS:
            self._ids.popitem(last=False)
        for name in self.run.names(layout.outcomes_folder(bucket)):
            file = f"{layout.outcomes_folder(bucket)}/{name}"
            if name.endswith(".tmp") or file in known or file in self._damaged:
                continue  # earlier versions left temporary names here
            try:
                with self.run.open(file) as handle:
                    known[file] = read_ids(handle)
            except Damaged as error:
                self._skip(bucket, file, error)
        return known

    def _skip(self, bucket: int, file: str, error: Damaged) -> None:
        self._damaged.add(file)
        self._ids.get(bucket, {}).pop(file, None)
        LOG.warning("%s is skipped, its tasks are done again: %s", file, error)

    def write(self, outcomes: Sequence[Finished]) -> list[tuple[str, list[Finished]]]:
        """Write the outcomes, a file for each bucket; (file, outcomes in it) once they are safe."""
        by_bucket: dict[int, list[Finished]] = {}
        for item in outcomes:
            by_bucket.setdefault(bucket_of(item.outcome.task_id, self.buckets), []).append(item)
        written = []
        for bucket, items in sorted(by_bucket.items()):
            file = layout.outcomes_path(bucket, self.attempt, self.worker, self._written)
            self._written += 1
            with self.run.create(file) as handle:
                write_outcomes(items, handle)
            written.append((file, items))
        return written


# ---------------------------------------------------------------- accounts of calls


def call_figures(outcomes: Iterable[Outcome], prices: Mapping[str, Price]) -> Counter[str]:
    """Addends of calls, retries, answers sent back, tokens, cost and a histogram of latency: over
    all, and by method, language, model and step.

    Keys are "calls" or "method:rag:calls". "nano_cost" is in 10**-9 of the prices' currency;
    "latency_ms_64" counts the calls that took more than 32 and at most 64 ms.
    """
    groups: dict[tuple[str, str, str, str], dict[str, int]] = {}
    for outcome in outcomes:
        for step in outcome.steps:
            group = outcome.method, outcome.language, step["model"], step["step"]
            sums = groups.setdefault(group, defaultdict(int))
            for measure, n in _measures(step, prices):
                sums[measure] += n
    totals: Counter[str] = Counter()
    for group, sums in groups.items():
        named = zip(("method", "language", "model", "step"), group, strict=True)
        for prefix in ("", *(f"{kind}:{name}:" for kind, name in named)):
            totals.update({prefix + measure: n for measure, n in sums.items()})
    return totals


def _measures(step: Mapping[str, Any], prices: Mapping[str, Price]) -> Iterator[tuple[str, int]]:
    tokens = step["prompt_tokens"], step["completion_tokens"]
    yield "calls", 1
    yield "retries", step["tries"] - 1
    yield "sent_back", int(step["malformed"])
    yield "prompt_tokens", tokens[0]
    yield "completion_tokens", tokens[1]
    if step["model"] in prices:
        yield "nano_cost", nano_cost(prices[step["model"]], *tokens)
    if "ms" in step:
        yield f"latency_ms_{1 << max(0, step['ms'] - 1).bit_length()}", 1


def sample_rows(handle: IO[bytes], synth_ids: Iterable[str], file: str) -> dict[str, Row]:
    """The rows of the asked samples in one outcome file; `file` is its name, for messages.

    Raises Fault where a sample is not there.
    """
    wanted = set(synth_ids)
    table = pq.read_table(handle, columns=["task_id", "outcome", "content_hash"])
    tasks = pa.array(sorted({synth_id[:32] for synth_id in wanted}), pa.string())
    table = one_each(table.filter(pc.is_in(table["task_id"], value_set=tasks)))
    rows: dict[str, Row] = {}
    for outcome in table["outcome"].to_pylist():
        samples = orjson.loads(outcome)["samples"]
        rows.update((row["synth_id"], row) for row in samples if row["synth_id"] in wanted)
    if missing := wanted - rows.keys():
        raise Fault(f"{file}: {len(missing)} samples are missing, such as {min(missing)}")
    return rows


def rows_of(
    refs: Mapping[str, Sequence[str]], open_file: Callable[[str], IO[bytes]]
) -> dict[str, Row]:
    """The rows of samples named by outcome file (file -> ids), each file opened once."""
    rows: dict[str, Row] = {}
    for file in sorted(refs):
        with open_file(file) as handle:
            rows.update(sample_rows(handle, refs[file], file))
    return rows
