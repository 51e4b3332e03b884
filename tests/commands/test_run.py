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


def test_a_full_disk_is_told_with_the_file_that_could_not_be_written() -> None:
    lines = [
        "OSError: [Errno 28] No space left on device",
        "During handling of the above exception, another exception occurred:",
        "OSError: [Errno 28] No space left on device: 'out/a' [while running 'Write']",
        "RuntimeError: OSError: [Errno 28] No space left on device: 'out/a'",
    ]
    for text in ("\n".join(lines), lines[2]):
        said = root_cause(text, RuntimeError("outer"))
        assert said.startswith("cannot write out/a: No space left on device; what is written")
    assert root_cause(lines[0], RuntimeError("outer")).startswith("cannot write: No space left")


def test_the_cause_of_a_worker_process_stands_below_its_wrapping() -> None:
    text = "RuntimeError: Traceback (most recent call last):\n  File x\nKeyError: 'url'\n"
    assert root_cause(text, RuntimeError("outer")) == "KeyError: 'url'"


def test_without_a_line_of_a_cause_the_exception_speaks_for_itself() -> None:
    assert root_cause("nothing", ValueError("x")) == "ValueError: x"
