"""Samples: training rows, their Arrow schema, and references to rows on disk."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import pyarrow as pa

Row = Mapping[str, Any]  # of SAMPLE_SCHEMA

SEED = pa.struct(
    [
        ("url", pa.string()),
        ("title", pa.string()),
        ("revision", pa.int64()),
        ("section", pa.string()),
        ("license", pa.string()),
        ("text_sha256", pa.string()),
        ("role", pa.string()),  # primary | neighbour | distractor | template
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
        ("kind", pa.string()),  # formal | judge
        ("passed", pa.bool_()),
        ("score", pa.float64()),
        ("detail", pa.string()),
    ]
)

MESSAGE = pa.struct([("role", pa.string()), ("content", pa.string())])

# The 14 columns of the published SYNTH dataset, then ours.
SAMPLE_SCHEMA = pa.schema(
    [
        ("synth_id", pa.string()),
        ("language", pa.string()),
        ("exercise", pa.string()),
        ("model", pa.string()),
        ("query", pa.string()),
        ("query_seed_url", pa.string()),
        ("query_seed_text", pa.string()),
        ("additional_seed_url", pa.string()),
        ("seed_license", pa.string()),
        ("constraints", pa.string()),  # JSON: what holds of the row, and what was "asked"; or ""
        ("script", pa.string()),  # name and version of the code that made the row
        ("synthetic_reasoning", pa.string()),
        ("synthetic_answer", pa.string()),
        ("words", pa.int64()),  # of reasoning and answer
        ("seeds", pa.list_(SEED)),
        ("models", pa.list_(MODEL)),
        ("constraint_list", pa.list_(pa.string())),  # one JSON object a constraint
        ("checks", pa.list_(CHECK)),
        ("parents", pa.list_(pa.string())),
        ("synthetic_depth", pa.int32()),
        ("rng", pa.string()),  # JSON {"seed", "key"}: enough to replay the draws
        ("messages", pa.list_(MESSAGE)),
    ]
)

# One row a sample between Generate and WriteShards; the body stays in `file`.
SAMPLE_REF_SCHEMA = pa.schema(
    [
        ("synth_id", pa.string()),
        ("task_bucket", pa.int32()),  # of the task that made it
        ("file", pa.string()),  # outcome file, relative to the run
        ("method", pa.string()),
        ("language", pa.string()),
        ("exercise", pa.string()),
        ("quality", pa.float64()),  # higher is kept first among duplicates
        ("text_hash", pa.binary(16)),  # of the normalised text
        ("bands", pa.binary()),  # little-endian uint64 hash of each MinHash band; b"" if too short
    ]
)


@dataclasses.dataclass(frozen=True)
class Sample:
    """A training row before it gets its id; field meanings as in SAMPLE_SCHEMA."""

    language: str
    exercise: str
    query: str
    reasoning: str  # column synthetic_reasoning
    answer: str  # column synthetic_answer
    seeds: tuple[dict[str, Any], ...]  # of SEED
    checks: tuple[dict[str, Any], ...]  # of CHECK
    models: tuple[dict[str, Any], ...] = ()  # filled in by the scheduler from the calls made
    query_seed_text: str = ""
    query_seed_url: str = ""
    additional_seed_url: str = ""
    constraints: dict[str, Any] = dataclasses.field(default_factory=dict)
    constraint_list: tuple[dict[str, Any], ...] = ()
    messages: tuple[dict[str, str], ...] = ()  # the training surface
    parents: tuple[str, ...] = ()
    synthetic_depth: int = 1
    quality: float = 0.0  # higher is kept first among duplicates


def sample_text(row: Mapping[str, Any]) -> str:
    """The text by which samples (rows of SAMPLE_SCHEMA) are compared: query and answer, no trace.

    Of a conversation, every turn after its first exchange, which is its parent's.

    >>> sample_text({"messages": [], "query": "How high?", "synthetic_answer": "8849 m"})
    'How high?\\n8849 m'
    """
    later = row["messages"][2:]
    if not later:
        return f"{row['query']}\n{row['synthetic_answer']}"
    without_trace = (turn["content"].rpartition("</think>\n")[2] for turn in later)
    return "\n".join(without_trace)
