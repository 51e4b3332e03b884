"""Methods, an engine and a small run for tests of generation."""

from __future__ import annotations

import asyncio
import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, ClassVar

import orjson
import pyarrow as pa
import pytest

from beam_synth.drawing import bucket_of, digest
from beam_synth.engines.base import Completion, Request, Usage
from beam_synth.errors import Permanent, Rejected, Transient, Unusable
from beam_synth.generation import engine_registry
from beam_synth.generation.config import GenerateConfig
from beam_synth.generation.health import Bounds
from beam_synth.generation.mixture import PlanConfig, Share
from beam_synth.generation.planning import plan_passage
from beam_synth.job.schema import GenerateSettings, Model
from beam_synth.knowledge.passage_store import write_passages
from beam_synth.methods import DrawFor, Models, PassageSeed, method
from beam_synth.methods.shared.samples import turns
from beam_synth.records import PASSAGE_SCHEMA, Passage, Sample, Task, seed_record
from beam_synth.storage.files import RunFolder
from beam_synth.storage.layout import passages_path
from tests.doubles.engines import DoubleEngine
from tests.doubles.exchanges import passage

PASSAGE_BUCKETS = 2
TASK_BUCKETS = 4
SCHEMA = {
    "type": "object",
    "properties": {"query": {"type": "string", "minLength": 1}, "answer": {"type": "string"}},
    "required": ["query", "answer"],
}


# ---------------------------------------------------------------- methods


def sample_of(seed: PassageSeed, query: str, answer: str, quality: float = 1.0) -> Sample:
    return Sample(
        language=seed.language,
        exercise="memorization",
        query=query,
        reasoning="a → b ∴ c",
        answer=answer,
        seeds=(seed_record(seed.passage, "primary"),),
        checks=(),
        messages=turns(query, "a → b ∴ c", answer),
        quality=quality,
    )


@method(exercise="memorization", calls=2)
async def two_calls(seed: PassageSeed, models: Models, draw: DrawFor) -> Sample:
    """Asks for a query, then for an answer."""
    number = draw("number").below(1000)
    variables = {"text": seed.passage.text, "number": number}
    first = await models.generator.ask("memorization/query", variables, SCHEMA)
    second = await models.generator.ask(
        "memorization/answer", {**variables, "query": first.data["query"]}, SCHEMA
    )
    return sample_of(seed, first.data["query"], second.data["answer"], quality=number / 1000)


@method(exercise="rag", calls=1, neighbors=2)
async def two_samples(seed: PassageSeed, models: Models, draw: DrawFor) -> list[Sample]:
    """One call, two samples; uses its neighbours."""
    text = " ".join(neighbor.text for neighbor in seed.neighbors)
    answer = await models.generator.ask("rag/query", {"text": text, "number": 0}, SCHEMA)
    return [sample_of(seed, answer.data["query"] + mark, "from " + text) for mark in "ab"]


@method(exercise="memorization", calls=12)
async def twelve_calls(seed: PassageSeed, models: Models, draw: DrawFor) -> Sample:
    """Twelve calls, each with what the one before gave."""
    text = seed.passage.text
    for number in range(12):
        variables = {"text": text, "number": number}
        answer = await models.generator.ask("memorization/answer", variables, SCHEMA)
        text = answer.data["query"] + answer.data["answer"]
    return sample_of(seed, "what comes of it?", text)


@method(exercise="memorization", calls=0)
async def rejecting(seed: PassageSeed, models: Models, draw: DrawFor) -> Sample:
    raise Rejected("nothing_to_ask", "no fact")


@method(exercise="memorization", calls=0)
async def unknown_reason(seed: PassageSeed, models: Models, draw: DrawFor) -> Sample:
    raise Rejected("my own reason")


@method(exercise="memorization", calls=0)
async def broken(seed: PassageSeed, models: Models, draw: DrawFor) -> Sample:
    raise KeyError("missing")


@method(exercise="memorization", calls=0)
async def surrogate(seed: PassageSeed, models: Models, draw: DrawFor) -> Sample:
    return sample_of(seed, "lone \ud800", "answer")


@method(exercise="memorization", calls=0)
async def none_at_all(seed: PassageSeed, models: Models, draw: DrawFor) -> list[Sample]:
    return []


# ---------------------------------------------------------------- engine


