"""Arithmetic in running text ("1950 − 1914 = 36"), evaluated over rationals.

Numbers are written the English way, "1,234.5"; operators are + - − × * · ÷ / ^ and brackets; a
unit of one word may follow a number. "=" must hold exactly or as the right side is rounded;
"≈" within one percent or that rounding or one half.
"""

from __future__ import annotations

import functools
import operator
import re
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import ClassVar, NamedTuple

_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_TOKEN = re.compile(rf"\s*(?:(?P<number>{_NUMBER})\s?(?P<percent>%)?|(?P<op>[-+−–×*·÷/^()]))")
_OPENING = re.compile(r"[\d(–−$€£-]")  # what an expression can begin with
_UNIT = re.compile(r"\s?(?:[^\W\d_]+[²³]?|[€$£°])(?=\s|$|[-+−×*÷/)=≈,.;])")
_RANGE = re.compile(r"(?<=\d)–(?=\d)")  # "1914–1918" is a span, not a difference
_ASIDE = re.compile(r"⟨H≈[^⟩]*⟩|[●◐○⚠☐☑✓]")
_EQUALS = re.compile(r"([=≈])")
_FRAGMENT_END = re.compile(r"[→∴;※↺]")
_MAX_EXPONENT = 64
_PLAIN = str.maketrans("−–×·÷", "--**/")
_OPERATORS: dict[str, Callable[[Fraction, Fraction], Fraction]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}


class _Unreadable(ValueError):
    """It is no expression; it can be read up to the character `at`, if that is the reason."""

    def __init__(self, at: int | None = None) -> None:
        super().__init__(at)
        self.at = at


def _tokens(text: str) -> list[str]:
    tokens: list[str] = []
    position = 0
    text = text.strip()
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match and match["number"]:
            tokens.append(match["number"].replace(",", "") + ("%" if match["percent"] else ""))
            position = match.end()
            unit = _UNIT.match(text, position)
            position = unit.end() if unit else position
        elif match:
            tokens.append(match["op"].translate(_PLAIN))
            position = match.end()
        elif text[position] in "$€£ ":
            position += 1
        else:
            raise _Unreadable(position)
    return tokens


class _Parser:
    """Precedence climbing over + - * / ^."""

    _BINDS: ClassVar[dict[str, int]] = {"+": 1, "-": 1, "*": 2, "/": 2, "^": 3}

    def __init__(self, tokens: list[str]) -> None:
        self._tokens = tokens
        self._at = 0

    def value(self) -> Fraction:
        result = self._expression(1)
        if self._at != len(self._tokens):
            raise _Unreadable
        return result

    def _peek(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def _expression(self, least: int) -> Fraction:
        left = self._atom()
        while self._BINDS.get(self._peek(), 0) >= least:
            op = self._tokens[self._at]
            self._at += 1
            right = self._expression(self._BINDS[op] + (op != "^"))
            left = self._apply(op, left, right)
        return left

    def _atom(self) -> Fraction:
        token = self._peek()
        self._at += 1
        if token == "-":
            return -self._atom()
        if token == "(":
            inner = self._expression(1)
            if self._peek() != ")":
                raise _Unreadable
            self._at += 1
            return inner
        if not token or not token[0].isdigit():
            raise _Unreadable
        return Fraction(token[:-1]) / 100 if token.endswith("%") else Fraction(token)

    @staticmethod
    def _apply(op: str, left: Fraction, right: Fraction) -> Fraction:
        if op == "/" and right == 0:
            raise _Unreadable
        if op == "^":
            if right.denominator != 1 or abs(right) > _MAX_EXPONENT or (left == 0 and right < 0):
                raise _Unreadable
            return Fraction(left ** int(right))
        return _OPERATORS[op](left, right)


def evaluate_arithmetic(text: str) -> tuple[Fraction, int]:
    """Value and number of operators of an expression; "%" divides by 100, money signs are skipped.

    Raises ValueError where it is no expression, divides by zero or has an exponent that is no whole
    number up to 64.

    >>> evaluate_arithmetic("(1,200 + 50%) × 2")
    (Fraction(2401, 1), 2)
    """
    tokens = _tokens(text)
    return _Parser(tokens).value(), sum(token in "+-*/^" for token in tokens[1:])


class _Expression(NamedTuple):
    value: Fraction
    operators: int  # how many
    text: str


def _longest(text: str, *, at_end: bool) -> _Expression | None:
    """The longest readable expression that ends (or begins) the text."""
    words = text.split()
    while words:
        if not _OPENING.match(words[0]):
            words = words[1:] if at_end else []
            continue
        piece = " ".join(words).rstrip(".,;:")
        try:
            value, operators = evaluate_arithmetic(piece)
        except _Unreadable as error:
            # What cannot be read there cannot in any shorter piece that holds it.
            if at_end:
                words = words[1 + piece.count(" ", 0, error.at or 0) :]
            else:
                read = len(words) if error.at is None else 1 + piece.count(" ", 0, error.at)
                words = words[: min(read, len(words) - 1)]
            continue
        return _Expression(value, operators, piece)
    return None


class Equation(NamedTuple):
    """An equation of a text, without the words around it."""

    text: str  # "1950 - 1914 = 36"
    holds: bool
    value: Fraction  # of its right side


@functools.lru_cache(maxsize=64)  # several checks ask it of the same trace
def equations(text: str) -> tuple[Equation, ...]:
    """The equations of a text that compute anything, in order; "1914–1918" is a span and no
    difference.

    On either side of the sign the longest readable expression counts. The last 64 texts are kept.

    >>> [(each.text, each.holds) for each in equations("So 1950 − 1914 = 36 years; 2 + 2 = 5.")]
    [('1950 − 1914 = 36 years', True), ('2 + 2 = 5', False)]
    """
    return tuple(_equations(text))


def _equations(text: str) -> Iterator[Equation]:
    if "=" not in text and "≈" not in text:
        return
    plain = _ASIDE.sub(" ", _RANGE.sub(" to ", text))
    pieces = _EQUALS.split(plain)
    for i in range(1, len(pieces) - 1, 2):
        left = _longest(pieces[i - 1].splitlines()[-1] if pieces[i - 1] else "", at_end=True)
        lines = pieces[i + 1].splitlines()
        right = _longest(_FRAGMENT_END.split(lines[0])[0] if lines else "", at_end=False)
        if left is None or right is None or not (left.operators or right.operators):
            continue
        places = len(right.text.partition(".")[2].rstrip("%) "))
        slack = Fraction(1, 2 * 10**places) if "." in right.text else Fraction(0)
        if pieces[i] == "≈":
            slack = max(Fraction(1, 2), slack, abs(left.value) / 100)
        holds = abs(left.value - right.value) <= slack
        yield Equation(f"{left.text} {pieces[i]} {right.text}", holds, right.value)


def derived(text: str) -> set[Fraction]:
    """Values that true arithmetic steps of the text produce.

    >>> derived("7 × 8 = 56 and 7 + 8 = 16")
    {Fraction(56, 1)}
    """
    return {value for _, holds, value in equations(text) if holds}
