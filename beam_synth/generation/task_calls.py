"""What one task's program calls: a place for each call, its seed by that place, and the log.

A place names a call: its seed is drawn by it, records list the calls by it, and the journal finds
it again. It does not depend on which answer comes first.
"""

from __future__ import annotations

import asyncio
import contextvars
import dataclasses
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import Any

import orjson

from beam_synth.checks.sent_back import sent_back_note
from beam_synth.drawing import Draw, digest, draw
from beam_synth.engines.base import Request
from beam_synth.errors import Permanent, Rejected, Stopped
from beam_synth.generation.calls import Called, Endpoint, PutOff
from beam_synth.generation.journal import TaskJournal
from beam_synth.generation.who_judges import Judging
from beam_synth.judges.rubrics import JUDGE_FOLDER
from beam_synth.methods.declaration import Method
from beam_synth.records import Task


@dataclasses.dataclass(frozen=True)
class Role:
    """One model of a role: its endpoint, and the sampling that the job sets for it."""

    endpoint: Endpoint
    sampling: Mapping[str, Any]  # goes before what a method asks for
    thinking_room: int = 0  # tokens that are added to a drawn limit, for what the model thinks


@dataclasses.dataclass(frozen=True)
class Context:
    """What all programs of a run share; each callable takes a name and gives the same for it."""

    seed: int  # the run's
    role: Callable[[str], Sequence[Role]]  # the models of a role, one or those of its pool
    method: Callable[[str], Method]
    prompt_sha256: Callable[[str], str]  # of a wording, in hex
    judging: Judging | None = None  # how samples are judged; None: nobody is asked
    variants: Callable[[str], Sequence[str]] = lambda template: ()  # of a step, as Prompts has it


# ---------------------------------------------------------------- places of calls

Place = tuple[int, ...]


@dataclasses.dataclass
class _Branch:
    """An asyncio task of a program, which numbers what it asks: 1, 2, …

    A task that the program starts (`asyncio.gather`) is a branch with numbers of its own below the
    next number of the one that started it: branches are told apart by the order in which they ask
    first, which is that in which they were started, and not by which answer comes first.
    """

    runs: asyncio.Task[Any] | None
    place: Place = ()
    asked: int = 0

    def next(self) -> Place:
        self.asked += 1
        return (*self.place, self.asked)


_BRANCH: contextvars.ContextVar[_Branch] = contextvars.ContextVar("branch")


def _most_telling(errors: BaseExceptionGroup[BaseException]) -> BaseException:
    """The error that decides what becomes of a task whose branches raised several: what puts it
    off goes before what ends it."""
    single: list[BaseException] = []
    for error in errors.exceptions:
        single.append(_most_telling(error) if isinstance(error, BaseExceptionGroup) else error)
    order = (Stopped, PutOff, Permanent, Rejected)
    return min(single, key=lambda e: next((i for i, t in enumerate(order) if isinstance(e, t)), 9))


def step_name(request: Request) -> str:
    """What a call is called in steps and records: its template, "complete" without one."""
    return request.template or "complete"


# ---------------------------------------------------------------- the calls of one program


