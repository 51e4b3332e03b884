"""ReadArticles: input files to article bodies on disk and one reference for each article."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator
from typing import Any

import apache_beam as beam

from beam_synth.dataset.accounts import StageLink
from beam_synth.ingestion.article_files import newest
from beam_synth.ingestion.article_reading import (
    OPEN,
    READ,
    ReadLimits,
    missing_file,
    older_revision,
    read_articles,
)
from beam_synth.records import Reject, Tally, count, packed_slices, unpack
from beam_synth.storage.files import RunFolder
from beam_synth.storage.inputs import matching
from transforms.accounting import Accounted, Stage, composed, rejected, tallied

_OUT_ROWS = 8192  # references in one packed table


@dataclasses.dataclass(eq=False)
class ReadArticles(beam.PTransform):
    """Read Structured Wikipedia files; of two records of a page the newest revision stays.

    In: the pipeline. Out: packed tables of ARTICLE_REF_SCHEMA; bodies lie in
    `<run>/_tmp/articles/*.parquet` (ARTICLE_SCHEMA). The accounts are of two stages: `OpenFiles`,
    whose `in` are files (an archive counts as its members) and whose `out` are records, bad
    ones included; and `ReadArticles`, from records to articles. A file or a record that cannot be
    read is no exception but a reject of kind failed, such as `malformed_json`.

    A worker holds one body file's articles while it reads; a group holds the references of one
    partition.
    """

    patterns: tuple[str, ...]  # paths or globs of any filesystem that Beam knows
    run: str  # run directory or URL
    # A group holds the references of its partition, 0.4 KB an article: 256 MB at 10 million
    # articles with 16; more partitions split it.
    limits: ReadLimits = dataclasses.field(default_factory=ReadLimits)

    def expand(self, root: Any) -> Stage:
        """Files are matched when the pipeline runs; a pattern without a file is an error record."""
        patterns = root | "Patterns" >> beam.Create([self.patterns])
        matched = patterns | "MatchFiles" >> Accounted(OPEN, _MatchFiles())
        files = matched.out | beam.Reshuffle()
        read = files | "ReadFiles" >> Accounted(READ, _ReadFile(self.run, self.limits))
        grouped = read.out | "ByArticle" >> beam.GroupByKey()
        kept = grouped | "KeepNewest" >> Accounted(READ, _KeepNewest())
        return composed(
            READ, kept.out, (matched, read, kept), reads=(OPEN,), within=(StageLink(OPEN, ()),)
        )


class _MatchFiles(beam.DoFn):
    """Patterns -> paths, each once, in order."""

    def process(self, patterns: tuple[str, ...]) -> Iterator[Any]:
        paths: set[str] = set()
        tally = Tally()
        for pattern in patterns:
            matches = matching(pattern)
            paths.update(matches)
            if not matches:
                yield rejected(missing_file(pattern, tally))
        yield from sorted(paths)
        yield from map(tallied, tally.counts())


class _ReadFile(beam.DoFn):
    """Path -> (partition, packed references); bodies are on disk before they are passed on."""

    def __init__(self, run: str, limits: ReadLimits) -> None:
        self._run = RunFolder(run)
        self._limits = limits

    def process(self, path: str) -> Iterator[Any]:
        tally = Tally()
        for refs in read_articles(self._run, path, self._limits, tally):
            yield rejected(refs) if isinstance(refs, Reject) else refs
        yield from map(tallied, tally.counts())


class _KeepNewest(beam.DoFn):
    """All references of a partition -> those of the newest records."""

    def process(self, group: tuple[int, Iterable[bytes]]) -> Iterator[Any]:
        kept, lost = newest([unpack(data) for data in group[1]])
        yield from packed_slices(kept, _OUT_ROWS)
        for row in lost:
            yield rejected(older_revision(row))
        yield tallied(count(READ, "passed", len(kept)))
        yield tallied(count(READ, "out", len(kept)))
        if lost:
            yield tallied(count(READ, "failed", len(lost), "duplicate_article"))
