"""Errors put into a text on purpose, by draw, each with what undoes it.

An error touches whole words, and at least one untouched word lies between two. It is made only
where one correction is plainly the right one: a slip is no word that is known, and is nearer to
the right word than to any other known one (function words, numerals, months, words that are easily
confused, and those of the text itself).

>>> errors = [Error("swapped letters", 4, 9, "rievr", "river")]
>>> restore("The rievr rises.", errors)
'The river rises.'
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from beam_synth.drawing import Draw
from beam_synth.materials.corruption.kinds import KINDS
from beam_synth.materials.corruption.places import Page

_TRIES = 6  # places looked at before a kind of error is given up


@dataclasses.dataclass(frozen=True)
class Error:
    """One error of a corrupted text."""

    kind: str  # one of KINDS
    start: int  # in characters of the corrupted text
    end: int
    wrong: str  # what stands there
    right: str  # what belongs there


def restore(corrupted: str, errors: Iterable[Error]) -> str:
    """The text without the errors, given in any order.

    Raises ValueError where one does not stand at its place, or two overlap.
    """
    parts, last = [], 0
    for error in sorted(errors, key=lambda error: error.start):
        if error.start < last or corrupted[error.start : error.end] != error.wrong:
            raise ValueError(f"{error.wrong!r} does not stand at {error.start}")
        parts += [corrupted[last : error.start], error.right]
        last = error.end
    return "".join([*parts, corrupted[last:]])


def reapply(original: str, errors: Iterable[Error]) -> str:
    """The corrupted text again, from the original and its errors.

    Raises ValueError where an error's right words do not stand at their place, or two overlap.

    >>> reapply("The river rises.", [Error("missing full stop", 10, 15, "rises", "rises.")])
    'The river rises'
    """
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
    """The text with at most `wanted` errors of drawn kinds at drawn places, and the errors in their
    order.

    Each kind is drawn once before one is drawn again, at most twice. The text comes back as it is,
    with no errors, where it has no place for any. Raises KeyError for a language without a table.
    """
    page = Page(text, language)
    spoilt: list[_Spoilt] = []
    taken: set[int] = set()  # words that an error touches
    kinds = draw.shuffled(list(KINDS))
    for i in range(2 * len(kinds)):
        if len(spoilt) == wanted:
            break
        drawn = _draw_error(kinds[i % len(kinds)], page, taken, draw)
        if drawn:
            taken |= page.words_of(drawn.start, drawn.end)
            spoilt.append(drawn)
    return _with_errors(text, sorted(spoilt, key=lambda item: item.start))


class _Spoilt(NamedTuple):
    """A span of the original text, and the wrong words that are to stand there."""

    kind: str
    start: int
    end: int
    wrong: str


def _draw_error(kind: str, page: Page, taken: set[int], draw: Draw) -> _Spoilt | None:
    """An error of that kind, away from the words that others touch."""
    sites, spoil = KINDS[kind]
    for start, end in draw.sample(page.sites(sites), _TRIES):
        touched = page.words_of(start, end)
        if any(n in taken for w in touched for n in (w - 1, w, w + 1)):
            continue
        spoilt_words = spoil(page, page.text[start:end], draw)
        if spoilt_words and spoilt_words != page.text[start:end]:
            return _Spoilt(kind, start, end, spoilt_words)
    return None


def _with_errors(text: str, spoilt: Sequence[_Spoilt]) -> tuple[str, tuple[Error, ...]]:
    parts: list[str] = []
    errors = []
    position = last = 0
    for kind, start, end, wrong in spoilt:
        parts += [text[last:start], wrong]
        position += start - last
        errors.append(Error(kind, position, position + len(wrong), wrong, text[start:end]))
        position += len(wrong)
        last = end
    return "".join([*parts, text[last:]]), tuple(errors)


__all__ = ["KINDS", "Error", "corrupt", "reapply", "restore"]
