"""Variables as `creative_writing` and `constrained_writing` give them to their prompts."""

from __future__ import annotations

from beam_synth.methods.shared.examples import (
    PASSAGE,
    TRACE_WORDS,
    Example,
    answered,
    each_value,
)
from beam_synth.records import LANGUAGES

_CONSTRAINTS = [
    {"name": "words", "params": {"low": 80, "high": 120}, "instruction": "80 to 120 words"},
    {"name": "lipogram", "params": {"letters": "e"}, "instruction": "no letter e"},
]


def prompts_of(folder: str) -> dict[str, tuple[Example, ...]]:
    """The examples of a folder's three templates: with genre and tone, and without.

    >>> list(prompts_of("creative_writing"))
    ['creative_writing/query', 'creative_writing/write', 'creative_writing/revise']
    """
    briefs = each_value(
        {
            "passage": [PASSAGE],
            "language": LANGUAGES,
            "genre": ["letter", ""],
            "tone": ["solemn", ""],
            "genre_name": ["lettre", ""],  # in the language of the request
            "tone_name": ["solennel", ""],
            "constraints": [_CONSTRAINTS],
            "stated": [["80", "120", "words", "e"], []],  # what a request has to hold of them
        }
    )
    query = "Write a solemn letter from the bridge's keeper."
    asked = tuple(
        {**each, "query": query, "trace_words": TRACE_WORDS[i % len(TRACE_WORDS)]}
        for i, each in enumerate(briefs)
    )
    broken = {"draft": "Dear Clara.", "violations": ["words: 2, at least 80 are asked for"]}
    return {
        f"{folder}/query": tuple(briefs),
        f"{folder}/write": asked,
        f"{folder}/revise": tuple(answered(asked, **broken)),
    }
