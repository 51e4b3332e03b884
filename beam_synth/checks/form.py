"""Faults of form: those that a writer who is told of them can mend without a new idea.

An answer with one goes back once, with the fault in words; every other failure is a reject at once.
"""

from __future__ import annotations

from collections.abc import Iterable

from beam_synth.checks import Check

FORM_REASONS: frozenset[str] = frozenset(
    {
        "malformed_answer",
        "focus_no_span",
        "trace_grammar",
        "trace_language",
        "trace_length",
        "trace_longer_than_prose",
        "citation_unknown",
        "citation_not_quoted",
        "citation_missing",
        "mcq_options",
        "edit_not_offered",
        "extract_schema",
        "turn_roles",
    }
)
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
    return [check for check in checks if check.reason in FORM_REASONS]
