"""The figures of how much the rows of a run repeat each other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from beam_synth.errors import Refused
from benchmarks.repetition import report, rows_of


def row(query: str, trace: str, variant: str) -> dict[str, Any]:
    model = {"step": "memorization/answer", "variant": variant}
    return {
        "exercise": "memorization",
        "language": "en",
        "query": query,
        "synthetic_reasoning": trace,
        "synthetic_answer": "By Clara Vogt.",
        "models": [model],
    }


ROWS = [
    row("Who built the bridge at Thun?", "wanted: a name ?\nrecall → Vogt\n∴ Vogt ●", "chain"),
    row("Who built the bridge at Bern?", "wanted: a name ?\nrecall → Vogt\n∴ Vogt ●", "chain"),
    row("When was it opened?", "Known:\na year → 1912 ✓\n∴ 1912 ●", "headed"),
]


def test_openers_and_shapes_are_counted(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "samples"
    folder.mkdir(parents=True)
    pq.write_table(pa.Table.from_pylist(ROWS), folder / "train-00000-of-00001.parquet")
    lines = report(rows_of(tmp_path))
    assert lines[:2] == ["3 rows", "memorization, en: 3 rows"]
    assert "'Who built the bridge' 66.7%, 2 different of 3" in lines[2]
    assert "'?|→|∴●' 66.7%, 2 different of 3" in lines[5]
    assert [line.split()[0] for line in lines[-2:]] == [
        "memorization/answer/chain", "memorization/answer/headed",
    ]  # fmt: skip


def test_a_folder_without_rows_is_told(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="give the folder of a run"):
        rows_of(tmp_path)
