"""How long a trace is to be: a number of words and marks, drawn by how much there is to think.

The published traces have about 515 words with their answers, and are longer where the query is
harder. A model is told the length, and `checks.trace_length` holds it to it. Rules say as much as
their facts carry; what was asked of them is recorded too, and not checked.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from beam_synth.drawing import Draw
from beam_synth.engines.ports import Port
from beam_synth.records import RULE, Row

# Complexity -> least and most words and marks that are asked for (our bands).
BANDS = {"simple": (40, 150), "moderate": (120, 350), "complex": (250, 800)}
_STEP = 10


def draw_trace_words(draw: Draw, complexity: str) -> int:
    """A length from the band of a complexity, uniform among its tens.

    >>> draw_trace_words(Draw("an example"), "complex") in range(250, 801, 10)
    True
    """
    least, most = BANDS[complexity]
    return least + _STEP * draw.below((most - least) // _STEP + 1)


def held_to(words: int, port: Port) -> int:
    """The length that the trace of this port's engine is checked against; 0 for rules."""
    return 0 if port.by_rule else words


def held_in(row: Row, constraints: Mapping[str, Any]) -> int:
    """The same of a written row: what was asked for, and 0 where rules wrote it.

    Raises KeyError where the row does not tell what was asked for.

    >>> held_in({"model": "a model"}, {"trace_words": 90})
    90
    """
    words = int(constraints["trace_words"])
    return 0 if str(row["model"]).startswith(RULE) else words
