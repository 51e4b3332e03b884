"""Kill a run of 5,000 rows ten times at random moments and resume it: what is lost, what is paid.

    python -m benchmarks.kills [--rows 5000] [--kills 10]

Goals: the data files are byte-identical to an uninterrupted run's, and the server sees at most
planned + kills x (window x calls a task + calls of one flush) requests.
"""

from __future__ import annotations

import argparse
import random
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any

import orjson

from beam_synth.ending import in_one_line
from benchmarks.generation import serving
from tests.doubles.endpoints import command, data_hashes, outcomes, stage, write_job
from tests.paths import ROOT

WINDOW, FLUSH_ROWS, CALLS_A_TASK, LATENCY = 50, 200, 2, 0.05


def requests(url: str) -> int:
    """How many the server has seen."""
    with urllib.request.urlopen(url.removesuffix("/v1") + "/stats") as response:
        found: dict[str, int] = orjson.loads(response.read())
        return found.get("requests", 0)


def start(job: Path, output: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(command("run", job, "--output", output, "--quiet"), cwd=ROOT)


def whole(folder: Path, url: str, rows: int) -> tuple[Path, int]:
    """An uninterrupted run, and the requests that it took."""
    job = write_job(folder, url, **keys(rows))
    before = requests(url)
    with start(job, folder / "run") as process:
        if process.wait():
            raise SystemExit("the uninterrupted run failed")
    return folder / "run", requests(url) - before


def keys(rows: int) -> dict[str, Any]:
    return {
        "tasks": {"per_passage": rows / 150, "limit": rows},
        "generate": {"window": WINDOW, "flush_rows": FLUSH_ROWS, "flush_seconds": 1.0},
        "write": {"shards": 8},
    }


def killed(folder: Path, url: str, rows: int, kills: int, seed: int) -> tuple[Path, int, int]:
    """The same run, killed at random moments; also how often it was."""
    job, output = write_job(folder, url, **keys(rows)), folder / "run"
    rng = random.Random(seed)
    before = requests(url)
    done_kills = 0
    for number in range(kills):
        until = rows * (number + 1) / (kills + 1)
        with start(job, output) as process:
            while process.poll() is None and outcomes(output) < until:
                time.sleep(0.1)
            time.sleep(rng.uniform(0, 1.0))
            if process.poll() is None:
                process.send_signal(signal.SIGKILL)
                done_kills += 1
    with start(job, output) as process:  # at once: orphaned workers may still write
        if process.wait():
            raise SystemExit("the last resume failed")
    return output, requests(url) - before, done_kills


def main() -> int:
    """Print the figures; 1 where a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=5000)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, serving(LATENCY, 0.0) as url:
        for folder in ("whole", "killed"):
            (Path(name) / folder).mkdir()
        expected, planned = whole(Path(name) / "whole", url, arguments.rows)
        output, sent, kills = killed(
            Path(name) / "killed", url, arguments.rows, arguments.kills, arguments.seed
        )
        same = data_hashes(output) == data_hashes(expected)
        account = stage(output)
    bound = planned + kills * (WINDOW * CALLS_A_TASK + FLUSH_ROWS * CALLS_A_TASK)
    print(f"{account['in']:,} rows, {account['passed']:,} passed, killed {kills} times")
    print(f"data files equal to the uninterrupted run's: {'yes' if same else 'NO'} (goal: yes)")
    print(f"requests {sent:,}, uninterrupted {planned:,} (goal: at most {bound:,})")
    return 0 if same and sent <= bound else 1


if __name__ == "__main__":
    sys.exit(in_one_line(main))
