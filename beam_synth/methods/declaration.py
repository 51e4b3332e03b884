"""What a method is: an async function, declared with what the planner must know of it."""

from __future__ import annotations

import dataclasses
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Literal

from beam_synth.checks import Check
from beam_synth.drawing import Draw
from beam_synth.engines.base import ABILITIES
from beam_synth.engines.ports import Models
from beam_synth.errors import nearest
from beam_synth.records import FindPassage, Passage, Row, Sample, Task

JOURNAL_ABOVE = 10  # calls of a task: what a kill costs below is not worth a file of its own


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
    prompts: tuple[str, ...] = ()  # templates it may ask
    verify: Verifier | None = None  # runs the checks of a written row again, in their order
    # Role that it asks beside the generator -> models that it draws from the role's pool at once;
    # 0: it asks the role's one model.
    roles: Mapping[str, int] = dataclasses.field(default_factory=dict)
    # Role -> what its engine has to be able to, of engines.base.ABILITIES.
    needs: Mapping[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)
    journal: bool = False  # whether finished calls of tasks that have not ended are kept


def method(
    *,
    exercise: str,
    calls: int,
    starts_from: Literal["passage", "problem", "sample"] = "passage",
    neighbors: int = 0,
    revision: int = 1,
    prompts: tuple[str, ...] = (),
    verify: Verifier | None = None,
    roles: Sequence[str] | Mapping[str, int] = (),
    needs: Sequence[str] | Mapping[str, Sequence[str]] = (),
    journal: bool | None = None,
) -> Callable[[MethodFunction], MethodFunction]:
    """Declare an async function as a method; its name is the function's.

    The arguments are the fields of `Method` of the same names. `roles` may be a list of roles that
    are asked directly, ("teacher",), or say how many models are drawn from each, {"completer": 4}.
    `needs` may be a list, ("logprobs", "complete"): then of every role in `roles`, or of the
    generator where there is none. `journal`: by default for methods of more than 10 calls. The
    declaration is kept on the function, which itself stays as it is. Raises ValueError for an
    ability that there is not, and for needs of a role that is not declared.

    >>> @method(exercise="riddle", calls=1)
    ... async def riddle(seed, models, draw): ...
    >>> riddle.beam_synth_method.starts_from
    'passage'
    """

    def declare(function: MethodFunction) -> MethodFunction:
        function.__dict__["beam_synth_method"] = Method(
            function.__name__,
            function,
            exercise,
            calls,
            starts_from,
            neighbors,
            revision,
            prompts,
            verify,
            drawn,
            needed,
            calls > JOURNAL_ABOVE if journal is None else journal,
        )
        return function

    drawn = dict(roles) if isinstance(roles, Mapping) else dict.fromkeys(roles, 0)
    needed = _needs_of(needs, drawn)
    return declare


def _needs_of(
    needs: Sequence[str] | Mapping[str, Sequence[str]], roles: Mapping[str, int]
) -> dict[str, tuple[str, ...]]:
    """What each role's engine has to be able to, from either form of a declaration."""
    if not isinstance(needs, Mapping):
        needs = dict.fromkeys(roles or ("generator",), needs) if needs else {}
    for role, abilities in needs.items():
        if role != "generator" and role not in roles:
            raise ValueError(f"needs: the role {role!r} is not declared{nearest(role, roles)}")
        for ability in abilities:
            if ability not in ABILITIES:
                raise ValueError(f"needs: there is no {ability!r}{nearest(ability, ABILITIES)}")
    return {role: tuple(abilities) for role, abilities in needs.items()}
