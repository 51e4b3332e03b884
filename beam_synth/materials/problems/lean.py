"""Templates from formal statements: numerals become values, the goal is solved anew for them.

    python -m beam_synth.materials.problems.lean STATEMENTS.jsonl OUT.yaml

reads objects with a `formal_statement` (Lean 4), once each, writes the templates of those that
convert, and tells how many. (Formal problems as in Kimina-Prover's prompt set, varied as in SYNTH.)
Numerals are varied within their sign and magnitude, from half to twice; 0, 1, fractions and
exponents are structure and stay.
"""

from __future__ import annotations

import gzip
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import orjson
import yaml

from beam_synth.drawing import Draw
from beam_synth.ending import in_one_line
from beam_synth.errors import Refused, Rejected
from beam_synth.materials.problems.exact_arithmetic import ExpressionError
from beam_synth.materials.problems.expressions import Node, evaluate, is_arithmetic, source
from beam_synth.materials.problems.format import TemplateError, read_template
from beam_synth.materials.problems.sampling import answer_of, sample
from beam_synth.materials.problems.solving import second_route, solve
from beam_synth.materials.problems.statements import Theorem, Unsupported, read_statement
from beam_synth.materials.problems.templates import Problem, of_type

TOPIC = "formal mathematics"
ANSWER = "answer_"
MOST_DEGREE = 2  # of an equation in the unknowns: sympy may take very long over others
_TRIED = 3  # instances that a template must give to be kept
_FRAMES = {  # with what is given, and without
    "en": ("Let {kinds} be given with {told}. Find the value of {goal}.",
           "Find the value of {goal}."),
    "fr": ("On donne {kinds} tels que {told}. Trouvez la valeur de {goal}.",
           "Trouvez la valeur de {goal}."),
    "de": ("Gegeben sind {kinds} mit {told}. Bestimme den Wert von {goal}.",
           "Bestimme den Wert von {goal}."),
    "es": ("Se dan {kinds} tales que {told}. Halla el valor de {goal}.",
           "Halla el valor de {goal}."),
    "it": ("Sono dati {kinds} tali che {told}. Trova il valore di {goal}.",
           "Trova il valore di {goal}."),
    "pl": ("Dane są {kinds}, przy czym {told}. Znajdź wartość wyrażenia {goal}.",
           "Znajdź wartość wyrażenia {goal}."),
    "nl": ("Gegeven zijn {kinds} met {told}. Bepaal de waarde van {goal}.",
           "Bepaal de waarde van {goal}."),
    "la": ("Dantur {kinds} ita ut {told}. Inveni valorem huius expressionis: {goal}.",
           "Inveni valorem huius expressionis: {goal}."),
}  # fmt: skip
_SIGNS = {"+": "+", "-": "-", "*": "·", "/": "÷", "**": "^", "%": "mod"}
_RELATIONS = {"==": "=", "!=": "≠", "<": "<", "<=": "≤", ">": ">", ">=": "≥"}


def convert(text: str) -> Problem:
    """A template that varies the numerals of a Lean 4 statement, with a question in each language.

    Raises Unsupported where the statement is not read, its numerals cannot be varied, its goal is
    not solved to one closed form, or that does not reproduce the statement's own value.
    """
    statement = read_statement(text)
    numerals = _Numerals()
    equations = [(numerals.taken_out(a), numerals.taken_out(b)) for a, b in statement.equations]
    goal = numerals.taken_out(statement.goal)
    if not numerals.values:
        raise Unsupported("no numeral to vary")
    steps, closed = _closed_form(statement, equations, goal, numerals)
    template = {
        "values": numerals.values,
        "steps": steps,
        "answer": source(closed),
        "signed": True,
        "check": _second_route_of(statement, equations, goal),
        "text": _texts(statement, equations, goal),
    }
    for kind in ("integer", "rational"):
        try:
            problem = read_template(statement.name, TOPIC, {**template, "type": kind})
            _refuse_unless_usable(problem, statement)
            return problem
        except (TemplateError, ExpressionError, Rejected, Unsupported) as error:
            reason = str(error)
    raise Unsupported(reason)