class FakeEngine(DoubleEngine):
    """Deterministic answers by request hash; faults as the class attributes say."""

    name = "fake"
    calls: ClassVar[Counter[str]] = Counter()  # tries by request
    in_flight = 0
    most_in_flight = 0
    latency = 0.0
    transient = 0.0  # share of tries that fail, the same ones in each run
    malformed = 0  # answers of a request that are not of its schema
    refuse = ""  # texts with this in them get a permanent error
    dead: Exception | None = None
    on_call: Callable[[int], None] | None = None  # gets the number of calls so far

    @classmethod
    def reset(cls) -> None:
        cls.calls = Counter()
        cls.in_flight = cls.most_in_flight = 0
        cls.latency = cls.transient = 0.0
        cls.malformed = 0
        cls.refuse, cls.dead, cls.on_call = "", None, None

    async def generate(self, request: Request) -> list[Completion]:
        cls = type(self)
        cls.in_flight += 1
        cls.most_in_flight = max(cls.most_in_flight, cls.in_flight)
        try:
            if cls.latency:
                await asyncio.sleep(cls.latency)
            return self._answer(request)
        finally:
            cls.in_flight -= 1

    def _answer(self, request: Request) -> list[Completion]:
        key = digest(request.template, orjson.dumps(dict(request.variables)))
        tries = self.calls[key]
        self.calls[key] += 1
        if (on_call := type(self).on_call) is not None:
            on_call(self.calls.total())
        if self.dead is not None:
            raise self.dead
        if int(digest("fault", key, tries)[:8], 16) / 2**32 < self.transient:
            raise Transient("status 503", retry_after=0.002)
        if self.refuse and self.refuse in str(request.variables["text"]):
            raise Permanent("status 400: too long")
        if tries < self.malformed:  # and is sent back
            return [Completion('{"query": 1}', usage=Usage(3, 1))]
        answer = {"query": f"what is {key[:6]}?", "answer": str(request.variables["text"])[:40]}
        return [Completion(orjson.dumps(answer).decode(), usage=Usage(10, 5))]


class FakePrompts:
    """Prompts that render to their variables."""

    def __init__(self, folder: str | None) -> None:
        pass

    def variants(self, template: str) -> tuple[str, ...]:
        return ()

    def sha256(self, template: str) -> str:
        return hashlib.sha256(template.encode()).hexdigest()

    def render(self, template: str, variables: Any) -> list[dict[str, str]]:
        return [{"role": "user", "content": f"{template}: {variables['text']}"}]


def install(monkeypatch: pytest.MonkeyPatch) -> type[FakeEngine]:
    """Make the engine `fake` known, and prompts that need no files."""
    from beam_synth.generation import roles

    FakeEngine.reset()
    maker = engine_registry.KnownEngine(
        lambda model, generate, prompts: FakeEngine(), "json", "core"
    )
    monkeypatch.setitem(engine_registry.ENGINES, "fake", maker)
    monkeypatch.setattr(roles, "Prompts", FakePrompts)
    return FakeEngine


# ---------------------------------------------------------------- a run


def passages(n: int) -> list[Passage]:
    return [
        passage(
            f"The {i}th thing weighs {i * 7} tons. It lies in town {i}.",
            f"Title {i}",
            passage_id=digest("passage", i),
            article_id=f"enwiki:{i}",
            sentences=(0, 30),
        )
        for i in range(n)
    ]


def write_run(run: Path, found: Sequence[Passage]) -> None:
    """Write the passages of a run."""
    for bucket in range(PASSAGE_BUCKETS):
        rows = [
            {**vars(p), "sentences": list(p.sentences), "links": []}
            for p in found
            if bucket_of(p.passage_id, PASSAGE_BUCKETS) == bucket
        ]
        with RunFolder(str(run)).create(passages_path(bucket)) as handle:
            write_passages([pa.Table.from_pylist(rows, schema=PASSAGE_SCHEMA)], handle)


def tasks_of(found: Sequence[Passage], *methods: str, seed: int = 1) -> list[Task]:
    """One task of each method (of this module) for each passage, by id."""
    names = sorted(f"tests.doubles.programs:{name}" for name in methods)
    config = PlanConfig(seed, tuple(Share(m, 1.0, 1, 2) for m in names), len(names), None, 4)
    ids = [p.passage_id for p in found]
    tasks = [
        task
        for i, p in enumerate(ids)
        for task in plan_passage(p, "en", [*ids[i + 1 :], *ids[:i]][:2], config)
    ]
    return sorted(tasks, key=lambda task: task.task_id)


def config_of(model: Model, **fields: Any) -> GenerateConfig:
    """A model in both roles; no run directory, unless it is one of the fields."""
    settings: dict[str, Any] = {
        "run": "",
        "seed": 1,
        "models": {"generator": model, "judge": model},
        "generate": GenerateSettings(window=4),
        "prompts": None,
        "passage_buckets": 1,
        "task_buckets": TASK_BUCKETS,
    }
    return GenerateConfig(**{**settings, **fields})


def config(run: Path, **generate: Any) -> GenerateConfig:
    """Of a run by the engine `fake`; `generate` are settings of generation."""
    model = Model(engine="fake", sampling={"temperature": 0.5})
    settings = GenerateSettings(**{"window": 4, **generate})
    return config_of(model, run=str(run), generate=settings, passage_buckets=PASSAGE_BUCKETS)


DEAD = Transient("ConnectionRefusedError")
KEY_REFUSED = Unusable("status 401: wrong key")
PATIENT = Bounds(given_up=10**6, refused=10**6, error_rate=1.0)  # no number of errors stops a run
