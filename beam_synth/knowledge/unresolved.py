"""Entries of the core's list that no article answers to, each with the title that is nearest."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from beam_synth.job.schema import Core
from beam_synth.knowledge.neighbourhood import Items
from beam_synth.knowledge.selection import CoreList, core_keys
from beam_synth.records import Reject, reject
from beam_synth.text.folding import WORD, fold

RESOLVE = "ResolveList"
_MANY = 2000  # entries, from which on trigrams that a hundredth of them has are passed over
Near = tuple[float, str]  # how alike two titles are, 0 to 1, and the other title


def found_entries(refs: pa.Table, core: Core, entries: CoreList) -> Items:
    """The places of those entries that articles of the core (ARTICLE_REF_SCHEMA) answer to."""
    keys = core_keys(refs, core)
    numbers = {entries.numbers[key] for key in keys if key in entries}
    return np.array(sorted(numbers), np.int64)


def missing_entries(found: Items, entries: CoreList) -> Items:
    """The places of the others."""
    return np.setdiff1d(np.arange(len(entries), dtype=np.int64), found)


def trigrams(title: str) -> frozenset[str]:
    """The runs of three characters of a title's words, folded, with their ends.

    >>> sorted(trigrams("Été"))
    [' et', 'ete', 'te ']
    """
    words = [f" {fold(word)} " for word in WORD.findall(title)]
    words += [f" {digits} " for digits in _digits(title)]
    return frozenset(word[at : at + 3] for word in words for at in range(max(1, len(word) - 2)))


def _digits(title: str) -> Iterator[str]:
    yield from "".join(c if c.isdigit() else " " for c in title).split()


class NearestTitles:
    """Of each of some titles the nearest among those that are shown to it: most trigrams in common.

    >>> nearest = NearestTitles({7: "Iron Age (Europe)"})
    >>> nearest.look(["Bronze Age", "Iron age in Europe"])
    >>> nearest.best[7]
    (0.9285714285714286, 'Iron age in Europe')
    """

    def __init__(self, wanted: Mapping[int, str]) -> None:
        self.best: dict[int, Near] = {}
        self._sizes: dict[int, int] = {}
        postings: defaultdict[str, list[int]] = defaultdict(list)
        for number, title in wanted.items():
            grams = trigrams(title)
            self._sizes[number] = len(grams)
            for gram in grams:
                postings[gram].append(number)
        most = max(_MANY, len(wanted)) if len(wanted) <= _MANY else len(wanted) // 100
        self._postings = {gram: of for gram, of in postings.items() if len(of) <= most}

    def look(self, titles: Iterable[str]) -> None:
        """Compare some titles with the wanted ones."""
        if not self._postings:
            return
        for title in titles:
            grams = trigrams(title)
            common = Counter(n for gram in grams for n in self._postings.get(gram, ()))
            for number, shared in common.items():
                score = 2 * shared / (len(grams) + self._sizes[number])
                best = self.best.get(number, (0.0, ""))
                if nearer((score, title), best):
                    self.best[number] = (score, title)


def nearer(one: Near, other: Near) -> bool:
    """Whether the first is the nearer; of equal ones the title that sorts first."""
    return (-one[0], one[1]) < (-other[0], other[1])


def nearest_of(several: Iterable[Near]) -> Near:
    """The nearest of some, in whatever order they come."""
    return min(several, key=lambda near: (-near[0], near[1]))


def wanted_titles(missing: Items, core: Core, entries: CoreList) -> dict[int, str]:
    """The titles among the missing entries, by their places; items have none."""
    if core.by == "qids" or not len(missing):
        return {}
    wanted = set(missing.tolist())
    return {number: title for title, number in entries.numbers.items() if number in wanted}


class ResolvedEntries(NamedTuple):
    """What came of a list's entries."""

    found: int
    rejects: list[Reject]  # of the others


def unresolved(
    missing: Items, core: Core, entries: CoreList, nearest: Mapping[int, Near]
) -> ResolvedEntries:
    """The error record of each missing entry, and how many were found."""
    keys: Sequence[str] = list(entries.numbers)
    rejects = [
        reject(
            "failed",
            RESOLVE,
            "unresolved_entry",
            _detail(core, nearest.get(number)),
            file=entries.path,
            line=entries.lines[number] or None,
            record_id=keys[number],
            raw=keys[number],
        )
        for number in missing.tolist()
    ]
    return ResolvedEntries(len(keys) - len(rejects), rejects)


def _detail(core: Core, nearest: Near | None) -> str:
    if core.by == "qids":
        return "no article is of this item"
    if nearest is None:
        return "no article has this title, and none is like it"
    return f"no article has this title; the nearest is {nearest[1]!r}"
