"""Multi-turn conversations from one earlier sample of any exercise (SYNTH).

The sample's exchange is kept word for word; one to four follow-ups are added, each of a drawn kind
and never twice the same in a row. Their writer sees the conversation so far and the sample's seed,
and writes as if it saw the conversation alone. A query comes with its focus: the span of the seed
or of the conversation that settles it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

from beam_synth.checks import Check, require
from beam_synth.engines.ports import Answer, Models
from beam_synth.errors import Rejected
from beam_synth.methods.declaration import DrawFor, method
from beam_synth.methods.multi_turn.checks import (
    answer_checks,
    checks_of,
    conversation_checks,
    numbered,
    query_checks,
)
from beam_synth.methods.multi_turn.conversation import (
    Conversation,
    conversation_sha256,
    in_material,
    materials,
    split_trace,
)
from beam_synth.methods.multi_turn.examples import PROMPTS
from beam_synth.methods.multi_turn.opening import draw_kinds, material, offered, opened
from beam_synth.methods.seeds import RecordSeed, records_of
from beam_synth.methods.shared.answer_lengths import (
    ANSWER_WORDS,
    LONGEST_TRACE,
    QUERY_WORDS,
    most_tokens,
)
from beam_synth.methods.shared.bare_query import bare_query
from beam_synth.methods.shared.rereading import altered, constraints_of, disagreements, reread
from beam_synth.methods.shared.samples import (
    ANSWER_SCHEMA,
    QUERY_SCHEMA,
    no_span,
    quality,
    stripped_fields,
    turns,
)
from beam_synth.methods.shared.second_try import ask_in_form
from beam_synth.methods.shared.trace_words import draw_trace_words, held_in, held_to
from beam_synth.records import LANGUAGES, SAMPLES, FindPassage, Row, Sample

EXERCISE = "multi-turn"
MOST_FOLLOW_UPS = 4
# How much there is to think about in a follow-up of each kind.
TRACES = {
    "clarification": "simple",
    "deepening": "moderate",
    "challenge": "moderate",
    "topic shift": "moderate",
    "reformatting": "simple",
}


def verify(row: Row, texts: FindPassage) -> list[Check]:
    """The checks of a written row, made again; one more that fails where its parts disagree."""
    return reread(row, texts, _checks)


def _checks(row: Row, texts: FindPassage) -> Iterator[Check]:
    conversation = conversation_of(row)
    yield from checks_of(conversation)
    problems = [*disagreements(row, row["messages"]), *_inconsistent(row, conversation)]
    for seed in row["seeds"]:
        if seed["role"] != "template":
            texts(seed["text_sha256"])  # raises KeyError for one that the run does not hold
    if problems:
        yield altered(problems)


@method(
    exercise=EXERCISE,
    calls=5,
    most_calls=4 * MOST_FOLLOW_UPS,  # query and answer of each, which may go back once
    starts_from=records_of(SAMPLES),
    prompts=PROMPTS,
    verify=verify,
    languages=LANGUAGES,
    numbers="folded",
)
async def multi_turn(seed: RecordSeed, models: Models, draw: DrawFor) -> Sample:
    """The parent's exchange with one to four follow-ups; fewer than drawn where the seed is used
    up.

    Raises Rejected with the reason of the first check that fails (`multi_turn.checks`),
    "turn_roles" for a parent of more than one exchange, "focus_not_span" for a focus that is no
    span of anything.
    """
    conversation = opened(seed)
    wanted = 1 + draw("turns").below(MOST_FOLLOW_UPS)
    kinds = draw_kinds(offered(conversation), wanted, draw("kinds"))
    checks: list[dict[str, Any]] = []
    lengths: list[int] = []  # words that each follow-up's trace is asked to have

    for turn, kind in enumerate(kinds, 1):
        variables = _variables(conversation, kind)
        shorter = {**variables, "messages": briefly(conversation)}
        try:
            asked, made = await _with_query(conversation, turn, kind, models, variables, shorter)
        except Rejected as error:
            if error.reason != "nothing_to_ask" or turn == 1:
                raise
            break  # the seed is used up: the conversation ends here
        checks += made
        words = draw_trace_words(draw(f"trace words {turn}"), TRACES[kind])
        conversation, made = await _with_answer(
            asked,
            turn,
            models,
            {**variables, "trace_words": words},
            {**shorter, "trace_words": words},
        )
        lengths.append(words)
        checks += made

    checks += require(conversation_checks(conversation))
    return _sample(seed, conversation, lengths, tuple(checks))


def _variables(conversation: Conversation, kind: str) -> dict[str, Any]:
    """What a follow-up's writer is shown: the conversation so far and its material."""
    return {
        "kind": kind,
        "messages": list(conversation.messages),
        "passage": conversation.passage,
        "exercise": conversation.exercise,
        "language": conversation.language,
    }


_Checked = tuple[Conversation, tuple[dict[str, Any], ...]]  # and the records of its new checks


