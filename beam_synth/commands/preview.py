"""`preview`: real records of each method from a job's real engines; nothing is written."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from beam_synth.commands.rehearsal import (
    Given,
    given_instructions,
    given_seeds,
    source_tasks,
    tasks_from,
)
from beam_synth.commands.survey import survey
from beam_synth.dataset.surface import shown_turns
from beam_synth.drawing import draw
from beam_synth.engines.chat_payloads import Findings
from beam_synth.engines.embedders import make_embedder
from beam_synth.generation.config import GenerateConfig
from beam_synth.generation.mixture import PlanConfig, rates
from beam_synth.generation.outcomes import Finished, record_id_of
from beam_synth.generation.program import Unfinished
from beam_synth.generation.seeds import seed_of
from beam_synth.generation.trial import try_out
from beam_synth.job.schema import Job
from beam_synth.knowledge.neighbors import Block, TopK
from beam_synth.knowledge.vector_files import embedded_languages
from beam_synth.methods.loading import load_method, wants_neighbors
from beam_synth.methods.seeds import Seed
from beam_synth.records import SAMPLES, Passage, Row
from beam_synth.runs.identity import Run

_ARTICLES = 40
_PASSAGES = 96  # embedded, so that neighbours are real ones among them
_TRIES = 4  # tasks for each record that a method is to show: some end as rejects
_DETAIL = 300  # characters


def show(run: Run, n: int, findings: Mapping[str, Findings] | None = None) -> str:
    """The text that `beam-synth preview` prints: up to `n` records, each method in its turn.

    A method has four tasks for each record that is its due; of one without a record it is said
    why. Methods that start from records start from those that are shown. Neighbours are the
    nearest of 96 drawn passages. `findings` say how endpoints are asked. Nothing is written. Raises
    Refused where no article can be read, and what the engines raise.
    """
    plan = PlanConfig.of_job(run.job, run.task_buckets)
    config = GenerateConfig.of_job(
        run.job,
        run="",
        passage_buckets=1,
        task_buckets=run.task_buckets,
        findings=findings,
    )
    turns = _Turns(run.job.mixture, n, plan)
    turns.put(_seeds(run, plan))
    while batch := turns.next():
        for seed, ended in zip(batch, asyncio.run(try_out(batch, config)), strict=True):
            turns.take(seed.task.method, ended)
    return "\n".join([*turns.lines, *turns.without(), turns.summary])


class _Turns:
    """Whose turn it is: the methods that have shown least, the heaviest of the mixture first."""

    def __init__(self, mixture: Mapping[str, float], n: int, plan: PlanConfig) -> None:
        self._methods = sorted(mixture, key=lambda name: -mixture[name])
        self._n = n
        self._plan = plan
        self._most = _TRIES * -(-n // len(self._methods))  # tasks of a method
        self._queues: dict[str, deque[Seed]] = {name: deque() for name in self._methods}
        self._tasks: Counter[str] = Counter()  # ever put
        self._made: Counter[str] = Counter()
        self._ends: dict[str, Counter[str]] = defaultdict(Counter)  # what else came, by method
        self.lines: list[str] = []

    @property
    def shown(self) -> int:
        """Number of records."""
        return self._made.total()

    @property
    def summary(self) -> str:
        """The last line."""
        kinds = {_called(method) for method in self._methods}
        kind = kinds.pop() if len(kinds) == 1 else "record"
        return f"{self.shown} {kind}{'s' * (self.shown != 1)}; nothing was written"

    def put(self, seeds: Iterable[Seed]) -> None:
        """Tasks for later turns; a method's first ones are kept."""
        for seed in seeds:
            if self._tasks[seed.task.method] < self._most:
                self._tasks[seed.task.method] += 1
                self._queues[seed.task.method].append(seed)

    def next(self) -> list[Seed]:
        """One task of each method whose turn it is; none where enough is shown or nothing left."""
        able = [name for name in self._methods if self._queues[name]]
        least = min((self._made[name] for name in able), default=0)
        turn = [name for name in able if self._made[name] == least]
        return [self._queues[name].popleft() for name in turn[: self._n - self.shown]]

    def take(self, method: str, ended: Finished | Unfinished) -> None:
        """Show what came of a task."""
        if isinstance(ended, Unfinished):
            self._say(method, "not finished", ended.detail)
        elif ended.outcome.kind != "made":
            self._say(method, ended.outcome.reason, ended.outcome.detail)
        else:
            row = ended.outcome.records[0]
            self._made[method] += 1
            self.lines.append(_row(self.shown, method, row))
            self.put(_following(method, record_id_of(ended.outcome.task_id, 0), row, self._plan))

    def _say(self, method: str, what: str, detail: str) -> None:
        self._ends[method][what] += 1
        self.lines.append(f"--- no {_called(method)}: {method}: {what}: {detail[:_DETAIL]}\n")

    def without(self) -> list[str]:
        """Lines that say which methods show no record, and why."""
        without = [name for name in self._methods if not self._made[name]]
        crowded = [name for name in without if self.shown == self._n and not self._ends[name]]
        lines = [f"{name} shows no {_called(name)}: {self._why(name)}" for name in without
                 if name not in crowded]  # fmt: skip
        if crowded:
            room = f"-n {len(self._methods)} has room for each method"
            lines.append(f"no room for {', '.join(crowded)}: {room}")
        return lines

    def _why(self, name: str) -> str:
        ends = self._ends[name]
        if ends:
            told = ", ".join(f"{k} {what}" for what, k in ends.most_common())
            return f"{ends.total()} tasks were tried ({told})"
        if any(share.method == name and share.round for share in self._plan.shares):
            return "it starts from what other methods make, and there was none"
        return "no task of it was drawn for these passages"


