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

# A block whose first line is a comment with a file's name is that file, or a change to it.
_BLOCK = re.compile(r"^```\w+\n((?:#|\{#) (\S+\.\w+)[^\n]*\n.*?)^```$", re.MULTILINE | re.DOTALL)
_METHOD = {"my_methods.py", "test_my_methods.py", "headlines.yaml", "prompts/headline/write.jinja"}
_ENGINE = "my_engines.py"
_STAGE = {
    "beam_synth/knowledge/length.py",
    "transforms/keep_long.py",
    "tests/transforms/test_keep_long.py",
}
_WIRED = "beam_synth/pipeline.py"


def blocks() -> dict[str, str]:
    """The code blocks of the page that are files, by name."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    found = {name: block for block, name in _BLOCK.findall(text)}
    assert set(found) == {*_METHOD, _ENGINE, *_STAGE, _WIRED}
    return found


def write(names: set[str], folder: Path) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(blocks()[name], encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The files of the method as somebody would save them, beside some articles."""
    write(_METHOD, tmp_path)
    shutil.copy(SAMPLE / "articles-en.jsonl", tmp_path / "articles.jsonl")
    return tmp_path


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of the tree with the stage in it, wired as the page says."""
    for name in ("beam_synth", "transforms", "templates", "scripts", "tests"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    write(_STAGE, tmp_path)
    _, wiring = blocks()[_WIRED].split("\n", 1)
    pipeline = tmp_path / _WIRED
    text = pipeline.read_text(encoding="utf-8")
    before = "    passages = core | SplitPassages("
    imported = "from transforms.limit import"
    assert text.count(before) == text.count(imported) == 1
    text = text.replace(before, wiring + before)
    text = text.replace(imported, f"from transforms.keep_long import KeepLong\n{imported}")
    pipeline.write_text(text, encoding="utf-8")
    return tmp_path


def run(folder: Path, *arguments: str, root: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """A command of Python in the folder, which is on the path as the page says."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(folder), str(root)])}
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


def test_the_engine_answers_the_method(folder: Path) -> None:
    write({_ENGINE}, folder)
    made = "models.generator={engine: 'my_engines:Echo', model: tiny, options: {words: 6}}"
    run(folder, "-m", "beam_synth.cli", "run", "headlines.yaml", "--quiet", "--set", made)
    files = (folder / "out" / "headlines" / "1").glob("data/*/*.parquet")
    rows = [row for path in files for row in pq.read_table(path).to_pylist()]
    assert {row["model"] for row in rows} == {"echo:tiny"}
    assert {len(row["synthetic_answer"].split()) for row in rows} == {6}


def test_the_tests_of_the_method_pass(folder: Path) -> None:
    done = run(folder, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_my_methods.py")
    assert "1 passed" in done.stdout


def test_the_stage_keeps_the_rules_of_the_tree(tree: Path) -> None:
    quiet = ["-q", "-p", "no:cacheprovider"]
    tests = ["tests/transforms/test_keep_long.py", "tests/test_layering.py"]
    run(tree, "-m", "pytest", *quiet, *tests, "-k", "not help", root=tree)
    for command in (["check"], ["format", "--check"]):
        run(tree, "-m", "ruff", *command, "--no-cache", *sorted(_STAGE), _WIRED, root=tree)


def test_the_stage_runs_in_the_chain(tree: Path) -> None:
    embedder = ["--set", "models.embedder={engine: hashing}", "--set", "expand.min_words=400"]
    run(tree, "-m", "beam_synth.cli", "run", "quickstart", "--quiet", *embedder, root=tree)
    made = json.loads((tree / "out/quickstart/1/manifest.json").read_text(encoding="utf-8"))
    stages = {stage["name"]: stage for stage in made["stages"]}
    assert stages["KeepLong"]["from"] == ["ExpandWithWikidata"]
    assert stages["SplitPassages"]["from"] == ["KeepLong"]
    assert stages["KeepLong"]["rejected"]["stub"] > 0
    assert stages["SplitPassages"]["in"] == stages["KeepLong"]["out"] > 0
    assert (tree / "out/quickstart/1/rejects/keep_long.jsonl").is_file()


def test_the_method_is_clean(folder: Path) -> None:
    for command in (["check"], ["format", "--check"]):
        run(folder, "-m", "ruff", *command, "--config", str(ROOT / "pyproject.toml"), ".")
