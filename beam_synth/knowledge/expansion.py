"""The walk over Wikidata from the core (methods.md 2: the published method names no properties).

A best-first search. The core's items are at depth 0. A step over a property gives an item the
score  decay ** depth * weight * log(1 + sitelinks);  of all items seen and not yet taken, the one
of the highest score (then the smallest number, depth and path) is taken next, by the path that
gave this score. A taken item with an article that is not in the core and is long enough is added,
until the budget is spent. The walk goes on from a taken item unless it is at full depth, has more
than `hub_cap` incoming walked claims, or is a disambiguation, list, category or template. Items
without an article are walked through. "different from" (P1889) never lies on a path.
"""

from __future__ import annotations

import heapq
import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

import pyarrow as pa

from beam_synth.errors import Refused
from beam_synth.job.schema import Expand, Property

SUBCLASS = 279  # number of "subclass of"
FORBIDDEN = "P1889"  # "different from"
# Property -> weight and direction; a weight says how close the items are that it joins.
PROPERTIES: dict[str, Property] = {
    "P279": Property(weight=1.0, direction="both", up=1),  # subclass of
    "P31": Property(weight=0.5, direction="in"),  # instance of
    "P361": Property(weight=0.8, direction="both"),  # part of
    "P527": Property(weight=0.8, direction="both"),  # has part
    "P2578": Property(weight=0.7, direction="both"),  # studies
    "P2579": Property(weight=0.7, direction="both"),  # studied by
    "P1269": Property(weight=0.7, direction="both"),  # facet of
    "P366": Property(weight=0.5, direction="out"),  # use
    "P1542": Property(weight=0.5, direction="out"),  # effect
    "P828": Property(weight=0.5, direction="out"),  # cause
}
_PROPERTY = re.compile(r"P[1-9][0-9]{0,8}")
Path = tuple[tuple[int, int, int], ...]  # (item, property, item) from the core on


def walked(expand: Expand) -> dict[str, Property]:
    """The job's properties, or the shipped ones.

    Raises Refused for "different from", and for what is no property.
    """
    properties = PROPERTIES if expand.properties is None else expand.properties
    if FORBIDDEN in properties:
        raise Refused(f"expand.properties: {FORBIDDEN} (different from) is no way to expand")
    for name in properties:
        if not _PROPERTY.fullmatch(name):
            raise Refused(f"expand.properties: {name!r} is no Wikidata property (P279)")
    return properties


class ItemNode(NamedTuple):
    """What the walk knows of an item."""

    sitelinks: int  # pages of Wikimedia projects about it
    excluded: bool  # a disambiguation, list, category or template


class Step(NamedTuple):
    """A claim that is walked along, from either of its ends."""

    number: int  # of the property, 279 for P279
    other: int  # item at the other end
    up: bool  # from a class to one above it


class _Open(NamedTuple):
    """An item that was seen and not yet taken; the smallest is taken next."""

    rank: float  # the score, negated
    item: int
    depth: int
    path: Path
    ups: int  # steps up the taxonomy on the path


class Graph:
    """Steps that may be taken from each item, both ways where a property allows it.

    Args:
        tables: items of ITEM_SCHEMA; each item's claims are in one row.
        properties: those that are walked, with their directions.
        hubs: items known to be hubs though their claims may not all be in the tables.

    Holds all steps in memory: some 100 bytes a claim and direction.
    """

    def __init__(
        self,
        tables: Iterable[pa.Table],
        properties: Mapping[str, Property],
        hubs: Iterable[int] = (),
    ) -> None:
        self.nodes: dict[int, ItemNode] = {}
        self.degree: dict[int, int] = defaultdict(int)  # walked claims that name the item
        self.hubs = frozenset(hubs)  # known as such though their claims may not all be here
        self._steps: dict[int, list[Step]] = defaultdict(list)
        allowed = {int(name[1:]): prop for name, prop in properties.items()}
        for table in tables:
            for row in table.to_pylist():
                self._add(row, allowed)

    def _add(self, row: Mapping[str, object], allowed: Mapping[int, Property]) -> None:
        item = int(row["item"])  # type: ignore[call-overload]
        self.nodes[item] = ItemNode(int(row["sitelinks"]), bool(row["excluded"]))  # type: ignore[call-overload]
        edges = zip(row["properties"], row["targets"], strict=True)  # type: ignore[call-overload]
        for number, target in edges:
            if number not in allowed:
                continue
            self.degree[target] += 1
            if allowed[number].direction in ("out", "both"):
                self._steps[item].append(Step(number, target, number == SUBCLASS))
            if allowed[number].direction in ("in", "both"):
                self._steps[target].append(Step(number, item, False))

    def steps(self, item: int) -> Iterator[Step]:
        """The distinct steps from an item, sorted."""
        return iter(sorted(set(self._steps.get(item, ()))))


