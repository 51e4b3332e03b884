"""Problem templates as they are once read: values, steps, a second route, a text a language."""

from __future__ import annotations

import dataclasses
import hashlib
import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import orjson

from beam_synth.errors import nearest
from beam_synth.materials.problems.expressions import Node, Value
from beam_synth.materials.problems.pools import POOLS
from beam_synth.materials.problems.rendering import decimal_places

_RANGE = re.compile(r"(-?\d+)\.\.(-?\d+)(?: by (\d+))?")


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
class SolutionStep:
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
    steps: tuple[SolutionStep, ...]
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


def canonical_json(record: Mapping[str, Any]) -> bytes:
    """The JSON of `Problem.record` with sorted keys."""
    return orjson.dumps(record, option=orjson.OPT_SORT_KEYS)


def record_sha256(record: Mapping[str, Any]) -> str:
    """Hex SHA-256 of a record's canonical JSON."""
    return hashlib.sha256(canonical_json(record)).hexdigest()


def of_type(value: Fraction, kind: str) -> bool:
    """Whether a value is of a declared type; a percentage has at most two decimals."""
    if kind == "rational":
        return value.denominator <= 10**4
    decimals = decimal_places(value)
    most = {"integer": 0, "percent": 2}.get(kind, int(kind[-1]) if kind[-1].isdigit() else 0)
    return decimals is not None and decimals <= most


def read_domain(key: str, told: str) -> tuple[Domain, Value]:
    """A domain and the original value, from "2..60 by 2 = 12". Raises TemplateError."""
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
