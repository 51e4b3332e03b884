"""The engine `vllm` with a real vLLM server on the CPU, and tiny random weights.

Needs BEAM_SYNTH_VLLM_PYTHON, the interpreter that scripts/vllm_cpu.sh prints.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from beam_synth.engines import supervisor
from beam_synth.engines.supervisor import read_state
from beam_synth.methods import SHIPPED, load_method
from beam_synth.records import REASONS
from scripts.tiny_llama import write_tiny_llama
from tests.doubles.endpoints import command, generation, manifest, stage, write_job
from tests.doubles.owned_servers import end_servers
from tests.doubles.processes import started, wait_until
from tests.paths import ROOT

PYTHON = os.environ.get("BEAM_SYNTH_VLLM_PYTHON", "")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not PYTHON, reason="BEAM_SYNTH_VLLM_PYTHON is not set"),
    pytest.mark.timeout(1200),
]
ENVIRONMENT = {
    "VLLM_CPU_KVCACHE_SPACE": "1",
    "HF_HUB_OFFLINE": "1",
    "VLLM_NO_USAGE_STATS": "1",
}
FLAGS = {
    "enforce-eager": True,
    "max-model-len": 4096,
    # vLLM 0.32 on a CPU ends its engine ("CPU Generator does not use offset") where a prompt of a
    # request with a seed is cut into chunks: no prompt is cut here.
    "no-enable-chunked-prefill": True,
    "max-num-batched-tokens": 8192,
    "structured-outputs-config": {"backend": "xgrammar", "disable_any_whitespace": True},
}


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(write_tiny_llama(tmp_path_factory.mktemp("llama")))


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Path]:
    """A folder for the server's files; nothing runs there afterwards."""
    place = Path(tempfile.mkdtemp(dir="/tmp"))
    yield place
    end_servers(place)
    shutil.rmtree(place)


def job(folder: Path, model: str, **generator: Any) -> Path:
    settings = {
        "engine": "vllm",
        "model": model,
        "sampling": {"max_tokens": 256, "temperature": 0.8},
        **generator,
    }
    models = {"generator": settings, "embedder": {"engine": "hashing"}}
    return write_job(folder, "", models=models, tasks={"limit": 24}, generate={"timeout": 600})


def own(**more: Any) -> dict[str, Any]:
    return {"options": {"python": PYTHON, "env": ENVIRONMENT, "flags": FLAGS, "linger": 3, **more}}


def start(
    job: Path, output: Path, place: Path
) -> contextlib.AbstractContextManager[subprocess.Popen[str]]:
    return started(
        *command("run", job, "--output", output, "--quiet"),
        env={**os.environ, "TMPDIR": str(place)},
        stderr=subprocess.PIPE,
    )


def group_of(place: Path) -> int:
    for folder in place.glob("beam-synth-*/*"):
        state = read_state(folder)
        if state is not None and state.state == "ready":
            return state.group
    return 0


def check(output: Path) -> None:
    """Random weights write noise: what counts is that every row is accounted for."""
    assert manifest(output)
    account = stage(output)
    assert account["in"] == 24
    assert (
        "engine_error" not in account["failed_by"] and "internal_error" not in account["failed_by"]
    )
    assert generation(output)["total"]["completion_tokens"] > 0


def test_both_methods_with_the_server_killed_in_mid_run(
    model: str, place: Path, tmp_path: Path
) -> None:
    output = tmp_path / "run"
    killed: list[int] = []

    def kill() -> None:
        while not list((output / "_spent").glob("*.json")):
            time.sleep(0.2)
        killed.append(group_of(place))
        os.killpg(killed[0], signal.SIGKILL)

    with start(job(tmp_path, model, **own()), output, place) as process:
        thread = threading.Thread(target=kill, daemon=True)
        thread.start()
        _, errors = process.communicate()
        assert process.returncode == 0, errors[-3000:]
    check(output)
    assert killed
    last = group_of(place)
    groups = [*killed, *([last] if last else [])]
    wait_until(lambda: not any(map(supervisor._alive, groups)), "no server is left behind")


def test_a_wrong_flag_ends_the_run_before_it_begins(
    model: str, place: Path, tmp_path: Path
) -> None:
    wrong = own()
    wrong["options"] |= {"flags": {**FLAGS, "no-such-flag": 1}}
    with start(job(tmp_path, model, **wrong), tmp_path / "run", place) as process:
        _, errors = process.communicate()
    assert process.returncode == 2
    assert "no-such-flag" in errors and "vLLM does not start" in errors
    assert not (tmp_path / "run").exists()


def test_the_engine_openai_against_the_same_server(model: str, place: Path, tmp_path: Path) -> None:
    from beam_synth.engines.servers import _free_port
    from beam_synth.engines.vllm import serve_command

    port = _free_port()
    served = [part.format(port=port) for part in serve_command(PYTHON, model, FLAGS)]
    with subprocess.Popen(
        served, env={**os.environ, **ENVIRONMENT}, start_new_session=True
    ) as server:
        try:
            url = f"http://127.0.0.1:{port}/v1"
            wait_until_healthy(port, server)
            attached = {"engine": "openai", "base_url": url}
            with start(job(tmp_path, model, **attached), tmp_path / "run", place) as process:
                _, errors = process.communicate()
                assert process.returncode == 0, errors[-3000:]
            check(tmp_path / "run")
            every_exercise(tmp_path, attached | {"model": model}, place)
            done = subprocess.run(
                command("check", tmp_path / "job.yaml"), cwd=ROOT, capture_output=True, text=True
            )
            assert "structured output: yes" in done.stdout, done.stdout + done.stderr
            assert "several answers a call (n): yes" in done.stdout
            assert "log-probabilities: yes" in done.stdout
            assert "token ids in and out: yes" in done.stdout
        finally:
            supervisor.end_group(server.pid)


def every_exercise(folder: Path, generator: dict[str, Any], place: Path) -> None:
    """All methods ask the server; what random weights say ends as rejects, each with a reason."""
    (folder / "every").mkdir()
    methods = [name for name in SHIPPED if not load_method(name).starts_from.is_made]
    made = write_job(
        folder / "every",
        "",
        mixture=dict.fromkeys(SHIPPED, 1.0),
        models={"generator": generator, "embedder": {"engine": "hashing"}},
        tasks={"limit": 60},
        generate={"timeout": 600},
    )
    job = yaml.safe_load(made.read_text())
    job["mixture"] = dict.fromkeys(SHIPPED, 1.0)
    job["models"]["generator"]["sampling"] = {"max_tokens": 128}
    made.write_text(yaml.safe_dump(job))
    with start(made, folder / "every" / "run", place) as process:
        _, errors = process.communicate()
        assert process.returncode == 0, errors[-3000:]
    account = stage(folder / "every" / "run")
    assert account["in"] == account["passed"] + sum(account["rejected"].values())
    assert set(account["rejected"]) <= set(REASONS)
    assert set(generation(folder / "every" / "run")["by_method"]) == set(methods)


def wait_until_healthy(port: int, server: subprocess.Popen[bytes]) -> None:
    import urllib.error
    import urllib.request

    while server.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.5)
    raise AssertionError("vLLM ended")
