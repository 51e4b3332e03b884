"""Variables as the methods `arithmetic` and `math_mcq` give them to their prompts."""

from __future__ import annotations

from beam_synth.methods.shared.axes import STYLES, USER_PROFILES
from beam_synth.methods.shared.examples import TRACE_WORDS, answered, each_value
from beam_synth.records import LANGUAGES

_PROBLEM = "A ferry carries 30 people. How many people do 4 ferries carry?"
_COMMON = {
    "topic": ["rates"],
    "language": LANGUAGES,
    "style": STYLES,
    "user_profile": USER_PROFILES,
}
_ANSWERS = tuple(
    each_value(
        {
            **_COMMON,
            "query": [_PROBLEM],
            "value": ["120"],
            "solution": [["30 × 4 = 120", "The result is 120."]],
            "trace_words": TRACE_WORDS,
        }
    )
)
_OPTIONS = ["A) 34", "B) 120", "C) 26", "D) 7"]
_QUERIES = tuple(each_value({**_COMMON, "problem": [_PROBLEM], "unit": ["", "people"]}))

ARITHMETIC_PROMPTS = {"arithmetic/query": _QUERIES, "arithmetic/answer": _ANSWERS}
MATH_MCQ_PROMPTS = {
    "arithmetic/query": _QUERIES,
    "arithmetic/choose": tuple(answered(_ANSWERS, options=_OPTIONS, key=_OPTIONS[1])),
}
