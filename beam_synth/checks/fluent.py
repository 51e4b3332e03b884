"""A text says nothing twice and reads as running text, as far as words alone show it."""

from __future__ import annotations

import re

from beam_synth.checks import Check, Exchange, outcome
from beam_synth.text.claims import without_refs
from beam_synth.text.fluency import (
    function_word_share,
    repeated_lines,
    repeated_ngram_share,
    repeated_sentences,
)
from beam_synth.text.overlap import plain_words

_ENDS = re.compile(r"(?<=[.!?…])\s+")  # what ends a sentence, or an abbreviation
LONG = 16  # words from which on shares say something
MOST_REPEATED = 0.3  # of a text's runs of four words
# Of the words of a text; a list of names has less. Latin and Polish have no articles.
LEAST_FUNCTION = {"la": 0.03, "pl": 0.03}
_FUNCTION = 0.08  # in the other languages


def fluency_faults(text: str, language: str) -> list[str]:
    """Why a text does not read as one: a line or sentence that it repeats, runs of words that come
    again and again, hardly a function word.

    >>> fluency_faults("The mill stood by the river. The mill stood by the river.", "en")
    ["says twice: 'The mill stood by the river.'"]
    >>> fluency_faults("The mill stood by the river, and burnt.", "en")
    []
    """
    parts = [part.strip() for part in _ENDS.split(text)]
    twice = [*repeated_sentences(parts)] if len(parts) > 1 else []
    twice += repeated_lines(text, least=3) if "\n" in text else []
    if twice:
        return [f"says twice: {twice[0][:80]!r}"]
    words = len(plain_words(text))
    if words < LONG:
        return []
    repeated = repeated_ngram_share(text, 4)
    if repeated > MOST_REPEATED:
        return [f"{repeated:.0%} of its runs of four words stood before"]
    listed = 4 * (text.count(",") + text.count("\n") + text.count(";")) > words
    known = function_word_share(text, language)
    if known < LEAST_FUNCTION.get(language, _FUNCTION) and not listed:
        return [f"{known:.0%} function words"]
    return []


def check_fluent(exchange: Exchange) -> Check:
    """The answer's own words say nothing twice and read as running text."""
    faults = fluency_faults(without_refs(exchange.answer), exchange.language)
    return outcome("answer_fluent", "answer_not_fluent", faults)
