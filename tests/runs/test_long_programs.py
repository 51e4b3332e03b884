"""Methods of many calls that are killed: their calls are kept while their tasks have no outcome."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
import yaml

from tests.doubles import long_programs
from tests.doubles.endpoints import (
    call,
    command,
    data_hashes,
    generation,
    outcomes,
    write_job,
)
from tests.doubles.processes import started, wait_until
from tests.servers.fake_openai import FakeOpenAI

TASKS, WINDOW, FLUSH, KILLS = 2, 6, 40, 3


def write_long_job(folder: Path, url: str) -> Path:
    (folder / "prompts" / "chain").mkdir(parents=True)
    (folder / "prompts" / "chain" / "next.jinja").write_text(long_programs.PROMPT)
    path = write_job(
        folder,
        url,
        tasks={"limit": TASKS},
        prompts=str(folder / "prompts"),
        generate={"window": WINDOW, "flush_rows": FLUSH, "flush_seconds": 0.5},
    )
    job = yaml.safe_load(path.read_text())
    path.write_text(yaml.safe_dump({**job, "mixture": {long_programs.METHOD: 1.0}}))
    return path


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An uninterrupted run."""
    folder = tmp_path_factory.mktemp("whole")
    with FakeOpenAI() as server:
        code, _, errors = call(
            "run", write_long_job(folder, server.url), "--output", folder / "run"
        )
        assert code == 0, errors[-2000:]
        assert server.stats["requests"] == TASKS * long_programs.CALLS
    assert outcomes(folder / "run") == TASKS
    assert not list((folder / "run").glob("_calls/**/*.parquet"))
    return folder / "run"


def test_kills_cost_a_window_and_a_flush_each(whole: Path, tmp_path: Path) -> None:
    calls = TASKS * long_programs.CALLS
    with FakeOpenAI() as server:
        job, output = write_long_job(tmp_path, server.url), tmp_path / "run"
        for kill in range(KILLS):
            # It cannot end before it is killed: what it asks for after this is not answered.
            server.behaviour.most = most = calls * (kill + 1) // (KILLS + 1)
            arguments = command("run", job, "--output", output, "--quiet")
            with started(*arguments, stderr=subprocess.DEVNULL) as process:
                wait_until(
                    lambda most=most: (
                        server.stats["requests"] >= most  # type: ignore[misc]
                        or process.poll() is not None
                    ),
                    f"{most} requests",
                )
                assert process.poll() is None
        assert outcomes(output) < TASKS and list(output.glob("_calls/*/*.parquet"))
        server.behaviour.most = None
        code, _, errors = call("resume", output)
        assert code == 0, errors[-2000:]
        sent = server.stats["requests"]
    assert calls < sent <= calls + KILLS * (WINDOW + FLUSH)
    assert data_hashes(output) == data_hashes(whole)
    assert generation(output)["total"]["calls"] == generation(whole)["total"]["calls"] == calls
    assert not list(output.glob("_calls/**/*.parquet"))
