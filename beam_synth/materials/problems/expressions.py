"""Expressions of problem templates: Python's grammar, a closed set of nodes, exact rationals.

Known are numbers, names, + - * / // % **, comparisons, `and` `or` `not`, and the functions of
`FUNCTIONS`. Nothing is ever handed to Python's eval.
"""

from __future__ import annotations

import ast
import dataclasses
import functools
import math
import operator
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction

_MAX_EXPONENT = 64
_MAX_BITS = 512  # of a numerator or denominator
_MAX_FACTORIAL = 60
_HALF = Fraction(1, 2)


class ExpressionError(ValueError):
    """The text is no expression, or has no value here (zero divisor, no exact root)."""


Value = Fraction | str  # names of pools are strings; true and false are 1 and 0
Values = Mapping[str, Value]
_Exact = int | Fraction  # whole numbers are computed as such, which is several times faster


@dataclasses.dataclass(frozen=True)
class Node:
    """`op` is "number", "name", an operator, or a function's name."""

    op: str
    args: tuple[Node, ...] = ()
    number: Fraction = Fraction(0)
    name: str = ""

    @functools.cached_property
    def exact(self) -> int | Fraction:
        """`number`, whole where it is."""
        return exact(self.number)


def exact(x: _Exact) -> _Exact:
    """The number, an int where it is whole."""
    return x.numerator if x.denominator == 1 else x


def _integer(x: _Exact) -> int:
    if x.denominator != 1:
        raise ExpressionError(f"{x} is no integer")
    return x.numerator


def _sqrt(x: _Exact) -> Fraction:
    if x < 0:
        raise ExpressionError(f"no root of {x}")
    root = Fraction(math.isqrt(x.numerator), math.isqrt(x.denominator))
    if root * root != x:
        raise ExpressionError(f"{x} has no exact root")
    return root


def _power(a: _Exact, b: _Exact) -> _Exact:
    if b == _HALF:
        return _sqrt(a)
    exponent = _integer(b)
    if abs(exponent) > _MAX_EXPONENT or (a == 0 and exponent < 0):
        raise ExpressionError(f"exponent {exponent} of {a}")
    bits = max(a.numerator.bit_length(), a.denominator.bit_length()) * abs(exponent)
    if bits > 8 * _MAX_BITS:
        raise ExpressionError(f"{a} ** {exponent} is too large")
    return a**exponent if exponent >= 0 else Fraction(a) ** exponent


def _divide(a: _Exact, b: _Exact) -> _Exact:
    if b == 0:
        raise ExpressionError("division by zero")
    return Fraction(a, b) if a % b else a // b


def _floor_divide(a: _Exact, b: _Exact) -> int:
    if b == 0:
        raise ExpressionError("division by zero")
    return a // b


def _modulo(a: _Exact, b: _Exact) -> _Exact:
    if b == 0:
        raise ExpressionError("division by zero")
    return a % b


def _factorial(x: _Exact) -> int:
    n = _integer(x)
    if not 0 <= n <= _MAX_FACTORIAL:
        raise ExpressionError(f"factorial of {n}")
    return math.factorial(n)


def _choose(n: _Exact, k: _Exact) -> int:
    if n < 0 or k < 0 or n > 10**4:
        raise ExpressionError(f"comb({n}, {k})")
    return math.comb(_integer(n), _integer(k))


def _prime(x: _Exact) -> bool:
    n = _integer(x)
    return n > 1 and all(n % d for d in range(2, math.isqrt(n) + 1))


def _digits(x: _Exact) -> int:
    return sum(map(int, str(abs(_integer(x)))))


# name -> (number of arguments, function)
FUNCTIONS: dict[str, tuple[int, Callable[..., _Exact]]] = {
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
_BINARY: dict[str, Callable[[_Exact, _Exact], _Exact]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": _divide,
    "//": _floor_divide,
    "%": _modulo,
    "**": _power,
}
_COMPARE: dict[str, Callable[[_Exact, _Exact], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_AST_BINARY = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.FloorDiv: "//",
    ast.Mod: "%",
    ast.Pow: "**",
}
_AST_COMPARE = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
}


def parse_expression(text: str) -> Node:
    """The tree of an expression. Raises ExpressionError."""
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError) as error:
        raise ExpressionError(f"{text!r} is no expression") from error
    return _node(tree.body, text)


