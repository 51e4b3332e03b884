"""Cutting a section into passages: units that stay whole, packed evenly under a token limit."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from beam_synth.text.sentences import sentences

Count = Callable[[Sequence[str]], list[int]]  # texts -> tokens of each, specials left out

_LINE = re.compile(r"[^\n]*\S[^\n]*")
_CLAUSE = re.compile(r"(?<=[;:,)\u2013\u2014\u3001\uff0c])\s*|\s+(?=[(\u2013\u2014])")
_SPACE = re.compile(r"\s+")


class Unit(NamedTuple):
    """What is not cut further: a sentence, a line, or a piece of one that is too long."""

    start: int  # in characters of the section
    end: int
    tokens: int  # special tokens left out
    fresh: bool = True  # begins a sentence or line; False: the rest of one that was cut
    glued: bool = False  # touches the unit before it, with no white space between


def spans(text: str, kind: str, language: str) -> list[tuple[int, int]]:
    """Where the sentences (prose) or lines (other kinds) of a section lie, stripped."""
    if kind == "prose":
        return sentences(text, language)
    found = []
    for line in _LINE.finditer(text):
        body = line.group()
        left = line.start() + len(body) - len(body.lstrip())
        found.append((left, line.start() + len(body.rstrip())))
    return found


def units(
    text: str, found: Sequence[tuple[int, int]], tokens: Sequence[int], limit: int, count: Count
) -> list[Unit]:
    """The units of a section's spans; a span of more than `limit` tokens is cut into several."""
    out: list[Unit] = []
    for (start, end), size in zip(found, tokens, strict=True):
        if size <= limit:
            pieces = [Unit(start, end, size)]
        else:
            pieces = _cut(text, start, end, size, limit, count)
        for piece in pieces:
            glued = bool(out) and out[-1].end == piece.start
            out.append(piece._replace(fresh=piece.start == start, glued=glued))
    return out


def _cut(text: str, start: int, end: int, size: int, limit: int, count: Count) -> list[Unit]:
    """Halve a span at the clause, else word, else character nearest its middle, until it fits."""
    if size <= limit or end - start < 2:
        return [Unit(start, end, size)]
    body = text[start:end]
    at = _middle(_CLAUSE, body, 0.25) or _middle(_SPACE, body, 0.5) or (len(body) // 2,) * 2
    left, right = (start, start + at[0]), (start + at[1], end)
    sizes = count([text[a:b] for a, b in (left, right)])
    out: list[Unit] = []
    for (a, b), tokens in zip((left, right), sizes, strict=True):
        out.extend(_cut(text, a, b, tokens, limit, count))
    return out


def _middle(gap: re.Pattern[str], body: str, reach: float) -> tuple[int, int] | None:
    """The gap nearest the middle of `body`, at most `reach` of its length away from it."""
    half = len(body) / 2
    best = None
    for found in gap.finditer(body):
        if found.start() == 0 or found.end() == len(body):
            continue
        distance = abs(found.start() - half)
        if distance <= reach * len(body) and (best is None or distance < best[0]):
            best = (distance, found.start(), found.end())
    return None if best is None else best[1:]


def pack_units(sizes: Sequence[int], limit: int, soft: Sequence[bool]) -> list[tuple[int, int]]:
    """Runs (first, last + 1) of units, each of at most `limit` tokens, as even as can be.

    The number of runs is the least that filling them in order needs, and the runs then minimise
    the squared distance from the even share, so no short tail is left. `soft[i]`: a run that
    begins at unit i breaks within a paragraph, which costs as much as 1/4 of the share.
    A unit over the limit is a run of its own.
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
