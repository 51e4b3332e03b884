"""The template format: strict YAML, one file a topic.

    topic: percentages
    problems:
      discount:
        values:                        # original values stand after "="
          price: 20..900 by 10 = 80    # integers; also "1/2, 2/3 = 2/3" (choices), "people = Anna"
          rate: 5..60 by 5 = 25
        where: [price * rate % 100 == 0]
        steps:                         # label: name = expression; every number is computed
          - "discount: off = price * rate / 100"
          - "reduced price: left = price - off"
        answer: price * (100 - rate) / 100
        type: integer                  # integer | rational | decimal N | percent
        unit: km                       # optional; a symbol, the same in every language
        check:                         # the second route: equations, or an enumeration
          unknowns: [x, y]             # the first is the answer
          equations: [x + y = price, y = price * rate / 100]
        text:
          en: "A coat costs {price} euros. …"

`check: {search: {k: 1..n}, where: [...], take: count}` enumerates instead; `take` is count, or
`sum E`, `min E`, `max E`. `signed: true` allows steps that are not positive. Names of steps may be
used in later steps, not in `answer`. A step may end in `| rational` (or another type) where its
type is not the answer's.
"""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import re
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import orjson
import yaml

from beam_synth.errors import Refused, nearest
from beam_synth.problems.expressions import (
    ExpressionError,
    Node,
    Value,
    is_arithmetic,
    names,
    parse,
)
from beam_synth.problems.pools import POOLS
from beam_synth.problems.rendering import places, slots
from beam_synth.records import LANGUAGES

SHIPPED = Path(__file__).resolve().parents[2] / "templates" / "problems"
_RANGE = re.compile(r"(-?\d+)\.\.(-?\d+)(?: by (\d+))?")
_STEP = re.compile(r"([^:|=]+): ([a-z_]\w*) = ([^|]+?)(?: \| ([a-z 0-9]+))?")
_TYPE = re.compile(r"integer|rational|percent|decimal [1-6]")
_KEYS = {
    "values": dict,
    "where": list,
    "steps": list,
    "answer": str,
    "type": str,
    "unit": str,
    "check": dict,
    "signed": bool,
    "text": dict,
}
_NEEDED = ("values", "steps", "answer", "type", "check", "text")
_CHECK_KEYS = ("unknowns", "equations", "given", "search", "where", "take")


class TemplateError(ValueError):
    """A template is wrong; `key` is where."""

    def __init__(self, key: str, message: str) -> None:
        super().__init__(f"{key}: {message}")


@dataclasses.dataclass(frozen=True)
class Domain:
    """What a value may be: every `step`-th integer of a range, or one of `choices`."""

    first: int = 0
    last: int = 0
    step: int = 1
    choices: tuple[Value, ...] = ()

    def __len__(self) -> int:
        return len(self.choices) or (self.last - self.first) // self.step + 1

    def at(self, index: int) -> Value:
        """The value number `index`, from 0."""
        return self.choices[index] if self.choices else Fraction(self.first + index * self.step)

    def __contains__(self, value: object) -> bool:
        if self.choices:
            return value in self.choices
        if not isinstance(value, Fraction) or value.denominator != 1:
            return False
        return self.first <= value <= self.last and (value - self.first) % self.step == 0


@dataclasses.dataclass(frozen=True)
class Step:
    label: str  # English words
    name: str
    node: Node
    type: str


@dataclasses.dataclass(frozen=True)
class Search:
    """Route two by enumeration: `ranges` are (name, first, last), nested in this order."""

    ranges: tuple[tuple[str, Node, Node], ...]
    where: tuple[Node, ...]
    take: str  # count | sum | min | max
    of: Node | None


@dataclasses.dataclass(frozen=True, eq=False)
class Problem:
    """A template. `source` is its YAML object, from which it can be read again."""

    name: str
    topic: str
    domains: Mapping[str, Domain]
    original: Mapping[str, Value]
    where: tuple[Node, ...]
    steps: tuple[Step, ...]
    answer: Node
    type: str
    unit: str
    signed: bool
    unknowns: tuple[str, ...]
    equations: tuple[tuple[Node, Node], ...]
    given: tuple[Node, ...]
    search: Search | None
    text: Mapping[str, str]
    source: Mapping[str, Any]

    def record(self, language: str) -> dict[str, Any]:
        """The template with its text in one language: what a row keeps of it."""
        kept = {**self.source, "text": {language: self.text[language]}}
        return {"name": self.name, "topic": self.topic, "template": kept}


@dataclasses.dataclass(frozen=True)
class Instance:
    """A problem with values for its slots."""

    problem: Problem
    language: str
    values: Mapping[str, Value]


