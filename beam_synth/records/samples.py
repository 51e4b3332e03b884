"""Samples: training rows of a chat, and their Arrow schema."""

from __future__ import annotations

import dataclasses
from typing import Any

import pyarrow as pa

from beam_synth.records.provenance import CHECK, MESSAGE, MODEL, SEED, Row

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

    def columns(self) -> dict[str, Any]:
        """The columns that records of other kinds do not have."""
        return {
            "query": self.query,
            "query_seed_url": self.query_seed_url,
            "query_seed_text": self.query_seed_text,
            "additional_seed_url": self.additional_seed_url,
            "synthetic_reasoning": self.reasoning,
            "synthetic_answer": self.answer,
            "messages": list(self.messages),
        }


def sample_text(row: Row) -> str:
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
