"""The seam for models that write: what an engine is asked, what it gives, and what it can.

An engine outside this package is a class that is made as `EngineMaker` says; a job names it as
`my_package.my_module:MyEngine`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol, runtime_checkable

from beam_synth.engines.prompts import Prompts
from beam_synth.errors import Refused, nearest
from beam_synth.job.schema import Model
from beam_synth.records import RULE

# What an engine may be able to do, beyond one text for one request.
ABILITIES: dict[str, str] = {
    "n": "several answers to one request",
    "schema": "answers that keep a JSON schema by construction",
    "logprobs": "log-probabilities of the tokens of an answer",
    "complete": "token ids: encode a prompt, go on from ids, decode them",
}


@dataclasses.dataclass(frozen=True)
class Request:
    """One call.

    Engines that need text render its messages from `wording` and `variables`; a rule engine reads
    `template` and `variables`, whatever the wording, and never parses a prompt.
    """

    template: str  # the step that is asked, "memorization/query"
    variables: Mapping[str, Any]  # what the template may name
    schema: Mapping[str, Any] | None = None  # JSON schema that the text must be an instance of
    sampling: Mapping[str, Any] = dataclasses.field(default_factory=dict)  # temperature, max_tokens
    n: int = 1  # completions
    seed: int = 0  # drawn by key; the same call of the same task always has the same seed
    # Messages after the rendered ones: an answer that was sent back and what is wrong with it.
    followups: tuple[Mapping[str, str], ...] = ()
    # Go on from these tokens in place of a rendered prompt; `template` then only names the step.
    prompt_ids: tuple[int, ...] | None = None
    logprobs: bool = False  # of each token of the answers
    variant: str = ""  # which of the step's wordings was drawn; "" where it has one alone

    @property
    def wording(self) -> str:
        """What renders its messages: a file under prompts/, without .jinja.

        >>> Request("memorization/query", {}, variant="letter").wording
        'memorization/query/letter'
        """
        return f"{self.template}/{self.variant}" if self.variant else self.template


@dataclasses.dataclass(frozen=True)
class Usage:
    """What a call took, in the model's tokens; zeros where the engine does not count."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    reasoning_tokens: int = 0  # of completion_tokens, what was thought; an estimate where not told


@dataclasses.dataclass(frozen=True)
class Completion:
    """One text that a model gave."""

    text: str  # the answer; what a model thinks before it is not part of it
    # stop | length (it was cut off) | content_filter (the text is no answer, then)
    finish_reason: str = "stop"
    usage: Usage = Usage()  # of several completions of one call, the first one carries it all
    # Of all that the model wrote, reasoning and special tokens too, where the engine gives them.
    token_ids: tuple[int, ...] | None = None
    logprobs: tuple[float, ...] | None = None  # natural, one a token, where they were asked for
    reasoning: str = ""  # what a thinking model wrote before its answer
    # The request's sampling as it was sent; None where that is as it was asked for.
    sampling: Mapping[str, Any] | None = None


@runtime_checkable
class Engine(Protocol):
    """A text model."""

    name: str  # goes into `model` and `models[].name` of every row it made
    timed: bool  # whether the time of its calls is worth telling

    @property
    def can(self) -> frozenset[str]:
        """Which of ABILITIES it has; a class attribute will do. What only a call can find out is
        taken for granted until a call has shown that it is not so."""
        ...

    async def generate(self, request: Request) -> list[Completion]:
        """`request.n` completions; one to n where it turns out that it cannot give several.

        Raises Rejected (the engine's rules cannot serve this request), Transient or Permanent. It
        never retries by itself: the scheduler does.
        """
        ...

    async def close(self) -> None:
        """Give back what it holds: connections, processes, memory."""
        ...


@runtime_checkable
class TokenEngine(Engine, Protocol):
    """An engine that can `complete`: it also goes on from `Request.prompt_ids`."""

    async def encode(self, template: str, variables: Mapping[str, Any]) -> list[int]:
        """Token ids of the rendered prompt, up to where the model's answer begins. Raises as
        `generate`."""
        ...

    async def decode(self, ids: Sequence[int]) -> str:
        """The text of token ids. Raises as `generate`."""
        ...


class EngineMaker(Protocol):
    """How an engine is made, once a role and process: its class, or a function.

    `model` is what the job says, its `options` are the engine's own to check; `prompts` renders
    the templates that requests name; `timeout` is in seconds, of a whole call. Raises Refused,
    with the key that is wrong, before any work; connections and weights wait for the first call.
    Three things may be there besides: `async probe() -> str`, which `check` shows,
    `async lacks(needed) -> dict[str, str]`, which finds out, before a run, what of `needed` is not
    there (ability -> why), and `async alive() -> None`, a tiny plain call that raises EngineError
    where nobody is served: by it tasks that fail again and again are told from a service that
    does. The class may name `languages`, the codes of those that it can serve, and
    `fewer_languages`, a mapping from a step ("mcq/answer") or all steps of a folder ("mcq") to the
    codes that it can serve there: a method whose `prompts` have such a step gets no task in others.
    One that goes by rules has a `name` that begins with `rule:`.
    """

    def __call__(self, model: Model, prompts: Prompts, timeout: float) -> Engine:
        """The engine, ready to be called from one event loop."""
        ...


def is_by_rule(engine: Engine) -> bool:
    """Whether an engine goes by rules, as its name says: it reads no prompt, so that nothing is
    sent back to it, and it writes as much as its facts carry."""
    return engine.name.startswith(RULE)


def is_limited(engine: Engine) -> bool:
    """Whether a limit of tokens is drawn for its answers: not of rules, unless they stand in for a
    model and say so by `limited`."""
    return bool(getattr(engine, "limited", not is_by_rule(engine)))


def check_known(where: str, given: Iterable[str], known: Sequence[str]) -> None:
    """Raise Refused for a key that an engine does not know, with the nearest one that it does.

    >>> check_known("options", ["dtyp"], ["dtype", "device"])
    Traceback (most recent call last):
    beam_synth.errors.Refused: options.dtyp: unknown option (did you mean 'dtype'?)
    """
    for key in given:
        if key not in known:
            raise Refused(f"{where}.{key}: unknown option{nearest(key, known)}")
