"""Variables as the method `multi_turn` gives them to its prompts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from beam_synth.methods.multi_turn.conversation import KINDS
from beam_synth.methods.shared.examples import (
    FOCUS,
    PASSAGE,
    QUERY,
    TRACE_WORDS,
    each_value,
)
from beam_synth.records import LANGUAGES

_MESSAGES = [
    {"role": "user", "content": QUERY},
    {"role": "assistant", "content": "<think>\nthe bridge → Clara Vogt\n</think>\nClara Vogt."},
]
_TURN: dict[str, Sequence[Any]] = {
    "kind": KINDS,
    "messages": [_MESSAGES],
    "passage": [PASSAGE, None],  # None where the sample started from no passage
    "exercise": ["memorization"],
    "language": LANGUAGES,
}

PROMPTS = {
    "multi_turn/query": tuple(each_value(_TURN)),
    "multi_turn/answer": tuple(
        each_value(
            {**_TURN, "query": ["Are you sure?"], "focus": [FOCUS], "trace_words": TRACE_WORDS}
        )
    ),
}
