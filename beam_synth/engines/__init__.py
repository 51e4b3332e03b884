"""Engines: what answers a request. One file an engine; all speak the protocols in `base`.

An engine of your own is a class made of (model, prompts, timeout); a job names it as
`my_package.my_module:MyEngine`. What it needs is here:

    class MyEngine:
        name = "mine"
        timed = True
        can = frozenset({"n"})

        def __init__(self, model: Model, prompts: Prompts, timeout: float) -> None: ...
        async def generate(self, request: Request) -> list[Completion]:
            messages = messages_of(request, self.prompts, schema_in_words=True)
        async def close(self) -> None: ...
"""

from __future__ import annotations

from beam_synth.engines.base import (
    ABILITIES,
    Completion,
    Engine,
    EngineMaker,
    Request,
    TokenEngine,
    Usage,
    check_known,
)
from beam_synth.engines.messages import as_text, messages_of
from beam_synth.engines.prompts import Prompts
from beam_synth.engines.reasoning import split_reasoning
from beam_synth.job.schema import Model
from beam_synth.records import Embedder

__all__ = [
    "ABILITIES",
    "Completion",
    "Embedder",
    "Engine",
    "EngineMaker",
    "Model",
    "Prompts",
    "Request",
    "TokenEngine",
    "Usage",
    "as_text",
    "check_known",
    "messages_of",
    "split_reasoning",
]
