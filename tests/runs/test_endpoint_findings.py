"""What is found out about an endpoint, from `check` to the rows of a run and its resume."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.doubles.endpoints import call, manifest, stage, write_job
from tests.servers.fake_openai import Behaviour, FakeOpenAI

SECRET = "S3cr3t-abc123-value"


def unknown(*fields: str) -> Any:
    """An endpoint that takes none of these."""

    def refuses(asked: dict[str, Any]) -> tuple[int, Any] | None:
        for field in fields:
            if field in asked:
                return 400, {"error": {"message": f"Unknown parameter: '{field}'.", "param": field}}
        return None

    return refuses


def rows(run: Path) -> list[dict[str, Any]]:
    files = sorted(run.glob("jsonl/samples/*.jsonl"))
    return [json.loads(line) for file in files for line in file.read_text().splitlines()]


def test_a_run_goes_by_what_its_probe_has_found(tmp_path: Path) -> None:
    job_keys: dict[str, Any] = {
        "tasks": {"limit": 30},
        "generate": {"max_attempts": 1},
    }
    with FakeOpenAI(Behaviour(refuses=unknown("seed", "temperature"))) as server:
        job = write_job(tmp_path, server.url, **job_keys)
        wished = "models.generator.sampling={temperature: 0.7, top_p: 0.9}"
        code, out, errors = call("check", job, "--set", wished)
        assert code == 0 and "temperature: left off" in out, errors
        server.stats.clear()
        run = tmp_path / "run"
        code, out, errors = call("run", job, "--set", wished, "--quiet", "--output", run)
        assert code == 0, errors
        assert server.stats["refused"] == 2  # by the probe alone
        (line,) = [line for line in out.splitlines() if line.startswith("warning: ")]
        assert "fake-model takes no seed" in line and "no temperature" in line
        assert "gives other texts" in line
        code, out, errors = call("status", run)
        assert line in out.splitlines()
    found = rows(run)
    assert found and stage(run)["passed"] == 30
    for row in found:
        assert {json.loads(model["sampling"])["top_p"] for model in row["models"]} == {0.9}
        assert all("temperature" not in model["sampling"] for model in row["models"])


def test_what_begins_to_be_refused_in_mid_run_loses_no_call(tmp_path: Path) -> None:
    with FakeOpenAI() as server:

        def refuses(asked: dict[str, Any]) -> tuple[int, Any] | None:
            late = server.stats["answered"] > 40
            refused: tuple[int, Any] | None = unknown("seed")(asked) if late else None
            return refused

        server.behaviour.refuses = refuses
        job = write_job(tmp_path, server.url, tasks={"limit": 40}, generate={"max_attempts": 1})
        run = tmp_path / "run"
        code, out, errors = call("run", job, "--quiet", "--output", run)
        assert code == 0, errors
    assert out.count("warning: ") == 1 and "takes no seed" in out
    account = stage(run)
    assert account["passed"] == 40 and not account["failed_by"]
    assert 0 < server.stats["refused"] <= 17  # those in flight, and no more


def test_a_resume_does_not_ask_again_unless_the_endpoint_is_another(tmp_path: Path) -> None:
    # What this run learns comes from its workers: the probe meets an endpoint that takes all.
    with FakeOpenAI() as server, FakeOpenAI(Behaviour(refuses=unknown("seed"))) as other:
        job = write_job(tmp_path, server.url, tasks={"limit": 40})
        run = tmp_path / "run"
        code, _, errors = call(
            "run", job, "--quiet", "--output", run, "--set", "budget={calls: 20}"
        )
        assert code == 3, errors
        (noted,) = (run / "_endpoints").iterdir()
        probes = [asked for asked in server.requests if asked["messages"][0]["content"] == PROBED]
        assert len(probes) == 1
        code, _, errors = call("resume", run, "--quiet", "--set", "budget={calls: 40}")
        assert code == 3, errors
        probes = [asked for asked in server.requests if asked["messages"][0]["content"] == PROBED]
        assert len(probes) == 1 and [*(run / "_endpoints").iterdir()] == [noted]
        elsewhere = f"models.generator.base_url={other.url}"
        code, out, errors = call("resume", run, "--quiet", "--set", "budget={}", "--set", elsewhere)
        assert code == 0, errors
        assert other.stats["refused"] == 1 and len([*(run / "_endpoints").iterdir()]) == 2
        assert "takes no seed" in out
    assert manifest(run)["identity"]


PROBED = "Answer with the word yes."


def files_with(run: Path, text: str) -> list[str]:
    every = [path for path in run.rglob("*") if path.is_file()]
    return [path.name for path in every if text.encode() in path.read_bytes()]


def test_no_secret_is_in_a_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("K", SECRET)
    run = tmp_path / "run"
    with FakeOpenAI(Behaviour(refuses=unknown("seed"))) as server:
        job = write_job(tmp_path, server.url, tasks={"limit": 10})
        literal = f"models.generator.options={{headers: {{api-key: {SECRET}}}}}"
        code, out, errors = call("run", job, "--quiet", "--output", run, "--set", literal)
        assert code == 2 and "write env:NAME" in errors and SECRET not in out + errors
        assert not run.exists()
        named = (
            "models.generator.options={headers: {api-key: env:K}, query: {key: env:K}, "
            "extra_body: {user: {api_key: env:K}}}"
        )
        code, out, errors = call("run", job, "--quiet", "--output", run, "--set", named)
        assert code == 0, errors
        assert server.heard[-1]["headers"]["api-key"] == SECRET
        assert server.heard[-1]["query"] == {"key": SECRET}
        assert server.requests[-1]["user"] == {"api_key": SECRET}
    assert SECRET not in out + errors and files_with(run, SECRET) == []
    assert files_with(run, "env:K")


def test_a_job_that_was_frozen_with_a_secret_says_what_to_write(tmp_path: Path) -> None:
    with FakeOpenAI() as server:
        job = write_job(tmp_path, server.url, tasks={"limit": 10})
        run = tmp_path / "run"
        code, _, errors = call("run", job, "--quiet", "--output", run, "--set", "budget={calls: 5}")
        assert code == 3, errors
        frozen = run / "job.yaml"
        text = frozen.read_text().replace("model: fake-model", MODEL_WITH_SECRET)
        frozen.write_text(text)
        code, _, errors = call("resume", run, "--quiet")
        assert code == 2 and "options.headers.api-key" in errors and "env:NAME" in errors
        assert SECRET not in errors


MODEL_WITH_SECRET = f"model: fake-model\n    options: {{headers: {{api-key: {SECRET}}}}}"
