"""What the drawn axes of a query mean for the checks."""

from __future__ import annotations

# A simple query of these types asks for one stored value: nothing is to be derived first.
_LOOKUP_TYPES = ("fact", "time", "place", "person", "quantity")


def is_lookup(axes: dict[str, str]) -> bool:
    """Whether the query asks for one stored value, so that its trace may name it at once."""
    return axes["complexity"] == "simple" and axes["query_type"] in _LOOKUP_TYPES
