"""Judges of tests: a word on each question, by its name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

import orjson

from beam_synth.engines.base import Completion, Request, Usage
from beam_synth.generation.calls import Endpoint, Policy
from beam_synth.generation.outcomes import Finished
from beam_synth.generation.program import run_program
from beam_synth.generation.task_calls import Context, Role
from beam_synth.generation.who_judges import Judging
from beam_synth.generation.window import Window
from beam_synth.judges.rubrics import HOLDS, JUDGE_FOLDER
from beam_synth.methods import Seed, load_method
from tests.doubles.engines import Told
from tests.doubles.scripts import Recorder

Says = Callable[[str], str]  # a question's name -> its verdict
Change = Callable[
    [str, dict[str, Any]], dict[str, Any]
]  # (template, what rules say) -> what is said

_SYSTEM = "You examine samples of a training set."
_ASKED = re.compile(r"^- ([a-z_]+): ", re.MULTILINE)


def word(questions: Iterable[str], says: Says) -> str:
    """A judge's word, as it sends it."""
    return orjson.dumps({n: {"why": f"about {n}", "verdict": says(n)} for n in questions}).decode()


def says_to(prompt: str, says: Says) -> str | None:
    """A judge's word on a prompt that a chat endpoint gets; None where it is no judge's."""
    if _SYSTEM not in prompt:
        return None
    asked = prompt.partition(_SYSTEM)[2].partition("Reply with one JSON object")[0]
    return word(_ASKED.findall(asked), says)


class JudgeEngine(Recorder):
    """The rules, whose answers `change` may alter; to what a judge is asked it says its word.

    `judged` holds the variables that it was shown as a judge, by template.
    """

    def __init__(
        self, name: str, says: Says = lambda question: HOLDS, change: Change | None = None
    ) -> None:
        super().__init__()
        self.name = name
        self.judged: list[tuple[str, dict[str, Any]]] = []
        self._says = says
        self._change = change

    async def generate(self, request: Request) -> list[Completion]:
        if request.template.startswith(JUDGE_FOLDER):
            self.prompts.render(request.template, request.variables)
            self.judged.append((request.template, dict(request.variables)))
            return [Completion(word(request.variables["questions"], self._says), usage=Usage(9, 3))]
        made = await super().generate(request)
        if self._change is None:
            return made
        data = self._change(request.template, orjson.loads(made[0].text))
        return [Completion(orjson.dumps(data).decode(), usage=Usage(1, 1))]


def context(judging: Judging | None, **engines: JudgeEngine) -> Context:
    """A context whose roles have these engines."""
    roles = {
        name: (Role(Endpoint(engine, Window(1), Policy(), Told().stop), {}),)
        for name, engine in engines.items()
    }
    prompts = next(iter(engines.values())).prompts
    return Context(1, roles.__getitem__, load_method, prompts.sha256, judging)


async def ended(seeds: Iterable[Seed], given: Context) -> list[Finished]:
    """The outcomes of the seeds' tasks."""
    found = [await run_program(seed, given) for seed in seeds]
    assert all(isinstance(item, Finished) for item in found)
    return [item for item in found if isinstance(item, Finished)]
