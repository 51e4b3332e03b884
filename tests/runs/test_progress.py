"""What a long run tells of itself, from the files that it leaves."""

from __future__ import annotations

import io
import os
from collections import Counter
from pathlib import Path

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from beam_synth.generation.budget import Spent
from beam_synth.job.schema import Price
from beam_synth.runs import progress
from beam_synth.runs.progress import Progress, Speed, State, Watch, recently, state_line
from tests.doubles.processes import wait_until


def write(path: Path, rows: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.table({"x": range(rows)}), path)


def write_kinds(path: Path, **kinds: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    values = [kind for kind, n in kinds.items() for _ in range(n)]
    pq.write_table(pa.table({"kind": values}), path)


def test_each_stage_is_told_by_its_files(tmp_path: Path) -> None:
    watch = Watch(str(tmp_path))
    assert watch.state() == State("reading articles", 0, None, "parts")
    write(tmp_path / "_tmp/articles/a.parquet", 1)
    assert watch.state() == State("reading articles", 1, None, "parts")
    write(tmp_path / "_passages/passages-00000.parquet", 30)
    write(tmp_path / "_passages/passages-00001.parquet", 10)
    assert watch.state() == State("splitting passages", 40, None, "passages")
    (tmp_path / "_embeddings").mkdir()
    (tmp_path / "_embeddings/00001-0ab1.npy").touch()
    (tmp_path / "_embeddings/00000-0ab1.npy.tmp").touch()
    assert watch.state() == State("embedding passages", 10, 40, "passages", recent=10)
    write(tmp_path / "_neighbors/neighbors-00000.parquet", 30)
    assert watch.state() == State("joining neighbours", 30, 40, "passages", recent=30)
    write_kinds(tmp_path / "_completed/00/a.parquet", made=5, rejected=2)
    (tmp_path / "_completed/00/torn.parquet").write_bytes(b"PAR1")
    os.utime(tmp_path / "_completed/00/a.parquet", (0, 0))
    state = watch.state()
    assert (state.doing, state.done, state.total, state.recent) == ("generating", 7, None, 0)
    assert state.ended == {"made": 5, "rejected": 2}
    (tmp_path / "_planned.json").write_bytes(orjson.dumps({"tasks": 80}))
    assert watch.state().total == 80
    write(tmp_path / "data/samples/train-00000.parquet", 7)
    assert watch.state() == State("writing shards", 1, None, "written")


def test_what_was_spent_is_told_over_all_attempts(tmp_path: Path) -> None:
    write_kinds(tmp_path / "_completed/00/a.parquet", made=1)
    (tmp_path / "_spent").mkdir()
    for attempt in ("old", "new"):
        spent = Spent(Counter({"m": 3}), Counter({"m": 100}), Counter({"m": 50}), in_flight=4)
        (tmp_path / f"_spent/{attempt}-worker.json").write_bytes(spent.encode())
    (tmp_path / "_spent/torn-worker.json").write_bytes(b"{")
    (tmp_path / "_identity.json").write_bytes(orjson.dumps({"attempt": "new"}))
    state = Watch(str(tmp_path), {"m": Price(prompt=1.0, completion=2.0)}).state()
    assert state.spent is not None
    assert (state.spent.calls["m"], state.spent.tokens, state.spent.in_flight) == (6, 300, 4)
    assert state.cost == pytest.approx(200 * 1e-6 + 100 * 2e-6)
    assert Watch(str(tmp_path)).state().cost is None


def test_a_line_says_all_that_is_known() -> None:
    spent = Spent(Counter(m=9), Counter(m=6000), Counter(m=6000), in_flight=48)
    ended = {"made": 1180, "rejected": 18, "failed": 2}
    state = State("generating", 1200, 5000, "tasks", 240, ended, spent, 1.234)
    assert state_line(state, 2.0, 20.0) == (
        "generating: 1,200 of 5,000 tasks (24%), 2.0/s, 20 tokens/s, cost 1.23, 48 in flight, "
        "2 failed, 18 rejected, 32 min left"
    )
    assert recently(state) == state_line(state, 2.0, 20.0)


def test_speed_counts_from_where_the_stage_began() -> None:
    speed = Speed()
    assert speed.line(State("embedding", 100, 400, "passages"), 0.0) == (
        "embedding: 100 of 400 passages (25%)"
    )
    assert speed.line(State("embedding", 200, 400, "passages"), 10.0) == (
        "embedding: 200 of 400 passages (50%), 10.0/s, 20 s left"
    )
    # Buckets end one by one: between two of them the speed is that of the last ones.
    assert speed.line(State("embedding", 200, 400, "passages"), 19.0) == (
        "embedding: 200 of 400 passages (50%), 10.0/s, 20 s left"
    )
    assert speed.line(State("generating", 5, None, "tasks"), 21.0) == "generating: 5 tasks"
    assert speed.line(State("generating", 2005, None, "tasks"), 26.0) == (
        "generating: 2,005 tasks, 400/s"
    )


@pytest.mark.parametrize(("seconds", "told"), [(60, "60 s"), (600, "10 min"), (9000, "2.5 h")])
def test_time_left_in_the_unit_that_reads_well(seconds: float, told: str) -> None:
    speed = Speed()
    speed.line(State("x", 0, 10, "rows"), 0.0)
    assert speed.line(State("x", 5, 10, "rows"), seconds).endswith(f"{told} left")


def test_lines_appear_while_a_run_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "_PLAIN_SECS", 0.01)
    write(tmp_path / "_passages/passages-00000.parquet", 30)
    stream = io.StringIO()
    with Progress(str(tmp_path), stream=stream):
        wait_until(lambda: "\n" in stream.getvalue(), "a line")
    assert "splitting passages: 30 passages\n" in stream.getvalue()
    silent = io.StringIO()
    with Progress(str(tmp_path), silent=True, stream=silent):
        pass
    assert not silent.getvalue()
