"""Runs that stop and go on: kills, budgets, dead endpoints, signals; no paid row is lost."""

from __future__ import annotations

import dataclasses
import random
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from beam_synth.generation.calls import Policy
from beam_synth.generation.config import GenerateConfig
from beam_synth.generation.roles import policy_of
from tests.doubles.endpoints import (
    call,
    command,
    data_hashes,
    generation,
    outcomes,
    stage,
    write_job,
)
from tests.doubles.processes import PATIENCE, started, wait_until
from tests.servers.fake_openai import FAULTS, Behaviour, FakeOpenAI

CALLS_A_TASK = 2 * 3  # two calls; a malformed answer is sent back twice


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int]:
    """An uninterrupted run, and the requests that it took."""
    folder = tmp_path_factory.mktemp("whole")
    with FakeOpenAI(Behaviour(latency=0.005)) as server:
        code, _, errors = call("run", write_job(folder, server.url), "--output", folder / "run")
        assert code == 0, errors[-2000:]
        assert stage(folder / "run")["passed"] > 50
        return folder / "run", server.stats["requests"]


def start(job: Path, output: Path) -> AbstractContextManager[subprocess.Popen[str]]:
    """A run in a process of its own."""
    return started(*command("run", job, "--output", output, "--quiet"), stderr=subprocess.DEVNULL)


def wait_in(process: subprocess.Popen[str], holds: Callable[[], bool], what: str) -> None:
    """Wait for something that a process, which goes on, brings about."""
    wait_until(lambda: holds() or process.poll() is not None, what)
    assert process.poll() is None, f"it ended before this: {what}"


def test_kills_at_random_moments_lose_nothing_and_pay_little_twice(
    whole: tuple[Path, int], tmp_path: Path
) -> None:
    expected, requests = whole
    rng = random.Random(3)
    kills = 3
    with FakeOpenAI(Behaviour(latency=0.02)) as server:
        job, output = write_job(tmp_path, server.url), tmp_path / "run"

        def killed(share: float) -> None:
            # It cannot end before it is killed: what it asks for after this is not answered.
            server.behaviour.most = most = int(requests * share)
            with start(job, output) as process:
                wait_in(process, lambda: server.stats["requests"] >= most, f"{most} requests")
                time.sleep(rng.uniform(0, 0.3))

        for kill in range(kills):
            killed((kill + rng.uniform(0.5, 1)) / (kills + 1))
        server.behaviour.most = None
        assert 0 < outcomes(output) < outcomes(expected)
        assert not (output / "manifest.json").exists()
        code, text, _ = call("status", output)
        assert code == 0 and "not running and not finished; beam-synth resume" in text
        assert call("resume", output)[0] == 0
        sent = server.stats["requests"]
    assert data_hashes(output) == data_hashes(expected)
    assert sent <= requests + kills * (16 * CALLS_A_TASK + 2 * 20)
    assert generation(output)["total"]["calls"] == generation(expected)["total"]["calls"]


def test_a_budget_stops_the_run_and_more_of_it_goes_on(
    whole: tuple[Path, int], tmp_path: Path
) -> None:
    expected, _ = whole
    prices = {"fake-model": {"prompt": 1.0, "completion": 3.0}}
    with FakeOpenAI() as server:
        job = write_job(tmp_path, server.url, budget={"calls": 60}, prices=prices)
        output = tmp_path / "run"
        code, _, errors = call("run", job, "--output", output)
        assert code == 3
        assert "the budget of 60 calls is spent (60 calls)" in errors
        assert f"go on with: beam-synth resume {output}" in errors
        assert server.stats["requests"] == 60
        assert not (output / "manifest.json").exists() and 0 < outcomes(output) <= 30
        code, text, _ = call("status", output)
        assert "stopped: the budget of 60 calls is spent" in text
        assert "spent: 60 calls" in text and "cost 0.0" in text
        code, _, errors = call("resume", output, "--set", "budget.calls=100")
        assert code == 3 and server.stats["requests"] == 100
        code, _, errors = call("resume", output, "--set", "budget={cost: 0.0001}")
        assert code == 3 and "cost is spent" in errors and server.stats["requests"] <= 117
        code, _, errors = call("resume", output, "--set", "budget=null")
        assert code == 2 and "budget" in errors
        code, _, errors = call("resume", output, "--set", "budget={}")
        assert code == 0, errors
        code, text, _ = call("status", output)
        assert "finished, identity" in text and "\ngenerated: " in text
    assert data_hashes(output) == data_hashes(expected)
    total = generation(output)["total"]
    assert total["cost"] == pytest.approx(
        (total["prompt_tokens"] + 3 * total["completion_tokens"]) / 1e6
    )
    assert sum(total["latency_ms"].values()) == total["calls"]


