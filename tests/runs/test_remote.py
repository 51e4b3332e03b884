"""A run whose folder is not local: stopped, looked at, resumed; the same bytes."""

from __future__ import annotations

from pathlib import Path

from tests.doubles.endpoints import call, data_hashes, write_job
from tests.doubles.memory_fs import SCHEME
from tests.servers.fake_openai import FakeOpenAI


def test_a_run_elsewhere_stops_and_goes_on(tmp_path: Path) -> None:
    output = f"{SCHEME}://stopped/run"
    with FakeOpenAI() as server:
        job = write_job(tmp_path, server.url)
        assert call("run", job, "--output", tmp_path / "here")[0] == 0
        whole = server.stats["requests"]
        code, _, errors = call("run", job, "--output", output, "--set", "budget.calls=60")
        assert code == 3 and "the budget of 60 calls is spent" in errors
        assert server.stats["requests"] == whole + 60
        code, text, errors = call("status", output)
        assert code == 0 and "stopped: the budget of 60 calls is spent" in text, errors
        assert "spent: 60 calls" in text
        code, _, errors = call("resume", output, "--set", "budget={}")
        assert code == 0, errors
        # A program that was stopped asks again: 16 calls in flight keep 20 programs under way.
        assert server.stats["requests"] <= 2 * whole + 20
        code, text, _ = call("status", output)
        assert code == 0 and "finished, identity" in text
    assert data_hashes(output) == data_hashes(tmp_path / "here")
