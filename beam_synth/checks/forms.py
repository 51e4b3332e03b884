"""Which reasons are faults of form: the text may be good, and is asked for once more."""

from __future__ import annotations

# A writer who is told such a fault can mend it and keep the content. All others are of content:
# what does not stand in the sources does not come to stand there by being asked for again.
FORM_REASONS = frozenset(
    [
        "malformed_answer",  # no such fields, an empty one, marks of the chat format
        "focus_not_span",  # the focus is no span of what it was to be taken from
        "trace_grammar",
        "trace_length",
        "trace_longer_than_prose",
        "citation_unknown",  # a tag that is malformed, or that was not given
        "citation_not_quoted",  # a quotation that is not verbatim, or too short
        "citation_missing",
        "trace_language",  # it is in English, whatever the answer is in
        "mcq_options",  # of other number, kind or length than asked for
        "edit_not_offered",
        "extract_schema",
    ]
)


def is_form(reason: str) -> bool:
    """Whether what fails with this reason goes back to its writer once.

    >>> is_form("trace_grammar"), is_form("answer_not_entailed")
    (True, False)
    """
    return reason in FORM_REASONS
