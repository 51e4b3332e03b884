"""WriteRejects, WriteShards and FinishRun: what becomes of a run's records."""

from __future__ import annotations

import contextlib
import dataclasses
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import apache_beam as beam
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from apache_beam.transforms.window import GlobalWindows

from beam_synth.dataset import card as provenance
from beam_synth.dataset import finishing, rejects, shards
from beam_synth.dataset.accounts import Stages
from beam_synth.errors import Fault
from beam_synth.generation.outcomes import rows_of
from beam_synth.records import SAMPLE_REF_SCHEMA, SAMPLE_SCHEMA, Reject, pack, split, unpack
from beam_synth.storage.files import RunFolder
from transforms.accounting import COUNTS, REJECTS, Stage, counted

CONFIG = "samples"
METRICS = "metrics"
_PART_BYTES = 8 << 20  # of rejects in one part file
_REF_COLUMNS = ("synth_id", "task_bucket", "file", "method")  # about 120 bytes a sample


# ---------------------------------------------------------------- rejects


@dataclasses.dataclass(eq=False)
class WriteRejects(beam.PTransform):
    """Write rejects to sorted part files that FinishRun merges.

    In: Reject. Out: (stage, kind, path, records) of each part.
    """

    run: str

    def expand(
        self, records: beam.PCollection[Reject]
    ) -> beam.PCollection[tuple[str, str, str, int]]:
        return records | "WriteParts" >> beam.ParDo(_WriteParts(self.run))


class _WriteParts(beam.DoFn):
    def __init__(self, run: str) -> None:
        self._files = RunFolder(run)

    def start_bundle(self) -> None:
        self._lines: dict[tuple[str, str], list[bytes]] = {}
        self._bytes = 0

    def process(self, record: Reject) -> Iterator[tuple[str, str, str, int]]:
        line = rejects.line(record)
        self._lines.setdefault((record.stage, record.kind), []).append(line)
        self._bytes += len(line)
        if self._bytes >= _PART_BYTES:
            yield from self._flush()

    def finish_bundle(self) -> Iterator[Any]:
        yield from map(GlobalWindows.windowed_value_at_end_of_window, self._flush())

    def _flush(self) -> Iterator[tuple[str, str, str, int]]:
        lines, self._lines, self._bytes = self._lines, {}, 0
        for (stage, kind), found in lines.items():
            path = f"_tmp/rejects/{stage}-{kind}-{uuid.uuid4().hex}.jsonl"
            found.sort(key=rejects.order)
            with self._files.create(path) as handle:
                handle.write(b"".join(found))
            yield stage, kind, path, len(found)


# ---------------------------------------------------------------- shards


@dataclasses.dataclass(frozen=True)
class Written(Stage):
    """The stage's outputs, and addends of the facts about its rows: (key, number)."""

    metrics: beam.PCollection[tuple[str, int]]


@dataclasses.dataclass(eq=False)
class WriteShards(beam.PTransform):
    """Write the samples into shards, sorted by id, the same records in every format.

    In: packed SAMPLE_REF tables. Out: dicts of shards.FileInfo. A group holds the references of
    one shard: 256 MB are 2 million samples; more `shards` split a larger one. Bodies are read one
    task bucket at a time.
    """

    run: str
    shards: int
    task_buckets: int
    formats: tuple[str, ...] = ("parquet", "tfrecord")

    def __post_init__(self) -> None:
        if self.shards < 1 or self.task_buckets % self.shards:
            raise ValueError(
                f"task_buckets ({self.task_buckets}) must be a multiple of shards ({self.shards})"
            )
        if unknown := set(self.formats) - shards.WRITERS.keys():
            raise ValueError(f"unknown formats {sorted(unknown)}; known: {sorted(shards.WRITERS)}")

    def expand(self, refs: beam.PCollection[bytes]) -> Written:
        buckets = self.task_buckets // self.shards
        empty = refs.pipeline | "EveryShard" >> beam.Create([(i, b"") for i in range(self.shards)])
        outputs = (
            (refs | "SplitByShard" >> beam.ParDo(_SplitByShard(buckets)), empty)
            | "WithEmpty" >> beam.Flatten()
            | "GroupByShard" >> beam.GroupByKey()
            | "Write"
            >> beam.ParDo(_WriteShard(self.run, self.shards, self.formats)).with_outputs(
                REJECTS, COUNTS, METRICS, main="out"
            )
        )
        return Written(outputs.out, outputs[REJECTS], outputs[COUNTS], outputs[METRICS])


