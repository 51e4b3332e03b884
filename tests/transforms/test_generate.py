from __future__ import annotations

import dataclasses
import itertools
import shutil
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from beam_synth.drawing import bucket_of, digest
from beam_synth.generation import worker
from beam_synth.generation.calls import Policy
from beam_synth.generation.mixture import PlanConfig, Share
from beam_synth.generation.outcomes import rows_of
from beam_synth.generation.planning import plan_passage
from beam_synth.generation.results import BatchResult
from beam_synth.generation.task_lines import pack_tasks
from beam_synth.generation.worker import Runtime
from beam_synth.job.schema import Model
from beam_synth.records import RECORD_REF_SCHEMA, SAMPLE_SCHEMA, Task, unpack
from tests.doubles import exchanges, programs
from tests.doubles.programs import FakeEngine
from tests.servers.fake_openai import Behaviour, FakeOpenAI
from transforms.accounting import METRICS
from transforms.generate import Generate
from transforms.testing import Applied, run_transform

FOUND: dict[str, list[Any]] = {}
N = 30


async def no_sleep(seconds: float) -> None:
    return None


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[FakeEngine]]:
    yield programs.install(monkeypatch)
    worker.close_all()


@pytest.fixture
def run(tmp_path: Path) -> Path:
    programs.write_run(tmp_path, programs.passages(N))
    return tmp_path


def process(run: Path, tasks: list[Task], policy: Policy | None = None, **generate: Any) -> Any:
    """A fresh worker does one batch."""
    runtime = Runtime(programs.config(run, **generate), policy=policy, sleep=no_sleep)
    try:
        return runtime.process(tasks)
    finally:
        runtime.close()


def sums(result: BatchResult) -> dict[str, int]:
    """The batch's counts by kind; in = passed + rejected + failed + unfinished."""
    found: Counter[str] = Counter()
    for (_, kind, _), n in result.counts:
        found[kind] += n
    ends = sum(found[kind] for kind in ("passed", "rejected", "failed", "unfinished"))
    assert found["in"] == ends
    return dict(found)


def rows(run: Path, table: pa.Table) -> list[dict[str, Any]]:
    """The rows that references point to, by id."""
    wanted: dict[str, list[str]] = {}
    columns = (table[name].to_pylist() for name in ("file", "record_id"))
    for file, record_id in zip(*columns, strict=True):
        wanted.setdefault(file, []).append(record_id)
    found = rows_of(wanted, lambda path: (run / path).open("rb"))
    assert len(found) == len(table)
    return [dict(found[key]) for key in sorted(found)]


def bodies(run: Path) -> dict[str, bytes]:
    """task id -> outcome bytes, of all files."""
    found: dict[str, bytes] = {}
    for file in run.glob("_completed/*/*.parquet"):
        table = pq.read_table(file)
        assert {bucket_of(t, programs.TASK_BUCKETS) for t in table["task_id"].to_pylist()} == {
            int(file.parent.name)
        }
        found.update(zip(table["task_id"].to_pylist(), table["outcome"].to_pylist(), strict=True))
    return found


TASKS = programs.tasks_of(programs.passages(N), "two_calls", "two_samples")


def test_every_task_becomes_rows_on_disk(engine: type[FakeEngine], run: Path) -> None:
    result = process(run, TASKS)
    assert sums(result) == {"in": 60, "passed": 60, "out": 90}
    table = result.table()
    assert table.schema == RECORD_REF_SCHEMA
    found = rows(run, table)
    assert pa.Table.from_pylist(found, schema=SAMPLE_SCHEMA).to_pylist() == found
    row = found[0]
    assert row["synth_id"][:32] in {task.task_id for task in TASKS}
    assert row["model"] == "fake"
    assert row["words"] == len((row["synthetic_reasoning"] + " x").split()) - 3 + len(
        row["synthetic_answer"].replace(".", "").split()
    )
    assert [m["step"] for m in row["models"]] in (
        ["memorization/query", "memorization/answer"],
        ["rag/query"],
    )
    assert row["models"][0]["sampling"] == '{"temperature":0.5}'
    assert orjson.loads(row["rng"]) == {"seed": 1, "key": row["synth_id"][:32]}
    assert result.metrics["calls"] == 90
    assert result.metrics["method:tests.doubles.programs:two_calls:calls"] == 60
    assert result.metrics["step:rag/query:completion_tokens"] == 150


