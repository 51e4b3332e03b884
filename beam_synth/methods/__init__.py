"""Methods: one file each, an async function that turns a seed into samples.

    @method(exercise="memorization", calls=2)
    async def memorization(seed: Seed, models: Models, draw: DrawFor) -> Sample | list[Sample]:
        ...            # or raise Rejected(reason, detail)

A method reads top to bottom like the description in its paper. It never retries, never looks at
a clock and never touches files: `models.<role>.ask` calls the engine, `draw(purpose)` gives the
generator for one purpose of this task.
"""

from __future__ import annotations

from beam_synth.checks import Check
from beam_synth.drawing import Draw
from beam_synth.engines.ports import Answer, Models, Port
from beam_synth.errors import Rejected
from beam_synth.methods.declaration import DrawFor, Method, MethodFunction, Seed, Verifier, method
from beam_synth.methods.loading import SHIPPED, load_method
from beam_synth.methods.shared.examples import example_passage
from beam_synth.methods.shared.samples import build_sample, seed_record, stripped_fields, turns
from beam_synth.records import FindPassage, Passage, Row, Sample, Task

Drawer = DrawFor  # its name in earlier versions

__all__ = [
    "SHIPPED",
    "Answer",
    "Check",
    "Draw",
    "DrawFor",
    "Drawer",
    "FindPassage",
    "Method",
    "MethodFunction",
    "Models",
    "Passage",
    "Port",
    "Rejected",
    "Row",
    "Sample",
    "Seed",
    "Task",
    "Verifier",
    "build_sample",
    "example_passage",
    "load_method",
    "method",
    "seed_record",
    "stripped_fields",
    "turns",
]
