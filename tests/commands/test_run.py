"""The one line that a run which failed says."""

from __future__ import annotations

import pytest

from beam_synth.commands.run import root_cause

OUTER = "RuntimeError: wrapped [while running 'Write/Accounted']"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("beam_synth.errors.Fault: two passages have one id", "two passages have one id"),
        (
            "Refused: prompts: there is no x.jinja [while running 'Generate']",
            "prompts: there is no x.jinja",
        ),
        ("KeyError: 'url' [while running 'ReadFiles']", "KeyError: 'url'"),
        ("some.module.FooException: x", "FooException: x"),
    ],
)
def test_the_first_cause_in_a_wrapped_traceback(line: str, expected: str) -> None:
    text = f'Traceback (most recent call last):\n  File "x", line 1\n{line}\n\n{OUTER}\n'
    assert root_cause(text, RuntimeError("outer")) == expected


def test_without_a_line_of_a_cause_the_exception_speaks_for_itself() -> None:
    assert root_cause("nothing", ValueError("x")) == "ValueError: x"
