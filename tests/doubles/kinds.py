"""Methods of all kinds of seeds and records, which need no model."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from beam_synth.drawing import digest
from beam_synth.errors import Rejected
from beam_synth.methods import (
    ARTICLE,
    ENTITIES,
    INSTRUCTION,
    INSTRUCTIONS,
    SAMPLES,
    SECTION,
    TEXTS,
    DrawFor,
    InstructionSeed,
    Models,
    PassageSeed,
    Record,
    RecordSeed,
    Sample,
    method,
    records_of,
    turns,
)

NAME = "tests.doubles.kinds:"


@method(exercise="entities", calls=0, starts_from=ARTICLE, makes=ENTITIES)
async def entities(seed: PassageSeed, models: Models, draw: DrawFor) -> Record:
    """The longer words of an article."""
    words = sorted({word.strip(".,") for word in seed.passage.text.split() if len(word) > 5})
    values = {"title": seed.passage.title, "summary": "", "entities": words[:3]}
    return Record(values, seed.records())


@method(exercise="section", calls=0, starts_from=dataclasses.replace(SECTION, max_tokens=100),
        makes=TEXTS)  # fmt: skip
async def section_text(seed: PassageSeed, models: Models, draw: DrawFor) -> Record:
    """The text of a section, as it is."""
    return Record({"text": seed.passage.text}, seed.records())


def pairs_of(seed: RecordSeed, draw: DrawFor) -> list[Mapping[str, Any]]:
    """Every two entities of a record."""
    names = seed.record["entities"]
    return [{"pair": [a, b]} for i, a in enumerate(names) for b in names[i + 1 :]]


@method(exercise="pair", calls=0, starts_from=records_of(ENTITIES), makes=TEXTS, tasks=pairs_of,
        tokens=10)  # fmt: skip
async def entity_pairs(seed: RecordSeed, models: Models, draw: DrawFor) -> Record:
    """What two entities have to do with each other."""
    first, second = seed.params["pair"]
    text = f"{first} and {second} both stand in the article {seed.record['title']}."
    return Record({"text": text}, seed.records(), synthetic_depth=2)


def halves_of(seed: PassageSeed, draw: DrawFor) -> list[Mapping[str, Any]]:
    """The two halves of a passage, in a drawn order."""
    return [{"half": half} for half in draw("order").shuffled([0, 1])]


@method(exercise="half", calls=0, makes=TEXTS, tasks=halves_of)
async def halves(seed: PassageSeed, models: Models, draw: DrawFor) -> Record:
    """Half of a passage."""
    text = seed.passage.text
    middle = len(text) // 2
    return Record({"text": [text[:middle], text[middle:]][seed.params["half"]]}, seed.records())


@method(exercise="ask", calls=0, makes=INSTRUCTIONS, reasons={"too_short": "under five words"})
async def ask_about(seed: PassageSeed, models: Models, draw: DrawFor) -> Record:
    """An instruction; the same one for all tasks of a passage."""
    words = seed.passage.text.split()
    if len(words) < 5:
        raise Rejected("too_short", f"{len(words)} words")
    prompt = f"Tell me what is meant by this: {' '.join(words[:12])}"
    return Record({"prompt": prompt, "system": "", "reference": ""}, seed.records())


@method(exercise="told", calls=0, starts_from=INSTRUCTION)
async def tell(seed: InstructionSeed, models: Models, draw: DrawFor) -> Sample:
    """An answer to an instruction."""
    answer = f"It is said that {digest(seed.prompt)} is what is meant."
    return Sample(
        language=seed.language,
        exercise="told",
        query=seed.prompt,
        reasoning="",
        answer=answer,
        seeds=seed.records(),
        checks=(),
        messages=turns(seed.prompt, "", answer),
        synthetic_depth=2,
    )


@method(exercise="retold", calls=0, starts_from=records_of(SAMPLES, "told"))
async def retell(seed: RecordSeed, models: Models, draw: DrawFor) -> Sample:
    """The answer once more, with what was drawn for it."""
    answer = f"{seed.record['synthetic_answer']} Or {draw('other').bits()}."
    return Sample(
        language=seed.language,
        exercise="retold",
        query=seed.record["query"],
        reasoning="",
        answer=answer,
        seeds=seed.records(),
        checks=(),
        messages=turns(seed.record["query"], "", answer),
        parents=(seed.record["synth_id"],),
        synthetic_depth=3,
    )


# ---------------------------------------------------------------- what must be refused


@method(exercise="hen", calls=0, starts_from=records_of(SAMPLES, "egg"))
async def hen(seed: RecordSeed, models: Models, draw: DrawFor) -> Sample:
    raise AssertionError("is never run")


@method(exercise="egg", calls=0, starts_from=records_of(SAMPLES, "hen"))
async def egg(seed: RecordSeed, models: Models, draw: DrawFor) -> Sample:
    raise AssertionError("is never run")


@method(exercise="ask", calls=0, makes=INSTRUCTIONS, reasons={"too_short": "under three words"})
async def ask_otherwise(seed: PassageSeed, models: Models, draw: DrawFor) -> Record:
    raise Rejected("too_short", "0 words")


OTHER_TEXTS = dataclasses.replace(
    TEXTS, schema=TEXTS.schema.append(TEXTS.schema.field("text").with_name("title"))
)


@method(exercise="titled", calls=0, makes=OTHER_TEXTS)
async def titled(seed: PassageSeed, models: Models, draw: DrawFor) -> Record:
    raise AssertionError("is never run")


@method(exercise="wrong", calls=0, makes=TEXTS)
async def wrong_columns(seed: PassageSeed, models: Models, draw: DrawFor) -> Record:
    """A record of another kind than was declared."""
    return Record({"texts": "one"}, seed.records())