def test_outcomes_do_not_depend_on_window_batch_or_latency(
    engine: type[FakeEngine], tmp_path: Path
) -> None:
    seen = []
    for i, (window, size, latency) in enumerate([(1, 60, 0.0), (7, 13, 0.001), (50, 60, 0.001)]):
        run = tmp_path / str(i)
        programs.write_run(run, programs.passages(N))
        engine.reset()
        engine.latency = latency
        for start in range(0, len(TASKS), size):
            process(run, TASKS[start : start + size], window=window, flush_rows=3)
        assert min(window, 7) <= engine.most_in_flight <= window
        seen.append(bodies(run))
    assert seen[0] == seen[1] == seen[2]
    assert len(seen[0]) == len(TASKS)


def test_what_is_done_is_not_sent_again(engine: type[FakeEngine], run: Path) -> None:
    whole = process(run, TASKS, flush_rows=5)
    before, calls = bodies(run), engine.calls.total()
    again = process(run, TASKS)
    assert engine.calls.total() == calls
    assert sums(again) == sums(whole)
    assert again.metrics == whole.metrics
    assert rows(run, again.table()) == rows(run, whole.table())
    for file in sorted(run.glob("_completed/*/*.parquet"))[::2]:
        file.unlink()
    half = len(bodies(run))
    process(run, TASKS)
    assert 0 < half < len(TASKS)
    assert bodies(run) == before
    assert engine.calls.total() < 2 * calls


def test_torn_and_foreign_files_are_skipped_and_told(
    engine: type[FakeEngine], run: Path, caplog: pytest.LogCaptureFixture
) -> None:
    process(run, TASKS, flush_rows=5)
    before = bodies(run)
    one, two, three, *_ = sorted(run.glob("_completed/00001/*.parquet"))
    one.write_bytes(one.read_bytes()[:-20])
    pq.write_table(pa.table({"other": [1]}), two)
    table = pq.read_table(three)
    column = pa.array([b"{}"] * len(table), pa.binary())
    pq.write_table(
        table.set_column(table.schema.get_field_index("outcome"), "outcome", column), three
    )
    (run / "_completed/00001/readme.txt").write_text("not an outcome file")
    (run / "_completed/00001/x.parquet.123.tmp").write_text("left over")
    result = process(run, TASKS)
    assert sums(result) == {"in": 60, "passed": 60, "out": 90}
    for name in (one.name, two.name, three.name, "readme.txt"):
        assert any(name in record.message for record in caplog.records), name
    assert not any(".tmp" in record.message for record in caplog.records)
    for path in (one, two, three, run / "_completed/00001/readme.txt"):
        path.unlink()
    assert bodies(run) == before


def test_smallest_content_hash_of_several_outcomes_counts(
    engine: type[FakeEngine], run: Path
) -> None:
    process(run, TASKS[:1])
    (file,) = run.glob("_completed/*/*.parquet")
    hashes = [pq.read_table(file)["content_hash"][0].as_py()]
    aside = run / "aside"
    file.rename(aside)
    engine.calls.clear()
    engine.malformed = 1  # another way to the same task's outcome
    process(run, TASKS[:1])
    aside.rename(file)
    files = {
        pq.read_table(f)["content_hash"][0].as_py(): f for f in run.glob("_completed/*/*.parquet")
    }
    assert len(files) == 2 and hashes[0] in files
    result = process(run, TASKS[:1])
    assert set(result.table()["file"].to_pylist()) == {str(files[min(files)].relative_to(run))}


