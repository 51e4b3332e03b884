"""What a long run tells of itself, from the files that it leaves."""

from __future__ import annotations

import io
import itertools
import os
import re
import shutil
import time
from collections import Counter
from pathlib import Path

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from beam_synth.generation.budget import Spent
from beam_synth.job.schema import Price
from beam_synth.runs import progress
from beam_synth.runs.progress import Progress, Speed, recently, state_line
from beam_synth.runs.watch import State, Watch, doing
from tests.doubles.endpoints import call, write_job
from tests.doubles.processes import wait_until
from tests.paths import ROOT
from tests.servers.fake_openai import Behaviour, FakeOpenAI


def write(path: Path, rows: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.table({"x": range(rows)}), path)


def write_kinds(path: Path, **kinds: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    values = [kind for kind, n in kinds.items() for _ in range(n)]
    pq.write_table(pa.table({"kind": values}), path)


def begin(run: Path, **known: object) -> None:
    """An attempt begins now; what lies there already is of earlier ones."""
    for path in run.rglob("*"):
        os.utime(path, (0, 0))
    shutil.rmtree(run / "_tmp", ignore_errors=True)
    (run / "_identity.json").write_bytes(orjson.dumps(known))
    os.utime(run / "_identity.json", (time.time() - 5000,) * 2)


def reach(run: Path, *stages: str) -> None:
    """Stages treat their first records, one after the other."""
    folder = run / "_tmp" / "reached"
    folder.mkdir(parents=True, exist_ok=True)
    for stage in stages:
        (folder / stage).touch()
        at = time.time() - 1000 + len(list(folder.iterdir()))
        os.utime(folder / stage, (at, at))


def test_each_stage_is_told_by_its_files(tmp_path: Path) -> None:
    begin(tmp_path, passage_buckets=2)
    watch = Watch(str(tmp_path))
    assert watch.state() == State("reading articles", 0, None, "parts")
    write(tmp_path / "_tmp/articles/a.parquet", 1)
    reach(tmp_path, "OpenFiles", "ReadArticles")
    assert watch.state() == State("reading articles", 1, None, "parts")
    reach(tmp_path, "SelectCore", "ReadWikidata")
    assert watch.state() == State("reading Wikidata")
    reach(tmp_path, "ExpandWithWikidata")
    assert watch.state() == State("choosing articles")
    reach(tmp_path, "SplitPassages")
    assert watch.state() == State("splitting passages")
    write(tmp_path / "_passages/passages-00000.parquet", 30)
    assert watch.state() == State("splitting passages", 30, None, "passages")
    write(tmp_path / "_passages/passages-00001.parquet", 10)
    assert watch.state() == State("embedding passages", 0, 40, "passages")
    (tmp_path / "_embeddings").mkdir()
    (tmp_path / "_embeddings/00001-0ab1.npy").touch()
    (tmp_path / "_embeddings/00000-0ab1.npy.tmp").touch()
    assert watch.state() == State("embedding passages", 10, 40, "passages", recent=10)
    (tmp_path / "_embeddings/00000-0ab1.npy").touch()
    reach(tmp_path, "EmbedPassages")
    assert watch.state() == State("joining neighbours", 0, 40, "passages")
    write(tmp_path / "_neighbors/neighbors-00000.parquet", 30)
    assert watch.state() == State("joining neighbours", 30, 40, "passages", recent=30)
    write(tmp_path / "_neighbors/neighbors-00001.parquet", 10)
    reach(tmp_path, "JoinNeighbors")
    assert watch.state() == State("planning tasks")
    reach(tmp_path, "PlanTasks", "LimitTasks")
    assert watch.state() == State("planning tasks")


JOB = {"name": "a", "mixture": {"editing": 1}}


def write_job_file(run: Path, **keys: object) -> None:
    (run / "job.yaml").write_bytes(orjson.dumps({**JOB, **keys}))


def test_what_is_read_has_its_own_name(tmp_path: Path) -> None:
    begin(tmp_path)
    write_job_file(tmp_path, instructions=[{"path": "a.csv"}], documents=[{"path": "b.csv"}])
    watch = Watch(str(tmp_path))
    assert watch.state() == State("reading documents", 0, None, "parts")
    reach(tmp_path, "OpenInstructions", "ReadInstructions")
    write(tmp_path / "_tmp/instructions/a.arrow", 1)
    assert watch.state() == State("reading instructions", 1, None, "parts")
    reach(tmp_path, "OpenDocuments", "ReadDocuments")
    write(tmp_path / "_tmp/articles/a.parquet", 1)
    assert watch.state() == State("reading documents", 1, None, "parts")
    reach(tmp_path, "LimitArticles")
    assert watch.state() == State("choosing articles")


def test_problems_are_planned_without_any_reading(tmp_path: Path) -> None:
    begin(tmp_path)
    write_job_file(tmp_path, problems="problems")
    assert Watch(str(tmp_path)).state() == State("planning tasks")


def test_sections_are_held_out_and_nothing_is_embedded_without_need(tmp_path: Path) -> None:
    begin(tmp_path, passage_buckets=2)
    write_job_file(tmp_path, articles=["a"])
    watch = Watch(str(tmp_path))
    reach(tmp_path, "SplitPassages", "HoldOutSections")
    assert watch.state() == State("holding out sections")
    write(tmp_path / "_passages/passages-00000.parquet", 30)
    assert watch.state() == State("holding out sections", 30, None, "passages")
    write(tmp_path / "_passages/passages-00001.parquet", 30)
    assert watch.state() == State("planning tasks")


def test_all_stages_of_a_round_are_of_that_round(tmp_path: Path) -> None:
    begin(tmp_path)
    watch = Watch(str(tmp_path))
    for number, stages in enumerate((["PlanTasks", "PlanUnits", "PlanInstructions", "LimitTasks"],
                                     ["PlanTasks2", "LimitTasks2"]), 1):  # fmt: skip
        reach(tmp_path, *stages, f"BudgetPairs{number if number > 1 else ''}")
        if number == 1:
            assert watch.state() == State("planning tasks")
            (tmp_path / "_planned.json").write_bytes(orjson.dumps({"tasks": 80}))
        round_ = ", round 2" if number == 2 else ""
        assert watch.state() == State(f"generating{round_}", 0, 80, "tasks")
    reach(tmp_path, "SettleInstructions2")
    assert watch.state() == State("settling records")
    reach(tmp_path, "KeepWritten")
    assert watch.state() == State("choosing what is written")


def test_every_stage_of_the_package_has_words() -> None:
    """None is told by its name alone, which only those who know the code understand."""
    stages = [
        stage
        for text in (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
        if text.startswith("| `")
        for stage in re.findall(r"`([A-Z]\w+)", text.split("|")[1])
    ]
    assert len(stages) > 20
    spelled = [re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", stage).lower() for stage in stages]
    assert not [
        stage for stage, words in zip(stages, spelled, strict=True) if doing(stage) == words
    ]


def test_rounds_of_tasks_and_what_comes_after_them(tmp_path: Path) -> None:
    begin(tmp_path)
    watch = Watch(str(tmp_path))
    reach(tmp_path, "PlanTasks", "LimitTasks")
    (tmp_path / "_planned.json").write_bytes(orjson.dumps({"tasks": 80}))
    assert watch.state() == State("generating", 0, 80, "tasks")
    write_kinds(tmp_path / "_completed/00/a.parquet", made=5, rejected=2)
    (tmp_path / "_completed/00/torn.parquet").write_bytes(b"PAR1")
    state = watch.state()
    assert (state.doing, state.done, state.total, state.recent) == ("generating", 7, 80, 7)
    assert state.ended == {"made": 5, "rejected": 2}
    for number, name in ((2, "2"), (3, "3")):
        reach(tmp_path, "Generate" + name, "PlanTasks" + name, "LimitTasks" + name)
        assert watch.state().doing == f"generating, round {number}"
    reach(tmp_path, "Generate4")
    assert watch.state().doing == "generating, round 3"
    reach(tmp_path, "DeduplicateExact")
    assert watch.state() == State("dropping equal records")
    reach(tmp_path, "DeduplicateMinHash")
    assert watch.state() == State("dropping near duplicates")
    reach(tmp_path, "ScoreQuality")
    assert watch.state() == State("score quality")
    job = {"name": "a", "articles": ["a"], "mixture": {"rag": 1}, "write": {"shards": 2}}
    (tmp_path / "job.yaml").write_bytes(orjson.dumps(job))
    write(tmp_path / "data/samples/train-00000.parquet", 7)
    assert watch.state() == State("writing shards", 1, 4, "shards")
    write(tmp_path / "data/texts/train-00000.parquet", 7)
    assert watch.state() == State("writing shards", 2, 8, "shards")
    for folder, name in itertools.product(("data", "tfrecord"), ("samples", "texts")):
        for number in range(2):
            write(tmp_path / folder / name / f"train-0000{number}.parquet", 7)
    assert watch.state() == State("checking the accounts, writing card, report and manifest")


def test_a_resume_is_told_by_what_it_does_itself(tmp_path: Path) -> None:
    """Files of a former attempt lie there, from the first passage to the last outcome."""
    write(tmp_path / "_passages/passages-00000.parquet", 40)
    (tmp_path / "_embeddings").mkdir()
    (tmp_path / "_embeddings/00000-0ab1.npy").touch()
    write(tmp_path / "_neighbors/neighbors-00000.parquet", 40)
    (tmp_path / "_planned.json").write_bytes(orjson.dumps({"tasks": 80}))
    write_kinds(tmp_path / "_completed/00/a.parquet", made=70)
    begin(tmp_path, passage_buckets=1)
    watch = Watch(str(tmp_path))
    assert watch.state() == State("reading articles", 0, None, "parts")
    reach(tmp_path, "ReadArticles", "SelectCore", "SplitPassages")
    assert watch.state() == State("splitting passages")
    write(tmp_path / "_passages/passages-00000.parquet", 40)
    assert watch.state() == State("joining neighbours", 0, 40, "passages")  # vectors are reused
    write(tmp_path / "_neighbors/neighbors-00000.parquet", 40)
    assert watch.state() == State("planning tasks")
    reach(tmp_path, "JoinNeighbors", "PlanTasks")
    assert watch.state() == State("planning tasks")
    (tmp_path / "_planned.json").write_bytes(orjson.dumps({"tasks": 80}))
    state = watch.state()
    assert (state.doing, state.done, state.total) == ("generating", 70, 80)


def test_what_is_waited_for_is_named_with_its_endpoint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(tmp_path)
    url = "http://example.org:8000/v1"
    model = {"engine": "openai", "model": "m", "base_url": url}
    job = {"name": "a", "articles": ["a"], "mixture": {"rag": 1}, "models": {"generator": model}}
    (tmp_path / "job.yaml").write_bytes(orjson.dumps(job))
    reach(tmp_path, "PlanTasks")
    planned = tmp_path / "_planned.json"
    planned.write_bytes(orjson.dumps({"tasks": 9}))
    write_kinds(tmp_path / "_completed/00/merged-0.parquet", made=5)  # of former attempts
    now = planned.stat().st_mtime
    monkeypatch.setattr("beam_synth.runs.watch.time.time", lambda: now + 40)
    watch = Watch(str(tmp_path))
    assert watch.state().waiting == f"waiting for the first answer of {url} since 40 s"
    assert "(56%), waiting for the first answer of" in state_line(watch.state(), 0.0)
    write_kinds(tmp_path / "_completed/00/a.parquet", made=1)
    os.utime(tmp_path / "_completed/00/a.parquet", (now + 5, now + 5))
    assert watch.state().waiting == f"waiting for an outcome of {url} since 35 s"
    os.utime(tmp_path / "_completed/00/a.parquet", (now + 35, now + 35))
    assert watch.state().waiting == ""
    write_kinds(tmp_path / "_completed/00/b.parquet", made=3)
    os.utime(tmp_path / "_completed/00/b.parquet", (now, now))
    os.utime(tmp_path / "_completed/00/a.parquet", (now, now))
    assert watch.state().waiting == ""  # all have ended


def test_endpoints_of_all_roles_are_waited_for(tmp_path: Path) -> None:
    begin(tmp_path)
    urls = [f"http://example.org:800{n}/v1" for n in range(3)]
    models = [{"engine": "openai", "model": "m", "base_url": url} for url in urls]
    of_roles = {
        "asker": models[0],
        "writer": {"pool": models[1:]},
        "embedder": {"engine": "hashing"},
    }
    write_job_file(tmp_path, articles=["a"], models=of_roles)
    reach(tmp_path, "PlanTasks")
    (tmp_path / "_planned.json").write_bytes(orjson.dumps({"tasks": 9}))
    os.utime(tmp_path / "_planned.json", (time.time() - 1000,) * 2)
    assert f"the first answer of {', '.join(urls)} since" in Watch(str(tmp_path)).state().waiting


def test_a_run_tells_of_an_endpoint_that_takes_its_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "_PLAIN_SECS", 0.02)
    monkeypatch.setattr("beam_synth.runs.watch._QUIET", 0.1)
    with FakeOpenAI(Behaviour(latency=0.5)) as server:
        job = write_job(tmp_path, server.url, tasks={"limit": 12})
        code, _, told = call("run", job, "--output", tmp_path / "run")
    assert code == 0, told
    assert f"generating: 0 of 12 tasks (0%), waiting for the first answer of {server.url}" in told
    lines = [line.partition("] ")[2].partition(":")[0] for line in told.splitlines()]
    order = ["reading articles", "planning tasks", "generating"]
    first = {doing: lines.index(doing) for doing in order if doing in lines}
    assert "generating" in first and list(first.values()) == sorted(first.values())


def test_what_was_spent_is_told_over_all_attempts(tmp_path: Path) -> None:
    write_kinds(tmp_path / "_completed/00/a.parquet", made=1)
    (tmp_path / "_spent").mkdir()
    for attempt in ("old", "new"):
        spent = Spent(Counter({"m": 3}), Counter({"m": 100}), Counter({"m": 50}), in_flight=4)
        (tmp_path / f"_spent/{attempt}-worker.json").write_bytes(spent.encode())
    (tmp_path / "_spent/torn-worker.json").write_bytes(b"{")
    (tmp_path / "_identity.json").write_bytes(orjson.dumps({"attempt": "new"}))
    state = Watch(str(tmp_path), {"m": Price(prompt=1.0, completion=2.0)}).generating()
    assert state is not None and state.spent is not None
    assert (state.spent.calls["m"], state.spent.tokens, state.spent.in_flight) == (6, 300, 4)
    assert state.cost == pytest.approx(200 * 1e-6 + 100 * 2e-6)
    without = Watch(str(tmp_path)).generating()
    assert without is not None and without.cost is None


def test_a_line_says_all_that_is_known() -> None:
    spent = Spent(Counter(m=9), Counter(m=6000), Counter(m=6000), in_flight=48)
    ended = {"made": 1180, "rejected": 18, "failed": 2}
    state = State("generating", 1200, 5000, "tasks", 240, ended, spent, 1.234)
    assert state_line(state, 2.0, 20.0) == (
        "generating: 1,200 of 5,000 tasks (24%), 2.0/s, 9 calls, 12,000 tokens, 20 tokens/s, "
        "cost 1.23, 48 in flight, 2 failed, 18 rejected, 32 min left"
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
    assert "embedding passages: 0 of 30 passages (0%)\n" in stream.getvalue()
    silent = io.StringIO()
    with Progress(str(tmp_path), silent=True, stream=silent):
        pass
    assert not silent.getvalue()


def test_calls_are_told_before_the_first_batch_has_left_its_note(tmp_path: Path) -> None:
    begin(tmp_path, attempt="now")
    write_job_file(tmp_path, articles=["a"])
    reach(tmp_path, "JoinNeighbors")
    (tmp_path / "_planned.json").write_bytes(orjson.dumps({"tasks": 9}))
    before = Watch(str(tmp_path)).state()
    assert not before.doing.startswith("generating")
    (tmp_path / "_spent").mkdir()
    spent = Spent(Counter({"m": 3}), Counter({"m": 100}), Counter({"m": 50}), in_flight=3)
    (tmp_path / "_spent/now-worker.json").write_bytes(spent.encode())
    state = Watch(str(tmp_path)).state()
    assert (state.doing, state.done) == ("generating", 0)
    assert state_line(state, 0.0).endswith("3 calls, 150 tokens, 3 in flight")
