"""Kinds of records: what a dataset is made of, as every stage after Generate goes by it.

A method declares the config that it makes. A config of your own needs no change here: declare one
beside your method and name it there.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable
from typing import Literal

import pyarrow as pa

from beam_synth.records.provenance import MESSAGE, PROVENANCE, Row
from beam_synth.records.samples import SAMPLE_SCHEMA, sample_text

Numbers = Literal["kept", "folded"]


@dataclasses.dataclass(frozen=True)
class DatasetConfig:
    """A kind of record.

    >>> jokes = DatasetConfig("jokes", record_schema(joke=pa.string()), lambda row: row["joke"])
    >>> jokes.own_columns
    ('joke',)

    Raises ValueError, when it is made, for a schema without its id or a column of PROVENANCE, and
    for a chat without `messages`.
    """

    name: str  # of its folder of shards
    schema: pa.Schema  # `record_schema` gives one with id and provenance
    text_of: Callable[[Row], str]  # the text that tells a record from its duplicates
    id: str = "record_id"  # name of the id's column
    surface: Literal["chat", "text"] = "text"  # chat: `messages` may not be empty
    numbers: Numbers = "kept"  # whether texts that differ in numbers alone are duplicates (folded)
    written: bool = True  # False: only a step to other records, unless the job writes it
    # "package.module:Transform" of what looks at all records of a round before they become seeds
    settle: str = ""

    def __post_init__(self) -> None:
        missing = [name for name in (self.id, *dict(PROVENANCE)) if name not in self.schema.names]
        if self.surface == "chat" and "messages" not in self.schema.names:
            missing.append("messages")
        if missing:
            raise ValueError(f"the schema of {self.name!r} lacks {', '.join(missing)}")

    @functools.cached_property
    def columns(self) -> tuple[str, ...]:
        """All columns, in the schema's order."""
        return tuple(self.schema.names)

    @functools.cached_property
    def own_columns(self) -> tuple[str, ...]:
        """The columns that a method fills: neither the id nor of PROVENANCE."""
        shared = {self.id, *dict(PROVENANCE)}
        return tuple(name for name in self.columns if name not in shared)


def record_schema(**columns: pa.DataType) -> pa.Schema:
    """The schema of a kind of record: its id, its own columns in this order, and PROVENANCE.

    >>> record_schema(text=pa.string()).names[:3]
    ['record_id', 'text', 'language']
    """
    return pa.schema([("record_id", pa.string()), *columns.items(), *PROVENANCE])


def _said(turns: list[Row]) -> str:
    return "\n".join(turn["content"] for turn in turns)


_TURNS = pa.list_(MESSAGE)
_STRINGS = pa.list_(pa.string())
_NOVELTY = "transforms.settle:SettleNovelty"

SAMPLES = DatasetConfig(
    "samples", SAMPLE_SCHEMA, sample_text, id="synth_id", surface="chat", numbers="kept"
)
TEXTS = DatasetConfig("texts", record_schema(text=pa.string()), lambda row: str(row["text"]))
PREFERENCES = DatasetConfig(  # columns as in TRL
    "preferences",
    record_schema(
        prompt=_TURNS,
        chosen=_TURNS,
        rejected=_TURNS,
        score_chosen=pa.float64(),
        score_rejected=pa.float64(),
    ),
    lambda row: "\n".join(_said(row[part]) for part in ("prompt", "chosen", "rejected")),
)
TOKEN_PREFERENCES = DatasetConfig(  # methods.md 6
    "token_preferences",
    record_schema(
        query=pa.string(),
        prefix_ids=pa.list_(pa.int64()),
        token_id=pa.int64(),
        token=pa.string(),
        p_before=pa.float64(),
        p_after=pa.float64(),
        delta=pa.float64(),
        n_before=pa.int64(),
        n_after=pa.int64(),
        accepted_id=pa.int64(),
        rejected_id=pa.int64(),
        p_accept=pa.float64(),
        p_reject=pa.float64(),
        oracle=pa.string(),
        policy=pa.string(),
        sampling=pa.string(),  # JSON
    ),
    lambda row: f"{row['query']}\n{' '.join(map(str, row['prefix_ids']))} {row['token_id']}",
)
TRIPLETS = DatasetConfig(
    "triplets",
    record_schema(anchor=pa.string(), positive=pa.string(), negative=pa.string()),
    lambda row: f"{row['anchor']}\n{row['positive']}\n{row['negative']}",
)
SCORES = DatasetConfig(  # judged texts
    "scores",
    record_schema(text=pa.string(), score=pa.float64(), rubric=pa.string(), rationale=pa.string()),
    lambda row: str(row["text"]),
)
INSTRUCTIONS = DatasetConfig(
    "instructions",
    record_schema(prompt=pa.string(), system=pa.string(), reference=pa.string()),
    lambda row: str(row["prompt"]),
    written=False,
    settle=_NOVELTY,
)
ENTITIES = DatasetConfig(  # of one document
    "entities",
    record_schema(title=pa.string(), summary=pa.string(), entities=_STRINGS),
    lambda row: "\n".join([row["title"], *row["entities"]]),
    written=False,
)
PERSONAS = DatasetConfig(
    "personas",
    record_schema(persona=pa.string()),
    lambda row: str(row["persona"]),
    written=False,
    settle=_NOVELTY,
)
TOPICS = DatasetConfig(
    "topics",
    record_schema(topic=pa.string(), keywords=_STRINGS),
    lambda row: str(row["topic"]),
    written=False,
    settle=_NOVELTY,
)

SHIPPED_CONFIGS: dict[str, DatasetConfig] = {
    config.name: config
    for config in (
        SAMPLES,
        TEXTS,
        PREFERENCES,
        TOKEN_PREFERENCES,
        TRIPLETS,
        SCORES,
        INSTRUCTIONS,
        ENTITIES,
        PERSONAS,
        TOPICS,
    )
}
