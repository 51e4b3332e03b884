"""SplitPassages and EmbedPassages: articles to passages on disk, and their vectors."""

from __future__ import annotations

import dataclasses
import logging
import uuid
from collections.abc import Iterable, Iterator
from typing import Any

import apache_beam as beam
import pyarrow as pa
import pyarrow.parquet as pq
from apache_beam.transforms.window import GlobalWindow
from apache_beam.utils.windowed_value import WindowedValue

from beam_synth.engines.embedders import make_embedder, make_tokenizer
from beam_synth.job.schema import Model, Passages
from beam_synth.knowledge import neighbors as vectors
from beam_synth.knowledge.passages import (
    Limits,
    bucket_tables,
    passages_path,
    read_batches,
    split_articles,
    write_passages,
)
from beam_synth.records import Reject, pack, reject, unpack
from beam_synth.storage.files import open_read, open_write
from transforms.accounting import COUNTS, REJECTS, Stage, counted, stage

SPLIT = "SplitPassages"
EMBED = "EmbedPassages"
_ARTICLES = 64  # articles that are split together
_LOG = logging.getLogger(__name__)

Bucket = tuple[int, str, int]  # bucket, passages file relative to the run, rows
Piece = tuple[str, int]  # file of passages on their way to their bucket, record batch in it


@dataclasses.dataclass(eq=False)
class SplitPassages(beam.PTransform):
    """Split the selected articles into passages, written once and bucketed by id.

    In: packed tables of ARTICLE_REF_SCHEMA. Out: (bucket, path, rows) for each bucket, empty ones
    too; the file is of PASSAGE_SCHEMA, sorted by id. Counts: in are articles, out are passages.
    """

    passages: Passages
    run: str  # run directory or URL
    embedder: Model  # whose tokens limit a passage
    buckets: int  # a worker holds one bucket's passages; more buckets split them
    flush_bytes: int = 8 << 20  # of passages that wait in a worker for their file

    def expand(self, refs: beam.PCollection[bytes]) -> Stage:
        # A group of ByPart holds the references of one body file: at most 512 rows, 0.4 KB each.
        # One of ByBucket holds (file, batch) pairs: 0.1 KB for each 8 MB of passages and bucket.
        split = _SplitPart(self)
        parts = refs | "Parts" >> beam.FlatMap(_by_part) | "ByPart" >> beam.GroupByKey()
        done = stage(parts | "Split" >> beam.ParDo(split).with_outputs(REJECTS, COUNTS, main="out"))
        every = refs.pipeline | "Buckets" >> beam.Create(
            [(b, ("", 0)) for b in range(self.buckets)]
        )
        pieces = (done.out, every) | "WithEmpty" >> beam.Flatten()
        merged = pieces | "ByBucket" >> beam.GroupByKey() | "Merge" >> beam.MapTuple(self.merge)
        return Stage(merged, done.rejects, done.counts)

    def merge(self, bucket: int, pieces: Iterable[Piece]) -> Bucket:
        """Write one bucket's file from the pieces of it."""
        tables = []
        for path, batch in sorted(set(pieces)):
            if path:
                with open_read(self.run, path) as handle, pa.ipc.open_file(handle) as file:
                    tables.append(pa.Table.from_batches([file.get_batch(batch)]))
        target = passages_path(bucket)
        with open_write(self.run, target) as handle:
            rows = write_passages(tables, handle)
        return bucket, target, rows


def _by_part(packed: bytes) -> Iterator[tuple[str, bytes]]:
    """One packed table of references for each body file."""
    refs = unpack(packed)
    names = refs.column("part").to_pylist()
    for part in sorted(set(names)):
        rows = [row for row, name in enumerate(names) if name == part]
        yield part, pack(refs.take(rows))


