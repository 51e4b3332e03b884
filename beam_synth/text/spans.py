"""The span of a text that is nearest to words which were to be copied from it, and are not."""

from __future__ import annotations

import re
from collections import Counter

from beam_synth.text.folding import fold
from beam_synth.text.sentences import normalise

LEAST_SHARED = 0.4  # of the wanted words, in a span that is near enough to be named
_WORD = re.compile(r"\w+")


def is_span(wanted: str, text: str) -> bool:
    """Whether the words stand in the text as they are; case and blanks do not count.

    >>> is_span("the  Bridge", "They closed the bridge."), is_span(" ", "They closed it.")
    (True, False)
    """
    return bool(wanted.strip()) and normalise(wanted) in normalise(text)


def nearest_span(wanted: str, text: str) -> str:
    """The span of as many words that shares most of them, without words at its ends that are not
    wanted; the first of several, "" where none shares two in five. Linear in the text's length.

    >>> nearest_span("the old bridge was opened in 1912", "In May 1912 the bridge was opened.")
    'In May 1912 the bridge was opened'
    >>> nearest_span("a quiet harbour", "In May 1912 the bridge was opened.")
    ''
    """
    places = [(m.start(), m.end()) for m in _WORD.finditer(text)]
    found = [fold(text[start:end]) for start, end in places]
    asked = Counter(fold(word) for word in _WORD.findall(wanted))
    size = min(asked.total(), len(found))
    if not size:
        return ""
    window: Counter[str] = Counter()
    shared, best, at = 0, 0, 0
    for i, word in enumerate(found):
        window[word] += 1
        shared += window[word] <= asked[word]
        if i >= size:
            left = found[i - size]
            shared -= window[left] <= asked[left]
            window[left] -= 1
        if shared > best:
            best, at = shared, max(0, i - size + 1)
    if best < LEAST_SHARED * asked.total():
        return ""
    inside = [i for i in range(at, at + size) if asked[found[i]]]
    return text[places[inside[0]][0] : places[inside[-1]][1]]
