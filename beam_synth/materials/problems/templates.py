"""Problem templates as they are once read: values, steps, a second route, a text a language."""

from __future__ import annotations

import dataclasses
import hashlib
import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any, NamedTuple

import orjson

from beam_synth.errors import nearest
from beam_synth.materials.problems.expressions import Node, Value
from beam_synth.materials.problems.pools import POOLS
from beam_synth.materials.problems.rendering import decimal_places

_RANGE = re.compile(r"(-?\d+)\.\.(-?\d+)(?: by (\d+))?")


class TemplateError(ValueError):
    """A template is wrong; `key` is where, as "steps[2]"."""

    def __init__(self, key: str, message: str) -> None:
        super().__init__(f"{key}: {message}")


@dataclasses.dataclass(frozen=True)
class Domain:
    """What a value may be: every `step`-th integer of a range, or one of `choices`.

    >>> even = Domain(2, 10, 2)
    >>> len(even), even.at(1), Fraction(7) in even
    (5, Fraction(4, 1), False)
    """

    first: int = 0
    last: int = 0  # belongs to the range
    step: int = 1
    choices: tuple[Value, ...] = ()  # none: the range

    def __len__(self) -> int:
        return len(self.choices) or (self.last - self.first) // self.step + 1

    def at(self, index: int) -> Value:
        """The value number `index`, from 0 up to the length."""
        return self.choices[index] if self.choices else Fraction(self.first + index * self.step)

    def __contains__(self, value: object) -> bool:
        if self.choices:
            return value in self.choices
        if not isinstance(value, Fraction) or value.denominator != 1:
            return False
        return self.first <= value <= self.last and (value - self.first) % self.step == 0


@dataclasses.dataclass(frozen=True)
class SolutionStep:
    """A step of the worked solution: `label`: `name` = `node`."""

    label: str  # English words, without numbers
    name: str  # by which later steps call its value
    node: Node
    type: str  # of its value, see `of_type`


class SearchRange(NamedTuple):
    """A name and the integers that it runs through; both bounds may use the names before it."""

    name: str
    first: Node
    last: Node  # belongs to the range


@dataclasses.dataclass(frozen=True)
class Search:
    """Route two by enumeration: over the points of nested ranges that keep the conditions."""

    ranges: tuple[SearchRange, ...]  # nested in this order
    where: tuple[Node, ...]
    take: str  # count | sum | min | max
    of: Node | None  # what is summed or compared; None for count


@dataclasses.dataclass(frozen=True, eq=False)
class Problem:
    """A template, read. Two are the same only if they are one object."""

    name: str  # unlike any other template's
    topic: str
    domains: Mapping[str, Domain]  # of each value, by its name
    original: Mapping[str, Value]  # the values as the template was written
    where: tuple[Node, ...]  # conditions on values and steps
    steps: tuple[SolutionStep, ...]  # the last gives the answer
    answer: Node  # in the values alone
    type: str  # of the answer, see `of_type`
    unit: str  # "" without one
    signed: bool  # whether steps and answer may be zero or less
    unknowns: tuple[str, ...]  # of the equations; the first is the answer
    equations: tuple[tuple[Node, Node], ...]  # (left side, right side)
    given: tuple[Node, ...]  # conditions on the unknowns
    search: Search | None  # in place of equations
    text: Mapping[str, str]  # language -> question with a slot for each value
    source: Mapping[str, Any]  # its YAML object, from which it can be read again

    def record(self, language: str) -> dict[str, Any]:
        """The template with its text in one language: what a row keeps of it.

        Keys name, topic and template; `format.problem_of` reads it again. Raises KeyError where
        there is no text in the language.
        """
        template = {**self.source, "text": {language: self.text[language]}}
        return {"name": self.name, "topic": self.topic, "template": template}


@dataclasses.dataclass(frozen=True)
class Instance:
    """A problem with values for its slots."""

    problem: Problem
    language: str  # one that the problem has a text in
    values: Mapping[str, Value]  # one for each domain


def canonical_json(record: Mapping[str, Any]) -> bytes:
    """The JSON of `Problem.record` with sorted keys, UTF-8: equal for equal records."""
    return orjson.dumps(record, option=orjson.OPT_SORT_KEYS)


def record_sha256(record: Mapping[str, Any]) -> str:
    """Hex SHA-256 of a record's canonical JSON.

    >>> record_sha256({"a": 1, "b": 2}) == record_sha256({"b": 2, "a": 1})
    True
    """
    return hashlib.sha256(canonical_json(record)).hexdigest()


def of_type(value: Fraction, kind: str) -> bool:
    """Whether a value is of a declared type.

    `kind` is integer, rational (denominator up to 10,000), percent (at most two decimals) or
    "decimal N" (at most N).

    >>> of_type(Fraction(1, 4), "decimal 2"), of_type(Fraction(1, 4), "integer")
    (True, False)
    """
    if kind == "rational":
        return value.denominator <= 10**4
    decimals = decimal_places(value)
    allowed = {"integer": 0, "percent": 2}.get(kind, int(kind[-1]) if kind[-1].isdigit() else 0)
    return decimals is not None and decimals <= allowed


def read_domain(key: str, text: str) -> tuple[Domain, Value]:
    """A domain and the original value, from "2..60 by 2 = 12", "1/2, 2/3 = 2/3" or "people = Anna".

    Raises TemplateError at `key` where the text is no domain or the value does not lie in it.

    >>> domain, original = read_domain("values.n", "2..60 by 2 = 12")
    >>> len(domain), original
    (30, Fraction(12, 1))
    """
    domain_text, equals, original = (part.strip() for part in text.rpartition("="))
    if not equals:
        raise TemplateError(key, f"{text!r} names no original value; write 'domain = value'")
    span = _RANGE.fullmatch(domain_text)
    value: Value
    if domain_text in POOLS:
        domain, value = Domain(choices=POOLS[domain_text]), original
    else:
        try:
            value = Fraction(original)
            if span:
                domain = Domain(int(span[1]), int(span[2]), int(span[3] or 1))
            else:
                domain = Domain(choices=tuple(Fraction(part) for part in domain_text.split(",")))
        except (ValueError, ZeroDivisionError) as error:
            raise TemplateError(
                key,
                f"{text!r} is no domain{nearest(domain_text, POOLS)}; write '2..60 by 2 = 12'",
            ) from error
    empty = not domain.choices and domain.last < domain.first
    if domain.step < 1 or empty or value not in domain:
        raise TemplateError(key, f"the original value {original} does not lie in {domain_text!r}")
    return domain, value
