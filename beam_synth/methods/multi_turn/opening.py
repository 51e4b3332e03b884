"""What a conversation starts from: the parent's exchange, its material, the kinds of follow-up."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from beam_synth.drawing import Draw
from beam_synth.errors import Rejected
from beam_synth.methods.multi_turn.conversation import (
    KINDS,
    REFORMATTING,
    Conversation,
    conversation_sha256,
    shown_sources,
    split_trace,
)
from beam_synth.methods.seeds import RecordSeed
from beam_synth.methods.shared.bare_query import bare_query
from beam_synth.methods.shared.samples import passage_of
from beam_synth.records import Passage, Row
from beam_synth.text.languages import other_language
from beam_synth.text.sentences import sentences

# What a sample without a seed text (a problem from a template) has material for.
_WITHOUT_SEED = ("clarification", "challenge", "reformatting")


def opened(seed: RecordSeed) -> Conversation:
    """The conversation that holds the parent's exchange alone.

    Raises Rejected("turn_roles") where the parent is no single exchange.
    """
    parent = seed.record
    messages = tuple(dict(message) for message in parent["messages"])
    if [message["role"] for message in messages] != ["user", "assistant"]:
        raise Rejected("turn_roles", f"the parent has {len(messages)} messages")
    question = bare_query(parent["query"], parent["exercise"])
    return Conversation(
        language=seed.language,
        exercise=parent["exercise"],
        query=question,
        parent_sha256=conversation_sha256(question, messages),
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
    """`wanted` kinds, each uniform among those that are not the one before.

    >>> kinds = draw_kinds(["deepening", "challenge"], 3, Draw("an example"))
    >>> kinds[0] == kinds[2] != kinds[1]
    True
    """
    drawn: list[str] = []
    for _ in range(wanted):
        drawn.append(draw.choice([kind for kind in kinds if kind not in drawn[-1:]]))
    return drawn
