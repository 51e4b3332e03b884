"""An engine, an embedder and methods as somebody else's package has them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from beam_synth.drawing import digest
from beam_synth.engines import (
    Completion,
    Model,
    Prompts,
    Request,
    Usage,
    check_known,
    messages_of,
)
from beam_synth.methods import DrawFor, Models, PassageSeed, Sample, method
from tests.doubles.programs import sample_of

NOT_CALLABLE = 3


class Parrot:
    """Says the last words of its prompt; the option `words` is how many."""

    timed = False
    can = frozenset({"n"})

    def __init__(self, model: Model, prompts: Prompts, timeout: float) -> None:
        check_known("options", model.options, ("words",))
        self.name = f"parrot:{model.model}"
        self._words = int(model.options.get("words", 5))
        self._prompts = prompts
        self._timeout = timeout

    async def generate(self, request: Request) -> list[Completion]:
        messages = messages_of(request, self._prompts, schema_in_words=True)
        said = " ".join(messages[-1]["content"].split()[-self._words :])
        return [
            Completion(f"{said} {i}", usage=Usage(9, self._words + 1)) for i in range(request.n)
        ]

    async def close(self) -> None:
        pass


def nothing(model: Model, prompts: Prompts, timeout: float) -> None:
    """Makes no engine."""


def no_vectors(model: Model) -> None:
    """Makes no embedder."""


class Seer(Parrot):
    """Says that it can what there is not."""

    can = frozenset({"foresee"})


class Hashed:
    """Vectors drawn by the text."""

    name = "outside-hashed"
    revision = "1"
    dimension = 8

    def __init__(self, model: Model) -> None:
        pass

    def embed(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        rows = [[int(c, 16) - 7.5 for c in digest(text)[: self.dimension]] for text in texts]
        vectors = np.array(rows, np.float32).reshape(len(texts), self.dimension)
        return np.ascontiguousarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True))


@method(exercise="echo", calls=3, prompts=("echo/say",), roles={"speaker": 2, "critic": 0})
async def echo(seed: PassageSeed, models: Models, draw: DrawFor) -> Sample:
    """Two speakers of a pool say something, and a critic of its own says something of both."""
    speakers = models.speaker.draw(draw("speakers"), n=2)
    said = [await speaker.ask("echo/say", {"text": seed.passage.text}) for speaker in speakers]
    both = " / ".join(answer.text for answer in said)
    word = await models.critic.ask("echo/say", {"text": both})
    return sample_of(seed, f"What is said of {seed.passage.title}?", f"{both}: {word.text}")


@method(exercise="echo", calls=1, prompts=("echo/say",), needs=("logprobs", "complete"))
async def weighing(seed: PassageSeed, models: Models, draw: DrawFor) -> Sample:
    """Needs what a parrot cannot."""
    answer = await models.generator.ask("echo/say", {"text": seed.passage.text}, logprobs=True)
    return sample_of(seed, "q", answer.text)