class _Numerals:
    """Takes numerals out of expressions and gives them names and domains."""

    def __init__(self) -> None:
        self.values: dict[str, str] = {}

    def taken_out(self, node: Node, *, exponent: bool = False) -> Node:
        if node.op == "number":
            if exponent or node.number < 2 or node.number.denominator != 1:
                return node
            numeral, name = int(node.number), f"n{len(self.values)}"
            self.values[name] = f"{max(2, numeral // 2)}..{2 * numeral} = {numeral}"
            return Node("name", name=name)
        power = node.op in ("**", "comb")
        args = tuple(
            self.taken_out(arg, exponent=exponent or (power and i == 1))
            for i, arg in enumerate(node.args)
        )
        return Node(node.op, args, node.number, node.name)


def _closed_form(
    statement: Theorem, equations: list[tuple[Node, Node]], goal: Node, numerals: _Numerals
) -> tuple[list[str], Node]:
    """(annotated steps, closed form of the goal in the numerals)."""
    if not statement.variables:
        return _closed_goal(goal)
    unknowns = [ANSWER, *statement.variables]
    relations = [*equations, (Node("name", name=ANSWER), goal)]
    degrees = [max(_degree(a, statement), _degree(b, statement)) for a, b in relations]
    if max(degrees) > MOST_DEGREE or sum(degree > 1 for degree in degrees[:-1]) > 1:
        raise Unsupported("an equation of high degree")
    forms = [form[ANSWER] for form in solve(relations, unknowns)]
    arithmetic = list(dict.fromkeys(form for form in forms if is_arithmetic(form)))
    stated_value = evaluate(statement.value, {})
    original = read_values(numerals.values)
    matching = [form for form in arithmetic if _value_or_none(form, original) == stated_value]
    if len(matching) != 1:
        raise Unsupported("no closed form gives the statement's value")
    return [f"value of the expression: result = {source(matching[0])}"], matching[0]


def _value_or_none(form: Node, values: dict[str, Any]) -> Any:
    try:
        return evaluate(form, values)
    except ExpressionError:
        return None


def _closed_goal(goal: Node) -> tuple[list[str], Node]:
    """The steps of a goal without unknowns; a remainder is worked out by its whole quotient."""
    if is_arithmetic(goal):
        return [f"value of the expression: result = {source(goal)}"], goal
    if goal.op == "%" and all(is_arithmetic(arg) for arg in goal.args):
        left, right = map(source, goal.args)
        return [
            f"number to divide: dividend = {left}",
            f"whole quotient: quotient = dividend // ({right})",
            f"remainder: result = dividend - quotient * ({right})",
        ], goal
    raise Unsupported("a goal that is no sum to write out")


def _degree(node: Node, statement: Theorem) -> int:
    """Degree in the unknowns; 99 for what is no polynomial or quotient of such."""
    if node.op in ("number", "name"):
        return int(node.name in statement.variables)
    degrees = [_degree(arg, statement) for arg in node.args]
    if not any(degrees):
        return 0
    if node.op == "**":
        power = node.args[1]
        return degrees[0] * int(power.number) if power.op == "number" and not degrees[1] else 99
    fraction = any(arg.op == "/" and _degree(arg.args[1], statement) for arg in node.args)
    if node.op in ("*", "/") or (node.op in ("+", "-") and fraction):
        return sum(degrees)
    return max(degrees) if node.op in ("+", "-", "neg") else 99


def _second_route_of(
    statement: Theorem, equations: list[tuple[Node, Node]], goal: Node
) -> dict[str, Any]:
    if not statement.variables and goal.op == "%":
        left, right = map(source, goal.args)
        return {
            "search": {"r": f"0..{right} - 1"},
            "where": [f"({left} - r) % ({right}) == 0"],
            "take": "min r",
        }
    relations = [*equations, (Node("name", name=ANSWER), goal)]
    conditions = [source(condition) for condition in statement.conditions]
    for name, kind in statement.variables.items():
        conditions += [f"whole({name})"] if kind in ("integer", "natural") else []
        conditions += [f"{name} >= 0"] if kind == "natural" else []
    return {
        "unknowns": [ANSWER, *statement.variables],
        "equations": [f"{source(a)} = {source(b)}" for a, b in relations],
        "given": conditions,
    }


def read_values(values: dict[str, str]) -> dict[str, Any]:
    """The original values of domains as `convert` writes them.

    >>> read_values({"n0": "6..24 = 12"})
    {'n0': Fraction(12, 1)}
    """
    return {name: Fraction(domain.rpartition("=")[2]) for name, domain in values.items()}


