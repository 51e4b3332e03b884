"""What a method is: an async function, declared with what the planner must know of it."""

from __future__ import annotations

import dataclasses
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Literal

from beam_synth.checks import Check
from beam_synth.drawing import Draw
from beam_synth.engines.ports import Models
from beam_synth.engines.prompt_checks import Example
from beam_synth.records import FindPassage, Passage, Row, Sample, Task


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
        """The code of the language that the sample is to be in."""
        return self.task.language


# A row of SAMPLE_SCHEMA and the run's texts by SHA-256 -> its checks, made again.
Verifier = Callable[[Row, FindPassage], Sequence[Check]]

# A purpose ("axes") -> the generator of that purpose of one task.
DrawFor = Callable[[str], Draw]

MethodFunction = Callable[[Seed, Models, DrawFor], Awaitable[Sample | list[Sample]]]


@dataclasses.dataclass(frozen=True)
class Method:
    """A method program with what the planner must know of it."""

    name: str  # as a job's mixture has it
    function: MethodFunction
    exercise: str  # the kind of sample, as rows record it
    calls: int  # model calls of a usual task, for `plan`
    starts_from: Literal["passage", "problem", "sample"] = "passage"
    neighbors: int = 0  # how many neighbours it wants at most
    revision: int = 1  # raise it when the same task would give another sample
    # each template that it may ask -> examples of the variables that it gives it, to try it with
    prompts: Mapping[str, tuple[Example, ...]] = dataclasses.field(default_factory=dict)
    verify: Verifier | None = None  # runs the checks of a written row again, in their order


def method(
    *,
    exercise: str,
    calls: int,
    starts_from: Literal["passage", "problem", "sample"] = "passage",
    neighbors: int = 0,
    revision: int = 1,
    prompts: Sequence[str] | Mapping[str, Example | Sequence[Example]] = (),
    verify: Verifier | None = None,
) -> Callable[[MethodFunction], MethodFunction]:
    """Declare an async function as a method; its name is the function's.

    The arguments are the fields of `Method` of the same names; an example of `prompts` may stand
    alone, and names alone have none: such templates are parsed before a run, and not tried. The
    declaration is kept on the function, which itself stays as it is.

    >>> @method(exercise="riddle", calls=1)
    ... async def riddle(seed, models, draw): ...
    >>> riddle.beam_synth_method.starts_from
    'passage'
    """

    asked = _with_examples(prompts)

    def declare(function: MethodFunction) -> MethodFunction:
        name = function.__name__
        declared = Method(
            name, function, exercise, calls, starts_from, neighbors, revision, asked, verify
        )
        function.__dict__["beam_synth_method"] = declared
        return function

    return declare


def _with_examples(
    prompts: Sequence[str] | Mapping[str, Example | Sequence[Example]],
) -> dict[str, tuple[Example, ...]]:
    if not isinstance(prompts, Mapping):
        return dict.fromkeys(prompts, ())
    return {
        template: (examples,) if isinstance(examples, Mapping) else tuple(examples)
        for template, examples in prompts.items()
    }
