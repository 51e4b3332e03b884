"""How good the rule engine is, over the real articles: retrieval, openers, traces, checks, cost.

    BEAM_SYNTH_TEST_DATA=... python -m benchmarks.extractive [--tasks 300] [--show N]
    python -m benchmarks.extractive RUN

With the folder of a run, of a model too, how much its rows repeat each other: `repetition`.

For each language: share of answerable queries whose seed is in BM25's top 10 over all passages of
the language (goal: 80%), the most frequent opener of four words (goal: at most 5%), distinct trace
skeletons over all (goal: 200), tasks that pass every check, CPU a call.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import orjson

from beam_synth.commands.survey import survey
from beam_synth.drawing import draw
from beam_synth.ending import in_one_line
from beam_synth.engines.base import Completion, Request
from beam_synth.generation.calls import Endpoint, Policy
from beam_synth.generation.mixture import PlanConfig
from beam_synth.generation.planning import plan_passage
from beam_synth.generation.program import Unfinished, run_program
from beam_synth.generation.stopping import Stop
from beam_synth.generation.task_calls import Context, Role
from beam_synth.generation.window import Window
from beam_synth.job.schema import Job
from beam_synth.methods import PassageSeed, load_method
from beam_synth.methods.shared.bare_query import bare_query
from beam_synth.records import LANGUAGES, Outcome, Passage
from beam_synth.rule_engine import Extractive
from beam_synth.runs.identity import plan_run
from beam_synth.text.sentences import words
from benchmarks import repetition

METHODS = ("memorization", "rag")
MARKS = re.compile(r"\?maybe\?|⟨H≈\d\.\d⟩|[→↺※∴●◐○⚠☐☑✓≈├└#]")
QUOTED = re.compile(r"“[^”]*”|source_\d+")


class Bm25:
    """BM25 (k1 1.2, b 0.75) over passages, by sparse term counts."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._postings: dict[str, list[tuple[int, int]]] = defaultdict(list)
        tokens = [[w.casefold() for w in words(text)] for text in texts]
        for row, found in enumerate(tokens):
            for word, n in Counter(found).items():
                self._postings[word].append((row, n))
        lengths = np.array([len(found) for found in tokens], float)
        self._norm = 1.2 * (0.25 + 0.75 * lengths / lengths.mean())
        self._total = len(texts)

    def rank(self, query: str, row: int) -> int:
        """How many passages score higher than `row`."""
        scores = np.zeros(self._total)
        for word in {w.casefold() for w in words(query)}:
            postings = self._postings.get(word)
            if not postings:
                continue
            rows = np.array([r for r, _ in postings])
            n = np.array([c for _, c in postings], float)
            idf = np.log(1 + (self._total - len(rows) + 0.5) / (len(rows) + 0.5))
            scores[rows] += idf * n * 2.2 / (n + self._norm[rows])
        return int((scores > scores[row]).sum())


class Timed:
    """The engine with its CPU time."""

    name = Extractive.name
    timed = False
    can = Extractive.can

    def __init__(self) -> None:
        self._engine = Extractive()
        self.calls = 0
        self.seconds = 0.0

    async def generate(self, request: Request) -> list[Completion]:
        """One call."""
        started = time.process_time()
        try:
            return await self._engine.generate(request)
        finally:
            self.calls += 1
            self.seconds += time.process_time() - started

    async def close(self) -> None:
        """Nothing to close."""


def passages_of(pattern: str) -> list[Passage]:
    """All passages of the articles."""
    job = Job(name="b", articles=[pattern], mixture=dict.fromkeys(METHODS, 0.5))
    found = survey(plan_run(job, ""), 1 << 30)
    return [p for group in found.passages for p in group]


