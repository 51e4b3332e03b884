"""A text that changes its language on the way: a sentence of another one among its own."""

from __future__ import annotations

import functools

from beam_synth.text.languages import plain, votes
from beam_synth.text.sentences import sentences
from beam_synth.text.wordlists import FUNCTION

LEAST_WORDS, LEAST_VOTES = 6, 3  # of a sentence; small words of the other language in it
_LEAST_STRANGE = 2  # different ones that such a sentence has at least
_TIMES = 3  # so many as of the text's own


@functools.cache
def _strange(language: str) -> frozenset[str]:
    """Small words of our other languages that are none of this one."""
    return frozenset().union(*FUNCTION.values()) - FUNCTION.get(language, frozenset())


def drifts(text: str, language: str) -> str:
    """What a sentence of a text in one of our eight languages is in instead, and the sentence; ""
    where each is in its own, or too short to tell.

    >>> drifts("Der Müller ging in die Stadt. Then he came to the river and it was cold.", "de")
    "en: 'Then he came to the river and it was cold.'"
    >>> drifts("Der Müller ging in die Stadt. Dann kam er an den Fluss, und es war kalt.", "de")
    ''
    """
    if len(_strange(language).intersection(text.casefold().split())) < _LEAST_STRANGE:
        return ""
    spans = sentences(text, language)
    for start, end in spans if len(spans) > 1 else ():
        words = plain(text[start:end], language)
        if len(words.split()) < LEAST_WORDS:
            continue
        counts = votes(words)
        if language not in counts:
            return ""
        other = max(counts, key=counts.__getitem__)
        if counts[other] >= max(LEAST_VOTES, _TIMES * counts[language] + 1):
            return f"{other}: {text[start:end].strip()[:80]!r}"
    return ""
