"""LimitArticles, LimitTasks and NotePlanned: how many articles and tasks a run has, and the note of
the tasks for its progress."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import apache_beam as beam

from beam_synth.generation.config import of_round
from beam_synth.generation.limiting import Limit, Packed, budget_name, keep_first, ranks_of_tasks
from beam_synth.generation.planned_buckets import write_planned
from beam_synth.knowledge.article_limit import keep_first_articles, ranks_of_articles
from beam_synth.records import Count, pack, ranks, unpack
from beam_synth.storage.files import RunFolder
from transforms.accounting import OTHERS, Accounted, Stage, TotalOut, all_counts, counted

ARTICLES = "LimitArticles"


@dataclasses.dataclass(eq=False)
class LimitArticles(beam.PTransform):
    """Keep the first `limit` articles of the core by the hash of their id.

    In and out: packed tables of ARTICLE_REF_SCHEMA. Rejects: `over_articles_limit`. What is kept
    does not depend on the order of the articles, and a larger limit keeps the same ones and more.
    `others`, which are not of the core, pass into `extra["others"]`; they count as in and out, as
    they do in SelectCore. Side input and memory as in LimitTasks.
    """

    limit: int  # articles, at least 1
    others: beam.PCollection[bytes]  # as the core; none where nothing is expanded

    def expand(self, refs: beam.PCollection[bytes]) -> Stage:
        last = refs | "Last" >> _LastKept(self.limit, ranks_of_articles)
        stage: Stage = refs | "Keep" >> Accounted(
            ARTICLES, _KeepArticles(), beam.pvalue.AsSingleton(last)
        )
        passing: Stage = self.others | "Others" >> Accounted(ARTICLES, _PassArticles())
        counts = all_counts([stage, passing])
        return dataclasses.replace(stage, counts=counts, extra={OTHERS: passing.out})


class _KeepArticles(beam.DoFn):
    """Packed references and the last hash that is kept -> the packed references up to it."""

    def process(self, packed: bytes, last: str) -> Iterator[Any]:
        kept, rejects = keep_first_articles(packed, last, ARTICLES)
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

    With a `method`, only its tasks are counted, and all others pass. In and out: (task_bucket,
    packed Tasks). Rejects: `over_limit`, and `over_token_budget` where there is a method. Side
    inputs: the cut's prefix, and the last hash that is kept, 32 characters. One worker counts
    hashes by prefix (0.5 MB) and sorts those of the cut's own prefix: 1 in 65,536. What is kept
    does not depend on the order of the tasks, and a larger limit keeps the same ones and more.
    """

    limit: int | None  # tasks; 0 keeps none
    round: int = 0  # from 0 on; the name in the accounts tells it
    method: str = ""  # whose tasks are counted; "": all
    tokens: int = 0  # of the method's budget that the limit comes from

    def default_label(self) -> str:
        return of_round(budget_name(self.method) if self.method else LIMIT, self.round)

    def expand(self, tasks: beam.PCollection[Packed]) -> Stage:
        limit, name = Limit(self.limit, self.method, self.tokens), self.default_label()
        ranks_of = functools.partial(ranks_of_tasks, limit=limit)
        last = tasks | "Last" >> _LastKept(self.limit, ranks_of)
        keep = Accounted(name, _Keep(limit, name), beam.pvalue.AsSingleton(last))
        stage: Stage = tasks | "Keep" >> keep
        return stage


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


class _Keep(beam.DoFn):
    """Packed tasks and the last hash that is kept -> the packed tasks up to it."""

    def __init__(self, limit: Limit, name: str) -> None:
        self._limit = limit
        self._name = name

    def process(self, element: Packed, last: str) -> Iterator[Any]:
        bucket, data = element
        kept = keep_first(data, last, self._limit, self._name)
        if kept.tasks:
            yield bucket, kept.packed
        yield from counted(self._name, kept.tasks, kept.tasks, kept.rejects)
