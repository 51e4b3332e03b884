"""The examples of CONTRIBUTING.md are complete: they are written out and run."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import orjson
import pyarrow.parquet as pq
import pytest

from tests.paths import ROOT, SAMPLE
from tests.servers.fake_openai import Behaviour, FakeOpenAI

# A block whose first line is a comment with a file's name is that file.
_BLOCK = re.compile(r"^```\w+\n((?:#|\{#) (\S+\.\w+)(?: #\})?\n.*?)^```$", re.MULTILINE | re.DOTALL)
_FILES = {"my_methods.py", "test_my_methods.py", "headlines.yaml", "prompts/headline/write.jinja"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The example files as somebody would save them, beside some articles."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    blocks = {name: block for block, name in _BLOCK.findall(text)}
    assert set(blocks) == _FILES
    for name, block in blocks.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(block, encoding="utf-8")
    shutil.copy(SAMPLE / "articles-en.jsonl", tmp_path / "articles.jsonl")
    return tmp_path


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A command of Python in the folder, which is on the path as the page says."""
    path = os.pathsep.join([str(folder), str(ROOT)])
    environment = {**os.environ, "PYTHONPATH": path}
    command = [sys.executable, *arguments]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-3000:]
    return done


def says(prompt: str) -> str:
    """What a model may answer: mostly a headline, sometimes too many words, or a wrong year."""
    headline = {"playful": "Well, well, " * 9, "solemn": "Of the year 7777"}
    tone = next((tone for tone in headline if f"a {tone} headline" in prompt), "")
    said = headline[tone] if len(prompt) % 3 == 0 and tone else "What the page is about"
    return orjson.dumps({"headline": said}).decode()


def test_the_method_runs_in_a_job_of_its_own(folder: Path) -> None:
    with FakeOpenAI(Behaviour(says=says, models=("my-model",))) as server:
        overrides = ["--set", f"models.generator.base_url={server.url}"]
        run(folder, "-m", "beam_synth.cli", "run", "headlines.yaml", "--quiet", *overrides)
        asked = [request["messages"] for request in server.requests]
    made = folder / "out" / "headlines" / "1"
    manifest = json.loads((made / "manifest.json").read_text(encoding="utf-8"))
    (generated,) = (stage for stage in manifest["stages"] if stage["name"] == "Generate")
    assert generated["in"] == 60 == generated["passed"] + sum(generated["rejected"].values())
    assert set(generated["rejected"]) == {"edit_not_done", "answer_not_entailed"}
    assert all("for this passage of the article" in said[-1]["content"] for said in asked)

    rows = [
        row for path in made.glob("data/*/*.parquet") for row in pq.read_table(path).to_pylist()
    ]
    assert rows and {row["exercise"] for row in rows} == {"headline"}
    assert {check["name"] for check in rows[0]["checks"]} == {"headline_short", "headline_true"}
    run(folder, "-m", "beam_synth.cli", "verify", str(made))


def test_the_tests_of_the_method_pass(folder: Path) -> None:
    done = run(folder, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_my_methods.py")
    assert "1 passed" in done.stdout


def test_the_examples_are_clean(folder: Path) -> None:
    run(folder, "-m", "ruff", "check", "--config", str(ROOT / "pyproject.toml"), ".")
    run(folder, "-m", "ruff", "format", "--check", "--config", str(ROOT / "pyproject.toml"), ".")
