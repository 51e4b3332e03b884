"""Settle and SettleNovelty: what must look at all records of a round before they become seeds.

A config names the transform that settles its records by path; `Settle` gives it the round's records
of that config, and lets those of other configs pass.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import apache_beam as beam

from beam_synth.corpus import candidates, novelty
from beam_synth.dataset.configs import settle_name
from beam_synth.generation.config import of_round
from beam_synth.job.schema import Job
from beam_synth.records import DatasetConfig, pack, split_config, unpack
from transforms.accounting import Accounted, Stage, composed, counted
from transforms.candidates import CLUSTERS, CompareCandidates, ReadCandidates, SplitRefs

OWN = "own"


@dataclasses.dataclass(eq=False)
class Settle(beam.PTransform):
    """The settle step of a config, over the records of one round.

    In and out: packed RECORD_REF tables. `make` is the class that `config.settle` names; it is
    called as `make(name=, run=, config=, earlier=, job=)` and gives a PTransform from packed
    references of that config to a Stage of the same, which counts under `name` and gives a reject
    for each record that goes no further. `earlier` are references of the config from earlier
    rounds and from the job itself.
    """

    make: Callable[..., beam.PTransform]
    config: DatasetConfig
    run: str  # run directory or URL
    earlier: Sequence[Stage]  # whose `out` are packed RECORD_REF tables, of any config
    job: Job
    round: int = 0  # from 0 on; the name in the accounts tells it

    def default_label(self) -> str:
        return of_round(settle_name(self.config.name), self.round)

    def expand(self, refs: beam.PCollection[bytes]) -> Stage:
        name = self.default_label()
        split = refs | "Split" >> Accounted(name, _OfConfig(name, self.config.name), extra=[OWN])
        step = self.make(
            name=name,
            run=self.run,
            config=self.config,
            earlier=self._earlier(refs.pipeline),
            job=self.job,
        )
        settled: Stage = split.extra[OWN] | "Step" >> step
        out = (split.out, settled.out) | "Settled" >> beam.Flatten()
        return composed(name, out, (split, settled))

    def _earlier(self, root: beam.Pipeline) -> beam.PCollection[bytes]:
        earlier = [stage.out for stage in self.earlier]
        refs = earlier if earlier else [root | "NothingEarlier" >> beam.Create([])]
        return (
            refs | "Earlier" >> beam.Flatten() | "OfConfig" >> beam.FlatMap(_own, self.config.name)
        )


class _OfConfig(beam.DoFn):
    """Packed references -> those of other configs, which pass; to OWN those of this one."""

    def __init__(self, name: str, config: str) -> None:
        self._name = name
        self._config = config

    def process(self, refs: bytes) -> Iterator[Any]:
        own, others = split_config(unpack(refs), self._config)
        if len(others):
            yield pack(others)
        yield from counted(self._name, len(others), len(others))
        if len(own):
            yield beam.pvalue.TaggedOutput(OWN, pack(own))


def _own(refs: bytes, config: str) -> Iterator[bytes]:
    own, _ = split_config(unpack(refs), config)
    if len(own):
        yield pack(own)


@dataclasses.dataclass(eq=False)
class SettleNovelty(beam.PTransform):
    """Keep what is new: a record goes on unless an earlier one, or a better one of its round, says
    nearly the same (the rule of Self-Instruct, arXiv 2212.10560, by word 5-grams).

    In / out: packed RECORD_REF tables of one config. Rejects: `not_novel`, whose detail names the
    record that comes before it. The threshold is the job's `dedup.threshold`. Groups as those of
    DeduplicateMinHash.
    """

    name: str
    run: str  # run directory or URL
    config: DatasetConfig
    earlier: beam.PCollection[bytes]
    job: Job

    def expand(self, refs: beam.PCollection[bytes]) -> Stage:
        known = self.earlier | "AsEarlier" >> beam.Map(novelty.as_earlier)
        distinct = (
            (refs, known)
            | "WithEarlier" >> beam.Flatten()
            | "SplitByText" >> SplitRefs(candidates.by_text)
            | "GroupByText" >> beam.GroupByKey()
            | "DropRepeated" >> Accounted(self.name, _DropRepeated(self.name))
        )
        labelled = distinct.out | "ReadCandidates" >> ReadCandidates(
            self.name, self.run, self.job.dedup.keep_numbers_for, novelty.only_new
        )
        novel = labelled.extra[CLUSTERS] | "KeepNovel" >> CompareCandidates(
            self.name, self.run, self.job.dedup.threshold, novelty.new_of_clusters
        )
        out = (labelled.out, novel.out) | "Novel" >> beam.Flatten()
        return composed(self.name, out, (distinct, labelled, novel))


class _DropRepeated(beam.DoFn):
    """(partition, packed references) -> those that go on, earlier ones among them."""

    def __init__(self, name: str) -> None:
        self._name = name

    def process(self, group: tuple[int, Iterable[bytes]]) -> Iterator[Any]:
        kept, rejects = novelty.drop_repeated(candidates.table_of(group[1]), self._name)
        yield pack(kept)
        yield from counted(self._name, 0, 0, rejects)
