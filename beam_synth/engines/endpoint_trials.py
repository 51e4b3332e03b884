"""What an endpoint can do, found out by a few calls of a few tokens each, before a run."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from beam_synth.engines.base import Completion, Request
from beam_synth.engines.chat_payloads import LIMITS, Asking, Findings
from beam_synth.engines.findings import follows, told_lines
from beam_synth.engines.http_client import JsonClient
from beam_synth.engines.messages import SAY_YES, Renderer, Said
from beam_synth.errors import ContentRefused, EngineError, Permanent

_TINY = {"max_tokens": 64}
_SHOWN = 160  # characters of what an endpoint said
# Some services tell an answer that was cut off by its limit as an error; they serve.
_CUT_OFF = re.compile(r"could not finish the message|max_tokens .{0,40}was reached", re.IGNORECASE)


class _Trial(NamedTuple):
    """One ability, or a field of a request: how it is shown, and what follows without it."""

    what: str
    without: str


_TRIALS = {
    "schema": _Trial("structured output", "the schema goes into the prompt, answers are checked"),
    "n": _Trial("several answers a call (n)", "methods that want n answers make n calls"),
    "logprobs": _Trial("log-probabilities", "methods that need them are refused"),
    "complete": _Trial("token ids in and out", "methods that go on from tokens are refused"),
    "seed": _Trial("a seed for each call", follows("seed")),
}


class TriedEngine(Protocol):
    """An engine that can be tried."""

    name: str
    client: JsonClient
    asking: Asking
    findings: Findings
    sampling: Mapping[str, Any]  # the job's
    structured: bool  # False where the job says that schemas are put into words

    async def asked(
        self, request: Request, prompts: Renderer, findings: Findings | None = None
    ) -> list[Completion]:
        """The answers to a request, in words of `prompts`."""
        ...

    def learn(self, found: Findings) -> None:
        """Go by these findings from now on."""
        ...

    async def try_encode(self, said: Said) -> list[int]:
        """Token ids of what is said."""
        ...


async def plain_call(engine: TriedEngine, said: Said, sampling: Mapping[str, Any]) -> None:
    """A call whose answer does not matter. Raises EngineError where the endpoint does not serve."""
    try:
        await engine.asked(Request("", {}, None, sampling), said)
    except ContentRefused:
        return
    except Permanent as error:
        if not _CUT_OFF.search(str(error)):
            raise


async def lacks(engine: TriedEngine, abilities: Iterable[str]) -> dict[str, str]:
    """What of `abilities` the endpoint lacks -> why; what is known of it is not tried again."""
    found = {ability: await _why_not(engine, ability) for ability in abilities}
    return {ability: why for ability, why in found.items() if why}


async def trial_lines(engine: TriedEngine) -> list[str]:
    """A line for each thing that an endpoint may do, and what follows where it does not, then one
    for each field that it is not sent."""
    lines = []
    for ability, (what, without) in _TRIALS.items():
        why = await _why_not(engine, ability)
        lines.append(f"{what}: {why}; {without}" if why else f"{what}: yes")
    rest = {k: v for k, v in engine.findings.left_off.items() if k not in _TRIALS}
    return [*lines, *told_lines(Findings(left_off=rest, renamed=engine.findings.renamed))]


async def _why_not(engine: TriedEngine, ability: str) -> str:
    """Why the endpoint lacks an ability; "" where it has it."""
    if ability == "schema" and not engine.structured:
        return "switched off by options.structured_output"
    if ability == "seed":
        return _seed(engine)
    known = engine.findings.tried.get(ability)
    if known is None:
        try:
            known = await _TRIED[ability](engine)
        except EngineError as error:
            if not isinstance(error, Permanent):  # it may have it, at another time
                return f"not known now ({str(error)[:_SHOWN]})"
            known = str(error)[:_SHOWN]
        engine.learn(Findings(engine.findings.form, tried={ability: known}))
    return f"no ({known})" if known not in ("", "no") else known


def _seed(engine: TriedEngine) -> str:
    if "seed" in engine.findings.left_off:
        return f"no ({engine.findings.left_off['seed']})"
    given: dict[str, Any] = {**engine.asking.extra, **engine.sampling}
    return "switched off by the job" if "seed" in given and given["seed"] is None else ""


def _request(engine: TriedEngine, **fields: Any) -> Request:
    """A request of a few tokens that keeps to what is known of the endpoint."""
    bounded = any(limit in engine.asking.extra for limit in LIMITS)
    return Request("", {}, sampling={} if bounded else _TINY, **fields)


async def _schema(engine: TriedEngine) -> str:
    return ""  # the probe has found it out


async def _n(engine: TriedEngine) -> str:
    found = await engine.asked(_request(engine, n=2), SAY_YES)
    return "" if len(found) == 2 else engine.findings.tried.get("n", "no")


async def _logprobs(engine: TriedEngine) -> str:
    (completion, *_) = await engine.asked(_request(engine, logprobs=True), SAY_YES)
    left_off = engine.findings.left_off.get("logprobs", "no")
    return left_off if completion.logprobs is None else ""


async def _complete(engine: TriedEngine) -> str:
    ids: Sequence[int] = await engine.try_encode(SAY_YES)
    (completion, *_) = await engine.asked(_request(engine, prompt_ids=tuple(ids)), SAY_YES)
    return "its completions hold no token ids" if completion.token_ids is None else ""


_TRIED: dict[str, Callable[[TriedEngine], Awaitable[str]]] = {
    "schema": _schema,
    "n": _n,
    "logprobs": _logprobs,
    "complete": _complete,
}
