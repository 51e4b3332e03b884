"""A record that lacks what any record must hold is a fault of its method, never a row."""

from __future__ import annotations

import asyncio
import dataclasses

import pytest

from beam_synth.generation.made import check_made
from beam_synth.generation.outcomes import Finished
from beam_synth.generation.program import run_program
from beam_synth.generation.task_calls import Context
from beam_synth.methods import DrawFor, Models, PassageSeed
from beam_synth.methods.declaration import Method
from beam_synth.records import Sample
from tests.doubles import programs

SEED = PassageSeed(
    programs.tasks_of(programs.passages(1), "two_calls")[0], programs.passages(1)[0], ()
)
GOOD = programs.sample_of(SEED, "When?", "In 1912.")
FAULTY = {
    "without seeds": dataclasses.replace(GOOD, seeds=()),
    "without messages": dataclasses.replace(GOOD, messages=()),
    "an empty message": dataclasses.replace(GOOD, messages=({"role": "user", "content": ""},)),
}


def ended(result: list[Sample]) -> Finished:
    """What becomes of a task whose method gives these."""

    async def gives(seed: PassageSeed, models: Models, draw: DrawFor) -> list[Sample]:
        return result

    def no_role(name: str) -> None:
        raise AssertionError(name)

    declared = Method("gives", gives, "riddle", 0)
    context = Context(1, no_role, lambda name: declared, str)  # type: ignore[arg-type]
    found = asyncio.run(run_program(SEED, context))
    assert isinstance(found, Finished)
    return found


@pytest.mark.parametrize("what", FAULTY)
def test_it_is_a_failure_that_names_the_method_and_what_is_missing(what: str) -> None:
    outcome = ended([GOOD, FAULTY[what]]).outcome
    assert (outcome.kind, outcome.reason, outcome.records) == ("failed", "internal_error", ())
    assert f"'{SEED.task.method}'" in outcome.detail
    assert what in outcome.detail and "record 2 of 2" in outcome.detail


def test_whole_records_pass() -> None:
    assert len(ended([GOOD, GOOD]).outcome.records) == 2


def test_a_text_needs_no_messages() -> None:
    check_made("pages", [FAULTY["without messages"]], chat=False)
    with pytest.raises(ValueError, match="without seeds"):
        check_made("pages", [FAULTY["without seeds"]], chat=False)
