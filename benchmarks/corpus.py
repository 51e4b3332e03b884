"""Memory of a run over a corpus of which it uses next to nothing: 40 tasks of 300,000 articles.

    BEAM_SYNTH_TEST_DATA=FOLDER python -m benchmarks.corpus [--articles 75000 150000 300000]
                                                            [--against FOLDER] [--series]

The real articles of FOLDER/structured, those of at most 6,000 bytes (0.9 GB at 300,000), are
repeated under new ids. Goals: peak PSS of the whole process tree under 700 MiB at each size, and,
once the articles are read, a peak of the largest size that is at most 1.1 times that of the
smallest. With `--against`, another checkout of the project runs the same articles before and after;
goal: CPU at most the better of its two runs. `--series` prints the peak stage by stage. Beam
imports torch where it is installed, whether a job needs it or not: 212 MiB of each figure.
"""

from __future__ import annotations

import argparse
import gzip
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import orjson

from beam_synth.ending import in_one_line
from beam_synth.storage import layout
from benchmarks.processes import pss_of_tree

ROOT = Path(__file__).resolve().parents[1]
GOAL_BYTES = 700 << 20
GROWTH_GOAL = 1.1
_LARGEST = 6_000  # bytes of an article's line
_FILES = 8
_NEW_ID = 10**12  # page ids of the copies count from here
_JOB = """
name: corpus
articles: ["articles/*.jsonl"]
mixture: {memorization: 1.0}
models: {embedder: {engine: hashing}}
tasks: {limit: 40}
"""
_READING = ("", "OpenFiles", "ReadArticles")  # what is at work until the articles are read


class Used(NamedTuple):
    """What one run took."""

    cpu: float  # seconds of the process and those that it waited for
    wall: float  # seconds
    peaks: dict[str, int]  # stage that was at work -> greatest PSS of the tree in bytes

    @property
    def peak(self) -> int:
        return max(self.peaks.values())

    @property
    def after_reading(self) -> int:
        """The peak of what follows the reading."""
        return max(peak for stage, peak in self.peaks.items() if stage not in _READING)


def main() -> int:
    """Run each size in a process of its own and print the figures; 1 where a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--articles", type=int, nargs="+", default=[75_000, 150_000, 300_000])
    parser.add_argument("--against", metavar="FOLDER", help="another checkout, run beside this one")
    parser.add_argument("--series", action="store_true", help="the peak stage by stage")
    arguments = parser.parse_args()
    lines = _lines(_data())
    found, reached = [], True
    for articles in arguments.articles:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            size = _write(folder, lines, articles)
            print(f"{articles:,} articles, {size / 1e9:.2f} GB")
            other = [arguments.against] if arguments.against else []
            theirs = [_run(folder, Path(tree), arguments.series) for tree in other]
            ours = _run(folder, ROOT, arguments.series)
            theirs += [_run(folder, Path(tree), arguments.series) for tree in other]
        found.append(ours)
        reached &= ours.peak < GOAL_BYTES
        if theirs:
            best = min(one.cpu for one in theirs)
            print(f"  CPU, of the other's better run: {ours.cpu / best:.2f} (goal: at most 1)")
            reached &= ours.cpu <= best
    growth = found[-1].after_reading / found[0].after_reading
    print(f"peak PSS goal: under {GOAL_BYTES >> 20} MiB")
    print(f"after reading, largest of smallest: {growth:.2f} (goal: at most {GROWTH_GOAL})")
    return int(not reached or growth > GROWTH_GOAL)


def _data() -> Path:
    data = os.environ.get("BEAM_SYNTH_TEST_DATA")
    if not data:
        raise SystemExit("BEAM_SYNTH_TEST_DATA is not set: name the folder of real data")
    return Path(data) / "structured"


def _lines(source: Path) -> list[tuple[bytes, bytes]]:
    """What stands before and behind the page id of each article's line."""
    found = []
    for path in sorted(source.glob("*.jsonl.gz")):
        with gzip.open(path) as handle:
            for line in handle:
                if len(line) <= _LARGEST:
                    article = orjson.loads(line)
                    article.pop("identifier", None)
                    found.append((b'{"identifier":', b"," + orjson.dumps(article)[1:] + b"\n"))
    if not found:
        raise SystemExit(f"{source} holds no articles")
    return found


def _write(folder: Path, lines: list[tuple[bytes, bytes]], articles: int) -> int:
    """The job, and that many articles in files; returns their bytes."""
    (folder / "job.yaml").write_text(_JOB)
    (folder / "articles").mkdir()
    for file in range(_FILES):
        with (folder / "articles" / f"{file}.jsonl").open("wb") as handle:
            handle.writelines(_copies(lines, range(file, articles, _FILES)))
    return sum(path.stat().st_size for path in (folder / "articles").iterdir())


def _copies(lines: list[tuple[bytes, bytes]], numbers: range) -> Iterator[bytes]:
    for number in numbers:
        before, behind = lines[number % len(lines)]
        yield b"%s%d%s" % (before, _NEW_ID + number, behind)


def _run(folder: Path, tree: Path, series: bool) -> Used:
    """One run by the code of a checkout. Raises SystemExit where it fails."""
    with tempfile.TemporaryDirectory(dir=folder) as out:
        command = [sys.executable, "-m", "beam_synth.cli", "run", str(folder / "job.yaml")]
        environment = {**os.environ, "PYTHONPATH": str(tree)}
        started, peaks = time.monotonic(), {"": 0}
        process = subprocess.Popen(
            [*command, "--quiet", "--output", f"{out}/run"],
            cwd=tree,
            env=environment,
            stdout=subprocess.DEVNULL,
        )
        code = used = None
        while code is None:
            stage = _at_work(Path(out) / "run")
            peaks[stage] = max(peaks.get(stage, 0), pss_of_tree(process.pid))
            time.sleep(0.5)
            ended, status, used = os.wait4(process.pid, os.WNOHANG)
            code = os.waitstatus_to_exitcode(status) if ended else None
    assert used is not None
    process.returncode = code
    if code:
        raise SystemExit(f"the run of {tree} failed with exit code {code}")
    found = Used(used.ru_utime + used.ru_stime, time.monotonic() - started, peaks)
    print(
        f"  {tree}: {found.cpu:.0f} CPU s, {found.wall:.0f} s, peak PSS {found.peak >> 20} MiB, "
        f"after reading {found.after_reading >> 20} MiB",
        flush=True,
    )
    if series:
        for stage, peak in peaks.items():
            print(f"    {stage or 'start'}: {peak >> 20} MiB")
    return found


def _at_work(run: Path) -> str:
    """The stage that began last; after the run's own notes are gone, the end."""
    notes = []
    for path in run.glob(layout.REACHED_FILES):
        try:
            notes.append((path.stat().st_mtime_ns, path.name))
        except OSError:  # it went while we looked
            continue
    ended = (run / layout.METRICS).exists()
    return "end" if ended else max(notes)[1] if notes else ""


if __name__ == "__main__":
    sys.exit(in_one_line(main))
