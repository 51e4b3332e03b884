"""A method of many calls, each of which leans on what the one before gave."""

from __future__ import annotations

import asyncio

from beam_synth.methods import DrawFor, Models, PassageSeed, Sample, method
from tests.doubles.programs import sample_of

CALLS = 1000  # a task
_BRANCHES = 4  # of each round, made at once
_ROUNDS = 200  # of one call and its branches
METHOD = f"{__name__}:long_chain"
PROMPT = "{% block user %}{{ text }} Number {{ number }} follows.{% endblock %}"


@method(exercise="chain", calls=CALLS, prompts=("chain/next",))
async def long_chain(seed: PassageSeed, models: Models, draw: DrawFor) -> Sample:
    """200 rounds: a call, and four calls at once that go on from its answer."""

    async def follow(text: str, number: int) -> str:
        answer = await models.generator.ask("chain/next", {"text": text, "number": number})
        return f"It was said: {answer.text[:60]} {len(answer.text)}."

    text = seed.passage.text[:200]
    for number in range(_ROUNDS):
        text = await follow(text, number)
        branches = [follow(text, 1000 + 10 * number + i) for i in range(_BRANCHES)]
        text = max(await asyncio.gather(*branches))
    return sample_of(seed, f"What was said in the end of {seed.passage.title}?", text)
