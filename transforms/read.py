"""ReadArticles: input files to article bodies on disk and one reference for each article."""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Iterable, Iterator
from typing import Any

import apache_beam as beam
import pyarrow.parquet as pq
from apache_beam.io.filesystem import BeamIOError, CompressionTypes
from apache_beam.io.filesystems import FileSystems

from beam_synth.errors import Rejected
from beam_synth.ingestion.article_files import article_table, newest, partitions, ref_table
from beam_synth.ingestion.lines import MAX_LINE_BYTES
from beam_synth.ingestion.reading import FileFault, Record, raw_of, read_records
from beam_synth.ingestion.wikipedia import article_id, parse_article
from beam_synth.records import Article, Count, Reject, count, pack, reject, unpack
from beam_synth.storage.files import open_write
from transforms.accounting import COUNTS, REJECTS, Stage, rejected, stage

OPEN = "OpenFiles"
READ = "ReadArticles"
_OUT_ROWS = 8192  # references in one packed table


@dataclasses.dataclass(eq=False)
class ReadArticles(beam.PTransform):
    """Read Structured Wikipedia files; of two records of a page the newest revision stays.

    In: the pipeline. Out: packed tables of ARTICLE_REF_SCHEMA; bodies lie in
    `<run>/_tmp/articles/*.parquet` (ARTICLE_SCHEMA). The counts are of two stages: `OpenFiles`,
    whose `in` are files (an archive counts as its members) and whose `out` are records, bad
    ones included; and `ReadArticles`, from records to articles.
    """

    patterns: tuple[str, ...]  # paths or globs of any filesystem that Beam knows
    run: str  # run directory or URL
    chunk_rows: int = 512  # articles in one body file, at most
    chunk_bytes: int = 8_000_000  # raw bytes in one body file, about: what a worker holds
    max_line_bytes: int = MAX_LINE_BYTES
    # A group holds the references of its partition, 0.4 KB an article: 256 MB at 10 million
    # articles with 16; more partitions split it.
    partitions: int = 16

    def expand(self, root: Any) -> Stage:
        """Files are matched when the pipeline runs; a pattern without a file is an error record."""
        limits = (self.chunk_rows, self.chunk_bytes, self.max_line_bytes)
        read_file = _ReadFile(self.run, limits, self.partitions)
        patterns = root | "Patterns" >> beam.Create([self.patterns])
        found = stage(patterns | "MatchFiles" >> _do(_MatchFiles()))
        read = stage(found.out | beam.Reshuffle() | "ReadFiles" >> _do(read_file))
        grouped = read.out | "ByArticle" >> beam.GroupByKey()
        kept = stage(grouped | "KeepNewest" >> _do(_KeepNewest()))
        parts = (found, read, kept)
        rejects = [part.rejects for part in parts] | "Rejects" >> beam.Flatten()
        counts = [part.counts for part in parts] | "Counts" >> beam.Flatten()
        return Stage(kept.out, rejects, counts)


def _do(fn: beam.DoFn) -> Any:
    return beam.ParDo(fn).with_outputs(REJECTS, COUNTS, main="out")


def _counted(counts: Iterable[Count]) -> Iterator[beam.pvalue.TaggedOutput]:
    for one in counts:
        if one[1]:
            yield beam.pvalue.TaggedOutput(COUNTS, one)


class _MatchFiles(beam.DoFn):
    """Patterns -> paths, each once, in order."""

    def process(self, patterns: tuple[str, ...]) -> Iterator[Any]:
        paths: set[str] = set()
        for pattern in patterns:
            found = match(pattern)
            paths.update(found)
            if not found:
                missing = FileFault(pattern, "unreadable_file", "no such file")
                tally = _Tally()
                yield rejected(tally.fault(missing))
                yield from _counted(tally.counts())
        yield from sorted(paths)


def match(pattern: str) -> list[str]:
    """The files that a path or glob names; the name of a file is never taken for a glob."""
    if FileSystems.exists(pattern):
        return [pattern]
    return [file.path for file in FileSystems.match([pattern])[0].metadata_list]


class _Chunk:
    """Articles that wait to be written."""

    def __init__(self) -> None:
        self.articles: list[Article] = []
        self.places: list[tuple[str, int]] = []
        self.bytes = 0

    def add(self, article: Article, record: Record) -> None:
        self.articles.append(article)
        self.places.append((record.file, record.line))
        self.bytes += len(record.raw) or sum(len(s.text) for s in article.sections)