def test_no_fault_of_a_program_costs_its_batch(engine: type[FakeEngine], run: Path) -> None:
    names = ("two_calls", "rejecting", "unknown_reason", "broken", "surrogate", "none_at_all")
    tasks = programs.tasks_of(programs.passages(5), *names)
    engine.refuse = "The 3th thing"
    result = process(run, tasks, Policy(broken_first=10**6))
    assert sums(result) == {"in": 30, "passed": 4, "rejected": 5, "failed": 21, "out": 4}
    found = {(reject.kind, reject.reason): reject for reject in result.rejects}
    assert found.keys() == {
        ("rejected", "nothing_to_ask"),
        ("failed", "internal_error"),
        ("failed", "engine_error"),
    }
    details = {r.detail for r in result.rejects if r.reason == "internal_error"}
    assert any(d.startswith("KeyError: 'missing' (") and "programs.py:" in d for d in details)
    assert not any("/" in d.partition("(")[2] for d in details if d.startswith("KeyError"))
    assert found["failed", "engine_error"].detail == "status 400: too long"
    assert sums(process(run, tasks)) == sums(result)


def test_transient_faults_are_tried_again(engine: type[FakeEngine], run: Path) -> None:
    process(run, TASKS)
    clean = {k: orjson.loads(v)["records"] for k, v in bodies(run).items()}
    shutil.rmtree(run / "_completed")
    engine.calls.clear()
    engine.transient = 0.3
    result = process(run, TASKS, max_attempts=8)
    assert sums(result) == {"in": 60, "passed": 60, "out": 90}
    assert result.metrics["retries"] == engine.calls.total() - 90 > 0
    assert {k: orjson.loads(v)["records"] for k, v in bodies(run).items()} == clean


def test_exhausted_tasks_are_put_off_and_never_logged(engine: type[FakeEngine], run: Path) -> None:
    engine.transient = 0.6
    policy = Policy(max_attempts=1, bounds=programs.PATIENT, late_rounds=0)
    result = process(run, TASKS, policy)
    found = sums(result)
    assert found["unfinished"] > 0 < found["passed"]
    assert len(bodies(run)) == found["passed"]
    assert not (run / "_stop").exists()
    late = process(run, TASKS, Policy(max_attempts=1, bounds=programs.PATIENT, late_rounds=40))
    assert sums(late) == {"in": 60, "passed": 60, "out": 90}


def test_malformed_answers_are_sent_back_twice(engine: type[FakeEngine], run: Path) -> None:
    engine.malformed = 2
    result = process(run, TASKS[:4])
    assert sums(result)["passed"] == 4
    assert result.metrics["sent_back"] == 2 * result.metrics["calls"] // 3
    shutil.rmtree(run / "_completed")
    engine.calls.clear()
    engine.malformed = 3
    result = process(run, TASKS[:4])
    assert sums(result) == {"in": 4, "rejected": 4}
    assert {r.reason for r in result.rejects} == {"malformed_answer"}
    assert result.rejects[0].raw == '{"query": 1}'
    assert "is not of type 'string'" in result.rejects[0].detail or "required" in (
        result.rejects[0].detail
    )


@pytest.mark.parametrize("error", [programs.DEAD, programs.KEY_REFUSED])
def test_a_dead_endpoint_stops_the_run_and_keeps_what_is_done(
    engine: type[FakeEngine], run: Path, error: Exception
) -> None:
    process(run, TASKS[:10])
    done = bodies(run)
    engine.dead = error
    result = process(run, TASKS, window=4)
    assert sums(result) == {"in": 60, "passed": 10, "out": 15, "unfinished": 50} or (
        sums(result)["passed"] == 10 and sums(result)["unfinished"] == 50
    )
    assert bodies(run) == done
    (stop,) = (run / "_stop").iterdir()
    assert stop.name == ("service" if error is programs.KEY_REFUSED else "breaker")
    message = stop.read_text()
    assert "fake" in message and str(error) in message
    calls = engine.calls.total()
    assert sums(process(run, TASKS))["unfinished"] == 50  # another worker sees the stop
    assert engine.calls.total() == calls
    shutil.rmtree(run / "_stop")
    engine.dead = None
    assert sums(process(run, TASKS)) == {"in": 60, "passed": 60, "out": 90}


