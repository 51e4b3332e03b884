"""Passages: articles split into them, how they are written once, and read again by id."""

from __future__ import annotations

import bisect
import dataclasses
import itertools
import json
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import IO, Any, Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from beam_synth.drawing import bucket_of, digest
from beam_synth.errors import Fault
from beam_synth.knowledge.cutting import Unit, pack, spans, units
from beam_synth.records import PASSAGE_SCHEMA, Passage
from beam_synth.storage.layout import passages_path as passages_path  # until transforms use layout
from beam_synth.text.sentences import count_words

ROW_GROUP = 1024  # passages; what PassageStore reads and decodes at once (about 2 MB)

Opener = Callable[[str], IO[bytes]]  # path relative to the run -> seekable handle


def write_passages(parts: Iterable[pa.Table], handle: IO[bytes]) -> int:
    """Write one bucket's file from tables of PASSAGE_SCHEMA in any order; return its rows.

    The bytes depend on the set of rows alone. Holds the whole bucket in memory.
    Raises Fault when two passages have one id.
    """
    table = pa.concat_tables([PASSAGE_SCHEMA.empty_table(), *parts])
    table = table.sort_by("passage_id").combine_chunks()
    ids = table.column("passage_id").to_pylist()
    for one, other in itertools.pairwise(ids):
        if one == other:
            raise Fault(f"two passages have the id {one}: the articles repeat a section path")
    pq.write_table(table.cast(PASSAGE_SCHEMA), handle, compression="zstd", row_group_size=ROW_GROUP)
    return int(table.num_rows)


