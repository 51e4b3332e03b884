"""Arithmetic over exact rationals, with bounds that keep an expression from growing without end.

Numbers are ints where they are whole and Fractions elsewhere; truth values are bools, 1 and 0.
Every operator and function here raises ExpressionError where it has no exact value: for a zero
divisor, a root that is not rational, a factorial of a fraction, a number over MAX_BITS bits.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from fractions import Fraction

_MAX_EXPONENT = 64
MAX_BITS = 4096  # of a numerator or denominator
_MAX_FACTORIAL = 60
_HALF = Fraction(1, 2)
Exact = int | Fraction  # whole numbers are computed as such, which is several times faster


class ExpressionError(ValueError):
    """The text is no expression, or has no value here (zero divisor, no exact root)."""


def exact(x: Exact) -> Exact:
    """The number, an int where it is whole.

    >>> exact(Fraction(6, 2)), exact(Fraction(1, 2))
    (3, Fraction(1, 2))
    """
    return x.numerator if x.denominator == 1 else x


def _integer(x: Exact) -> int:
    if x.denominator != 1:
        raise ExpressionError(f"{x} is no integer")
    return x.numerator


def _sqrt(x: Exact) -> Fraction:
    if x < 0:
        raise ExpressionError(f"no root of {x}")
    root = Fraction(math.isqrt(x.numerator), math.isqrt(x.denominator))
    if root * root != x:
        raise ExpressionError(f"{x} has no exact root")
    return root


def _power(a: Exact, b: Exact) -> Exact:
    if b == _HALF:
        return _sqrt(a)
    exponent = _integer(b)
    if abs(exponent) > _MAX_EXPONENT or (a == 0 and exponent < 0):
        raise ExpressionError(f"exponent {exponent} of {a}")
    bits = max(a.numerator.bit_length(), a.denominator.bit_length()) * abs(exponent)
    if bits > MAX_BITS:
        raise ExpressionError(f"{a} ** {exponent} is too large")
    return a**exponent if exponent >= 0 else Fraction(a) ** exponent


def _divide(a: Exact, b: Exact) -> Exact:
    if b == 0:
        raise ExpressionError("division by zero")
    return Fraction(a, b) if a % b else a // b


def _floor_divide(a: Exact, b: Exact) -> int:
    if b == 0:
        raise ExpressionError("division by zero")
    return a // b


def _modulo(a: Exact, b: Exact) -> Exact:
    if b == 0:
        raise ExpressionError("division by zero")
    return a % b


def _factorial(x: Exact) -> int:
    whole = _integer(x)
    if not 0 <= whole <= _MAX_FACTORIAL:
        raise ExpressionError(f"factorial of {whole}")
    return math.factorial(whole)


def _choose(n: Exact, k: Exact) -> int:
    if n < 0 or k < 0 or n > 10**4:
        raise ExpressionError(f"comb({n}, {k})")
    return math.comb(_integer(n), _integer(k))


def _prime(x: Exact) -> bool:
    whole = _integer(x)
    return whole > 1 and all(whole % divisor for divisor in range(2, math.isqrt(whole) + 1))


def _digits(x: Exact) -> int:
    return sum(map(int, str(abs(_integer(x)))))


# name -> (number of arguments, function of so many numbers)
FUNCTIONS: dict[str, tuple[int, Callable[..., Exact]]] = {
    "gcd": (2, lambda a, b: math.gcd(_integer(a), _integer(b))),
    "lcm": (2, lambda a, b: math.lcm(_integer(a), _integer(b))),
    "abs": (1, abs),
    "floor": (1, math.floor),
    "ceil": (1, math.ceil),
    "sqrt": (1, _sqrt),
    "factorial": (1, _factorial),
    "comb": (2, _choose),
    "min": (2, min),
    "max": (2, max),
    "prime": (1, _prime),
    "digits": (1, _digits),
    "whole": (1, lambda x: x.denominator == 1),
}
# operator -> function of the two sides
BINARY: dict[str, Callable[[Exact, Exact], Exact]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": _divide,
    "//": _floor_divide,
    "%": _modulo,
    "**": _power,
}
COMPARISONS: dict[str, Callable[[Exact, Exact], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