class _SplitByShard(beam.DoFn):
    def __init__(self, buckets: int) -> None:
        self._buckets = buckets

    def process(self, data: bytes) -> Iterator[tuple[int, bytes]]:
        table = unpack(data).select(_REF_COLUMNS)
        numbers = table["task_bucket"].to_numpy().astype(np.int64) // self._buckets
        for shard, part in split(table, numbers):
            yield shard, pack(part)


class _WriteShard(beam.DoFn):
    def __init__(self, run: str, count: int, formats: tuple[str, ...]) -> None:
        self._files = RunFolder(run)
        self._count = count
        self._formats = formats

    def process(self, group: tuple[int, Iterable[bytes]]) -> Iterator[Any]:
        shard, parts = group
        refs = _sorted_refs(parts)
        facts = Counter(map(provenance.method_fact, refs["method"].to_pylist()))
        with contextlib.ExitStack() as stack:
            paths = [shards.shard_path(f, CONFIG, shard, self._count) for f in self._formats]
            handles = [shards.Hashing(stack.enter_context(self._files.create(p))) for p in paths]
            writers = [shards.WRITERS[f](h) for f, h in zip(self._formats, handles, strict=True)]
            for table in self._tables(refs):
                facts.update(provenance.facts_of(table))
                for writer in writers:
                    writer.write(table)
            for writer in writers:
                writer.close()
        for path, format, handle in zip(paths, self._formats, handles, strict=True):
            yield dataclasses.asdict(
                shards.FileInfo(path, CONFIG, format, len(refs), handle.bytes, handle.hexdigest())
            )
        yield from counted("WriteShards", len(refs), len(refs))
        for item in facts.items():
            yield beam.pvalue.TaggedOutput(METRICS, item)

    def _tables(self, refs: pa.Table) -> Iterator[pa.Table]:
        """The shard's rows in order, one task bucket at a time."""
        for bucket in pc.unique(refs["task_bucket"]):
            part = refs.filter(pc.equal(refs["task_bucket"], bucket))
            ids, files = part["synth_id"].to_pylist(), part["file"].to_pylist()
            wanted: dict[str, list[str]] = {}
            for synth_id, file in zip(ids, files, strict=True):
                wanted.setdefault(file, []).append(synth_id)
            rows = rows_of(wanted, self._files.open)
            yield pa.Table.from_pylist([rows[i] for i in ids], schema=SAMPLE_SCHEMA)


def _sorted_refs(parts: Iterable[bytes]) -> pa.Table:
    """The shard's references by id, which is by bucket. Raises Fault when an id comes twice."""
    empty = SAMPLE_REF_SCHEMA.empty_table().select(_REF_COLUMNS)
    refs = pa.concat_tables([empty, *(unpack(part) for part in parts if part)])
    refs = refs.sort_by([("task_bucket", "ascending"), ("synth_id", "ascending")])
    if pc.count_distinct(refs["synth_id"]).as_py() != len(refs):
        raise Fault("a sample reached the shards twice; this is a fault of the program")
    return refs


# ---------------------------------------------------------------- the end


@dataclasses.dataclass(eq=False)
class FinishRun(beam.PTransform):
    """Check the accounts and write everything that makes the run a result; the manifest last.

    In: a dict of PCollections: `files` (of WriteShards), `counts` (of all stages), `rejects` (of
    WriteRejects), `metrics` ((key, number) addends). Out: the name of the last file written. The
    side inputs hold one element a file, stage, reason, part and measure.
    """

    run: str
    context: Mapping[str, Any]
    stages: Stages

    def expand(self, results: dict[str, beam.PCollection[Any]]) -> beam.PCollection[str]:
        sums = {
            name: results[name] | f"Sum{name.capitalize()}" >> beam.CombinePerKey(sum)
            for name in ("counts", "metrics")
        }
        return (
            results["files"].pipeline
            | "Once" >> beam.Impulse()
            | "Finish"
            >> beam.ParDo(
                _Finish(self.run, dict(self.context), self.stages),
                files=beam.pvalue.AsList(results["files"]),
                counts=beam.pvalue.AsList(sums["counts"]),
                rejects=beam.pvalue.AsList(results["rejects"]),
                metrics=beam.pvalue.AsList(sums["metrics"]),
            )
        )


class _Finish(beam.DoFn):
    def __init__(self, run: str, context: dict[str, Any], stages: Stages) -> None:
        self._run = run
        self._context = context
        self._stages = stages

    def process(self, _: bytes, **results: list[Any]) -> Iterator[str]:
        found = finishing.Results(**results)
        yield finishing.finish(RunFolder(self._run), found, self._stages, self._context)
