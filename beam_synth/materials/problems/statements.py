"""Lean 4 theorem statements read as equations over numbers.

Read are binders of real, rational, integer, natural and complex variables, functions given by one
formula (`∀ x, f x = …`), equations and inequalities, and a goal `expression = numeral`. Everything
else raises Unsupported: a statement is understood whole or not at all.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from fractions import Fraction
from typing import NamedTuple

from beam_synth.materials.problems.expressions import Node, subtrees

NUMBERS = {"ℝ": "real", "ℚ": "rational", "ℤ": "integer", "ℕ": "natural", "ℂ": "complex"}
_TOKEN = re.compile(r"\s*(\d+(?:\.\d+)?|[^\W\d][\w.₀-₉']*|[-+*/^%(),:|]|≠|≤|≥|<|>|=|↑|∧|∀|→)")
_RELATIONS = {"=": "==", "≠": "!=", "<": "<", "≤": "<=", ">": ">", "≥": ">="}
_BINDS = {"+": 1, "-": 1, "*": 2, "/": 2, "%": 2, "^": 4}
_CALLS = {
    "Nat.gcd": ("gcd", 2),
    "Int.gcd": ("gcd", 2),
    "Nat.lcm": ("lcm", 2),
    "Nat.choose": ("comb", 2),
}


class Unsupported(ValueError):
    """The statement holds something that is not read; the message says what."""


@dataclasses.dataclass(frozen=True)
class Theorem:
    """A theorem as it is stated: under equations and conditions, goal = value."""

    name: str
    variables: Mapping[str, str]  # name -> real, rational, integer, natural or complex
    equations: tuple[tuple[Node, Node], ...]  # (left side, right side)
    conditions: tuple[Node, ...]  # inequalities
    goal: Node
    value: Node  # without names


def read_statement(text: str) -> Theorem:
    """The statement of a theorem in Lean 4; its proof may be `sorry` or missing.

    Raises Unsupported for what is not read, and where division or subtraction of whole numbers
    could be cut off as Lean does it.

    >>> theorem = read_statement("theorem t (x : ℝ) (h : 2 * x = 6) : x = 3 := by sorry")
    >>> theorem.variables, len(theorem.equations), theorem.goal.name, str(theorem.value.number)
    ({'x': 'real'}, 1, 'x', '3')
    """
    match = re.match(r"\s*theorem\s+(\S+)\s*(.*?)\s*:=\s*(?:by)?\s*(?:sorry)?\s*$", text, re.DOTALL)
    if not match:
        raise Unsupported("no theorem")
    binders, goal = _binders(match[2])
    reader = _Reader()
    hypotheses = reader.declare(binders)
    relations = [part for hypothesis in hypotheses for part in reader.hypothesis(hypothesis)]
    claims = reader.hypothesis(goal)
    claim = claims[0] if len(claims) == 1 else Node("none")
    if claim.op != "==" or any(part.op == "name" for part in subtrees(claim.args[1])):
        raise Unsupported("the goal is no value")
    reader.check_division(text, [*relations, claim])
    return Theorem(
        match[1],
        reader.variables,
        tuple((r.args[0], r.args[1]) for r in relations if r.op == "=="),
        tuple(r for r in relations if r.op != "=="),
        claim.args[0],
        claim.args[1],
    )


def _binders(text: str) -> tuple[list[tuple[list[str], str]], str]:
    """The (names, type) of each binder, and the goal behind the colon."""
    binders = []
    text = text.strip()
    while text and text[0] in "({[":
        end = _closing_bracket(text)
        if text[0] != "(":
            raise Unsupported("an implicit binder")
        names, colon, kind = text[1:end].partition(":")
        if not colon:
            raise Unsupported("a binder without a type")
        binders.append((names.split(), " ".join(kind.split())))
        text = text[end + 1 :].strip()
    if not text.startswith(":"):
        raise Unsupported("no goal")
    return binders, " ".join(text[1:].split())


def _closing_bracket(text: str) -> int:
    """Where the bracket that opens the text is closed."""
    depth = 0
    for i, character in enumerate(text):
        depth += (character in "({[⟨") - (character in ")}]⟩")
        if depth == 0:
            return i
    raise Unsupported("an open bracket")


class _Formula(NamedTuple):
    """A function of one number: its value is `body`, in `parameter`."""

    parameter: str
    body: Node


class _Reader:
    """Reads hypotheses; knows the variables, and the formulas of functions once they are read."""

    def __init__(self) -> None:
        self.variables: dict[str, str] = {}
        self.functions: dict[str, _Formula | None] = {}  # None until the formula is read
        self._tokens: list[str] = []
        self._local = ""

    def declare(self, binders: list[tuple[list[str], str]]) -> list[str]:
        """Note the variables and functions of (names, type) binders; give the hypotheses."""
        hypotheses = []
        for names, kind in binders:
            if kind in NUMBERS:
                self.variables.update(dict.fromkeys(names, NUMBERS[kind]))
            elif re.fullmatch(r"[ℝℚℤℕℂ] → [ℝℚℤℕℂ]", kind):
                self.functions.update(dict.fromkeys(names))
            else:
                hypotheses.append(kind)
        return hypotheses

    def hypothesis(self, text: str) -> list[Node]:
        """The relations that a hypothesis states; the formula of a function is kept instead."""
        self._tokens = _tokens_of(text)
        if self._peek() == "∀":
            self._formula()
            return []
        relations = [self._relation()]
        while self._peek() == "∧":
            self._take()
            relations.append(self._relation())
        self._end()
        return relations

    def _formula(self) -> None:
        """`∀ x, f x = expression`"""
        text = " ".join(self._tokens)
        match = re.fullmatch(
            r"∀ (?:\( )?([^\W\d]\w*)(?: : [ℝℚℤℕℂ])?(?: \))? , (\S+) \1 = (.*)", text
        )
        if not match or self.functions.get(match[2], "") is not None:
            raise Unsupported("a quantified hypothesis")
        self._tokens, self._local = match[3].split(), match[1]
        body = self._expression(1)
        self._end()
        self._local = ""
        self.functions[match[2]] = _Formula(match[1], body)

    def check_division(self, text: str, relations: list[Node]) -> None:
        """Refuse division and subtraction of naturals and integers, which Lean cuts off.

        Raises Unsupported where one occurs and no real, rational or complex number shows it is
        exact.
        """
        kinds = set(self.variables.values())
        exact = kinds & {"real", "rational", "complex"} or re.search(r": [ℝℚℂ]\)", text)
        parts = [part for relation in relations for part in subtrees(relation)]
        if not exact and any(part.op == "/" for part in parts):
            raise Unsupported("division of integers")
        natural = "natural" in kinds or not kinds
        if (
            natural
            and not exact
            and any(
                part.op == "-" and any(below.op == "name" for below in subtrees(part))
                for part in parts
            )
        ):
            raise Unsupported("subtraction of naturals")

    # ------------------------------------------------------------ expressions

    def _peek(self) -> str:
        return self._tokens[0] if self._tokens else ""

    def _take(self) -> str:
        if not self._tokens:
            raise Unsupported("it ends too early")
        return self._tokens.pop(0)

    def _end(self) -> None:
        if self._tokens:
            raise Unsupported(f"{self._tokens[0]!r} is not read")

    def _relation(self) -> Node:
        left = self._expression(1)
        op = self._take()
        if op not in _RELATIONS:
            raise Unsupported(f"{op!r} is no relation")
        return Node(_RELATIONS[op], (left, self._expression(1)))

    def _expression(self, least: int) -> Node:
        left = self._unary()
        while _BINDS.get(self._peek(), 0) >= least:
            op = self._take()
            right = self._expression(_BINDS[op] + (op != "^"))
            left = Node("**" if op == "^" else op, (left, right))
        return left

    def _unary(self) -> Node:
        if self._peek() == "-":
            self._take()
            return Node("neg", (self._expression(3),))
        return self._atom()

    def _atom(self) -> Node:
        token = self._take()
        if token == "↑":
            return self._atom()
        if token == "(":
            inner = self._expression(1)
            if self._peek() == ":":
                self._take()
                if self._take() not in NUMBERS:
                    raise Unsupported("a type that is not of numbers")
            if self._take() != ")":
                raise Unsupported("a bracket")
            return inner
        if token[0].isdigit():
            return Node("number", number=Fraction(token))
        if token in self.variables or token == self._local:
            return Node("name", name=token)
        if token in _CALLS:
            name, arity = _CALLS[token]
            return Node(name, tuple(self._atom() for _ in range(arity)))
        formula = self.functions.get(token)
        if formula is None:
            raise Unsupported(f"{token!r} is not read")
        return replaced(formula.body, {formula.parameter: self._atom()})


def _tokens_of(text: str) -> list[str]:
    tokens, position = [], 0
    while position < len(text.rstrip()):
        match = _TOKEN.match(text, position)
        if not match:
            raise Unsupported(f"{text[position:].strip()[:1]!r} is not read")
        tokens.append(match[1])
        position = match.end()
    return tokens


def replaced(node: Node, by: Mapping[str, Node]) -> Node:
    """The expression with names replaced by expressions; other names stay.

    >>> replaced(Node("name", name="x"), {"x": Node("number", number=Fraction(2))}).number
    Fraction(2, 1)
    """
    if node.op == "name":
        return by.get(node.name, node)
    return dataclasses.replace(node, args=tuple(replaced(arg, by) for arg in node.args))
