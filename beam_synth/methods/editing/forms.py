"""Forms that a text can be put into, each decided by its lines and sentences alone."""

from __future__ import annotations

import re
from collections.abc import Callable

from beam_synth.text.sentences import count_words, sentences

_BULLET = re.compile(r"[-*•–] +\S")
_NUMBER = re.compile(r"(\d{1,2})[.)] +\S")
_BRACKETS = re.compile(r"[()\[\]{}]")
_ALONE = re.compile(r"(?<=\b[^\W\d_A-ZÀ-Þ]\.)\s+(?=[^\W\d_a-zß-ÿ][^\W\d_]*\s)")
LONGEST_GREETING = 7  # words; the same for the closing line


def lines_of(text: str) -> list[str]:
    r"""The lines that hold something, stripped.

    >>> lines_of(" a\n\n b ")
    ['a', 'b']
    """
    return [line.strip() for line in text.splitlines() if line.strip()]


def _bullets(text: str) -> str:
    lines = lines_of(text)
    wrong = [line for line in lines if not _BULLET.match(line)]
    if len(lines) < 2:
        return "no list of two points and more"
    return f"{wrong[0][:40]!r} is no point of a list" if wrong else ""


def _numbered(text: str) -> str:
    lines = lines_of(text)
    if len(lines) < 2:
        return "no list of two points and more"
    for i, line in enumerate(lines, 1):
        match = _NUMBER.match(line)
        if not match or int(match[1]) != i:
            return f"{line[:40]!r} is not point {i}"
    return ""


def _questions(text: str) -> str:
    lines = lines_of(text)
    if len(lines) < 2 or len(lines) % 2:
        return f"{len(lines)} lines are no questions with an answer each"
    for i, line in enumerate(lines):
        if line.endswith("?") is bool(i % 2):
            return f"{line[:40]!r} stands where {'an answer' if i % 2 else 'a question'} should"
    return ""


def _letter(text: str) -> str:
    lines = lines_of(text)
    if len(lines) < 3:
        return "a letter has a greeting, a body and a closing line"
    first, last = lines[0], lines[-1]
    if count_words(first) > LONGEST_GREETING or first[-1] not in ",:!":
        return f"{first[:40]!r} is no greeting"
    if count_words(last) > LONGEST_GREETING or last[-1] in ".?:;":
        return f"{last[:40]!r} is no closing line"
    return ""


FORMS: dict[str, Callable[[str], str]] = {
    "bullets": _bullets,
    "numbered": _numbered,
    "questions": _questions,
    "letter": _letter,
}


def misses(text: str, form: str) -> str:
    r"""Why the text has not that form, or "". Raises KeyError for an unknown form.

    >>> misses("- a point\n- another", "bullets")
    ''
    >>> misses("1. a point\n3. another", "numbered")
    "'3. another' is not point 2"
    """
    return FORMS[form](text)


def body(text: str, form: str) -> str:
    r"""The text without what its form adds of its own: greeting and closing line of a letter.

    >>> body("Dear friend,\n\nIt rained.\n\nYours", "letter")
    'It rained.'
    """
    return "\n".join(lines_of(text)[1:-1]) if form == "letter" else text


def complicated(text: str, language: str, most: int) -> str:
    """Why the text is not simple, or "": a sentence of more than `most` words, or a bracket.

    >>> complicated("It rained (a lot).", "en", 15)
    "holds '('"
    >>> complicated("It rained all day.", "en", 3)
    'a sentence of 4 words, 3 are asked for'
    """
    bracket = _BRACKETS.search(text)
    if bracket:
        return f"holds {bracket.group()!r}"
    spans = sentences(text, language)
    # A small letter by itself ("institution k. The") ends a sentence, too.
    parts = [part for a, b in spans for part in _ALONE.split(text[a:b])]
    counts = [count_words(part) for part in parts]
    longest = max(counts, default=0)
    return f"a sentence of {longest} words, {most} are asked for" if longest > most else ""
