"""The models of a job as one task's program sees them: a port a role, or a pool to draw from."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Any, NoReturn, TypeVar

from beam_synth.drawing import Draw
from beam_synth.engines.base import ABILITIES, Completion, Request, is_by_rule, is_limited
from beam_synth.engines.ports import Answer, Port
from beam_synth.errors import ContentRefused, Permanent, Rejected, TooLong, Unusable
from beam_synth.generation.request_forms import CutOff, Form
from beam_synth.generation.task_calls import Place, Role, TaskCalls, step_name
from beam_synth.generation.token_limits import THINKING_ROOM, bounded

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


_Given = tuple[Completion, Place]  # an answer, and the call that gave it


@dataclasses.dataclass(frozen=True)
class _Port:
    """One model as one program sees it: the `Port` of `engines.ports`."""

    calls: TaskCalls
    role: Role

    @property
    def by_rule(self) -> bool:
        """Whether rules answer, which write as much as their facts carry."""
        return is_by_rule(self.role.endpoint.engine)

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
        cut: bool = False,
        fault: Callable[[Answer], str] | None = None,
        most_tokens: int | None = None,
    ) -> Any:  # by `n` an Answer or a list, as the overloads of `Port` say
        """Call the engine; a malformed structured answer is sent back a bounded number of times,
        one with a fault of form once, one that was cut off is asked for once more."""
        _check_number(template, 1 if n is None else n)
        most = most_tokens if is_limited(self.role.endpoint.engine) else None
        merged, drawn = bounded(sampling, self.role.sampling, most, self.role.thinking_room)
        place = self.calls.next_place()
        request = Request(
            template,
            variables,
            schema,
            merged,
            logprobs=logprobs,
            variant=self.calls.variant(template, place),
        )
        form, given = await self._fitting(
            Form(request, shorter, cut, drawn=drawn, alone=n in (None, 1)), n or 1, place, 0
        )
        answers = await _in_order(
            self._asked_until_right(form, each, (*place, i) if i else place, fault)
            for i, each in enumerate(given)
        )
        return answers if n is not None else answers[0]

    async def _asked_until_right(
        self, form: Form, given: _Given, place: Place, fault: Callable[[Answer], str] | None
    ) -> Answer:
        left = self.role.endpoint.policy.malformed
        second = self.role.endpoint.policy.second_try and not is_by_rule(self.role.endpoint.engine)
        while True:
            completion, call = given
            try:
                answer = form.answer(completion)
            except CutOff as cut_off:
                self.calls.note(call, "cut_off")
                form, given = await self._lengthened(form, cut_off, place, call[-1] + 1)
                continue
            except ValueError as error:
                wrong = str(error)
                self.calls.note(call, "malformed")
                if not left:
                    raise Rejected(
                        "malformed_answer", f"{form.request.template}: {wrong}"
                    ) from None
                left -= 1
            else:
                if answer.repaired:
                    self.calls.note(call, "repaired")
                wrong = fault(answer) if fault is not None and second else ""
                if not wrong:
                    return answer
                second = False
                self.calls.note(call, "faulty")
            self.calls.sent_back(call, form.request, wrong)
            followed = form.followed_by(completion, wrong)
            form, (given,) = await self._fitting(followed, 1, place, call[-1] + 1)

    async def _lengthened(
        self, form: Form, cut_off: CutOff, place: Place, again: int
    ) -> tuple[Form, _Given]:
        """What comes with twice the tokens of an answer that was cut off, once."""
        told, limit = f"{step_name(form.request)}: {cut_off}", cut_off.limit
        if form.lengthened:
            told += ", after half of them had been too few"
        if form.lengthened or not self.role.endpoint.policy.retry_cut or not limit:
            raise Rejected("cut_off", f"{told}; {_needed(limit)}")
        room = THINKING_ROOM if form.drawn and cut_off.thought else 0
        longer = form.lengthen(2 * limit + room)
        try:
            (given,) = await self._completions(longer.request, 1, place, again)
        except (Unusable, ContentRefused):
            raise
        except Permanent as error:  # nothing but the limit is another
            refused = f"{2 * limit + room:,} were refused: {error}"
            raise Rejected("cut_off", f"{told}; {_needed(limit)}, {refused}") from None
        return longer, given

    async def _fitting(
        self, form: Form, n: int, place: Place, again: int
    ) -> tuple[Form, list[_Given]]:
        """`n` completions, of the shorter form where the first does not fit the context."""
        try:
            return form, await self._completions(form.request, n, place, again)
        except TooLong as error:
            shorter = form.unbounded() or form.shorten()
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
        variant = self.calls.variant(template)
        wording = Request(template, variables, variant=variant).wording
        return await self.role.endpoint.encode(wording, variables)

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
        request = Request(
            step,
            {},
            None,
            merged,
            prompt_ids=tuple(ids),
            logprobs=logprobs,
            variant=self.calls.variant(step) if step else "",
        )
        _, given = await self._fitting(Form(request), n, self.calls.next_place(), 0)
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

    @property
    def by_rule(self) -> bool:
        """Whether every model of the pool is a rule engine."""
        return all(is_by_rule(role.endpoint.engine) for role in self.models)

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


def _needed(limit: int) -> str:
    more = f"more than {limit:,} are needed" if limit else "more are needed"
    return f"{more} (max_tokens in the sampling of the model)"


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
