"""A job of three rounds with kinds of records, roles and an engine from outside, on all runners.

Its files are the examples of CONTRIBUTING.md: a cast of each article is a step, pairs of it are
questions that settle, and each question gets an essay by one of two models of a pool.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from tests.doubles.endpoints import data_hashes, generation
from tests.doubles.flink import job_server_jar
from tests.doubles.processes import started, wait_until
from tests.doubles.row_sources import write_lines
from tests.paths import ROOT, SAMPLE
from tests.test_contributing import ANSWERS, ROUNDS, write

STAGES = ["PlanTasks", "PlanUnits", "LimitTasks", "Generate", "PlanTasks2", "LimitTasks2",
          "BudgetQuestion2", "Generate2", "SettleInstructions2", "PlanTasks3", "LimitTasks3",
          "Generate3", "KeepWritten", "DeduplicateExact", "DeduplicateMinHash",
          "WriteShards"]  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The job and its package, as somebody would save them."""
    folder = tmp_path_factory.mktemp("rounds")
    write(ROUNDS | ANSWERS, folder)
    asked = [f"What has lighthouse {n} of the coast to do with mill {n}?" for n in range(300)]
    write_lines(folder / "asked.jsonl", *({"question": question} for question in asked))
    shutil.copy(SAMPLE / "articles-en.jsonl", folder / "articles.jsonl")
    return folder


def command(folder: Path, *arguments: str) -> tuple[list[str], dict[str, Any]]:
    """The command line, and where it runs: workers import the job's package from there."""
    path = os.pathsep.join([str(folder), str(ROOT)])
    line = [sys.executable, "-m", "beam_synth.cli", *arguments]
    return line, {"cwd": folder, "env": {**os.environ, "PYTHONPATH": path}}


def call(folder: Path, *arguments: str, code: int = 0) -> str:
    line, where = command(folder, *arguments)
    done = subprocess.run(line, capture_output=True, text=True, **where)
    assert done.returncode == code, done.stdout[-2000:] + done.stderr[-3000:]
    return str(done.stdout)


@pytest.fixture(scope="module")
def whole(folder: Path) -> Path:
    """The run by one worker, uninterrupted."""
    call(folder, "run", "rounds.yaml", "--output", "whole", "--quiet")
    return folder / "whole"


def stages_of(run: Path) -> list[dict[str, Any]]:
    stages: list[dict[str, Any]] = json.loads((run / "manifest.json").read_text())["stages"]
    return stages


def test_the_sums_of_every_stage_hold_and_verify_agrees(folder: Path, whole: Path) -> None:
    stages = {stage["name"]: stage for stage in stages_of(whole)}
    assert list(stages)[-len(STAGES) :] == STAGES
    for name, stage in stages.items():
        turned_down = sum(stage["rejected"].values()) + stage["failed"]
        assert stage["in"] == stage["passed"] + turned_down, name
        if stage["from"]:
            assert stage["in"] == sum(stages[source]["out"] for source in stage["from"]), name
    assert stages["SettleInstructions2"]["from"] == ["Generate2"]
    assert "0 disagreements" in call(folder, "verify", "whole")


def test_plan_tells_all_rounds_as_they_come(folder: Path, whole: Path) -> None:
    stages = {stage["name"]: stage for stage in stages_of(whole)}
    planned = call(folder, "plan", "rounds.yaml")
    assert f"\ntasks    {stages['LimitTasks']['out']}\n" in planned
    for method, stage in (("question", "BudgetQuestion2"), ("essay", "LimitTasks3")):
        assert f"up to {stages[stage]['out']} of my_rounds:{method}, from records" in planned


def test_preview_shows_all_rounds(folder: Path) -> None:
    shown = call(folder, "preview", "rounds.yaml", "-n", "4")
    for made in (
        "record 1: cast",
        "sample 2: memorization",
        "record 3: question",
        "record 4: essay",
    ):
        assert f"--- {made}" in shown
    assert shown.endswith("4 records; nothing was written\n")


def test_two_workers_give_the_same_bytes(folder: Path, whole: Path) -> None:
    workers = ["--direct_running_mode=multi_processing", "--direct_num_workers=2"]
    call(folder, "run", "rounds.yaml", "--output", "two", "--quiet", *workers)
    assert data_hashes(folder / "two") == data_hashes(whole)


def test_embedded_flink_gives_the_same_bytes(folder: Path, whole: Path) -> None:
    jar = job_server_jar()
    flink = ["--runner=FlinkRunner", "--flink_master=[local]", f"--flink_job_server_jar={jar}"]
    call(folder, "run", "rounds.yaml", "--output", "flink", "--quiet", *flink)
    assert data_hashes(folder / "flink") == data_hashes(whole)


@contextmanager
def running(folder: Path, output: str, job: str, *options: str) -> Iterator[subprocess.Popen[str]]:
    line, where = command(folder, "run", job, "--output", output, "--quiet", *options)
    with started(*line, stderr=subprocess.DEVNULL, **where) as process:
        yield process


def rounds_begun(run: Path) -> int:
    """Of how many rounds outcomes lie in the run."""
    methods = {
        method
        for path in run.glob("_completed/*/*.parquet")
        for method in pq.read_table(path, columns=["method"])["method"].to_pylist()
    }
    return sum(f"my_rounds:{name}" in methods for name in ("cast", "question", "essay"))


def wait_for_round(number: int, output: Path, process: subprocess.Popen[str]) -> None:
    wait_until(
        lambda: rounds_begun(output) >= number or process.poll() is not None,
        f"outcomes of round {number}",
    )


def test_three_kills_change_nothing(folder: Path, whole: Path) -> None:
    output = folder / "killed"
    for number in range(3):  # each is killed as soon as it has outcomes of a further round
        with running(folder, str(output), "rounds.yaml") as process:
            wait_for_round(number + 1, output, process)
            process.send_signal(signal.SIGKILL)
            process.wait()
        assert not (output / "manifest.json").exists(), "it was over before it was killed"
    call(folder, "resume", str(output), "--quiet")
    assert data_hashes(output) == data_hashes(whole)
    assert stages_of(output) == stages_of(whole)


def test_a_budget_that_ends_in_the_third_round_changes_nothing(folder: Path, whole: Path) -> None:
    output = folder / "stopped"  # only essays cost something, 60 words each
    spent = generation(whole)["by_method"]["my_rounds:essay"]["calls"] / 2 * 60
    changes = [
        "--set",
        'prices={"parrot:long": {completion: 1e6}}',
        "--set",
        f"budget.cost={spent / 2}",
    ]
    call(folder, "run", "rounds.yaml", "--output", str(output), "--quiet", *changes, code=3)
    assert rounds_begun(output) == 3 and not (output / "manifest.json").exists()
    call(folder, "resume", str(output), "--quiet", "--set", "budget={}")
    assert data_hashes(output) == data_hashes(whole)
    assert stages_of(output) == stages_of(whole)


def test_a_killed_run_of_instructions_goes_on_to_the_same_bytes(folder: Path) -> None:
    call(folder, "run", "answers.yaml", "--output", "answers", "--quiet")
    output = folder / "answers-killed"
    with running(folder, str(output), "answers.yaml", "--set", "generate.flush_rows=5") as process:
        found = output / "_completed"
        wait_until(lambda: any(found.glob("*/*.parquet")) or process.poll() is not None, "a row")
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert not (output / "manifest.json").exists(), "it was over before it was killed"
    call(folder, "resume", str(output), "--quiet")
    assert data_hashes(output) == data_hashes(folder / "answers")
    assert stages_of(output) == stages_of(folder / "answers")
    assert len(stages_of(output)) > 10
