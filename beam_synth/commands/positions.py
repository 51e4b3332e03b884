"""What a whole run has to keep: the right answer stands at each place equally often.

Of rag it is the place of the primary source among those given, of multiple choice the key's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any, NamedTuple

import orjson

from beam_synth.checks.citations import position_fit

LEAST = 1e-6  # p-value below which places are not uniform


class AnswerPlace(NamedTuple):
    """Where a right answer stands among the options or sources of its task."""

    exercise: str  # "rag", "mcq" or "math mcq"
    place: int  # from 0 on
    of: int  # number of places


Places = Counter[AnswerPlace]  # rows by where their right answer stands


def place_of(row: Mapping[str, Any]) -> AnswerPlace | None:
    """Where the right answer of a row (SAMPLE_SCHEMA) stands.

    None where it has no place, and where the row does not tell (which is its own checks' matter).

    >>> place_of({"exercise": "mcq", "constraints": '{"key": 1, "options": ["4", "5", "6"]}'})
    AnswerPlace(exercise='mcq', place=1, of=3)
    """
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
    return AnswerPlace(exercise, place, of) if 0 <= place < of else None


def position_p_values(places: Places) -> dict[str, float]:
    """p-value by exercise of a chi-square test that places are uniform (`position_fit`).

    >>> places = Counter({AnswerPlace("mcq", 0, 2): 5, AnswerPlace("mcq", 1, 2): 5})
    >>> position_p_values(places)
    {'mcq': 1.0}
    """
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
