"""Recorded questions with options and what was answered to them."""

from __future__ import annotations

import re

from beam_synth.checks import POSITIVE, Exchange
from beam_synth.engines.ports import Answer
from beam_synth.errors import Rejected
from beam_synth.methods.mcq.checks import checks_of, query_checks
from beam_synth.methods.mcq.choice import LETTERS, Choice
from beam_synth.methods.mcq.program import parts_of
from beam_synth.methods.shared.axes import realised
from benchmarks.answers.rebuilt import (
    data_of,
    fault,
    fields_of,
    judged,
    language_in,
    lettered,
    passage,
    refused,
)
from benchmarks.answers.recorded import Judged, RecordedAnswer, blocks_of, line_of

_ASKED = re.compile(
    r"Question \(([\w ]+), asked by an? ([\w ]+)\):\n\n(.*?)\n\n(?=A\) )", re.DOTALL
)


def query_judged(record: RecordedAnswer) -> Judged:
    """A question, its key, distractors and focus."""
    language = language_in(record, "Language of question and options")
    seeds = blocks_of(record.user, "passage")
    if len(seeds) != 1:
        raise fault(record, f"{len(seeds)} passages")
    title, section = line_of(record.user, "Article"), line_of(record.user, "Section")
    seed = passage(seeds[0].text, title, section, language)
    near = tuple(
        passage(block.text, block.attributes.get("title", ""), "", language, number)
        for number, block in enumerate(blocks_of(record.user, "near"), 1)
    )
    try:
        data = data_of(record)
        fields_of(record, "question", "key", "focus")
        if not isinstance(data.get("distractors"), list):
            raise Rejected("malformed_answer", "distractors is no list")
        parts = parts_of(Answer("", data), seed.text)
    except Rejected as error:
        return refused(error)
    wished = {
        "query_type": line_of(record.user, "Kind of question").partition(" (")[0],
        "complexity": line_of(record.user, "Complexity").partition(" (")[0],
        "user_profile": line_of(record.user, "Asked by").removeprefix("a "),
        "style": line_of(record.user, "Style").partition(" (")[0],
        "query_result": POSITIVE,
    }
    axes = realised(wished, parts.question, language, title)
    asked = Exchange(language, parts.question, "", "", parts.focus, axes, seed, near)
    return judged(query_checks(Choice(asked, (parts.key, *parts.distractors), 0)))


def answer_judged(record: RecordedAnswer) -> Judged:
    """Trace and answer of a question that the messages show with its options and key."""
    language = language_in(record, "Language of the answer")
    asked = _ASKED.search(record.user)
    focus = blocks_of(record.user, "focus")
    if asked is None or len(focus) != 1:
        raise fault(record, "no question or no focus")
    behind = record.user[asked.end() :].partition("\n\n")[0]
    options = lettered(behind)
    right = line_of(record.user, "The right option, which your reader is not told")
    labels = [f"{letter}) {option}" for letter, option in zip(LETTERS, options, strict=False)]
    if right not in labels:
        raise fault(record, f"the key {right!r} is none of {labels}")
    texts = [
        passage(b.text, b.attributes.get("title", ""), b.attributes.get("section", ""), language, n)
        for n, b in enumerate(blocks_of(record.user, "passage"))
    ]
    if not texts:
        raise fault(record, "no passage")
    try:
        reasoning, answer = fields_of(record, "reasoning", "answer")
    except Rejected as error:
        return refused(error)
    wished = {
        "complexity": asked[1], "user_profile": asked[2], "query_type": "fact",
        "style": "direct", "query_result": POSITIVE,
    }  # fmt: skip
    axes = realised(wished, asked[3], language, texts[0].title)
    exchange = Exchange(
        language, asked[3], reasoning, answer, focus[0].text, axes, texts[0], tuple(texts[1:])
    )
    choice = Choice(exchange, tuple(options), labels.index(right))
    return judged(checks_of(choice))
