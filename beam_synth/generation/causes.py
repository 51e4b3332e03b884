"""Errors that say the same but for their numbers, counted: a few lines tell of thousands."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

_MOST = 3  # causes in a message
_SHOWN = 240  # characters of one
_VARYING = re.compile(r"https?://\S+|\b(?=\w*\d)\w+\b|\d+")


class Causes:
    """Error messages by what they have in common; each is shown by the first of its kind.

    >>> causes = Causes(["status 500: job 17 died", "no answer", "status 500: job 4 died"])
    >>> causes.told()
    '2 x status 500: job 17 died; 1 x no answer'
    """

    def __init__(self, messages: Iterable[str] = ()) -> None:
        self._counts: Counter[str] = Counter()
        self._first: dict[str, str] = {}
        for message in messages:
            self.add(message)

    def __bool__(self) -> bool:
        return bool(self._counts)

    def add(self, message: str, times: int = 1) -> None:
        """Count a message."""
        # The status tells apart what the words do not.
        status = re.match(r"status \d+", message)
        kind = (status[0] if status else "") + _VARYING.sub("#", message)[:_SHOWN]
        self._counts[kind] += times
        self._first.setdefault(kind, message)

    def told(self, most: int = _MOST) -> str:
        """The commonest ones with their numbers, in one line; "" for none."""
        common = sorted(self._counts.items(), key=lambda item: (-item[1], item[0]))
        shown = [f"{n:,} x {self._first[kind][:_SHOWN]}" for kind, n in common[:most]]
        left = sum(n for _, n in common[most:])
        return "; ".join([*shown, *([f"{left:,} others"] if left else [])])
