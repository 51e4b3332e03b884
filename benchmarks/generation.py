"""How near generation comes to a bare loop over aiohttp, and what a row costs in CPU.

    python -m benchmarks.generation [--quick] [--peer NAME=PYTHON ...]

All figures are marginal: of the rows between a small and a large run, so that imports and start-up
do not count. `wall` is the bare loop's time over ours, on the same server with the same window;
`ideal` is rows x latency / window over ours. The server's own ceiling is measured beside them: a
window that asks more of it than that measures the server. Peers run the scripts of
benchmarks/peers/ from the interpreter of a virtual environment of their own.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from beam_synth.ending import in_one_line
from benchmarks.processes import pss_of_tree

ROOT = Path(__file__).resolve().parents[1]
PEERS = Path(__file__).resolve().parent / "peers"
GOAL_WALL, GOAL_IDEAL, GOAL_CPU_MS = 0.95, 0.9, 0.6


class Case(NamedTuple):
    """A server's latency (median, sigma of its logarithm), a window, and two sizes."""

    latency: float
    sigma: float
    window: int
    rows: tuple[int, int]

    @property
    def mean(self) -> float:
        return self.latency * math.exp(self.sigma**2 / 2)


FIXED = Case(0.05, 0.0, 50, (2_000, 20_000))
LONG_TAIL = Case(0.5, 0.8, 256, (2_560, 12_800))


class Used(NamedTuple):
    """Seconds and CPU seconds of one run."""

    wall: float
    cpu: float


@contextmanager
def serving(latency: float, sigma: float) -> Iterator[str]:
    """The fake endpoint in a process of its own; yields its URL."""
    command = [sys.executable, "-m", "tests.servers.fake_openai", "--port", "0"]
    command += ["--latency", str(latency), "--sigma", str(sigma)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.kill()


@contextmanager
def calling(kind: str, rows: int, window: int, url: str) -> Iterator[subprocess.Popen[str]]:
    """One run in a process of its own. Raises SystemExit unless all of its rows come back."""
    command = [sys.executable, "-m", "benchmarks.calls", kind, str(rows), str(window), url]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        yield process
    if process.returncode:
        raise SystemExit(f"{kind}: exit code {process.returncode}")


def run(kind: str, rows: int, window: int, url: str) -> Used:
    """What one run took."""
    with calling(kind, rows, window, url) as process:
        assert process.stdout is not None
        found = json.loads(process.stdout.read().splitlines()[-1])
    if found["rows"] != rows:
        raise SystemExit(f"{kind}: {found['rows']} of {rows} rows came back")
    return Used(found["wall"], found["cpu"])


def marginal(kind: str, case: Case, url: str) -> Used:
    """What the rows between the two sizes took."""
    small, large = (run(kind, rows, case.window, url) for rows in case.rows)
    return Used(large.wall - small.wall, large.cpu - small.cpu)


def compare(name: str, case: Case) -> bool:
    """Print one case; whether it reaches the goals."""
    rows = case.rows[1] - case.rows[0]
    with serving(0.0, 0.0) as url:
        ceiling = marginal("bare", Case(0, 0, case.window, (1_000, 6_000)), url)
    with serving(case.latency, case.sigma) as url:
        bare = marginal("bare", case, url)
        our = marginal("ours", case, url)
    ideal = rows * case.mean / case.window
    wall, of_ideal, bare_ideal = bare.wall / our.wall, ideal / our.wall, ideal / bare.wall
    print(f"{name}: {rows:,} rows, window {case.window}, mean latency {1000 * case.mean:.0f} ms")
    print(
        f"  server ceiling {5_000 / ceiling.wall:,.0f}/s; bare loop {rows / bare.wall:,.0f}/s, "
        f"ours {rows / our.wall:,.0f}/s, ideal {rows / ideal:,.0f}/s"
    )
    print(f"  wall, of the bare loop: {wall:.3f} (goal: at least {GOAL_WALL})")
    asked = "goal" if bare_ideal >= GOAL_WALL else f"bare loop {bare_ideal:.3f}; then no goal"
    print(f"  wall, of the ideal: {of_ideal:.3f} ({asked}: at least {GOAL_IDEAL})")
    cpu_ms = 1000 * our.cpu / rows
    print(
        f"  CPU a row: {cpu_ms:.2f} ms (goal: at most {GOAL_CPU_MS}), bare loop "
        f"{1000 * bare.cpu / rows:.2f} ms"
    )
    reached = wall >= GOAL_WALL and cpu_ms <= GOAL_CPU_MS
    return reached and (bare_ideal < GOAL_WALL or of_ideal >= GOAL_IDEAL)


def peak(rows: int, url: str) -> int:
    """The greatest PSS of a run; not taken while time is, since looking at it takes some."""
    most = 0
    with calling("ours", rows, 50, url) as process:
        while process.poll() is None:
            most = max(most, pss_of_tree(process.pid))
            time.sleep(0.5)
    return most


def memory() -> None:
    """Peak memory at two sizes, without latency."""
    with serving(0.0, 0.0) as url:
        small, large = (peak(rows, url) for rows in (2_000, 200_000))
    print(
        f"memory: {small / 2**20:,.0f} MiB at 2,000 rows, {large / 2**20:,.0f} MiB at 200,000 "
        f"({large / small:.2f} times)"
    )


def peer(name: str, python: str) -> None:
    """A peer's CPU for each extra row, on the same server."""
    script = PEERS / f"peer_{name}.py"
    if not script.is_file():
        raise SystemExit(f"benchmarks/peers has no peer_{name}.py")
    used = {}
    with serving(FIXED.latency, 0.0) as url:
        for rows in (200, 2_000):
            before = os.times()
            done = subprocess.run(
                [python, str(script), str(rows), str(FIXED.window), url],
                capture_output=True,
                text=True,
            )
            after = os.times()
            if done.returncode or f"ROWS {rows}" not in done.stdout:
                raise SystemExit(f"{name}: {done.stdout[-300:]} {done.stderr[-1500:]}")
            used[rows] = (
                after.children_user
                + after.children_system
                - before.children_user
                - before.children_system
            )
    print(f"peer {name}: CPU a row {1000 * (used[2_000] - used[200]) / 1_800:.2f} ms")


def main() -> int:
    """Print the figures; 1 where a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="the first case only")
    parser.add_argument("--peer", action="append", default=[], metavar="NAME=PYTHON")
    arguments = parser.parse_args()
    reached = compare("fixed latency", FIXED)
    if not arguments.quick:
        reached &= compare("long tail", LONG_TAIL)
        memory()
    for given in arguments.peer:
        peer(*given.split("=", 1))
    return 0 if reached else 1


if __name__ == "__main__":
    sys.exit(in_one_line(main))
