"""The six independent axes of a query (SYNTH): five drawn by key, the language by the planner.

All are uniform except `query_result`, whose 20% of negative, absurd and ambiguous queries teach
correction and refusal.
"""

from __future__ import annotations

from beam_synth.drawing import Draw

QUERY_TYPES = (
    "definition",
    "fact",
    "cause",
    "comparison",
    "enumeration",
    "time",
    "place",
    "person",
    "quantity",
    "process",
)
COMPLEXITIES = ("simple", "moderate", "complex")
USER_PROFILES = ("curious reader", "pupil", "student", "teacher", "professional", "journalist")
STYLES = ("direct", "polite", "casual", "imperative", "contextual")
QUERY_RESULTS = {"positive": 0.80, "negative": 0.10, "absurd": 0.05, "ambiguous": 0.05}


def draw_axes(draw: Draw) -> dict[str, str]:
    """Values of query_type, complexity, user_profile, query_result and style, in this order.

    >>> list(draw_axes(Draw("an example")))
    ['query_type', 'complexity', 'user_profile', 'query_result', 'style']
    """
    return {
        "query_type": draw.choice(QUERY_TYPES),
        "complexity": draw.choice(COMPLEXITIES),
        "user_profile": draw.choice(USER_PROFILES),
        "query_result": draw.weighted(QUERY_RESULTS),
        "style": draw.choice(STYLES),
    }
