"""The plan of sections and articles: a text of several passages, bounded in tokens, is one seed.

References to passages meet by article, so that no text is shuffled; bodies are read only for
methods that list the tasks of each seed themselves.
"""

from __future__ import annotations

import bisect
import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from beam_synth.drawing import bucket_of, digest
from beam_synth.generation.mixture import PlanConfig, Share, rates
from beam_synth.generation.planned_buckets import Planned, by_bucket, not_asked, not_drawn
from beam_synth.generation.planned_records import tasks_of_seed
from beam_synth.generation.planning import plan_unit
from beam_synth.generation.seeds import seed_of
from beam_synth.knowledge.passage_store import PassageStore
from beam_synth.methods.seeds import Start
from beam_synth.records import (
    JoinedFile,
    Passage,
    PassageFile,
    Reject,
    Task,
    split_table,
)
from beam_synth.storage.files import RunFolder
from beam_synth.storage.pieces import Piece, pieces_of, tables_of

GetPassages = Callable[[Sequence[str]], Mapping[str, Passage]]

_PARTITIONS = 64
_ROWS = 8192  # references that are planned together, and those that end their last article
_READ_AT_ONCE = 256  # seeds whose passages are read together
_COLUMNS = ["passage_id", "article_id", "language", "section", "position", "tokens"]


class SeedUnit(NamedTuple):
    """The passages of one seed, in reading order."""

    ids: tuple[str, ...]
    language: str


def refs_by_article(
    joined: JoinedFile | PassageFile, run: RunFolder
) -> Iterator[tuple[int, Piece]]:
    """(partition, piece of its references) of one bucket's passages; an article is in one
    partition.

    The references, which are written into one file, hold the ids, the section, the position in the
    article and the tokens.
    """
    with run.open(joined.path) as handle:
        table = pq.read_table(handle, columns=_COLUMNS)
    articles = table["article_id"].to_pylist()
    keys = np.array([bucket_of(digest(name), _PARTITIONS) for name in articles], dtype=np.int64)
    if len(table):
        yield from pieces_of(list(split_table(table, keys)), run, "units")


def plan_units(
    pieces: Iterable[Piece],
    run: RunFolder,
    store: PassageStore,
    config: PlanConfig,
    by_language: Mapping[str, int] | None,
    stage: str,
) -> Iterator[Planned]:
    """The tasks of a partition's articles, some at a time; a passage that is in no seed with a task
    is a reject, or counted where the job keeps no rejects of what is not drawn.

    Args:
        pieces: references of `refs_by_article`, every one of the partition.
        run: where they lie.
        store: the run's passages.
        config: what is drawn.
        by_language: the whole run's passages by language, where languages have shares.
        stage: name that the rejects stand under.
    """
    language_rates = None if by_language is None else rates(by_language, config)
    order = [("article_id", "ascending"), ("position", "ascending"), ("passage_id", "ascending")]
    table = pa.concat_tables(tables_of(pieces, run)).sort_by(order)
    for some in whole_articles(table, _ROWS):
        yield _plan_rows(some.to_pylist(), store, config, language_rates, stage)


def whole_articles(refs: pa.Table, rows: int) -> Iterator[pa.Table]:
    """References sorted by article, `rows` at a time, and those that end the last one's article.

    >>> refs = pa.table({"article_id": ["a", "a", "b", "b", "c"]})
    >>> [len(part) for part in whole_articles(refs, 1)], [len(p) for p in whole_articles(refs, 3)]
    ([2, 2, 1], [4, 1])
    """
    ids = refs["article_id"].combine_chunks()
    starts = np.flatnonzero(pc.not_equal(ids[1:], ids[:-1]).to_numpy(zero_copy_only=False)) + 1
    bounds = [*starts.tolist(), len(refs)]
    start = 0
    while start < len(refs):
        end = bounds[bisect.bisect_left(bounds, min(start + rows, len(refs)))]
        yield refs.slice(start, end - start)
        start = end


