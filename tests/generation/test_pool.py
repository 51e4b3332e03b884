"""Rule engines on all cores: the same outcomes as in one process, and only where it is worth it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from beam_synth.drawing import digest
from beam_synth.generation import pool
from beam_synth.generation.config import GenerateConfig
from beam_synth.generation.program import run_program
from beam_synth.generation.roles import Roles, context_of, policy_of
from beam_synth.job.schema import Budget, GenerateSettings, Model
from beam_synth.methods import Seed
from tests.doubles import exchanges, programs
from tests.doubles.engines import Told
from tests.doubles.processes import running, started, wait_until
from tests.paths import ROOT

MODELS = {"generator": Model(), "judge": Model()}


def config(**changes: Any) -> GenerateConfig:
    return programs.config_of(Model(), **{"generate": GenerateSettings(), **changes})


def seeds() -> list[Seed]:
    texts = {
        "Lindau Bridge": exchanges.TEXT, "Aare": exchanges.NEAR_TEXT, "Ferry": exchanges.FAR_TEXT,
    }  # fmt: skip
    found = [
        exchanges.passage(text, title, passage_id=digest(title), article_id=f"enwiki:{title}")
        for title, text in texts.items()
    ]
    made: list[Seed] = []
    for i, passage in enumerate(found):
        near = [p for p in found if p is not passage]
        for method in ("memorization", "rag"):
            made += [exchanges.seed_of(method, passage, 4 * i + n, near) for n in range(4)]
    return made


def test_outcomes_are_the_same_as_in_one_process() -> None:
    context = context_of(config(), Roles(config(), Told().stop, policy_of(config())))
    here = [asyncio.run(run_program(seed, context)) for seed in seeds()]

    async def there(workers: pool.ProcessPool) -> list[Any]:
        return list(await asyncio.gather(*map(workers.run, seeds())))

    with contextlib.closing(pool.ProcessPool(config(), 2)) as workers:
        assert asyncio.run(there(workers)) == here


@pytest.mark.parametrize(
    ("changes", "tasks", "expected"),
    [
        ({}, pool.LEAST_TASKS, 4),
        ({"processes": 2}, pool.LEAST_TASKS, 2),
        ({"processes": 4}, pool.LEAST_TASKS, 0),
        ({}, pool.LEAST_TASKS - 1, 0),
        ({"budget": Budget(calls=1)}, pool.LEAST_TASKS, 0),
        ({"models": {**MODELS, "judge": Model(engine="openai")}}, pool.LEAST_TASKS, 0),
    ],
)
def test_it_is_used_for_rules_large_batches_and_free_cores(
    changes: dict[str, Any], tasks: int, expected: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: set(range(4)))
    assert pool.workers(config(**changes), tasks) == expected


PARENT = f"""
import asyncio, time
from beam_synth.generation.pool import ProcessPool
from {__name__} import config, seeds

if __name__ == "__main__":
    pool = ProcessPool(config(), 2)
    asyncio.run(pool.run(seeds()[0]))
    print(*pool._executor._processes, flush=True)
    time.sleep(3600)
"""


def test_a_killed_parent_leaves_no_process(tmp_path: Path) -> None:
    (tmp_path / "parent.py").write_text(PARENT)  # a file, which a spawned process reads again
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, str(tmp_path / "parent.py")]
    with started(*command, env=environment, stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        pids = [int(pid) for pid in parent.stdout.readline().split()]
    assert pids
    wait_until(lambda: not any(map(running, pids)), "the processes of the pool end")
