"""The two seams for models: Engine (text) and Embedder (vectors)."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from beam_synth.errors import Refused, nearest


@dataclasses.dataclass(frozen=True)
class Request:
    """One call. `messages` are rendered lazily from `template` and `variables` by engines that
    need text; a rule engine reads `template` and `variables` and never parses a prompt."""

    template: str  # "memorization/query": a file under prompts/, without .jinja
    variables: Mapping[str, Any]
    schema: Mapping[str, Any] | None = None  # JSON schema that the text must be an instance of
    sampling: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    n: int = 1
    seed: int = 0  # drawn by key; the same call of the same task always has the same seed
    # Messages after the rendered ones: a malformed answer and what is wrong with it.
    followups: tuple[Mapping[str, str], ...] = ()


@dataclasses.dataclass(frozen=True)
class Usage:
    prompt_tokens: int = 0
    completion_tokens: int = 0


@dataclasses.dataclass(frozen=True)
class Completion:
    text: str
    finish_reason: str = "stop"  # stop | length | content_filter
    usage: Usage = Usage()
    token_ids: tuple[int, ...] | None = None
    logprobs: tuple[float, ...] | None = None


class Engine(Protocol):
    """A text model. `name` goes into `model` and `models[].name` of every row it made; `timed` says
    whether the time of its calls is worth telling.

    `generate` raises `Rejected` (the engine's rules cannot serve this request), `Transient` or
    `Permanent`; it never retries by itself: the scheduler does.
    """

    name: str
    timed: bool

    async def generate(self, request: Request) -> list[Completion]: ...

    async def close(self) -> None: ...


def check_known(where: str, given: Iterable[str], known: Sequence[str]) -> None:
    """Refuse a key that an engine does not know, with the nearest one that it does."""
    for key in given:
        if key not in known:
            raise Refused(f"{where}.{key}: unknown option{nearest(key, known)}")
