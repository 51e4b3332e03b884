"""The examples that prompts are tried with: of the form of real tasks, and on every way through."""

from __future__ import annotations

import functools
import sys
from collections.abc import Iterator, Mapping, Sequence
from types import CodeType
from typing import Any

import pytest

from beam_synth.engines.prompts import Prompts
from beam_synth.judges import rubrics, subject_examples
from beam_synth.methods import SHIPPED, load_method, method
from tests.doubles import scripts
from tests.doubles.scripts import Recorder

EXAMPLES = {
    (name, template): examples
    for name in SHIPPED
    for template, examples in load_method(name).prompts.items()
} | {
    ("judge", rubrics.template_of(rubric)): examples
    for rubric, examples in subject_examples.EXAMPLES.items()
}


def form(value: Any) -> Any:
    """What a template can rely on: keys and types, not what the texts say."""
    if isinstance(value, Mapping):
        return {key: form(each) for key, each in value.items()}
    return "sequence" if isinstance(value, list | tuple) else type(value).__name__


@functools.cache
def asked(name: str) -> dict[str, list[Mapping[str, Any]]]:
    """Template -> variables that the method's tasks on the sample give it."""
    recorder = Recorder()
    found = scripts.passages("en", 25)
    ended = recorder.run(scripts.seeds("memorization" if name == "multi_turn" else name, found))
    if name == "multi_turn":
        rows = [row for item in ended for row in item.outcome.records]
        recorder.said.clear()
        recorder.run(scripts.following(rows))
    real: dict[str, list[Mapping[str, Any]]] = {}
    for template, _, variables in recorder.said.values():
        real.setdefault(template, []).append(variables)
    return real


@pytest.mark.parametrize("name", sorted(set(SHIPPED) - scripts.BY_MODELS_ALONE))
def test_examples_have_the_form_of_real_variables(name: str) -> None:
    real = asked(name)
    declared = load_method(name).prompts
    assert set(real) <= set(declared)
    # no rule needs a second draft, so only the tests of writing see one
    assert {each for each in set(declared) - set(real) if not each.endswith("/revise")} == set()
    for template, every in real.items():
        for variables in every:
            assert set(variables) == set(declared[template][0]), template
            for key, value in variables.items():
                if not isinstance(value, Mapping):
                    forms = [form(example[key]) for example in declared[template]]
                    assert form(value) in forms, (template, key)


def no_such_filter(code: CodeType) -> Iterator[int]:
    """The lines that Jinja adds for a filter or test that there is not: no way of the template."""
    for constant in code.co_consts:
        if isinstance(constant, CodeType) and constant.co_name.startswith("t_"):
            yield from range(constant.co_firstlineno - 1, constant.co_firstlineno + 2)


def lines_left(template: str, examples: Sequence[Mapping[str, Any]]) -> set[tuple[str, int]]:
    """Lines of the template's compiled code, and of what it includes, that rendering the examples
    does not run, each with its file."""
    seen: set[tuple[str, int]] = set()
    there: set[tuple[str, int]] = set()

    def trace(frame: Any, event: str, argument: Any) -> Any:
        if frame.f_globals.get("__jinja_template__") is None:
            return None
        file = frame.f_code.co_filename
        if event == "call":
            lines = {line for _, _, line in frame.f_code.co_lines() if line}
            there.update((file, line) for line in lines - set(no_such_filter(frame.f_code)))
        seen.add((file, frame.f_lineno))
        return trace

    prompts = Prompts()
    before = sys.gettrace()
    sys.settrace(trace)
    try:
        for example in examples:
            prompts.render(template, example)
    finally:
        sys.settrace(before)
    assert there
    return there - seen


@pytest.mark.parametrize(("name", "template"), sorted(EXAMPLES))
def test_examples_take_every_way_through_a_shipped_template(name: str, template: str) -> None:
    for wording in Prompts().wordings(template):
        assert lines_left(wording, EXAMPLES[name, template]) == set(), wording


def test_a_way_that_no_example_takes_is_noticed() -> None:
    one = EXAMPLES["rag", "rag/answer"][0]
    assert one["primary"] is not None
    assert lines_left("rag/answer", [one])


def test_examples_are_declared_alone_in_a_list_or_not_at_all() -> None:
    one, two = {"tone": "plain"}, {"tone": "solemn"}

    async def riddle(seed: Any, models: Any, draw: Any) -> Any: ...

    def declared(prompts: Any) -> Any:
        made = method(exercise="riddle", calls=1, prompts=prompts)(riddle)
        return made.__dict__["beam_synth_method"].prompts

    assert declared({"a/b": one, "a/c": [one, two]}) == {"a/b": (one,), "a/c": (one, two)}
    assert declared(("a/b",)) == {"a/b": ()}
    assert declared(()) == {}
