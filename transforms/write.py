"""WriteRejects, WriteShards and FinishRun: what becomes of a run's records."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import apache_beam as beam

from beam_synth.dataset import finishing, rejects
from beam_synth.dataset.accounts import StageLink
from beam_synth.dataset.shard_writing import ShardKey, check_layout, split_by_shard, write_shard
from beam_synth.records import DatasetConfig, Reject
from beam_synth.storage.files import RunFolder
from transforms.accounting import METRICS, Accounted, Stage, batches, counted

WRITE = "WriteShards"
_PART_BYTES = 8 << 20  # of rejects in one part file


@dataclasses.dataclass(eq=False)
class WriteRejects(beam.PTransform):
    """Write rejects to sorted part files that FinishRun merges.

    In: Reject, one collection or a tuple of them. Out: rejects.Part, one a stage, kind and 8 MB of
    records, which a worker gathers before it writes them. Each collection is written by the workers
    that make it: one of all would lie in the memory of the local runner to the end, 1.5 KB a
    record.
    """

    run: str  # run directory or URL

    def expand(
        self, records: beam.PCollection[Reject] | tuple[beam.PCollection[Reject], ...]
    ) -> beam.PCollection[rejects.Part]:
        run = RunFolder(self.run)
        every = records if isinstance(records, tuple) else (records,)
        parts = [
            some
            | f"Gather{number}" >> batches(_PART_BYTES, rejects.size)
            | f"WriteParts{number}" >> beam.FlatMap(rejects.write_parts, run)
            for number, some in enumerate(every)
        ]
        return parts | "Parts" >> beam.Flatten()


@dataclasses.dataclass(eq=False)
class WriteShards(beam.PTransform):
    """Write each config's records into shards, sorted by id, the same ones in every format.

    In: packed RECORD_REF tables. Out: dicts of shards.FileInfo, one a shard and format, empty
    shards too. A group holds the references of one shard: 256 MB are 2 million records; more
    `shards` split a larger one. Bodies are read one task bucket at a time. `extra["metrics"]` are
    addends of facts about the rows: (key, number).

    Raises ValueError, when it is made, where task buckets do not make whole shards or a format is
    unknown.
    """

    run: str  # run directory or URL
    configs: tuple[DatasetConfig, ...]  # all that the records may be of
    shards: int  # files of each config and format
    task_buckets: int  # of the run; a multiple of `shards`
    formats: tuple[str, ...] = ("parquet", "tfrecord")

    def __post_init__(self) -> None:
        check_layout(self.shards, self.task_buckets, self.formats)

    def expand(self, refs: beam.PCollection[bytes]) -> Stage:
        empty = refs.pipeline | "EveryShard" >> beam.Create(
            [((c.name, i), b"") for c in self.configs for i in range(self.shards)]
        )
        split = refs | "SplitByShard" >> beam.FlatMap(
            split_by_shard, self.task_buckets, self.shards
        )
        stage: Stage = (
            (split, empty)
            | "WithEmpty" >> beam.Flatten()
            | "GroupByShard" >> beam.GroupByKey()
            | "Write" >> Accounted(WRITE, _WriteShard(self), extra=[METRICS])
        )
        return stage


class _WriteShard(beam.DoFn):
    """(shard, packed references) -> fields of its files' FileInfo, and facts about its rows."""

    def __init__(self, stage: WriteShards) -> None:
        self._run = RunFolder(stage.run)
        self._configs = {config.name: config for config in stage.configs}
        self._count = stage.shards
        self._formats = stage.formats

    def process(self, group: tuple[ShardKey, Iterable[bytes]]) -> Iterator[Any]:
        config = self._configs[group[0][0]]
        written = write_shard(self._run, config, group, self._count, self._formats)
        yield from written.files
        yield from counted(WRITE, written.rows, written.rows)
        for item in written.facts.items():
            yield beam.pvalue.TaggedOutput(METRICS, item)


@dataclasses.dataclass(eq=False)
class FinishRun(beam.PTransform):
    """Check the accounts and write everything that makes the run a result; the manifest last.

    In: a dict of PCollections: `files` (of WriteShards), `counts` (of all stages), `rejects` (of
    WriteRejects), `metrics` ((key, number) addends). Out: the name of the last file written. The
    side inputs hold one element a file, stage, reason, part and measure. Raises Fault, while the
    pipeline runs, where the accounts are off.
    """

    run: str  # run directory or URL
    context: Mapping[str, Any]  # job, seed, identity, version, parents, environment
    stages: Sequence[StageLink]  # of the whole run, in order
    configs: Sequence[DatasetConfig]  # that have shards

    def expand(self, results: dict[str, beam.PCollection[Any]]) -> beam.PCollection[str]:
        summed = {
            name: results[name] | f"Sum{name.capitalize()}" >> beam.CombinePerKey(sum)
            for name in ("counts", "metrics")
        }
        gathered = {**results, **summed}
        sides = {name: beam.pvalue.AsList(elements) for name, elements in gathered.items()}
        finish = beam.ParDo(_Finish(self), **sides)
        return results["files"].pipeline | "Once" >> beam.Impulse() | "Finish" >> finish


class _Finish(beam.DoFn):
    """One impulse, and all results as side inputs -> the name of the last file written."""

    def __init__(self, stage: FinishRun) -> None:
        self._run = RunFolder(stage.run)
        self._context = dict(stage.context)
        self._stages = tuple(stage.stages)
        self._schemas = {config.name: config.schema for config in stage.configs}

    def process(self, _: bytes, **results: list[Any]) -> Iterator[str]:
        gathered = finishing.Results(**results)
        yield finishing.finish(self._run, gathered, self._stages, self._context, self._schemas)
