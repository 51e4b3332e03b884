"""What a text claims: its names, dates and numbers, and which of them nothing backs up."""

from __future__ import annotations

import functools
import re

from beam_synth.text.facts import Fact, dates, numbers, numerals
from beam_synth.text.folding import fold
from beam_synth.text.proper_names import SHORT, names, opens_sentence
from beam_synth.text.support import Support
from beam_synth.text.wordlists import FUNCTION, OPENERS

_REF = re.compile(r"<ref [^>]*>.*?</ref>", re.DOTALL)

_ITEM = re.compile(r"(?m)^\s*(?:[-*•–]|\d{1,2}[.)])\s+")

_WORD = re.compile(r"[^\W\d_]+")

_DIGITS = re.compile(r"\d+")

_SOURCE = re.compile(r"\bsource_\d+\b")


def without_refs(text: str) -> str:
    """The answer's own words: quotations in reference tags are checked by themselves.

    >>> without_refs('It fell.<ref name="source_1">In 1912 it fell.</ref> So it was.')
    'It fell.  So it was.'
    """
    return _REF.sub(" ", text)


def claims(text: str, language: str, short: int = SHORT) -> tuple[Fact, ...]:
    """Names, dates and numbers that a text states; numbers in words count from four on.

    Args:
        text: the text; tags such as source_3 claim nothing.
        language: code of its language.
        short: words of a sentence so short that the one that opens it may be a name.

    >>> [fact.text for fact in claims("In 1912 Anna Lind had five ships.", "en")]
    ['Anna Lind', '1912', 'five']
    """
    return _claims(text, language, short)


@functools.lru_cache(maxsize=256)  # several checks ask it of the same texts
def _claims(text: str, language: str, short: int) -> tuple[Fact, ...]:
    without_marks = _SOURCE.sub(" ", text) if "source_" in text else text
    return (
        *names(without_marks, language, short),
        *dates(without_marks, language),
        *numbers(without_marks, language),
        *numerals(without_marks, language, least=4),
    )


def _counts_own_items(fact: Fact, text: str) -> bool:
    """A count of the answer's own list items ("there are five: - …")."""
    items = len(_ITEM.findall(text))
    return fact.kind == "number" and items > 1 and any(value == items for value in fact.values)


def unsupported(text: str, language: str, backing: Support, short: int = SHORT) -> list[str]:
    """The names, numbers and dates of the text that nothing backs up, as written, each once.

    Each is named once, as it is written; see `unsupported_facts`.
    """
    found = unsupported_facts(text, language, backing, short)
    return list(dict.fromkeys(fact.text for fact in found))


def unsupported_facts(text: str, language: str, backing: Support, short: int = SHORT) -> list[Fact]:
    """The names, numbers and dates of the text that nothing backs up.

    A count of the text's own list items needs no backing, nor does an ordinary word whose capital
    is that of its sentence ("Once TAI"). `short` is that of `claims`.
    """
    return [
        fact
        for fact in claims(text, language, short)
        if not backing.has(fact)
        and not _counts_own_items(fact, text)
        and not _but_for_its_opening(fact, text, backing)
    ]


def _but_for_its_opening(fact: Fact, text: str, backing: Support) -> bool:
    """Whether all of a name is backed up but the word that opens its sentence, and that is none."""
    if fact.kind != "name" or len(fact.tokens) < 2 or not opens_sentence(text, fact.start):
        return False
    first, *others = fact.tokens
    ordinary = fold(first) in OPENERS or (others[0].isupper() and len(others[0]) > 1)
    return ordinary and all(map(backing.has_token, others))


def content_words(text: str, language: str) -> set[str]:
    """Folded words of four letters and more, and figures, without function words.

    >>> sorted(content_words("When did the Café open in 1912?", "en"))
    ['1912', 'cafe', 'open']
    """
    function_words = FUNCTION.get(language, frozenset())
    words = {
        fold(word)
        for word in _WORD.findall(text)
        if len(word) > 3 and word.casefold() not in function_words
    }
    return words | set(_DIGITS.findall(text))
