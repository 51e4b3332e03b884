"""A worked problem: its instance, what was written about it, and the numbers of both."""

from __future__ import annotations

import dataclasses
import functools
import math
import re
from fractions import Fraction

from beam_synth.materials.problems.answers import WrittenNumber, figures
from beam_synth.materials.problems.expressions import evaluate, is_arithmetic, subtrees
from beam_synth.materials.problems.rendering import result
from beam_synth.materials.problems.sampling import (
    answer_of,
    constants_of,
    numbers_of,
    question_of,
    steps_of,
    worked,
)
from beam_synth.materials.problems.templates import Instance
from beam_synth.text.equations import equations
from beam_synth.text.folding import fold
from beam_synth.text.quotes import mask_quotes

LETTERS = "ABCD"
# Numbers that a trace may use for its own ends: halves, percent, counting from none.
_FREE = frozenset(map(Fraction, (0, 1, 2, 10, 100)))
# What a trace may put between two units, or know of angles, by a problem's topic.
_KNOWN_OF = {
    "units": frozenset(map(Fraction, (60, 1000, 3600, 10000, 100000, 1000000))),
    "geometry": frozenset(map(Fraction, (90, 180, 360))),  # degrees of angles
}
_NOT_SAID = re.compile(r"⟨H≈[^⟩]*⟩|(?m:^\s*\d{1,2}[.)]\s)")


@dataclasses.dataclass(frozen=True)
class Worked:
    """Everything the checks look at: a problem, how it is worded, and how it is solved."""

    instance: Instance
    query: str
    reasoning: str = ""  # the trace, in English
    answer: str = ""
    options: tuple[Fraction, ...] = ()  # the values of a multiple choice, in order
    key: int = 0  # the place of the right one, from 0
    trace_words: int = 0  # that the trace is checked against; 0: any usual number

    @property
    def language(self) -> str:
        """The code of the language of query and answer."""
        return self.instance.language

    @functools.cached_property
    def value(self) -> Fraction:
        """The hidden answer, by the first route: the template's expressions, evaluated exactly."""
        return answer_of(self.instance.problem, self.instance.values)

    @functools.cached_property
    def question(self) -> str:
        """The problem's own text, with its values in the slots."""
        return question_of(self.instance)

    @functools.cached_property
    def folded(self) -> tuple[str, str]:
        """The problem's own text and the query, folded."""
        return fold(self.question), fold(self.query)

    @functools.cached_property
    def stated(self) -> set[Fraction]:
        """The numbers of the problem's own text, which the query has to state."""
        return numbers_of(self.instance)

    @functools.cached_property
    def sums(self) -> list[tuple[str, bool, Fraction]]:
        """The sums of the trace: (equation, whether it holds, value of its right side)."""
        return list(equations(self.reasoning))

    @functools.cached_property
    def said(self) -> list[WrittenNumber]:
        """The numbers of the trace; numbers of steps, entropy marks and quotations are none."""
        return numbers_said(self.reasoning)

    @functools.cached_property
    def known(self) -> set[Fraction]:
        """Numbers that a trace may hold: those that are backed, and the options."""
        return self.backed | set(self.options)

    @functools.cached_property
    def backed(self) -> set[Fraction]:
        """Numbers that an answer may hold.

        They are those stated, the steps' own (and what their functions and the parts of a step
        give, which need no line of their own), what the trace's true sums give, and the whole
        numbers around a quotient of these.
        """
        problem = self.instance.problem
        results = steps_of(problem, self.instance.values)
        known = self.stated | constants_of(problem) | _FREE
        known |= {results[step.name] for step in problem.steps if not is_arithmetic(step.node)}
        known |= _parts(self.instance) | _KNOWN_OF.get(problem.topic, frozenset())
        found = {abs(value) for _, holds, value in self.sums if holds}
        found |= {Fraction(rounded(v)) for v in found for rounded in (math.floor, math.ceil)}
        return known | found

    @property
    def labels(self) -> tuple[str, ...]:
        """The options as they are shown: "A) 12 km"."""
        problem = self.instance.problem
        shown = [result(v, problem.type, problem.unit, self.language) for v in self.options]
        return tuple(f"{LETTERS[i]}) {text}" for i, text in enumerate(shown))

    @property
    def prompt(self) -> str:
        """The user's turn: the question and, of a multiple choice, an option a line."""
        return "\n".join([f"{self.query}\n", *self.labels]) if self.options else self.query


def _parts(instance: Instance) -> set[Fraction]:
    """What the parts of steps give: of "(43 + 1) × 10" the 44, not the whole."""
    known = worked(instance.problem, instance.values)
    parts = [
        part
        for step in instance.problem.steps
        for part in subtrees(step.node)
        if part.args and part is not step.node
    ]
    return {abs(evaluate(part, known)) for part in parts}


def numbers_said(trace: str) -> list[WrittenNumber]:
    """The numbers of a trace with their places in it, signs left out.

    Numbers of steps, entropy marks and quotations are none.

    >>> [str(said.value) for said in numbers_said("1. ⟨H≈0.4⟩ 12 × 3 = 36")]
    ['12', '3', '36']
    """
    masked = _NOT_SAID.sub(lambda m: " " * len(m.group()), mask_quotes(trace))
    return [WrittenNumber(abs(f.value), f.start, f.end) for f in figures(masked)]
