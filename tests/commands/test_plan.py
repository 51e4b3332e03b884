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


def test_plan_tells_how_many_batches_follow_each_other_and_that_their_prices_differ(
    tmp_path: Path,
) -> None:
    generator = {"engine": "openai", "model": "fake-model", "base_url": "http://127.0.0.1:9/v1"}
    job = write_job(
        tmp_path,
        "",
        models={"generator": {**generator, "options": {"batch": True}}},
        prices={"fake-model": {"prompt": 2.0}},
        tasks={"limit": 100},
    )
    code, text, errors = call("plan", job)
    assert code == 0, errors
    assert "about 2 batches one after the other" in text and "hours if" not in text
    assert "at the job's prices (a batch costs half of a call: name its prices)" in text


def test_rules_cost_nothing_and_take_no_hours(tmp_path: Path) -> None:
    job = write_job(tmp_path, "", models={"generator": {"engine": "extractive"}})
    code, text, _ = call("plan", job)
    assert code == 0
    assert "hours" not in text and "cost" not in text


@pytest.mark.parametrize("again", [True, False])
def test_plan_bounds_what_answers_at_their_limit_cost(tmp_path: Path, again: bool) -> None:
    generator = {"engine": "openai", "model": "m", "base_url": "http://127.0.0.1:9/v1",
                 "sampling": {"max_tokens": 512}}  # fmt: skip
    job = write_job(tmp_path, "", models={"generator": generator}, tasks={"limit": 100},
                    generate={"retry_cut": again})  # fmt: skip
    code, text, errors = call("plan", job)
    assert code == 0, errors
    (line,) = (line for line in text.splitlines() if "took its" in line)
    assert numbers(line) == [200 * 512, 512] + [400, 3 * 200 * 512] * again
