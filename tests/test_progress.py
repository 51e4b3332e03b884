"""What a long run tells of itself, from the files that it leaves."""

from __future__ import annotations

import io
from pathlib import Path

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from beam_synth import progress
from beam_synth.progress import PLANNED, Files, Progress, Speed, State


def write(path: Path, rows: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.table({"x": range(rows)}), path)


def test_each_stage_is_told_by_its_files(tmp_path: Path) -> None:
    files = Files(tmp_path)
    assert files.state() == State("reading articles", 0, None, "parts")
    write(tmp_path / "_tmp/articles/a.parquet", 1)
    assert files.state() == State("reading articles", 1, None, "parts")
    write(tmp_path / "_passages/passages-00000.parquet", 30)
    write(tmp_path / "_passages/passages-00001.parquet", 10)
    assert files.state() == State("splitting passages", 40, None, "passages")
    (tmp_path / "_embeddings").mkdir()
    (tmp_path / "_embeddings/00001-0ab1.npy").touch()
    (tmp_path / "_embeddings/00000-0ab1.npy.tmp").touch()
    assert files.state() == State("embedding passages", 10, 40, "passages")
    write(tmp_path / "_neighbors/neighbors-00000.parquet", 30)
    assert files.state() == State("joining neighbours", 30, 40, "passages")
    write(tmp_path / "_completed/00/a.parquet", 7)
    assert files.state() == State("generating", 7, None, "tasks")
    (tmp_path / PLANNED).write_bytes(orjson.dumps({"tasks": 80}))
    assert files.state() == State("generating", 7, 80, "tasks")
    (tmp_path / "_completed/00/torn.parquet").write_bytes(b"PAR1")
    assert files.state().done == 7
    write(tmp_path / "data/samples/train-00000.parquet", 7)
    assert files.state() == State("writing shards", 1, None, "written")


def test_speed_counts_from_where_the_stage_began() -> None:
    speed = Speed()
    assert speed.told(State("embedding", 100, 400, "passages"), 0.0) == (
        "embedding: 100 of 400 passages (25%)"
    )
    assert speed.told(State("embedding", 200, 400, "passages"), 10.0) == (
        "embedding: 200 of 400 passages (50%), 10.0/s, 20 s left"
    )
    assert speed.told(State("generating", 5, None, "tasks"), 11.0) == "generating: 5 tasks"
    assert speed.told(State("generating", 2005, None, "tasks"), 16.0) == (
        "generating: 2,005 tasks, 400/s"
    )


@pytest.mark.parametrize(("seconds", "told"), [(60, "60 s"), (600, "10 min"), (9000, "2.5 h")])
def test_time_left_in_the_unit_that_reads_well(seconds: float, told: str) -> None:
    speed = Speed()
    speed.told(State("x", 0, 10, "rows"), 0.0)
    assert speed.told(State("x", 5, 10, "rows"), seconds).endswith(f"{told} left")


def test_lines_appear_while_a_run_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "_PLAIN_SECS", 0.01)
    write(tmp_path / "_passages/passages-00000.parquet", 30)
    stream = io.StringIO()
    with Progress(str(tmp_path), stream=stream):
        while "\n" not in stream.getvalue():
            pass
    assert "splitting passages: 30 passages\n" in stream.getvalue()
    silent = io.StringIO()
    with Progress(str(tmp_path), silent=True, stream=silent):
        pass
    assert not silent.getvalue()