def test_a_dead_endpoint_stops_the_run_and_another_one_goes_on(
    whole: tuple[Path, int], tmp_path: Path
) -> None:
    expected, requests = whole
    output = tmp_path / "run"
    quick = {"max_attempts": 2}
    with FakeOpenAI(Behaviour(most=requests // 2)) as server:
        job = write_job(tmp_path, server.url, generate=quick)
        with start(job, output) as process:
            wait_in(process, lambda: outcomes(output) > 5, "6 outcomes")
            server.behaviour.faults = {"status_500": 1.0}
            server.behaviour.most = None
            assert process.wait(PATIENCE) == 3
    done = outcomes(output)
    assert done > 5 and not (output / "manifest.json").exists()
    assert "calls in a row were given up" in call("status", output)[1]
    with FakeOpenAI() as server:
        change = f"models.generator.base_url={server.url}"
        code, _, errors = call("resume", output, "--set", change)
        assert code == 0, errors
    assert data_hashes(output) == data_hashes(expected)


def test_sigterm_stops_cleanly(whole: tuple[Path, int], tmp_path: Path) -> None:
    expected, requests = whole
    output = tmp_path / "run"
    with FakeOpenAI(Behaviour(most=requests // 2)) as server:
        job = write_job(tmp_path, server.url)
        with start(job, output) as process:
            wait_in(process, lambda: outcomes(output) > 0, "an outcome")
            process.send_signal(signal.SIGTERM)
            wait_until(lambda: list((output / "_stop").glob("*")), "the stop is told")
            server.behaviour.latency = 1.0  # the calls in flight end, and the stop is seen by then
            server.behaviour.most = None
            assert process.wait(PATIENCE) == 3
        server.behaviour.latency = 0.0
        before = server.stats["requests"]
        time.sleep(0.3)
        assert server.stats["requests"] == before  # nobody goes on calling
        assert call("resume", output)[0] == 0
    assert data_hashes(output) == data_hashes(expected)


def test_what_a_resume_may_not_change_is_refused(whole: tuple[Path, int], tmp_path: Path) -> None:
    output = tmp_path / "run"
    with FakeOpenAI() as server:
        job = write_job(tmp_path, server.url, budget={"calls": 5})
        assert call("run", job, "--output", output)[0] == 3
        for change in ("seed=9", "mixture={rag: 1}", "models.generator.model=other"):
            code, _, errors = call("resume", output, "--set", change)
            assert code == 2, change
            assert "holds another run" in errors or "has no model 'other'" in errors
    code, _, errors = call("resume", tmp_path / "none")
    assert code == 2 and "not a run" in errors


SINGLE = [pytest.param(f, marks=pytest.mark.slow) for f in FAULTS]


@pytest.mark.parametrize("fault", [*SINGLE, "mixed"])
def test_every_fault_leaves_every_row_accounted_for(
    fault: str, whole: tuple[Path, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def quick(config: GenerateConfig) -> Policy:
        return dataclasses.replace(policy_of(config), backoff=0.01)

    monkeypatch.setattr("beam_synth.generation.worker.policy_of", quick)
    expected, _ = whole
    kinds = [name for name in FAULTS if name != "status_400"]
    faults = {name: 0.3 / len(kinds) for name in kinds} if fault == "mixed" else {fault: 0.3}
    with FakeOpenAI(Behaviour(faults=faults, retry_after=0.01)) as server:
        keys = {"window": 64, "max_attempts": 20, "timeout": 1.0}  # a hang lasts longer
        job = write_job(tmp_path, server.url, generate=keys)
        code, _, errors = call("run", job, "--output", tmp_path / "run")
    assert code == 0, errors
    account, clean = stage(tmp_path / "run"), stage(expected)
    assert account["in"] == clean["in"]
    if fault in ("wrong_schema", "not_json", "mixed"):  # 3 malformed ones in a row are a reject
        lost = account["rejected"].pop("malformed_answer", 0)
        assert lost <= 0.12 * account["in"]
    elif fault == "status_400":
        lost = account["failed_by"].pop("engine_error")
        assert 0.3 * account["in"] < lost < 0.75 * account["in"]
    else:
        assert data_hashes(tmp_path / "run") == data_hashes(expected)
