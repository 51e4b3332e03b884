"""What an honest answer of a method may do, and what a lazy one does, in pairs."""

from __future__ import annotations

import dataclasses

import pytest

from beam_synth.checks import Check
from beam_synth.drawing import Draw
from beam_synth.materials.constraints.letter_patterns import Isogram
from beam_synth.materials.constraints.sampling import Brief
from beam_synth.materials.problems import load_problems
from beam_synth.materials.problems.sampling import question_of, sample
from beam_synth.methods.arithmetic.checks import check_reached
from beam_synth.methods.arithmetic.same_problem import changed
from beam_synth.methods.arithmetic.worked import Worked
from beam_synth.methods.editing.checks import check_supported, checks_of
from beam_synth.methods.editing.reasons import untrue
from beam_synth.methods.editing.result_checks import check_said_once, extractable_facts
from beam_synth.methods.mcq.checks import check_conclusion, check_options
from beam_synth.methods.writing.checks import checks_of as writing_checks
from beam_synth.methods.writing.checks import query_checks
from beam_synth.methods.writing.written import About
from tests.doubles.exchanges import TEXT
from tests.methods import test_editing, test_mcq, test_writing


def worked(name: str, query: str, trace: str = "") -> Worked:
    problem = next(p for p in load_problems(None) if p.name == name)
    instance = sample(problem, "en", Draw("honest", name))
    slots = {key: str(value) for key, value in instance.values.items()}
    return Worked(instance, query.format(**slots) or question_of(instance), trace)


def test_a_wording_asks_for_the_same_of_two_things() -> None:
    fence = (
        "A garden is {a} m long and {b} m wide. A gate of {g} m stays open. "
        "A metre costs {p} euros."
    )
    assert not list(changed(worked("fence_cost", f"{fence} How many euros does the fence cost?")))
    other = list(changed(worked("fence_cost", f"{fence} How many metres of fence are needed?")))
    assert any("the wording for metres" in told for told in other)


def test_a_check_may_follow_the_value() -> None:
    one = worked("fence_cost", "")
    value = one.value
    checked = f"sum: {value - 1} + 1 = {value}\ncheck: {value} − 1 = {value - 1}\n∴ {value} ●"
    assert check_reached(dataclasses.replace(one, reasoning=checked)).passed
    unsaid = checked.replace("check", "then")
    assert not check_reached(dataclasses.replace(one, reasoning=unsaid)).passed


def states(query: str) -> Check:
    brief = Brief("", "", (Isogram(),))
    about = About("Lindau Bridge", "History", TEXT)
    return next(c for c in query_checks(query, brief, "en", about) if c.name == "query_states")


def test_a_rule_without_figures_is_not_left_out() -> None:
    assert states("Write of the bridge with no letter twice in the same word.").passed
    assert "says nothing of the rule" in states("Write of the bridge, please.").detail


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("↺ “steamer” falls, it has no place here", True),
        ("“steamer” from the topic → fixed point", False),
    ],
)
def test_a_word_may_be_weighed_and_dropped(line: str, kept: bool) -> None:
    trace = test_writing.TRACE.replace("counted:", f"{line}\ncounted:")
    trace = trace.replace("“Aare” from", "Aare from")
    found = list(writing_checks(test_writing.writing(reasoning=trace)))
    assert next(c for c in found if c.name == "trace_grounded").passed is kept


def test_options_are_weighed() -> None:
    trace = "asked: a length\nthink of the span again\nthe bridge is long enough\n∴ B) 214 ●"
    failed = check_conclusion(test_mcq.choice(reasoning=trace))
    assert failed.detail == "it looks at 0 of the wrong options"
    weighed = trace.replace("think", "A) the river's length ⚠\nC) the ferry's start\nthink")
    assert check_conclusion(test_mcq.choice(reasoning=weighed)).passed


def test_a_key_without_its_article_stands_in_the_question_too() -> None:
    options = ("a cable ferry", "a stone ford", "a rope walk", "a toll house")
    query = "Which cable ferry or other crossing was there before the bridge near Thun?"
    failed = check_options(test_mcq.choice(query=query, options=options, key=0))
    assert "'a cable ferry' is in the question" in failed.detail


def test_a_trace_of_editing_counts_in_words() -> None:
    edit = test_editing.edit("correct")
    right = edit.reasoning.replace("∴", f"all {_WORDS[len(edit.errors)]} mistakes found ✓\n∴", 1)
    wrong = edit.reasoning.replace("∴", "all eleven mistakes found ✓\n∴", 1)
    assert check_supported(dataclasses.replace(edit, reasoning=right)).passed
    failed = check_supported(dataclasses.replace(edit, reasoning=wrong))
    assert failed.detail == "in no source: eleven"


_WORDS = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight")


def test_a_result_says_nothing_twice() -> None:
    edit = test_editing.edit("simplify")
    again = edit.answer + " " + edit.answer.partition(". ")[0] + "."
    assert check_said_once(edit).passed
    assert not check_said_once(dataclasses.replace(edit, answer=again)).passed
    assert "said_once" in [check.name for check in checks_of(edit)]


def test_labels_of_a_table_are_no_names() -> None:
    table = "Bridge, Owner: Clara Vogt\nBridge, Length: 214 m\nTown, Mayor: Emil Zimmer"
    assert extractable_facts(table, "en", "names") == ["Clara Vogt", "Emil Zimmer"]
    prose = "Clara Vogt wrote: the Bridge is mine. Emil Zimmer agreed."
    assert "Clara Vogt" in extractable_facts(prose, "en", "names")


def test_a_reason_counts_and_is_of_its_text() -> None:
    text = "It names Pan, Hermes, Apollo and Athena, and was read in schools."
    assert not list(untrue("Four gods are named here.", text, "en", faultless=True))
    assert list(untrue("Nine gods are named here.", text, "en", faultless=True))
    assert list(untrue("Any text becomes easier when it is cut.", text, "en", faultless=True))
