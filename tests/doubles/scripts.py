"""Answers that a chat endpoint gives in tests: those of the rules, as they are or spoiled."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import orjson

from beam_synth.commands.survey import survey
from beam_synth.drawing import digest
from beam_synth.engines.base import Completion, Request
from beam_synth.engines.prompts import Prompts
from beam_synth.errors import Rejected
from beam_synth.generation.calls import Endpoint, Policy
from beam_synth.generation.mixture import PlanConfig, Share
from beam_synth.generation.outcomes import Finished
from beam_synth.generation.planning import plan_passage, plan_record
from beam_synth.generation.program import run_program
from beam_synth.generation.seeds import seed_of
from beam_synth.generation.task_calls import Context, Role
from beam_synth.generation.trial import try_out
from beam_synth.generation.window import Window
from beam_synth.job.loading import load_job
from beam_synth.job.schema import Model
from beam_synth.methods import SAMPLES, Seed, load_method, records_of
from beam_synth.records import Passage, Row
from beam_synth.rule_engine import Extractive
from beam_synth.runs.identity import plan_run
from tests.doubles.engines import DoubleEngine, Told
from tests.doubles.programs import config_of
from tests.servers.fake_openai import Behaviour, FakeOpenAI

BY_MODELS_ALONE = frozenset({"rephrase"})  # methods that no rule can serve
Spoil = Callable[[dict[str, Any], Mapping[str, Any]], Any]  # (answer, variables) -> what is said


class Recorder(DoubleEngine):
    """The rule engine; keeps what it was asked, as a chat endpoint would see it, and said."""

    name = "rule:extractive"

    def __init__(self) -> None:
        self._rules = Extractive()
        self.prompts = Prompts()
        self.said: dict[str, tuple[str, dict[str, Any], Mapping[str, Any]]] = {}
        # Tasks in which the rules had nothing to say at some point, or were asked the same as in
        # another one.
        self.cut: set[str] = set()
        self._refused = False
        self._asked: dict[str, str] = {}  # prompt -> the task that brought it
        self._task = ""

    async def generate(self, request: Request) -> list[Completion]:
        try:
            made = await self._rules.generate(request)
        except Rejected:
            self._refused = True
            raise
        messages = self.prompts.render(request.wording, request.variables)
        prompt = "\n".join(message["content"] for message in messages)
        if self._asked.setdefault(prompt, self._task) != self._task:  # which of both is meant?
            self.cut |= {self._task, self._asked[prompt]}
        self.said[prompt] = request.template, orjson.loads(made[0].text), dict(request.variables)
        return made

    def run(self, seeds: Iterable[Seed]) -> list[Finished]:
        """The outcomes of the seeds' tasks."""
        role = Role(Endpoint(self, Window(1), Policy(), Told().stop), {})
        context = Context(
            1,
            lambda name: (role,),
            load_method,
            self.prompts.sha256,
            variants=self.prompts.variants,
        )

        ended = []
        for seed in seeds:
            self._refused, self._task = False, seed.task.task_id
            item = asyncio.run(run_program(seed, context))
            assert isinstance(item, Finished)
            ended.append(item)
            if self._refused:
                self.cut.add(seed.task.task_id)
        return ended

    def answering(
        self, template: str = "", spoil: Spoil | None = None, otherwise: str | None = None
    ) -> Behaviour:
        """An endpoint that says what the rules said, that of one template spoiled; to what the
        rules were not asked it says `otherwise`, or what the fake endpoint says by itself."""

        def says(prompt: str) -> str | None:
            if prompt not in self.said:
                return otherwise
            asked, data, variables = self.said[prompt]
            said = spoil(dict(data), variables) if spoil and asked == template else data
            return said if isinstance(said, str) else orjson.dumps(said).decode()

        return Behaviour(says=says)


def passages(language: str, n: int = 60) -> list[Passage]:
    """Passages of the sample encyclopaedia, in an order of their own."""
    found = survey(plan_run(load_job("quickstart"), ""), 200)
    every = [p for group in found.passages for p in group if p.language == language]
    return sorted(every, key=lambda p: p.passage_id)[:n]


def seeds(method: str, found: Sequence[Passage], each: float = 1.0) -> list[Seed]:
    """One task of a method (or `each`) a passage; the passages after it are its neighbours."""
    near = load_method(method).neighbors
    plan = PlanConfig(1, (Share(method, 1.0, 1, near),), each, None, 8)
    by_id = {p.passage_id: p for p in found}
    ids = list(by_id)
    return [
        seed_of(task, by_id)
        for i, p in enumerate(found)
        for task in plan_passage(p.passage_id, p.language, [*ids[i + 1 :], *ids[:i]][:near], plan)
    ]


def following(rows: Iterable[Row], method: str = "multi_turn") -> list[Seed]:
    """One task that starts from each row."""
    share = Share(method, 1.0, 1, 0, records_of(SAMPLES), 1)
    plan = PlanConfig(1, (share,), 1.0, None, 8)
    return [
        seed_of(task, {}, row)
        for row in rows
        for task in plan_record(row["synth_id"], row["language"], "", [share], 1.0, plan)
    ]


def ask(behaviour: Behaviour, tasks: Sequence[Seed]) -> list[Finished]:
    """The outcomes of tasks whose models are a chat endpoint, at which rules stand behind."""
    behaviour.models = ("rule:fake-model",)
    with FakeOpenAI(behaviour) as server:
        model = Model(engine="openai", model=behaviour.models[0], base_url=server.url)
        ended = asyncio.run(try_out(tasks, config_of(model, task_buckets=8)))
    assert all(isinstance(item, Finished) for item in ended), digest(str(ended))
    return [item for item in ended if isinstance(item, Finished)]