def canonical(record: Mapping[str, Any]) -> bytes:
    """The JSON of `Problem.record` with sorted keys."""
    return orjson.dumps(record, option=orjson.OPT_SORT_KEYS)


def fingerprint(record: Mapping[str, Any]) -> str:
    """Hex SHA-256 of a record's canonical JSON."""
    return hashlib.sha256(canonical(record)).hexdigest()


def problem_of(record: Mapping[str, Any]) -> Problem:
    """The problem of a record that `Problem.record` made. Raises TemplateError, KeyError."""
    return _problem_of(canonical(record))


@functools.lru_cache(maxsize=4096)
def _problem_of(raw: bytes) -> Problem:
    record = orjson.loads(raw)
    return read(record["name"], record["topic"], record["template"])


def of_type(value: Fraction, kind: str) -> bool:
    """Whether a value is of a declared type; a percentage has at most two decimals."""
    if kind == "rational":
        return value.denominator <= 10**4
    decimals = places(value)
    most = {"integer": 0, "percent": 2}.get(kind, int(kind[-1]) if kind[-1].isdigit() else 0)
    return decimals is not None and decimals <= most


# ---------------------------------------------------------------- reading one template


def read(name: str, topic: str, source: Mapping[str, Any]) -> Problem:
    """A template from its YAML object. Raises TemplateError."""
    _check_keys(source)
    domains: dict[str, Domain] = {}
    original: dict[str, Value] = {}
    for key, told in source["values"].items():
        domains[key], original[key] = _domain(f"values.{key}", str(told))
    steps, known = _steps(source, set(domains))
    check = source["check"]
    unknowns = tuple(str(n) for n in check.get("unknowns", ()))
    local = set(domains) | set(unknowns)
    return Problem(
        name=name,
        topic=topic,
        domains=domains,
        original=original,
        where=_expressions("where", source.get("where", []), known),
        steps=steps,
        answer=_expression("answer", source["answer"], set(domains)),
        type=source["type"],
        unit=source.get("unit", ""),
        signed=source.get("signed", False),
        unknowns=unknowns,
        equations=tuple(_equation(e, local) for e in check.get("equations", ())),
        given=_expressions("check.given", check.get("given", []), local),
        search=_search(check, set(domains)) if "search" in check else None,
        text=_texts(source["text"], domains),
        source=source,
    )


def _check_keys(source: Mapping[str, Any]) -> None:
    for key, value in source.items():
        if key not in _KEYS:
            raise TemplateError(key, f"is no key of a template{nearest(key, _KEYS)}")
        if not isinstance(value, _KEYS[key]):
            raise TemplateError(key, f"must be a {_KEYS[key].__name__}, not {value!r}")
    for key in _NEEDED:
        if not source.get(key):
            raise TemplateError(key, "is missing; every template has it")
    if not _TYPE.fullmatch(source["type"]):
        raise TemplateError("type", f"{source['type']!r} is no type; write integer, rational, …")
    check = source["check"]
    for key in check:
        if key not in _CHECK_KEYS:
            raise TemplateError(f"check.{key}", f"is no key{nearest(key, _CHECK_KEYS)}")
    if ("search" in check) == ("equations" in check):
        raise TemplateError("check", "needs either equations with unknowns, or search with take")
    needed = "take" if "search" in check else "unknowns"
    if not check.get(needed):
        raise TemplateError(f"check.{needed}", "is missing")


def _domain(key: str, told: str) -> tuple[Domain, Value]:
    """A domain and the original value, from "2..60 by 2 = 12"."""
    spec, equals, original = (part.strip() for part in told.rpartition("="))
    if not equals:
        raise TemplateError(key, f"{told!r} names no original value; write 'domain = value'")
    found = _RANGE.fullmatch(spec)
    value: Value
    if spec in POOLS:
        domain, value = Domain(choices=POOLS[spec]), original
    else:
        try:
            value = Fraction(original)
            if found:
                domain = Domain(int(found[1]), int(found[2]), int(found[3] or 1))
            else:
                domain = Domain(choices=tuple(Fraction(part) for part in spec.split(",")))
        except (ValueError, ZeroDivisionError) as error:
            raise TemplateError(
                key, f"{told!r} is no domain{nearest(spec, POOLS)}; write '2..60 by 2 = 12'"
            ) from error
    empty = not domain.choices and domain.last < domain.first
    if domain.step < 1 or empty or value not in domain:
        raise TemplateError(key, f"the original value {original} does not lie in {spec!r}")
    return domain, value


def _expression(key: str, text: object, known: set[str]) -> Node:
    try:
        node = parse(str(text))
    except ExpressionError as error:
        raise TemplateError(key, str(error)) from error
    for name in names(node) - known:
        raise TemplateError(key, f"{name!r} is no value{nearest(name, known)}")
    return node


