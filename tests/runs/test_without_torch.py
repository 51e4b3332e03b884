"""A dataset is made, checked and looked at where there is no torch, nor what comes with it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.paths import ROOT

ABSENT = ("torch", "transformers", "sentence_transformers", "huggingface_hub", "safetensors")
# Nothing of these is found, as where it is not installed.
RUN = f"""
import sys
from importlib.machinery import PathFinder

class Without(PathFinder):
    @classmethod
    def find_spec(cls, name, path=None, target=None):
        absent = name.partition(".")[0] in {ABSENT!r}
        return None if absent else super().find_spec(name, path, target)

sys.meta_path[sys.meta_path.index(PathFinder)] = Without
from beam_synth.cli import main
sys.exit(main(sys.argv[1:]))
"""


def call(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", RUN, *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True)


def test_the_dataset_half_needs_no_torch(tmp_path: Path) -> None:
    few = ["--set", "articles_limit=3", "--set", "expand.budget=2", "--set", "tasks.limit=12"]
    run = str(tmp_path / "run")
    done = call("run", "quickstart", "--quiet", "--output", run, *few)
    assert done.returncode == 0, done.stderr[-3000:]
    manifest = json.loads((tmp_path / "run/manifest.json").read_text(encoding="utf-8"))
    assert manifest["embedder"]["engine"] == "universal-sentence-encoder"
    assert sum(each["records"] for each in manifest["files"] if each["format"] == "parquet") > 0
    vectors = next(each for each in manifest["stages"] if each["name"] == "EmbedPassages")
    assert vectors["out"] > 0
    done = call("verify", run)
    assert done.returncode == 0, done.stdout + done.stderr


def test_what_needs_torch_says_what_to_install(tmp_path: Path) -> None:
    minilm = "models.embedder={engine: sentence-transformers, model: minilm}"
    done = call("run", "quickstart", "--output", str(tmp_path / "run"), "--set", minilm)
    assert done.returncode == 2, done.stderr
    assert "models.embedder needs torch: pip install 'beam-synth[embed]'" in done.stderr
    done = call("train", str(tmp_path), "--preset", "tiny")
    assert done.returncode == 2 and "Traceback" not in done.stderr, done.stderr
