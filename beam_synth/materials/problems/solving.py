"""The second route to an answer, independent of the template's answer and steps.

Equations are solved by sympy once a template, with its values as symbols; an instance puts its
values into the closed forms, over exact rationals. A `search` is enumerated.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

from beam_synth.materials.problems.exact_arithmetic import ExpressionError, exact
from beam_synth.materials.problems.expressions import Node, Values, evaluate, parse_expression
from beam_synth.materials.problems.templates import Problem, Search

MOST = 20_000  # combinations that a search may look at


def second_route(problem: Problem, values: Values) -> Fraction:
    """The answer by equations (the value of the first unknown) or by enumeration.

    Raises ExpressionError where there is none, or more than one, and where a search would look at
    more than MOST combinations.
    """
    if problem.search is not None:
        return _enumerate(problem.search, values)
    answers = {
        solution[problem.unknowns[0]]
        for solution in _solutions(problem, values)
        if all(evaluate(condition, {**values, **solution}) for condition in problem.given)
        and _keeps_equations(problem, {**values, **solution})
    }
    if len(answers) != 1:
        raise ExpressionError(f"{len(answers)} solutions where one is asked")
    return answers.pop()


def _keeps_equations(problem: Problem, values: Values) -> bool:
    """Whether the equations hold with the solution put in: sympy is not taken at its word."""
    return all(
        evaluate(left, values) == evaluate(right, values) for left, right in problem.equations
    )


def _solutions(problem: Problem, values: Values) -> Iterator[dict[str, Fraction]]:
    """The solutions of the equations; those that are not rational are left out."""
    for form in closed_forms(problem):
        try:
            yield {name: evaluate(node, values) for name, node in form.items()}
        except ExpressionError:
            continue


@functools.lru_cache(maxsize=4096)
def closed_forms(problem: Problem) -> tuple[dict[str, Node], ...]:
    """Each solution of a problem's equations: unknown -> expression in the problem's values.

    Raises ExpressionError where sympy finds none. Kept for each problem.
    """
    return _closed_forms(problem.equations, problem.unknowns)


@functools.lru_cache(maxsize=4096)  # a template read in eight languages is solved once
def _closed_forms(
    equations: tuple[tuple[Node, Node], ...], unknowns: tuple[str, ...]
) -> tuple[dict[str, Node], ...]:
    return solve(equations, unknowns)


def solve(
    equations: Sequence[tuple[Node, Node]], unknowns: Sequence[str]
) -> tuple[dict[str, Node], ...]:
    """Solutions by sympy, each a closed form a name: roots and quotients of the other names.

    Args:
        equations: (left side, right side) of each, arithmetic nodes.
        unknowns: names to solve for; every solution has all of them.

    Raises ExpressionError where it finds none, or they leave an unknown free.
    """
    import sympy  # type: ignore[import-untyped]

    symbols = [sympy.Symbol(name) for name in unknowns]
    differences = [symbolic(left) - symbolic(right) for left, right in equations]
    try:
        solutions = sympy.solve(differences, symbols, dict=True)
    except (NotImplementedError, ValueError, ZeroDivisionError) as error:
        raise ExpressionError(f"not solved: {error}") from error
    forms = []
    for solution in solutions:
        form = {str(name): parse_expression(str(value)) for name, value in solution.items()}
        if set(form) == set(unknowns):
            forms.append(form)
    if not forms:
        raise ExpressionError("the equations do not determine the unknowns")
    return tuple(forms)


def symbolic(node: Node) -> Any:
    """A sympy expression of an arithmetic node. Raises ExpressionError for another operator."""
    import sympy  # type: ignore[import-untyped]

    if node.op == "number":
        return sympy.Rational(node.number.numerator, node.number.denominator)
    if node.op == "name":
        return sympy.Symbol(node.name)
    args = [symbolic(arg) for arg in node.args]
    if node.op == "neg":
        return -args[0]
    if node.op not in ("+", "-", "*", "/", "**"):
        raise ExpressionError(f"{node.op!r} may not stand in an equation")
    left, right = args
    return {
        "+": lambda: left + right,
        "-": lambda: left - right,
        "*": lambda: left * right,
        "/": lambda: left / right,
        "**": lambda: left**right,
    }[node.op]()


def _enumerate(search: Search, values: Values) -> Fraction:
    budget = [MOST]
    start: dict[str, Any] = {k: v if isinstance(v, str) else exact(v) for k, v in values.items()}
    candidates = [
        Fraction(1) if search.of is None else evaluate(search.of, point)
        for point in _points(search, start, 0, budget)
    ]
    if search.take in ("count", "sum"):
        return sum(candidates, Fraction(0))
    if not candidates:
        raise ExpressionError("the search finds nothing")
    return min(candidates) if search.take == "min" else max(candidates)


def _points(
    search: Search, values: dict[str, Any], depth: int, budget: list[int]
) -> Iterator[Values]:
    if depth == len(search.ranges):
        budget[0] -= 1
        if budget[0] < 0:
            raise ExpressionError(f"more than {MOST} combinations")
        if all(evaluate(condition, values) for condition in search.where):
            yield values
        return
    name, first, last = search.ranges[depth]
    for value in range(int(evaluate(first, values)), int(evaluate(last, values)) + 1):
        yield from _points(search, {**values, name: value}, depth + 1, budget)
