"""Recorded answers of multi-turn: what a user says next, and what is answered."""

from __future__ import annotations

import dataclasses
import re

from beam_synth.errors import Rejected
from beam_synth.methods.multi_turn.checks import answer_checks, query_checks
from beam_synth.methods.multi_turn.conversation import KINDS, Conversation, in_material
from beam_synth.methods.shared.samples import turns
from benchmarks.answers.recorded import SENT_BACK, Judged, RecordedAnswer, blocks_of
from benchmarks.answers.sourced import (
    fields_of,
    first_failure,
    judged_rejected,
    language_of,
    passage_of_block,
)

_KIND = re.compile(r"^(?:Kind of the next turn: |The turn to answer \()([a-z ]+)", re.MULTILINE)
_TURN = re.compile(r"^<(user|assistant)>\n(.*?)\n</\1>", re.DOTALL | re.MULTILINE)
_OPTIONS = re.compile(r"^A\) .*\nB\) ", re.MULTILINE)
_WRITE = re.compile(
    r"\b(?:write|écri\w+|rédige\w*|schreib\w*|verfasse\w*|escrib\w+|redacta\w*|scriv\w+|"
    r"napisz\w*|schrijf\w*|scrib\w+|compone\w*)\b",
    re.IGNORECASE,
)


def judge_query(answer: RecordedAnswer) -> Judged:
    """What the checks make of the user's next words."""
    conversation = _conversation(answer, "Language")
    try:
        query, focus = fields_of(answer, "query", "focus")
    except Rejected as error:
        return judged_rejected(error)
    kind = _kind(answer)
    turn = len(conversation.kinds) + 1
    if not in_material(focus, conversation, turn):
        return Judged(SENT_BACK, "focus_not_span", f"the focus is no span: {focus[:80]!r}")
    return first_failure(query_checks(_asked(conversation, query, focus, kind), turn))


def judge_answer(answer: RecordedAnswer) -> Judged:
    """What the checks make of a follow-up's trace and answer."""
    conversation = _conversation(answer, "Language of the answer")
    *_, query = _said(answer)
    focus = blocks_of(answer.user, "focus")
    if query[0] != "user" or not focus:
        raise ValueError(f"{answer.key}: the messages show no turn to answer, or no <focus>")
    try:
        reasoning, said = fields_of(answer, "reasoning", "answer")
    except Rejected as error:
        return judged_rejected(error)
    asked = _asked(conversation, query[1], focus[0].text, _kind(answer))
    _, reply = turns(query[1], reasoning, said)
    whole = dataclasses.replace(asked, messages=(*asked.messages, reply))
    return first_failure(answer_checks(whole, len(whole.kinds)))


def _conversation(answer: RecordedAnswer, label: str) -> Conversation:
    said = _said(answer)
    messages = tuple({"role": role, "content": text} for role, text in said)
    messages = messages[: len(messages) // 2 * 2]  # the turn to answer stands apart
    if len(messages) < 2:
        raise ValueError(f"{answer.key}: the messages show no conversation")
    language = language_of(answer, label)
    shown = _turnless(answer)
    blocks = blocks_of(shown, "passage")
    passage = passage_of_block(blocks[0], language) if blocks else None
    first = messages[0]["content"]
    earlier = len(messages) // 2 - 1
    return Conversation(
        language=language,
        exercise=_exercise(first, passage is not None),
        query=first.partition("\n\n<source_1>")[0],
        parent_sha256="",
        passage=passage,
        messages=messages,
        kinds=("clarification",) * earlier,  # what they were does not matter for the last turn
        focuses=("",) * earlier,
    )


def _asked(conversation: Conversation, query: str, focus: str, kind: str) -> Conversation:
    return dataclasses.replace(
        conversation,
        messages=(*conversation.messages, {"role": "user", "content": query}),
        kinds=(*conversation.kinds, kind),
        focuses=(*conversation.focuses, focus),
    )


def _exercise(first: str, has_passage: bool) -> str:
    """Which exercise a conversation began with, as far as its first words show it."""
    if "<source_1>" in first:
        return "rag"
    if _OPTIONS.search(first):
        return "mcq" if has_passage else "math mcq"
    if _WRITE.search(first):
        return "creative writing"
    if "\n\n" in first:
        return "editing"  # the text to edit stands below its request
    return "memorization" if has_passage else "math exercise"


def _kind(answer: RecordedAnswer) -> str:
    found = _KIND.search(answer.user)
    kind = found[1].strip() if found else ""
    if kind not in KINDS:
        raise ValueError(f"{answer.key}: the kind of the turn is none: {kind!r}")
    return kind


def _said(answer: RecordedAnswer) -> list[tuple[str, str]]:
    return _TURN.findall(answer.user)


def _turnless(answer: RecordedAnswer) -> str:
    return _TURN.sub("", answer.user)
