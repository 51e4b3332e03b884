"""The engines as a method sees them: one port a role, with retries, window and accounts behind."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, Protocol


@dataclasses.dataclass(frozen=True)
class Answer:
    """One answer of a model: its text and, where a schema was asked for, the parsed object."""

    text: str
    data: dict[str, Any]  # an instance of the schema; {} without one
    shortened: bool = False  # the model was shown the shorter form of the request


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

        Args:
            template: the step's prompt, "memorization/query".
            variables: what the prompt may name.
            schema: a JSON schema that `Answer.data` is to be an instance of. An answer that is not
                one is sent back with the error a bounded number of times.
            sampling: overrides of the role's sampling, {"temperature": 0}.
            shorter: variables to ask with where the request does not fit the model's context.

        Raises Rejected: `malformed_answer` where no answer fits the schema, `context_too_long`
        where the request does not fit, nor does its shorter form, and what a rule engine refuses.
        """
        ...


class Models(Protocol):
    """The models of a job, by role."""

    @property
    def generator(self) -> Port:
        """Writes queries, traces and answers."""
        ...

    @property
    def judge(self) -> Port:
        """Looks at what was written."""
        ...
