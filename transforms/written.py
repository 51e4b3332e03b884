"""KeepWritten: records that are only a step to others go no further than their children."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

import apache_beam as beam

from beam_synth.dataset.shard_writing import keep_written
from beam_synth.records import pack, unpack
from transforms.accounting import Accounted, Stage, counted

KEEP = "KeepWritten"


@dataclasses.dataclass(eq=False)
class KeepWritten(beam.PTransform):
    """Keep the records of the configs that the run writes.

    In / out: packed RECORD_REF tables. Rejects: `not_written`.
    """

    configs: tuple[str, ...]  # names of those that are written

    def expand(self, refs: beam.PCollection[bytes]) -> Stage:
        stage: Stage = refs | "Keep" >> Accounted(KEEP, _Keep(self.configs))
        return stage


class _Keep(beam.DoFn):
    def __init__(self, configs: tuple[str, ...]) -> None:
        self._configs = configs

    def process(self, refs: bytes) -> Iterator[Any]:
        kept, rejects = keep_written(unpack(refs), self._configs, KEEP)
        if len(kept):
            yield pack(kept)
        yield from counted(KEEP, len(kept), len(kept), rejects)
