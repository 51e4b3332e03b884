"""Methods: one file each, an async function that turns a seed into records.

    @method(exercise="memorization", calls=2)
    async def memorization(seed: PassageSeed, models: Models, draw: DrawFor) -> Sample:
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
from beam_synth.methods.declaration import DrawFor, Method, MethodFunction, Verifier, method, once
from beam_synth.methods.loading import SHIPPED, load_method
from beam_synth.methods.seeds import (
    ARTICLE,
    INSTRUCTION,
    PASSAGE,
    PROBLEM,
    SECTION,
    InstructionSeed,
    PassageSeed,
    ProblemSeed,
    RecordSeed,
    Seed,
    Start,
    records_of,
)
from beam_synth.methods.shared.examples import example_passage
from beam_synth.methods.shared.samples import build_sample, stripped_fields, turns
from beam_synth.methods.shared.second_try import ask_in_form
from beam_synth.records import (
    ENTITIES,
    INSTRUCTIONS,
    PERSONAS,
    PREFERENCES,
    SAMPLES,
    SCORES,
    TEXTS,
    TOKEN_PREFERENCES,
    TOPICS,
    TRIPLETS,
    DatasetConfig,
    FindPassage,
    Passage,
    Record,
    Row,
    Sample,
    Task,
    record_schema,
    seed_record,
)

Drawer = DrawFor  # its name in earlier versions

__all__ = [
    "ARTICLE",
    "ENTITIES",
    "INSTRUCTION",
    "INSTRUCTIONS",
    "PASSAGE",
    "PERSONAS",
    "PREFERENCES",
    "PROBLEM",
    "SAMPLES",
    "SCORES",
    "SECTION",
    "SHIPPED",
    "TEXTS",
    "TOKEN_PREFERENCES",
    "TOPICS",
    "TRIPLETS",
    "Answer",
    "Check",
    "DatasetConfig",
    "Draw",
    "DrawFor",
    "Drawer",
    "FindPassage",
    "InstructionSeed",
    "Method",
    "MethodFunction",
    "Models",
    "Passage",
    "PassageSeed",
    "Port",
    "ProblemSeed",
    "Record",
    "RecordSeed",
    "Rejected",
    "Row",
    "Sample",
    "Seed",
    "Start",
    "Task",
    "Verifier",
    "ask_in_form",
    "build_sample",
    "example_passage",
    "load_method",
    "method",
    "once",
    "record_schema",
    "records_of",
    "seed_record",
    "stripped_fields",
    "turns",
]
