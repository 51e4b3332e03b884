"""A passage in another form, as a text (FinePhrase).

The format is drawn by key among those that the passage has enough for. One call, free text: no
object, no trace. The published finding is that models of 1 to 2 B parameters suffice.
"""

from __future__ import annotations

from collections.abc import Iterator

from beam_synth.checks import Check, require
from beam_synth.drawing import Draw
from beam_synth.engines.ports import Models
from beam_synth.errors import Rejected
from beam_synth.methods.declaration import DrawFor, method
from beam_synth.methods.rephrase.checks import REASONS, Rephrasing, checks_of
from beam_synth.methods.rephrase.formats import FAQ, FORMATS, MATHS, TABLE, TUTORIAL, whole_part
from beam_synth.methods.seeds import PassageSeed
from beam_synth.methods.shared.examples import PASSAGE, each_value
from beam_synth.methods.shared.rereading import altered, constraints_of, reread, seeds_of
from beam_synth.records import LANGUAGES, TEXTS, FindPassage, Passage, Record, Row
from beam_synth.text.claims import claims

_FOR_TABLE = 4  # names, numbers and dates that fill a table
_FOR_MATHS = 2  # numbers that can be calculated with


def verify(row: Row, texts: FindPassage) -> list[Check]:
    """The checks of a written row, made again; one more that fails where its parts disagree."""
    return reread(row, texts, _checks)


def _checks(row: Row, texts: FindPassage) -> Iterator[Check]:
    made = rephrasing_of(row, texts)
    yield from checks_of(made)
    problems = []
    if made.form not in formats_of(made.passage):
        problems.append(f"the passage has not enough for the format {made.form}")
    if constraints_of(row)["language"] != row["language"]:
        problems.append("the row is in another language than was asked for")
    if problems:
        yield altered(problems)


def rephrasing_of(row: Row, texts: FindPassage) -> Rephrasing:
    """What the checks of a written row look at. Raises KeyError for an unknown passage or a missing
    format."""
    ((passage, _),) = seeds_of(row, texts)
    return Rephrasing(constraints_of(row)["format"], row["language"], row["text"], passage)


def formats_of(passage: Passage) -> tuple[str, ...]:
    """The formats that a passage has enough for: a table wants facts, a calculation numbers."""
    facts = claims(passage.text, passage.language)
    numbers = {fact.text for fact in facts if fact.kind == "number"}
    enough = {
        FAQ: True,
        TUTORIAL: True,
        TABLE: len(facts) >= _FOR_TABLE,
        MATHS: len(numbers) >= _FOR_MATHS,
    }
    return tuple(form for form in FORMATS if enough[form])


def draw_format(passage: Passage, draw: Draw) -> str:
    """One of the formats that the passage has enough for, each as likely."""
    return draw.choice(formats_of(passage))


@method(
    exercise="rephrase",
    calls=1,
    makes=TEXTS,
    prompts={
        f"rephrase/{form}": tuple(each_value({"passage": [PASSAGE], "language": LANGUAGES}))
        for form in FORMATS
    },
    verify=verify,
    reasons=REASONS,
    languages=LANGUAGES,
)
async def rephrase(seed: PassageSeed, models: Models, draw: DrawFor) -> Record:
    """The passage as an FAQ, a maths problem, a table with a question, or a tutorial.

    Raises Rejected with the reason of the first check that fails (`rephrase.checks`).
    """
    form = draw_format(seed.passage, draw("format"))
    variables = {"passage": seed.passage, "language": seed.language}
    runs_on = form in (FAQ, TUTORIAL)  # their first questions and steps stand by themselves
    answer = await models.generator.ask(f"rephrase/{form}", variables, cut=runs_on)
    text = whole_part(form, answer.text.strip(), cut=answer.finish_reason == "length")
    made = Rephrasing(form, seed.language, text, seed.passage)
    try:
        checks = require(checks_of(made))
    except Rejected as error:  # which format it was, a reject does not tell otherwise
        raise Rejected(error.reason, f"{form}: {error.detail}") from None
    kept = next(check["score"] for check in checks if check["name"] == "facts_kept")
    return Record(
        {"text": made.text},
        seed.records(),
        checks,
        language=seed.language,
        constraints={"format": form, "language": seed.language},
        constraint_list=({"name": "format", "value": form},),
        quality=kept,
    )
