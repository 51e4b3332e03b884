"""The engines as a method sees them: one port a role, with retries, window and accounts behind."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, Protocol


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
