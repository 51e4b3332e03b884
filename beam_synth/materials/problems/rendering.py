"""Numbers, sums and questions as text."""

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
    """Decimals that the value has; None where they never end, or are more than MAX_PLACES."""
    rest, counts = value.denominator, [0, 0]
    for i, prime in enumerate((2, 5)):
        while rest % prime == 0:
            rest //= prime
            counts[i] += 1
    return max(counts) if rest == 1 and max(counts) <= MAX_PLACES else None


def decimal(value: Fraction, mark: str = ".") -> str:
    """A terminating value in decimals, "12.5". Raises ValueError for another."""
    n = decimal_places(value)
    if n is None:
        raise ValueError(f"{value} has no short decimal form")
    digits = str(abs(int(value * 10**n))).rjust(n + 1, "0")
    text = digits if n == 0 else f"{digits[:-n]}{mark}{digits[-n:]}"
    return f"-{text}" if value < 0 else text


def number(value: Fraction, kind: str = "decimal", mark: str = ".") -> str:
    """A value as text: an integer, a decimal where it ends (not for kind "rational"), else p/q."""
    if value.denominator == 1:
        return str(value.numerator)
    if kind != "rational" and decimal_places(value) is not None:
        return decimal(value, mark)
    return f"{value.numerator}/{value.denominator}"


def shown_value(value: Value) -> str:
    """A value as it stands in a question."""
    return value if isinstance(value, str) else number(value, "rational")


def fill(text: str, values: Values) -> str:
    """The text with its slots filled. Raises KeyError for a slot without a value."""
    return _SLOT.sub(lambda found: shown_value(values[found[1]]), text)


def slots(text: str) -> set[str]:
    """Names of the slots of a text."""
    return set(_SLOT.findall(text))


def written(node: Node, values: Values, kind: str) -> str:
    """An expression with its names' values: "80 × 25 ÷ 100"; functions as "gcd(24, 36)",
    "⌊157 ÷ 12⌋", "157 mod 12"."""
    return _written(node, values, kind)[0]


def _written(node: Node, values: Values, kind: str) -> tuple[str, int]:
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
        told = ", ".join(written(arg, values, kind) for arg in node.args)
        return f"{node.op}({told})", 4
    own = _BINDS[node.op]
    if node.op == "neg":
        text, binds = _written(node.args[0], values, kind)
        return (f"−{text}" if binds > 2 else f"−({text})"), 1
    left, tight = _written(node.args[0], values, kind)
    right, tighter = _written(node.args[1], values, kind)
    if tight < own or (own == 3 and tight < 4):
        left = f"({left})"
    if tighter <= own and not (node.op == "+" and tighter == 1 and right[0] != "−"):
        right = f"({right})"
    return f"{left} {_SIGNS[node.op]} {right}", own


def result(value: Fraction, problem_type: str, unit: str, language: str = "en") -> str:
    """An answer with its unit in a language: "12.5 km", "12,5 km", "35%"."""
    text = number(value, problem_type, "." if language == "en" else ",")
    if problem_type == "percent":
        return f"{text}%"
    return f"{text}{unit}" if unit == "°" else f"{text} {unit}".strip()


def solution(steps: Iterable[tuple[str, Node, Fraction, str]], values: Values) -> list[str]:
    """The annotated steps, (label, expression, value, type) each: "discount: 80 × 25 ÷ 100 = 20".

    `values` holds the values of the steps, too.
    """
    lines = []
    for label, node, value, kind in steps:
        shown_value = number(value, kind).replace("-", "−")
        lines.append(f"{label}: {written(node, values, kind)} = {shown_value}")
    return lines
