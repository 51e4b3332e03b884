"""The models of a job as one task's program sees them: a port a role, or a pool to draw from."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Awaitable, Iterable, Mapping, Sequence
from typing import Any, NoReturn, TypeVar

from beam_synth.checks.instances import parse_instance
from beam_synth.drawing import Draw
from beam_synth.engines.base import ABILITIES, Completion, Request
from beam_synth.engines.ports import Answer, Port
from beam_synth.errors import Permanent, Rejected, TooLong
from beam_synth.generation.calls import corrections
from beam_synth.generation.task_calls import Place, Role, TaskCalls, step_name
from beam_synth.text.control_tokens import neutral_answer, neutral_values

T = TypeVar("T")


class ProgramModels:
    """The `Models` of `engines.ports` for the program whose calls these are."""

    def __init__(self, calls: TaskCalls) -> None:
        self._calls = calls

    @property
    def generator(self) -> Port:
        """The port of the generator."""
        return self._port("generator")

    @property
    def judge(self) -> Port:
        """The port of the judge."""
        return self._port("judge")

    def __getattr__(self, role: str) -> Port:
        if role.startswith("_"):
            raise AttributeError(role)
        return self._port(role)

    def _port(self, role: str) -> Port:
        try:
            models = self._calls.context.role(role)
        except KeyError:
            raise AttributeError(
                f"the job has no role {role!r}; a method that asks it declares roles=({role!r},)"
            ) from None
        if len(models) == 1:
            return _Port(self._calls, models[0])
        return _PoolPort(self._calls, role, models)


@dataclasses.dataclass(frozen=True)
class _Form:
    """A request in the form in which it is asked now, and the shorter form that it may take."""

    request: Request
    shorter: Mapping[str, Any] | None = None  # variables
    shortened: bool = False

    def shorten(self) -> _Form | None:
        """The shorter form; None where there is none left."""
        if self.shorter is None:
            return None
        request = dataclasses.replace(self.request, variables=self.shorter, followups=())
        return _Form(request, None, shortened=True)

    def followed_by(self, completion: Completion, fault: str) -> _Form:
        """The same with the answer and what is wrong with it."""
        followups = corrections(neutral_answer(completion.text), fault)
        return dataclasses.replace(
            self, request=dataclasses.replace(self.request, followups=followups)
        )

    def answer(self, completion: Completion) -> Answer:
        """What the method gets. Raises ValueError, with what is wrong, for no instance of the
        schema. Control tokens in its texts are neutral."""
        schema = self.request.schema
        data = {} if schema is None else parse_instance(completion.text, schema)
        return Answer(
            text=neutral_answer(completion.text),
            data=neutral_values(data),
            shortened=self.shortened,
            finish_reason=completion.finish_reason,
            reasoning=neutral_answer(completion.reasoning),
            token_ids=completion.token_ids,
            logprobs=completion.logprobs,
        )


_Given = tuple[Completion, Place]  # an answer, and the call that gave it


@dataclasses.dataclass(frozen=True)
class _Port:
    """One model as one program sees it: the `Port` of `engines.ports`."""

    calls: TaskCalls
    role: Role

    async def ask(
        self,
        template: str,
        variables: Mapping[str, Any],
        schema: Mapping[str, Any] | None = None,
        sampling: Mapping[str, Any] | None = None,
        shorter: Mapping[str, Any] | None = None,
        logprobs: bool = False,
        *,
        n: int | None = None,
    ) -> Any:  # by `n` an Answer or a list, as the overloads of `Port` say
        """Call the engine; a malformed structured answer is sent back a bounded number of times."""
        _check_number(template, 1 if n is None else n)
        merged = {**(sampling or {}), **self.role.sampling}  # what the job says goes first
        request = Request(template, variables, schema, merged, logprobs=logprobs)
        place = self.calls.next_place()
        form, given = await self._fitting(_Form(request, shorter), n or 1, place, 0)
        answers = await _in_order(
            self._sent_back_until_right(form, each, (*place, i) if i else place)
            for i, each in enumerate(given)
        )
        return answers if n is not None else answers[0]

    async def _sent_back_until_right(self, form: _Form, given: _Given, place: Place) -> Answer:
        left = self.role.endpoint.policy.malformed
        while True:
            completion, call = given
            try:
                return form.answer(completion)
            except ValueError as error:
                fault = str(error)
            self.calls.note_malformed(call)
            if not left:
                raise Rejected("malformed_answer", f"{form.request.template}: {fault}")
            left -= 1
            followed = form.followed_by(completion, fault)
            form, (given,) = await self._fitting(followed, 1, place, call[-1] + 1)

    async def _fitting(
        self, form: _Form, n: int, place: Place, again: int
    ) -> tuple[_Form, list[_Given]]:
        """`n` completions, of the shorter form where the first does not fit the context."""
        try:
            return form, await self._completions(form.request, n, place, again)
        except TooLong as error:
            shorter = form.shorten()
            if shorter is None:
                step = step_name(form.request)
                raise Rejected("context_too_long", f"{step}: {error}") from None
        return await self._fitting(shorter, n, place, again + 1)

    async def _completions(
        self, request: Request, n: int, place: Place, again: int
    ) -> list[_Given]:
        """`n` completions: of one call as many as the engine gives, the others one by one."""
        if request.logprobs:
            self._able("logprobs")
        given: list[_Given] = []
        if n > 1 and "n" in self.role.endpoint.engine.can:
            given = await self._call(dataclasses.replace(request, n=n), place, again)
        singly = await _in_order(
            self._call(request, (*place, i) if i else place, again) for i in range(len(given), n)
        )
        return [*given, *(each for call in singly for each in call)]

    async def _call(self, request: Request, place: Place, again: int) -> list[_Given]:
        called = await self.calls.call(self.role, request, place, again)
        completions = called.completions[: request.n]
        if request.logprobs and any(each.logprobs is None for each in completions):
            raise Permanent(f"{self.role.endpoint.engine.name} gives no log-probabilities")
        return [(completion, (*place, again)) for completion in completions]

    def _able(self, ability: str) -> None:
        """Raise Permanent where the engine lacks an ability."""
        engine = self.role.endpoint.engine
        if ability not in engine.can:
            raise Permanent(
                f"{engine.name} lacks {ability!r} ({ABILITIES[ability]}); a method that declares "
                f"needs=({ability!r},) is refused before a run"
            )

    async def encode(self, template: str, variables: Mapping[str, Any]) -> list[int]:
        """Token ids of the rendered prompt."""
        self._able("complete")
        return await self.role.endpoint.encode(template, variables)

    async def decode(self, ids: Sequence[int]) -> str:
        """The text of token ids."""
        self._able("complete")
        return await self.role.endpoint.decode(ids)

    async def complete(
        self,
        ids: Sequence[int],
        n: int = 1,
        max_tokens: int | None = None,
        logprobs: bool = False,
        sampling: Mapping[str, Any] | None = None,
        step: str = "",
    ) -> list[Completion]:
        """Go on from token ids, `n` times."""
        self._able("complete")
        _check_number(step or "complete", n)
        merged = {**(sampling or {}), **self.role.sampling}
        if max_tokens is not None:
            merged["max_tokens"] = max_tokens
        request = Request(step, {}, None, merged, prompt_ids=tuple(ids), logprobs=logprobs)
        _, given = await self._fitting(_Form(request), n, self.calls.next_place(), 0)
        return [completion for completion, _ in given]

    def draw(self, draw: Draw, n: int) -> list[Port]:
        """One model is a pool of one. Raises ValueError for more."""
        if n > 1:
            raise ValueError(f"{n} models are drawn from a role that has one")
        return [self]


@dataclasses.dataclass(frozen=True)
class _PoolPort:
    """Several models of a role: a `Port` that has to be drawn from before anything is asked."""

    calls: TaskCalls
    name: str  # of the role
    models: Sequence[Role]

    def draw(self, draw: Draw, n: int) -> list[Port]:
        """`n` distinct models, in drawn order. Raises ValueError where there are fewer."""
        if n > len(self.models):
            raise ValueError(f"{n} models are drawn from the {len(self.models)} of {self.name!r}")
        return [_Port(self.calls, role) for role in draw.sample(self.models, n)]

    def _undrawn(self) -> NoReturn:
        raise TypeError(
            f"models.{self.name} is a pool of {len(self.models)}; draw from it: "
            f'models.{self.name}.draw(draw("models"), n=1)'
        )

    async def ask(self, *arguments: Any, **named: Any) -> Any:
        """Raises TypeError."""
        self._undrawn()

    async def encode(self, *arguments: Any, **named: Any) -> list[int]:
        """Raises TypeError."""
        self._undrawn()

    async def decode(self, *arguments: Any, **named: Any) -> str:
        """Raises TypeError."""
        self._undrawn()

    async def complete(self, *arguments: Any, **named: Any) -> list[Completion]:
        """Raises TypeError."""
        self._undrawn()


def _check_number(step: str, n: int) -> None:
    if n < 1:
        raise ValueError(f"{step}: n has to be at least 1, found {n}")


async def _in_order(works: Iterable[Awaitable[T]]) -> list[T]:
    """The results of concurrent works; the error of the first that has one, once all are over."""
    works = list(works)
    if len(works) == 1:  # the usual case needs no further asyncio task
        return [await works[0]]
    results = await asyncio.gather(*works, return_exceptions=True)
    for result in results:
        if isinstance(result, BaseException):
            raise result
    return results  # type: ignore[return-value]  # no exception is left among them
