"""Variables as the methods `rag` and `rag_ends` give them to their prompts."""

from __future__ import annotations

from beam_synth.methods.shared.examples import (
    FOCUS,
    NEIGHBOR,
    PASSAGE,
    QUERY,
    TRACE_WORDS,
    with_axes,
)

_SOURCES = [{"tag": "source_1", "passage": NEIGHBOR}, {"tag": "source_2", "passage": PASSAGE}]

PROMPTS = {
    "rag/query": with_axes(passage=[PASSAGE]),
    "rag/answer": with_axes(
        query=[QUERY],
        focus=[FOCUS],
        sources=[_SOURCES, _SOURCES, _SOURCES[:1]],
        primary=["source_2", "source_2", None],  # None where it is withheld
        trace_words=TRACE_WORDS,
    ),
}
