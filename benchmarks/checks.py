"""What the formal checks of a record cost in CPU.

    BEAM_SYNTH_TEST_DATA=... python -m benchmarks.checks [--tasks 60] [--language en]

The records are made by the rule engine over the real articles, or those of the sample encyclopaedia
where the variable is not set; the passages of a language are each other's neighbours. Two figures
for each method and each of its checks, in ms of CPU a record: `alone`, with nothing known of any
text before the record; `in order`, with what earlier records of the run have left in the caches
(a passage is a source of several tasks). A check pays for what it is the first to ask for.
"""

from __future__ import annotations

import argparse
import dataclasses
import gc
import hashlib
import importlib
import os
import pkgutil
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import beam_synth.checks
from beam_synth.checks import CheckFunction, Exchange
from beam_synth.checks.suites import MEMORIZATION, RAG
from beam_synth.drawing import draw
from beam_synth.methods import Row, Texts
from beam_synth.methods.memorization import exchange_of
from beam_synth.methods.rag import sources_of
from beam_synth.records import LANGUAGES, Passage
from benchmarks.extractive import Timed, outcomes_of, passages_of

GOAL_MS = 1.0
ROUNDS = 3  # the least of them counts
_PATTERNS = 32  # a cache of at most as many entries holds patterns or models, not texts


class Suite(NamedTuple):
    """The checks of a method, and how a written row becomes what they look at."""

    read: Callable[[Row, Texts], Exchange]
    checks: tuple[CheckFunction, ...]


def with_sources(row: Row, texts: Texts) -> Exchange:
    """The exchange of a written rag row."""
    sources = sources_of(row, texts)
    return dataclasses.replace(exchange_of(row, texts), neighbors=(), sources=sources)


SUITES = {
    "memorization": Suite(exchange_of, MEMORIZATION),
    "rag": Suite(with_sources, RAG),
}


def text_caches() -> list[Any]:
    """The caches of the checks that hold what is known of texts."""
    found = []
    for module in pkgutil.iter_modules(beam_synth.checks.__path__, "beam_synth.checks."):
        for value in vars(importlib.import_module(module.name)).values():
            size = value.cache_info().maxsize if hasattr(value, "cache_info") else 0
            if value not in found and (size is None or size > _PATTERNS):
                found.append(value)
    return found


def exchanges_of(passages: Sequence[Passage], tasks: int) -> Iterator[tuple[str, Exchange]]:
    """(method, exchange) of the rows that the rule engine makes of a language's passages."""
    chosen = draw(1, passages[0].language, "checks").sample(passages, tasks // len(SUITES))
    known = {hashlib.sha256(p.text.encode()).hexdigest(): p for p in chosen}
    for _, outcome in outcomes_of(chosen, tasks, Timed()):
        for row in outcome.samples:
            method = row["exercise"]
            yield method, SUITES[method].read(row, known.__getitem__)


Parts = dict[str, tuple[CheckFunction, ...]]


def whole(suite: Suite) -> Parts:
    """The suite in one part: the clock is read twice a record."""
    return {"": suite.checks}


def single(suite: Suite) -> Parts:
    """Each check by itself; reading the clock adds about 2 us to each."""
    return {check.__name__.removeprefix("check_"): (check,) for check in suite.checks}


def measure(
    exchanges: Sequence[tuple[str, Exchange]], parts: Callable[[Suite], Parts], *, alone: bool
) -> dict[tuple[str, str], list[float]]:
    """(method, part) -> milliseconds of CPU, one entry a record."""
    timed = {method: parts(suite) for method, suite in SUITES.items()}
    caches = text_caches()
    found: dict[tuple[str, str], list[float]] = defaultdict(list)
    for cache in caches:
        cache.cache_clear()
    for method, exchange in exchanges:
        for cache in caches if alone else ():
            cache.cache_clear()
        for name, checks in timed[method].items():
            started = time.process_time()
            for check in checks:
                check(exchange)
            found[method, name].append(1000 * (time.process_time() - started))
    return found


def mean_of(
    exchanges: Sequence[tuple[str, Exchange]], parts: Callable[[Suite], Parts], *, alone: bool
) -> dict[tuple[str, str], float]:
    """Mean of `measure`, each entry the least of some rounds: the machine has other work, too."""
    rounds = [measure(exchanges, parts, alone=alone) for _ in range(ROUNDS)]
    least = {
        key: [min(t) for t in zip(*(r[key] for r in rounds), strict=True)] for key in rounds[0]
    }
    return {key: sum(found) / len(found) for key, found in least.items()}


def report(exchanges: Sequence[tuple[str, Exchange]]) -> Iterator[str]:
    """The lines of the report."""
    records = Counter(method for method, _ in exchanges)
    alone, in_order = (mean_of(exchanges, whole, alone=cold) for cold in (True, False))
    each, each_in_order = (mean_of(exchanges, single, alone=cold) for cold in (True, False))
    yield f"CPU of the checks, ms a record {'alone':>7} {'in order':>9}   (goal: below {GOAL_MS:g})"
    for method in records:
        yield (
            f"{method + ', ' + str(records[method]) + ' records':<30} "
            f"{alone[method, '']:7.3f} {in_order[method, '']:9.3f}"
        )
        for key in sorted((key for key in each if key[0] == method), key=lambda key: -each[key]):
            yield f"  {key[1]:<28} {each[key]:7.3f} {each_in_order[key]:9.3f}"


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--tasks", type=int, default=60, help="a language")
    parser.add_argument("--language", default="", choices=["", *LANGUAGES])
    arguments = parser.parse_args()
    data = os.environ.get("BEAM_SYNTH_TEST_DATA")
    sample = Path(__file__).resolve().parents[1] / "templates" / "sample" / "articles-*.jsonl"
    by_language: dict[str, list[Passage]] = defaultdict(list)
    for passage in passages_of(f"{data}/structured/*.jsonl.gz" if data else str(sample)):
        by_language[passage.language].append(passage)
    exchanges: list[tuple[str, Exchange]] = []
    for code in [arguments.language] if arguments.language else LANGUAGES:
        if by_language[code]:
            exchanges += exchanges_of(by_language[code], arguments.tasks)
    gc.freeze()
    gc.set_threshold(10_000, 10, 10)  # as `beam_synth.runtime` sets it
    measure(exchanges, whole, alone=False)  # patterns are compiled, the language model is loaded
    print("\n".join(report(exchanges)))


if __name__ == "__main__":
    main()
