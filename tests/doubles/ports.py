"""What a method sees of its models, scripted: replies by template, or those of the rules."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import orjson

from beam_synth.drawing import Draw
from beam_synth.engines.base import Completion, Request
from beam_synth.methods import Answer, Port
from beam_synth.rule_engine import Extractive

Data = dict[str, Any]  # an answer's object
Variables = Mapping[str, Any]


class ScriptedPort:
    """Both roles of a method's models; it keeps what it was asked and what it said.

    With `context` it is shown at most so many sources: then the shorter form of the request.
    """

    def __init__(self, context: int = 99) -> None:
        self._context = context
        self.asked: list[tuple[str, dict[str, Any]]] = []  # template, variables
        self.said: dict[str, Data] = {}  # the last answer to each template
        self.faults: list[str] = []  # what was sent back, in words

    @property
    def by_rule(self) -> bool:
        return True

    @property
    def generator(self) -> ScriptedPort:
        return self

    @property
    def judge(self) -> ScriptedPort:
        return self

    async def ask(
        self,
        template: str,
        variables: Variables,
        schema: Mapping[str, Any] | None = None,
        sampling: Mapping[str, Any] | None = None,
        shorter: Variables | None = None,
        logprobs: bool = False,
        *,
        n: int | None = None,
        cut: bool = False,
        fault: Callable[[Answer], str] | None = None,
        most_tokens: int | None = None,
    ) -> Any:
        assert n is None, "a script has one reply"
        shortened = len(variables.get("sources", ())) > self._context
        if shortened:
            assert shorter is not None
            variables = shorter
        answer = await self._answered(template, variables, schema, shortened)
        if fault is not None and (wrong := fault(answer)):
            self.faults.append(wrong)
            answer = await self._answered(template, variables, schema, shortened)
        return answer

    async def _answered(
        self, template: str, variables: Variables, schema: Mapping[str, Any] | None, short: bool
    ) -> Answer:
        self.asked.append((template, dict(variables)))
        data = await self.reply(Request(template, variables, schema, seed=len(self.asked)))
        assert schema is not None and set(schema["required"]) == set(data)
        self.said[template] = data
        return Answer(orjson.dumps(data).decode(), data, short)

    def __getattr__(self, role: str) -> ScriptedPort:
        raise AttributeError(role)

    async def encode(self, template: str, variables: Variables) -> list[int]:
        raise NotImplementedError

    async def decode(self, ids: Sequence[int]) -> str:
        raise NotImplementedError

    async def complete(self, *arguments: Any, **named: Any) -> list[Completion]:
        raise NotImplementedError

    def draw(self, draw: Draw, n: int) -> list[Port]:
        return [self] * n

    async def reply(self, request: Request) -> Data:
        """The object that is said to a request."""
        raise NotImplementedError


class Script(ScriptedPort):
    """Replies by template: an object, or a function of the request's variables that gives one."""

    def __init__(self, replies: Mapping[str, Any], context: int = 99) -> None:
        super().__init__(context)
        self.replies = replies

    async def reply(self, request: Request) -> Data:
        reply = self.replies[request.template]
        data: Data = reply(request.variables) if callable(reply) else reply
        return data


class Rules(ScriptedPort):
    """What the rule engine says; `change` makes something else of it."""

    def __init__(self, change: Callable[[str, Variables, Data], Data] | None = None) -> None:
        super().__init__()
        self._engine = Extractive()
        self._change = change

    async def reply(self, request: Request) -> Data:
        (completion,) = await self._engine.generate(request)
        data: Data = orjson.loads(completion.text)
        return self._change(request.template, request.variables, data) if self._change else data
