"""The shipped jobs give the bytes that they gave before, shard by shard.

A change that moves code must not change them. Where a change of content is intended, write the
fixture anew and say in the changelog what changed:

    python -m tests.runs.test_same_bytes
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest

from tests.paths import ROOT

FIXTURE = Path(__file__).with_name("same_bytes.json")
JOBS = ("quickstart", "synth-small")
# The hashing embedder has no weights, so that its vectors are the same on other machines too.
SETTINGS = {
    "hashing": ["--set", "models.embedder={engine: hashing}"],
    "default": [],
    "minilm": ["--set", "models.embedder={engine: sentence-transformers, model: minilm}"],
}


def made(job: str, embedder: str, output: Path) -> dict[str, Any]:
    """Run a shipped job in a process of its own; its environment, and sha256 by data file."""
    command = [sys.executable, "-m", "beam_synth.cli", "run", job, "--quiet"]
    command += ["--output", str(output), "--runner", "FnApiRunner", *SETTINGS[embedder]]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]
    files = {
        str(path.relative_to(output)): hashlib.sha256(path.read_bytes()).hexdigest()
        for folder in ("data", "tfrecord")
        for path in sorted((output / folder).rglob("*"))
        if path.is_file()
    }
    manifest = json.loads((output / "manifest.json").read_text(encoding="utf-8"))
    return {"environment": manifest["environment"], "files": files}


def recorded(job: str, embedder: str) -> dict[str, Any]:
    """What `made` gave when the fixture was written."""
    found: dict[str, Any] = json.loads(FIXTURE.read_text(encoding="utf-8"))[job][embedder]
    return found


def differences(before: dict[str, str], now: dict[str, str]) -> list[str]:
    """`name: before, now` of what is not the same in two environments."""
    return [
        f"{name}: {before.get(name)}, here {now.get(name)}"
        for name in sorted(before.keys() | now.keys())
        if before.get(name) != now.get(name)
    ]


@pytest.mark.parametrize("job", JOBS)
def test_the_same_bytes_with_the_hashing_embedder(job: str, tmp_path: Path) -> None:
    before, now = recorded(job, "hashing"), made(job, "hashing", tmp_path / "run")
    told = f"environments differ in {differences(before['environment'], now['environment'])}"
    assert now["files"] == before["files"], told


@pytest.mark.parametrize("embedder", ["default", pytest.param("minilm", marks=pytest.mark.slow)])
@pytest.mark.parametrize("job", JOBS)
def test_the_same_bytes_in_the_same_environment(job: str, embedder: str, tmp_path: Path) -> None:
    """Vectors may differ in the last bits between builds of numpy or torch and kinds of CPU."""
    before, now = recorded(job, embedder), made(job, embedder, tmp_path / "run")
    elsewhere = differences(before["environment"], now["environment"])
    if elsewhere:
        pytest.skip(f"the bytes were recorded in another environment: {'; '.join(elsewhere)}")
    assert now["files"] == before["files"]


def renew() -> None:
    """Write the fixture from what the jobs make now."""
    with tempfile.TemporaryDirectory() as folder:
        found = {
            job: {name: made(job, name, Path(folder, job, name)) for name in SETTINGS}
            for job in JOBS
        }
    FIXTURE.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    renew()
