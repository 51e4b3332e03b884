"""What stands before a name: "the infant Hermes" may not become "the infant Apollo"."""

from __future__ import annotations

import re

_ARTICLES = "the|a|an|de|het|een|el|la|il|lo|le|un|una|une"
_BEFORE_NAME = re.compile(
    rf"\b(?i:{_ARTICLES})\s+(?:[a-zß-ÿ]+\s+)?([a-zß-ÿ]{{3,}})\s+([A-ZÀ-Þ][\w-]+)(?!\s+[A-ZÀ-Þ])"
)


def _epithets(text: str) -> dict[str, set[str]]:
    """What stands between an article and a name -> the names."""
    found: dict[str, set[str]] = {}
    for match in _BEFORE_NAME.finditer(text):
        found.setdefault(match[1], set()).add(match[2])
    return found


def moved_epithets(text: str, result: str, language: str) -> list[str]:
    """Epithets of the result that the text gives to other names alone, in words.

    None in German, where every noun has the capital of a name.

    >>> moved_epithets("The infant Hermes met Apollo.", "The infant Apollo met Hermes.", "en")
    ["'infant Apollo' is 'infant Hermes' in the text"]
    """
    if language == "de":
        return []
    told = _epithets(text)
    return [
        f"{f'{word} {name}'!r} is {f'{word} {min(told[word])}'!r} in the text"
        for word, names in _epithets(result).items()
        for name in sorted(names)
        if word in told and name not in told[word] and re.search(rf"\b{re.escape(name)}\b", text)
    ]
