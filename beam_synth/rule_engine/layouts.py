r"""An answer in another layout, word for word.

>>> LAYOUTS["numbers"]("It rained. It snowed.", "en", str).text
'1. It rained.\n2. It snowed.'
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable

from beam_synth.text.sentences import sentences

_REF = re.compile(r"\s*<ref [^>]*>.*?</ref>", re.DOTALL)
LIST_MARK = re.compile(r"^\s*(?:\d{1,2}[.)]|[-*•–])\s+")
_LEAST_WORDS = 2  # of an item
_MOST_ITEMS = 30


@dataclasses.dataclass(frozen=True)
class Laid:
    """An answer in another layout."""

    text: str
    parts: tuple[str, ...]  # spans of the answer that the text is made of


# (answer, its language, what puts a text in quotation marks) -> the answer laid out; None where
# it cannot be.
Layout = Callable[[str, str, Callable[[str], str]], Laid | None]


def without_citations(answer: str) -> str:
    """The answer without its reference tags and what they quote.

    >>> without_citations('In 1912. <ref name="source_1">It opened in 1912.</ref>')
    'In 1912.'
    """
    return _REF.sub("", answer).strip()


def _parts(answer: str, language: str) -> tuple[str, ...]:
    """Lines of the answer, and of a single line its sentences; none of a record in JSON."""
    if answer.lstrip()[:1] in "{[":
        return ()
    lines = [LIST_MARK.sub("", line).strip() for line in answer.splitlines() if line.strip()]
    if len(lines) < 2:
        lines = [answer[a:b] for a, b in sentences(answer, language)]
    merged: list[str] = []
    for line in lines:
        if merged and len(merged[-1].split()) < _LEAST_WORDS:
            merged[-1] = f"{merged[-1]} {line}"
        else:
            merged.append(line)
    return tuple(part for part in merged if any(c.isalnum() for c in part))


def _items(answer: str, language: str, quote: Callable[[str], str]) -> Laid | None:
    """A list with dashes."""
    parts = _parts(answer, language)
    if not 2 <= len(parts) <= _MOST_ITEMS:
        return None
    return Laid("\n".join(f"- {part.rstrip(',;:')}" for part in parts), parts)


def _numbers(answer: str, language: str, quote: Callable[[str], str]) -> Laid | None:
    """A numbered list."""
    parts = _parts(answer, language)
    if not 2 <= len(parts) <= _MOST_ITEMS:
        return None
    numbered = (f"{i}. {part.rstrip(',;:')}" for i, part in enumerate(parts, 1))
    return Laid("\n".join(numbered), parts)


def _line(answer: str, language: str, quote: Callable[[str], str]) -> Laid | None:
    """Several lines in one."""
    if len(answer.splitlines()) < 2:
        return None
    parts = _parts(answer, language)
    return Laid(" ".join(parts), parts)


def _quote(answer: str, language: str, quote: Callable[[str], str]) -> Laid | None:
    """The whole answer in quotation marks; none of one that holds some."""
    if any(mark in answer for mark in '“”„«»"{'):
        return None
    return Laid(quote(answer), tuple(answer.splitlines()))


def _capitals(answer: str, language: str, quote: Callable[[str], str]) -> Laid | None:
    """The first line, or the first sentence of a single line, in capitals; none of a record."""
    if answer.lstrip()[:1] in "{[":
        return None
    first, *rest = answer.splitlines()
    if not rest:
        (start, end), *_ = sentences(answer, language) or [(0, len(answer))]
        return Laid(answer[:end].upper() + answer[end:], (answer[start:end],))
    return Laid("\n".join([first.upper(), *rest]), (first, *rest))


LAYOUTS: dict[str, Layout] = {
    "list": _items,
    "numbers": _numbers,
    "line": _line,
    "quote": _quote,
    "capitals": _capitals,
}
