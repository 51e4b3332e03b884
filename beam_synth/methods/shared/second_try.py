"""Ask for an answer and read it; one with a fault of form goes back once, with the fault in words.

What is paid for is not thrown away for a mark. Which faults count is `checks.forms.FORM_REASONS`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from beam_synth.checks import noted_faults, noting
from beam_synth.checks.forms import is_form
from beam_synth.engines.ports import Answer, Port
from beam_synth.errors import Rejected
from beam_synth.records import REASONS

T = TypeVar("T")


async def ask_in_form(
    port: Port,
    template: str,
    variables: Mapping[str, Any],
    schema: Mapping[str, Any],
    read: Callable[[Answer], T],
    *,
    most_tokens: int | None = None,
    shorter: Mapping[str, Any] | None = None,
    reasons: Mapping[str, str] = REASONS,
) -> T:
    """What `read` makes of the answer, of the second one where the first has a fault of form.

    Args:
        port: of the role that is asked; the next arguments are those of its `ask`.
        read: makes of an answer what the method goes on with; raises Rejected as its checks say.
        most_tokens, shorter: as of `ask`.
        reasons: what the reasons mean, for the words in which a fault is told.

    Raises Rejected as `ask` and `read` do.
    """
    made: list[T] = []

    def fault(answer: Answer) -> str:
        try:
            with noted_faults(None):  # what another answer may put right is no fault yet
                made.append(read(answer))
        except Rejected as error:
            if is_form(error.reason):
                return in_words(error, reasons)
            if not noting():
                raise
        return ""

    answer = await port.ask(
        template, variables, schema, shorter=shorter, fault=fault, most_tokens=most_tokens
    )
    return made[0] if made else read(answer)


def in_words(error: Rejected, reasons: Mapping[str, str] = REASONS) -> str:
    """A fault as its writer is told: what the reason means, and what was found.

    >>> in_words(Rejected("trace_length", "trace_length: 4 words and marks, outside 12 to 600"))
    'the trace is empty or outside its length band (4 words and marks, outside 12 to 600)'
    """
    name, colon, found = error.detail.partition(": ")
    detail = found if colon and name.replace("_", "").isalnum() and "_" in name else error.detail
    meaning = reasons.get(error.reason, error.reason.replace("_", " "))
    return f"{meaning} ({detail})" if detail else meaning
