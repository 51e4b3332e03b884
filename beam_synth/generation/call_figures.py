"""What the calls took, from the steps that outcomes hold."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from beam_synth.checks.neutral_rows import NOTE
from beam_synth.generation.budget import nano_cost
from beam_synth.job.schema import Price
from beam_synth.records import Outcome

_SELDOM = {"repaired": 0, "cut_off": 0, "reasoning_tokens": 0}  # that few steps have


def call_figures(outcomes: Iterable[Outcome], prices: Mapping[str, Price]) -> Counter[str]:
    """Addends of calls, retries, answers that were sent back (as malformed or for a fault of form),
    repaired or cut off, tokens (those of reasoning are a part of the completions'), cost and a
    histogram of latency: over all, and by method, language, model and step.

    Keys are "calls" or "method:rag:calls". "nano_cost" is in 10**-9 of the prices' currency, of the
    models that have a price; "records_with_control_tokens" counts rows with a note of neutral ones,
    where there are some; "latency_ms_64" counts the calls that took more than 32 and at most
    64 ms, of those that were timed.

    >>> step = {"model": "m", "step": "rag/query", "tries": 2, "malformed": False, "ms": 40}
    >>> step |= {"prompt_tokens": 900, "completion_tokens": 100}
    >>> figures = call_figures([Outcome("f00d", "made", "rag", "en", steps=(step,))], {})
    >>> figures["calls"], figures["method:rag:retries"], figures["latency_ms_64"]
    (1, 1, 1)
    """
    groups: dict[tuple[str, str, str, str], dict[str, int]] = {}
    noted = 0
    for outcome in outcomes:
        for row in outcome.records:
            checks = row.get("checks") or [{"name": ""}]
            noted += checks[-1]["name"] == NOTE
        for step in outcome.steps:
            group = outcome.method, outcome.language, step["model"], step["step"]
            sums = groups.setdefault(group, defaultdict(int, _SELDOM))
            for measure, n in _measures(step, prices):
                sums[measure] += n
    totals: Counter[str] = Counter({"records_with_control_tokens": noted} if noted else {})
    for group, sums in groups.items():
        named = zip(("method", "language", "model", "step"), group, strict=True)
        for prefix in ("", *(f"{kind}:{name}:" for kind, name in named)):
            totals.update({prefix + measure: n for measure, n in sums.items()})
    return totals


def _measures(step: Mapping[str, Any], prices: Mapping[str, Price]) -> Iterator[tuple[str, int]]:
    tokens = step["prompt_tokens"], step["completion_tokens"]
    yield "calls", 1
    yield "retries", step["tries"] - 1
    yield "sent_back", int(step["malformed"] or step.get("faulty", False))
    yield "prompt_tokens", tokens[0]
    yield "completion_tokens", tokens[1]
    for measure in _SELDOM:
        if measure in step:
            yield measure, int(step[measure])
    if step["model"] in prices:
        yield "nano_cost", nano_cost(prices[step["model"]], *tokens)
    if "ms" in step:
        yield f"latency_ms_{1 << max(0, step['ms'] - 1).bit_length()}", 1
