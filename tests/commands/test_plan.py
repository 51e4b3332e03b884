"""What `plan` tells of money and time before a run."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.doubles.endpoints import call, write_job


def numbers(line: str) -> list[float]:
    return [float(n.replace(",", "")) for n in re.findall(r"[\d.,]*\d", line)]


def test_plan_tells_calls_tokens_cost_and_hours_and_asks_no_endpoint(tmp_path: Path) -> None:
    prices = {"fake-model": {"prompt": 2.0, "completion": 10.0}}
    job = write_job(tmp_path, "http://127.0.0.1:9/v1", prices=prices, tasks={"limit": 100})
    code, text, errors = call("plan", job)
    assert code == 0, errors
    lines = {line.split()[0]: line for line in text.splitlines() if line.startswith("  ")}
    calls, prompt, completion = numbers(lines["total"])
    assert calls == 200
    (cost,) = numbers(lines["cost"])
    assert cost == pytest.approx((2 * prompt + 10 * completion) / 1e6, abs=0.01)
    assert "0.0 hours if a call takes 10 s, 16 at a time" in text


def test_rules_cost_nothing_and_take_no_hours(tmp_path: Path) -> None:
    job = write_job(tmp_path, "", models={"generator": {"engine": "extractive"}})
    code, text, _ = call("plan", job)
    assert code == 0
    assert "hours" not in text and "cost" not in text