class _ReadFile(beam.DoFn):
    """Path -> (partition, packed references); bodies are on disk before they are passed on."""

    def __init__(self, run: str, limits: tuple[int, int, int], partition_count: int) -> None:
        self._run = run
        self._rows, self._bytes, self._line_bytes = limits
        self._partitions = partition_count

    def process(self, path: str) -> Iterator[Any]:
        tally = _Tally()
        chunk = _Chunk()
        for record in self._records(path):
            fault = self._take(record, chunk, tally)
            if fault is not None:
                yield rejected(fault)
            if len(chunk.articles) >= self._rows or chunk.bytes >= self._bytes:
                yield from self._write(chunk)
                chunk = _Chunk()
        if chunk.articles:
            yield from self._write(chunk)
        yield from _counted(tally.counts())

    def _take(self, record: Record | FileFault, chunk: _Chunk, tally: _Tally) -> Reject | None:
        if isinstance(record, FileFault):
            return tally.fault(record)
        fault = tally.add(record)
        if fault is None:
            try:
                chunk.add(parse_article(record.value), record)
            except Rejected as error:
                fault = tally.refuse(record, error)
        return fault

    def _records(self, path: str) -> Iterator[Record | FileFault]:
        try:
            handle = FileSystems.open(path, compression_type=CompressionTypes.UNCOMPRESSED)
        except (OSError, BeamIOError) as error:
            yield FileFault(path, "unreadable_file", str(error))
            return
        with handle:
            yield from read_records(handle, path, self._line_bytes)

    def _write(self, chunk: _Chunk) -> Iterator[tuple[int, bytes]]:
        part = f"_tmp/articles/{uuid.uuid4().hex}.parquet"
        with open_write(self._run, part) as handle:
            pq.write_table(
                article_table(chunk.articles), handle, compression="zstd", compression_level=1
            )
        refs = ref_table(chunk.articles, chunk.places, part)
        for key, table in partitions(refs, self._partitions):
            yield key, pack(table)


class _Tally:
    """The accounts of one input file."""

    def __init__(self) -> None:
        self._counts: dict[tuple[str, str, str], int] = {}
        self._file = ""

    def _inc(self, stage_name: str, kind: str, reason: str = "") -> None:
        key = (stage_name, kind, reason)
        self._counts[key] = self._counts.get(key, 0) + 1

    def fault(self, record: FileFault) -> Reject:
        """Count a file that gave no record."""
        self._inc(OPEN, "in")
        self._inc(OPEN, "failed", record.reason)
        return reject("failed", OPEN, record.reason, record.detail, file=record.file)

    def add(self, record: Record) -> Reject | None:
        """Count a record as input, and its file when it is a new one; returns its fault."""
        if record.file != self._file:
            self._file = record.file
            self._inc(OPEN, "in")
            self._inc(OPEN, "passed")
        self._inc(OPEN, "out")
        self._inc(READ, "in")
        if record.reason:
            return self.refuse(record, Rejected(record.reason, record.detail))
        return None

    def refuse(self, record: Record, error: Rejected) -> Reject:
        """Count a record as failed."""
        self._inc(READ, "failed", error.reason)
        fault = reject(
            "failed",
            READ,
            error.reason,
            error.detail,
            file=record.file,
            line=record.line,
            record_id=article_id(record.value),
            raw=raw_of(record),
        )
        if record.raw_sha256:  # the raw bytes were cut before
            fault = dataclasses.replace(
                fault, raw_sha256=record.raw_sha256, raw_bytes=record.raw_bytes
            )
        return fault

    def counts(self) -> list[Count]:
        """The sums so far."""
        return list(self._counts.items())


class _KeepNewest(beam.DoFn):
    """All references of a partition -> those of the newest records."""

    def process(self, group: tuple[int, Iterable[bytes]]) -> Iterator[Any]:
        kept, lost = newest([unpack(data) for data in group[1]])
        for start in range(0, len(kept), _OUT_ROWS):
            yield pack(kept.slice(start, _OUT_ROWS))
        for row in lost:
            yield rejected(_duplicate(row))
        yield from _counted(
            [
                count(READ, "passed", len(kept)),
                count(READ, "out", len(kept)),
                count(READ, "failed", len(lost), "duplicate_article"),
            ]
        )


def _duplicate(row: dict[str, Any]) -> Reject:
    kept = f"{row['kept_file']}, line {row['kept_line']}"
    detail = f"revision {row['revision']}; kept is revision {row['kept_revision']} ({kept})"
    return reject(
        "failed",
        READ,
        "duplicate_article",
        detail,
        file=row["file"],
        line=row["line"],
        record_id=row["article_id"],
    )
