"""How whole runs end at an endpoint that fails: exit code, message, rows, and a later start."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from beam_synth.drawing import Draw
from beam_synth.generation.calls import Policy
from beam_synth.generation.config import GenerateConfig
from beam_synth.generation.roles import policy_of
from tests.doubles.endpoints import call, data_hashes, stage, write_job
from tests.servers.fake_openai import Behaviour, FakeOpenAI

Odd = Callable[[int, Draw], tuple[int, Any] | None]
TASKS = 40
KEYS: dict[str, Any] = {"tasks": {"limit": TASKS}, "dedup": {"exact": False, "minhash": False}}
MONEY = {"error": {"message": "Insufficient Balance", "type": "unknown_error"}}
CRASH = {"error": {"message": "EngineCore encountered an issue", "code": 500}}
LONG = {"error": {"message": "Context size has been exceeded.", "code": 500}}
WRONG = {"error": {"message": "made to fail", "code": 400}}


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    def policy(config: GenerateConfig) -> Policy:
        return dataclasses.replace(policy_of(config), backoff=0.001)

    monkeypatch.setattr("beam_synth.generation.worker.policy_of", policy)


def never(number: int, draw: Draw) -> None:
    return None


def start(folder: Path, odd: Odd | None = None) -> tuple[int, str]:
    """(exit code, what was said) of a run in `folder`, once more where one lies there."""
    with FakeOpenAI(Behaviour(odd=odd or never)) as server:
        job = write_job(folder, server.url, generate={"max_attempts": 3}, **KEYS)
        code, out, errors = call("run", job, "--quiet", "--output", folder / "run")
    return code, out + errors


def rows(folder: Path) -> dict[str, Any]:
    found = {}
    for path in (folder / "run").glob("data/samples/*.parquet"):
        found.update({row["synth_id"]: row for row in pq.read_table(path).to_pylist()})
    return found


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("whole")
    assert start(folder)[0] == 0
    assert len(rows(folder)) == TASKS
    return folder


def test_money_that_runs_out_stops_the_run_until_there_is_more(whole: Path, tmp_path: Path) -> None:
    code, said = start(tmp_path, lambda number, draw: (402, MONEY) if number > 30 else None)
    assert code == 3
    assert "refuses all service: status 402 from http://127.0.0.1" in said
    assert "Insufficient Balance" in said and "tasks are left" in said
    assert "Insufficient Balance" in call("status", tmp_path / "run")[1]
    assert start(tmp_path)[0] == 0
    assert data_hashes(tmp_path / "run") == data_hashes(whole / "run")


def test_a_prompt_that_crashes_the_endpoint_ends_in_the_second_start(
    whole: Path, tmp_path: Path
) -> None:
    def poison(number: int, draw: Draw) -> tuple[int, Any] | None:
        return (500, CRASH) if draw.uniform() < 0.1 else None

    code, said = start(tmp_path, poison)
    assert code == 3 and "calls of theirs that failed: " in said
    assert " x given up after 3 tries: status 500 from " in call("status", tmp_path / "run")[1]
    code, said = start(tmp_path, poison)
    assert code == 0 and "tasks that failed, each in errors/generate.jsonl: " in said
    left = stage(tmp_path / "run")["failed_by"]["endpoint_refuses_task"]
    assert 0 < left < TASKS / 2
    made, clean = rows(tmp_path), rows(whole)
    assert len(made) == TASKS - left and made.items() <= clean.items()
    assert "EngineCore encountered an issue" in call("status", tmp_path / "run")[1]
    assert not (tmp_path / "run" / "_put_off").exists()
    assert "finished already" in start(tmp_path, poison)[1]


def test_requests_that_are_wrong_fail_alone(whole: Path, tmp_path: Path) -> None:
    code, said = start(tmp_path, lambda number, draw: (400, WRONG) if number % 9 == 0 else None)
    assert code == 0 and "x engine_error, status 400 from " in said
    failed = stage(tmp_path / "run")["failed_by"]["engine_error"]
    made, clean = rows(tmp_path), rows(whole)
    assert len(made) == TASKS - failed and made.items() <= clean.items()


def test_requests_that_are_all_wrong_stop_the_run(whole: Path, tmp_path: Path) -> None:
    code, said = start(tmp_path, lambda number, draw: (400, WRONG))
    assert code == 3 and "10 calls in a row were refused, the last one with: status 400" in said
    assert f"{TASKS} tasks are left" in said
    assert start(tmp_path)[0] == 0
    assert data_hashes(tmp_path / "run") == data_hashes(whole / "run")


def test_a_context_that_fits_nothing_leaves_a_run_without_a_record(tmp_path: Path) -> None:
    code, said = start(tmp_path, lambda number, draw: (500, LONG))
    assert code == 1 and f"none passed ({TASKS} context_too_long)" in said
