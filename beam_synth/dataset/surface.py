"""What of a row is shown to a reader: what is trained on, turn by turn."""

from __future__ import annotations

from typing import NamedTuple

from beam_synth.records import Row


class Turn(NamedTuple):
    """One turn of a row, or one of its texts."""

    role: str  # "user"; of a row without turns the column's name
    text: str


def shown_turns(row: Row) -> list[Turn]:
    """The row's messages; of a row without any its texts, the empty ones left out.

    >>> shown_turns({"messages": [{"role": "user", "content": "When?"}]})
    [Turn(role='user', text='When?')]
    >>> shown_turns({"query": "When?", "synthetic_reasoning": "", "synthetic_answer": "In 1912."})
    [Turn(role='query', text='When?'), Turn(role='synthetic_answer', text='In 1912.')]
    """
    messages = row.get("messages")
    if messages:
        return [Turn(str(message["role"]), str(message["content"])) for message in messages]
    columns = ("query", "synthetic_reasoning", "synthetic_answer", "text")
    return [Turn(name, str(row[name])) for name in columns if row.get(name)]