class Tokenizer(Protocol):
    """Counts tokens as the embedder does."""

    specials: int  # added to every text
    additive: bool  # tokens of texts joined by white space are the sum of the texts' tokens

    def count(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text, special tokens left out."""
        ...


@dataclasses.dataclass(frozen=True)
class Limits:
    """The length band of passages."""

    min_words: int
    max_tokens: int  # special tokens included
    keep_words: int = 40  # a section of as many words gives a passage whatever its length


@dataclasses.dataclass
class _Section:
    """One section on its way to passages; `row` counts the sections of the batch."""

    article: int
    row: int
    path: list[str]
    kind: str
    text: str
    spans: list[tuple[int, int]]
    units: list[Unit] = dataclasses.field(default_factory=list)
    runs: list[tuple[int, int]] = dataclasses.field(default_factory=list)
    tokens: list[int] = dataclasses.field(default_factory=list)  # of each run, without specials

    def body(self, run: tuple[int, int]) -> str:
        return self.text[self.units[run[0]].start : self.units[run[1] - 1].end]


def split_articles(
    articles: pa.Table, paths: Sequence[str], tokenizer: Tokenizer, limits: Limits
) -> tuple[pa.Table, list[int]]:
    """Split a batch of articles (ARTICLE_SCHEMA) into passages (PASSAGE_SCHEMA).

    `paths` are the articles' expansion paths. Returns the passages in reading order and their
    number for each article. Whole sentences (lines, in lists, tables and infoboxes) are packed
    evenly up to `limits.max_tokens`; passages under `limits.min_words` are left out.
    """
    sections = list(_sections(articles))
    room = limits.max_tokens - tokenizer.specials
    counts = iter(tokenizer.count([s.text[a:b] for s in sections for a, b in s.spans]))
    for section in sections:
        sizes = list(itertools.islice(counts, len(section.spans)))
        section.units = units(section.text, section.spans, sizes, room, tokenizer.count)
        _pack(section, room)
    _verify(sections, room, tokenizer)
    return _table(articles, paths, sections, tokenizer.specials, limits)


def _sections(articles: pa.Table) -> Iterator[_Section]:
    languages = articles.column("language").to_pylist()
    lists = articles.column("sections").combine_chunks()
    flat = lists.flatten()
    columns = [flat.field(name).to_pylist() for name in ("path", "kind", "text")]
    sizes = lists.value_lengths().to_pylist()
    parents = [article for article, size in enumerate(sizes) for _ in range(size or 0)]
    for row, (article, path, kind, text) in enumerate(zip(parents, *columns, strict=True)):
        found = spans(text, kind, languages[article])
        if found:
            yield _Section(article, row, path, kind, text, found)


def _pack(section: _Section, room: int) -> None:
    soft = [
        section.kind == "prose" and n > 0 and "\n" not in section.text[before.end : unit.start]
        for n, (before, unit) in enumerate(
            zip([section.units[0], *section.units], section.units, strict=False)
        )
    ]
    section.runs = pack([unit.tokens for unit in section.units], room, soft)
    section.tokens = [sum(u.tokens for u in section.units[a:b]) for a, b in section.runs]


def _verify(sections: list[_Section], room: int, tokenizer: Tokenizer) -> None:
    """Count the passages themselves where sums may be wrong; pack tighter until all fit."""
    doubtful = [
        s for s in sections if not tokenizer.additive or any(unit.glued for unit in s.units)
    ]
    tighter = room
    while doubtful:
        counts = iter(tokenizer.count([s.body(run) for s in doubtful for run in s.runs]))
        over = []
        for section in doubtful:
            section.tokens = list(itertools.islice(counts, len(section.runs)))
            sizes = zip(section.tokens, section.runs, strict=True)
            if any(size > room and b - a > 1 for size, (a, b) in sizes):
                over.append(section)
        tighter -= max(1, room // 16)
        for section in over:
            _pack(section, tighter)
        doubtful = over


def _table(
    articles: pa.Table,
    paths: Sequence[str],
    sections: list[_Section],
    specials: int,
    limits: Limits,
) -> tuple[pa.Table, list[int]]:
    """The rows of PASSAGE_SCHEMA, column by column."""
    names = ("article_id", "title", "language", "url", "revision", "license", "qid")
    parents = {name: articles.column(name).to_pylist() for name in names}
    columns: dict[str, list[Any]] = {name: [] for name in PASSAGE_SCHEMA.names}
    bounds: list[tuple[int, int, int]] = []  # section row, start and end in it
    of_article = [0] * articles.num_rows
    for section in sections:
        own = {name: values[section.article] for name, values in parents.items()}
        for index, tokens, words in _kept(section, limits):
            run = section.runs[index]
            _append(columns, own, section, index)
            columns["path"].append(paths[section.article])
            columns["words"].append(words)
            columns["tokens"].append(tokens + specials)
            inside = section.units[run[0] : run[1]]
            bounds.append((section.row, inside[0].start, inside[-1].end))
            of_article[section.article] += 1
    columns["links"] = _links(articles, bounds)
    arrays = [
        values
        if isinstance(values, pa.Array)
        else pa.array(values, PASSAGE_SCHEMA.field(name).type)
        for name, values in columns.items()
    ]
    return pa.table(arrays, schema=PASSAGE_SCHEMA), of_article


def _kept(section: _Section, limits: Limits) -> list[tuple[int, int, int]]:
    """(index of the run, tokens, words) of the passages within the band; the longest if none is."""
    words = [count_words(section.body(run)) for run in section.runs]
    rows = list(zip(range(len(words)), section.tokens, words, strict=True))
    kept = [row for row in rows if row[2] >= limits.min_words]
    if not kept and sum(words) >= limits.keep_words:
        kept = [max(rows, key=lambda row: row[2])]
    return kept


def _append(
    columns: dict[str, list[Any]], own: dict[str, Any], section: _Section, index: int
) -> None:
    run = section.runs[index]
    text = section.body(run)
    inside = section.units[run[0] : run[1]]
    start = inside[0].start
    heading = json.dumps(section.path, ensure_ascii=False)
    for name, value in own.items():
        columns[name].append(value)
    columns["passage_id"].append(digest(own["article_id"], own["revision"], heading, index, text))
    columns["section"].append(" > ".join(section.path))
    columns["kind"].append(section.kind)
    columns["index"].append(index)
    columns["text"].append(text)
    columns["sentences"].append([u.start - start for n, u in enumerate(inside) if u.fresh or not n])


def _links(articles: pa.Table, bounds: list[tuple[int, int, int]]) -> pa.Array:
    """For each (section row, start, end): the links that lie within, offsets from the start."""
    lists = articles.column("sections").combine_chunks().flatten().field("links")
    flat = lists.flatten()
    offsets = flat.field("offset").to_numpy(zero_copy_only=False)
    ends = offsets + pc.utf8_length(flat.field("text")).to_numpy(zero_copy_only=False)
    stops = np.cumsum(pc.fill_null(lists.value_lengths(), 0).to_numpy(zero_copy_only=False))
    taken: list[npt.NDArray[np.int64]] = []
    for row, start, end in bounds:
        first, last = (stops[row - 1] if row else 0), stops[row]
        inside = (offsets[first:last] >= start) & (ends[first:last] <= end)
        taken.append(first + np.flatnonzero(inside))
    lengths = np.array([len(rows) for rows in taken], np.int64)
    rows = np.concatenate([np.empty(0, np.int64), *taken])
    shift = np.repeat(np.array([start for _, start, _ in bounds], np.int64), lengths)
    values = pa.StructArray.from_arrays(
        [
            pa.array((offsets[rows] - shift).astype(np.int32)),
            flat.field("text").take(pa.array(rows)),
            flat.field("url").take(pa.array(rows)),
        ],
        names=["offset", "text", "url"],
    )
    starts = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(starts), values)


def read_batches(
    file: pq.ParquetFile, refs: pa.Table, size: int
) -> Iterator[tuple[pa.Table, pa.Table]]:
    """(references, articles) of a body file, `size` at a time; `refs` are sorted by row."""
    wanted = refs.column("row").to_numpy()
    start = 0
    for batch in file.iter_batches(batch_size=size):
        first, last = np.searchsorted(wanted, (start, start + batch.num_rows))
        if first < last:
            rows = pa.array(wanted[first:last] - start)
            yield refs.slice(first, last - first), pa.Table.from_batches([batch]).take(rows)
        start += batch.num_rows


def bucket_tables(passages: pa.Table, buckets: int) -> list[tuple[int, pa.Table]]:
    """The passages of each bucket that has some."""
    passages = passages.sort_by("passage_id")
    own = [bucket_of(passage_id, buckets) for passage_id in passages.column(0).to_pylist()]
    edges = [0, *(n for n in range(1, len(own)) if own[n] != own[n - 1]), len(own)]
    return [(own[a], passages.slice(a, b - a)) for a, b in itertools.pairwise(edges) if a < b]


class _Bucket:
    """The footer of one file: which row group holds which ids."""

    def __init__(self, handle: IO[bytes]) -> None:
        with pq.ParquetFile(handle) as file:
            self.metadata = file.metadata
        groups = range(self.metadata.num_row_groups)
        statistics = [self.metadata.row_group(i).column(0).statistics for i in groups]
        self.first_ids = [statistic.min for statistic in statistics]

    def group_of(self, passage_id: str) -> int:
        """The row group that holds the id if any does; -1 when it lies before all of them."""
        return bisect.bisect_right(self.first_ids, passage_id) - 1


class PassageStore:
    """Reads passages by id from `_passages/`, with a bounded cache of decoded row groups.

    `opener` gives a seekable binary handle for a path relative to the run. Safe for threads.

        store = PassageStore(opener, buckets=16)
        store.get_many(["00ab...", "93cd..."])["00ab..."].text
    """

    def __init__(self, opener: Opener, buckets: int, max_bytes: int = 256 << 20) -> None:
        self._open = opener
        self._buckets = buckets
        self._max_bytes = max_bytes  # of decoded tables kept between calls
        self._files: dict[int, _Bucket] = {}
        self._tables: OrderedDict[tuple[int, int], pa.Table] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def get_many(self, ids: Iterable[str]) -> dict[str, Passage]:
        """The passages of these ids. Raises Fault when one is not in the run."""
        wanted: dict[int, dict[int, list[str]]] = {}
        with self._lock:
            for passage_id in sorted(set(ids)):
                bucket = bucket_of(passage_id, self._buckets)
                group = self._bucket(bucket).group_of(passage_id)
                wanted.setdefault(bucket, {}).setdefault(group, []).append(passage_id)
            found: dict[str, Passage] = {}
            for bucket, groups in wanted.items():
                found.update(self._read(bucket, groups))
        return found

    def _bucket(self, bucket: int) -> _Bucket:
        if bucket not in self._files:
            with self._open(passages_path(bucket)) as handle:
                self._files[bucket] = _Bucket(handle)
        return self._files[bucket]

    def _read(self, bucket: int, groups: dict[int, list[str]]) -> dict[str, Passage]:
        found: dict[str, Passage] = {}
        for group, ids in groups.items():
            table = self._table(bucket, group)
            rows = table.column("passage_id").to_pylist()
            at = [bisect.bisect_left(rows, passage_id) for passage_id in ids]
            for passage_id, row in zip(ids, at, strict=True):
                if row == len(rows) or rows[row] != passage_id:
                    raise Fault(f"{passages_path(bucket)} has no passage {passage_id}")
            for record in table.take(at).to_pylist():
                found[record["passage_id"]] = Passage.from_row(record)
        return found

    def _table(self, bucket: int, group: int) -> pa.Table:
        if group < 0:
            return PASSAGE_SCHEMA.empty_table()
        key = (bucket, group)
        if key not in self._tables:
            with self._open(passages_path(bucket)) as handle:
                metadata = self._files[bucket].metadata
                with pq.ParquetFile(handle, metadata=metadata) as file:
                    table = file.read_row_group(group)
            self._tables[key] = table
            self._bytes += table.nbytes
            while self._bytes > self._max_bytes and len(self._tables) > 1:
                self._bytes -= self._tables.popitem(last=False)[1].nbytes
        self._tables.move_to_end(key)
        return self._tables[key]
