"""A few tasks run at once, by the job's real engines, to look at what comes; nothing is written."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from beam_synth.generation.config import GenerateConfig
from beam_synth.generation.outcomes import Finished
from beam_synth.generation.program import Unfinished, run_program
from beam_synth.generation.roles import Roles, context_of, policy_of
from beam_synth.generation.stopping import Stop
from beam_synth.methods.seeds import Seed


async def try_out(seeds: Sequence[Seed], config: GenerateConfig) -> list[Finished | Unfinished]:
    """The outcomes of a few tasks, in their order.

    All run concurrently within the config's window, under its retries; no budget, no stop file
    and no outcome file is looked at. Raises Refused where an engine or a prompt cannot be had.
    """
    stop = Stop(lambda: None, lambda reason, message: None)
    roles = Roles(config, stop, policy_of(config))
    context = context_of(config, roles)
    try:
        return list(await asyncio.gather(*(run_program(seed, context) for seed in seeds)))
    finally:
        await roles.close()
