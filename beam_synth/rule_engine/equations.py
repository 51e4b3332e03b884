"""Simple equations of a trace ("12 × 3 = 36"), and the same the other way round."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from fractions import Fraction

_SIMPLE = re.compile(
    r"(?<![\w.,/^)=+*×·÷−-])(?<![+*×·÷/^−=-] )(\d+) ?([+−*×·÷/-]) ?(\d+) ?= ?(\d+)(?![\d.,]*\d)"
    r"(?! ?[+*×·÷/^%−-])"
)
_SIGNS = {"-": "−", "*": "×", "·": "×", "/": "÷"}
_REVERSED = {"+": "−", "−": "+", "×": "÷", "÷": "×"}


@dataclasses.dataclass(frozen=True)
class Equation:
    """`a op b = c` over whole numbers, which holds; `source` is as the trace writes it."""

    a: int
    op: str  # + − × ÷
    b: int
    c: int
    source: str

    @property
    def text(self) -> str:
        return f"{self.a} {self.op} {self.b} = {self.c}"

    def reverse(self) -> Equation:
        """The equation that leads back from the result to the first number."""
        return Equation(self.c, _REVERSED[self.op], self.b, self.a, self.source)


def turnable_equations(trace: str) -> Iterator[Equation]:
    """The equations of two whole numbers that hold and can be turned round."""
    for found in _SIMPLE.finditer(trace):
        a, b, c = (int(found[i]) for i in (1, 3, 4))
        op = _SIGNS.get(found[2], found[2])
        if op in "×÷" and b == 0:
            continue
        value = {"+": a + b, "−": a - b, "×": a * b, "÷": Fraction(a, b or 1)}[op]
        if value == c:
            yield Equation(a, op, b, c, found.group())
