"""The note of a row that an answer went back to its model before it was taken; the form checks."""

from __future__ import annotations

from collections.abc import Iterable

from beam_synth.checks import Check
from beam_synth.checks.forms import is_form

NOTE = "sent_back"
NOTE_KIND = "call"  # of the note, beside the kinds formal, judge and source
_LONGEST = 400  # characters of a fault that the note keeps


def sent_back_note(step: str, fault: str) -> Check:
    """The note that an answer went back before it was taken: which step's, and what was wrong.

    >>> sent_back_note("rag/query", "the focus is no span").detail
    'rag/query: the focus is no span'
    """
    return Check(NOTE, True, 1.0, f"{step}: {fault}"[:_LONGEST], "", NOTE_KIND)


def of_form(checks: Iterable[Check]) -> list[Check]:
    """The checks that a second answer may mend, in order; the others are left out."""
    return [check for check in checks if is_form(check.reason)]
