"""Recorded requests for texts, and texts with their traces; rules are read from their words."""

from __future__ import annotations

import dataclasses
import hashlib
import itertools
import re
import typing
from collections.abc import Iterator
from typing import Any

from beam_synth.errors import Rejected
from beam_synth.materials.constraints.base import Constraint
from beam_synth.materials.constraints.registry import CONSTRAINTS
from beam_synth.materials.constraints.sampling import Brief
from beam_synth.materials.constraints.sources import NPlusK
from beam_synth.materials.constraints.wording import UNIT_FIELDS, wordings
from beam_synth.methods.shared.samples import turns
from beam_synth.methods.writing.checks import checks_of, query_checks
from beam_synth.methods.writing.program import violations
from beam_synth.methods.writing.written import About, Writing
from benchmarks.answers.rebuilt import fault, fields_of, judged, language_in, refused
from benchmarks.answers.recorded import SENT_BACK, Judged, RecordedAnswer, blocks_of, line_of

_RULES = re.compile(
    r"^Rules:\n(.*?)(?=\nName genre and tone|\n<draft>|\Z)", re.DOTALL | re.MULTILINE
)
_TOKEN = re.compile(r"[^\W_]+")


def query_judged(record: RecordedAnswer) -> Judged:
    """A request for a text."""
    language = language_in(record, "Language of the request")
    brief, about = _brief(record, language), _about(record)
    try:
        (query,) = fields_of(record, "query")
    except Rejected as error:
        return refused(error)
    return judged(query_checks(query, brief, language, about))


def text_judged(record: RecordedAnswer) -> Judged:
    """A text with its trace; what it breaks goes back."""
    language = language_in(record, "Language of the text")
    brief, about = _brief(record, language), _about(record)
    query = record.user.partition("\nRequest: ")[2].partition("\n\nLanguage of the text:")[0]
    if not query:
        raise fault(record, "no request")
    try:
        reasoning, text = fields_of(record, "reasoning", "answer")
    except Rejected as error:
        return refused(error)
    broken = violations(text, brief, language, about)
    if broken:
        return Judged(SENT_BACK, "revise", "; ".join(broken))
    surface = tuple((turn["role"], turn["content"]) for turn in turns(query, reasoning, text))
    sha256 = hashlib.sha256(about.text.encode("utf-8")).hexdigest()
    writing = Writing(language, query, reasoning, text, brief, *about, sha256, surface)
    return judged(checks_of(writing))


def _about(record: RecordedAnswer) -> About:
    material = blocks_of(record.user, "material")
    if len(material) != 1:
        raise fault(record, f"{len(material)} materials")
    return About(line_of(record.user, "Article"), line_of(record.user, "Section"), material[0].text)


def _brief(record: RecordedAnswer, language: str) -> Brief:
    found = _RULES.search(record.user)
    if found is None:
        raise fault(record, "no rules")
    rules = [rule.strip() for rule in re.split(r"(?m)^- ", found[1]) if rule.strip()]
    constraints = []
    for rule in rules:
        constraint = constraint_of(rule, language)
        if constraint is None:
            raise fault(record, f"no constraint says {rule!r}")
        constraints.append(constraint)
    return Brief(line_of(record.user, "Genre"), line_of(record.user, "Tone"), tuple(constraints))


def constraint_of(rule: str, language: str) -> Constraint | None:
    """The constraint that describes itself in these words; None where none does.

    >>> constraint_of("Do not use any of these letters: b, e.", "en")
    Lipogram(banned_letters='be', fold_diacritics=True)
    """
    table = wordings(language)
    for template in table.values():
        for kind in CONSTRAINTS.values() if _head(template) == _head(rule, template) else ():
            for constraint in _of_kind(kind, template, rule, language):
                if constraint.describe(language).strip() == rule:
                    return constraint
    return None


def _head(text: str, like: str = "") -> str:
    """What a template says before its first slot, or as much of a text."""
    return text[: len(_head(like))] if like else text.partition("{")[0]


def _of_kind(
    kind: type[Constraint], template: str, rule: str, language: str
) -> Iterator[Constraint]:
    """Constraints of a class with the parameters that stand in the template's slots."""
    seen: set[str] = set()

    def group(slot: re.Match[str]) -> str:
        if slot[1] in seen:
            return f"(?P={slot[1]})"
        seen.add(slot[1])
        return f"(?P<{slot[1]}>.+?)"

    pattern = re.sub(r"\\\{(\w+)\\\}", group, re.escape(template))
    # A note may follow (on how letters are counted), so the end is open in the second reading.
    for found in (re.fullmatch(pattern, rule, re.DOTALL), re.match(pattern + " ", rule, re.DOTALL)):
        values = _parameters(kind, found.groupdict(), language) if found else {}
        for chosen in itertools.product(*values.values()) if found else ():
            try:
                yield kind(**dict(zip(values, chosen, strict=True)))
            except (ValueError, TypeError):
                continue  # no such constraint


def _parameters(
    kind: type[Constraint], slots: dict[str, str], language: str
) -> dict[str, list[Any]]:
    """Field -> what it may be."""
    hints = typing.get_type_hints(kind)
    values: dict[str, list[Any]] = {}
    for field in dataclasses.fields(kind):
        hint = hints[field.name]
        if field.name in slots:
            values[field.name] = [_read(kind, field.name, slots[field.name], hint, language)]
        elif hint is bool:
            values[field.name] = [True, False]
        elif typing.get_origin(hint) is typing.Literal:
            values[field.name] = list(typing.get_args(hint))
        elif field.default is not dataclasses.MISSING:
            values[field.name] = list(dict.fromkeys([field.default, None]))
    if kind is NPlusK and "nouns" in slots:
        nouns = {noun.casefold() for noun in slots["nouns"].split(", ")}
        tokens = [token.casefold() for token in _TOKEN.findall(slots["source"])]
        values["positions"] = [tuple(i for i, token in enumerate(tokens) if token in nouns)]
    if "maximum" in values and "minimum" in slots:  # "exactly" names both by one
        values["maximum"] += values["minimum"]
    return values


def _read(kind: type[Constraint], name: str, text: str, hint: Any, language: str) -> Any:
    if name in UNIT_FIELDS:
        table = wordings(language)
        units = ("word", "letter", "syllable", "sentence", "line", "paragraph")
        return next((unit for unit in units if table[f"unit_{unit}"] == text), text)
    if name in kind.letter_sets:
        return text.replace(", ", "")
    if typing.get_origin(hint) is tuple:
        items = text.strip().split("\n") if "\n" in text else text.split(", ")
        return tuple(int(item) if item.isdigit() else item for item in items)
    return int(text) if hint is not str and text.isdigit() else text
