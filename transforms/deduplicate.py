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
from beam_synth.storage.files import RunFolder
from transforms.accounting import Accounted, Stage, composed, counted
from transforms.candidates import FindCandidates, SplitRefs

EXACT = "DeduplicateExact"
MINHASH = "DeduplicateMinHash"
CLUSTERS = "clusters"


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
        labels = refs | "Candidates" >> FindCandidates()
        by_node = refs | "SplitById" >> SplitRefs(candidates.by_node)
        labelled = (
            {"refs": by_node, "labels": labels}
            | "JoinLabels" >> beam.CoGroupByKey()
            | "ReadCandidates"
            >> Accounted(MINHASH, _Label(self.run, self.keep_numbers_for), extra=[CLUSTERS])
        )
        verified = (
            labelled.extra[CLUSTERS]
            | "GroupClusters" >> beam.GroupByKey()
            | "KeepOne" >> Accounted(MINHASH, _KeepNear(self.threshold, self.run))
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


class _Label(beam.DoFn):
    """Passes on what has no candidate; writes the others with their shingles, by cluster."""

    def __init__(self, run: str, keep_numbers_for: tuple[str, ...]) -> None:
        self._run = RunFolder(run)
        self._keep_numbers_for = keep_numbers_for

    def process(self, group: tuple[int, dict[str, Iterable[bytes]]]) -> Iterator[Any]:
        labelled = candidates.join_labels(
            group[1]["refs"], group[1]["labels"], self._run, self._keep_numbers_for
        )
        yield pack(labelled.loose)
        yield from counted(MINHASH, len(labelled.loose), len(labelled.loose))
        for cluster in labelled.clusters:
            yield beam.pvalue.TaggedOutput(CLUSTERS, cluster)


class _KeepNear(beam.DoFn):
    """(partition, parts of its clusters) -> packed references of those that stay."""

    def __init__(self, threshold: float, run: str) -> None:
        self._threshold = threshold
        self._run = RunFolder(run)

    def process(self, group: tuple[int, Iterable[candidates.ClusterPart]]) -> Iterator[Any]:
        kept, rejects = candidates.keep_of_clusters(group[1], self._run, self._threshold, MINHASH)
        yield pack(kept)
        yield from counted(MINHASH, len(kept), len(kept), rejects)
