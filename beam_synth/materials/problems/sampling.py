"""Drawing an instance: rejection with a cap, and what makes values unfit.

Values are drawn uniformly, each from its domain, until they pass `fault`. (As in GSM-Symbolic,
arXiv 2410.05229; the second route is ours.)
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from fractions import Fraction

from beam_synth.drawing import Draw
from beam_synth.errors import Rejected
from beam_synth.materials.problems.answers import figures
from beam_synth.materials.problems.exact_arithmetic import ExpressionError
from beam_synth.materials.problems.expressions import Value, Values, evaluate, subtrees
from beam_synth.materials.problems.rendering import fill, solution
from beam_synth.materials.problems.solving import second_route
from beam_synth.materials.problems.templates import Instance, Problem, of_type

TRIES = 1000


def choose_problem(problems: Sequence[Problem], language: str, draw: Draw) -> Problem:
    """A problem that has a text in the language, each as likely as the others.

    Raises Rejected("no_instance") where none has one.
    """
    fit = [problem for problem in problems if language in problem.text]
    if not fit:
        raise Rejected("no_instance", f"no template has a text in {language!r}")
    return draw.choice(fit)


def sample(problem: Problem, language: str, draw: Draw, tries: int = TRIES) -> Instance:
    """An instance whose values pass `fault`, drawn at most `tries` times.

    Raises Rejected("no_instance") after so many tries, with the last fault.
    """
    reason = ""
    for _ in range(tries):
        values = {
            name: domain.at(draw.below(len(domain))) for name, domain in problem.domains.items()
        }
        reason = fault(problem, values)
        if not reason:
            return Instance(problem, language, values)
    raise Rejected("no_instance", f"{problem.name}: {tries} tries, the last: {reason}")


def answer_of(problem: Problem, values: Values) -> Fraction:
    """The first route: the answer's expression over exact rationals.

    Raises ExpressionError where it has no value at these values.
    """
    return evaluate(problem.answer, values)


def steps_of(problem: Problem, values: Values) -> dict[str, Fraction]:
    """The value of every step, by its name. Raises ExpressionError where one has none."""
    known = worked(problem, values)
    return {step.name: _number(known[step.name]) for step in problem.steps}


def _number(value: Value) -> Fraction:
    if not isinstance(value, Fraction):
        raise ExpressionError(f"{value!r} is no number")
    return value


def worked(problem: Problem, values: Values) -> dict[str, Value]:
    """The values with the value of every step under its name.

    Raises ExpressionError where a step has no value.
    """
    known = dict(values)
    for step in problem.steps:
        known[step.name] = evaluate(step.node, known)
    return known


def fault(problem: Problem, values: Values, *, original: bool = False) -> str:
    """Why the values do not make an instance, or "".

    They have to lie in their domains and keep the conditions; answer and steps have to be of their
    types and positive (but for `signed`); the last step has to give the answer; the answer may
    stand in no number before it, may not be the original's, and has to be that of the second route.
    With `original` the last three are not asked: the original's answer is its own, and the second
    route needs sympy.
    """
    try:
        return _fault(problem, values, original)
    except ExpressionError as error:
        return f"degenerate: {error}"


def _fault(problem: Problem, values: Values, original: bool) -> str:
    outside = [name for name, domain in problem.domains.items() if values.get(name) not in domain]
    if outside or len(values) != len(problem.domains):
        return f"not of their domains: {', '.join(outside)}"
    known = worked(problem, values)
    for i, condition in enumerate(problem.where):
        if not evaluate(condition, known):
            return f"condition {i} fails"
    answer = answer_of(problem, values)
    if not of_type(answer, problem.type) or (answer <= 0 and not problem.signed):
        return f"the answer {answer} is not of type {problem.type}"
    for step in problem.steps:
        value = known[step.name]
        assert isinstance(value, Fraction)
        if not of_type(value, step.type) or (value <= 0 and not problem.signed):
            return f"step {step.name} is {value}, not of type {step.type}"
    if known[problem.steps[-1].name] != answer:
        return f"the steps end in {known[problem.steps[-1].name]}, the answer is {answer}"
    if original:
        return ""
    if answer in _stated_numbers(problem, known):
        return f"the answer {answer} stands in the question or in a step before it"
    if answer == _original_answer(problem):
        return f"the answer {answer} is the original's"
    second = second_route(problem, values)
    return "" if second == answer else f"the second route gives {second}, not {answer}"


@functools.lru_cache(maxsize=4096)
def _original_answer(problem: Problem) -> Fraction:
    return answer_of(problem, problem.original)


def _stated_numbers(problem: Problem, known: Mapping[str, Value]) -> set[Value]:
    """Numbers that are read before the answer: given ones, constants, earlier results."""
    last = problem.steps[-1].name
    stated = {value for name, value in known.items() if name != last}
    return stated | constants_of(problem)


def solution_of(instance: Instance) -> list[str]:
    """The worked steps of an instance, a line each: "discount: 80 × 25 ÷ 100 = 20"."""
    problem = instance.problem
    known = worked(problem, instance.values)
    steps = [(s.label, s.node, evaluate(s.node, known), problem.type) for s in problem.steps]
    return solution(steps, known)


def question_of(instance: Instance) -> str:
    """The question in the instance's language, with its values in the slots."""
    return fill(instance.problem.text[instance.language], instance.values)


def numbers_of(instance: Instance) -> set[Fraction]:
    """The numbers that the question states, read as its language writes them."""
    return {figure.value for figure in figures(question_of(instance), instance.language)}


@functools.lru_cache(maxsize=4096)
def constants_of(problem: Problem) -> frozenset[Fraction]:
    """The numbers that stand in the steps themselves, such as the 100 of a percentage."""
    parts = [part for step in problem.steps for part in subtrees(step.node)]
    return frozenset(part.number for part in parts if part.op == "number")
