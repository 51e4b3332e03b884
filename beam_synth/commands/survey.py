"""A drawn sample of a job's articles and documents, split into passages, for `plan` and `preview`.

The articles are a simple random sample by keyed draws, so the same seed looks at the same ones.
"""

from __future__ import annotations

import contextlib
import dataclasses
import heapq
import itertools
from collections.abc import Collection, Iterator, Sequence
from typing import Any, NamedTuple

import pyarrow as pa

from beam_synth.drawing import draw
from beam_synth.engines.embedders import make_tokenizer
from beam_synth.errors import Refused, Rejected
from beam_synth.ingestion.altered import Altered
from beam_synth.ingestion.article_files import article_table
from beam_synth.ingestion.article_reading import article_kind
from beam_synth.ingestion.raw_records import InputRecord
from beam_synth.ingestion.reading import read_records
from beam_synth.ingestion.row_sources import RowSource
from beam_synth.ingestion.wikipedia import words_of
from beam_synth.job.schema import Job
from beam_synth.knowledge import expansion, wikidata
from beam_synth.knowledge.article_limit import rank_of_article
from beam_synth.knowledge.holdout import is_held_out
from beam_synth.knowledge.passages import Limits, split_articles
from beam_synth.knowledge.selection import in_core, read_list
from beam_synth.records import Article, Passage
from beam_synth.runs.identity import Run
from beam_synth.storage.files import open_input
from beam_synth.storage.inputs import InputFile

_READ_BYTES = 1 << 30  # of input files; more are sampled file by file
_WALKED_BYTES = 64 << 20  # of a Wikidata dump; over a larger one the walk is left to the run

_Text = tuple[InputFile, RowSource | None]  # a file, and its source where it holds documents


@dataclasses.dataclass(frozen=True)
class Survey:
    """What was looked at, and how much there is of it."""

    articles: tuple[Article, ...]
    passages: tuple[tuple[Passage, ...], ...]  # of each article
    total: int  # articles that the job is made from, estimated where not all files were read
    complete: bool  # every article of the job was looked at
    notes: tuple[str, ...]  # what core, limit, expansion and holdout choose, a line each


NOTHING = Survey((), (), 0, True, ())  # of a job without articles and documents


class _Ref(NamedTuple):
    """An article that was read; `number` is drawn, so that the smallest are a uniform sample."""

    number: float
    article_id: str
    place: tuple[int, int]  # file, record
    title: str
    qid: str  # or ""
    words: int


def survey(run: Run, size: int) -> Survey:
    """Draw `size` of the articles that the job is made from and split them. Loads no model.

    Up to 1 GiB of the inputs is read, in drawn files, twice: once to choose, once for the texts. A
    Wikidata dump up to 64 MiB is walked as the run would. Raises Refused when no article can be
    read, or none is chosen.
    """
    files, share = _drawn_files(run.job, run.texts)
    most = run.job.max_line_bytes
    refs = [_ref(run.job, place, article) for place, article in _articles(files, most)]
    if not refs:
        raise Refused(
            "no article or document with text is in the files; `run` would tell why in errors/"
        )
    chosen, notes = _chosen(run, refs, share)
    if not chosen:
        raise Refused(f"core: none of the {len(refs):,} articles is in {run.job.core.list}")
    places = {ref.place for ref in heapq.nsmallest(size, chosen)}
    articles = tuple(article for _, article in _articles(files, most, places))
    passages, held_out = _split(run.job, articles)
    if held_out:
        notes.append(
            f"holdout keeps {held_out:,} of their {held_out + sum(map(len, passages)):,} "
            "passages out"
        )
    complete = share == 1 and len(chosen) <= size
    return Survey(articles, passages, round(len(chosen) / share), complete, tuple(notes))


def _ref(job: Job, place: tuple[int, int], article: Article) -> _Ref:
    number = draw(job.seed, f"{article.article_id}/{article.revision}", "survey").uniform()
    return _Ref(number, article.article_id, place, article.title, article.qid, words_of(article))


def _drawn_files(job: Job, files: Sequence[_Text]) -> tuple[list[_Text], float]:
    """The files to read and their share of all bytes."""
    order = draw(job.seed, "files", "survey").shuffled(files)
    taken: list[_Text] = []
    size = 0
    for item, source in order:
        if taken and size + item.bytes > _READ_BYTES:
            continue
        taken.append((item, source))
        size += item.bytes
    total = sum(item.bytes for item, _ in files)
    return sorted(taken, key=lambda text: text[0].path), size / total if total else 1.0


def _articles(
    files: Sequence[_Text], most: int, places: set[tuple[int, int]] | None = None
) -> Iterator[tuple[tuple[int, int], Article]]:
    """The articles and documents in the files, or those of them that lie at `places`; no longer
    lines than `most` bytes."""
    for at, (item, source) in enumerate(files):
        kind = article_kind(source)
        for n, record in enumerate(_records(item.path, most, kind.columns)):
            if places is not None and (at, n) not in places:
                continue
            try:
                yield (at, n), kind.article(record.value, Altered())
            except Rejected:
                continue


