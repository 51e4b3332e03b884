"""How many tokens an answer may take: drawn from what is asked for, so that none runs away.

A bound, not a length to aim at: twice what the words asked for take in a tokenizer that knows the
language badly. A job's own `max_tokens` goes before it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

# Tokens of a word at most, over tokenizers of vocabularies of 32,000 and more.
TOKENS_A_WORD = {
    "en": 1.6, "nl": 2.1, "de": 2.3, "fr": 2.0, "es": 2.0, "it": 2.1, "la": 2.6, "pl": 2.9,
}  # fmt: skip
OTHER_LANGUAGES = 4.0
TOKENS_A_TRACE_WORD = 2.2  # in English, with a mark for every few words
MARGIN = 2.0
FRAME = 64  # tokens of the JSON object around the texts
STEP = 256  # bounds are multiples of it: few different ones

QUERY_WORDS = 200  # of a query and its focus
TRACE_WORDS = {"simple": 150, "moderate": 350, "complex": 800}  # by the complexity of a query
ANSWER_WORDS = {"simple": 150, "moderate": 300, "complex": 500}
LONGEST_TRACE = 800  # that any trace is asked to have


def most_tokens(language: str, words: int, trace: int = 0) -> int:
    """Tokens that an answer may take at most.

    Args:
        language: of its texts, a code.
        words: of its texts at most.
        trace: words of its trace at most, which is in English.

    >>> most_tokens("en", 150, 150), most_tokens("pl", 500, 800)
    (1280, 6656)
    """
    needed = words * TOKENS_A_WORD.get(language, OTHER_LANGUAGES) + trace * TOKENS_A_TRACE_WORD
    return STEP * math.ceil((MARGIN * needed + FRAME) / STEP)


def most_of_answer(axes: Mapping[str, str], language: str) -> int:
    """Tokens of trace and answer to a query with these axes.

    >>> most_of_answer({"complexity": "simple"}, "en")
    1280
    """
    asked = axes["complexity"]
    return most_tokens(language, ANSWER_WORDS[asked], TRACE_WORDS[asked])
