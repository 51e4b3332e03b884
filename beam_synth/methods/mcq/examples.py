"""Variables as the method `mcq` gives them to its prompts."""

from __future__ import annotations

from beam_synth.methods.shared.examples import (
    FOCUS,
    NEIGHBOR,
    PASSAGE,
    QUERY,
    TRACE_WORDS,
    with_axes,
)

_OPTIONS = ["A) Anna Thun", "B) Clara Vogt", "C) Karl Aare", "D) Jean Bern"]
_QUESTIONS = with_axes(passage=[PASSAGE], neighbors=[[NEIGHBOR], []])

PROMPTS = {
    "mcq/query": _QUESTIONS,
    "mcq/answer": with_axes(
        passage=[PASSAGE],
        neighbors=[[NEIGHBOR], []],
        question=[QUERY],
        focus=[FOCUS],
        prompt=["\n".join([QUERY, "", *_OPTIONS])],
        options=[_OPTIONS],
        key=[_OPTIONS[1]],
        trace_words=TRACE_WORDS,
    ),
}