class _SplitPart(beam.DoFn):
    """(body file, packed references) -> (bucket, piece) of passages."""

    def __init__(self, config: SplitPassages) -> None:
        self._config = config
        self._limits = Limits(config.passages.min_words, config.passages.max_tokens)

    def setup(self) -> None:
        self._tokenizer = make_tokenizer(self._config.embedder)

    def start_bundle(self) -> None:
        self._waiting: list[pa.Table] = []
        self._bytes = 0

    def process(self, part: tuple[str, Iterable[bytes]]) -> Iterator[Any]:
        path, packed = part
        refs = pa.concat_tables([unpack(data) for data in packed]).sort_by("row")
        rejects: list[Reject] = []
        passages = 0
        with open_read(self._config.run, path) as handle, pq.ParquetFile(handle) as file:
            for chosen, articles in read_batches(file, refs, _ARTICLES):
                paths = chosen.column("path").to_pylist()
                table, sizes = split_articles(articles, paths, self._tokenizer, self._limits)
                rejects.extend(_no_passage(chosen, sizes))
                passages += table.num_rows
                self._waiting.append(table)
                self._bytes += table.nbytes
                if self._bytes >= self._config.flush_bytes:
                    yield from self._flush()
        yield from counted(SPLIT, refs.num_rows - len(rejects), passages, rejects)

    def finish_bundle(self) -> Iterator[Any]:
        window = GlobalWindow()
        for piece in self._flush():
            yield WindowedValue(piece, window.max_timestamp(), [window])

    def _flush(self) -> Iterator[tuple[int, Piece]]:
        """Write what waits into one file, a record batch for each bucket."""
        if not self._bytes:
            return
        tables = bucket_tables(pa.concat_tables(self._waiting), self._config.buckets)
        path = f"_tmp/passages/{uuid.uuid4().hex}.arrow"
        options = pa.ipc.IpcWriteOptions(compression="lz4")
        schema = self._waiting[0].schema
        with (
            open_write(self._config.run, path) as handle,
            pa.ipc.new_file(handle, schema, options=options) as writer,
        ):
            for _, table in tables:
                writer.write_batch(table.combine_chunks().to_batches()[0])
        self.start_bundle()
        for batch, (bucket, _) in enumerate(tables):
            yield bucket, (path, batch)


def _no_passage(refs: pa.Table, sizes: list[int]) -> Iterator[Reject]:
    for row, size in enumerate(sizes):
        if not size:
            ref = refs.slice(row, 1).to_pylist()[0]
            yield reject(
                "rejected",
                SPLIT,
                "no_passage",
                file=ref["file"],
                line=ref["line"],
                record_id=ref["article_id"],
            )


@dataclasses.dataclass(eq=False)
class EmbedPassages(beam.PTransform):
    """One vector for each passage, in the order of its file.

    In: (bucket, path, rows). Out: (bucket, path, rows, vectors path): float32[rows, d] of unit
    norm as .npy. A file that a former attempt has finished is taken as it is.
    """

    embedder: Model
    run: str  # run directory or URL
    group_rows: int = 512  # passages embedded together at least, so that batches fill

    def expand(self, buckets: beam.PCollection[Bucket]) -> Stage:
        # One group of all buckets: 0.1 KB each.
        return stage(
            buckets
            | "Gather" >> beam.combiners.ToList()
            | "Group" >> beam.FlatMap(vectors.groups, self.group_rows)
            | "Spread" >> beam.Reshuffle()
            | "Embed" >> beam.ParDo(_Embed(self)).with_outputs(REJECTS, COUNTS, main="out")
        )


class _Embed(beam.DoFn):
    """[(bucket, path, rows), ...] -> (bucket, path, rows, vectors path)."""

    def __init__(self, config: EmbedPassages) -> None:
        self._config = config

    def setup(self) -> None:
        self._embedder = make_embedder(self._config.embedder)

    def process(self, group: list[Bucket]) -> Iterator[Any]:
        texts = {bucket: self._texts(path) for bucket, path, _ in group}
        names = {bucket: self._name(bucket, *texts[bucket]) for bucket in texts}
        missing = [bucket for bucket in texts if not self._finished(names[bucket], bucket, texts)]
        found = self._embedder.embed([text for bucket in missing for text in texts[bucket][1]])
        start = 0
        for bucket in missing:
            rows = len(texts[bucket][1])
            with open_write(self._config.run, names[bucket]) as handle:
                vectors.write_vectors(found[start : start + rows], handle)
            start += rows
        _LOG.info("embedded %d passages, %d buckets were there", start, len(group) - len(missing))
        for bucket, path, rows in group:
            yield bucket, path, rows, names[bucket]
            yield from counted(EMBED, rows, rows)

    def _texts(self, path: str) -> tuple[list[str], list[str]]:
        with open_read(self._config.run, path) as handle:
            table = pq.read_table(handle, columns=["passage_id", "text"])
        return table.column("passage_id").to_pylist(), table.column("text").to_pylist()

    def _name(self, bucket: int, ids: list[str], texts: list[str]) -> str:
        return vectors.vectors_path(bucket, self._embedder, ids, texts)

    def _finished(self, name: str, bucket: int, texts: dict[int, Any]) -> bool:
        shape = (len(texts[bucket][1]), self._embedder.dimension)
        try:
            with open_read(self._config.run, name) as handle:
                return vectors.is_whole(handle, shape)
        except FileNotFoundError:
            return False
