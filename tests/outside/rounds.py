"""Three rounds: articles to lists of names, pairs of names to questions, questions to texts.

`names` makes a step, `ask_of_pair` lists a task for each pair of names of one article, and
`answer_at_length` starts from the questions that are new.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from typing import Any

from beam_synth.methods import (
    ARTICLE,
    ENTITIES,
    INSTRUCTION,
    INSTRUCTIONS,
    TEXTS,
    DrawFor,
    InstructionSeed,
    Models,
    PassageSeed,
    Record,
    RecordSeed,
    Rejected,
    method,
    once,
    records_of,
)

MOST_NAMES = 4
_NAME = re.compile(r"(?<=[a-z,] )[A-Z]\w{3,}")


@method(
    exercise="names",
    calls=0,
    starts_from=ARTICLE,
    makes=ENTITIES,
    tasks=once,
    reasons={"too_few_names": "the article speaks of fewer than two names"},
)
async def names(seed: PassageSeed, models: Models, draw: DrawFor) -> Record:
    """The first names of an article's text."""
    found = list(dict.fromkeys(_NAME.findall(seed.passage.text)))[:MOST_NAMES]
    if len(found) < 2:
        raise Rejected("too_few_names", f"{len(found)}")
    values = {"title": seed.passage.title, "summary": "", "entities": found}
    return Record(values, seeds=seed.records())


def pairs(seed: RecordSeed, draw: DrawFor) -> Sequence[dict[str, Any]]:
    """Every pair of an article's names, n(n-1)/2 of them."""
    return [{"pair": list(pair)} for pair in itertools.combinations(seed.record["entities"], 2)]


@method(
    exercise="pair question",
    calls=0,
    starts_from=records_of(ENTITIES, "names"),
    makes=INSTRUCTIONS,
    tasks=pairs,
    tokens=20,
)
async def ask_of_pair(seed: RecordSeed, models: Models, draw: DrawFor) -> Record:
    """A question about two names; many articles ask the same of a pair."""
    first, second = seed.params["pair"]
    values = {"prompt": f"What have {first} and {second} to do with each other, and since when?",
              "system": "", "reference": ""}  # fmt: skip
    return Record(
        values,
        seeds=seed.records(),
        parents=(seed.record["record_id"],),
        synthetic_depth=seed.record["synthetic_depth"] + 1,
        constraints={"pair": [first, second]},
    )


@method(exercise="long answer", calls=0, starts_from=INSTRUCTION, makes=TEXTS)
async def answer_at_length(seed: InstructionSeed, models: Models, draw: DrawFor) -> Record:
    """A text that takes up the question."""
    tone = draw("tone").choice(["plain", "playful"])
    assert seed.record is not None
    return Record(
        {"text": f"{seed.prompt} A {tone} answer: they are named in one article."},
        seeds=seed.records(),
        parents=(seed.record["record_id"],),
        synthetic_depth=seed.record["synthetic_depth"] + 1,
    )
