"""Records with an odd value in the place of any field, as files hold them."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator
from typing import Any

from hypothesis import strategies as st

Place = tuple[str | int, ...]  # keys and indices from the top


def _nested(depth: int) -> Any:
    value: Any = "deep"
    for _ in range(depth):
        value = [{"has_parts": value}]
    return value


# What has been seen in the place of a field, or was made up; Python writes NaN and halves of
# characters as it reads them.
ODD: tuple[Any, ...] = (
    None, True, False, 0, -1, 7, 123.0, 1.5, 2**31, 2**63 - 1, 2**63, 2**64, 10**400, -(10**20),
    1e300, -0.0, float("nan"), float("inf"), float("-inf"),
    "", " ", "x", "12x", "7", "7.0", "NaN", "Q5", "Q0", "Q99999999999999999999", "P31", "null",
    "[]", "{}", "[1", '{"identifier": 5}', '["a"]', "2024-05-01", "\0", "\ufeff", "\udead",
    "😀\ud83d", "a\r\nb", "[[A|b]] &#0; &#xD800; {{x}}", "http://[", "x" * 3000,
    [], [None], [[]], [5], ["x"], ["{"], [{}], [{"text": 1, "url": 2}], [["k", "v"]],
    {}, {"": None}, {"identifier": []}, {"identifier": "12x"}, {"value": {}}, {"id": 5},
    {"numeric-id": 1e300}, {"entities": {"Q1": 5}}, {"\udead": 1}, {"rows": [[{"value": []}]]},
    _nested(20), _nested(100), _nested(400),
)  # fmt: skip

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


def paths(value: Any) -> Iterator[Place]:
    """The paths of all values within a value, its own among them.

    >>> list(paths({"a": [1]}))
    [(), ('a',), ('a', 0)]
    """
    yield ()
    named = value if isinstance(value, dict) else {}
    items = enumerate(value) if isinstance(value, list) else named.items()
    for key, inner in items:
        yield from ((key, *path) for path in paths(inner))


def put(value: Any, path: Place, new: Any) -> Any:
    """A copy of a value with another in one place.

    >>> put({"a": [1, 2]}, ("a", 1), None)
    {'a': [1, None]}
    """
    if not path:
        return new
    copied = value.copy()
    copied[path[0]] = put(value[path[0]], path[1:], new)
    return copied


def mutations(make: Callable[[int], Any]) -> list[tuple[Place, bytes]]:
    """(where, line of a file) of records with each of ODD in each place.

    `make` gives the n-th good record, all of the same shape.
    """
    places = itertools.product(list(paths(make(0))), ODD)
    return [
        (path, json.dumps(put(make(n), path, odd)).encode()) for n, (path, odd) in enumerate(places)
    ]
