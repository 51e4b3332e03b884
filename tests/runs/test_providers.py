"""Whole runs against each provider's way of the API."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.doubles.endpoints import call, generation, manifest, stage, write_job
from tests.servers.dialects import BEARER, DIALECTS, KEY, Dialect, FakeDialect
from tests.servers.fake_anthropic import Claude, FakeAnthropic
from tests.servers.fake_openai import FakeOpenAI

LIMIT = 12  # tasks


def run(folder: Path, **generator: Any) -> Path:
    job = write_job(
        folder,
        "",
        models={"generator": generator, "embedder": {"engine": "hashing"}},
        tasks={"limit": LIMIT},
    )
    code, _, errors = call("run", job, "--output", folder / "run")
    assert code == 0, errors[-2000:]
    return folder / "run"


def counts(output: Path) -> tuple[int, int]:
    account = stage(output)
    return account["passed"], account["in"]


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> tuple[int, int]:
    """How many tasks of how many are made by the plain fake endpoint."""
    with FakeOpenAI() as server:
        generator = {"engine": "openai", "model": "fake-model", "base_url": server.url}
        return counts(run(tmp_path_factory.mktemp("usual"), **generator))


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)
def test_a_whole_run_in_each_dialect(
    dialect: Dialect, usual: tuple[int, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAKE_KEY", KEY)
    bearer = {"api_key": "env:FAKE_KEY"} if dialect.headers == BEARER else {}
    with FakeDialect(dialect) as server:
        output = run(
            tmp_path,
            engine="openai",
            model=dialect.model,
            base_url=server.url,
            sampling=dict(dialect.sampling),
            options=dict(dialect.options),
            **bearer,
        )
    made, tasks = counts(output)
    assert tasks == usual[1] == LIMIT and not server.odd
    assert made >= usual[0] - 3  # other bodies draw other answers
    assert stage(output)["failed"] == 0
    assert generation(output)["total"]["completion_tokens"] > 0
    assert KEY not in (output / "job.yaml").read_text()


@pytest.mark.parametrize("thinks", [False, True])
def test_a_whole_run_by_anthropics_own_api(
    thinks: bool, usual: tuple[int, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAKE_KEY", Claude().key)
    thinking = {"extra_body": {"thinking": {"type": "adaptive"}}} if thinks else {}
    with FakeAnthropic() as server:
        generator = {"engine": "anthropic", "model": "fake-model", "base_url": server.url}
        output = run(tmp_path, **generator, api_key="env:FAKE_KEY", options=thinking)
        assert all("seed" not in asked for asked in server.requests)
    made, tasks = counts(output)
    assert (tasks, stage(output)["failed"]) == (LIMIT, 0) and made >= usual[0] - 3
    assert manifest(output)["job"]["models"]["generator"]["engine"] == "anthropic"
