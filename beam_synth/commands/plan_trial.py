"""What `plan` tries out: some tasks of each method, on rules in place of a model.

Rules answer what they can; elsewhere a text of usual length stands in, so that the programs of
anyone's methods go on and their prompts are seen.
"""

from __future__ import annotations

import asyncio
import dataclasses
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from beam_synth.commands.rehearsal import Rehearsal, rehearse, some_of_each
from beam_synth.commands.survey import Survey
from beam_synth.drawing import draw
from beam_synth.engines.base import Completion, Request, Usage
from beam_synth.engines.embedders import make_tokenizer
from beam_synth.engines.prompts import Prompts
from beam_synth.generation.calls import Endpoint, Policy
from beam_synth.generation.engine_registry import RULES
from beam_synth.generation.mixture import PlanConfig
from beam_synth.generation.outcomes import Finished
from beam_synth.generation.program import Unfinished, run_program
from beam_synth.generation.seeds import seed_of
from beam_synth.generation.stopping import Stop
from beam_synth.generation.task_calls import Context, Role
from beam_synth.generation.token_limits import thinking_room
from beam_synth.generation.who_judges import judging_of
from beam_synth.generation.window import Window
from beam_synth.job.schema import Job
from beam_synth.judges.rubrics import HOLDS, JUDGE_FOLDER
from beam_synth.methods.loading import load_method
from beam_synth.methods.seeds import Seed
from beam_synth.records import Passage, Task
from beam_synth.rule_engine import Extractive

_WORDS = 60  # of an answer that stands in for a model's
_WHY = 12  # words of a reason that a judge gives


@dataclasses.dataclass
class Calls:
    """What the tried-out tasks sent and got, by method."""

    tasks: Counter[str] = dataclasses.field(default_factory=Counter)
    prompt_tokens: Counter[str] = dataclasses.field(default_factory=Counter)
    completion_tokens: Counter[str] = dataclasses.field(default_factory=Counter)
    most_tokens: Counter[str] = dataclasses.field(default_factory=Counter)  # as drawn, of answers
    shown: dict[str, str] = dataclasses.field(default_factory=dict)  # template -> a prompt
    stood_in: set[str] = dataclasses.field(default_factory=set)  # methods that rules cannot answer
    # What judges were sent and said, by the method of the sample; in none of the others.
    judged: Counter[str] = dataclasses.field(default_factory=Counter)  # calls
    judge_prompt_tokens: Counter[str] = dataclasses.field(default_factory=Counter)
    judge_completion_tokens: Counter[str] = dataclasses.field(default_factory=Counter)


class _Recorder:
    """Answers in a model's place, and notes the prompt that one would have been sent."""

    timed = False
    limited = True  # what it notes is what a model would be asked for
    can = frozenset({*Extractive.can, "n", "schema"})

    def __init__(self, job: Job, calls: Calls) -> None:
        self._rules = Extractive()
        self._count = make_tokenizer(job.model("embedder")).count
        self._prompts = Prompts(job.prompts)
        self._calls = calls
        # a rule engine writes what its facts carry, a model as much as it is told to
        self._told = job.model("generator").engine != "extractive"
        self.name = self._rules.name
        self.method = ""  # of the task that is tried out

    async def generate(self, request: Request) -> list[Completion]:
        """The completion; notes the tokens of the prompt and of the answer."""
        messages = self._prompts.render(request.wording, request.variables)
        text = "\n".join(f"[{m['role']}]\n{m['content']}" for m in messages)
        judged = request.template.startswith(JUDGE_FOLDER)
        # First the answer: of what rules refuse nothing counts.
        completions = self._judged(request, text) if judged else await self._answers(request)
        self._calls.shown.setdefault(request.template, text)
        if judged:
            return completions
        self._calls.prompt_tokens[self.method] += self._count([text])[0]
        self._calls.most_tokens[self.method] += int(request.sampling.get("max_tokens", 0))
        for completion in completions:
            tokens = self._count([completion.text])[0]
            if self._told and request.schema is not None:
                tokens = round(tokens * lengthened(completion.text, request.variables))
            self._calls.completion_tokens[self.method] += tokens
        return completions

    def _judged(self, request: Request, prompt: str) -> list[Completion]:
        """A judge's word that lets the sample pass, with reasons of usual length."""
        names = request.variables["questions"]
        said = {name: {"why": " ".join(["word"] * _WHY), "verdict": HOLDS} for name in names}
        text = orjson.dumps(said).decode()
        calls = self._calls
        calls.judged[self.method] += 1
        calls.judge_prompt_tokens[self.method] += self._count([prompt])[0]
        calls.judge_completion_tokens[self.method] += self._count([text])[0]
        return [Completion(text, usage=Usage())]

    async def _answers(self, request: Request) -> list[Completion]:
        if self._rules.knows(request.template):
            return await self._rules.generate(request)
        self._calls.stood_in.add(self.method)
        answer = stand_in(request.schema)
        text = answer if isinstance(answer, str) else orjson.dumps(answer).decode()
        return [Completion(text, usage=Usage()) for _ in range(request.n)]

    def sha256(self, template: str) -> str:
        """SHA-256 of a template of the job, in hex."""
        return self._prompts.sha256(template)

    def variants(self, template: str) -> Sequence[str]:
        """The variants of a step of the job."""
        return self._prompts.variants(template)

    async def close(self) -> None:
        """Nothing to close."""


