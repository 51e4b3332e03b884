"""The six independent axes of a query (SYNTH): five drawn by key, the language by the planner.

All are uniform except `query_result`, whose 20% of negative, absurd and ambiguous queries teach
correction and refusal. The type is uniform among those that the seed has something for, by the
facts in it (`text.askable`): no person or time is asked of a list of books. What was drawn is what
is asked for; a row tells it as `asked`, and states of its query only what its words or its checks
show.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from beam_synth.drawing import Draw
from beam_synth.errors import Rejected
from beam_synth.text.questions import asks_for

T = TypeVar("T")

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
    "relation",
)
COMPLEXITIES = ("simple", "moderate", "complex")
USER_PROFILES = ("curious reader", "pupil", "student", "teacher", "professional", "journalist")
STYLES = ("direct", "polite", "casual", "imperative", "contextual")
QUERY_RESULTS = {"positive": 0.80, "negative": 0.10, "absurd": 0.05, "ambiguous": 0.05}


def draw_axes(draw: Draw, types: Sequence[str] = QUERY_TYPES) -> dict[str, str]:
    """Values of query_type, complexity, user_profile, query_result and style, in this order.

    `types` are those to draw from, one at least.

    >>> list(draw_axes(Draw("an example")))
    ['query_type', 'complexity', 'user_profile', 'query_result', 'style']
    """
    return {
        "query_type": draw.choice(types),
        "complexity": draw.choice(COMPLEXITIES),
        "user_profile": draw.choice(USER_PROFILES),
        "query_result": draw.weighted(QUERY_RESULTS),
        "style": draw.choice(STYLES),
    }


async def until_askable(
    draw: Draw,
    ask: Callable[[dict[str, str]], Awaitable[T]],
    query_result: str = "",
    types: Sequence[str] = QUERY_TYPES,
) -> T:
    """What `ask` makes of drawn axes; types of query that the engine has none of are drawn again.

    A rule engine cannot ask everything of every passage, and says so before it has cost anything:
    its mixture of types is then that of what it can ask. A model takes the first.

    Args:
        query_result: takes the place of the drawn one.
        types: those that the seed has something for; the others come last.

    Raises Rejected as `ask` does, with the last type's reason where no type can be asked for.
    """
    axes = draw_axes(draw, types) | ({"query_result": query_result} if query_result else {})
    others = draw.shuffled([kind for kind in types if kind != axes["query_type"]])
    others += draw.shuffled([kind for kind in QUERY_TYPES if kind not in types])
    for query_type in (axes["query_type"], *others[:-1]):
        try:
            return await ask({**axes, "query_type": query_type})
        except Rejected as error:
            if error.reason not in ("nothing_to_ask", "unsupported_request"):
                raise
    return await ask({**axes, "query_type": others[-1]})


def realised(asked: dict[str, str], query: str, language: str, title: str) -> dict[str, str]:
    """The axes as asked for, but for the type of query where the query's words show another.

    >>> realised({"query_type": "time"}, "Who built it?", "en", "Old Mill")
    {'query_type': 'person'}
    >>> realised({"query_type": "cause"}, "Tell me about the mill.", "en", "Old Mill")
    {'query_type': 'cause'}
    """
    shown = asks_for(query, language, title)
    return {**asked, "query_type": shown} if shown else asked
