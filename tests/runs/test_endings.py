"""Ctrl-C and a full disk in the middle of a run: one line, an exit code, a run to go on with."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.doubles.processes import heeding_ctrl_c, running, started, wait_until
from tests.paths import ROOT

RUN = (
    sys.executable, "-m", "beam_synth", "run", "quickstart", "--quiet",
    "--set", "models.embedder={engine: hashing}", "--set", "write.shards=2",
)  # fmt: skip
PROCESSES = ("--direct_running_mode=multi_processing", "--direct_num_workers=2")
MOST_BYTES = 20_000  # of a file where the disk is said to be full


def small_files() -> None:
    """What a full disk is to a process: writing fails (EFBIG; the message is the system's)."""
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (MOST_BYTES, hard))


@pytest.mark.parametrize("flags", [(), PROCESSES], ids=["in process", "processes"])
def test_a_full_disk_is_one_line_and_the_run_goes_on_when_there_is_room(
    flags: tuple[str, ...], tmp_path: Path
) -> None:
    command = [*RUN, "--output", str(tmp_path / "run"), *flags]
    full = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, preexec_fn=small_files)
    assert full.returncode == 1
    assert full.stderr.startswith(f"beam-synth: cannot write {tmp_path}/run/_"), full.stderr
    assert "File too large; what is written so far is kept" in full.stderr
    assert full.stderr.count("\n") == 1
    assert not (tmp_path / "run" / "manifest.json").exists()
    again = subprocess.run(command[:-2] if flags else command, cwd=ROOT, capture_output=True)
    assert again.returncode == 0


def children(pid: int) -> list[int]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text(errors="replace").rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == pid:
            found.append(int(stat.parent.name))
    return found


@pytest.mark.parametrize("flags", [(), PROCESSES], ids=["in process", "processes"])
def test_ctrl_c_is_one_line_and_leaves_no_worker(flags: tuple[str, ...], tmp_path: Path) -> None:
    """As in a terminal: the signal goes to the launcher and all that it started."""
    output = tmp_path / "run"
    command = [*RUN, "--output", str(output), *flags]
    with started(
        *command, stderr=subprocess.PIPE, start_new_session=True, preexec_fn=heeding_ctrl_c
    ) as process:
        wait_until(lambda: list(output.glob("_passages/*")), "workers are at work")
        workers = children(process.pid)
        assert bool(workers) is bool(flags)
        os.killpg(process.pid, signal.SIGINT)
        said = process.communicate()[1]
    assert process.returncode == 130
    assert said == "beam-synth: interrupted; run the same command again to go on\n"
    for pid in workers:
        wait_until(lambda pid=pid: not running(pid), "the worker has ended")  # type: ignore[misc]
