"""Whole runs whose requests go to a batch service; they are killed at each of its stages."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest

from beam_synth.generation.budget import read_spent
from beam_synth.storage import layout
from beam_synth.storage.files import RunFolder
from tests.doubles.endpoints import call, command, data_hashes, generation, stage, write_job
from tests.doubles.processes import PATIENCE, started, wait_until
from tests.servers.fake_anthropic import Claude
from tests.servers.fake_batches import FakeAnthropicBatches, FakeOpenAIBatches, Service

Server = FakeOpenAIBatches | FakeAnthropicBatches
QUICK = {"idle": 0.5, "poll": 0.05, "slowest": 0.2}
LIMIT = 30
# Where a run is killed: what the service withholds then, of OpenAI's form and of Anthropic's.
KILLS = {
    "while it is sent": ("upload", "create"),
    "before its id is noted": ("create", "create"),
    "while it is waited for": ("poll", "poll"),
    "while its answers are fetched": ("fetch", "fetch"),
}


@pytest.fixture(autouse=True)
def _key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAKE_KEY", Claude().key)


@contextmanager
def serving(engine: str, service: Service | None = None) -> Iterator[Server]:
    made: Server = (
        FakeOpenAIBatches(service=service)
        if engine == "openai"
        else FakeAnthropicBatches(service=service)
    )
    with made:
        yield made


def job(folder: Path, engine: str, url: str, batch: Any = QUICK, **keys: Any) -> Path:
    generator = {
        "engine": engine,
        "model": "fake-model",
        "base_url": url,
        "api_key": "env:FAKE_KEY",
        "options": {"batch": batch},
    }
    models = {"generator": generator, "embedder": {"engine": "hashing"}}
    generate = {"flush_rows": 5, "flush_seconds": 0.2}
    return write_job(folder, "", models=models, tasks={"limit": LIMIT}, generate=generate, **keys)


def start(path: Path, output: Path) -> AbstractContextManager[subprocess.Popen[str]]:
    return started(*command("run", path, "--output", output, "--quiet"), stderr=subprocess.DEVNULL)


@pytest.fixture(scope="module", params=["openai", "anthropic"])
def called(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Path, int]]:
    """The same job by calls one by one: engine, run, and number of requests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FAKE_KEY", Claude().key)
        folder, engine = tmp_path_factory.mktemp("called"), request.param
        with serving(engine) as server:
            path = job(folder, engine, server.url, batch=False)
            code, _, errors = call("run", path, "--output", folder / "run")
            assert code == 0, errors[-2000:]
            yield engine, folder / "run", generation(folder / "run")["total"]["calls"]


def test_batches_give_the_same_bytes_as_calls(
    called: tuple[str, Path, int], tmp_path: Path
) -> None:
    engine, expected, requests = called
    with serving(engine) as server:
        path = job(tmp_path, engine, server.url)
        code, _, errors = call("run", path, "--output", tmp_path / "run")
        assert code == 0, errors[-2000:]
        assert server.stats["requests"] <= 1  # by which it is found out how to ask
        service = server.service
    assert data_hashes(tmp_path / "run") == data_hashes(expected)
    assert service.seen.total() == requests and set(service.seen.values()) == {1}
    assert len(service.batches) <= 8  # one for each step of the longest programs
    totals = [generation(run)["total"] for run in (expected, tmp_path / "run")]
    for key in ("calls", "prompt_tokens", "completion_tokens"):
        assert totals[0][key] == totals[1][key]
    assert not (tmp_path / "run" / layout.BATCHES).exists()


NOTED = "before its id is noted"  # the kill that costs a whole batch where nothing is looked for


@pytest.mark.parametrize(
    "when",
    [pytest.param(when, marks=[] if when == NOTED else pytest.mark.slow) for when in KILLS],
)
def test_a_kill_sends_nothing_twice(
    when: str, called: tuple[str, Path, int], tmp_path: Path
) -> None:
    engine, expected, requests = called
    held = KILLS[when][engine == "anthropic"]
    with serving(engine, Service(hold={held})) as server:
        service, path, output = server.service, job(tmp_path, engine, server.url), tmp_path / "run"
        with start(path, output) as process:
            wait_until(lambda: service.reached[held], held)
            assert process.poll() is None
            process.kill()
            process.wait(PATIENCE)
        service.hold.clear()
        went_on(output, expected, requests, service)


def test_a_kill_after_the_first_answers_sends_nothing_twice(
    called: tuple[str, Path, int], tmp_path: Path
) -> None:
    engine, expected, requests = called
    with serving(engine) as server:
        service, path, output = server.service, job(tmp_path, engine, server.url), tmp_path / "run"
        with start(path, output) as process:
            wait_until(lambda: service.reached["fetch"], "the first answers")
            service.hold.add("create")
            wait_until(lambda: service.reached["create"] > 1, "a second batch")
            process.kill()
            process.wait(PATIENCE)
        service.hold.clear()
        went_on(output, expected, requests, service)


