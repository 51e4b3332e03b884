"""Recorded choices of an editing task and what was made of the text."""

from __future__ import annotations

import re
from typing import Any

from beam_synth.errors import Rejected
from beam_synth.materials.corruption import Error
from beam_synth.methods.editing.checks import checks_of, choice_checks
from beam_synth.methods.editing.edit import Edit
from beam_synth.methods.editing.offers import FORMS, TASKS, Offer, Wording, keys_of
from beam_synth.methods.editing.words import INSTRUCTIONS
from benchmarks.answers.rebuilt import CODES, fault, fields_of, judged, language_in, refused
from benchmarks.answers.recorded import Judged, RecordedAnswer, blocks_of, line_of

_OFFER = re.compile(r"^- (\w+): (.*)$", re.MULTILINE)
_WRONG = re.compile(r"^  (.+) → (.+) \(([\w ]+)\)$", re.MULTILINE)
_CHOSEN = re.compile(r"^(?:The task|.* this one was chosen): (\w+)(?:\. Why: (.*))?$", re.MULTILINE)
_KEY = re.compile(r'"([^"]+)" \((proper names|dates|years|numbers)')
_KINDS = {"proper names": "names", "dates": "dates", "years": "years", "numbers": "numbers"}
_IN_FORM = {
    "bulleted": "bullets", "numbered": "numbered", "questions": "questions", "letter": "letter",
    'begins with "- "': "bullets", 'begin with "1. "': "numbered", "pairs of lines": "questions",
}  # fmt: skip


def choice_judged(record: RecordedAnswer) -> Judged:
    """A chosen task with its reason."""
    language = language_in(record, "The text, in")
    text = _text(record)
    wrong = line_of(record.user, "What is known to be wrong with it").partition(" ")[0]
    if not wrong.isdigit() and wrong != "nothing":
        raise fault(record, "not told what is wrong with the text")
    # Only that there are errors is known, not which.
    errors = (Error("unknown", 0, 0, "", ""),) * (int(wrong) if wrong.isdigit() else 0)
    listed = record.user.partition("Tasks on offer:\n")[2]
    offered = tuple(_offer(record, m[1], m[2], language) for m in _OFFER.finditer(listed))
    if not offered:
        raise fault(record, "no tasks on offer")
    try:
        chosen, why = fields_of(record, "chosen_task", "reason")
    except Rejected as error:
        return refused(error)
    edit = Edit(language, text, errors, offered, chosen, why, Wording("menu", 0))
    return judged(choice_checks(edit))


def _text(record: RecordedAnswer) -> str:
    texts = blocks_of(record.user, "text")
    if len(texts) != 1:
        raise fault(record, f"{len(texts)} texts")
    return texts[0].text


def _offer(record: RecordedAnswer, task: str, asked: str, language: str) -> Offer:
    """An offer from its words: "restyle", "as questions with answers"."""
    if task not in TASKS:
        raise fault(record, f"unknown task {task!r}")
    offer: dict[str, Any] = {"task": task}
    number = re.search(r"at most (\d+) words|more than (\d+) words", asked)
    if task in ("summarise", "simplify"):
        if number is None:
            raise fault(record, f"{task} without a number of words: {asked!r}")
        offer["words"] = int(number[1] or number[2])
        percent = re.search(r"\((\d+)% of", asked)
        offer["percent"] = int(percent[1]) if percent else 0
    elif task == "translate":
        target = next(
            (CODES[name] for name in CODES if f"in {name}" in asked.replace("into", "in")), ""
        )
        if not target:
            raise fault(record, f"no language to translate into: {asked!r}")
        offer["target"] = target
    elif task == "restyle":
        form = next((form for words, form in _IN_FORM.items() if words in asked), "")
        if form not in FORMS:
            raise fault(record, f"no form: {asked!r}")
        offer["form"] = form
    elif task == "extract":
        offer["keys"] = _keys(record, asked, language)
    return offer


def _keys(record: RecordedAnswer, asked: str, language: str) -> dict[str, str]:
    told = {m[1]: _KINDS[m[2]] for m in _KEY.finditer(asked)}
    if told:
        return told
    kinds = {key: kind for kind, key in INSTRUCTIONS[language].keys.items()}
    named = asked.removeprefix("a JSON object with ").split(", ")
    if not all(name in kinds for name in named):
        raise fault(record, f"unknown keys: {asked!r}")
    return keys_of([kinds[name] for name in named], language)


def edit_judged(record: RecordedAnswer) -> Judged:
    """Trace and result of a chosen task."""
    language = language_in(record, "Language of the text")
    text, chosen = _text(record), _CHOSEN.search(record.user)
    said = record.user.partition("What the user says: ")[2].partition("\n\n<text>")[0]
    wanted = record.user.partition("What the result has to be:\n")[2]
    if chosen is None or not said or not wanted:
        raise fault(record, "no task, no request or nothing that the result has to be")
    offer = _offer(record, chosen[1], wanted.partition("\n- All names")[0], language)
    others = max(0, sum(line.startswith("- ") for line in said.splitlines()) - 1)
    offered = (offer, *({"task": "another"} for _ in range(others)))
    try:
        reasoning, answer = fields_of(record, "reasoning", "answer")
    except Rejected as error:
        return refused(error)
    mode = "menu" if others else "specific"
    edit = Edit(
        language, text, _errors(record, text, wanted), offered, chosen[1], chosen[2] or "",
        Wording(mode, 0), reasoning, answer,
    )  # fmt: skip
    edit.__dict__["instruction"] = said  # as it was said; its wording was drawn
    return judged(checks_of(edit))


def _errors(record: RecordedAnswer, text: str, wanted: str) -> tuple[Error, ...]:
    """The errors that are told, at their places: each behind the one before it."""
    errors, at = [], 0
    for found in _WRONG.finditer(wanted):
        start = text.find(found[1], at)
        if start < 0:
            raise fault(record, f"{found[1]!r} does not stand in the text")
        at = start + len(found[1])
        errors.append(Error(found[3], start, at, found[1], found[2]))
    return tuple(errors)
