"""ReadArticles, ReadDocuments, ReadInstructions: input files to bodies on disk and references."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator
from operator import attrgetter
from typing import Any

import apache_beam as beam
import pyarrow as pa

from beam_synth.dataset.accounts import StageLink
from beam_synth.ingestion.article_files import newest, write_refs
from beam_synth.ingestion.article_reading import (
    ARTICLE_STAGES,
    DOCUMENT_STAGES,
    ReadLimits,
    article_kind,
    older_revision,
    read_articles,
    row_limits,
)
from beam_synth.ingestion.file_accounts import Stages, missing_file
from beam_synth.ingestion.instructions import (
    INSTRUCTION_STAGES,
    merge_instructions,
    read_instructions,
)
from beam_synth.ingestion.row_sources import RowSource
from beam_synth.records import Reject, Tally, count, packed_slices
from beam_synth.storage.files import RunFolder
from beam_synth.storage.inputs import matching
from beam_synth.storage.pieces import Piece, tables_of
from transforms.accounting import (
    METRICS,
    Accounted,
    Stage,
    batches,
    composed,
    rejected,
    tallied,
)

_OUT_ROWS = 8192  # references in one packed table
_REF_BYTES = 4 << 20  # of references that wait in a worker for their file
_DOCUMENTS = row_limits()


@dataclasses.dataclass(eq=False)
class ReadArticles(beam.PTransform):
    """Read Structured Wikipedia files; of two records of a page the newest revision stays.

    In: the pipeline. Out: packed tables of ARTICLE_REF_SCHEMA; bodies lie in
    `<run>/_tmp/articles/*.parquet` (ARTICLE_SCHEMA). The accounts are of two stages: `OpenFiles`,
    whose `in` are files (an archive counts as its members) and whose `out` are records, bad
    ones included; and `ReadArticles`, from records to articles. A file or a record that cannot be
    read is no exception but a reject of kind failed, such as `malformed_json`.

    A worker holds one body file's articles while it reads, and then the references of one
    partition, which lie on disk between the two.
    """

    patterns: tuple[str, ...]  # paths or globs of any filesystem that Beam knows
    run: str  # run directory or URL
    # A worker holds the references of a partition, 0.4 KB an article: 64 MB at 10 million articles
    # with 64; more partitions split it. A group holds where they lie: 0.1 KB for each 4 MB.
    limits: ReadLimits = dataclasses.field(default_factory=ReadLimits)

    def expand(self, root: Any) -> Stage:
        """Files are matched when the pipeline runs; a pattern without a file is an error record."""
        patterns = root | "Patterns" >> beam.Create([self.patterns])
        matched = patterns | "MatchFiles" >> Accounted(ARTICLE_STAGES.open, _MatchFiles())
        files = matched.out | beam.Reshuffle()
        return _reading_texts(ARTICLE_STAGES, self.run, self.limits, ()).stage(files, matched)


@dataclasses.dataclass(eq=False)
class ReadDocuments(beam.PTransform):
    """Read the user's documents into bodies and references as articles have them.

    As ReadArticles; the accounts are of `OpenDocuments` and `ReadDocuments`. Of two rows with one
    id the one whose text has the smaller hash stays, the other is `duplicate_id`.
    """

    sources: tuple[RowSource, ...]
    run: str  # run directory or URL
    limits: ReadLimits = _DOCUMENTS

    def expand(self, root: Any) -> Stage:
        files = root | "Files" >> beam.Create(_files(self.sources)) | beam.Reshuffle()
        reading = _reading_texts(DOCUMENT_STAGES, self.run, self.limits, self.sources)
        return reading.stage(files)


@dataclasses.dataclass(eq=False)
class ReadInstructions(beam.PTransform):
    """Read the user's instructions into files of the run, bucketed by id.

    In: the pipeline. Out: packed RECORD_REF tables, whose method is ""; bodies lie in
    `<run>/_instructions/*.parquet` (INSTRUCTION_SCHEMA), sorted by record id, for
    `ingestion.instructions.instructions_of`. The accounts are of `OpenInstructions` and
    `ReadInstructions`, as those of ReadArticles. Of two rows with one id the one that sorts first
    stays, the other is `duplicate_id`.

    A worker holds what `limits` say while it reads, and one bucket when it writes.
    """

    sources: tuple[RowSource, ...]
    run: str  # run directory or URL
    buckets: int  # of ids, a file each; more of them split what a worker holds
    limits: ReadLimits = _DOCUMENTS
    compared: bool = False  # whether a method makes more of them, which have to be new

    def expand(self, root: Any) -> Stage:
        # A group holds (file, batch) pairs: 0.1 KB for each 8 MB of instructions and bucket.
        files = root | "Files" >> beam.Create(_files(self.sources)) | beam.Reshuffle()
        return _Reading(INSTRUCTION_STAGES, _ReadPieces(self), None, _Merge(self)).stage(files)


def _files(sources: tuple[RowSource, ...]) -> list[tuple[int, str]]:
    """(number of the source, path) of every file."""
    return [(number, item.path) for number, of in enumerate(sources) for item in of.files]


def _without_files(sources: tuple[RowSource, ...]) -> tuple[RowSource, ...]:
    """The sources as a worker needs them, which gets the files one by one."""
    return tuple(dataclasses.replace(source, files=()) for source in sources)


@dataclasses.dataclass(frozen=True)
class _Reading:
    """What all kinds have in common: files are read, and of one id's records one is kept."""

    stages: Stages
    read_file: beam.DoFn  # a file -> what it holds, rejects and counts
    write: beam.PTransform | None  # of that -> (key, piece); None: it is so already
    keep: beam.DoFn  # (key, pieces) -> packed references, rejects and counts

    def stage(self, files: beam.PCollection[Any], *before: Stage) -> Stage:
        name = self.stages.read
        read = files | "ReadFiles" >> Accounted(name, self.read_file, extra=[METRICS])
        pieces = read.out if self.write is None else read.out | "WriteRefs" >> self.write
        grouped = pieces | "ById" >> beam.GroupByKey()
        kept = grouped | "Keep" >> Accounted(name, self.keep)
        opened = self.stages.open
        within = (StageLink(opened, ()),)
        whole = composed(name, kept.out, (*before, read, kept), reads=(opened,), within=within)
        return dataclasses.replace(whole, extra={METRICS: read.extra[METRICS]})