def walk(
    core: Iterable[int],
    graph: Graph,
    articles: Mapping[int, int],
    expand: Expand,
) -> tuple[dict[int, Path], dict[int, str]]:
    """(items added, each with its path; reason why an item that was taken was not added).

    Args:
        core: items to start from.
        graph: the items within reach.
        articles: words of the article of each item that has one.
        expand: weights, depth, budget and bounds.

    One heap holds what is open; an item is pushed at most once for each step that leads to it.
    """
    properties = walked(expand)
    weights = {int(name[1:]): prop.weight for name, prop in properties.items()}
    climbs = properties["P279"].up if "P279" in properties else None
    start = set(core)
    taken: set[int] = set()
    added: dict[int, Path] = {}
    reasons: dict[int, str] = {}
    heap = [_Open(-math.inf, item, 0, (), 0) for item in start]
    heapq.heapify(heap)
    while heap:
        best = heapq.heappop(heap)
        item = best.item
        if item in taken:
            continue
        taken.add(item)
        node = graph.nodes.get(item, ItemNode(0, False))
        if item not in start and item in articles:
            reason = _refusal(node, articles[item], len(added), expand)
            if reason:
                reasons[item] = reason
            else:
                added[item] = best.path
        hub = item in graph.hubs or graph.degree[item] > expand.hub_cap
        if best.depth == expand.depth or node.excluded or hub:
            continue
        climbing = climbs is None or best.ups < climbs
        for step in graph.steps(item):
            if step.other not in taken and (climbing or not step.up):
                weight = expand.decay ** (best.depth + 1) * weights[step.number]
                heapq.heappush(heap, _ahead(best, step, weight, graph))
    return added, reasons


def _ahead(best: _Open, step: Step, weight: float, graph: Graph) -> _Open:
    """What a step leads to; `weight` is the property's, decayed."""
    other = step.other
    sitelinks = graph.nodes[other].sitelinks if other in graph.nodes else 0
    path = (*best.path, (best.item, step.number, other))
    rank = -(weight * math.log1p(sitelinks))
    return _Open(rank, other, best.depth + 1, path, best.ups + step.up)


def words_by_item(articles: Iterable[tuple[str, int]]) -> dict[int, int]:
    """Item -> words of its longest article, from (QID or "", words).

    >>> words_by_item([("Q18216", 900), ("", 50), ("Q18216", 1200)])
    {18216: 1200}
    """
    words: dict[int, int] = {}
    for qid, words_of_article in articles:
        if qid:
            words[int(qid[1:])] = max(words_of_article, words.get(int(qid[1:]), 0))
    return words


def _refusal(node: ItemNode, words: int, added: int, expand: Expand) -> str:
    if node.excluded:
        return "excluded_class"
    if words < expand.min_words:
        return "stub"
    return "over_budget" if added >= expand.budget else ""


def path_names(path: Path) -> list[list[str]]:
    """A path as it is recorded.

    >>> path_names(((12140, 279, 18216),))
    [['Q12140', 'P279', 'Q18216']]
    """
    return [[f"Q{item}", f"P{number}", f"Q{other}"] for item, number, other in path]
