"""What a test leaves open is told in the test itself."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
import warnings
from pathlib import Path

import aiohttp
import pytest

from tests.doubles import leftovers
from tests.doubles.leftovers import Opened, left_since


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leftovers, "_PATIENCE", 0.0)


def test_nothing_is_left_by_a_test_that_opens_nothing() -> None:
    assert left_since(Opened.now()) == []


def test_a_session_that_is_open_is_told() -> None:
    before = Opened.now()

    async def work() -> list[str]:
        async with aiohttp.ClientSession():
            return left_since(before)

    *handles, session = asyncio.run(work())
    assert session.startswith("HTTP session ") and all(told[:7] == "handle " for told in handles)
    assert left_since(before) == []


def test_a_process_that_runs_is_told() -> None:
    before = Opened.now()
    command = [sys.executable, "-c", "input()"]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as process:
        pipe, told = left_since(before)
        assert pipe.startswith("handle ") and told.startswith(f"process {process.pid}: ")
    assert left_since(before) == []


def test_a_thread_that_runs_is_told() -> None:
    before, end = Opened.now(), threading.Event()
    thread = threading.Thread(target=end.wait, name="left")
    thread.start()
    assert left_since(before) == ["thread left"]
    end.set()
    thread.join()
    assert left_since(before) == []


def test_a_file_that_is_garbage_warns_at_once() -> None:
    before = Opened.now()

    def leave() -> None:
        around: list[object] = [open(__file__)]  # noqa: SIM115, PTH123
        around.append(around)  # only a collection finds it

    leave()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        left_since(before)
    assert [item.category for item in caught] == [ResourceWarning]


def test_a_file_that_is_held_is_told(tmp_path: Path) -> None:
    before = Opened.now()
    with (tmp_path / "held").open("w"):
        (told,) = left_since(before)
        assert told.startswith("handle ") and told.endswith("/held")
    assert left_since(before) == []
