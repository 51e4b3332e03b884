"""Simple equations of a trace ("12 × 3 = 36"), and the same the other way round.

`beam_synth.text.equations` reads sums of any length; these are the ones that can be turned
round.
"""

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
class TurnableEquation:
    """`a op b = c` over whole numbers, which holds; `source` is as the trace writes it."""

    a: int
    op: str  # + − × ÷
    b: int
    c: int
    source: str  # verbatim: "12 * 3 = 36"

    @property
    def text(self) -> str:
        """The equation with a blank on either side of its signs."""
        return f"{self.a} {self.op} {self.b} = {self.c}"

    def reverse(self) -> TurnableEquation:
        """The equation that leads back from the result to the first number.

        >>> TurnableEquation(12, "×", 3, 36, "12*3=36").reverse().text
        '36 ÷ 3 = 12'
        """
        return TurnableEquation(self.c, _REVERSED[self.op], self.b, self.a, self.source)


def turnable_equations(trace: str) -> Iterator[TurnableEquation]:
    """The equations of two whole numbers that hold and can be turned round, in the trace's order.

    Parts of longer sums, false equations and divisions by 0 are left out.

    >>> [equation.text for equation in turnable_equations("12 * 3 = 36, 2 + 2 = 5, 1 + 2 + 3 = 6")]
    ['12 × 3 = 36']
    """
    for match in _SIMPLE.finditer(trace):
        a, b, c = (int(match[i]) for i in (1, 3, 4))
        op = _SIGNS.get(match[2], match[2])
        if op in "×÷" and b == 0:
            continue
        value = {"+": a + b, "−": a - b, "×": a * b, "÷": Fraction(a, b or 1)}[op]
        if value == c:
            yield TurnableEquation(a, op, b, c, match.group())
