"""What every record tells of its making, whatever its kind: seeds, models, checks, parents."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Mapping
from typing import Any, Protocol

import pyarrow as pa

from beam_synth.records.passages import Passage

Row = Mapping[str, Any]  # of the schema of some DatasetConfig
RULE = "rule:"  # what the names of rule engines begin with

SEED = pa.struct(
    [
        ("url", pa.string()),
        ("title", pa.string()),
        ("revision", pa.int64()),
        ("section", pa.string()),
        ("license", pa.string()),
        ("text_sha256", pa.string()),
        ("role", pa.string()),  # primary | neighbour | distractor | template | instruction
        ("path", pa.string()),  # how expansion reached the article; "[]" for the core
    ]
)

MODEL = pa.struct(
    [
        ("name", pa.string()),  # "rule:extractive" for rules
        ("revision", pa.string()),
        ("license", pa.string()),
        ("step", pa.string()),  # prompt template, "memorization/query"
        ("prompt_sha256", pa.string()),
        ("sampling", pa.string()),  # JSON
    ]
)

CHECK = pa.struct(
    [
        ("name", pa.string()),
        ("kind", pa.string()),  # formal | judge | source | call
        ("passed", pa.bool_()),
        ("score", pa.float64()),
        ("detail", pa.string()),
    ]
)

MESSAGE = pa.struct([("role", pa.string()), ("content", pa.string())])

# Columns that every kind of record has, beside its id and its own.
PROVENANCE: tuple[tuple[str, pa.DataType], ...] = (
    ("language", pa.string()),
    ("exercise", pa.string()),
    ("model", pa.string()),  # that was asked first
    ("seed_license", pa.string()),  # an SPDX expression
    ("constraints", pa.string()),  # JSON: the drawn axes, or "" where none apply
    ("script", pa.string()),  # name and version of the code that made the row
    ("words", pa.int64()),
    ("seeds", pa.list_(SEED)),
    ("models", pa.list_(MODEL)),
    ("constraint_list", pa.list_(pa.string())),  # one JSON object a constraint
    ("checks", pa.list_(CHECK)),
    ("parents", pa.list_(pa.string())),
    ("synthetic_depth", pa.int32()),
    ("rng", pa.string()),  # JSON {"seed", "key"}: enough to replay the draws
)


class Made(Protocol):
    """What a method returns: a record before it gets its id and what the program knows of it.

    `Sample` is one of the config `samples`, `Record` one of any config.
    """

    @property
    def language(self) -> str:
        """Code of the record's language."""

    @property
    def exercise(self) -> str:
        """The kind of task; "" for the method's own."""

    @property
    def seeds(self) -> tuple[dict[str, Any], ...]:
        """What it was made from (fields of SEED); never empty."""

    @property
    def checks(self) -> tuple[dict[str, Any], ...]:
        """What was verified (fields of CHECK)."""

    @property
    def models(self) -> tuple[dict[str, Any], ...]:
        """Earlier models that had a part in it (MODEL); the program adds its own calls."""

    @property
    def constraints(self) -> dict[str, Any]:
        """What was drawn for it, by name."""

    @property
    def constraint_list(self) -> tuple[dict[str, Any], ...]:
        """The same as a list of typed objects."""

    @property
    def parents(self) -> tuple[str, ...]:
        """Ids of the records that it was made from."""

    @property
    def synthetic_depth(self) -> int:
        """1 for a record made from sources alone, one more than its parents' otherwise."""

    @property
    def quality(self) -> float:
        """The best of duplicates is kept: higher is better."""

    def columns(self) -> dict[str, Any]:
        """The config's own columns: all that are neither its id nor in PROVENANCE."""


@dataclasses.dataclass(frozen=True)
class Record:
    """A record of any config before it gets its id.

    >>> Record({"text": "Tea is a drink."}, seeds=({"url": "https://example.org/Tea"},)).columns()
    {'text': 'Tea is a drink.'}
    """

    values: Mapping[str, Any]  # the config's own columns: {"text": ...} of the config texts
    seeds: tuple[dict[str, Any], ...]  # of SEED; `seed.records()` gives those of the task
    checks: tuple[dict[str, Any], ...] = ()  # of CHECK, as `require` gives them
    language: str = ""  # "" for the task's
    exercise: str = ""  # "" for the method's
    models: tuple[dict[str, Any], ...] = ()
    constraints: dict[str, Any] = dataclasses.field(default_factory=dict)
    constraint_list: tuple[dict[str, Any], ...] = ()
    parents: tuple[str, ...] = ()
    synthetic_depth: int = 1
    quality: float = 0.0  # higher is kept first among duplicates

    def columns(self) -> dict[str, Any]:
        """The config's own columns."""
        return dict(self.values)


def seed_record(passage: Passage, role: str) -> dict[str, Any]:
    """A passage as an entry of a record's seeds (fields of SEED), under that role."""
    return {
        "url": passage.url,
        "title": passage.title,
        "revision": passage.revision,
        "section": passage.section,
        "license": passage.license,
        "text_sha256": hashlib.sha256(passage.text.encode("utf-8")).hexdigest(),
        "role": role,
        "path": passage.path,
    }