async def _with_query(
    conversation: Conversation,
    turn: int,
    kind: str,
    models: Models,
    variables: dict[str, Any],
    shorter: dict[str, Any],
) -> _Checked:
    """The conversation with one more query; `shorter` is for a context that does not hold all.

    Raises Rejected("focus_not_span") for a focus that is no span of anything.
    """

    def read(written: Answer) -> _Checked:
        query, focus = stripped_fields(written.data, "query", "focus")
        if not in_material(focus, conversation, turn):
            raise no_span(focus, "\n".join(materials(conversation, turn)))
        asked = dataclasses.replace(
            conversation,
            messages=(*conversation.messages, {"role": "user", "content": query}),
            kinds=(*conversation.kinds, kind),
            focuses=(*conversation.focuses, focus),
        )
        return asked, require(numbered(query_checks(asked, turn), turn))

    return await ask_in_form(
        models.generator,
        "multi_turn/query",
        variables,
        QUERY_SCHEMA,
        read,
        most_tokens=most_tokens(conversation.language, QUERY_WORDS),
        shorter=shorter,
    )


async def _with_answer(
    asked: Conversation,
    turn: int,
    models: Models,
    variables: dict[str, Any],
    shorter: dict[str, Any],
) -> _Checked:
    """The conversation with the answer to its last query, whose trace is asked to have so many
    `trace_words`."""
    held = held_to(variables["trace_words"], models.generator)
    query, focus = asked.messages[-1]["content"], asked.focuses[-1]
    posed = {"query": query, "focus": focus}

    def read(written: Answer) -> _Checked:
        reasoning, answer = stripped_fields(written.data, "reasoning", "answer")
        _, reply = turns(query, reasoning, answer)
        answered = dataclasses.replace(
            asked,
            messages=(*asked.messages, reply),
            trace_words=(*asked.trace_words, held),
        )
        return answered, require(numbered(answer_checks(answered, turn), turn))

    return await ask_in_form(
        models.generator,
        "multi_turn/answer",
        {**variables, **posed},
        ANSWER_SCHEMA,
        read,
        most_tokens=most_tokens(asked.language, ANSWER_WORDS["complex"], LONGEST_TRACE),
        shorter={**shorter, **posed},
    )


def briefly(conversation: Conversation) -> list[dict[str, str]]:
    """The conversation without sources and traces: its first query as it stands, then what was
    said.

    This is what a model is shown whose context does not hold the whole of it.
    """
    first, *later = conversation.messages
    said = ({**turn, "content": split_trace(turn["content"])[1]} for turn in later)
    return [{**first, "content": conversation.query}, *said]


def _sample(
    seed: RecordSeed,
    conversation: Conversation,
    lengths: list[int],
    checks: tuple[dict[str, Any], ...],
) -> Sample:
    parent = seed.record
    last = len(conversation.kinds)
    constraints = {
        "language": conversation.language,
        "turns": last,
        "kinds": list(conversation.kinds),
        "focuses": list(conversation.focuses),
        "parent_exercise": conversation.exercise,
        "parent_sha256": conversation.parent_sha256,
        "conversation_sha256": conversation_sha256(conversation.query, conversation.messages),
        "trace_words": lengths,
    }
    return Sample(
        language=conversation.language,
        exercise=EXERCISE,
        query=conversation.messages[0]["content"],
        reasoning=conversation.trace(last),
        answer=conversation.answer(last),
        seeds=tuple(parent["seeds"]),  # follow-ups draw on the parent's alone
        checks=checks,
        models=tuple(parent["models"]),  # they wrote the first exchange
        query_seed_text=parent["query_seed_text"],
        query_seed_url=parent["query_seed_url"],
        additional_seed_url=parent["additional_seed_url"],
        constraints=constraints,
        constraint_list=tuple({"name": k, "value": v} for k, v in constraints.items()),
        messages=tuple(dict(message) for message in conversation.messages),
        parents=(parent["synth_id"],),
        synthetic_depth=parent["synthetic_depth"] + 1,
        quality=quality(checks),
    )


# ---------------------------------------------------------------- written rows


def conversation_of(row: Row) -> Conversation:
    """The conversation of a written row. Raises KeyError or ValueError where it has none."""
    constraints = constraints_of(row)
    return Conversation(
        language=row["language"],
        exercise=constraints["parent_exercise"],
        query=bare_query(row["query"], constraints["parent_exercise"]),
        parent_sha256=constraints["parent_sha256"],
        passage=material(row, constraints["parent_exercise"]),
        messages=tuple(dict(message) for message in row["messages"]),
        kinds=tuple(constraints["kinds"]),
        focuses=tuple(constraints["focuses"]),
        trace_words=tuple(
            held_in(row, {"trace_words": words}) for words in constraints["trace_words"]
        ),
    )


def _inconsistent(row: Row, conversation: Conversation) -> Iterator[str]:
    """Where the row's columns are not those of its conversation."""
    constraints = constraints_of(row)
    last = len(conversation.kinds)
    if constraints["turns"] != last or len(conversation.messages) != 2 * last + 2:
        yield "the number of follow-ups is another one"
        return
    if (row["synthetic_reasoning"], row["synthetic_answer"]) != split_trace(
        conversation.messages[-1]["content"]
    ):
        yield "trace and answer are not those of the last turn"
    whole = conversation_sha256(conversation.query, conversation.messages)
    if whole != constraints["conversation_sha256"]:
        yield "a turn is another one than was written"
    for turn, focus in enumerate(conversation.focuses, 1):
        if not in_material(focus, conversation, turn):
            yield f"the focus of turn {turn} is no span of anything"
    if len(row["parents"]) != 1 or row["synthetic_depth"] < 2 or row["exercise"] != EXERCISE:
        yield "the row is no child of one parent"
