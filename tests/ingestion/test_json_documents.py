"""JSON arrays and objects one after another: cut right, and damage that costs no other element."""

from __future__ import annotations

import hashlib
import tracemalloc
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from beam_synth.ingestion.json_documents import documents

ARTICLES = [
    {
        "name": f"A{n}",
        "identifier": n,
        "license": [{"name": "CC BY", "url": "u"}],
        "sections": [
            {"name": "S", "value": 'a "quoted" { [ text, é'},
            {"name": "T", "value": None},
        ],
        "url": "u",
    }
    for n in range(7)
]
STYLES = {
    "one line": (0, b"[", b","),
    "spaced": (0, b"[", b", "),
    "a line each": (0, b"[\n", b",\n"),
    "indented": (orjson.OPT_INDENT_2, b"[\n", b",\n"),
    "no array": (0, b"", b""),
}
DAMAGE = {
    "a comma too many": lambda raw: raw.replace(b'"identifier"', b',"identifier"', 1),
    "an open quotation": lambda raw: raw.replace(b'"A3"', b'"A3', 1),
    "a quotation that does not open": lambda raw: raw.replace(b'"A3"', b'A3"', 1),
    "no bracket at its end": lambda raw: raw[:-1],
    "an open list": lambda raw: raw[: raw.rindex(b"]")] + raw[raw.rindex(b"]") + 1 :],
    "no list": lambda raw: raw.replace(b"[", b"", 1),
    "cut within a string": lambda raw: raw[: raw.index(b"quoted")],
    "cut within a list": lambda raw: raw[: raw.index(b"[") + 1],
}


def chopped(data: bytes, size: int) -> list[bytes]:
    return [data[at : at + size] for at in range(0, len(data), size)]


def parsed(data: bytes, size: int, limit: int = 100_000) -> list[Any]:
    """The value of each piece; None where it does not parse."""
    found = []
    for line in documents(chopped(data, size), limit):
        try:
            found.append(orjson.loads(line.data))
        except orjson.JSONDecodeError:
            found.append(None)
    return found


@pytest.mark.parametrize("damage", DAMAGE)
@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("size", [11, 300, 1 << 18])
def test_a_damaged_element_costs_no_other(style: str, damage: str, size: int) -> None:
    option, opening, comma = STYLES[style]
    raw = [orjson.dumps(one, option=option) for one in ARTICLES]
    raw[3] = DAMAGE[damage](raw[3])
    found = parsed(opening + comma.join(raw) + (b"]" if opening else b""), size)
    good = [one for one in found if one in ARTICLES]
    assert good == [*ARTICLES[:3], *ARTICLES[4:]]
    assert None in found


VALUES = st.recursive(
    st.none() | st.integers(0, 99) | st.text('ab {}[]",:\\\né', max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["name", "type", "value"]), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(
    st.lists(VALUES, min_size=5, max_size=5),
    st.integers(1, 4),
    st.floats(0.01, 0.99),
    st.sampled_from([b"", *(bytes([mark]) for mark in b'"{}[],x\\\n')]),
    st.booleans(),
    st.sampled_from(list(STYLES)[:4]),
    st.sampled_from([64, 1 << 18]),
)
def test_any_damage_costs_no_other_element(
    values: list[Any], at: int, where: float, mark: bytes, cut: bool, style: str, size: int
) -> None:
    option, opening, comma = STYLES[style]
    elements = [{"name": f"E{n}", "id": n, "text": v, "url": "u"} for n, v in enumerate(values)]
    raw = [orjson.dumps(one, option=option) for one in elements]
    place = max(1, int(len(raw[at]) * where))
    raw[at] = raw[at][:place] + mark + (b"" if cut else raw[at][place + 1 :])
    found = parsed(opening + comma.join(raw) + b"]", size)
    lost = [one for n, one in enumerate(elements) if n != at and one not in found]
    assert lost == []


def test_the_first_element_may_be_the_damaged_one() -> None:
    raw = [orjson.dumps(one) for one in ARTICLES]
    found = parsed(b"[" + b",".join([raw[0][:30], *raw[1:]]) + b"]", 50)
    assert [one for one in found if one in ARTICLES] == ARTICLES[1:]


def test_what_stands_between_is_told_with_its_line() -> None:
    lines = list(documents([b'[{"a": 1},\n\nx, {"a":\n 2}\n, 3]']))
    assert [(line.number, line.data) for line in lines] == [
        (1, b'{"a": 1}'),
        (3, b"x"),
        (3, b'{"a":\n 2}'),
        (5, b"3"),
    ]


def test_a_huge_element_is_measured_in_bounded_memory() -> None:
    middle = [b"x" * 1_000_000] * 60
    huge = b'{"name": "B", "text": "' + b"".join(middle) + b'"}'
    tracemalloc.start()
    try:
        chunks = iter([b'[{"name": "A"}, {"name": "B", "text": "', *middle, b'"}, {"name": "C"}]'])
        found = list(documents(chunks, limit=2_000_000))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert [line.data[:12] for line in found] == [b'{"name": "A"', b'{"name": "B"', b'{"name": "C"']
    assert (found[1].size, found[1].sha256) == (len(huge), hashlib.sha256(huge).hexdigest())
    assert peak < 12_000_000


def test_a_stream_that_ends_within_an_element_says_so() -> None:
    *good, last = documents([b'[{"name": "A"}, {"name": "B", "text": "to be con'])
    assert [line.data for line in good] == [b'{"name": "A"}']
    assert not last.whole
