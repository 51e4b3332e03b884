"""How much of a text stands word for word in another: copies, and what was taken over."""

from __future__ import annotations

import functools
import re
from difflib import SequenceMatcher

from beam_synth.text.folding import fold

_WORD = re.compile(r"[^\W_]+")


@functools.lru_cache(maxsize=64)  # several questions are asked of the same texts
def plain_words(text: str) -> tuple[str, ...]:
    """The words and figures of a text, folded, in order.

    >>> plain_words("L'été, 1912!")
    ('l', 'ete', '1912')
    """
    return tuple([fold(word) for word in _WORD.findall(text)])


def shared_run(text: str, other: str) -> tuple[str, ...]:
    """The longest run of words that stands in both texts; case, accents and marks do not count.

    >>> shared_run("So the mill burnt down.", "In May the mill burnt for days.")
    ('the', 'mill', 'burnt')
    """
    ours, theirs = plain_words(text), plain_words(other)
    match = SequenceMatcher(None, ours, theirs, autojunk=False).find_longest_match()
    return ours[match.a : match.a + match.size]


def has_shared_run(text: str, other: str, n: int) -> bool:
    """Whether any `n` words in a row stand in both texts; faster than to look for the longest.

    >>> has_shared_run("So the mill burnt down.", "In May the mill burnt for days.", 3)
    True
    """
    words = plain_words(text)
    if len(words) < n:
        return False
    theirs = _joined(other)
    return any(f" {' '.join(words[i : i + n])} " in theirs for i in range(len(words) - n + 1))


@functools.lru_cache(maxsize=1024)  # a passage is the seed of many tasks
def _joined(text: str) -> str:
    return f" {' '.join(plain_words(text))} "
