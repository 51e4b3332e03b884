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
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

import pyarrow as pa

from beam_synth.errors import Refused
from beam_synth.job.schema import Expand, Property

SUBCLASS = 279
FORBIDDEN = "P1889"
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
Path = tuple[tuple[int, int, int], ...]  # (item, property, item) from the core on


def walked(expand: Expand) -> dict[str, Property]:
    """The job's properties, or the shipped ones. Raises Refused for "different from"."""
    found = PROPERTIES if expand.properties is None else expand.properties
    if FORBIDDEN in found:
        raise Refused(f"expand.properties: {FORBIDDEN} (different from) is no way to expand")
    for name in found:
        if not (name[:1] == "P" and name[1:].isdigit()):
            raise Refused(f"expand.properties: {name!r} is no Wikidata property (P279)")
    return found


class ItemNode(NamedTuple):
    """What the walk knows of an item."""

    sitelinks: int
    excluded: bool


class Graph:
    """Steps that may be taken from each item, both ways where a property allows it."""

    def __init__(
        self,
        tables: Iterable[pa.Table],
        properties: Mapping[str, Property],
        hubs: Iterable[int] = (),
    ) -> None:
        self.nodes: dict[int, ItemNode] = {}
        self.degree: dict[int, int] = defaultdict(int)
        self.hubs = frozenset(hubs)  # known as such though their claims may not all be here
        self._steps: dict[int, list[tuple[int, int, bool]]] = defaultdict(list)
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
                self._steps[item].append((number, target, number == SUBCLASS))
            if allowed[number].direction in ("in", "both"):
                self._steps[target].append((number, item, False))

    def steps(self, item: int) -> Iterator[tuple[int, int, bool]]:
        """(property, other item, whether the step goes up the taxonomy)."""
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
        articles: words of the article of each item that has one.
    """
    properties = walked(expand)
    weights = {int(name[1:]): prop.weight for name, prop in properties.items()}
    climbs = properties["P279"].up if "P279" in properties else None
    start = set(core)
    taken: set[int] = set()
    added: dict[int, Path] = {}
    reasons: dict[int, str] = {}
    heap: list[tuple[float, int, int, Path, int]] = [(-math.inf, i, 0, (), 0) for i in start]
    heapq.heapify(heap)
    while heap:
        _, item, depth, path, ups = heapq.heappop(heap)
        if item in taken:
            continue
        taken.add(item)
        node = graph.nodes.get(item, ItemNode(0, False))
        if item not in start and item in articles:
            reason = _refusal(node, articles[item], len(added), expand)
            if reason:
                reasons[item] = reason
            else:
                added[item] = path
        hub = item in graph.hubs or graph.degree[item] > expand.hub_cap
        if depth == expand.depth or node.excluded or hub:
            continue
        for number, other, up in graph.steps(item):
            if other in taken or (up and climbs is not None and ups >= climbs):
                continue
            links = graph.nodes[other].sitelinks if other in graph.nodes else 0
            score = expand.decay ** (depth + 1) * weights[number] * math.log1p(links)
            step = (item, number, other)
            heapq.heappush(heap, (-score, other, depth + 1, (*path, step), ups + up))
    return added, reasons


def words_by_item(articles: Iterable[tuple[str, int]]) -> dict[int, int]:
    """Item -> words of its longest article, from (QID or "", words)."""
    words: dict[int, int] = {}
    for qid, n in articles:
        if qid:
            words[int(qid[1:])] = max(n, words.get(int(qid[1:]), 0))
    return words


def _refusal(node: ItemNode, words: int, added: int, expand: Expand) -> str:
    if node.excluded:
        return "excluded_class"
    if words < expand.min_words:
        return "stub"
    return "over_budget" if added >= expand.budget else ""


def path_names(path: Path) -> list[list[str]]:
    """A path as it is recorded: [["Q1", "P279", "Q2"], ...]."""
    return [[f"Q{a}", f"P{p}", f"Q{b}"] for a, p, b in path]
