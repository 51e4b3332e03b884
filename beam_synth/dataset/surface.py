"""What of a row is shown to a reader: what is trained on, turn by turn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from beam_synth.records import PROVENANCE, Row

_NOT_SHOWN = {*dict(PROVENANCE), "record_id", "synth_id"}


class Turn(NamedTuple):
    """One turn of a row, or one of its texts."""

    role: str  # "user"; of a row without turns the column's name
    text: str


def shown_turns(row: Row) -> list[Turn]:
    """The row's messages; of a row without any its own columns, the empty ones left out.

    >>> shown_turns({"messages": [{"role": "user", "content": "When?"}]})
    [Turn(role='user', text='When?')]
    >>> shown_turns({"query": "When?", "synthetic_reasoning": "", "synthetic_answer": "In 1912."})
    [Turn(role='query', text='When?'), Turn(role='synthetic_answer', text='In 1912.')]
    """
    messages = row.get("messages")
    if messages:
        return [_turn(message) for message in messages]
    return [
        Turn(name, _plain(value))
        for name, value in row.items()
        if name not in _NOT_SHOWN and value not in (None, "", [])
    ]


def _turn(message: Row) -> Turn:
    return Turn(str(message["role"]), str(message["content"]))


def _plain(value: Any) -> str:
    """A column's value as text: turns one below the other, lists with commas."""
    if isinstance(value, list) and value and isinstance(value[0], Mapping):
        return "\n".join(f"[{turn['role']}]\n{turn['content']}" for turn in value)
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