def first_articles(run: Run, files: int, each: int) -> list[Article]:
    """The first articles and documents of some of a job's files, drawn by its seed."""
    texts = run.texts
    drawn = draw(run.job.seed, "files", "first").sample(range(len(texts)), files)
    return [
        article
        for number in sorted(drawn)
        for _, article in itertools.islice(_articles([texts[number]], run.job.max_line_bytes), each)
    ]


def _records(path: str, most: int, columns: Collection[str] | None = None) -> Iterator[InputRecord]:
    with open_input(path) as handle:
        for record in read_records(handle, path, most, columns):
            if isinstance(record, InputRecord) and not record.reason:
                yield record


# ---------------------------------------------------------------- core and expansion


def _chosen(run: Run, refs: Sequence[_Ref], share: float) -> tuple[list[_Ref], list[str]]:
    """The articles that core and expansion choose, and what to say of it."""
    core, others = _core(run.job, refs)
    notes = []
    if run.job.core.by != "all":
        notes.append(f"core by {run.job.core.by}: {len(core):,} of the {len(refs):,} articles read")
    if (limit := run.job.articles_limit) is not None:
        every = len(core)
        core = _first(core, round(limit * share))
        notes.append(f"articles_limit {limit:,} keeps {len(core):,} of {every:,} articles")
    if run.job.expand.wikidata is None or not others:
        return core, notes
    if share < 1 or sum(item.bytes for item in run.wikidata) > _WALKED_BYTES:
        most = min(run.job.expand.budget, round(len(others) / share))
        notes.append(
            f"expansion adds at most {most:,} articles, which the figures leave out: the "
            "articles or the Wikidata dump are too large to walk here"
        )
        return core, notes
    added = _reached(run, core, others)
    notes.append(f"expansion adds {len(added):,} of the other {len(others):,}")
    return [*core, *added], notes


def _core(job: Job, refs: Sequence[_Ref]) -> tuple[list[_Ref], list[_Ref]]:
    if job.core.list is None:
        return list(refs), []
    with open_input(job.core.list) as handle:
        entries = read_list(handle, job.core.list, job.core)
    keys = {"title": [ref.title for ref in refs], "qid": [ref.qid for ref in refs]}
    schema = pa.schema([("title", pa.string()), ("qid", pa.string())])
    inside = in_core(pa.table(keys, schema=schema), job.core, entries).to_pylist()
    core = [ref for ref, is_in in zip(refs, inside, strict=True) if is_in]
    return core, [ref for ref, is_in in zip(refs, inside, strict=True) if not is_in]


def _first(core: Sequence[_Ref], limit: int) -> list[_Ref]:
    """The first articles as LimitArticles takes them; at least one, where there is one."""
    return sorted(core, key=lambda ref: rank_of_article(ref.article_id))[: max(1, limit)]


def _reached(run: Run, core: Sequence[_Ref], others: Sequence[_Ref]) -> list[_Ref]:
    """The articles that the run's own walk would add."""
    config = run.job.expand
    properties = expansion.walked(config)
    rows = [
        row
        for item in run.wikidata
        for record in _records(item.path, run.job.max_line_bytes)
        for row in _items(record, sorted(properties))
    ]
    graph = expansion.Graph([pa.Table.from_pylist(rows, wikidata.ITEM_SCHEMA)], properties)
    words = expansion.words_by_item((ref.qid, ref.words) for ref in others)
    added, _ = expansion.walk((_item(ref.qid) for ref in core if ref.qid), graph, words, config)
    return [
        ref
        for ref in others
        if ref.qid and _item(ref.qid) in added and ref.words >= config.min_words
    ]


def _item(qid: str) -> int:
    return int(qid[1:])


def _items(record: InputRecord, properties: Sequence[str]) -> Iterator[dict[str, Any]]:
    for entity in wikidata.entities(record.value):
        with contextlib.suppress(Rejected):
            row = wikidata.slim(entity, properties)
            if row is not None:
                yield row


# ---------------------------------------------------------------- passages


def _split(job: Job, articles: Sequence[Article]) -> tuple[tuple[tuple[Passage, ...], ...], int]:
    """The passages of each article, and how many more are held out."""
    limits = Limits(job.passages.min_words, job.passages.max_tokens)
    tokenizer = make_tokenizer(job.model("embedder"))
    table: pa.Table = article_table(articles)
    rows, sizes = split_articles(table, ["[]"] * len(articles), tokenizer, limits)
    passages = [Passage.from_row(row) for row in rows.to_pylist()]
    ends = [sum(sizes[: n + 1]) for n in range(len(sizes))]
    kept = tuple(
        tuple(p for p in passages[end - size : end] if not _is_held_out(job, p))
        for end, size in zip(ends, sizes, strict=True)
    )
    return kept, len(passages) - sum(map(len, kept))


def _is_held_out(job: Job, passage: Passage) -> bool:
    return is_held_out(passage.article_id, passage.section, job.holdout.sections, job.seed)