def outcomes_of(passages: Sequence[Passage], tasks: int, engine: Timed) -> list[Any]:
    """(task, outcome) of up to `tasks` tasks; passages of the language stand in for neighbours."""
    job = Job(name="b", articles=["x"], mixture=dict.fromkeys(METHODS, 0.5))
    config = PlanConfig.of_job(job, 8)
    stop = Stop(lambda: None, lambda reason, message: None)
    role = Role(Endpoint(engine, Window(1), Policy(), stop), {})
    context = Context(1, lambda name: (role,), load_method, lambda template: "")
    chosen = draw(1, passages[0].language, "benchmark").sample(passages, tasks // len(METHODS))
    found = []
    for passage in chosen:
        others = draw(1, passage.passage_id, "near").sample(passages, 11)
        near = [p for p in others if p.passage_id != passage.passage_id][:10]
        for task in plan_passage(passage.passage_id, passage.language, [], config):
            ended = asyncio.run(
                run_program(PassageSeed(task, passage, tuple(near), (passage,)), context)
            )
            if not isinstance(ended, Unfinished):
                found.append((passage, ended.outcome))
    return found


def skeleton(trace: str) -> str:
    """The trace without its content: quoted terms and figures."""
    return re.sub(r"\d", "0", QUOTED.sub("“”", trace))


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("run", nargs="?", type=Path, help="folder of a run, to look at its rows")
    parser.add_argument("--tasks", type=int, default=300, help="a language")
    parser.add_argument("--show", type=int, default=0, help="samples to print a language")
    parser.add_argument("--language", default="")
    arguments = parser.parse_args()
    if arguments.run is not None:
        print("\n".join(repetition.report(repetition.rows_of(arguments.run))))
        return
    data = os.environ.get("BEAM_SYNTH_TEST_DATA")
    sample = Path(__file__).resolve().parents[1] / "templates" / "sample" / "articles-*.jsonl"
    pattern = f"{data}/structured/*.jsonl.gz" if data else str(sample)
    by_language: dict[str, list[Passage]] = defaultdict(list)
    for passage in passages_of(pattern):
        by_language[passage.language].append(passage)
    skeletons: set[str] = set()
    engine = Timed()
    reasons: Counter[str] = Counter()
    for code in [arguments.language] if arguments.language else LANGUAGES:
        passages = by_language.get(code)
        if not passages:
            print(f"{code}: no passages")
            continue
        found = outcomes_of(passages, arguments.tasks, engine)
        print(report(code, passages, found, skeletons, reasons))
        show(found, arguments.show)
    print(f"distinct trace skeletons: {len(skeletons)} (goal: at least 200)")
    print(f"CPU a call: {1000 * engine.seconds / max(1, engine.calls):.2f} ms")
    print("rejects:", dict(reasons.most_common()))


def report(
    code: str,
    passages: Sequence[Passage],
    found: Sequence[tuple[Passage, Outcome]],
    skeletons: set[str],
    reasons: Counter[str],
) -> str:
    """One language's figures; adds to skeletons and reasons."""
    rows = [(p, row) for p, outcome in found for row in outcome.records]
    reasons.update(f"{code}:{o.reason}" for _, o in found if o.kind != "made")
    index = Bm25([p.text for p in passages])
    place = {p.passage_id: n for n, p in enumerate(passages)}
    asked = [
        (p, row)
        for p, row in rows
        if orjson.loads(row["constraints"])["query_result"] == "positive"
    ]
    hits = sum(
        index.rank(bare_query(row["query"], row["exercise"]), place[p.passage_id]) < 10
        for p, row in asked
    )
    openers = Counter(" ".join(row["query"].split()[:4]) for _, row in rows)
    top, n = openers.most_common(1)[0] if openers else ("", 0)
    skeletons.update(skeleton(row["synthetic_reasoning"]) for _, row in rows)
    return (
        f"{code}: {len(passages):,} passages, {len(rows)}/{len(found)} tasks pass "
        f"({len(rows) / max(1, len(found)):.0%}); BM25 top 10: {hits / max(1, len(asked)):.0%} "
        f"(goal 80%); top opener {top!r} {n / max(1, len(rows)):.1%} (goal 5%)"
    )


def show(found: Sequence[tuple[Passage, Outcome]], n: int) -> None:
    """Print some outcomes to look at."""
    for _, outcome in found[:n]:
        print("-" * 20, outcome.kind, outcome.reason, outcome.detail[:300], outcome.raw[:600])
        for row in outcome.records:
            for key in ("constraints", "query", "synthetic_reasoning", "synthetic_answer"):
                print(f"{key}: {row[key]}")


if __name__ == "__main__":
    sys.exit(in_one_line(main))