def seeds_to_try(
    tasks: Sequence[Task], surveyed: Survey, problems: str | None, most: int, of_cell: int
) -> list[Seed]:
    """Up to `most` tasks of each method that starts from texts, and up to `of_cell` of each in each
    language, with their texts; other passages stand in for neighbours."""
    by_id = {p.passage_id: p for group in surveyed.passages for p in group}
    of_texts = [task for task in tasks if task.passage_id]
    some = {task.task_id: task for task in some_of_each(of_texts, most)}
    for code in sorted({task.language for task in of_texts}) if of_cell else ():
        of_language = [task for task in of_texts if task.language == code]
        some |= {task.task_id: task for task in some_of_each(of_language, of_cell)}
    return [seed_of(_with_neighbors(task, by_id), by_id, None, problems) for task in some.values()]


def _with_neighbors(task: Task, by_id: Mapping[str, Passage]) -> Task:
    wanted = load_method(task.method).neighbors
    others = [p.passage_id for p in by_id.values() if p.language == task.language]
    near = draw(0, task.task_id, "stand-ins").sample(others, wanted + 1)
    return dataclasses.replace(
        task, neighbors=tuple(name for name in near if name != task.passage_id)[:wanted]
    )


def try_on_rules(
    job: Job, seeds: Sequence[Seed], config: PlanConfig, most: int
) -> tuple[Calls, Rehearsal]:
    """Run tasks of the first round, and up to `most` of each method of later ones."""
    calls = Calls()
    recorder = _Recorder(job, calls)
    stop = Stop(lambda: None, lambda reason, message: None)
    endpoint = Endpoint(recorder, Window(1), Policy(second_try=False), stop)
    model = job.model("generator")
    role = Role(endpoint, {}, 0 if model.engine in RULES else thinking_room(model))

    def models(name: str) -> tuple[Role, ...]:  # as many as a method draws from the role
        drawn = [load_method(method).roles.get(name, 0) for method in job.mixture]
        return (role,) * max(1, *drawn)

    judging = judging_of(job)
    if judging is not None:
        judging = judging._replace(audited=False, share=0.0)  # each sample once; shares are known
    context = Context(job.seed, models, load_method, recorder.sha256, judging, recorder.variants)

    async def one_by_one(seeds: Sequence[Seed]) -> list[Finished | Unfinished]:
        ended = []
        for seed in seeds:
            recorder.method = seed.task.method
            calls.tasks[recorder.method] += 1
            ended.append(await run_program(seed, context))
        return ended

    return calls, asyncio.run(rehearse(seeds, config, one_by_one, most))


def lengthened(text: str, variables: Mapping[str, Any]) -> float:
    """How many times as long an answer by rules is to be counted, since a model's trace has the
    words that it is asked to have.

    >>> lengthened('{"reasoning": "one two", "answer": "three four"}', {"trace_words": 6})
    2.0
    """
    words = int(variables.get("trace_words", 0))
    answer = orjson.loads(text) if words else {}
    if not isinstance(answer, dict):
        return 1.0
    written = {name: len(str(part).split()) for name, part in answer.items()}
    total = sum(written.values())
    return (total + max(0, words - written.get("reasoning", 0))) / total if total else 1.0


def stand_in(schema: Mapping[str, Any] | None) -> Any:
    """An instance of a JSON schema with texts of usual length; a text where there is no schema.

    >>> stand_in({"type": "object", "properties": {"score": {"type": "integer", "minimum": 1},
    ...                                            "verdict": {"enum": ["yes", "no"]}}})
    {'score': 1, 'verdict': 'yes'}
    """
    if schema is None:
        return " ".join(["word"] * _WORDS)
    if "enum" in schema:
        return schema["enum"][0]
    kind = schema.get("type", "string")
    if kind == "object":
        return {name: stand_in(part) for name, part in schema.get("properties", {}).items()}
    if kind == "array":
        return [stand_in(schema.get("items"))] * max(3, schema.get("minItems", 0))
    if kind in ("integer", "number"):
        return schema.get("minimum", 1)
    return True if kind == "boolean" else stand_in(None)
