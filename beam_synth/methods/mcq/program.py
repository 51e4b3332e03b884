"""Multiple choice (SYNTH): four options, one of them right, at a uniform place.

The model writes a question, its key and three distractors from the seed, whose neighbours are a
store of values of the same kind; where the key stands is drawn here. Then trace and answer are
written by someone who sees the passages, as if they saw none.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any, NamedTuple

from beam_synth.checks import POSITIVE, Check, Exchange, require
from beam_synth.engines.ports import Answer, Models
from beam_synth.errors import Rejected
from beam_synth.methods.declaration import DrawFor, method
from beam_synth.methods.mcq.checks import checks_of, query_checks
from beam_synth.methods.mcq.choice import LETTERS, Choice
from beam_synth.methods.mcq.examples import PROMPTS
from beam_synth.methods.memorization import closed_book_exchange
from beam_synth.methods.seeds import PassageSeed
from beam_synth.methods.shared.answer_lengths import QUERY_WORDS, most_of_answer, most_tokens
from beam_synth.methods.shared.axes import realised, until_askable
from beam_synth.methods.shared.rereading import altered, constraints_of, disagreements, reread
from beam_synth.methods.shared.samples import (
    ANSWER_SCHEMA,
    build_sample,
    require_span,
    stripped_fields,
    turns,
)
from beam_synth.methods.shared.second_try import ask_in_form
from beam_synth.methods.shared.trace_words import draw_trace_words, held_to
from beam_synth.records import LANGUAGES, FindPassage, Row, Sample
from beam_synth.text.askable import askable_types

NEIGHBORS = 4  # whose values may serve as distractors
WRONG = len(LETTERS) - 1
OPTIONS_WORDS = 60  # of a key and its distractors
_TEXT = {"type": "string"}
QUERY_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "question": _TEXT,
        "key": _TEXT,
        "distractors": {"type": "array", "items": _TEXT, "minItems": WRONG, "maxItems": WRONG},
        "focus": _TEXT,
    },
    "required": ["question", "key", "distractors", "focus"],
    "additionalProperties": False,
}


def verify(row: Row, texts: FindPassage) -> list[Check]:
    """The checks of a written row, made again; one more that fails where its parts disagree."""
    return reread(row, texts, _checks)


def _checks(row: Row, texts: FindPassage) -> Iterator[Check]:
    choice = choice_of(row, texts)
    yield from checks_of(choice)
    exchange = choice.exchange
    problems = list(disagreements(row, turns(choice.prompt, exchange.reasoning, exchange.answer)))
    if any(seed["role"] != "neighbour" for seed in row["seeds"][1:]):
        problems.append("a passage beside the seed is no neighbour")
    if exchange.result != POSITIVE:
        problems.append("a question with a key is positive")
    if problems:
        yield altered(problems)


def choice_of(row: Row, texts: FindPassage) -> Choice:
    """The question of a written row. Raises KeyError or TypeError where it holds none."""
    constraints = constraints_of(row)
    return Choice(
        closed_book_exchange(row, texts), tuple(constraints["options"]), constraints["key"]
    )


class QuestionParts(NamedTuple):
    """What a model writes of a question, each part on one line."""

    question: str
    focus: str  # span of the seed's text that gives the key
    key: str
    distractors: list[str]


@method(
    exercise="mcq",
    calls=2,
    most_calls=4,  # each answer may go back once
    neighbors=NEIGHBORS,
    revision=2,
    prompts=PROMPTS,
    verify=verify,
    languages=LANGUAGES,
    prose=True,
    numbers="folded",
)
async def mcq(seed: PassageSeed, models: Models, draw: DrawFor) -> Sample:
    """One question with four options.

    Raises Rejected with the reason of the first check that fails (`mcq.checks`), and as
    `parts_of` does.
    """
    neighbors = seed.neighbors[:NEIGHBORS]
    variables: dict[str, Any] = {
        "passage": seed.passage,
        "neighbors": list(neighbors),
        "language": seed.language,
    }
    alone = {**variables, "neighbors": []}  # for a context that does not hold them

    async def ask(wished: dict[str, str]) -> tuple[Choice, dict[str, str]]:
        def read(drafted: Answer) -> Choice:
            parts = parts_of(drafted, seed.passage.text)
            question, focus = parts.question, parts.focus
            axes = realised(wished, question, seed.language, seed.passage.title)
            asked = Exchange(seed.language, question, "", "", focus, axes, seed.passage, neighbors)
            choice = _placed(asked, parts, draw)
            require(query_checks(choice))
            return choice

        given, fewer = {**variables, "axes": wished}, {**alone, "axes": wished}
        made = await ask_in_form(
            models.generator,
            "mcq/query",
            given,
            QUERY_SCHEMA,
            read,
            most_tokens=most_tokens(seed.language, QUERY_WORDS + OPTIONS_WORDS),
            shorter=fewer,
        )
        return made, wished

    types = askable_types(seed.passage.text, seed.language, seed.passage.kind)
    posed, wished = await until_askable(draw("axes"), ask, query_result=POSITIVE, types=types)
    asked = posed.exchange
    words = draw_trace_words(draw("trace words"), asked.axes["complexity"])
    held = held_to(words, models.generator)

    def read(written: Answer) -> Sample:
        reasoning, answer = stripped_fields(written.data, "reasoning", "answer")
        exchange = dataclasses.replace(asked, reasoning=reasoning, answer=answer, trace_words=held)
        choice = dataclasses.replace(posed, exchange=exchange)
        return build_sample(
            exchange,
            require(checks_of(choice)),
            exercise="mcq",
            prompt=choice.prompt,
            others=[(passage, "neighbour") for passage in neighbors],
            asked=wished,
            drawn={
                "focus": asked.focus,
                "options": list(choice.options),
                "key": choice.key,
                "trace_words": words,
            },
        )

    shown = {
        "axes": asked.axes,
        "question": asked.query,
        "focus": asked.focus,
        "prompt": posed.prompt,
        "options": list(posed.options),
        "key": posed.right,
        "trace_words": words,
    }
    return await ask_in_form(
        models.generator,
        "mcq/answer",
        {**variables, **shown},
        ANSWER_SCHEMA,
        read,
        most_tokens=most_of_answer(asked.axes, seed.language),
        shorter={**alone, **shown},
    )


def _placed(asked: Exchange, parts: QuestionParts, draw: DrawFor) -> Choice:
    """The question with its options in drawn order, the key at a uniform place among them."""
    options = draw("order").shuffled(parts.distractors)
    position = draw("position").below(len(LETTERS))
    options.insert(position, parts.key)
    return Choice(asked, tuple(options), position)


def parts_of(written: Answer, text: str) -> QuestionParts:
    """Question, focus, key and three distractors of an answer, each on one line.

    Raises Rejected("focus_not_span") for a focus that is no span of the text, and
    Rejected("mcq_options") for another number of distractors.
    """
    question, focus, key = stripped_fields(written.data, "question", "focus", "key")
    require_span(focus, text)
    wrong = written.data["distractors"]
    others = [stripped_fields({"distractor": option}, "distractor")[0] for option in wrong]
    if len(others) != WRONG:
        raise Rejected("mcq_options", f"{len(others)} distractors")
    key, *others = (" ".join(option.split()) for option in [key, *others])
    return QuestionParts(question, focus, key, others)