def went_on(output: Path, expected: Path, requests: int, service: Service) -> None:
    """A killed run goes on to the same bytes, and each of its requests was executed once."""
    assert not (output / "manifest.json").exists()
    code, _, errors = call("resume", output)
    assert code == 0, errors[-2000:]
    assert data_hashes(output) == data_hashes(expected)
    assert service.seen.total() == requests and set(service.seen.values()) == {1}
    assert generation(output)["total"]["calls"] == requests
    spent = read_spent(RunFolder(str(output)))
    assert spent.calls["fake-model"] == requests


def test_sigterm_while_it_waits_ends_at_once_and_goes_on_later(
    called: tuple[str, Path, int], tmp_path: Path
) -> None:
    engine, expected, requests = called
    with serving(engine, Service(polls=10**6)) as server:
        path, output = job(tmp_path, engine, server.url), tmp_path / "run"
        with start(path, output) as process:
            wait_until(lambda: server.service.reached["poll"] > 2, "it waits")
            process.send_signal(signal.SIGTERM)
            assert process.wait(PATIENCE) == 3
        _, text, _ = call("status", output)
        assert "1 batch at the service" in text and f"of {LIMIT} requests" in text
        server.service.polls = 1
        code, _, errors = call("resume", output)
        assert code == 0, errors[-2000:]
        assert set(server.service.seen.values()) == {1}
        assert server.service.seen.total() == requests
    assert data_hashes(output) == data_hashes(expected)


def test_a_budget_of_calls_holds_over_kills(called: tuple[str, Path, int], tmp_path: Path) -> None:
    engine, expected, requests = called
    with serving(engine) as server:
        path = job(tmp_path, engine, server.url, budget={"calls": 20})
        output, service = tmp_path / "run", server.service
        service.hold.add("poll")
        with start(path, output) as process:
            wait_until(lambda: service.reached["poll"], "a batch is sent")
            process.kill()
            process.wait(PATIENCE)
        service.hold.clear()
        code, _, errors = call("resume", output)
        assert code == 3 and "the budget of 20 calls is spent (20 calls)" in errors
        assert service.seen.total() == 20
        code, _, errors = call("resume", output, "--set", f"budget.calls={requests + 1}")
        assert code == 0, errors[-2000:]
        assert service.seen.total() == requests and set(service.seen.values()) == {1}
    assert data_hashes(output) == data_hashes(expected)


def test_what_was_not_answered_is_sent_again(called: tuple[str, Path, int], tmp_path: Path) -> None:
    engine, expected, requests = called
    overloaded = {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}
    busy: Any = overloaded if engine == "anthropic" else (503, {"error": {"message": "busy"}})
    spoils = {0: "expired", 3: busy, 4: "expired", LIMIT + 3: busy}
    with serving(engine, Service(spoils=spoils)) as server:
        service = server.service
        service.breaks["create"] = 1  # the answer is lost, the batch is there
        path = job(tmp_path, engine, server.url)
        code, _, errors = call("run", path, "--output", tmp_path / "run")
        assert code == 0, errors[-2000:]
    assert data_hashes(tmp_path / "run") == data_hashes(expected)
    assert service.seen.total() == requests + len(spoils)
    assert sorted(service.seen.values())[-5:] == [1, 2, 2, 2, 2]


def test_a_refused_key_stops_the_run_before_anything_is_sent(tmp_path: Path) -> None:
    with serving("anthropic") as server:
        path = job(tmp_path, "anthropic", server.url)
        assert isinstance(server, FakeAnthropicBatches)
        server.claude.key = "another"
        code, _, errors = call("run", path, "--output", tmp_path / "run")
        assert code == 2 and "refuses the key" in errors
        assert not server.service.seen


def test_requests_that_no_answer_can_come_to_fail_alone(
    called: tuple[str, Path, int], tmp_path: Path
) -> None:
    engine, _, _ = called
    told = {"type": "invalid_request_error", "message": "prompt is too long: 9 tokens > 8 maximum"}
    error = {"type": "error", "error": told}
    spoils: dict[int, Any] = {1: error if engine == "anthropic" else (400, error)}
    with serving(engine, Service(spoils=spoils)) as server:
        path = job(tmp_path, engine, server.url)
        # With a limit of the job's own: one that was drawn is left off where it does not fit.
        limit = "models.generator.sampling={max_tokens: 4000}"
        code, _, errors = call("run", path, "--set", limit, "--output", tmp_path / "run")
        assert code == 0, errors[-2000:]
    account = stage(tmp_path / "run")
    assert account["in"] == LIMIT and account["failed"] + sum(account["rejected"].values()) >= 1
