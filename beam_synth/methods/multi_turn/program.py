"""Multi-turn conversations from one earlier sample of any exercise (SYNTH).

The sample's exchange is kept word for word; one to four follow-ups are added, each of a drawn kind
and never twice the same in a row. Their writer sees the conversation so far and the sample's seed,
and writes as if it saw the conversation alone. A query comes with its focus: the span of the seed
or of the conversation that settles it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from typing import Any

from beam_synth.checks import Check, require
from beam_synth.drawing import Draw
from beam_synth.engines.ports import Models
from beam_synth.errors import Rejected
from beam_synth.methods.declaration import DrawFor, Seed, method
from beam_synth.methods.multi_turn.checks import (
    KINDS,
    REFORMATTING,
    Conversation,
    answer_checks,
    checks_of,
    conversation_checks,
    conversation_sha256,
    in_material,
    numbered,
    query_checks,
    shown_sources,
    split_trace,
)
from beam_synth.methods.shared.rereading import altered, disagreements, drawn, reread
from beam_synth.methods.shared.samples import (
    ANSWER_SCHEMA,
    QUERY_SCHEMA,
    passage_of,
    quality,
    stripped_fields,
    turns,
)
from beam_synth.records import FindPassage, Passage, Row, Sample
from beam_synth.text.languages import other_language
from beam_synth.text.sentences import sentences

EXERCISE = "multi-turn"
MOST_FOLLOW_UPS = 4
# What a sample without a seed text (a problem from a template) has material for.
_WITHOUT_SEED = ("clarification", "challenge", "reformatting")


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
    starts_from="sample",
    prompts=("multi_turn/query", "multi_turn/answer"),
    verify=verify,
)
async def multi_turn(seed: Seed, models: Models, draw: DrawFor) -> Sample:
    """The parent's exchange with follow-ups. Raises Rejected as `checks.conversation` says."""
    conversation = opened(seed)
    wanted = 1 + draw("turns").below(MOST_FOLLOW_UPS)
    kinds = draw_kinds(offered(conversation), wanted, draw("kinds"))
    checks: list[dict[str, Any]] = []

    for turn, kind in enumerate(kinds, 1):
        told = {
            "kind": kind,
            "messages": list(conversation.messages),
            "passage": conversation.passage,
            "exercise": conversation.exercise,
            "language": conversation.language,
        }
        brief = {**told, "messages": briefly(conversation)}  # for a context that does not hold all
        try:
            asked = await models.generator.ask(
                "multi_turn/query", told, QUERY_SCHEMA, shorter=brief
            )
        except Rejected as error:
            if error.reason != "nothing_to_ask" or turn == 1:
                raise
            break  # the seed is used up: the conversation ends here
        query, focus = stripped_fields(asked.data, "query", "focus")
        if not in_material(focus, conversation, turn):
            raise Rejected("malformed_answer", f"the focus is no span of anything: {focus[:200]!r}")
        conversation = _with(conversation, kind, focus, {"role": "user", "content": query})
        checks += require(numbered(query_checks(conversation, turn), turn))

        posed = {"query": query, "focus": focus}
        written = await models.generator.ask(
            "multi_turn/answer", {**told, **posed}, ANSWER_SCHEMA, shorter={**brief, **posed}
        )
        reasoning, answer = stripped_fields(written.data, "reasoning", "answer")
        _, reply = turns(query, reasoning, answer)
        conversation = dataclasses.replace(conversation, messages=(*conversation.messages, reply))
        checks += require(numbered(answer_checks(conversation, turn), turn))

    checks += require(conversation_checks(conversation))
    return _sample(seed, conversation, tuple(checks))


def briefly(conversation: Conversation) -> list[dict[str, str]]:
    """The conversation without sources and traces: its first query as it stands, then what was
    said."""
    first, *later = conversation.messages
    said = ({**turn, "content": split_trace(turn["content"])[1]} for turn in later)
    return [{**first, "content": conversation.query}, *said]


def opened(seed: Seed) -> Conversation:
    """The conversation that holds the parent's exchange alone.

    Raises Rejected("turn_roles") where the parent is no single exchange.
    """
    parent = seed.parent
    assert parent is not None, "multi_turn starts from a sample"
    messages = tuple(dict(message) for message in parent["messages"])
    if [message["role"] for message in messages] != ["user", "assistant"]:
        raise Rejected("turn_roles", f"the parent has {len(messages)} messages")
    return Conversation(
        language=seed.language,
        exercise=parent["exercise"],
        query=parent["query"],
        parent_sha256=conversation_sha256(parent["query"], messages),
        passage=material(parent, parent["exercise"]),
        messages=messages,
    )


def material(row: Row, exercise: str) -> Passage | None:
    """The text that follow-ups may draw on; None where the row has no seed text.

    It is the seed, save for a rag parent (`exercise`) whose prompt withholds it: then it is the
    first source that the prompt shows.
    """
    if not row["query_seed_text"]:
        return None
    seed = passage_of(row)
    prompt = row["messages"][0]["content"]
    if exercise != "rag" or seed.text in prompt:
        return seed
    shown = shown_sources(prompt, seed)
    if not shown:
        return None
    first = shown[0].passage
    starts = tuple(start for start, _ in sentences(first.text, first.language))
    return dataclasses.replace(first, passage_id="", sentences=starts or (0,))


def offered(conversation: Conversation) -> tuple[str, ...]:
    """The kinds of follow-up that a parent has material for: a text in another language (a
    translation) is not put into another layout under our language."""
    kinds = KINDS if conversation.passage else _WITHOUT_SEED
    foreign = (
        conversation.exercise == "editing"
        and other_language(
            split_trace(conversation.messages[1]["content"])[1], conversation.language
        )[0]
    )
    return tuple(kind for kind in kinds if not (foreign and kind == REFORMATTING))


def draw_kinds(kinds: Sequence[str], wanted: int, draw: Draw) -> list[str]:
    """`wanted` kinds, each uniform among those that are not the one before."""
    found: list[str] = []
    for _ in range(wanted):
        found.append(draw.choice([kind for kind in kinds if kind not in found[-1:]]))
    return found


def _with(conversation: Conversation, kind: str, focus: str, query: Any) -> Conversation:
    return dataclasses.replace(
        conversation,
        messages=(*conversation.messages, query),
        kinds=(*conversation.kinds, kind),
        focuses=(*conversation.focuses, focus),
    )


def _sample(seed: Seed, conversation: Conversation, checks: tuple[dict[str, Any], ...]) -> Sample:
    parent = seed.parent
    assert parent is not None
    last = len(conversation.kinds)
    constraints = {
        "language": conversation.language,
        "turns": last,
        "kinds": list(conversation.kinds),
        "focuses": list(conversation.focuses),
        "parent_exercise": conversation.exercise,
        "parent_sha256": conversation.parent_sha256,
        "conversation_sha256": conversation_sha256(conversation.query, conversation.messages),
    }
    return Sample(
        language=conversation.language,
        exercise=EXERCISE,
        query=conversation.query,
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
    constraints = drawn(row)
    return Conversation(
        language=row["language"],
        exercise=constraints["parent_exercise"],
        query=row["query"],
        parent_sha256=constraints["parent_sha256"],
        passage=material(row, constraints["parent_exercise"]),
        messages=tuple(dict(message) for message in row["messages"]),
        kinds=tuple(constraints["kinds"]),
        focuses=tuple(constraints["focuses"]),
    )


def _inconsistent(row: Row, conversation: Conversation) -> Iterator[str]:
    """Where the row's columns are not those of its conversation."""
    constraints = drawn(row)
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
