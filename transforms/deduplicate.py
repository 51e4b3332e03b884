"""DeduplicateExact and DeduplicateMinHash: one record of each class of duplicates goes on.

Only references are shuffled, packed; the bodies of candidates are read from outcome files.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator
from typing import Any

import apache_beam as beam

from beam_synth.corpus import candidates, duplicates
from beam_synth.records import pack, unpack
from transforms.accounting import Accounted, Stage, composed, counted
from transforms.candidates import CLUSTERS, CompareCandidates, ReadCandidates, SplitRefs

EXACT = "DeduplicateExact"
MINHASH = "DeduplicateMinHash"


@dataclasses.dataclass(eq=False)
class DeduplicateExact(beam.PTransform):
    """Keep the best of the records of a config whose normalised texts are equal.

    In / out: packed RECORD_REF tables. Rejects: `exact_duplicate`. Best is the highest `quality`,
    then the smallest id. A group holds 1/64 of the references.

    >>> from beam_synth.records import RECORD_REF_SCHEMA
    >>> from transforms.testing import run_transform
    >>> no_records = pack(RECORD_REF_SCHEMA.empty_table())
    >>> run_transform(DeduplicateExact(enabled=False), [no_records]).out == [no_records]
    True
    """

    enabled: bool = True  # False: everything passes, and is counted

    def expand(self, refs: beam.PCollection[bytes]) -> Stage:
        if not self.enabled:
            return _pass_all(refs, EXACT)
        stage: Stage = (
            refs
            | "SplitByText" >> SplitRefs(candidates.by_text)
            | "GroupByText" >> beam.GroupByKey()
            | "KeepOne" >> Accounted(EXACT, _KeepEqual())
        )
        return stage


@dataclasses.dataclass(eq=False)
class DeduplicateMinHash(beam.PTransform):
    """Keep the best of each cluster of a config's records by a Jaccard of `threshold` (5-grams).

    In / out: packed RECORD_REF tables. Rejects: `near_duplicate`. Records that share a MinHash band
    (Broder 1997; banded as in datatrove) form clusters of candidates; the candidates' shingles go
    to part files, from where a cluster's are gathered and its pairs verified. A group holds 1/64
    of the references, or the names of the parts of 1/64 of the clusters; one worker holds the
    forest of all candidates, 16 bytes an edge.
    """

    threshold: float  # Jaccard in (0, 1] from which on two records are duplicates
    run: str  # run directory or URL, which `file` of a reference is relative to
    keep_numbers_for: tuple[str, ...] = ()  # exercises in which other numbers make another text
    enabled: bool = True  # False: everything passes, and is counted

    def expand(self, refs: beam.PCollection[bytes]) -> Stage:
        if not self.enabled:
            return _pass_all(refs, MINHASH)
        labelled = refs | "ReadCandidates" >> ReadCandidates(
            MINHASH, self.run, self.keep_numbers_for
        )
        verified = labelled.extra[CLUSTERS] | "KeepOne" >> CompareCandidates(
            MINHASH, self.run, self.threshold, candidates.keep_of_clusters
        )
        out = (labelled.out, verified.out) | "Survivors" >> beam.Flatten()
        return composed(MINHASH, out, (labelled, verified))


def _pass_all(refs: beam.PCollection[bytes], name: str) -> Stage:
    stage: Stage = refs | "PassAll" >> Accounted(name, _PassAll(name))
    return stage


class _PassAll(beam.DoFn):
    """A stage that is switched off."""

    def __init__(self, name: str) -> None:
        self._name = name

    def process(self, data: bytes) -> Iterator[Any]:
        rows = len(unpack(data))
        yield data
        yield from counted(self._name, rows, rows)


class _KeepEqual(beam.DoFn):
    """(partition, packed references) -> those that stay; equal texts are in one partition."""

    def process(self, group: tuple[int, Iterable[bytes]]) -> Iterator[Any]:
        kept, rejects = duplicates.drop_equal(candidates.table_of(group[1]), EXACT)
        yield pack(kept)
        yield from counted(EXACT, len(kept), len(kept), rejects)