def _reading_texts(
    stages: Stages, run: str, limits: ReadLimits, sources: tuple[RowSource, ...]
) -> _Reading:
    """How articles and documents are read."""
    read_file = _ReadFile(run, limits, sources)
    return _Reading(stages, read_file, _WriteRefs(run, limits), _KeepNewest(run, stages))


@dataclasses.dataclass(eq=False)
class _WriteRefs(beam.PTransform):
    """Tables of references -> (partition, piece), of several tables together."""

    run: str
    limits: ReadLimits

    def expand(self, tables: beam.PCollection[pa.Table]) -> beam.PCollection[tuple[int, Piece]]:
        write = beam.FlatMap(write_refs, RunFolder(self.run), self.limits.partitions)
        return tables | "Gather" >> batches(_REF_BYTES, attrgetter("nbytes")) | "Write" >> write


class _MatchFiles(beam.DoFn):
    """Patterns -> (-1, path), each path once, in order."""

    def process(self, patterns: tuple[str, ...]) -> Iterator[Any]:
        paths: set[str] = set()
        tally = Tally()
        for pattern in patterns:
            matches = matching(pattern)
            paths.update(matches)
            if not matches:
                yield rejected(missing_file(pattern, tally, ARTICLE_STAGES))
        yield from ((-1, path) for path in sorted(paths))
        yield from map(tallied, tally.counts())


class _ReadFile(beam.DoFn):
    """(number of the source or -1, path) -> tables of references; bodies are on disk before they
    are passed on."""

    def __init__(self, run: str, limits: ReadLimits, sources: tuple[RowSource, ...]) -> None:
        self._run = RunFolder(run)
        self._limits = limits
        self._sources = _without_files(sources)

    def process(self, file: tuple[int, str]) -> Iterator[Any]:
        number, path = file
        kind = article_kind(None if number < 0 else self._sources[number])
        tally = Tally()
        for refs in read_articles(self._run, path, self._limits, tally, kind):
            yield rejected(refs) if isinstance(refs, Reject) else refs
        yield from _told(tally)


class _KeepNewest(beam.DoFn):
    """All references of a partition -> those of the newest records."""

    def __init__(self, run: str, stages: Stages) -> None:
        self._run = RunFolder(run)
        self._stages = stages

    def process(self, group: tuple[int, Iterable[Piece]]) -> Iterator[Any]:
        kept, lost = newest(tables_of(group[1], self._run))
        yield from packed_slices(kept, _OUT_ROWS)
        yield from _kept(
            self._stages, len(kept), [older_revision(row, self._stages) for row in lost]
        )


class _ReadPieces(beam.DoFn):
    """(number of the source, path) -> (bucket, piece)."""

    def __init__(self, config: ReadInstructions) -> None:
        self._run = RunFolder(config.run)
        self._sources = _without_files(config.sources)
        self._buckets, self._limits = config.buckets, config.limits

    def process(self, file: tuple[int, str]) -> Iterator[Any]:
        number, path = file
        tally = Tally()
        source = self._sources[number]
        for piece in read_instructions(self._run, path, source, self._buckets, self._limits, tally):
            yield rejected(piece) if isinstance(piece, Reject) else piece
        yield from _told(tally)


class _Merge(beam.DoFn):
    """(bucket, its pieces) -> packed references to the bucket's file, which is written here."""

    def __init__(self, config: ReadInstructions) -> None:
        self._run, self._compared = RunFolder(config.run), config.compared

    def process(self, group: tuple[int, Iterable[Piece]]) -> Iterator[Any]:
        refs, lost = merge_instructions(group, self._run, self._compared)
        yield from packed_slices(refs, _OUT_ROWS)
        yield from _kept(INSTRUCTION_STAGES, len(refs), lost)


def _told(tally: Tally) -> Iterator[Any]:
    """The addends of a file: of the accounts, and of what was changed in its texts."""
    yield from map(tallied, tally.counts())
    for figure in tally.figures.items():
        yield beam.pvalue.TaggedOutput(METRICS, figure)


def _kept(stages: Stages, kept: int, lost: list[Reject]) -> Iterator[Any]:
    """The rest of a reading stage's accounts: its records have been counted in when they were
    read, its faults too."""
    yield from map(rejected, lost)
    yield tallied(count(stages.read, "passed", kept))
    yield tallied(count(stages.read, "out", kept))
    for record in lost:
        yield tallied(count(stages.read, "failed", 1, record.reason))
