"""Wrong options: what typical slips give in place of a problem's answer.

A slip is an operator taken for its opposite, or a step taken for the last one; a near miss is the
answer miscounted. Both have to look like an answer (`is_plausible`).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from fractions import Fraction

from beam_synth.drawing import Draw
from beam_synth.errors import Rejected
from beam_synth.materials.problems.exact_arithmetic import ExpressionError
from beam_synth.materials.problems.expressions import Node, Value, evaluate
from beam_synth.materials.problems.rendering import number
from beam_synth.materials.problems.sampling import answer_of, worked
from beam_synth.materials.problems.templates import Instance, Problem, of_type

OPTIONS = 4
SPAN = 4  # no option is more than so many times the answer, nor less than that part of it
_SWAPS = {"+": "-", "-": "+", "*": "/", "/": "*"}


def form(value: Fraction, kind: str) -> str:
    """integer, fraction or decimal: how the value is written when its type is `kind`.

    >>> form(Fraction(1, 2), "decimal 1"), form(Fraction(1, 2), "rational")
    ('decimal', 'fraction')
    """
    text = number(value, kind)
    return "fraction" if "/" in text else "decimal" if "." in text else "integer"


def is_plausible(problem: Problem, value: Fraction, answer: Fraction) -> bool:
    """Whether a wrong value is of the answer's type, form and sign, and within SPAN times of it."""
    if value == answer or not of_type(value, problem.type):
        return False
    if form(value, problem.type) != form(answer, problem.type) or value * answer <= 0:
        return False
    return abs(answer) <= SPAN * abs(value) <= SPAN * SPAN * abs(answer)


def slips(instance: Instance) -> tuple[Fraction, ...]:
    """What wrong operations and forgotten steps give, each once, in the steps' order; only what is
    plausible.
    """
    problem, answer = instance.problem, answer_of(instance.problem, instance.values)
    return tuple(
        v for v in dict.fromkeys(_slip_values(instance)) if is_plausible(problem, v, answer)
    )


def near_misses(instance: Instance) -> tuple[Fraction, ...]:
    """The answer miscounted: by one, by a given value, by a tenth; only what is plausible."""
    problem, answer = instance.problem, answer_of(instance.problem, instance.values)
    miscounts = dict.fromkeys(_miscounted(instance, answer))
    return tuple(value for value in miscounts if is_plausible(problem, value, answer))


def unlikely(instance: Instance, values: Sequence[Fraction]) -> list[Fraction]:
    """Those of the values that are neither among the slips nor among the near misses, in their
    order.
    """
    problem, answer = instance.problem, answer_of(instance.problem, instance.values)
    fit = {value for value in values if is_plausible(problem, value, answer)}
    likely = fit & set(_miscounted(instance, answer)) if fit else set()
    if len(likely) < len(fit):
        likely |= fit & set(_slip_values(instance))
    return [value for value in values if value not in likely]


def _slip_values(instance: Instance) -> Iterator[Fraction]:
    yield from _wrong_operations(instance)
    known = worked(instance.problem, instance.values)
    for step in instance.problem.steps[:-1]:
        value = known[step.name]
        if isinstance(value, Fraction):
            yield value


def _miscounted(instance: Instance, answer: Fraction) -> list[Fraction]:
    numerator, denominator = answer.numerator, answer.denominator
    offsets = [Fraction(1), Fraction(2), Fraction(10), Fraction(3), Fraction(5), abs(answer) / 10]
    offsets += [v for v in instance.values.values() if isinstance(v, Fraction)]
    near = [answer + sign * offset for offset in offsets for sign in (1, -1)]
    if denominator > 1:
        near += [Fraction(numerator + i, denominator) for i in (-3, -2, -1, 1, 2, 3)]
        near += [
            Fraction(numerator, denominator + i) for i in (-2, -1, 1, 2, 3) if denominator + i > 0
        ]
    return near


def _wrong_operations(instance: Instance) -> Iterator[Fraction]:
    """The last value of the steps with one operator exchanged."""
    steps = instance.problem.steps
    for i, step in enumerate(steps):
        for changed in _operator_exchanged(step.node):
            known: dict[str, Value] = dict(instance.values)
            try:
                for j, evaluated in enumerate(steps):
                    known[evaluated.name] = evaluate(changed if i == j else evaluated.node, known)
            except ExpressionError:
                continue
            last = known[steps[-1].name]
            assert isinstance(last, Fraction)
            yield last


def _operator_exchanged(node: Node) -> Iterator[Node]:
    """The expression with one of its operators exchanged for its opposite."""
    if node.op in _SWAPS:
        yield dataclasses.replace(node, op=_SWAPS[node.op])
    for i, arg in enumerate(node.args):
        for changed in _operator_exchanged(arg):
            yield dataclasses.replace(node, args=(*node.args[:i], changed, *node.args[i + 1 :]))


def contained_pairs(texts: Sequence[str]) -> list[tuple[str, str]]:
    """The pairs of texts one of which is contained in the other, the contained one first.

    >>> contained_pairs(["12", "120", "7"])
    [('12', '120')]
    """
    return [(a, b) for i, a in enumerate(texts) for j, b in enumerate(texts) if i != j and a in b]


def wrong_values(instance: Instance, draw: Draw) -> tuple[Fraction, ...]:
    """OPTIONS − 1 wrong values, slips before near misses, none within another or the answer as
    text.

    Raises Rejected("mcq_options") where there are not so many.
    """
    problem, answer = instance.problem, answer_of(instance.problem, instance.values)
    chosen = [answer]
    for value in [*draw.shuffled(slips(instance)), *draw.shuffled(near_misses(instance))]:
        texts = [number(v, problem.type) for v in [*chosen, value]]
        if value not in chosen and not contained_pairs(texts):
            chosen.append(value)
        if len(chosen) == OPTIONS:
            return tuple(chosen[1:])
    raise Rejected("mcq_options", f"{problem.name}: only {len(chosen) - 1} distractors")
