"""Errors put into a text on purpose, by draw, each with what undoes it.

An error touches whole words, and at least one untouched word lies between two. It is made only
where one correction is plainly the right one: a slip is no word that is known, and is nearer to
the right word than to any other known one (function words, numerals, months, words that are easily
confused, and those of the text itself).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence

from beam_synth.drawing import Draw
from beam_synth.materials.corruption.kinds import KINDS
from beam_synth.materials.corruption.places import Page

_TRIES = 6  # places looked at before a kind of error is given up


@dataclasses.dataclass(frozen=True)
class Error:
    """One error; `start` and `end` are in characters of the corrupted text, `wrong` stands there
    and `right` belongs there."""

    kind: str
    start: int
    end: int
    wrong: str
    right: str


def restore(corrupted: str, errors: Iterable[Error]) -> str:
    """The text without the errors. Raises ValueError where one is not found, or they overlap."""
    parts, last = [], 0
    for error in sorted(errors, key=lambda error: error.start):
        if error.start < last or corrupted[error.start : error.end] != error.wrong:
            raise ValueError(f"{error.wrong!r} does not stand at {error.start}")
        parts += [corrupted[last : error.start], error.right]
        last = error.end
    return "".join([*parts, corrupted[last:]])


def reapply(original: str, errors: Iterable[Error]) -> str:
    """The corrupted text again. Raises ValueError where an error's right words are not found."""
    parts, last, shift = [], 0, 0
    for error in sorted(errors, key=lambda error: error.start):
        start = error.start - shift
        end = start + len(error.right)
        if start < last or original[start:end] != error.right:
            raise ValueError(f"{error.right!r} does not stand at {start}")
        parts += [original[last:start], error.wrong]
        last = end
        shift += len(error.wrong) - len(error.right)
    return "".join([*parts, original[last:]])


def corrupt(text: str, language: str, draw: Draw, wanted: int) -> tuple[str, tuple[Error, ...]]:
    """The text with at most `wanted` errors of drawn kinds at drawn places, in their order.

    The text comes back as it is, with no errors, where it has no place for any. Raises KeyError
    for a language without a table.
    """
    page = Page(text, language)
    found: list[tuple[str, int, int, str]] = []
    taken: set[int] = set()  # words that an error touches
    kinds = draw.shuffled(list(KINDS))
    for i in range(2 * len(kinds)):
        if len(found) == wanted:
            break
        kind = kinds[i % len(kinds)]
        made = _one(kind, page, taken, draw)
        if made:
            start, end, wrong = made
            taken |= page.words_of(start, end)
            found.append((kind, start, end, wrong))
    return _applied(text, sorted(found, key=lambda item: item[1]))


def _one(kind: str, page: Page, taken: set[int], draw: Draw) -> tuple[int, int, str] | None:
    """(start, end, wrong) of an error of that kind, away from the others."""
    sites, spoil = KINDS[kind]
    for start, end in draw.sample(page.sites(sites), _TRIES):
        touched = page.words_of(start, end)
        if any(n in taken for w in touched for n in (w - 1, w, w + 1)):
            continue
        wrong = spoil(page, page.text[start:end], draw)
        if wrong and wrong != page.text[start:end]:
            return start, end, wrong
    return None


def _applied(text: str, made: Sequence[tuple[str, int, int, str]]) -> tuple[str, tuple[Error, ...]]:
    parts: list[str] = []
    errors = []
    at = last = 0
    for kind, start, end, wrong in made:
        parts += [text[last:start], wrong]
        at += start - last
        errors.append(Error(kind, at, at + len(wrong), wrong, text[start:end]))
        at += len(wrong)
        last = end
    return "".join([*parts, text[last:]]), tuple(errors)


__all__ = ["KINDS", "Error", "corrupt", "reapply", "restore"]
