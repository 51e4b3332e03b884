"""Addends of a run's accounts."""

from __future__ import annotations

# ((stage, kind, reason), n) with kind in: in, passed, rejected, failed, out. Summed in the graph.
Count = tuple[tuple[str, str, str], int]


def count(stage: str, kind: str, n: int, reason: str = "") -> Count:
    """One addend of the run's accounts."""
    return (stage, kind, reason), n
