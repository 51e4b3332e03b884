"""SelectCore and ExpandWithWikidata: which articles a dataset is made from.

The core is named by a list or is everything; the expansion walks Wikidata's claims from it and
takes the articles that it reaches best, within a budget.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

import apache_beam as beam

from beam_synth.dataset.accounts import StageLink
from beam_synth.ingestion.lines import MAX_LINE_BYTES
from beam_synth.job.schema import Core, Expand
from beam_synth.knowledge import neighbourhood
from beam_synth.knowledge.choosing import (
    Walked,
    keep_reached,
    not_chosen,
    split_core,
    walk_from,
    words_within,
)
from beam_synth.knowledge.dump import PARTITIONS, READ, newest_items, read_dump
from beam_synth.knowledge.expansion import walked
from beam_synth.knowledge.item_names import (
    named_refs,
    names_by_part,
    refs_by_part,
    without_names,
)
from beam_synth.knowledge.link_names import pages_by_part
from beam_synth.knowledge.neighbourhood import Items
from beam_synth.knowledge.selection import CoreList, read_list
from beam_synth.records import Reject, Tally, pack, unpack
from beam_synth.storage.files import open_input
from transforms.accounting import (
    OTHERS,
    PAGES,
    Accounted,
    Stage,
    composed,
    counted,
    rejected,
    tallied,
)

CORE = "SelectCore"
EXPAND = "ExpandWithWikidata"


@dataclasses.dataclass(eq=False)
class SelectCore(beam.PTransform):
    """Choose the articles to start from.

    In and out: packed tables of ARTICLE_REF_SCHEMA. Rejects: `not_selected`. With `expanded` the
    other articles are no rejects but go to `extra["others"]`; they pass this stage, and the
    expansion decides on them. The list is read once a worker; Refused is raised there where it
    cannot be understood.
    """

    core: Core  # by what: all, a level of the vital list, titles or QIDs
    expanded: bool = False  # whether ExpandWithWikidata follows

    def expand(self, refs: beam.PCollection[bytes]) -> Stage:
        select = _Select(self.core, self.expanded)
        stage: Stage = refs | "Select" >> Accounted(CORE, select, extra=[OTHERS])
        return stage


class _Select(beam.DoFn):
    """Packed references -> those of the core, and the others as rejects or to OTHERS."""

    def __init__(self, core: Core, expanded: bool) -> None:
        self._core = core
        self._expanded = expanded

    def setup(self) -> None:
        self._entries: CoreList | None = None
        if self._core.list is not None:
            with open_input(self._core.list) as handle:
                self._entries = read_list(handle, self._core.list, self._core)

    def process(self, packed: bytes) -> Iterator[Any]:
        core, others = split_core(packed, self._core, self._entries)
        yield pack(core)
        if self._expanded:
            yield beam.pvalue.TaggedOutput(OTHERS, pack(others))
            entered = sum(map(len, (core, others)))
            yield from counted(CORE, entered, entered)
        else:
            rejects = [not_chosen(CORE, "not_selected", row) for row in others.to_pylist()]
            yield from counted(CORE, len(core), len(core), rejects)


@dataclasses.dataclass(eq=False)
class ExpandWithWikidata(beam.PTransform):
    """Add the articles that a walk over Wikidata reaches from the core.

    In: the core, packed tables of ARTICLE_REF_SCHEMA. Out: core and reached articles, each with
    its path and its item's names. Rejects: `not_reached`, `over_budget`, `excluded_class`, `stub`.
    The accounts are of two stages: `ReadWikidata`, whose `in` are records of the dump, and this
    one, from articles to articles.

    One worker holds what it walks over: the items within `depth` steps of the core that no hub
    joins, about 0.2 KB an item and claim; a lower `hub_cap` or `depth` bounds it. Side inputs hold
    the items of a round, 8 bytes each, and the paths of those that are added. A group of `ByItem`
    holds 1/64 of the dump's items, one of `ByNamedPart` the names of 1/64 of those that have some,
    0.2 KB each, and 1/64 of the references. `extra[PAGES]` are the English names of pages in other
    languages, as `pages_by_part` gives them.
    """

    config: Expand
    files: tuple[str, ...]  # the dump; paths of any filesystem that Beam knows
    others: beam.PCollection[bytes]  # the articles that may be reached, as the core
    line_bytes: int = MAX_LINE_BYTES  # of the dump; longer lines are `line_too_long`

    def expand(self, core: beam.PCollection[bytes]) -> Stage:
        dump = self._read(core.pipeline)
        start = (
            core
            | "CoreItems" >> beam.Map(neighbourhood.items_of_articles)
            | "Core" >> beam.CombineGlobally(neighbourhood.united)
        )
        items = dump.out | "Unnamed" >> beam.Map(without_names)
        near, hubs, reached = self._neighbourhood(items, start)
        words = self.others | "Words" >> beam.FlatMap(
            words_within, beam.pvalue.AsSingleton(reached)
        )
        walked = (
            start
            | "Walk" >> beam.Map(
                walk_from,
                beam.pvalue.AsIter(words),
                beam.pvalue.AsIter(near),
                beam.pvalue.AsSingleton(hubs),
                self.config,
            )
        )  # fmt: skip
        keep = _KeepReached(self.config.min_words)
        passing = core | "PassCore" >> Accounted(EXPAND, _PassCore())
        kept = self.others | "Keep" >> Accounted(EXPAND, keep, beam.pvalue.AsSingleton(walked))
        chosen = (passing.out, kept.out) | "Chosen" >> beam.Flatten()
        out = self._named(chosen, dump.out)
        stage = composed(EXPAND, out, (dump, passing, kept), within=(StageLink(READ, ()),))
        pages = dump.out | "PagesByPart" >> beam.FlatMap(pages_by_part, PARTITIONS)
        return dataclasses.replace(stage, extra={PAGES: pages})

    def _read(self, root: beam.Pipeline) -> Stage:
        files = root | "Files" >> beam.Create(self.files) | "Spread" >> beam.Reshuffle()
        properties = sorted(walked(self.config))
        read = files | "ReadDump" >> Accounted(READ, _ReadDump(properties, self.line_bytes))
        items = read.out | "ByItem" >> beam.GroupByKey() | "Values" >> beam.Values()
        newest = items | "Newest" >> beam.Map(newest_items)
        stage: Stage = dataclasses.replace(read, out=newest)
        return stage

    def _named(
        self, refs: beam.PCollection[bytes], items: beam.PCollection[bytes]
    ) -> beam.PCollection[bytes]:
        """The references with what their items are called; those without an item as they are."""
        parts = {
            "refs": refs | "RefsByPart" >> beam.FlatMap(refs_by_part, PARTITIONS),
            "names": items | "NamesByPart" >> beam.FlatMap(names_by_part, PARTITIONS),
        }
        named: beam.PCollection[bytes] = (
            parts
            | "ByNamedPart" >> beam.CoGroupByKey()
            | "Named" >> beam.FlatMap(lambda group: named_refs(group[1]["refs"], group[1]["names"]))
        )
        return named

    def _neighbourhood(
        self, items: beam.PCollection[bytes], frontier: beam.PCollection[Items]
    ) -> tuple[beam.PCollection[bytes], beam.PCollection[Items], beam.PCollection[Items]]:
        """(tables of the items within reach of the core, hubs, all that are within reach); each
        round goes one step out."""
        for n in range(max(1, self.config.depth)):
            around = beam.pvalue.AsSingleton(frontier)
            hubs = (
                items
                | f"Degrees{n}" >> beam.FlatMap(neighbourhood.degrees, around)
                | f"SumDegrees{n}" >> beam.CombinePerKey(sum)
                | f"Hubs{n}" >> beam.Filter(neighbourhood.is_hub, self.config.hub_cap)
                | f"HubItems{n}" >> beam.Keys()
                | f"HubList{n}" >> beam.combiners.ToList()
                | f"HubArray{n}" >> beam.Map(neighbourhood.as_items)
            )
            frontier = (
                items
                | f"Near{n}"
                >> beam.Map(neighbourhood.near_packed, around, beam.pvalue.AsSingleton(hubs))
                | f"Ends{n}" >> beam.Map(neighbourhood.items_of_claims)
                | f"Reached{n}" >> beam.CombineGlobally(neighbourhood.united)
            )
        reached = beam.pvalue.AsSingleton(frontier)
        within = items | "Within" >> beam.Map(neighbourhood.items_within, reached)
        return within, hubs, frontier


class _ReadDump(beam.DoFn):
    """File -> (partition, packed items)."""

    def __init__(self, properties: list[str], line_bytes: int) -> None:
        self._properties = properties
        self._line_bytes = line_bytes

    def process(self, path: str) -> Iterator[Any]:
        tally = Tally()
        for items in read_dump(path, self._properties, tally, self._line_bytes):
            yield rejected(items) if isinstance(items, Reject) else items
        yield from map(tallied, tally.counts())


class _PassCore(beam.DoFn):
    """Packed references -> the same, counted."""

    def process(self, packed: bytes) -> Iterator[Any]:
        yield packed
        articles = len(unpack(packed))
        yield from counted(EXPAND, articles, articles)


class _KeepReached(beam.DoFn):
    """Packed references and what the walk came to -> those that it added."""

    def __init__(self, min_words: int) -> None:
        self._min_words = min_words

    def process(self, packed: bytes, walked: Walked) -> Iterator[Any]:
        reached, rejects = keep_reached(packed, walked, self._min_words, EXPAND)
        if len(reached):
            yield pack(reached)
        yield from counted(EXPAND, len(reached), len(reached), rejects)
