"""Methods: one file each, an async function that turns a seed into samples.

    @method(exercise="memorization", calls=2)
    async def memorization(seed: Seed, models: Models, draw: Drawer) -> Sample | list[Sample]:
        ...            # or raise Rejected(reason, detail)

A method reads top to bottom like the description in its paper. It never retries, never looks at
a clock and never touches files: `models.<role>.ask` calls the engine, `draw(purpose)` gives the
generator for one purpose of this task.
"""

from __future__ import annotations

import dataclasses
import importlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Literal, Protocol

from beam_synth.checks import Check
from beam_synth.drawing import Draw
from beam_synth.errors import Refused, nearest
from beam_synth.records import Passage, Sample, Task


@dataclasses.dataclass(frozen=True)
class Seed:
    """What a method starts from: the task with its texts attached.

    `passage` is the parent's seed where the method starts from a sample, and merely numbers the
    tasks where it starts from a problem.
    """

    task: Task
    passage: Passage
    neighbors: tuple[Passage, ...]  # nearest first
    parent: Mapping[str, Any] | None = None  # row (SAMPLE_SCHEMA) that it starts from
    problems: str | None = None  # the job's own folder of problem templates

    @property
    def language(self) -> str:
        return self.task.language


@dataclasses.dataclass(frozen=True)
class Answer:
    """One answer of a model: its text and, where a schema was asked for, the parsed object.

    `shortened` says that the model was shown the shorter form of the request.
    """

    text: str
    data: dict[str, Any]
    shortened: bool = False


class Port(Protocol):
    """One role's engine as a method sees it; retries, window and accounts are behind it."""

    async def ask(
        self,
        template: str,
        variables: Mapping[str, Any],
        schema: Mapping[str, Any] | None = None,
        sampling: Mapping[str, Any] | None = None,
        shorter: Mapping[str, Any] | None = None,
    ) -> Answer:
        """Call the engine once (as seen from here).

        `shorter` are variables to ask with where the request does not fit the model's context;
        without them, or where they do not fit either, it raises Rejected("context_too_long").

        With a schema, `Answer.data` is an instance of it; an answer that is not one is sent back
        with the error a bounded number of times, then raises Rejected("malformed_answer").
        """
        ...


class Models(Protocol):
    @property
    def generator(self) -> Port: ...

    @property
    def judge(self) -> Port: ...


Row = Mapping[str, Any]  # of SAMPLE_SCHEMA
Texts = Callable[[str], Passage]  # the passage of a text's sha256; raises KeyError
Verifier = Callable[[Row, Texts], Sequence[Check]]
Drawer = Callable[[str], Draw]
MethodFunction = Callable[[Seed, Models, Drawer], Awaitable[Sample | list[Sample]]]


@dataclasses.dataclass(frozen=True)
class Method:
    """A method program with what the planner must know of it."""

    name: str
    function: MethodFunction
    exercise: str
    calls: int  # model calls of a usual task, for `plan`
    starts_from: Literal["passage", "problem", "sample"] = "passage"
    neighbors: int = 0  # how many neighbours it wants at most
    revision: int = 1  # raise it when the same task would give another sample
    prompts: tuple[str, ...] = ()  # templates it may ask
    verify: Verifier | None = None  # runs the checks of a written row again, in their order


def method(
    *,
    exercise: str,
    calls: int,
    starts_from: Literal["passage", "problem", "sample"] = "passage",
    neighbors: int = 0,
    revision: int = 1,
    prompts: tuple[str, ...] = (),
    verify: Verifier | None = None,
) -> Callable[[MethodFunction], MethodFunction]:
    """Declare an async function as a method."""

    def declare(function: MethodFunction) -> MethodFunction:
        name = function.__name__
        declared = Method(
            name, function, exercise, calls, starts_from, neighbors, revision, prompts, verify
        )
        function.__dict__["beam_synth_method"] = declared
        return function

    return declare


# name -> its module in beam_synth.methods
SHIPPED = {
    "memorization": "memorization",
    "rag": "rag",
    "rag_ends": "rag",
    "mcq": "mcq",
    "arithmetic": "arithmetic",
    "math_mcq": "arithmetic",
    "creative_writing": "creative",
    "constrained_writing": "creative",
    "editing": "editing",
    "multi_turn": "multi_turn",
}


def load_method(name: str) -> Method:
    """The method of that name: a shipped one, or "package.module:function".

    Raises Refused with the nearest known name when there is none.
    """
    module_name, _, function_name = name.partition(":")
    if not function_name:
        if name not in SHIPPED:
            raise Refused(
                f"mixture: there is no method {name!r}{nearest(name, SHIPPED)}; shipped are "
                f"{', '.join(SHIPPED)}; your own is 'package.module:function'"
            )
        module_name, function_name = f"beam_synth.methods.{SHIPPED[name]}", name
    try:
        function = getattr(importlib.import_module(module_name), function_name)
        declared: Method = function.__dict__["beam_synth_method"]
    except (ImportError, AttributeError, KeyError) as error:
        raise Refused(f"mixture: cannot load the method {name!r}: {error!r}") from error
    return dataclasses.replace(declared, name=name)
