"""NoteReached: what is at work, for those who watch the run."""

from __future__ import annotations

import dataclasses

import apache_beam as beam

from beam_synth.records import Count
from beam_synth.storage import layout
from beam_synth.storage.files import RunFolder


@dataclasses.dataclass(eq=False)
class NoteReached(beam.PTransform):
    """Leave a note in the run's folder for each stage that has treated its first records.

    In: the counts of a stage, and of those within it. Out: nothing. Each note is written once an
    attempt, by one worker or several; nothing but progress reads it.
    """

    run: str  # run directory or URL

    def expand(self, counts: beam.PCollection[Count]) -> beam.PCollection[None]:
        return counts | "Note" >> beam.ParDo(_Note(self.run))


class _Note(beam.DoFn):
    def __init__(self, run: str) -> None:
        self._run = RunFolder(run)
        self._noted: set[str] = set()

    def process(self, addend: Count) -> None:
        (stage, _, _), _ = addend
        path = layout.reached_path(stage)
        if stage not in self._noted and not self._run.exists(path):
            self._run.write(path, b"")  # its time is when the stage began
        self._noted.add(stage)