def test_a_stop_file_ends_a_running_batch(engine: type[FakeEngine], run: Path) -> None:
    def stop_at(calls: int) -> None:
        if calls == 30:
            (run / "_stop").mkdir()
            (run / "_stop/signal").write_text("SIGTERM")

    engine.latency, engine.on_call = 0.001, stop_at
    runtime = Runtime(programs.config(run, flush_rows=4, window=2))
    found = sums(runtime.process(TASKS))
    assert found["unfinished"] > 0 < found["passed"]
    assert len(bodies(run)) == found["passed"]
    (run / "_stop/signal").unlink()
    assert sums(runtime.process(TASKS))["passed"] == 60  # the same worker goes on
    runtime.close()


# ---------------------------------------------------------------- in a pipeline


def pipeline(run: Path, packs: list[tuple[int, bytes]], **generate: Any) -> Applied:
    return run_transform(Generate(programs.config(run, **generate)), packs)


def test_generate_in_a_pipeline(engine: type[FakeEngine], run: Path) -> None:
    tasks = [*TASKS, *programs.tasks_of(programs.passages(3), "rejecting")]
    by_bucket = [(bucket_of(t.task_id, programs.TASK_BUCKETS), t) for t in tasks]
    one = pipeline(run, [(b, pack_tasks([t])) for b, t in by_bucket])
    table = pa.concat_tables(map(unpack, one.out))
    assert len(table) == 90
    assert [r.record_id for r in one.rejects] == sorted(t.task_id for t in tasks[60:])
    assert one.counts == {
        ("Generate", "in", ""): 63,
        ("Generate", "passed", ""): 60,
        ("Generate", "rejected", "nothing_to_ask"): 3,
        ("Generate", "out", ""): 90,
    }
    assert ("generation.calls", 90) in one.extra[METRICS]
    first, calls = bodies(run), engine.calls.total()
    groups = [(b, pack_tasks([t for _, t in g])) for b, g in itertools.groupby(
        sorted(by_bucket, key=lambda x: (x[0], x[1].index)), key=lambda x: x[0]
    )]  # fmt: skip
    resumed = pipeline(run, groups)
    assert engine.calls.total() == calls
    assert rows(run, pa.concat_tables(map(unpack, resumed.out))) == rows(run, table)
    shutil.rmtree(run / "_completed")
    pipeline(run, groups, window=1, flush_rows=1)
    assert bodies(run) == first


def test_shipped_methods_against_a_faulty_endpoint(tmp_path: Path) -> None:
    found = [
        exchanges.passage(text, title, passage_id=digest(title), article_id=f"enwiki:{i}")
        for i, (title, text) in enumerate(
            [
                ("Lindau Bridge", exchanges.TEXT),
                ("Aare", exchanges.NEAR_TEXT),
                ("Cable ferry", exchanges.FAR_TEXT),
            ]
        )
    ]
    programs.write_run(tmp_path, found)
    ids = [p.passage_id for p in found]
    shares = (Share("memorization", 1.0, 1, 2), Share("rag", 1.0, 1, 10))
    plan = PlanConfig(1, shares, 12.0, None, programs.TASK_BUCKETS)
    tasks = [t for p in ids for t in plan_passage(p, "en", [q for q in ids if q != p], plan)]
    names = ["status_429", "status_500", "reset", "truncated", "wrong_schema", "no_choices"]
    results = []
    for faults in ({}, dict.fromkeys(names, 0.05)):
        shutil.rmtree(tmp_path / "_completed", ignore_errors=True)
        with FakeOpenAI(Behaviour(faults=faults, retry_after=0.001)) as server:
            model = Model(engine="openai", model="fake-model", base_url=server.url)
            config = dataclasses.replace(
                programs.config(tmp_path, window=8, max_attempts=10), models={"generator": model}
            )
            runtime = Runtime(config, Policy(max_attempts=10, backoff=0.001, malformed=5))
            results.append(runtime.process(tasks))
            runtime.close()
    clean, faulty = results
    assert sums(clean)["passed"] > len(tasks) * 0.6
    assert sums(clean) == sums(faulty)
    assert faulty.metrics["retries"] > 0 < faulty.metrics["sent_back"]
    assert clean.metrics["retries"] == clean.metrics["sent_back"] == 0


