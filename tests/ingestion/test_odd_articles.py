"""Fields of an article that are of another type: converted, left out, or told."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from beam_synth.ingestion.wikipedia import parse_article
from tests.ingestion.test_wikipedia import (
    bullets,
    field_of,
    paragraph,
    record,
    section,
    texts,
)


@pytest.mark.parametrize(
    "changes",
    [
        {"identifier": 21_000_000_123.0},
        {"identifier": " 21000000123"},
        {"identifier": "21000000123.0"},
        {"identifier": Decimal("21000000123.00")},
        {"version": {"identifier": 77.0}},
        {"version": {"identifier": "77"}},
        {"version": 77},
        {"version": "77"},
        {"is_part_of": "enwiki", "in_language": "eng_Latn", "main_entity": "Q123"},
        {"is_part_of": 5, "in_language": ["en"]},
        {"in_language": {"identifier": 3}},
    ],
    ids=str,
)
def test_what_stands_for_the_same_is_the_same(changes: dict[str, Any]) -> None:
    assert parse_article(record(**changes)) == parse_article(record())


@pytest.mark.parametrize(
    ("changes", "field", "left"),
    [
        ({"version": {"identifier": "12x"}}, "revision", None),
        ({"version": {"identifier": 7.5}}, "revision", None),
        ({"version": {"identifier": -7}}, "revision", None),
        ({"version": [7]}, "revision", None),
        ({"date_modified": 1714521600000}, "date_modified", ""),
        ({"description": {"en": "x"}}, "description", ""),
        ({"main_entity": {"identifier": 3}}, "qid", ""),
        ({"main_entity": {"identifier": "Q99999999999999999999"}}, "qid", ""),
        ({"license": 3}, "license", ""),
        ({"license": [3, {"identifier": []}, {"name": "MIT"}]}, "license", "MIT"),
        ({"license": "MIT"}, "license", "MIT"),
        ({"license": ["MIT", "GPL"]}, "license", "MIT"),
        ({"name": 1984}, "title", "1984"),
        ({"name": 0.5}, "title", "0.5"),
    ],
    ids=str,
)
def test_a_field_that_is_not_needed_costs_itself_alone(
    changes: dict[str, Any], field: str, left: Any
) -> None:
    article = parse_article(record(**changes))
    assert getattr(article, field) == left
    assert article.sections == parse_article(record()).sections


@pytest.mark.parametrize("links", [3, "x", [3], [{"text": 5, "url": "u"}], [{"text": "x"}], [None]])
def test_an_odd_link_costs_itself_alone(links: Any) -> None:
    good = {"text": "fish", "url": "https://fish"}
    several = [*links, good] if isinstance(links, list) else links
    part = {**paragraph("Otters eat fish."), "links": several}
    (lead, *_) = parse_article(record(sections=[section("Abstract", part)])).sections
    assert [link.url for link in lead.links] == (["https://fish"] if several != links else [])


def test_numbers_are_text_where_text_is_meant() -> None:
    cells = [[{"value": 1920}, 12.0, "x", None, [], 0]]
    parts = [section("Years", {"type": "paragraph", "value": 1920}, bullets("x"))]
    boxes = field_of(name="Mass", value=2.5) + field_of(name="Legs", values=[4, None, 4.0])
    article = parse_article(
        record(sections=parts, tables=[{"rows": cells}], infoboxes=boxes, abstract="")
    )
    assert texts(article) == {
        ("Years",): "1920",
        ("Years (2)",): "x",
        ("Infobox",): "Mass: 2.5",
        ("Infobox (2)",): "Legs: 4; 4",
        ("Table",): "1920; 12; x; 0",
    }
