"""Whatever ends a command is told in one line, with its exit code, and without a traceback."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest

from beam_synth.ending import DEBUG, in_one_line
from beam_synth.errors import Fault, Refused, Stopped
from tests.doubles.processes import heeding_ctrl_c, started, wait_until
from tests.paths import ROOT

CLI = ("beam_synth", "beam_synth.cli")


def raising(error: BaseException) -> Callable[[], NoReturn]:
    def main() -> NoReturn:
        raise error

    return main


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (Refused("seed: one is no number"), 2, "seed: one is no number"),
        (Stopped("budget"), 3, "budget"),
        (Fault("broke"), 1, "broke"),
        (OSError(errno.ENOSPC, "No space left on device", "out/a"), 1, "cannot write out/a: No "),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), 1, "cannot write: Disk quota exceeded"),
        (PermissionError(errno.EACCES, "Permission denied", "in/b"), 1, "in/b: Permission denied"),
        (ModuleNotFoundError("No module named 'torch'", name="torch.nn"), 2,
         "the package 'torch.nn' is not installed; run: pip install 'beam-synth[embed]'"),
        (ModuleNotFoundError("No module named 'x'", name="x"), 1, "unexpected ModuleNotFoundError"),
        (ValueError("first\nsecond"), 1, "unexpected ValueError: first (test_ending.py:"),
    ],
)  # fmt: skip
def test_an_error_is_one_line_and_a_code(
    error: Exception, code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert in_one_line(raising(error)) == code
    shown = capsys.readouterr().err
    assert shown.startswith(f"beam-synth: {said}")
    assert shown.count("\n") == 1


def test_the_traceback_can_be_had(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(DEBUG, "1")
    assert in_one_line(raising(ValueError("x"))) == 1
    assert "Traceback (most recent call last)" in capsys.readouterr().err


def test_what_is_returned_or_ends_by_itself_passes() -> None:
    assert in_one_line(lambda: 1) == 1
    with pytest.raises(SystemExit):
        in_one_line(raising(SystemExit(2)))


@pytest.mark.parametrize("module", CLI)
def test_each_way_to_start_it(module: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", module, "jobs"], capture_output=True, text=True, cwd=ROOT, check=True
    )
    assert "quickstart" in done.stdout


def test_a_full_disk_under_what_is_printed() -> None:
    with Path("/dev/full").open("w") as full:
        command = [sys.executable, "-m", "beam_synth", "jobs"]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, cwd=ROOT)
    assert done.returncode == 1
    assert done.stderr.startswith("beam-synth: cannot write: No space left on device")
    assert "Traceback" not in done.stderr


def test_a_reader_that_goes_away() -> None:
    read, write = os.pipe()
    os.close(read)
    command = [sys.executable, "-m", "beam_synth", "jobs"]
    done = subprocess.run(command, stdout=write, stderr=subprocess.PIPE, text=True, cwd=ROOT)
    os.close(write)
    assert (done.returncode, done.stderr) == (1, "")


# The module waits where its name is imported, so that Ctrl-C comes there and nowhere else.
WAITS = "import pathlib, time\npathlib.Path({ready!r}).touch()\ntime.sleep(600)\n"


@pytest.mark.parametrize("module", CLI)
@pytest.mark.parametrize("imported", ["pydantic", "pyarrow"])
def test_ctrl_c_while_modules_are_imported(module: str, imported: str, tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    (tmp_path / f"{imported}.py").write_text(WAITS.format(ready=str(ready)), encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": f"{tmp_path}:{ROOT}"}
    command = (sys.executable, "-m", module, "check", "quickstart")
    with started(
        *command, env=environment, stderr=subprocess.PIPE, preexec_fn=heeding_ctrl_c
    ) as process:
        wait_until(ready.exists, "the module is being imported")
        process.send_signal(signal.SIGINT)
        said = process.communicate()[1]
    assert process.returncode == 130
    assert said == "beam-synth: interrupted; run the same command again to go on\n"
