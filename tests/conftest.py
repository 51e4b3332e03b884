"""Shared fixtures: the switch for slow tests, real data where the environment names it, and what
keeps tests steady."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.doubles import leftovers

# No example is judged by how quick it is. The same examples each time, so that a change is all that
# can break a test; `--hypothesis-profile explore` looks for new ones.
settings.register_profile("explore", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("steady", settings.get_profile("explore"), derandomize=True)
settings.load_profile("steady")
leftovers.watch()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--run-slow", action="store_true", help="leave no test out")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--run-slow"):
        return
    skip = pytest.mark.skip(reason="slow: left out for time, run by ./run_local.sh test --all")
    for item in items:
        if "slow" in item.keywords:
            item.add_marker(skip)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name what was left out, and why."""
    skipped = terminalreporter.stats.get("skipped", [])
    reasons: dict[str, list[str]] = {}
    for report in skipped:
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        reasons.setdefault(reason.removeprefix("Skipped: "), []).append(report.nodeid)
    for reason, names in sorted(reasons.items()):
        terminalreporter.write_line(f"left out ({reason}):")
        for name in names:
            terminalreporter.write_line(f"  {name}")


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real data; the test is skipped where BEAM_SYNTH_TEST_DATA is not set."""
    folder = os.environ.get("BEAM_SYNTH_TEST_DATA")
    if not folder:
        pytest.skip("BEAM_SYNTH_TEST_DATA is not set")
    return Path(folder)


@pytest.fixture(autouse=True)
def leaves_nothing_open() -> Iterator[None]:
    """What a test opens it closes: else it fails itself, and not the one that runs when Python
    comes to collect it."""
    before = leftovers.Opened.now()
    yield
    assert not leftovers.left_since(before)
