"""docs/job.md has a line for each key of the schema, with its default, and none for another."""

from __future__ import annotations

import re
import typing
from collections.abc import Iterator
from typing import Any, NamedTuple

import yaml

from beam_synth.job.parsing import parse_job
from beam_synth.job.schema import Job
from beam_synth.job.strict import Strict
from beam_synth.runs.identity import described
from tests.paths import ROOT

_ROW = re.compile(r"^\| `([^`]+)`( °)? \| (`[^`]*`|required) \| (.+) \|$", re.MULTILINE)
_REQUIRED = "required"


class Row(NamedTuple):
    """One line of the page's tables."""

    default: Any  # "required" where there is none
    where: bool  # whether it is no part of the identity
    meaning: str


def page() -> dict[str, Row]:
    """The lines of the tables by key, names in angle brackets left out."""
    text = (ROOT / "docs" / "job.md").read_text(encoding="utf-8")
    found = {}
    for key, where, default, meaning in _ROW.findall(text):
        value = default if default == _REQUIRED else yaml.safe_load(default.strip("`"))
        found[re.sub(r"<\w+>", "<>", key)] = Row(value, bool(where), meaning)
    assert len(found) == sum(line.startswith("| `") for line in text.splitlines())
    return found


def keys_of(mapping: type[Strict], at: str = "") -> Iterator[tuple[str, Any]]:
    """(key, default) of everything that can be set in a mapping; `[]` and `<>` stand for entries of
    lists and mappings."""
    for name, field in mapping.model_fields.items():
        inner = list(mappings_in(field.annotation))
        if not inner or mapping.__name__ == "ModelPool":  # of models, whose keys are told already
            default = field.get_default(call_default_factory=True)
            yield f"{at}{name}", _REQUIRED if field.is_required() else default
        for suffix, each in inner if mapping.__name__ != "ModelPool" else []:
            yield from keys_of(each, f"{at}{name}{suffix}.")


def mappings_in(annotation: Any, suffix: str = "") -> Iterator[tuple[str, type[Strict]]]:
    """The mappings of the job file that a type is made of, and what stands for a place in it."""
    if isinstance(annotation, type) and issubclass(annotation, Strict):
        yield suffix, annotation
    origin = typing.get_origin(annotation)
    further = "[]" if origin is list else ".<>" if origin is dict else ""
    for part in typing.get_args(annotation):
        yield from mappings_in(part, suffix + further)


def test_every_key_has_its_line_with_its_default() -> None:
    plain = {
        key: list(default) if isinstance(default, tuple) else default
        for key, default in keys_of(Job)
    }
    assert {key: row.default for key, row in page().items()} == plain
    assert {"expand.properties.<>.up", "documents[].columns.id", "models.<>.engine",
            "models.<>.pool", "prices.<>.prompt"} <= set(plain)  # fmt: skip


def test_what_is_marked_is_no_part_of_the_identity() -> None:
    job = parse_job({"name": "a", "articles": ["a"], "mixture": {"rag": 1},
                     "models": {"generator": {"engine": "extractive"}}}, "a.yaml")  # fmt: skip
    data = described(job, [], [])
    for key, row in page().items():
        head, _, rest = key.partition(".")
        told = rest.removeprefix("<>.") in data["models"]["generator"]
        determines = told if head == "models" else head.removesuffix("[]") in data
        if head not in ("prompts", "problems") and rest != "<>.pool":  # hashes of files stand there
            assert row.where is not determines, key
