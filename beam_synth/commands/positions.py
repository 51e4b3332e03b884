"""What a whole run has to keep: the right answer stands at each place equally often.

Of rag it is the place of the primary source among those given, of multiple choice the key's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import orjson

from beam_synth.checks.citations import position_fit

LEAST = 1e-6  # p-value below which places are not uniform

Places = Counter[tuple[str, int, int]]  # (exercise, 0-based place, number of places)


def place_of(row: Mapping[str, Any]) -> tuple[str, int, int] | None:
    """Where the right answer of a row (SAMPLE_SCHEMA) stands; None where it has no place, or where
    the row does not tell (which is its own checks' matter)."""
    exercise = row["exercise"]
    if exercise not in ("rag", "mcq", "math mcq"):
        return None
    try:
        drawn = orjson.loads(row["constraints"])
        if exercise != "rag":
            place, of = int(drawn["key"]), len(drawn["options"])
        elif drawn["withheld"] or "ranks" in drawn:  # their order was asked for
            return None
        else:
            place, of = int(drawn["primary_position"]) - 1, int(drawn["sources"])
    except (KeyError, TypeError, ValueError):
        return None
    return (exercise, place, of) if 0 <= place < of else None


def position_p_values(places: Places) -> dict[str, float]:
    """p-value of a chi-square test by exercise."""
    return {
        name: position_fit(
            [
                (place, of)
                for (exercise, place, of), n in sorted(places.items())
                if exercise == name
                for _ in range(n)
            ]
        )
        for name in sorted({exercise for exercise, _, _ in places})
    }
