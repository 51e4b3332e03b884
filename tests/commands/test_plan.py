"""What `plan` tells of money and time before a run."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from beam_synth.commands.plan_kept import Kept, few_kept, kept_by_cell, kept_lines
from beam_synth.commands.rehearsal import Rehearsal, Tried
from beam_synth.generation.outcomes import encode_outcome
from beam_synth.methods import PassageSeed
from beam_synth.records import Outcome, Task
from tests.doubles.endpoints import call, write_job
from tests.doubles.exchanges import passage


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


def test_plan_tells_how_many_tasks_give_a_record_by_rule_and_by_rule_alone(tmp_path: Path) -> None:
    rules = write_job(tmp_path, "", models={"generator": {"engine": "extractive"}})
    code, text, errors = call("plan", rules)
    assert code == 0, errors
    every = re.findall(r"^of (\d+) tasks that were tried by rule (\d+) gave a record", text, re.M)
    cells = re.findall(r"^  \S+ +[a-z]{2} +\d+% gave a record: (\d+) of (\d+), the o", text, re.M)
    ((tried, made),) = ((int(tried), int(made)) for tried, made in every)
    assert 0 < made <= tried
    assert sum(int(of) - int(some) for some, of in cells) == tried - made
    _, text, _ = call("plan", write_job(tmp_path, "http://127.0.0.1:9/v1"))
    assert "gave a record" not in text


def ended(method: str, language: str, reason: str) -> Tried:
    outcome = Outcome("f00d", "rejected" if reason else "made", method, language, reason)
    seed = PassageSeed(Task("f00d", method, language, "p", (), 0), passage("It is old.", "Mill"))
    return Tried(seed, encode_outcome(outcome))


def test_cells_of_which_most_tasks_give_no_record_are_warned_of() -> None:
    tried = [ended("mcq", "la", reason) for reason in ("nothing_to_ask", "cut_off", "", "cut_off")]
    tried += [ended("mcq", "en", reason) for reason in ("", "cut_off", "", "")]
    kept = kept_by_cell(Rehearsal(tried))
    assert kept == {("mcq", "la"): Kept(4, 1, "cut_off"), ("mcq", "en"): Kept(4, 3, "cut_off")}
    head, english, latin = kept_lines(kept)[1:]
    assert head == "of 8 tasks that were tried by rule 4 gave a record:"
    assert english.endswith("en   75% gave a record: 3 of 4, the others mostly cut_off")
    assert latin.endswith("la   25% gave a record: 1 of 4, the others mostly cut_off")
    assert kept_lines({}) == []
    assert few_kept(kept) == []  # of four tasks nothing can be told
    kept["mcq", "la"] = Kept(20, 5, "cut_off")
    (line,) = few_kept(kept)
    assert "most tasks of mcq in la (25%) give no record" in line and "mcq in en" not in line
    assert few_kept({("mcq", "en"): Kept(4, 4, "")}) == []


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
