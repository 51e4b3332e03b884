"""The engines as a method sees them: one port a role, with retries, window and accounts behind."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol, overload

from beam_synth.drawing import Draw
from beam_synth.engines.base import Completion


@dataclasses.dataclass(frozen=True)
class Answer:
    """One answer of a model: its text and, where a schema was asked for, the parsed object."""

    text: str
    data: dict[str, Any]  # an instance of the schema; {} without one
    shortened: bool = False  # the model was shown the shorter form of the request
    finish_reason: str = "stop"  # stop | length | content_filter
    reasoning: str = ""  # what a thinking model wrote before the text
    # Of all that the model wrote, reasoning too.
    token_ids: tuple[int, ...] | None = None  # where the engine gives them
    logprobs: tuple[float, ...] | None = None  # natural, one a token; None unless asked for
    repaired: bool = False  # whether what came had to be mended; `text` is what it became


class Port(Protocol):
    """One role's engine as a method sees it; retries, window and accounts are behind it.

    Calls may be made concurrently (`asyncio.gather`): each draws its own seed, by its place in the
    program. Where the job gives a role several models, its port is a pool: `draw` gives ports that
    can be asked, and everything else raises TypeError.
    """

    @property
    def by_rule(self) -> bool:
        """Whether rules answer: what they write is as long as their facts carry, whatever length
        was asked for."""
        ...

    @overload
    async def ask(
        self,
        template: str,
        variables: Mapping[str, Any],
        schema: Mapping[str, Any] | None = None,
        sampling: Mapping[str, Any] | None = None,
        shorter: Mapping[str, Any] | None = None,
        logprobs: bool = False,
        *,
        cut: bool = False,
        fault: Callable[[Answer], str] | None = None,
        most_tokens: int | None = None,
    ) -> Answer: ...

    @overload
    async def ask(
        self,
        template: str,
        variables: Mapping[str, Any],
        schema: Mapping[str, Any] | None = None,
        sampling: Mapping[str, Any] | None = None,
        shorter: Mapping[str, Any] | None = None,
        logprobs: bool = False,
        *,
        n: int,
        cut: bool = False,
        fault: Callable[[Answer], str] | None = None,
        most_tokens: int | None = None,
    ) -> list[Answer]: ...

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
    ) -> Answer | list[Answer]:
        """Call the engine once (as seen from here), or for `n` answers to the same request.

        Args:
            template: the step's prompt, "memorization/query".
            variables: what the prompt may name.
            schema: a JSON schema that `Answer.data` is to be an instance of. An answer that is not
                one is sent back with the error a bounded number of times.
            sampling: overrides of the role's sampling, {"temperature": 0}.
            shorter: variables to ask with where the request does not fit the model's context.
            logprobs: whether `Answer.logprobs` is wanted; the engine has to be able to.
            n: answers wanted, each with its own seed: a list comes back, also for 1. One call where
                the engine can give several answers, else `n` calls at once; an answer that does
                not fit the schema is sent back by itself.
            cut: whether a text that ends at the limit of tokens is an answer too, which
                `Answer.finish_reason` tells; not with a schema. Without it, and where an object is
                not whole, it is asked for once more with twice the limit (`generate.retry_cut`).
            fault: says in words what is wrong with the form of an answer, "" where nothing is. One
                with a fault goes back with these words, once (`generate.second_try`); what comes
                then is given as it is. What it raises goes through. Rules are not asked again.
            most_tokens: of the answer, by what is asked for. The job's own limit takes its place,
                and it is left off where prompt and bound together do not fit the context.

        Raises Rejected: `malformed_answer` where no answer fits the schema, `cut_off` where none
        is whole, `context_too_long` where the request does not fit, nor does its shorter form, and
        what a rule engine refuses. Raises ContentRefused where a filter or the model refuses to
        answer, ValueError where `n` is below 1, and TypeError for a pool that was not drawn from.
        """
        ...

    async def encode(self, template: str, variables: Mapping[str, Any]) -> list[int]:
        """Token ids of the rendered prompt, up to where the model's answer begins. Costs nothing
        of a budget. The method declares that it needs `complete`."""
        ...

    async def decode(self, ids: Sequence[int]) -> str:
        """The text of token ids, as `encode`."""
        ...

    async def complete(
        self,
        ids: Sequence[int],
        n: int = 1,
        max_tokens: int | None = None,
        logprobs: bool = False,
        sampling: Mapping[str, Any] | None = None,
        step: str = "",
    ) -> list[Completion]:
        """Go on from token ids, `n` times, each with its own seed.

        Args:
            ids: the prompt, and what stands of the answer.
            n: completions wanted.
            max_tokens: of each; the engine's or the role's limit where None.
            logprobs: whether `Completion.logprobs` is wanted.
            sampling: overrides of the role's sampling.
            step: the template that the ids began as, which records name; "" where there is none.

        Each has its `token_ids`; its text is what the model wrote, nothing is taken from it as
        reasoning. Raises Rejected `context_too_long` where ids and answer do not fit, and
        ValueError where `n` is below 1.
        """
        ...

    def draw(self, draw: Draw, n: int) -> list[Port]:
        """`n` distinct models of the role's pool, in drawn order; one model is a pool of one.

            writers = models.completer.draw(draw("models"), n=4)

        The method declares `roles={"completer": 4}`, so that a pool which is too small is refused
        before a run. Raises ValueError where it is too small all the same.
        """
        ...


class Models(Protocol):
    """The models of a job, by role: `models.teacher` where the method declares `teacher`."""

    @property
    def generator(self) -> Port:
        """Writes queries, traces and answers."""
        ...

    @property
    def judge(self) -> Port:
        """Looks at what was written."""
        ...

    def __getattr__(self, role: str) -> Port:
        """The port of a role that the method declares."""
        ...
