"""Passages that are no prose give no task to methods that ask for prose, and are counted."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from beam_synth.generation.mixture import PlanConfig, Share
from beam_synth.generation.planned_buckets import NOT_PROSE, plan_bucket
from beam_synth.records import PassageFile
from beam_synth.storage.files import RunFolder

BOOKS = "Lind, A. (1998). Mills. Oslo: Fjord Press, ISBN 1-23.\n" * 2
TOLD = "The mill stood by the river, and in 1998 it burnt down to the ground."
BOTH = (Share("mcq", 1.0, 1, 0, prose=True), Share("my:anything", 1.0, 1, 0))


def planned(folder: Path, config: PlanConfig) -> tuple[dict[str, int], list[str], dict[str, int]]:
    """(tasks by text's place, reasons of rejects, reasons that were only counted)."""
    texts = [TOLD, BOOKS, TOLD, BOOKS]
    ids = [f"{i:032x}" for i in range(len(texts))]
    table = pa.table({"passage_id": ids, "language": ["en"] * len(ids), "text": texts})
    pq.write_table(table, folder / "a.parquet")
    (found,) = plan_bucket(
        PassageFile(0, "a.parquet", len(ids)), RunFolder(str(folder)), config, None, "PlanTasks"
    )
    return (
        {"tasks": found.tasks, "seeds": found.seeds},
        [each.reason for each in found.rejects],
        dict(found.unrecorded),
    )


def test_they_are_counted_or_kept_as_the_job_says(tmp_path: Path) -> None:
    config = PlanConfig(1, BOTH[:1], 2.0, None, 8)
    counts, rejects, counted = planned(tmp_path, config)
    assert counts == {"tasks": 4, "seeds": 2} and rejects == []
    assert counted == {NOT_PROSE: 2} == {"not_prose": 2}
    kept = dataclasses.replace(config, keep_left_out=True)
    assert planned(tmp_path, kept)[1:] == ([NOT_PROSE] * 2, {})


def test_other_methods_take_them(tmp_path: Path) -> None:
    counts, rejects, counted = planned(tmp_path, PlanConfig(1, BOTH, 2.0, None, 8))
    assert counts == {"tasks": 6, "seeds": 4} and (rejects, counted) == ([], {})