def _node(tree: ast.expr, text: str) -> Node:
    if isinstance(tree, ast.Constant) and type(tree.value) in (int, float):
        written = ast.get_source_segment(text.strip(), tree) or str(tree.value)
        return Node("number", number=Fraction(written.replace("_", "")))
    if isinstance(tree, ast.Name):
        return Node("name", name=tree.id)
    if isinstance(tree, ast.UnaryOp) and isinstance(tree.op, ast.USub | ast.Not):
        op = "neg" if isinstance(tree.op, ast.USub) else "not"
        return Node(op, (_node(tree.operand, text),))
    if isinstance(tree, ast.BinOp) and type(tree.op) in _AST_BINARY:
        left, right = _node(tree.left, text), _node(tree.right, text)
        return Node(_AST_BINARY[type(tree.op)], (left, right))
    if isinstance(tree, ast.BoolOp):
        op = "and" if isinstance(tree.op, ast.And) else "or"
        return Node(op, tuple(_node(value, text) for value in tree.values))
    if isinstance(tree, ast.Compare) and all(type(op) in _AST_COMPARE for op in tree.ops):
        sides = [_node(side, text) for side in (tree.left, *tree.comparators)]
        pairs = [
            Node(_AST_COMPARE[type(op)], (a, b))
            for op, a, b in zip(tree.ops, sides, sides[1:], strict=False)
        ]
        return pairs[0] if len(pairs) == 1 else Node("and", tuple(pairs))
    if isinstance(tree, ast.Call) and isinstance(tree.func, ast.Name) and not tree.keywords:
        arity, _ = FUNCTIONS.get(tree.func.id, (-1, None))
        if len(tree.args) == arity:
            return Node(tree.func.id, tuple(_node(arg, text) for arg in tree.args))
    raise ExpressionError(f"{ast.unparse(tree)!r} is nothing that an expression may hold")


def evaluate(node: Node, values: Values) -> Fraction:
    """The exact value. Raises ExpressionError where there is none."""
    return Fraction(_value(node, values))


def _value(node: Node, values: Values) -> _Exact:
    op = node.op
    if op == "name":
        value = values.get(node.name)
        if not isinstance(value, int | Fraction):
            raise ExpressionError(f"{node.name!r} has no value")
        return exact(value)
    if op == "number":
        return node.exact
    if op in _BINARY:
        left, right = node.args
        result = _BINARY[op](_value(left, values), _value(right, values))
    elif op in _COMPARE:
        left, right = node.args
        return _COMPARE[op](_value(left, values), _value(right, values))
    elif op == "and":
        return all(_value(arg, values) for arg in node.args)
    elif op == "or":
        return any(_value(arg, values) for arg in node.args)
    elif op in ("neg", "not"):
        inner = _value(node.args[0], values)
        return -inner if op == "neg" else not inner
    else:
        result = FUNCTIONS[op][1](*[_value(arg, values) for arg in node.args])
    if max(result.numerator.bit_length(), result.denominator.bit_length()) > 8 * _MAX_BITS:
        raise ExpressionError("the value is too large")
    return result


def subtrees(node: Node) -> Iterator[Node]:
    """The node and all below it."""
    yield node
    for arg in node.args:
        yield from subtrees(arg)


def names_in(node: Node) -> set[str]:
    """The names that the expression holds."""
    return {part.name for part in subtrees(node) if part.op == "name"}


def is_arithmetic(node: Node) -> bool:
    """Whether it is made of + - * / ** alone, so that it can be written out as a sum."""
    return all(
        part.op in ("number", "name", "neg", "+", "-", "*", "/", "**") for part in subtrees(node)
    )


def source(node: Node) -> str:
    """Text that `parse` reads as this expression."""
    if node.op == "number":
        text = str(node.number)
        return f"({text})" if "/" in text or text[0] == "-" else text
    if node.op == "name":
        return node.name
    args = [source(arg) for arg in node.args]
    if node.op in ("neg", "not"):
        return f"({'-' if node.op == 'neg' else 'not '}{args[0]})"
    if node.op in _BINARY or node.op in _COMPARE or node.op in ("and", "or"):
        return f"({f' {node.op} '.join(args)})"
    return f"{node.op}({', '.join(args)})"
