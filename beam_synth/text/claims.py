"""What a text claims: its names, dates and numbers, and which of them nothing backs up."""

from __future__ import annotations

import functools
import re

from beam_synth.text.facts import SHORT, Fact, dates, names, numbers, numerals
from beam_synth.text.folding import fold
from beam_synth.text.support import Support
from beam_synth.text.wordlists import FUNCTION

_REF = re.compile(r"<ref [^>]*>.*?</ref>", re.DOTALL)

_ITEM = re.compile(r"(?m)^\s*(?:[-*•–]|\d{1,2}[.)])\s+")

_WORD = re.compile(r"[^\W\d_]+")

_DIGITS = re.compile(r"\d+")

_SOURCE = re.compile(r"\bsource_\d+\b")


def without_refs(text: str) -> str:
    """The answer's own words: quotations in reference tags are checked by themselves."""
    return _REF.sub(" ", text)


def claims(text: str, language: str, short: int = SHORT) -> tuple[Fact, ...]:
    """Names, dates and numbers that a text states; numbers in words count from four on."""
    return _claims(text, language, short)


@functools.lru_cache(maxsize=256)  # several checks ask it of the same texts
def _claims(text: str, language: str, short: int) -> tuple[Fact, ...]:
    plain = _SOURCE.sub(" ", text) if "source_" in text else text
    return (
        *names(plain, language, short),
        *dates(plain, language),
        *numbers(plain, language),
        *numerals(plain, language, least=4),
    )


def _counted(fact: Fact, text: str) -> bool:
    """A count of the answer's own list items ("there are five: - …")."""
    items = len(_ITEM.findall(text))
    return fact.kind == "number" and items > 1 and any(v == items for v in fact.values)


def unsupported(text: str, language: str, backing: Support, short: int = SHORT) -> list[str]:
    """The names, numbers and dates of the text that nothing backs up, as written."""
    found = [
        f for f in claims(text, language, short) if not backing.has(f) and not _counted(f, text)
    ]
    return list(dict.fromkeys(fact.text for fact in found))


def content_words(text: str, language: str) -> set[str]:
    """Folded words of four letters and more, and figures, without function words."""
    known = FUNCTION.get(language, frozenset())
    words = {fold(w) for w in _WORD.findall(text) if len(w) > 3 and w.casefold() not in known}
    return words | set(_DIGITS.findall(text))
