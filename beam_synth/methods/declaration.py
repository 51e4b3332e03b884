"""What a method is: an async function, declared with what the planner must know of it."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, TypeVar

from beam_synth.checks import Check
from beam_synth.drawing import Draw
from beam_synth.engines.base import ABILITIES
from beam_synth.engines.ports import Models
from beam_synth.engines.prompt_checks import Example
from beam_synth.errors import nearest
from beam_synth.methods.seeds import PASSAGE, Start
from beam_synth.records import REASONS, SAMPLES, DatasetConfig, FindPassage, Made, Numbers, Row

# A row of the config's schema and the run's texts by SHA-256 -> its checks, made again.
Verifier = Callable[[Row, FindPassage], Sequence[Check]]

# A purpose ("axes") -> the generator of that purpose of one task.
DrawFor = Callable[[str], Draw]

# A seed, the job's models and the task's draws -> records. Of which seed, `starts_from` says.
MethodFunction = Callable[[Any, Models, DrawFor], Awaitable[Made | Sequence[Made]]]

# A seed and draws of it -> the parameters of each of its tasks, as JSON objects.
TasksOf = Callable[[Any, DrawFor], Sequence[Mapping[str, Any]]]


def once(seed: Any, draw: DrawFor) -> list[dict[str, Any]]:
    """A method's `tasks` where each seed gets exactly one task, whatever the weights."""
    return [{}]


JOURNAL_ABOVE = 10  # calls of a task: what a kill costs below is not worth a file of its own

_REASON = re.compile(r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$")


@dataclasses.dataclass(frozen=True)
class Method:
    """A method program with what the planner must know of it."""

    name: str  # as a job's mixture has it
    function: MethodFunction
    exercise: str  # the kind of record, as rows record it
    calls: int  # model calls of a usual task, for `plan`
    # Of a task whose answers all go back for their form, and whose loops take all their turns.
    most_calls: int = 0  # 0: as many as `calls`
    starts_from: Start = PASSAGE
    makes: DatasetConfig = SAMPLES
    neighbors: int = 0  # how many neighbours it wants at most, of a single passage
    revision: int = 1  # raise it when the same task would give another record
    # each template that it may ask -> examples of the variables that it gives it, to try it with
    prompts: Mapping[str, tuple[Example, ...]] = dataclasses.field(default_factory=dict)
    verify: Verifier | None = None  # runs the checks of a written row again, in their order
    # Its own reasons, beside `REASONS`: the rule that did not hold -> what that means.
    reasons: Mapping[str, str] = dataclasses.field(default_factory=dict)
    numbers: Numbers | None = None  # of its records' texts; None: as the config says
    tasks: TasksOf | None = None  # in place of a weight: the tasks of one seed
    tokens: int = 0  # that a usual task of `tasks` writes, for tasks.budget
    # Role that it asks beside the generator -> models that it draws from the role's pool at once;
    # 0: it asks the role's one model.
    roles: Mapping[str, int] = dataclasses.field(default_factory=dict)
    # Role -> what its engine has to be able to, of engines.base.ABILITIES.
    needs: Mapping[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)
    journal: bool = False  # whether finished calls of tasks that have not ended are kept
    # Codes of the languages that its words and checks are written for; None: any.
    languages: tuple[str, ...] | None = None
    prose: bool = False  # whether single passages that are no prose (`text.prose`) give it no tasks

    @property
    def folds_numbers(self) -> bool:
        """Whether two of its texts that differ in numbers alone are duplicates."""
        return (self.numbers or self.makes.numbers) == "folded"

    def knows(self, reason: str) -> bool:
        """Whether a record of it may be rejected with this reason."""
        return reason in REASONS or reason in self.reasons


F = TypeVar("F", bound=Callable[..., Any])


def method(
    *,
    exercise: str,
    calls: int,
    most_calls: int = 0,
    starts_from: Start = PASSAGE,
    makes: DatasetConfig = SAMPLES,
    neighbors: int = 0,
    revision: int = 1,
    prompts: Sequence[str] | Mapping[str, Example | Sequence[Example]] = (),
    verify: Verifier | None = None,
    reasons: Mapping[str, str] | None = None,
    numbers: Numbers | None = None,
    tasks: TasksOf | None = None,
    tokens: int = 0,
    roles: Sequence[str] | Mapping[str, int] = (),
    needs: Sequence[str] | Mapping[str, Sequence[str]] = (),
    journal: bool | None = None,
    languages: Sequence[str] | None = None,
    prose: bool = False,
) -> Callable[[F], F]:
    """Declare an async function as a method; its name is the function's.

    The arguments are the fields of `Method` of the same names. An example of `prompts` may stand
    alone, and names alone have none: such templates are parsed before a run, and not tried. `roles`
    may be a list of roles that are asked directly, ("teacher",), or say how many models are drawn
    from each, {"completer": 4}. `needs` may be a list, ("logprobs", "complete"): then of every role
    in `roles`, or of the generator where there is none. `journal`: by default for methods of more
    than 10 calls. `languages`: where it has words or checks for some languages alone;
    planning gives it no task in another one.

    The declaration is kept on the function, which itself stays as it is. Raises ValueError for an
    ability that there is not, for needs of a role that is not declared, for neighbours of anything
    but single passages, for languages that are no list, and for a reason that is no lower-case name
    with underscores, or that has another meaning already.

    >>> @method(exercise="riddle", calls=1, reasons={"too_short": "fewer than five words"})
    ... async def riddle(seed, models, draw): ...
    >>> str(riddle.beam_synth_method.starts_from), riddle.beam_synth_method.knows("too_short")
    ('passages', True)
    """
    own = _checked_reasons(reasons or {})
    if languages is not None and (isinstance(languages, str) or not languages):
        raise ValueError(f"languages: {languages!r} is no list of codes")
    if neighbors and (tasks is not None or starts_from != PASSAGE):
        raise ValueError("neighbors: only single passages that are drawn have neighbours")
    drawn = dict(roles) if isinstance(roles, Mapping) else dict.fromkeys(roles, 0)
    needed = _needs_of(needs, drawn)
    asked = _with_examples(prompts)

    def declare(function: F) -> F:
        function.__dict__["beam_synth_method"] = Method(
            name=function.__name__,
            function=function,
            exercise=exercise,
            calls=calls,
            most_calls=max(calls, most_calls),
            starts_from=starts_from,
            makes=makes,
            neighbors=neighbors,
            revision=revision,
            prompts=asked,
            verify=verify,
            reasons=own,
            numbers=numbers,
            tasks=tasks,
            tokens=tokens,
            roles=drawn,
            needs=needed,
            journal=calls > JOURNAL_ABOVE if journal is None else journal,
            languages=None if languages is None else tuple(languages),
            prose=prose,
        )
        return function

    return declare


def _checked_reasons(reasons: Mapping[str, str]) -> dict[str, str]:
    for reason, meaning in reasons.items():
        if not _REASON.match(reason) or not meaning:
            raise ValueError(f"the reason {reason!r} needs a name like 'too_short' and a meaning")
        if reason in REASONS and REASONS[reason] != meaning:
            raise ValueError(f"the reason {reason!r} means already: {REASONS[reason]}")
    return dict(reasons)


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


def _with_examples(
    prompts: Sequence[str] | Mapping[str, Example | Sequence[Example]],
) -> dict[str, tuple[Example, ...]]:
    if not isinstance(prompts, Mapping):
        return dict.fromkeys(prompts, ())
    return {
        template: (examples,) if isinstance(examples, Mapping) else tuple(examples)
        for template, examples in prompts.items()
    }
