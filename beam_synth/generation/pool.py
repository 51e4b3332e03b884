"""Programs on all cores, for engines that compute in place of waiting: rules keep a core busy.

A process gets a task with its texts and gives back its outcome; files are written by the parent
alone. Outcomes do not depend on the number of processes.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor

from beam_synth.generation import orphans
from beam_synth.generation.config import GenerateConfig
from beam_synth.generation.engine_registry import RULES
from beam_synth.generation.outcomes import Finished
from beam_synth.generation.program import Unfinished, run_program
from beam_synth.generation.roles import Roles, context_of, policy_of
from beam_synth.generation.stopping import Stop
from beam_synth.generation.task_calls import Context
from beam_synth.job.schema import Budget
from beam_synth.methods.seeds import Seed

LEAST_TASKS = 1000  # of a batch; a process takes two seconds to start


def workers(config: GenerateConfig, tasks: int) -> int:
    """Processes that are worth starting for a batch of `tasks`; 0 where it should run right here.

    That is so where a model is called over a network, for small batches, on one core, and under a
    budget, which is counted in one process.
    """
    rules = all(model.engine in RULES for role in config.models for model in config.pool(role))
    cores = len(os.sched_getaffinity(0)) // config.processes
    if not rules or cores < 2 or tasks < LEAST_TASKS or config.budget != Budget():
        return 0
    return cores


class ProcessPool:
    """`size` processes that run programs, one each at a time; they end with this one.

    Each loads its own engine and prompts, which takes about two seconds, once.
    """

    def __init__(self, config: GenerateConfig, size: int) -> None:
        self.size = size
        self._executor = ProcessPoolExecutor(
            size,
            # A fork of a process with threads may hang; a new interpreter cannot.
            multiprocessing.get_context("spawn"),
            initializer=_start,
            initargs=(config, orphans.Launcher.current()),
        )

    async def run(self, seed: Seed) -> Finished | Unfinished:
        """Run one task's program in the next process that is free; same as `run_program`."""
        return await asyncio.get_running_loop().run_in_executor(self._executor, _run, seed)

    def close(self) -> None:
        """End the processes; programs that have not begun are dropped."""
        self._executor.shutdown(cancel_futures=True)


# ---------------------------------------------------------------- in a process of the pool

_WORKERS: list[tuple[asyncio.AbstractEventLoop, Context]] = []  # of this process: one


def _start(config: GenerateConfig, launcher: orphans.Launcher | None) -> None:
    if launcher is not None:
        orphans.end_with(launcher)
    never = Stop(lambda: None, lambda reason, message: None)
    context = context_of(config, Roles(config, never, policy_of(config)))
    _WORKERS.append((asyncio.new_event_loop(), context))


def _run(seed: Seed) -> Finished | Unfinished:
    loop, context = _WORKERS[0]
    return loop.run_until_complete(run_program(seed, context))
