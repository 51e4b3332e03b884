"""Arithmetic in running text ("1950 − 1914 = 36"), evaluated over rationals.

Numbers are written the English way, "1,234.5"; operators are + - − × * · ÷ / ^ and brackets; a
unit of one word may follow a number. "=" must hold exactly or as the right side is rounded;
"≈" within one percent or that rounding.
"""

from __future__ import annotations

import functools
import operator
import re
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import ClassVar

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
    out: list[str] = []
    at = 0
    text = text.strip()
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found and found["number"]:
            out.append(found["number"].replace(",", "") + ("%" if found["percent"] else ""))
            at = found.end()
            unit = _UNIT.match(text, at)
            at = unit.end() if unit else at
        elif found:
            out.append(found["op"].translate(_PLAIN))
            at = found.end()
        elif text[at] in "$€£ ":
            at += 1
        else:
            raise _Unreadable(at)
    return out


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
    def _apply(op: str, a: Fraction, b: Fraction) -> Fraction:
        if op == "/" and b == 0:
            raise _Unreadable
        if op == "^":
            if b.denominator != 1 or abs(b) > _MAX_EXPONENT or (a == 0 and b < 0):
                raise _Unreadable
            return Fraction(a ** int(b))
        return _OPERATORS[op](a, b)


def evaluate_arithmetic(text: str) -> tuple[Fraction, int]:
    """Value and number of operators of an expression. Raises ValueError if it is none."""
    tokens = _tokens(text)
    return _Parser(tokens).value(), sum(token in "+-*/^" for token in tokens[1:])


def _longest(text: str, *, at_end: bool) -> tuple[Fraction, int, str] | None:
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
        return value, operators, piece
    return None


@functools.lru_cache(maxsize=64)  # several checks ask it of the same trace
def equations(text: str) -> tuple[tuple[str, bool, Fraction], ...]:
    """(equation, whether it holds, value of its right side), of those that compute anything."""
    return tuple(_equations(text))


def _equations(text: str) -> Iterator[tuple[str, bool, Fraction]]:
    if "=" not in text and "≈" not in text:
        return
    plain = _ASIDE.sub(" ", _RANGE.sub(" to ", text))
    pieces = _EQUALS.split(plain)
    for i in range(1, len(pieces) - 1, 2):
        left = _longest(pieces[i - 1].splitlines()[-1] if pieces[i - 1] else "", at_end=True)
        lines = pieces[i + 1].splitlines()
        right = _longest(_FRAGMENT_END.split(lines[0])[0] if lines else "", at_end=False)
        if left is None or right is None or not (left[1] or right[1]):
            continue
        places = len(right[2].partition(".")[2].rstrip("%) "))
        slack = Fraction(1, 2 * 10**places) if "." in right[2] else Fraction(0)
        if pieces[i] == "≈":
            slack = max(Fraction(1, 2), slack, abs(left[0]) / 100)
        holds = abs(left[0] - right[0]) <= slack
        yield f"{left[2]} {pieces[i]} {right[2]}", holds, right[0]


def derived(text: str) -> set[Fraction]:
    """Values that true arithmetic steps of the text produce."""
    return {value for _, holds, value in equations(text) if holds}
