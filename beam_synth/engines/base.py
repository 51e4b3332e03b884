"""The two seams for models: Engine (text) and Embedder (vectors)."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from beam_synth.errors import Refused, nearest


@dataclasses.dataclass(frozen=True)
class Request:
    """One call.

    Engines that need text render its messages from `template` and `variables`; a rule engine reads
    these two and never parses a prompt.
    """

    template: str  # "memorization/query": a file under prompts/, without .jinja
    variables: Mapping[str, Any]  # what the template may name
    schema: Mapping[str, Any] | None = None  # JSON schema that the text must be an instance of
    sampling: Mapping[str, Any] = dataclasses.field(default_factory=dict)  # temperature, max_tokens
    n: int = 1  # completions
    seed: int = 0  # drawn by key; the same call of the same task always has the same seed
    # Messages after the rendered ones: a malformed answer and what is wrong with it.
    followups: tuple[Mapping[str, str], ...] = ()


@dataclasses.dataclass(frozen=True)
class Usage:
    """What a call took, in the model's tokens; zeros where the engine does not count."""

    prompt_tokens: int = 0
    completion_tokens: int = 0


@dataclasses.dataclass(frozen=True)
class Completion:
    """One text that a model gave."""

    text: str
    finish_reason: str = "stop"  # stop | length | content_filter
    usage: Usage = Usage()  # of several completions of one call, the first one carries it all
    token_ids: tuple[int, ...] | None = None  # of the text, where the engine gives them
    logprobs: tuple[float, ...] | None = None  # natural, one a token, where they were asked for


class Engine(Protocol):
    """A text model."""

    name: str  # goes into `model` and `models[].name` of every row it made
    timed: bool  # whether the time of its calls is worth telling

    async def generate(self, request: Request) -> list[Completion]:
        """`request.n` completions.

        Raises Rejected (the engine's rules cannot serve this request), Transient or Permanent. It
        never retries by itself: the scheduler does.
        """
        ...

    async def close(self) -> None:
        """Give back what it holds: connections, processes, memory."""
        ...


def check_known(where: str, given: Iterable[str], known: Sequence[str]) -> None:
    """Raise Refused for a key that an engine does not know, with the nearest one that it does.

    >>> check_known("options", ["dtyp"], ["dtype", "device"])
    Traceback (most recent call last):
    beam_synth.errors.Refused: options.dtyp: unknown option (did you mean 'dtype'?)
    """
    for key in given:
        if key not in known:
            raise Refused(f"{where}.{key}: unknown option{nearest(key, known)}")