def _refuse_unless_usable(problem: Problem, statement: Theorem) -> None:
    """Both routes give the statement's own value, and instances can be drawn."""
    stated_value = evaluate(statement.value, {})
    routes = answer_of(problem, problem.original), second_route(problem, problem.original)
    if routes != (stated_value, stated_value):
        raise Unsupported(f"the routes give {routes}, the statement says {stated_value}")
    if not of_type(stated_value, problem.type):
        raise Unsupported(f"the value is not of type {problem.type}")
    for i in range(_TRIED):
        sample(problem, "en", Draw("lean", problem.name, i))


# ---------------------------------------------------------------- wording


def _texts(statement: Theorem, equations: list[tuple[Node, Node]], goal: Node) -> dict[str, str]:
    givens = [f"{formula(a)} = {formula(b)}" for a, b in equations]
    givens += [formula(condition) for condition in statement.conditions]
    kinds = ", ".join(statement.variables)
    slots = {"kinds": kinds, "told": "; ".join(givens), "goal": formula(goal)}
    return {
        language: (full if givens else short).format(**slots)
        for language, (full, short) in _FRAMES.items()
    }


def formula(node: Node) -> str:
    """An expression as it stands in a question; numerals that are varied (n0, n1 …) as slots.

    >>> sides = Node("name", name="x"), Node("name", name="n0")
    >>> formula(Node("==", (Node("*", sides), Node("number", number=Fraction(12)))))
    'x · {n0} = 12'
    """
    if node.op == "number":
        return str(node.number)
    if node.op == "name":
        return f"{{{node.name}}}" if node.name[:1] == "n" and node.name[1:].isdigit() else node.name
    if node.op == "neg":
        return f"-({formula(node.args[0])})"
    if node.op in _RELATIONS:
        return f"{formula(node.args[0])} {_RELATIONS[node.op]} {formula(node.args[1])}"
    if node.op not in _SIGNS:
        return f"{node.op}({', '.join(map(formula, node.args))})"
    sides = [
        f"({formula(arg)})" if arg.op in _SIGNS and not (node.op == "+" == arg.op) else formula(arg)
        for arg in node.args
    ]
    return f"{sides[0]} {_SIGNS[node.op]} {sides[1]}"


# ---------------------------------------------------------------- many statements


def convert_all(statements: Iterable[str]) -> tuple[list[Problem], Counter[str]]:
    """The templates of distinct statements, and how often each reason kept one from converting.

    Statements that differ in white space alone are one.
    """
    problems: list[Problem] = []
    reasons: Counter[str] = Counter()
    for squeezed in dict.fromkeys(" ".join(statement.split()) for statement in statements):
        try:
            problems.append(convert(squeezed))
        except (Unsupported, ExpressionError) as error:
            reasons[str(error)] += 1
    return problems, reasons


def statements_of(path: Path) -> Iterator[str]:
    """The formal statements of a JSON Lines file, compressed by gzip where its name ends in .gz.

    Raises KeyError for a line without `formal_statement`.
    """
    raw = path.read_bytes()
    for line in (gzip.decompress(raw) if path.suffix == ".gz" else raw).splitlines():
        yield orjson.loads(line)["formal_statement"]


def main(arguments: list[str]) -> None:
    """Convert a file of statements: `arguments` are its path and that of the YAML to write.

    Raises Refused for other arguments.
    """
    if len(arguments) != 2:
        raise Refused(
            "usage: python -m beam_synth.materials.problems.lean STATEMENTS PROBLEMS.yaml"
        )
    statements, target = map(Path, arguments)
    problems, reasons = convert_all(statements_of(statements))
    document = {
        "topic": TOPIC,
        "problems": {problem.name: dict(problem.source) for problem in problems},
    }
    target.write_text(
        yaml.safe_dump(document, allow_unicode=True, sort_keys=False), encoding="utf-8"
    )
    total = len(problems) + sum(reasons.values())
    print(f"{len(problems)} of {total} distinct statements converted ({len(problems) / total:.1%})")
    for reason, count in reasons.most_common(8):
        print(f"{count:6} {reason}")


if __name__ == "__main__":
    sys.exit(in_one_line(lambda: main(sys.argv[1:])))
