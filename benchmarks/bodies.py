"""A method without a model that makes bodies of 4 KB: what the memory benchmark runs."""

from __future__ import annotations

from beam_synth.drawing import Draw
from beam_synth.methods import DrawFor, Models, PassageSeed, method
from beam_synth.records import Sample, seed_record

BODY_BYTES = 4096
_SYLLABLES = [c + v for c in "bdfgklmnprstvz" for v in ("a", "e", "i", "o", "u")]


def _words(generator: Draw, size: int) -> str:
    parts: list[str] = []
    length = 0
    while length < size:
        bits = generator.bits()
        word = "".join(_SYLLABLES[(bits >> shift) % len(_SYLLABLES)] for shift in (0, 16, 32))
        parts.append(word)
        length += len(word) + 1
    return " ".join(parts)[:size]


@method(exercise="memorization", calls=0)
async def bodies(seed: PassageSeed, models: Models, draw: DrawFor) -> Sample:
    """An answer of BODY_BYTES random words, so that no two samples are near-duplicates."""
    answer = _words(draw("body"), BODY_BYTES)
    return Sample(
        language=seed.language,
        exercise="memorization",
        query=f"Body {seed.task.index}?",
        reasoning="",
        answer=answer,
        seeds=(seed_record(seed.passage, "primary"),),
        checks=(),
        messages=({"role": "user", "content": "?"}, {"role": "assistant", "content": answer}),
    )
