from __future__ import annotations

import os
from pathlib import Path

import apache_beam as beam

from beam_synth.records import Count
from transforms.note import NoteReached

COUNTS: list[Count] = [
    (("Read", "in", ""), 3),
    (("Read", "rejected", "stub"), 1),
    (("Split", "in", ""), 2),
    (("Read", "out", ""), 2),
]


def note(run: Path) -> None:
    with beam.Pipeline("FnApiRunner") as root:
        _ = root | beam.Create(COUNTS) | NoteReached(str(run))


def test_each_stage_leaves_one_note_that_keeps_its_time(tmp_path: Path) -> None:
    note(tmp_path)
    notes = sorted((tmp_path / "_tmp" / "reached").iterdir())
    assert [path.name for path in notes] == ["Read", "Split"]
    for path in notes:
        os.utime(path, (7, 7))
    note(tmp_path)  # a bundle that is tried again
    assert [path.stat().st_mtime for path in notes] == [7, 7]