def _plan_rows(
    rows: Sequence[Mapping[str, Any]],
    store: PassageStore,
    config: PlanConfig,
    language_rates: Mapping[str, float] | None,
    stage: str,
) -> Planned:
    rejects: list[Reject] = []
    asked = []
    for row in rows:
        refused = not_asked(row["language"], config, language_rates, stage, row["passage_id"])
        if refused:
            rejects.append(refused)
        else:
            asked.append(row)
    tasks = list(unit_tasks(asked, store.get_many, config, language_rates))
    used = {name for task in tasks for name in (task.passage_id, *task.members)}
    idle = [row["passage_id"] for row in asked if row["passage_id"] not in used]
    packed = by_bucket(tasks, config.task_buckets)
    kept, unrecorded = not_drawn(idle, config, stage)
    return Planned(packed, len(tasks), len(used), [*rejects, *kept], unrecorded)


def unit_tasks(
    rows: Sequence[Mapping[str, Any]],
    get_many: GetPassages,
    config: PlanConfig,
    language_rates: Mapping[str, float] | None,
) -> Iterator[Task]:
    """The tasks of sections and articles, and those that methods list, from references in order.

    Args:
        rows: passage_id, article_id, section, language and tokens of each passage, all of an
            article in reading order.
        get_many: gives passages by id, at least those asked for.
        config: what is drawn.
        language_rates: tasks a passage by language; None: `per_passage` for all.
    """
    shares = [share for share in config.of_round(0) if share.of_units]
    for start in dict.fromkeys(share.start for share in shares):
        units = list(units_of(rows, start))
        own = [share for share in shares if share.start == start]
        drawn = [share for share in own if not share.listed]
        for unit in units:
            rate = None if language_rates is None else language_rates.get(unit.language)
            yield from plan_unit(unit.ids, unit.language, drawn, config, rate)
        for share in own:
            if share.listed:
                served = [unit for unit in units if share.serves(unit.language)]
                yield from _listed(served, share, config, get_many)


def units_of(rows: Sequence[Mapping[str, Any]], start: Start) -> Iterator[SeedUnit]:
    """Seeds of the wanted kind from references in reading order, article by article.

    Consecutive passages of a section or an article make one seed while they have at most
    `max_tokens` together; the rest is a further one.

    >>> rows = [{"passage_id": name, "article_id": "a", "section": "", "language": "en",
    ...          "tokens": 60} for name in "pqr"]
    >>> [unit.ids for unit in units_of(rows, Start("passage", "article", 128))]
    [('p', 'q'), ('r',)]
    """

    def key(row: Mapping[str, Any]) -> tuple[str, ...]:
        if start.unit == "passage":
            return (row["passage_id"],)
        return (row["article_id"], *([row["section"]] if start.unit == "section" else []))

    for _, group in itertools.groupby(rows, key):
        ids: list[str] = []
        tokens, language = 0, ""
        for row in group:
            if ids and start.max_tokens and tokens + row["tokens"] > start.max_tokens:
                yield SeedUnit(tuple(ids), language)
                ids, tokens = [], 0
            ids.append(row["passage_id"])
            tokens, language = tokens + row["tokens"], row["language"]
        yield SeedUnit(tuple(ids), language)


def _listed(
    units: Sequence[SeedUnit], share: Share, config: PlanConfig, get_many: GetPassages
) -> Iterator[Task]:
    """Tasks as the method's `tasks` says for each seed, whose passages are read, some at a time."""
    for first in range(0, len(units), _READ_AT_ONCE):
        some = units[first : first + _READ_AT_ONCE]
        passages = get_many([name for unit in some for name in unit.ids])
        for unit in some:
            key = digest(config.seed, share.method, ",".join(unit.ids))
            task = Task(key, share.method, unit.language, unit.ids[0], (), 0, members=unit.ids[1:])
            yield from tasks_of_seed(seed_of(task, passages), share, config)
