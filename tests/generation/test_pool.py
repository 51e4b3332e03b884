"""Rule engines on all cores: the same outcomes as in one process, and only where it is worth it."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import Any

import pytest

from beam_synth.drawing import digest
from beam_synth.generation import pool as pooling
from beam_synth.generation.calls import Stop
from beam_synth.generation.config import GenerateConfig
from beam_synth.generation.program import run_program
from beam_synth.generation.roles import Roles, context_of, policy_of
from beam_synth.job.schema import Budget, Generate, Model
from beam_synth.methods import Seed
from beam_synth.records import Task
from tests.doubles import exchanges
from tests.paths import ROOT

MODELS = {"generator": Model(), "judge": Model()}


def config(**changes: Any) -> GenerateConfig:
    settings: dict[str, Any] = {
        "run": "", "seed": 1, "models": MODELS, "generate": Generate(), "prompts": None,
        "passage_buckets": 1, "task_buckets": 4,
    }  # fmt: skip
    return GenerateConfig(**{**settings, **changes})


def seeds() -> list[Seed]:
    texts = {
        "Lindau Bridge": exchanges.TEXT, "Aare": exchanges.NEAR_TEXT, "Ferry": exchanges.FAR_TEXT,
    }  # fmt: skip
    found = [
        exchanges.passage(text, title, passage_id=digest(title), article_id=f"enwiki:{title}")
        for title, text in texts.items()
    ]
    made = []
    for i, passage in enumerate(found):
        near = tuple(p for p in found if p is not passage)
        ids = tuple(p.passage_id for p in near)
        for method in ("memorization", "rag"):
            for index in range(4):
                task_id = digest(method, i, index)
                task = Task(task_id, method, "en", passage.passage_id, ids, index)
                made.append(Seed(task, passage, near))
    return made


def test_outcomes_are_the_same_as_in_one_process() -> None:
    never = Stop(lambda: None, lambda reason, message: None)
    context = context_of(config(), Roles(config(), never, policy_of(config())))
    here = [asyncio.run(run_program(seed, context)) for seed in seeds()]
    pool = pooling.Pool(config(), 2)

    async def there() -> list[Any]:
        return list(await asyncio.gather(*map(pool.run, seeds())))

    try:
        assert asyncio.run(there()) == here
    finally:
        pool.close()


@pytest.mark.parametrize(
    ("changes", "tasks", "expected"),
    [
        ({}, pooling.LEAST_TASKS, 4),
        ({"processes": 2}, pooling.LEAST_TASKS, 2),
        ({"processes": 4}, pooling.LEAST_TASKS, 0),
        ({}, pooling.LEAST_TASKS - 1, 0),
        ({"budget": Budget(calls=1)}, pooling.LEAST_TASKS, 0),
        ({"models": {**MODELS, "judge": Model(engine="openai")}}, pooling.LEAST_TASKS, 0),
    ],
)
def test_it_is_used_for_rules_large_batches_and_free_cores(
    changes: dict[str, Any], tasks: int, expected: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: set(range(4)))
    assert pooling.workers(config(**changes), tasks) == expected


def test_a_killed_parent_leaves_no_process(tmp_path: Path) -> None:
    import signal
    import subprocess
    import sys
    import time

    program = (
        "import asyncio, pathlib, sys, time\n"
        "from beam_synth.generation import pool\n"
        "from tests.generation import test_pool as t\n"
        "if __name__ == '__main__':\n"
        "    workers = pool.Pool(t.config(), 2)\n"
        "    asyncio.run(workers.run(t.seeds()[0]))\n"
        "    pids = list(workers._executor._processes)\n"
        "    pathlib.Path(sys.argv[1]).write_text(' '.join(map(str, pids)))\n"
        "    time.sleep(60)\n"
    )
    (tmp_path / "program.py").write_text(program)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, str(tmp_path / "program.py"), str(tmp_path / "pids")]
    with subprocess.Popen(command, env=environment) as process:
        deadline = time.monotonic() + 60
        while not (tmp_path / "pids").exists() and time.monotonic() < deadline:
            time.sleep(0.1)
        process.send_signal(signal.SIGKILL)
    pids = (tmp_path / "pids").read_text().split()
    assert pids
    deadline = time.monotonic() + 10
    while any(Path(f"/proc/{pid}").exists() for pid in pids):
        assert time.monotonic() < deadline, "a process of the pool was left behind"
        time.sleep(0.1)
