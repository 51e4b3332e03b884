"""How far two that judge the same agree, beyond what chance would make of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Agreement(NamedTuple):
    """Of two that said yes or no to each of some things."""

    things: int
    equal: float  # share of the things on which both said the same
    kappa: float | None  # Cohen's; None where chance alone would agree on everything


def agreement(table: Mapping[tuple[bool, bool], int]) -> Agreement | None:
    """Of counts by what the first and the second said; None of nothing.

    >>> agreement({(True, True): 20, (True, False): 5, (False, True): 10, (False, False): 15})
    Agreement(things=50, equal=0.7, kappa=0.4)
    >>> agreement({(True, True): 9})
    Agreement(things=9, equal=1.0, kappa=None)
    """
    n = sum(table.values())
    if not n:
        return None
    equal = sum(count for (first, second), count in table.items() if first == second) / n
    yes = [sum(count for said, count in table.items() if said[i]) / n for i in (0, 1)]
    chance = yes[0] * yes[1] + (1 - yes[0]) * (1 - yes[1])
    kappa = None if chance == 1 else round((equal - chance) / (1 - chance), 4)
    return Agreement(n, round(equal, 4), kappa)
