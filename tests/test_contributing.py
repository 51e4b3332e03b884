"""The examples of CONTRIBUTING.md are complete: they are written out and run."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import orjson
import pyarrow.parquet as pq
import pytest

from tests.paths import ROOT, SAMPLE
from tests.servers.fake_openai import PROBE, Behaviour, FakeOpenAI

# A block whose first line is a comment with a file's name is that file, or a change to it.
_BLOCK = re.compile(r"^```\w+\n((?:#|\{#) (\S+\.\w+)[^\n]*\n.*?)^```$", re.MULTILINE | re.DOTALL)
_METHOD = {"my_methods.py", "test_my_methods.py", "headlines.yaml", "prompts/headline/write.jinja"}
ROUNDS = {
    "my_rounds.py", "my_engine.py", "rounds.yaml",
    "prompts/essay/ask.jinja", "prompts/essay/write.jinja",
}  # fmt: skip
ANSWERS = {
    "my_answers.py", "answers.yaml", "answer_prompts/answered/answer.jinja", "notes.csv",
    "asked.jsonl",
}  # fmt: skip
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
    assert set(found) == {*_METHOD, *ROUNDS, *ANSWERS, *_STAGE, _WIRED}
    return found


def write(names: set[str], folder: Path) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_text_of(name), encoding="utf-8")


def _text_of(name: str) -> str:
    """What stands in the file: data cannot begin with a comment."""
    text = blocks()[name]
    return text.split("\n", 1)[1] if name.endswith((".csv", ".jsonl")) else text


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
    before = "    passages = add(stages, core | split)"
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
        every = [request["messages"] for request in server.requests]
    asked = [said for said in every if PROBE.decode() not in said[0]["content"]]
    made = folder / "out" / "headlines" / "1"
    manifest = json.loads((made / "manifest.json").read_text(encoding="utf-8"))
    (generated,) = (stage for stage in manifest["stages"] if stage["name"] == "Generate")
    assert generated["in"] == 60 == generated["passed"] + sum(generated["rejected"].values())
    assert set(generated["rejected"]) == {"headline_long", "headline_untrue"}
    assert all("for this passage of the article" in said[-1]["content"] for said in asked)

    rows = [
        row for path in made.glob("data/*/*.parquet") for row in pq.read_table(path).to_pylist()
    ]
    assert rows and {row["exercise"] for row in rows} == {"headline"}
    assert {check["name"] for check in rows[0]["checks"]} == {"headline_short", "headline_true"}
    run(folder, "-m", "beam_synth.cli", "verify", str(made))


def made_by(folder: Path, job: str) -> dict[str, dict[str, Any]]:
    """Runs a job of the page that needs no server; its stages, by name. `verify` agrees."""
    run(folder, "-m", "beam_synth.cli", "check", f"{job}.yaml")
    run(folder, "-m", "beam_synth.cli", "run", f"{job}.yaml", "--quiet")
    output = folder / "out" / job / "1"
    assert "0 disagreements" in run(folder, "-m", "beam_synth.cli", "verify", str(output)).stdout
    manifest = json.loads((output / "manifest.json").read_text(encoding="utf-8"))
    return {stage["name"]: stage for stage in manifest["stages"]}


def rows_of(folder: Path, job: str, config: str) -> list[dict[str, Any]]:
    """All rows of a config that a job of the page wrote."""
    paths = sorted((folder / "out" / job / "1" / "data" / config).glob("*.parquet"))
    return [row for path in paths for row in pq.read_table(path).to_pylist()]


def outcomes_of(folder: Path, job: str) -> Counter[str]:
    """How many tasks of each method made records."""
    paths = (folder / "out" / job / "1").glob("_completed/*/*.parquet")
    rows = [row for p in paths for row in pq.read_table(p, columns=["kind", "method"]).to_pylist()]
    return Counter(row["method"] for row in rows if row["kind"] == "made")


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """The files of the jobs with rounds and with sources of one's own."""
    write(ROUNDS | ANSWERS, tmp_path)
    shutil.copy(SAMPLE / "articles-en.jsonl", tmp_path / "articles.jsonl")
    return tmp_path


def test_three_rounds_with_kinds_pools_and_an_engine_from_outside(outside: Path) -> None:
    stages = made_by(outside, "rounds")
    assert stages["Generate3"]["in"] == stages["SettleInstructions2"]["out"] > 20
    assert stages["BudgetQuestion2"]["rejected"]["over_token_budget"] > 0
    casts = outcomes_of(outside, "rounds")["my_rounds:cast"]
    assert stages["KeepWritten"]["rejected"] == {
        "not_written": casts + stages["SettleInstructions2"]["out"]
    }
    essays = rows_of(outside, "rounds", "essays")
    names = {model["name"] for row in essays for model in row["models"]}
    assert names == {"parrot:brief", "parrot:long"}
    assert all(len(row["models"]) == 2 and len(row["text"].split()) == 60 for row in essays)
    assert {row["synthetic_depth"] for row in essays} == {3}
    assert len(rows_of(outside, "rounds", "samples")) > 30


def test_documents_and_instructions_of_ones_own(outside: Path) -> None:
    stages = made_by(outside, "answers")
    rows = rows_of(outside, "answers", "samples")
    answered = [row for row in rows if row["exercise"] == "answered"]
    asked = {json.loads(line)["question"] for line in _text_of("asked.jsonl").splitlines()}
    assert {row["query"] for row in answered} == asked
    assert {seed["license"] for row in answered for seed in row["seeds"]} == {"CC0-1.0"}
    others = [row for row in rows if row["exercise"] != "answered"]
    assert {seed["license"] for row in others for seed in row["seeds"]} == {"CC-BY-4.0"}
    assert stages["SplitPassages"]["in"] == 2


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
