"""What a run has spent, and the gate that its budget puts before each call."""

from __future__ import annotations

import asyncio
import dataclasses
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from beam_synth.engines.base import Usage
from beam_synth.errors import Stopped
from beam_synth.generation.budget import Ledger, Spent, nano_cost, read_spent
from beam_synth.job.schema import Budget, Price
from beam_synth.storage.files import RunFolder
from tests.doubles.engines import Told


@dataclasses.dataclass(frozen=True)
class Watched(RunFolder):
    """Counts how often somebody looks what files there are."""

    patterns: list[str] = dataclasses.field(default_factory=list)

    def match(self, pattern: str) -> list[tuple[str, float]]:
        self.patterns.append(pattern)
        return super().match(pattern)


@pytest.fixture
def run(tmp_path: Path) -> Watched:
    return Watched(str(tmp_path))


PRICES = {"m": Price(prompt=2.0, completion=10.0)}


def ledger(run: RunFolder, name: str, told: Told, window: int = 5, **budget: Any) -> Ledger:
    return Ledger(run, name, told.stop, Budget(**budget), PRICES, window)


async def spend(own: Ledger, calls: int, prompt: int = 100, completion: int = 50) -> int:
    """How many of the calls were let through."""
    for n in range(calls):
        try:
            await own.admit("m")
        except Stopped:
            return n
        await asyncio.sleep(0)
        own.record("m", Usage(prompt, completion))
        own.returned()
    return calls


def test_a_budget_of_calls_is_kept_exactly_by_one_worker(run: Watched) -> None:
    told = Told()
    own = ledger(run, "a-1", told, calls=100)
    assert asyncio.run(spend(own, 1000)) == 100
    assert "the budget of 100 calls is spent" in told.messages["budget"]
    assert "--set budget.calls=N" in told.messages["budget"]


def test_concurrent_calls_keep_it_too(run: Watched) -> None:
    told = Told()
    own = ledger(run, "a-1", told, calls=100)

    async def work() -> int:
        return sum(await asyncio.gather(*(spend(own, 50) for _ in range(8))))

    assert asyncio.run(work()) == 100


@pytest.mark.parametrize(
    ("budget", "calls"), [({"tokens": 15_000}, 100), ({"cost": 0.07}, 100), ({"cost": 70.0}, 1000)]
)
def test_tokens_and_cost(run: Watched, budget: dict[str, Any], calls: int) -> None:
    told = Told()
    assert asyncio.run(spend(ledger(run, "a-1", told, **budget), 1000)) == calls


@pytest.mark.parametrize("workers", [2, 7])
def test_several_workers_go_at_most_a_window_each_over(run: Watched, workers: int) -> None:
    window = 5
    owns = [ledger(run, f"a-{i}", Told(), window, calls=1000) for i in range(workers)]

    async def work() -> int:
        return sum(await asyncio.gather(*(spend(own, 10_000) for own in owns)))

    spent = asyncio.run(work())
    assert 1000 <= spent <= 1000 + workers * window
    for own in owns:
        own.publish()
    assert read_spent(run).calls.total() == spent
    assert len(run.patterns) < 600  # not one for each call


def test_what_earlier_attempts_spent_counts(run: Watched) -> None:
    told = Told()
    first = ledger(run, "a-1", told, calls=60)
    asyncio.run(spend(first, 60))
    first.publish()
    assert asyncio.run(spend(ledger(run, "b-1", Told(), calls=60), 9)) == 0
    assert asyncio.run(spend(ledger(run, "c-1", Told(), calls=64), 9)) == 4


def test_without_a_budget_nothing_is_looked_at(run: Watched) -> None:
    told = Told()
    own = ledger(run, "a-1", told)
    assert asyncio.run(spend(own, 500)) == 500
    assert len(run.patterns) == 0 and not told.messages
    own.publish()
    own.publish()
    found = read_spent(run)
    assert (found.calls["m"], found.tokens, found.in_flight) == (500, 75_000, 0)
    assert found.cost(PRICES) == pytest.approx(500 * (100 * 2 + 50 * 10) / 1e6)


def test_damaged_accounts_count_as_nothing(run: Watched) -> None:
    spent = Spent(Counter(m=1), Counter(m=2), Counter(m=3), 4)
    assert Spent.decode(spent.encode()) == spent
    run.write("_spent/good.json", spent.encode())
    for n, data in enumerate([b"", b"{", b"[]", b'{"calls": 3}']):
        run.write(f"_spent/bad{n}.json", data)
    assert read_spent(run) == spent


def test_prices_are_for_a_million_tokens() -> None:
    assert nano_cost(PRICES["m"], 1_000_000, 0) == 2 * 10**9
    assert nano_cost(PRICES["m"], 0, 1) == 10_000
    assert nano_cost(None, 5, 5) == 0
