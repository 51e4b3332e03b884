"""Addends of a run's accounts: how many records each stage took in, passed, rejected and gave."""

from __future__ import annotations

from collections import Counter

# ((stage, kind, reason), n) with kind in: in, passed, rejected, failed, unrecorded, out. Summed in
# the graph. What is unrecorded is among the rejected.
Count = tuple[tuple[str, str, str], int]


def count(stage: str, kind: str, n: int, reason: str = "") -> Count:
    """One addend of the run's accounts.

    Args:
        stage: label of the stage, "ReadArticles".
        kind: in, passed, rejected, failed, unrecorded or out; of a stage, in = passed + rejected +
            failed.
        n: records.
        reason: one of REASONS, for rejected, failed and unrecorded ones.

    >>> count("SplitPassages", "rejected", 2, "no_passage")
    (('SplitPassages', 'rejected', 'no_passage'), 2)
    """
    return (stage, kind, reason), n


class Tally:
    """Addends of the accounts and of figures, summed before they enter the graph.

    >>> tally = Tally()
    >>> tally.add("ReadArticles", "in")
    >>> tally.add("ReadArticles", "in", 2)
    >>> tally.counts()
    [(('ReadArticles', 'in', ''), 3)]
    """

    def __init__(self) -> None:
        self._sums: Counter[tuple[str, str, str]] = Counter()
        self.figures: Counter[str] = Counter()  # of metrics.json, by key

    def add(self, stage: str, kind: str, n: int = 1, reason: str = "") -> None:
        """Add `n` records to a sum; arguments as those of `count`."""
        self._sums[stage, kind, reason] += n

    def reject_unrecorded(self, stage: str, reason: str, n: int) -> None:
        """Add `n` records that came in and were rejected, for which no reject is made."""
        self.add(stage, "in", n)
        self.add(stage, "rejected", n, reason)
        self.add(stage, "unrecorded", n, reason)

    def counts(self) -> list[Count]:
        """The sums that are not zero, in the order of their first addend."""
        return [(key, n) for key, n in self._sums.items() if n]