def _called(method: str) -> str:
    """What a record of a method is called."""
    return "sample" if load_method(method).makes.name == SAMPLES.name else "record"


def _following(maker: str, record_id: str, row: Row, plan: PlanConfig) -> list[Seed]:
    """A task that starts from the row for each method that starts from what its maker makes."""
    shares = [share for share in plan.shares if maker in share.makers]
    found = [tasks_from(share, record_id, row, plan)[:1] for share in shares]
    return [seed_of(task, {}, row) for tasks in found for task in tasks]


def _seeds(run: Run, config: PlanConfig) -> list[Seed]:
    """Tasks of the first round in drawn order: of drawn articles, their neighbours the nearest of
    these passages; of instructions; of problems."""
    given = given_instructions(run) if config.plans_given else Given([], 0)
    seeds = given_seeds(run, config, given, _PASSAGES)
    if run.texts:
        seeds += _passage_seeds(run, config)
    return draw(run.job.seed, "tasks", "preview").shuffled(seeds)


def _passage_seeds(run: Run, config: PlanConfig) -> list[Seed]:
    needed = embedded_languages(config.wanted_languages, run.job.neighbors)
    chosen: list[Sequence[Passage]] = []
    articles = draw(run.job.seed, "articles", "preview").shuffled(survey(run, _ARTICLES).passages)
    for of_article in articles:
        passages = [p for p in of_article if needed is None or p.language in needed]
        if sum(map(len, chosen)) + len(passages) <= _PASSAGES or not chosen:
            chosen.append(passages)
    every = sorted((p for of in chosen for p in of), key=lambda p: p.passage_id)
    near = {p.passage_id: ids for p, ids in zip(every, _neighbors(run.job, every), strict=True)}
    by_language = rates(Counter(p.language for p in every), config)
    by_id = {p.passage_id: p for p in every}
    tasks = source_tasks(chosen, near, by_language, config)
    return [seed_of(task, by_id, None, run.job.problems) for of in tasks for task in of]


def _neighbors(job: Job, passages: Sequence[Passage]) -> list[list[str]]:
    if not (passages and wants_neighbors(job)):
        return [[] for _ in passages]
    vectors = make_embedder(job.model("embedder")).embed([p.text for p in passages])
    languages = np.array([p.language for p in passages])
    block = Block(vectors, np.arange(len(passages)), languages)
    search = TopK(block, job.neighbors.k, job.neighbors.language)
    search.add(block)
    return [[passages[row].passage_id for row in rows if row >= 0] for rows in search.rows]


def _row(number: int, method: str, row: Row) -> str:
    """A record with every turn and its role, a sample as it is trained on."""
    made = row["exercise"] if row["exercise"] == method else f"{row['exercise']} ({method})"
    by = f", by {row['model']}" if row["model"] else ""  # a rule of the method's own has none
    lines = [f"--- {_called(method)} {number}: {made}, {row['language']}{by}"]
    lines += [f"seed: {seed['title']} {seed['url']}".rstrip() for seed in row["seeds"][:1]]
    for role, text in shown_turns(row):
        lines.append(f"[{role}]\n  " + text.replace("\n", "\n  "))
    return "\n".join([*lines, ""])