class TaskCalls:
    """The calls of one task's program, as it makes them.

    The program runs inside `async with calls`. `last_text` is the text of the last answer, by its
    place, which a reject keeps; what a judge says of it is none. `journal` holds the calls of an
    earlier attempt at the task; None where none are kept.
    """

    def __init__(self, task: Task, context: Context, journal: TaskJournal | None = None) -> None:
        self.context = context
        self._task = task
        self._journal = journal
        self._logged: dict[Place, tuple[dict[str, Any], dict[str, Any]]] = {}
        self._notes: dict[Place, dict[str, Any]] = {}
        self._branches: set[asyncio.Task[Any]] = set()  # that are not done
        self._last: Place = ()
        self._loop: asyncio.AbstractEventLoop | None = None  # while the program runs
        self.last_text = ""

    def draw(self, purpose: str) -> Draw:
        """The task's generator for one purpose."""
        return draw(self.context.seed, self._task.task_id, purpose)

    def variant(self, template: str, place: Place = ()) -> str:
        """The variant of a step that the call of that place is worded by, the same whenever the
        program runs; "" where the step has one wording."""
        names = self.context.variants(template)
        return self.draw(f"prompt {template} {place}").choice(names) if names else ""

    @property
    def steps(self) -> list[dict[str, Any]]:
        """`Outcome.steps`: one a call, in the order of their places."""
        return [step for _, (step, _) in sorted(self._logged.items())]

    @property
    def models(self) -> list[dict[str, Any]]:
        """MODEL entries of what was called, each once, in the order of the calls."""
        entries: list[dict[str, Any]] = []
        for _, (_, entry) in sorted(self._logged.items()):
            if entry not in entries:
                entries.append(entry)
        return entries

    def next_place(self) -> Place:
        """The place of what the running asyncio task asks next."""
        branch, running = _BRANCH.get(), asyncio.current_task(self._loop)
        if running is not None and branch.runs is not running:
            branch = _Branch(running, branch.next())
            _BRANCH.set(branch)
            self._branches.add(running)
            running.add_done_callback(self._branches.discard)
        return branch.next()

    async def __aenter__(self) -> None:
        """The program begins, in the running asyncio task."""
        self._loop = asyncio.get_running_loop()  # asks the system for the process: once is enough
        _BRANCH.set(_Branch(asyncio.current_task(self._loop)))

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """The program is over: branches that it left behind are ended, since nobody waits for
        their answers. Of several errors at once the most telling one goes on, alone."""
        left = list(self._branches)
        for branch in left:
            branch.cancel()
        if left:
            await asyncio.gather(*left, return_exceptions=True)
        if isinstance(error, BaseExceptionGroup):
            raise _most_telling(error) from error

    async def call(self, role: Role, request: Request, place: Place, again: int = 0) -> Called:
        """Make a call, or take what the journal holds of it, and log it.

        `again` counts the calls of one place. Raises as `Endpoint.call`.
        """
        key = self._key(place, again)
        seed = int(key[:8], 16) >> 1
        request = Request(**{**vars(request), "seed": seed})  # a third of what `replace` takes
        if self._journal is None:
            called = await role.endpoint.call(request, key)
        else:
            wording = self._prompt_sha256(request)
            called = await self._journal.call(role.endpoint, request, key, wording)
        if not called.completions:
            raise Permanent(f"{role.endpoint.engine.name} gives no completion")
        self._log(request, role, called, (*place, again))
        return called

    def _key(self, place: Place, again: int) -> str:
        """The key of a call, the same whenever the program runs."""
        parts = [*place, *(("again", again) if again else ())]
        return digest(self.context.seed, self._task.task_id, "call", *parts)

    def _prompt_sha256(self, request: Request) -> str:
        return self.context.prompt_sha256(request.wording) if request.template else ""

    def _log(self, request: Request, role: Role, called: Called, place: Place) -> None:
        engine, completions = role.endpoint.engine, called.completions
        if place > self._last and not request.template.startswith(JUDGE_FOLDER):
            self._last, self.last_text = place, completions[0].text
        step = {
            "step": step_name(request),
            "model": engine.name,
            "prompt_tokens": sum([c.usage.prompt_tokens for c in completions]),
            "completion_tokens": sum([c.usage.completion_tokens for c in completions]),
            "tries": called.tries,
            "malformed": False,
        }
        reasoning = sum([c.usage.reasoning_tokens for c in completions])
        if reasoning:
            step["reasoning_tokens"] = reasoning
        if engine.timed:  # a rule takes no time worth telling, its outcomes are always the same
            step["ms"] = round(1000 * called.seconds)
        sent = completions[0].sampling  # where the endpoint does not take what was asked for
        sampling = request.sampling if sent is None else sent
        entry = {
            "name": engine.name,
            "revision": getattr(engine, "revision", ""),
            "license": getattr(engine, "license", ""),
            "step": step_name(request),
            "variant": request.variant,
            "prompt_sha256": self._prompt_sha256(request),
            "sampling": orjson.dumps(sampling, option=orjson.OPT_SORT_KEYS).decode(),
        }
        self._logged[place] = step, entry

    def note(self, call: Place, what: str) -> None:
        """Something of an answer of that call (its place, and which of that place it was) that its
        step records: `malformed`, `faulty`, `cut_off` or `repaired`."""
        self._logged[call][0][what] = True

    def sent_back(self, call: Place, request: Request, fault: str) -> None:
        """The answer of that call went back with these words."""
        self._notes[call] = sent_back_note(step_name(request), fault).record()

    @property
    def notes(self) -> tuple[dict[str, Any], ...]:
        """Records of `checks` of the answers that went back, in the order of the calls."""
        return tuple(note for _, note in sorted(self._notes.items()))
