"""Variables as the method `multi_turn` gives them to its prompts."""

from __future__ import annotations

from beam_synth.methods.multi_turn.conversation import KINDS
from beam_synth.methods.shared.examples import (
    FOCUS,
    PASSAGE,
    QUERY,
    TRACE_WORDS,
    answered,
    each_value,
)
from beam_synth.records import LANGUAGES

_MESSAGES = [
    {"role": "user", "content": QUERY},
    {"role": "assistant", "content": "<think>\nthe bridge → Clara Vogt\n</think>\nClara Vogt."},
]
_TURNS = tuple(
    each_value(
        {
            "kind": KINDS,
            "messages": [_MESSAGES],
            "passage": [PASSAGE, None],  # None where the sample started from no passage
            "exercise": ["memorization"],
            "language": LANGUAGES,
        }
    )
)

PROMPTS = {
    "multi_turn/query": _TURNS,
    "multi_turn/answer": tuple(
        answered(_TURNS, query="Are you sure?", focus=FOCUS, trace_words=TRACE_WORDS[0])
    ),
}
