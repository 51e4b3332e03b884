"""The default embedder's vectors of all articles, in two runs and with two workers."""

from __future__ import annotations

import hashlib
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import yaml

from beam_synth.engines.embedders import DEFAULT
from beam_synth.storage import layout
from benchmarks.embedding.texts import article_files

# Name -> flags of the runner.
RUNS = {
    "one worker": [],
    "two workers": ["--direct_num_workers", "2", "--direct_running_mode", "multi_processing"],
}


def report(size: int) -> bool:
    """Run a job that embeds `size` articles (0: all), each time from nothing; whether all vectors
    are equal."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        job = folder / "embed.yaml"
        job.write_text(yaml.safe_dump(_job(size)), encoding="utf-8")
        found = {run: _vectors(job, folder / run.replace(" ", "-"), RUNS[run]) for run in RUNS}
    first = found["one worker"]
    equal = bool(first) and all(files == first for files in found.values())
    print(
        f"{len(first)} files of vectors: {'equal' if equal else 'DIFFERENT'} in {', '.join(found)}"
    )
    return equal


def _job(size: int) -> dict[str, object]:
    """Every passage of them is embedded; of tasks there are some, since a job makes records."""
    return {
        "name": "embed",
        "articles": [str(path) for path in article_files()],
        "articles_limit": size or None,
        "languages": "all",
        "mixture": {"rag": 1.0},
        "tasks": {"per_passage": 1, "limit": 10},
        "models": {"generator": {"engine": "extractive"}, "embedder": {"engine": DEFAULT}},
        "write": {"shards": 1, "formats": ["parquet"]},
    }


def _vectors(job: Path, run: Path, flags: list[str]) -> dict[str, str]:
    """sha256 by name of the vectors that a run made."""
    command = [sys.executable, "-m", "beam_synth", "run", str(job), "--quiet", "--output", str(run)]
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    subprocess.run([*command, "--runner", "FnApiRunner", *flags], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    files = sorted(run.glob(layout.VECTOR_FILES))
    size = sum(path.stat().st_size for path in files) / 1e6
    took = f"{cpu:.0f} CPU s in {time.monotonic() - start:.0f} s"
    print(f"{run.name}: {len(files)} files, {size:.1f} MB, the whole run {took}", file=sys.stderr)
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
