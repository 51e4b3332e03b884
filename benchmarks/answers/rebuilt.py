"""What several methods' answers are rebuilt from: languages by name, passages, fields, checks."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import orjson

from beam_synth.checks import Check
from beam_synth.checks.forms import is_form
from beam_synth.errors import Rejected
from beam_synth.methods.shared.samples import stripped_fields
from beam_synth.records import Passage
from beam_synth.text.sentences import count_words, sentences
from benchmarks.answers.recorded import ACCEPTED, REJECTED, SENT_BACK, Judged, RecordedAnswer

CODES = {
    "English": "en", "French": "fr", "German": "de", "Spanish": "es", "Italian": "it",
    "Polish": "pl", "Dutch": "nl", "Latin": "la",
}  # fmt: skip
_LETTERED = re.compile(r"^([A-D])\) (.*)$", re.MULTILINE)


def fault(record: RecordedAnswer, what: str) -> ValueError:
    """What is to be raised where the messages are not of the form that is read here."""
    return ValueError(f"{record.key} ({record.method}, {record.step}): {what}")


def language_in(record: RecordedAnswer, *labels: str) -> str:
    """Code of the language that is named behind the first label found in the user's message.

    Raises ValueError where none is, or one that is not of the eight.
    """
    for label in labels:
        found = re.search(rf"^{re.escape(label)}:? (\w+)", record.user, re.MULTILINE)
        if found and found[1] in CODES:
            return CODES[found[1]]
    raise fault(record, f"no language behind {' or '.join(map(repr, labels))}")


def passage(text: str, title: str, section: str, language: str, number: int = 0) -> Passage:
    """A passage of which no more is known than its text and where it stood."""
    starts = tuple(start for start, _ in sentences(text, language))
    return Passage(
        passage_id=f"{number:032x}", article_id=title, title=title, language=language, url="",
        revision=None, license="", qid="", path="[]", section=section, kind="prose", index=number,
        text=text, sentences=starts or (0,), words=count_words(text), tokens=0,
    )  # fmt: skip


def lettered(text: str) -> list[str]:
    """What stands behind "A) " to "D) " at the beginning of lines, in order."""
    return [found[2].strip() for found in _LETTERED.finditer(text)]


def data_of(record: RecordedAnswer) -> dict[str, Any]:
    """The answer's JSON object. Raises Rejected("malformed_answer") where it is none."""
    try:
        data = orjson.loads(record.answer)
    except orjson.JSONDecodeError as error:
        raise Rejected("malformed_answer", f"no JSON: {error}") from error
    if not isinstance(data, dict):
        raise Rejected("malformed_answer", "no JSON object")
    return data


def fields_of(record: RecordedAnswer, *names: str) -> list[str]:
    """The named texts of the answer. Raises Rejected("malformed_answer") as a method does."""
    data = data_of(record)
    missing = [name for name in names if name not in data]
    if missing:
        raise Rejected("malformed_answer", f"without {', '.join(missing)}")
    return stripped_fields(data, *names)


def refused(error: Rejected) -> Judged:
    """What a method's refusal comes to: a fault of form goes back."""
    return Judged(SENT_BACK if is_form(error.reason) else REJECTED, error.reason, error.detail)


def judged(checks: Iterable[Check]) -> Judged:
    """What checks come to, the first that fails deciding."""
    for check in checks:
        if not check.passed:
            return refused(Rejected(check.reason, f"{check.name}: {check.detail}"))
    return Judged(ACCEPTED)
