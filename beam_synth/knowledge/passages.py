"""Articles split into passages: whole sentences, packed evenly into a band of lengths.

The id of a passage is a hash of article, revision, section, place and text, so it stays the same
from run to run as long as these do.
"""

from __future__ import annotations

import dataclasses
import itertools
import json
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from beam_synth.drawing import digest
from beam_synth.knowledge.cutting import Unit, pack_units, spans, units
from beam_synth.records import PASSAGE_SCHEMA
from beam_synth.text.sentences import count_words


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

    min_words: int  # shorter ones are left out
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
    articles: pa.Table,
    paths: Sequence[str],
    tokenizer: Tokenizer,
    limits: Limits,
    names: Sequence[Sequence[str] | None] = (),
) -> tuple[pa.Table, list[int]]:
    """Split a batch of articles (ARTICLE_SCHEMA) into passages (PASSAGE_SCHEMA).

    `paths` are the articles' expansion paths, `names` the other names of their items (none where
    they are left out). Returns the passages in reading order and their number for each article.
    Whole sentences (lines, in lists, tables and infoboxes) are packed evenly up to
    `limits.max_tokens`; passages under `limits.min_words` are left out, unless their section would
    then have none and has `limits.keep_words`.
    """
    sections = list(_sections(articles))
    room = limits.max_tokens - tokenizer.specials
    counts = iter(tokenizer.count([s.text[start:end] for s in sections for start, end in s.spans]))
    for section in sections:
        sizes = list(itertools.islice(counts, len(section.spans)))
        section.units = units(section.text, section.spans, sizes, room, tokenizer.count)
        _pack(section, room)
    _verify(sections, room, tokenizer)
    named = [list(own or ()) for own in names] or [[]] * articles.num_rows
    given: dict[str, Sequence[Any]] = {"path": paths, "names": named}
    return _table(articles, given, sections, tokenizer.specials, limits)


def _sections(articles: pa.Table) -> Iterator[_Section]:
    languages = articles.column("language").to_pylist()
    lists = articles.column("sections").combine_chunks()
    flat = lists.flatten()
    columns = [flat.field(name).to_pylist() for name in ("path", "kind", "text")]
    sizes = lists.value_lengths().to_pylist()
    parents = [article for article, size in enumerate(sizes) for _ in range(size or 0)]
    for row, (article, path, kind, text) in enumerate(zip(parents, *columns, strict=True)):
        section_spans = spans(text, kind, languages[article])
        if section_spans:
            yield _Section(article, row, path, kind, text, section_spans)


def _pack(section: _Section, room: int) -> None:
    soft = [
        section.kind == "prose" and n > 0 and "\n" not in section.text[before.end : unit.start]
        for n, (before, unit) in enumerate(
            zip([section.units[0], *section.units], section.units, strict=False)
        )
    ]
    section.runs = pack_units([unit.tokens for unit in section.units], room, soft)
    section.tokens = [
        sum(unit.tokens for unit in section.units[first:last]) for first, last in section.runs
    ]


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
            if any(size > room and last - first > 1 for size, (first, last) in sizes):
                over.append(section)
        tighter -= max(1, room // 16)
        for section in over:
            _pack(section, tighter)
        doubtful = over


def _table(
    articles: pa.Table,
    given: dict[str, Sequence[Any]],
    sections: list[_Section],
    specials: int,
    limits: Limits,
) -> tuple[pa.Table, list[int]]:
    """The rows of PASSAGE_SCHEMA, column by column."""
    names = ("article_id", "title", "language", "url", "revision", "license", "qid")
    parents = {name: articles.column(name).to_pylist() for name in names} | given
    columns: dict[str, list[Any]] = {name: [] for name in PASSAGE_SCHEMA.names}
    bounds: list[_Bounds] = []
    of_article = [0] * articles.num_rows
    for section in sections:
        own = {name: values[section.article] for name, values in parents.items()}
        for kept in _kept(section, limits):
            run = section.runs[kept.run]
            _append(columns, own, section, kept.run)
            columns["words"].append(kept.words)
            columns["tokens"].append(kept.tokens + specials)
            inside = section.units[run[0] : run[1]]
            bounds.append(_Bounds(section.row, inside[0].start, inside[-1].end))
            columns["position"].append(of_article[section.article])
            of_article[section.article] += 1
    columns["links"] = _links(articles, bounds)
    arrays = [
        values
        if isinstance(values, pa.Array)
        else pa.array(values, PASSAGE_SCHEMA.field(name).type)
        for name, values in columns.items()
    ]
    return pa.table(arrays, schema=PASSAGE_SCHEMA), of_article


class _RunLength(NamedTuple):
    run: int  # number of the run in its section
    tokens: int  # without specials
    words: int


class _Bounds(NamedTuple):
    """Where a passage lies."""

    row: int  # its section among those of the batch
    start: int  # in characters of the section
    end: int


def _kept(section: _Section, limits: Limits) -> list[_RunLength]:
    """The runs within the band; the longest if none is and the section is long enough."""
    words = [count_words(section.body(run)) for run in section.runs]
    counts = zip(range(len(words)), section.tokens, words, strict=True)
    lengths = [_RunLength(*row) for row in counts]
    kept = [length for length in lengths if length.words >= limits.min_words]
    if not kept and sum(words) >= limits.keep_words:
        kept = [max(lengths, key=lambda length: length.words)]
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
    columns["sentences"].append(
        [unit.start - start for n, unit in enumerate(inside) if unit.fresh or not n]
    )


def _links(articles: pa.Table, bounds: list[_Bounds]) -> pa.Array:
    """For each passage: the links that lie within it, offsets from its start."""
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
