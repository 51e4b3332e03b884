"""What an endpoint can do, found out by a few calls of a few tokens each, before a run."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any, NamedTuple, Protocol

import orjson

from beam_synth.engines.base import Completion
from beam_synth.errors import Permanent, Refused, Transient

_PROBED_SCHEMA = {
    "type": "object",
    # Choices, since a free text of a weak model may hold what JSON does not allow.
    "properties": {"answer": {"type": "string", "enum": ["yes", "no"]}},
    "required": ["answer"],
    "additionalProperties": False,
}
_SHOWN = 160  # characters of what an endpoint said


class _Trial(NamedTuple):
    """One ability, or a field of a request: how it is shown, and what follows without it."""

    what: str
    without: str


_TRIALS = {
    "schema": _Trial("structured output", "the schema goes into the prompt, answers are checked"),
    "n": _Trial("several answers a call (n)", "methods that want n answers make n calls"),
    "logprobs": _Trial("log-probabilities", "methods that need them are refused"),
    "complete": _Trial("token ids in and out", "methods that go on from tokens are refused"),
    "seed": _Trial("a seed for each call", "a rerun with the same seed gives other texts"),
}


class TriedEngine(Protocol):
    """An engine that can be tried."""

    structured: bool  # False where the job says that schemas are put into words

    async def try_call(self, ids: Sequence[int] | None, **fields: Any) -> list[Completion]:
        """A call that asks for the word yes, or goes on from ids, with fields of the payload."""
        ...

    async def try_encode(self) -> list[int]:
        """Token ids of that prompt."""
        ...


async def lacks(engine: TriedEngine, abilities: Iterable[str]) -> dict[str, str]:
    """What of `abilities` the endpoint lacks -> why.

    Raises Refused where it does not even answer a plain call.
    """
    await _answers(engine)
    found = {ability: await _why_not(engine, ability) for ability in abilities}
    return {ability: why for ability, why in found.items() if why}


async def trial_lines(engine: TriedEngine) -> list[str]:
    """A line for each thing that an endpoint may do, and what follows where it does not.

    Raises Refused where it does not even answer a plain call.
    """
    await _answers(engine)
    lines = []
    for ability, (what, without) in _TRIALS.items():
        why = await _why_not(engine, ability)
        lines.append(f"{what}: {why}; {without}" if why else f"{what}: yes")
    return lines


async def _answers(engine: TriedEngine) -> None:
    try:
        await engine.try_call(None)
    except (Transient, Permanent) as error:
        raise Refused(f"a plain call fails: {str(error)[:_SHOWN]}") from None


async def _why_not(engine: TriedEngine, ability: str) -> str:
    """Why the endpoint lacks an ability; "" where it has it."""
    if ability == "schema" and not engine.structured:
        return "switched off by options.structured_output"
    try:
        return await _TRIED[ability](engine)
    except (Transient, Permanent) as error:
        return f"no ({str(error)[:_SHOWN]})"


async def _schema(engine: TriedEngine) -> str:
    (completion, *_) = await engine.try_call(None, schema=_PROBED_SCHEMA, max_tokens=128)
    try:
        kept = orjson.loads(completion.text)["answer"] in ("yes", "no")
    except (orjson.JSONDecodeError, KeyError, TypeError):
        kept = False
    return "" if kept else "accepted, but not kept"


async def _n(engine: TriedEngine) -> str:
    return "" if len(await engine.try_call(None, n=2)) == 2 else "no"


async def _logprobs(engine: TriedEngine) -> str:
    (completion, *_) = await engine.try_call(None, logprobs=True)
    return "no" if completion.logprobs is None else ""


async def _complete(engine: TriedEngine) -> str:
    (completion, *_) = await engine.try_call(await engine.try_encode())
    return "no, its completions hold no token ids" if completion.token_ids is None else ""


async def _seed(engine: TriedEngine) -> str:
    await engine.try_call(None, seed=1)
    return ""


_TRIED: dict[str, Callable[[TriedEngine], Awaitable[str]]] = {
    "schema": _schema,
    "n": _n,
    "logprobs": _logprobs,
    "complete": _complete,
    "seed": _seed,
}
