"""HoldOutSections: sections of articles that no sample is made from."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

import apache_beam as beam

from beam_synth.dataset.holdout_files import hold_out
from beam_synth.job.schema import Holdout
from beam_synth.records import PassageFile
from beam_synth.storage.files import RunFolder
from transforms.accounting import FILES, Accounted, Stage, counted

HOLD_OUT = "HoldOutSections"


@dataclasses.dataclass(eq=False)
class HoldOutSections(beam.PTransform):
    """Keep a drawn share of the sections out of all that follows, each with all of its passages.

    In: PassageFiles in parts, as SplitPassages writes them with `held_out`. Out: a PassageFile
    (PASSAGE_SCHEMA, sorted by id) for each bucket. In and out of the accounts are passages.
    Rejects: `held_out`. What is held out lies in `holdout/` as JSON lines, the columns of
    PASSAGE_SCHEMA; `extra["files"]` are dicts of its shards.FileInfo. A worker holds one bucket's
    passages.
    """

    holdout: Holdout  # share of the sections
    seed: int  # of the run
    run: str  # run directory or URL

    def expand(self, files: beam.PCollection[PassageFile]) -> Stage:
        stage: Stage = files | "HoldOut" >> Accounted(HOLD_OUT, _HoldOut(self), extra=[FILES])
        return stage


class _HoldOut(beam.DoFn):
    """PassageFile -> PassageFile of what goes on."""

    def __init__(self, config: HoldOutSections) -> None:
        self._run = RunFolder(config.run)
        self._share = config.holdout.sections
        self._seed = config.seed

    def process(self, file: PassageFile) -> Iterator[Any]:
        kept, files, rejects = hold_out(file, self._run, self._share, self._seed, HOLD_OUT)
        yield kept
        yield from counted(HOLD_OUT, kept.rows, kept.rows, rejects)
        for info in files:
            yield beam.pvalue.TaggedOutput(FILES, dataclasses.asdict(info))
