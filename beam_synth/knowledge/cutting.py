"""Cutting a section into passages: units that stay whole, packed evenly under a token limit."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from beam_synth.text.scripts import is_unspaced, next_boundary
from beam_synth.text.sentences import sentences

CountTokens = Callable[[Sequence[str]], list[int]]  # texts -> tokens of each, specials left out

_LINE = re.compile(r"[^\n]*\S[^\n]*")
# Beside ours the marks of Han and kana, Khmer, Burmese and Tibetan; some write a zero-width space.
_MARKS = "\u3001\uff0c\uff1b\uff1a\uff09\u3002\u17d4-\u17d6\u104a\u104b\u0f0d\u0f0e"
_CLAUSE = re.compile(rf"(?<=[;:,)\u2013\u2014{_MARKS}])\s*|\s+(?=[(\u2013\u2014])")
_SPACE = re.compile("[\\s\u200b]+")


class Unit(NamedTuple):
    """What is not cut further: a sentence, a line, or a piece of one that is too long."""

    start: int  # in characters of the section
    end: int
    tokens: int  # special tokens left out
    fresh: bool = True  # begins a sentence or line; False: the rest of one that was cut
    glued: bool = False  # touches the unit before it, with no white space between


def spans(text: str, kind: str, language: str) -> list[tuple[int, int]]:
    """(start, end) in characters of the sentences (prose) or lines (other kinds) of a section.

    White space around them is left out, blank lines are, too.

    >>> spans("red \\n\\n green", "list", "en")
    [(0, 3), (7, 12)]
    """
    if kind == "prose":
        return sentences(text, language)
    places = []
    for match in _LINE.finditer(text):
        line = match.group()
        indent = match.start() + len(line) - len(line.lstrip())
        places.append((indent, match.start() + len(line.rstrip())))
    return places


def units(
    text: str,
    places: Sequence[tuple[int, int]],
    tokens: Sequence[int],
    limit: int,
    count: CountTokens,
) -> list[Unit]:
    """The units of a section's spans; a span of more than `limit` tokens is cut into several.

    Args:
        text: the section.
        places: its spans, as `spans` gives them.
        tokens: of each span, special tokens left out.
        limit: tokens of a unit. One character of more tokens stays a unit.
        count: counts the tokens of what is cut.

    >>> words = lambda texts: [len(text.split()) for text in texts]
    >>> [(unit.start, unit.end) for unit in units("one two, three", [(0, 14)], [3], 2, words)]
    [(0, 8), (9, 14)]
    """
    units_made: list[Unit] = []
    for (start, end), size in zip(places, tokens, strict=True):
        if size <= limit:
            pieces = [Unit(start, end, size)]
        else:
            pieces = _cut(text, start, end, size, limit, count)
        for piece in pieces:
            glued = bool(units_made) and units_made[-1].end == piece.start
            fresh = piece.start == start
            units_made.append(Unit(piece.start, piece.end, piece.tokens, fresh, glued))
    return units_made


def _cut(text: str, start: int, end: int, size: int, limit: int, count: CountTokens) -> list[Unit]:
    """Halve a span at the clause, else word, else letter nearest its middle, until it fits."""
    if size <= limit or end - start < 2:
        return [Unit(start, end, size)]
    within = text[start:end]
    reach = 0.25 if is_unspaced(within) else 0.5  # of text without spaces, few gaps are near
    at = _middle(_CLAUSE, within, 0.25) or _middle(_SPACE, within, reach) or _letter(within)
    halves = ((start, start + at[0]), (start + at[1], end))
    sizes = count([text[first:last] for first, last in halves])
    pieces: list[Unit] = []
    for (first, last), tokens in zip(halves, sizes, strict=True):
        pieces.extend(_cut(text, first, last, tokens, limit, count))
    return pieces


def _letter(within: str) -> tuple[int, int]:
    """The middle, where no letter is parted from what hangs on it."""
    half = len(within) // 2
    at = next_boundary(within, half)
    at = at if at < len(within) else half
    return at, at


def _middle(gap: re.Pattern[str], body: str, reach: float) -> tuple[int, int] | None:
    """The gap nearest the middle of `body`, at most `reach` of its length away from it."""
    half = len(body) / 2
    best = None
    for match in gap.finditer(body):
        if match.start() == 0 or match.end() == len(body):
            continue
        distance = abs(match.start() - half)
        if distance <= reach * len(body) and (best is None or distance < best[0]):
            best = (distance, match.start(), match.end())
    return None if best is None else best[1:]


def pack_units(sizes: Sequence[int], limit: int, soft: Sequence[bool]) -> list[tuple[int, int]]:
    """Runs (first, last + 1) of units, each of at most `limit` tokens, as even as can be.

    The number of runs is the least that filling them in order needs, and the runs then minimise
    the squared distance from the even share, so no short tail is left. `soft[i]`: a run that
    begins at unit i breaks within a paragraph, which costs as much as 1/4 of the share.
    A unit over the limit is a run of its own. Dynamic programming, as Knuth and Plass break
    paragraphs into lines (1981): O(n * units that fit a run).

    >>> pack_units([5, 5, 5, 5, 2], 10, [False] * 5)
    [(0, 2), (2, 3), (3, 5)]
    """
    total = sum(sizes)
    if total <= limit or len(sizes) == 1:
        return [(0, len(sizes))]
    share = _least_runs(sizes, limit)  # distances are scaled by it to stay whole numbers
    penalty = (total // 4) ** 2
    best = [0] * (len(sizes) + 1)
    back = [0] * (len(sizes) + 1)
    for last in range(1, len(sizes) + 1):
        size, cheapest = 0, None
        for first in range(last - 1, -1, -1):
            size += sizes[first]
            if size > limit and first < last - 1:
                break
            cost = best[first] + (size * share - total) ** 2 + penalty * soft[first]
            if cheapest is None or cost < cheapest:
                cheapest, back[last] = cost, first
        best[last] = cheapest or 0
    runs = []
    last = len(sizes)
    while last:
        runs.append((back[last], last))
        last = back[last]
    return runs[::-1]


def _least_runs(sizes: Sequence[int], limit: int) -> int:
    runs, filled = 1, 0
    for size in sizes:
        if filled and filled + size > limit:
            runs, filled = runs + 1, 0
        filled += size
    return runs