def _expressions(key: str, texts: list[Any], known: set[str]) -> tuple[Node, ...]:
    return tuple(_expression(f"{key}[{i}]", text, known) for i, text in enumerate(texts))


def _equation(text: object, known: set[str]) -> tuple[Node, Node]:
    left, equals, right = str(text).partition(" = ")
    if not equals:
        raise TemplateError("check.equations", f"{text!r} is no equation; write 'a + b = c'")
    return (
        _expression("check.equations", left, known),
        _expression("check.equations", right, known),
    )


def _steps(source: Mapping[str, Any], known: set[str]) -> tuple[tuple[Step, ...], set[str]]:
    steps = []
    for i, told in enumerate(source["steps"]):
        key = f"steps[{i}]"
        found = _STEP.fullmatch(str(told))
        if not found:
            raise TemplateError(key, f"{told!r} is no step; write 'label: name = expression'")
        kind = (found[4] or source["type"]).strip()
        if not _TYPE.fullmatch(kind):
            raise TemplateError(key, f"{kind!r} is no type")
        if found[2] in known:
            raise TemplateError(key, f"{found[2]!r} is a value already; give it another name")
        if re.search(r"\d", found[1]):
            raise TemplateError(key, "a label holds no number")
        steps.append(Step(found[1].strip(), found[2], _expression(key, found[3], known), kind))
        known = known | {found[2]}
    if not is_arithmetic(steps[-1].node) or not steps[-1].node.args:
        raise TemplateError(f"steps[{len(steps) - 1}]", "the last step must be a sum to write out")
    return tuple(steps), known


def _search(check: Mapping[str, Any], known: set[str]) -> Search:
    ranges = []
    for name, told in check["search"].items():
        first, dots, last = str(told).partition("..")
        if not dots:
            raise TemplateError(f"check.search.{name}", f"{told!r} is no range; write '1..n'")
        key = f"check.search.{name}"
        ranges.append((str(name), _expression(key, first, known), _expression(key, last, known)))
        known = known | {str(name)}
    take, _, of = str(check["take"]).partition(" ")
    if take not in ("count", "sum", "min", "max") or (take == "count") == bool(of):
        raise TemplateError("check.take", "write count, or 'sum E', 'min E', 'max E'")
    return Search(
        tuple(ranges),
        _expressions("check.where", check.get("where", []), known),
        take,
        _expression("check.take", of, known) if of else None,
    )


def _texts(told: Mapping[str, Any], domains: Mapping[str, Domain]) -> dict[str, str]:
    for language, text in told.items():
        key = f"text.{language}"
        if language not in LANGUAGES:
            raise TemplateError(key, f"is none of {', '.join(LANGUAGES)}")
        if not isinstance(text, str) or slots(text) != set(domains):
            wrong = ", ".join(sorted(slots(str(text)) ^ set(domains))) or "no text"
            raise TemplateError(key, f"its slots are not the template's values: {wrong}")
        if re.sub(r"\{\w+\}", "", text).count("{"):
            raise TemplateError(key, "a bracket is left open")
    return dict(told)


# ---------------------------------------------------------------- files


def load_problems(folder: str | None = None) -> tuple[Problem, ...]:
    """The shipped templates with those of a folder (*.yaml), which replace them by name.

    Raises Refused for a template that is wrong, with file, key and what to do.
    """
    return _load(folder)


@functools.lru_cache(maxsize=8)
def _load(folder: str | None) -> tuple[Problem, ...]:
    found: dict[str, Problem] = {}
    for place in (SHIPPED, *([Path(folder)] if folder else [])):
        files = sorted(place.glob("*.yaml"))
        if not files:
            raise Refused(f"problems: {place} is no folder with *.yaml files")
        for path in files:
            found.update({problem.name: problem for problem in read_file(path)})
    return tuple(found[name] for name in sorted(found))


def read_file(path: Path) -> list[Problem]:
    """The templates of one file. Raises Refused."""
    from beam_synth.problems.sampling import fault

    try:
        told = yaml.load(path.read_text("utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise Refused(f"problems: {path}: cannot be read: {error}") from error
    if not isinstance(told, dict) or set(told) != {"topic", "problems"}:
        raise Refused(f"problems: {path}: must hold the keys topic and problems, and no other")
    problems = []
    for name, source in told["problems"].items():
        try:
            if not isinstance(source, dict):
                raise TemplateError("template", "must be an object of keys")
            problem = read(str(name), str(told["topic"]), source)
            wrong = fault(problem, problem.original, original=True)
            if wrong:
                raise TemplateError("values", f"the original values do not work: {wrong}")
        except (TemplateError, ExpressionError) as error:
            raise Refused(f"problems: {path}: {name}: {error}") from error
        problems.append(problem)
    return problems
