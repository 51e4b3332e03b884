"""LimitArticles, LimitTasks and NotePlanned: how many articles and tasks a run has, and the note of
the tasks for its progress."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import apache_beam as beam

from beam_synth.generation.config import of_round
from beam_synth.generation.limiting import Limit, Packed, budget_name, keep_tasks, ranks_of_tasks
from beam_synth.generation.planned_buckets import write_planned
from beam_synth.knowledge.article_limit import keep_articles, ranks_of_articles
from beam_synth.records import Count, pack, ranks, unpack
from beam_synth.storage.files import RunFolder
from transforms.accounting import (
    OTHERS,
    Accounted,
    Stage,
    TotalOut,
    composed,
    counted,
)

ARTICLES = "LimitArticles"


@dataclasses.dataclass(eq=False)
class LimitArticles(beam.PTransform):
    """Keep the first `limit` articles of the core by the hash of their id.

    In and out: packed tables of ARTICLE_REF_SCHEMA. Rejects: `over_articles_limit`. What is kept
    does not depend on the order of the articles, and a larger limit keeps the same ones and more.
    `others`, which are not of the core, pass into `extra["others"]`; they count as in and out, as
    they do in SelectCore. Side inputs and memory as in LimitTasks.
    """

    limit: int  # articles, at least 1
    others: beam.PCollection[bytes]  # as the core; none where nothing is expanded

    def expand(self, refs: beam.PCollection[bytes]) -> Stage:
        first: Stage = refs | "First" >> Accounted(ARTICLES, _FirstArticles(self.limit))
        last = first.out | "Last" >> _LastKept(self.limit, ranks_of_articles)
        keep: Stage = first.out | "Keep" >> Accounted(
            ARTICLES, _KeepArticles(), beam.pvalue.AsSingleton(last)
        )
        passing: Stage = self.others | "Others" >> Accounted(ARTICLES, _PassArticles())
        stage = composed(ARTICLES, keep.out, (first, keep, passing))
        return dataclasses.replace(stage, extra={OTHERS: passing.out})


class _FirstArticles(beam.DoFn):
    """Packed references -> those that may be among the first by the references of this bundle."""

    def __init__(self, limit: int) -> None:
        self._limit = limit

    def start_bundle(self) -> None:
        self._bar = ranks.Bar(self._limit)

    def process(self, packed: bytes) -> Iterator[Any]:
        kept, rejects = keep_articles(packed, self._bar.lets, ARTICLES)
        if len(kept):
            yield pack(kept)
        yield from counted(ARTICLES, 0, 0, rejects)


class _KeepArticles(beam.DoFn):
    """Packed references and the last hash that is kept -> the packed references up to it."""

    def process(self, packed: bytes, last: str) -> Iterator[Any]:
        kept, rejects = keep_articles(packed, last.__ge__, ARTICLES)
        yield pack(kept)
        yield from counted(ARTICLES, len(kept), len(kept), rejects)


class _PassArticles(beam.DoFn):
    """Packed references -> the same, counted."""

    def process(self, packed: bytes) -> Iterator[Any]:
        yield packed
        articles = len(unpack(packed))
        yield from counted(ARTICLES, articles, articles)


LIMIT = "LimitTasks"


@dataclasses.dataclass(eq=False)
class LimitTasks(beam.PTransform):
    """Keep the first `limit` tasks by the hash of their id; all where it is None.

    With a `method`, only its tasks are counted, and all others pass. In: one collection or a tuple
    of them, of (task_bucket, packed Tasks). Out: the same. Rejects: `over_limit`, a number unless
    they are `recorded`, and `over_token_budget` where there is a method.

    Workers that plan tasks drop what cannot be among the first by what they themselves have seen,
    so that what is kept of millions has the size of the limit. Side inputs: the cut's prefix, and
    the last hash that is kept, 32 characters. One worker counts hashes by prefix (0.5 MB) and sorts
    those of the cut's own prefix: 1 in 65,536. What is kept does not depend on the order of the
    tasks, and a larger limit keeps the same ones and more.
    """

    limit: int | None  # tasks; 0 keeps none
    round: int = 0  # from 0 on; the name in the accounts tells it
    method: str = ""  # whose tasks are counted; "": all
    tokens: int = 0  # of the method's budget that the limit comes from
    recorded: bool = True  # whether each task beyond the limit gets a reject

    def default_label(self) -> str:
        return of_round(budget_name(self.method) if self.method else LIMIT, self.round)

    def expand(
        self, tasks: beam.PCollection[Packed] | tuple[beam.PCollection[Packed], ...]
    ) -> Stage:
        recorded = self.recorded or bool(self.method)
        limit = Limit(self.limit, self.method, self.tokens, recorded)
        name = self.default_label()
        parts = tasks if isinstance(tasks, tuple) else (tasks,)
        first: list[Stage] = []
        if self.limit is not None:
            first = [
                part | f"First{number}" >> Accounted(name, _First(limit, name))
                for number, part in enumerate(parts)
            ]
            parts = tuple(stage.out for stage in first)
        left = parts[0] if len(parts) == 1 else parts | "Left" >> beam.Flatten()
        ranks_of = functools.partial(ranks_of_tasks, limit=limit)
        last = left | "Last" >> _LastKept(self.limit, ranks_of)
        keep: Stage = left | "Keep" >> Accounted(
            name, _Keep(limit, name), beam.pvalue.AsSingleton(last)
        )
        return composed(name, keep.out, (*first, keep))


@dataclasses.dataclass(eq=False)
class _LastKept(beam.PTransform):
    """The last of the first `limit` ranks; the last of all ranks where it is None.

    In: whatever `ranks_of` takes. Out: one rank; "" where the limit is 0.
    """

    limit: int | None
    ranks_of: Callable[[Any], Iterable[str]]  # of one element

    def expand(self, elements: beam.PCollection[Any]) -> beam.PCollection[str]:
        if not self.limit:
            last = ranks.LAST_RANK if self.limit is None else ""
            return elements.pipeline | "NoCut" >> beam.Create([last])
        cut = (
            elements
            | "Prefixes" >> beam.Map(ranks.histogram_of, self.ranks_of)
            | "Count" >> beam.CombineGlobally(ranks.added)
            | "Cut" >> beam.Map(ranks.cut, self.limit)
        )
        side = beam.pvalue.AsSingleton(cut)
        return (
            elements
            | "OfCut" >> beam.FlatMap(ranks.ranks_of_cut, self.ranks_of, side)
            | "Together" >> beam.combiners.ToList()
            | "Last" >> beam.Map(ranks.last_kept, side)
        )


@dataclasses.dataclass(eq=False)
class NotePlanned(beam.PTransform):
    """Write how many tasks the run has, for its progress.

    In: the counts of the stages whose `out` are tasks. Out: nothing that anything reads; the
    number lies in `<run>/_planned.json`. One element, one number.
    """

    run: str  # run directory or URL
    following: float = 0.0  # tasks of later rounds to be expected for each of these
    round: int = 0  # from 0 on

    def default_label(self) -> str:
        return of_round("NotePlanned", self.round)

    def expand(self, counts: beam.PCollection[Count]) -> beam.PCollection[None]:
        note = beam.Map(write_planned, RunFolder(self.run), self.following)
        return counts | "Total" >> TotalOut() | "Note" >> note


class _First(beam.DoFn):
    """Packed tasks -> those that may be among the first by the tasks of this bundle; it begins anew
    with each one, since a bundle that is tried again brings the same tasks."""

    def __init__(self, limit: Limit, name: str) -> None:
        self._limit = limit
        self._name = name

    def start_bundle(self) -> None:
        self._bar = ranks.Bar(self._limit.tasks or 0)

    def process(self, element: Packed) -> Iterator[Any]:
        bucket, data = element
        kept = keep_tasks(data, self._bar.lets, self._limit, self._name)
        if kept.tasks:
            yield bucket, kept.packed
        yield from counted(self._name, 0, 0, kept.rejects, kept.unrecorded)


class _Keep(beam.DoFn):
    """Packed tasks and the last hash that is kept -> the packed tasks up to it."""

    def __init__(self, limit: Limit, name: str) -> None:
        self._limit = limit
        self._name = name

    def process(self, element: Packed, last: str) -> Iterator[Any]:
        bucket, data = element
        kept = keep_tasks(data, last.__ge__, self._limit, self._name)
        if kept.tasks:
            yield bucket, kept.packed
        yield from counted(self._name, kept.tasks, kept.tasks, kept.rejects, kept.unrecorded)
