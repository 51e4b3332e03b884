"""ResolveList: which entries of the core's list no article answers to."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator
from typing import Any

import apache_beam as beam

from beam_synth.job.schema import Core
from beam_synth.knowledge.neighbourhood import Items, united
from beam_synth.knowledge.selection import CoreList, read_list
from beam_synth.knowledge.unresolved import (
    RESOLVE,
    Near,
    NearestTitles,
    found_entries,
    missing_entries,
    nearest_of,
    unresolved,
    wanted_titles,
)
from beam_synth.records import unpack
from beam_synth.storage.files import open_input
from transforms.accounting import Accounted, Stage, composed, counted


@dataclasses.dataclass(eq=False)
class ResolveList(beam.PTransform):
    """Tell of each entry of the core's list that no article has its title or item.

    In: packed tables of ARTICLE_REF_SCHEMA, all that were read. Out: the places of the entries that
    were found, one element. Its accounts are of entries: in is what the list names, failed are
    `unresolved_entry`, each with the title that is nearest.

    A worker holds the list, and the trigrams of the entries that were not found; 50,000 entries
    are 100 MB at most.
    """

    core: Core  # by level, titles or QIDs

    def expand(self, refs: beam.PCollection[bytes]) -> Stage:
        found = (
            refs | "Found" >> beam.ParDo(_Found(self.core)) | "All" >> beam.CombineGlobally(united)
        )
        missing = found | "Missing" >> beam.ParDo(_Missing(self.core))
        wanted = beam.pvalue.AsSingleton(missing)
        nearest = (
            refs
            | "Look" >> beam.ParDo(_Look(self.core), wanted)
            | "Nearest" >> beam.CombinePerKey(nearest_of)
        )
        told = missing | "Tell" >> Accounted(RESOLVE, _Tell(self.core), beam.pvalue.AsList(nearest))
        return composed(RESOLVE, told.out, (told,), reads=())


class _WithList(beam.DoFn):
    """Knows the core's list, which is read once a worker."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def setup(self) -> None:
        path = self._core.list or ""
        with open_input(path) as handle:
            self._entries: CoreList = read_list(handle, path, self._core)


class _Found(_WithList):
    """Packed references -> places of the entries that they answer to."""

    def process(self, packed: bytes) -> Iterator[Items]:
        yield found_entries(unpack(packed), self._core, self._entries)


class _Missing(_WithList):
    """Places of all that were found -> those of the others."""

    def process(self, found: Items) -> Iterator[Items]:
        yield missing_entries(found, self._entries)


class _Look(_WithList):
    """Packed references -> (place, nearest title of these) of missing entries."""

    def process(self, packed: bytes, missing: Items) -> Iterator[tuple[int, Near]]:
        wanted = wanted_titles(missing, self._core, self._entries)
        if wanted:
            nearest = NearestTitles(wanted)
            nearest.look(unpack(packed)["title"].to_pylist())
            yield from nearest.best.items()


class _Tell(_WithList):
    """The places of the missing entries -> their error records."""

    def process(self, missing: Items, nearest: Iterable[tuple[int, Near]]) -> Iterator[Any]:
        told = unresolved(missing, self._core, self._entries, dict(nearest))
        yield from counted(RESOLVE, told.found, told.found, told.rejects)
