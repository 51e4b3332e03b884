"""Peak memory of whole runs: 20,000 and 200,000 tasks with bodies of 4 KB, all processes summed.

    python -m benchmarks.memory [--tasks 20000 200000]

Goal: under 4 GiB (PSS) for both.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from beam_synth.ending import in_one_line
from benchmarks.processes import pss_of_tree

GOAL_BYTES = 4 << 30
PASSAGES = 500


def main() -> int:
    """Run each size in a process of its own and print the peaks."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--tasks", type=int, nargs="+", default=[20_000, 200_000])
    arguments = parser.parse_args()
    failed = False
    for tasks in arguments.tasks:
        with tempfile.TemporaryDirectory() as folder:
            peak, seconds, samples = measure(Path(folder), tasks)
        failed |= peak >= GOAL_BYTES
        print(
            f"{tasks:>9,} tasks, {samples:,} samples: peak PSS {peak / 2**30:.2f} GiB "
            f"(goal: under {GOAL_BYTES / 2**30:.0f} GiB), {seconds:.0f} s"
        )
    return int(failed)


def measure(folder: Path, tasks: int) -> tuple[int, float, int]:
    """(peak PSS in bytes, seconds, samples) of one run of that many tasks."""
    articles = folder / "articles.jsonl"
    with articles.open("w", encoding="utf-8") as handle:
        for number in range(PASSAGES):
            handle.write(json.dumps(_article(number)) + "\n")
    job = folder / "job.yaml"
    job.write_text(
        "name: memory\narticles: [articles.jsonl]\nneighbors: {k: 0}\n"
        "models: {embedder: {engine: hashing}}\n"
        'mixture: {"benchmarks.bodies:bodies": 1.0}\n'
        f"tasks: {{per_passage: {tasks / PASSAGES}, limit: {tasks}}}\n"
    )
    command = [sys.executable, "-m", "beam_synth.cli", "run", str(job), "--quiet"]
    started = time.monotonic()
    with subprocess.Popen([*command, "--output", str(folder / "run")]) as process:
        peak = 0
        while process.poll() is None:
            peak = max(peak, pss_of_tree(process.pid))
            time.sleep(0.2)
    if process.returncode:
        raise SystemExit(f"the run failed with exit code {process.returncode}")
    manifest = json.loads((folder / "run" / "manifest.json").read_text())
    samples = sum(f["records"] for f in manifest["files"] if f["format"] == "parquet")
    return peak, time.monotonic() - started, samples


def _article(number: int) -> dict[str, object]:
    text = f"Entry number {number} describes a lamp that stands in room {number}. " * 4
    return {
        "name": f"Entry {number}",
        "identifier": number + 1,
        "url": f"https://example.org/wiki/Entry_{number}",
        "in_language": {"identifier": "en"},
        "is_part_of": {"identifier": "enwiki"},
        "sections": [
            {
                "type": "section",
                "name": "Abstract",
                "has_parts": [{"type": "paragraph", "value": text.strip()}],
            }
        ],
    }


if __name__ == "__main__":
    sys.exit(in_one_line(main))
