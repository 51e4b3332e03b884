"""Numbers, sums and questions as text.

In sums and steps the minus is "−" (U+2212), the product "×", the quotient "÷", the decimal mark a
point; a question's own numbers and an answer's follow their language (`shown_value`, `result`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from fractions import Fraction

from beam_synth.materials.problems.expressions import Node, Value, Values

_SLOT = re.compile(r"\{(\w+)\}")
_SIGNS = {"+": "+", "-": "−", "*": "×", "/": "÷", "**": "^", "%": "mod"}
_BINDS = {"+": 1, "-": 1, "*": 2, "/": 2, "%": 2, "neg": 2, "**": 3}
MAX_PLACES = 6  # of a decimal that is written out


def decimal_places(value: Fraction) -> int | None:
    """Decimals that the value has; None where they never end, or are more than MAX_PLACES.

    >>> decimal_places(Fraction(1, 8)), decimal_places(Fraction(1, 3))
    (3, None)
    """
    rest, counts = value.denominator, [0, 0]
    for i, prime in enumerate((2, 5)):
        while rest % prime == 0:
            rest //= prime
            counts[i] += 1
    return max(counts) if rest == 1 and max(counts) <= MAX_PLACES else None


def decimal(value: Fraction, mark: str = ".") -> str:
    """A terminating value in decimals, without thousands marks. Raises ValueError for another.

    >>> decimal(Fraction(-25, 2)), decimal(Fraction(1, 20), ",")
    ('-12.5', '0,05')
    """
    places = decimal_places(value)
    if places is None:
        raise ValueError(f"{value} has no short decimal form")
    digits = str(abs(int(value * 10**places))).rjust(places + 1, "0")
    text = digits if places == 0 else f"{digits[:-places]}{mark}{digits[-places:]}"
    return f"-{text}" if value < 0 else text


def number(value: Fraction, kind: str = "decimal", mark: str = ".") -> str:
    """A value as text: an integer, a decimal where it ends (not for kind "rational"), else p/q.

    `kind` is a type of `templates.of_type`, `mark` the decimal mark.

    >>> number(Fraction(3)), number(Fraction(3, 4)), number(Fraction(3, 4), "rational")
    ('3', '0.75', '3/4')
    """
    if value.denominator == 1:
        return str(value.numerator)
    if kind != "rational" and decimal_places(value) is not None:
        return decimal(value, mark)
    return f"{value.numerator}/{value.denominator}"


def shown_value(value: Value) -> str:
    """A value as it stands in a question: a name as it is, a number as an integer or p/q.

    >>> shown_value("Anna"), shown_value(Fraction(1, 2))
    ('Anna', '1/2')
    """
    return value if isinstance(value, str) else number(value, "rational")


def fill(text: str, values: Values) -> str:
    """The text with its slots filled. Raises KeyError for a slot without a value.

    >>> fill("{who} walks {far} km.", {"who": "Anna", "far": Fraction(5)})
    'Anna walks 5 km.'
    """
    return _SLOT.sub(lambda slot: shown_value(values[slot[1]]), text)


def slots(text: str) -> set[str]:
    """Names of the slots of a text.

    >>> sorted(slots("{a} and {b} and {a}"))
    ['a', 'b']
    """
    return set(_SLOT.findall(text))


def written(node: Node, values: Values, kind: str) -> str:
    """An expression with its names' values, as people write it; brackets only where they matter.

    Functions are written "gcd(24, 36)", quotients rounded down "⌊157 ÷ 12⌋", remainders "157 mod
    12". `kind` is the type of the numbers, see `number`. Raises KeyError for a name without a
    value.

    >>> price, rate = Node("name", name="price"), Node("name", name="rate")
    >>> off = Node("/", (Node("*", (price, rate)), Node("number", number=Fraction(100))))
    >>> written(off, {"price": Fraction(80), "rate": Fraction(25)}, "integer")
    '80 × 25 ÷ 100'
    """
    return _written_binding(node, values, kind)[0]


def _written_binding(node: Node, values: Values, kind: str) -> tuple[str, int]:
    """(text, how tightly its outermost operator binds; 4 for a bare number)."""
    if node.op in ("number", "name"):
        value = node.number if node.op == "number" else values[node.name]
        assert isinstance(value, Fraction)
        text = number(value, kind)
        return text.replace("-", "−"), 1 if value < 0 else 2 if "/" in text else 4
    if node.op == "//":
        inner = Node("/", node.args)
        return f"⌊{written(inner, values, kind)}⌋", 4
    if node.op not in _BINDS:
        arguments = ", ".join(written(arg, values, kind) for arg in node.args)
        return f"{node.op}({arguments})", 4
    binding = _BINDS[node.op]
    if node.op == "neg":
        text, binds = _written_binding(node.args[0], values, kind)
        return (f"−{text}" if binds > 2 else f"−({text})"), 1
    left, left_binds = _written_binding(node.args[0], values, kind)
    right, right_binds = _written_binding(node.args[1], values, kind)
    if left_binds < binding or (binding == 3 and left_binds < 4):
        left = f"({left})"
    if right_binds <= binding and not (node.op == "+" and right_binds == 1 and right[0] != "−"):
        right = f"({right})"
    return f"{left} {_SIGNS[node.op]} {right}", binding


def result(value: Fraction, problem_type: str, unit: str, language: str = "en") -> str:
    """An answer with its unit in a language; a percentage bears its sign.

    >>> result(Fraction(25, 2), "decimal 1", "km"), result(Fraction(25, 2), "decimal 1", "km", "fr")
    ('12.5 km', '12,5 km')
    >>> result(Fraction(35), "percent", "")
    '35%'
    """
    text = number(value, problem_type, "." if language == "en" else ",")
    if problem_type == "percent":
        return f"{text}%"
    return f"{text}{unit}" if unit == "°" else f"{text} {unit}".strip()


def solution(steps: Iterable[tuple[str, Node, Fraction, str]], values: Values) -> list[str]:
    """The annotated steps, a line each: "discount: 80 × 25 ÷ 100 = 20".

    A step is (label, expression, value, type); `values` holds the values of the steps, too.
    """
    lines = []
    for label, node, value, kind in steps:
        value_text = number(value, kind).replace("-", "−")
        lines.append(f"{label}: {written(node, values, kind)} = {value_text}")
    return lines
