"""A small job against a fake endpoint, and what a run of it leaves."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import sys
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import yaml

from beam_synth.cli import main
from beam_synth.storage.files import RunFolder
from tests.paths import ROOT

ARTICLES = ROOT / "templates" / "sample" / "articles-en.jsonl"


def write_job(folder: Path, url: str | list[str], **keys: Any) -> Path:
    """A job of both methods over the English sample articles; no weights are loaded."""
    job: dict[str, Any] = {
        "name": "endpoint",
        "articles": [str(ARTICLES)],
        "mixture": {"memorization": 0.5, "rag": 0.5},
        "models": {
            "generator": {"engine": "openai", "model": "fake-model", "base_url": url},
            "embedder": {"engine": "hashing"},
        },
        "write": {"shards": 2, "formats": ["parquet", "jsonl"]},
        "generate": {"window": 16, "flush_rows": 20, "flush_seconds": 0.2, "max_attempts": 8},
    }
    for key, value in keys.items():
        job[key] = {**job[key], **value} if isinstance(job.get(key), dict) else value
    path = folder / "job.yaml"
    path.write_text(yaml.safe_dump(job))
    return path


def command(*arguments: str | Path) -> list[str]:
    """A command line of beam-synth in a new process."""
    return [sys.executable, "-m", "beam_synth.cli", *map(str, arguments)]


def call(*arguments: str | Path | int) -> tuple[int, str, str]:
    """(exit code, stdout, stderr) of a command, run in this process."""
    out, errors = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(errors):
        code = main(list(map(str, arguments)))
    return code, out.getvalue(), errors.getvalue()


def manifest(run: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((run / "manifest.json").read_text())
    return found


def stage(run: Path, name: str = "Generate") -> dict[str, Any]:
    """A stage's account."""
    found: dict[str, Any] = next(s for s in manifest(run)["stages"] if s["name"] == name)
    return found


def generation(run: Path) -> dict[str, Any]:
    """What metrics.json says of generation."""
    found: dict[str, Any] = json.loads((run / "metrics.json").read_text())["generation"]
    return found


def data_hashes(run: Path | str) -> dict[str, str]:
    """sha256 of every data file and reject file."""
    folder = RunFolder(str(run))
    return {
        name: hashlib.sha256(folder.read(name)).hexdigest()
        for pattern in ("data/*/*", "jsonl/*/*", "rejects/*")
        for name, _ in folder.match(pattern)
    }


def outcomes(run: Path) -> int:
    """How many tasks have an outcome on disk."""
    ids: set[str] = set()
    for path in run.glob("_completed/*/*.parquet"):
        ids.update(pq.read_table(path, columns=["task_id"])["task_id"].to_pylist())
    return len(ids)
