"""Expressions of problem templates: Python's grammar, a closed set of nodes, exact rationals.

Known are numbers, names, + - * / // % **, comparisons, `and` `or` `not`, and the functions of
`FUNCTIONS`. Nothing is ever handed to Python's eval.

    >>> half_sum = parse_expression("(a + b) / 2")
    >>> evaluate(half_sum, {"a": Fraction(1), "b": Fraction(2)})
    Fraction(3, 2)
"""

from __future__ import annotations

import ast
import dataclasses
import functools
from collections.abc import Iterator, Mapping
from fractions import Fraction

from beam_synth.materials.problems.exact_arithmetic import (
    BINARY,
    COMPARISONS,
    FUNCTIONS,
    MAX_BITS,
    Exact,
    ExpressionError,
    exact,
)

Value = Fraction | str  # names of pools are strings; true and false are 1 and 0
Values = Mapping[str, Value]


@dataclasses.dataclass(frozen=True)
class Node:
    """A node of an expression's tree.

    `op` is "number" (its value in `number`), "name" (the name in `name`), "neg", an operator as it
    is written, or a function's name; `args` are its operands, in order.
    """

    op: str
    args: tuple[Node, ...] = ()
    number: Fraction = Fraction(0)
    name: str = ""

    @functools.cached_property
    def exact(self) -> int | Fraction:
        """`number`, an int where it is whole; worked out once a node."""
        return exact(self.number)


_AST_BINARY = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.FloorDiv: "//",
    ast.Mod: "%",
    ast.Pow: "**",
}
_AST_COMPARISONS = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
}


def parse_expression(text: str) -> Node:
    """The tree of an expression; a chain of comparisons becomes their conjunction.

    Raises ExpressionError where the text is no Python expression, or holds what is not known here:
    a string, an attribute, an unknown function, one with a wrong number of arguments.

    >>> parse_expression("2 * n").op, sorted(names_in(parse_expression("gcd(a, b) - a")))
    ('*', ['a', 'b'])
    """
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError) as error:
        raise ExpressionError(f"{text!r} is no expression") from error
    return _node_of(tree.body, text)


def _node_of(tree: ast.expr, text: str) -> Node:
    if isinstance(tree, ast.Constant) and type(tree.value) in (int, float):
        digits = ast.get_source_segment(text.strip(), tree) or str(tree.value)
        return Node("number", number=Fraction(digits.replace("_", "")))
    if isinstance(tree, ast.Name):
        return Node("name", name=tree.id)
    if isinstance(tree, ast.UnaryOp) and isinstance(tree.op, ast.USub | ast.Not):
        op = "neg" if isinstance(tree.op, ast.USub) else "not"
        return Node(op, (_node_of(tree.operand, text),))
    if isinstance(tree, ast.BinOp) and type(tree.op) in _AST_BINARY:
        left, right = _node_of(tree.left, text), _node_of(tree.right, text)
        return Node(_AST_BINARY[type(tree.op)], (left, right))
    if isinstance(tree, ast.BoolOp):
        op = "and" if isinstance(tree.op, ast.And) else "or"
        return Node(op, tuple(_node_of(value, text) for value in tree.values))
    if isinstance(tree, ast.Compare) and all(type(op) in _AST_COMPARISONS for op in tree.ops):
        sides = [_node_of(side, text) for side in (tree.left, *tree.comparators)]
        pairs = [
            Node(_AST_COMPARISONS[type(op)], (a, b))
            for op, a, b in zip(tree.ops, sides, sides[1:], strict=False)
        ]
        return pairs[0] if len(pairs) == 1 else Node("and", tuple(pairs))
    if isinstance(tree, ast.Call) and isinstance(tree.func, ast.Name) and not tree.keywords:
        arity, _ = FUNCTIONS.get(tree.func.id, (-1, None))
        if len(tree.args) == arity:
            return Node(tree.func.id, tuple(_node_of(arg, text) for arg in tree.args))
    raise ExpressionError(f"{ast.unparse(tree)!r} is nothing that an expression may hold")


def evaluate(node: Node, values: Values) -> Fraction:
    """The exact value; 1 or 0 for a comparison.

    Raises ExpressionError where there is none: a name without a number among `values`, a zero
    divisor, a root that is not rational, a number of more than MAX_BITS bits.

    >>> evaluate(parse_expression("7 // 2 + comb(4, 2)"), {})
    Fraction(9, 1)
    """
    return Fraction(_exact_value(node, values))


def _exact_value(node: Node, values: Values) -> Exact:
    op = node.op
    if op == "name":
        value = values.get(node.name)
        if not isinstance(value, int | Fraction):
            raise ExpressionError(f"{node.name!r} has no value")
        return exact(value)
    if op == "number":
        return node.exact
    if op in BINARY:
        left, right = node.args
        result = BINARY[op](_exact_value(left, values), _exact_value(right, values))
    elif op in COMPARISONS:
        left, right = node.args
        return COMPARISONS[op](_exact_value(left, values), _exact_value(right, values))
    elif op == "and":
        return all(_exact_value(arg, values) for arg in node.args)
    elif op == "or":
        return any(_exact_value(arg, values) for arg in node.args)
    elif op in ("neg", "not"):
        inner = _exact_value(node.args[0], values)
        return -inner if op == "neg" else not inner
    else:
        result = FUNCTIONS[op][1](*[_exact_value(arg, values) for arg in node.args])
    if max(result.numerator.bit_length(), result.denominator.bit_length()) > MAX_BITS:
        raise ExpressionError("the value is too large")
    return result


def subtrees(node: Node) -> Iterator[Node]:
    """The node and all below it, parents before their operands.

    >>> [part.op for part in subtrees(parse_expression("a + 1"))]
    ['+', 'name', 'number']
    """
    yield node
    for arg in node.args:
        yield from subtrees(arg)


def names_in(node: Node) -> set[str]:
    """The names that the expression holds; functions are none.

    >>> sorted(names_in(parse_expression("max(x, y) > 3")))
    ['x', 'y']
    """
    return {part.name for part in subtrees(node) if part.op == "name"}


def is_arithmetic(node: Node) -> bool:
    """Whether it is made of + - * / ** alone, so that it can be written out as a sum.

    >>> is_arithmetic(parse_expression("(a - b) / 2")), is_arithmetic(parse_expression("a // b"))
    (True, False)
    """
    return all(
        part.op in ("number", "name", "neg", "+", "-", "*", "/", "**") for part in subtrees(node)
    )


def source(node: Node) -> str:
    """Text that `parse_expression` reads as this expression, in brackets throughout.

    >>> source(parse_expression("a + b * -2"))
    '(a + (b * (-2)))'
    """
    if node.op == "number":
        text = str(node.number)
        return f"({text})" if "/" in text or text[0] == "-" else text
    if node.op == "name":
        return node.name
    args = [source(arg) for arg in node.args]
    if node.op in ("neg", "not"):
        return f"({'-' if node.op == 'neg' else 'not '}{args[0]})"
    if node.op in BINARY or node.op in COMPARISONS or node.op in ("and", "or"):
        return f"({f' {node.op} '.join(args)})"
    return f"{node.op}({', '.join(args)})"