def test_what_does_not_fit_the_context_is_shortened_once_else_rejected(tmp_path: Path) -> None:
    titles = ["Lindau Bridge", "Aare", "Cable ferry"]
    texts = [exchanges.TEXT, exchanges.NEAR_TEXT, exchanges.FAR_TEXT]
    found = [
        exchanges.passage(text, title, passage_id=digest(title), article_id=f"enwiki:{title}")
        for title, text in zip(titles, texts, strict=True)
    ]
    programs.write_run(tmp_path, found)
    ids = [p.passage_id for p in found]
    plan = PlanConfig(1, (Share("rag", 1.0, 1, 10),), 12.0, None, programs.TASK_BUCKETS)
    tasks = [t for p in ids for t in plan_passage(p, "en", [q for q in ids if q != p], plan)]

    def generate(context: int | None) -> Any:
        shutil.rmtree(tmp_path / "_completed", ignore_errors=True)
        with FakeOpenAI(Behaviour(context=context)) as server:
            model = Model(engine="openai", model="fake-model", base_url=server.url)
            config = dataclasses.replace(programs.config(tmp_path), models={"generator": model})
            runtime = Runtime(config)
            try:
                return runtime.process(tasks), list(server.requests)
            finally:
                runtime.close()

    (whole, requests), (none, _) = generate(None), generate(10)
    lengths = [sum(len(m["content"].split()) for m in r["messages"]) for r in requests]
    longest = max(lengths)
    assert sums(none)["rejected"] == len(tasks)
    assert {item.reason for item in none.rejects} == {"context_too_long"}
    fitted, requests = generate(longest - 1)  # the longest do not fit with all of their sources
    assert "context_too_long" not in {item.reason for item in fitted.rejects}
    assert sums(fitted)["passed"] >= 0.9 * sums(whole)["passed"]


def test_one_runtime_serves_all_threads_of_a_process(engine: type[FakeEngine], run: Path) -> None:
    config = programs.config(run, window=4)
    assert worker.runtime(config) is worker.runtime(programs.config(run, window=4))
    engine.latency = 0.001
    threads = [
        threading.Thread(target=worker.runtime(config).process, args=(TASKS[i::2],))
        for i in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert engine.most_in_flight == 4
    assert len(bodies(run)) == 60


def test_a_worker_ends_with_its_launcher() -> None:
    worker = (
        "import sys, time\n"
        "from beam_synth.generation.orphans import Launcher, end_with\n"
        "end_with(Launcher(int(sys.argv[1]), int(sys.argv[2])))\n"
        "print('watching', flush=True)\n"
        "time.sleep(60)\n"
    )
    launcher = (
        "import subprocess, sys, time\n"
        "from beam_synth.generation.orphans import Launcher\n"
        "me = Launcher.current()\n"
        f"subprocess.Popen([sys.executable, '-c', {worker!r}, str(me.pid), str(me.started)])\n"
        "time.sleep(60)\n"
    )
    process = subprocess.Popen([sys.executable, "-c", launcher], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    with process, process.stdout as output:
        assert output.readline() == "watching\n"
        process.kill()
        assert output.read() == ""  # ends when the worker, which holds the pipe, is gone
