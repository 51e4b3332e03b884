"""Editing (SYNTH): the model first chooses the task that fits a text, then performs it.

The text is some sentences of the seed, in half of the tasks with errors put into it. Several tasks
are offered with what they ask for (a language, a length, a schema, a form). The user asks for the
chosen one, or shows the list, or asks what the text needs.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Iterator, Sequence
from typing import Any

from beam_synth.checks import Check, Exchange, require
from beam_synth.drawing import Draw
from beam_synth.engines.ports import Answer, Models
from beam_synth.errors import Rejected
from beam_synth.materials.corruption import Error, corrupt, reapply
from beam_synth.methods.declaration import DrawFor, method
from beam_synth.methods.editing.checks import LEAST_SUMMARISED, checks_of, choice_checks
from beam_synth.methods.editing.edit import Edit
from beam_synth.methods.editing.examples import PROMPTS
from beam_synth.methods.editing.forms import FORMS, complicated
from beam_synth.methods.editing.offers import KINDS, MODES, Offer, Wording, keys_of
from beam_synth.methods.editing.result_checks import extractable_facts
from beam_synth.methods.seeds import PassageSeed
from beam_synth.methods.shared.answer_lengths import LONGEST_TRACE, most_tokens
from beam_synth.methods.shared.rereading import (
    altered,
    constraints_of,
    disagreements,
    reread,
    seeds_of,
)
from beam_synth.methods.shared.samples import (
    ANSWER_SCHEMA,
    build_sample,
    stripped_fields,
    turns,
    until_supported,
)
from beam_synth.methods.shared.second_try import ask_in_form
from beam_synth.methods.shared.trace_words import draw_trace_words, held_in, held_to
from beam_synth.records import LANGUAGES, FindPassage, Passage, Row, Sample
from beam_synth.text.sentences import count_words, ends_in_ordinal

CORRUPTED_SHARE = 0.5
WORDS = (40, 160)  # of the text, where the seed has as many
LEAST_WORDS = 20
REASON_WORDS = 60  # of the reason for a choice, at most
LEAST_RESULT = 200  # words that a result may have, however short the text
MOST_ERRORS = 6
WORDS_FOR_ERROR = 12  # of the text, for each error
PERCENTS = (25, 33, 50)  # of the text's words that a summary may have
LONGEST_SENTENCES = (15, 18, 22)  # words of a simplified sentence
# How much there is to think about in a task.
TRACES = {
    "correct": "moderate",
    "extract": "simple",
    "restyle": "simple",
    "simplify": "moderate",
    "summarise": "moderate",
    "translate": "moderate",
}


def verify(row: Row, texts: FindPassage) -> list[Check]:
    """The checks of a written row, made again; one more that fails where its parts disagree."""
    return reread(row, texts, _checks)


def _checks(row: Row, texts: FindPassage) -> Iterator[Check]:
    edit = edit_of(row, texts)
    yield from checks_of(edit)
    problems = list(disagreements(row, turns(edit.prompt, edit.reasoning, edit.answer)))
    if problems:
        yield altered(problems)


def edit_of(row: Row, texts: FindPassage) -> Edit:
    """The edit of a written row. Raises KeyError, ValueError or TypeError where it holds none.

    The text is cut out of its passage again and the errors are put into it again.
    """
    constraints = constraints_of(row)
    ((passage, _),) = seeds_of(row, texts)
    start, end = constraints["span"]
    errors = tuple(Error(**error) for error in constraints["errors"])
    return Edit(
        language=row["language"],
        text=reapply(passage.text[start:end], errors),
        errors=errors,
        offered=tuple(constraints["offered"]),
        chosen_task=constraints["chosen_task"],
        why=constraints["reason"],
        wording=Wording(constraints["mode"], constraints["wording"]),
        reasoning=row["synthetic_reasoning"],
        answer=row["synthetic_answer"],
        trace_words=held_in(row, constraints),
    )


@method(
    exercise="editing",
    calls=2,
    most_calls=4,  # each answer may go back once
    prompts=PROMPTS,
    verify=verify,
    languages=LANGUAGES,
    prose=True,
    numbers="folded",
)
async def editing(seed: PassageSeed, models: Models, draw: DrawFor) -> Sample:
    """One edited text, of the first of a few drawings that the engine can do.

    Raises Rejected with the reason of the first check that fails (`editing.checks`),
    "nothing_to_ask" for too short a seed, "unsupported_request" where the engine can do none of
    the drawings.
    """
    return await until_supported(functools.partial(_edited, seed, models), draw)


async def _edited(seed: PassageSeed, models: Models, draw: DrawFor) -> Sample:
    span = draw_span(seed.passage, draw("span"))
    original = seed.passage.text[span[0] : span[1]]
    text, errors = draw_errors(original, seed.language, draw("errors"))
    offered = draw_offers(text, bool(errors), seed, draw("offers"))

    variables = {"text": text, "language": seed.language, "offered": offered, "errors": errors}

    def read_choice(choice: Answer) -> Edit:
        chosen_task, why = stripped_fields(choice.data, "chosen_task", "reason")
        wording = draw_wording(chosen_task, draw("wording"))
        edit = Edit(seed.language, text, errors, offered, chosen_task, why, wording)
        require(choice_checks(edit))
        return edit

    edit = await ask_in_form(
        models.generator,
        "editing/choose",
        variables,
        choice_schema(offered),
        read_choice,
        most_tokens=most_tokens("en", REASON_WORDS),
    )

    words = draw_trace_words(draw("trace words"), TRACES[edit.chosen_task])
    held = held_to(words, models.generator)

    def read(written: Answer) -> Sample:
        reasoning, answer = stripped_fields(written.data, "reasoning", "answer")
        edited = dataclasses.replace(edit, reasoning=reasoning, answer=answer, trace_words=held)
        return sample_of(edited, seed.passage, span, words, require(checks_of(edited)))

    shown = {
        **variables,
        "chosen": edit.chosen,
        "mode": edit.wording.mode,
        "instruction": edit.instruction,
        "reason": edit.why,
        "trace_words": words,
    }
    longest = max(LEAST_RESULT, 2 * count_words(text))
    return await ask_in_form(
        models.generator,
        "editing/perform",
        shown,
        ANSWER_SCHEMA,
        read,
        most_tokens=most_tokens(edit.result_language, longest, LONGEST_TRACE),
    )


def choice_schema(offered: Sequence[Offer]) -> dict[str, Any]:
    """JSON schema of a choice: one of the offered tasks, and the reason for it.

    >>> choice_schema([{"task": "correct"}])["properties"]["chosen_task"]["enum"]
    ['correct']
    """
    chosen = {"type": "string", "enum": sorted(offer["task"] for offer in offered)}
    return {
        "type": "object",
        "properties": {"chosen_task": chosen, "reason": {"type": "string"}},
        "required": ["chosen_task", "reason"],
        "additionalProperties": False,
    }


def sample_of(
    edit: Edit,
    passage: Passage,
    span: tuple[int, int],
    words: int,
    checks: tuple[dict[str, Any], ...],
) -> Sample:
    """The row of a checked edit; `span` is the text's, in characters of the passage, `words` what
    its trace was asked to have."""
    exchange = Exchange(
        edit.language, edit.instruction, edit.reasoning, edit.answer, "", {}, passage
    )
    return build_sample(
        exchange,
        checks,
        exercise="editing",
        prompt=edit.prompt,
        others=(),
        drawn={
            "chosen_task": edit.chosen_task,
            "reason": edit.why,
            "offered": [dict(offer) for offer in edit.offered],
            "mode": edit.wording.mode,
            "wording": edit.wording.number,
            "span": list(span),
            "errors": [dataclasses.asdict(error) for error in edit.errors],
            "trace_words": words,
        },
    )


# ---------------------------------------------------------------- draws


def draw_span(passage: Passage, draw: Draw) -> tuple[int, int]:
    """Start and end, in characters, of some sentences of the passage in a row, 40 to 160 words of
    them where the passage has as many.

    Raises Rejected("nothing_to_ask") where they would have fewer than 20 words.
    """
    starts = passage.sentences
    ends = (*starts[1:], len(passage.text))
    texts = [passage.text[a:b] for a, b in zip(starts, ends, strict=True)]
    counts = [count_words(text) for text in texts]
    goes_on = [ends_in_ordinal(text, passage.language) for text in texts]
    wanted = WORDS[0] + draw.below(WORDS[1] - WORDS[0])
    first = draw.below(len(starts))
    while first > 0 and sum(counts[first:]) < wanted:
        first -= 1
    last = first + 1
    while last < len(starts) and sum(counts[first : last + 1]) <= wanted:
        last += 1
    while first > 0 and goes_on[first - 1]:
        first -= 1
    while last < len(starts) and goes_on[last - 1]:
        last += 1
    start, text = starts[first], passage.text[starts[first] : ends[last - 1]]
    if sum(counts[first:last]) < LEAST_WORDS:
        raise Rejected("nothing_to_ask", f"{sum(counts[first:last])} words are no text to edit")
    start += len(text) - len(text.lstrip())
    return start, start + len(text.strip())


def draw_errors(text: str, language: str, draw: Draw) -> tuple[str, tuple[Error, ...]]:
    """The text, in half of the draws with 1 to 6 errors in it (one for 12 words at most), and the
    errors in the order in which they were put in."""
    if draw.uniform() >= CORRUPTED_SHARE:
        return text, ()
    most = max(1, min(MOST_ERRORS, count_words(text) // WORDS_FOR_ERROR))
    return corrupt(text, language, draw, 1 + draw.below(most))


def draw_offers(text: str, wrong: bool, seed: PassageSeed, draw: Draw) -> tuple[Offer, ...]:
    """Two to four tasks in drawn order, each with what it asks for.

    Args:
        wrong: whether the text has errors; then "correct" is among the offers.
    """
    possible = _possible(text, seed, draw)
    offers = draw.sample(possible, min(len(possible), 1 + draw.below(3) + (not wrong)))
    if wrong:
        offers.append({"task": "correct"})
    return tuple(draw.shuffled(offers))


def _possible(text: str, seed: PassageSeed, draw: Draw) -> list[Offer]:
    """One offer of each task that the text can be given to."""
    language, words = seed.language, count_words(text)
    targets = [code for code in LANGUAGES if code != language]
    offers: list[Offer] = [{"task": "translate", "target": draw.choice(targets)}]
    present = [kind for kind in KINDS if extractable_facts(text, language, kind)]
    if present:
        kinds = draw.sample(KINDS, 1 + draw.below(2))
        kinds = list(dict.fromkeys([draw.choice(present), *kinds]))
        offers.append({"task": "extract", "keys": keys_of(kinds, language)})
    if seed.passage.kind != "prose":
        return offers
    if words >= LEAST_SUMMARISED:
        percent = draw.choice(PERCENTS)
        most = words * percent // 100
        offers.append({"task": "summarise", "percent": percent, "words": most})
    offers.append({"task": "restyle", "form": draw.choice(tuple(FORMS))})
    longest = draw.choice(LONGEST_SENTENCES)
    if complicated(text, language, longest):
        offers.append({"task": "simplify", "words": longest})
    return offers


def draw_wording(chosen_task: str, draw: Draw) -> Wording:
    """How the request is put; "open" only where the text shows what it needs."""
    mode = draw.weighted(MODES)
    if mode == "open" and chosen_task != "correct":
        mode = "menu"
    return Wording(mode, draw.below(2**31))
