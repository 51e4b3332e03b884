"""A corrected text against the errors that were put into it: which are undone, and what else is
changed.

Texts are compared by their words and marks; blanks do not count.
"""

from __future__ import annotations

import dataclasses
import difflib
import re
from collections.abc import Sequence

from beam_synth.materials.corruption import Error, reapply

_TOKEN = re.compile(r"\w+|[^\w\s]")
ELSEWHERE = 40  # words and marks for which one may be changed beside the errors


@dataclasses.dataclass(frozen=True)
class Comparison:
    """What a correction undid and what else it changed; counts are of words and marks."""

    left: tuple[Error, ...]  # errors that are not undone
    elsewhere: tuple[str, ...]  # the other changes: "'old' → 'new'"
    changed: int  # by those other changes
    total: int  # of the original

    @property
    def allowed(self) -> int:
        """How many words and marks may be changed elsewhere: one in 40, and one at least."""
        return max(1, self.total // ELSEWHERE)


def compare(original: str, errors: Sequence[Error], result: str) -> Comparison:
    """Compare a result with the text as it was before the errors were put in.

    Args:
        original: without the errors.
        errors: in the order of their places, in characters of the text that holds them all.
        result: what the editor made.

    Equal words at either end are skipped; the rest costs time quadratic in its length at worst.
    A result that is the text with all errors leaves all of them, however often its words repeat:
    where they do, an alignment may find fewer.
    """
    spans = [(m.start(), m.end()) for m in _TOKEN.finditer(original)]
    old, new = [original[a:b] for a, b in spans], _TOKEN.findall(result)
    if errors and new == _TOKEN.findall(reapply(original, errors)):
        return Comparison(tuple(errors), (), 0, len(old))
    places = _places(errors, spans)
    left: dict[int, Error] = {}
    elsewhere, changed = [], 0
    for i1, i2, j1, j2 in _changes(old, new):
        touched = [
            n for n, (a, b) in enumerate(places)
            if (i1 < b and i2 > a) or (i1 == i2 and a <= i1 <= b)
        ]  # fmt: skip
        left.update((n, errors[n]) for n in touched)
        if not touched:
            elsewhere.append(f"{' '.join(old[i1:i2])!r} → {' '.join(new[j1:j2])!r}")
            changed += max(i2 - i1, j2 - j1)
    return Comparison(tuple(left[n] for n in sorted(left)), tuple(elsewhere), changed, len(old))


def _places(errors: Sequence[Error], spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """First and last-but-one token of the original that each error's right words take."""
    places, shift = [], 0
    for error in errors:
        start = error.start + shift
        end = start + len(error.right)
        inside = [i for i, (a, b) in enumerate(spans) if a < end and b > start]
        places.append((inside[0], inside[-1] + 1))
        shift += len(error.right) - len(error.wrong)
    return places


def _changes(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int, int, int]]:
    """Spans (of old, of new) that differ."""
    head = 0
    while head < min(len(old), len(new)) and old[head] == new[head]:
        head += 1
    tail = 0
    most = min(len(old), len(new)) - head
    while tail < most and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    a, b = old[head : len(old) - tail], new[head : len(new) - tail]
    if not a and not b:
        return []
    matcher = difflib.SequenceMatcher(None, a, b, autojunk=False)
    return [
        (i1 + head, i2 + head, j1 + head, j2 + head)
        for tag, i1, i2, j1, j2 in matcher.get_opcodes()
        if tag != "equal"
    ]
