"""Documents: sections of plain text and Markdown, and a reason for each row that is none."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beam_synth.errors import Rejected
from beam_synth.ingestion.documents import document_id, document_sections, parse_document
from beam_synth.ingestion.row_sources import RowSource
from beam_synth.job.row_keys import DocumentColumns
from tests.doubles.row_sources import TEXT


def source(stated: str = "", licence: str = "CC0-1.0", **columns: str | None) -> RowSource:
    named = DocumentColumns(**columns)
    mapping = {ours: theirs or "" for ours, theirs in named.model_dump().items()}
    own = frozenset(named.model_fields_set)
    return RowSource("documents", "notes", (), mapping, own, stated, licence)


def test_every_column_is_taken_as_it_is_mapped() -> None:
    row = {"nr": 7, "body": f" {TEXT}\r\n", "headline": "Mill ", "lang": "deu_Latn", "link": "u",
           "rights": "MIT", "other": 1}  # fmt: skip
    mapped = source(
        id="nr", text="body", title="headline", language="lang", url="link", license="rights"
    )
    article = parse_document(row, mapped)
    assert (article.article_id, article.title, article.language) == ("notes/7", "Mill", "de")
    assert (article.url, article.license, article.revision) == ("u", "MIT", None)
    assert [(s.path, s.kind, s.text) for s in article.sections] == [(("Text",), "prose", TEXT)]


def test_what_is_missing_is_stated_told_or_hashed() -> None:
    stated = parse_document({"text": "Oui.", "license": None}, source("fr"))
    assert (stated.language, stated.license, stated.url) == ("fr", "CC0-1.0", "")
    told = parse_document({"text": TEXT}, source())
    assert told.language == "en"
    assert told.title == "The mill on the hill was built in"
    assert told.article_id == parse_document({"text": TEXT, "id": " "}, source()).article_id
    assert told.article_id != stated.article_id
    assert parse_document({"text": TEXT, "id": "m1"}, source()).title == "m1"
    assert parse_document({"text": f"# Mills\n{TEXT}", "id": "m1"}, source()).title == "Mills"


@pytest.mark.parametrize(
    ("row", "reason", "detail"),
    [
        ([], "wrong_type", "expected an object, found list"),
        ({}, "missing_field", "text (column body)"),
        ({"body": None}, "missing_field", "text (column body)"),
        ({"body": " \r\n"}, "no_text", "text (column body) is blank"),
        ({"body": ["a"]}, "wrong_type", "expected a string, found list"),
        ({"body": 3}, "wrong_type", "expected a string, found int"),
        ({"body": float("nan")}, "missing_field", "text (column body)"),
        ({"body": b"a\xff"}, "invalid_utf8", "text (column body): byte 2"),
        ({"body": TEXT, "language": "n/a"}, "unknown_language", "language: 'n/a'"),
        ({"body": "4711 0815"}, "unknown_language", "give documents.language or a column"),
        ({"body": TEXT, "license": ["MIT"]}, "wrong_type", "license: expected a string"),
    ],
)
def test_each_bad_row_has_a_reason(row: Any, reason: str, detail: str) -> None:
    with pytest.raises(Rejected) as caught:
        parse_document(row, source(text="body"))
    assert caught.value.reason == reason
    assert detail in caught.value.detail


def test_a_row_without_a_licence_is_none() -> None:
    with pytest.raises(Rejected, match=r"missing_field: license, and documents\.license is not"):
        parse_document({"text": TEXT}, source(licence=""))


def test_the_id_of_a_faulty_row_is_told_where_it_has_one() -> None:
    rows = [{"id": "a"}, {"id": 3}, {"id": 3.0}, {"id": 1.5}, {"id": [1]}, {}, None]
    told = ["notes/a", "notes/3", "notes/3", "notes/1.5", "", "", ""]
    assert [document_id(row, source()) for row in rows] == told


def test_what_a_row_can_do_without_costs_itself_alone() -> None:
    bare = parse_document({"text": TEXT}, source())
    odd: list[Any] = [["a"], {"a": 1}, True, float("nan"), b"\xff", float("inf")]
    for value in odd:
        row = dict.fromkeys(("id", "title", "language", "url"), value)
        assert parse_document({"text": TEXT, **row}, source()) == bare
    assert parse_document({"text": TEXT, "title": 1984.0, "url": 5}, source()).title == "1984"
    assert parse_document({"text": TEXT.encode()}, source()) == bare


def test_a_column_without_a_name_is_taken_for_none_of_ours() -> None:
    row = {"": "7", "text": TEXT}  # as pandas writes its index
    assert parse_document(row, source(license=None)).license == "CC0-1.0"


def test_headings_that_repeat_take_linear_time() -> None:
    sections = document_sections("# A\nx\n" * 20_000)
    assert sections[-1].path == ("A (20000)",)


def test_markdown_makes_sections() -> None:
    text = (
        "Before.\n\n# Mills #\nOne.\n\nTwo.\n* a\n* b\n\n- c\n  more\n\n## Use\n\n"
        "```\n# no heading\n```\n\n# Mills\nAgain.\n\n####### seven\n#none\n"
    )
    found = [(s.path, s.kind, s.text) for s in document_sections(text)]
    assert found == [
        (("Text",), "prose", "Before."),
        (("Mills",), "prose", "One.\n\nTwo.\n* a\n* b"),
        (("Mills (2)",), "list", "- c more"),
        (("Mills", "Use"), "prose", "```\n# no heading\n```"),
        (("Mills (3)",), "prose", "Again.\n\n####### seven\n#none"),
    ]


def test_a_wrapped_paragraph_is_one_line_and_others_keep_their_lines() -> None:
    wrapped = "The mill was built by a\nman of Kent and stands\non a hill. It is old."
    verses = "The mill stands.\nIt never sleeps.\nKent is far."
    (section,) = document_sections(f"{wrapped}\n\n{verses}")
    assert section.text == f"{wrapped.replace(chr(10), ' ')}\n\n{verses}"


def test_headings_alone_are_text() -> None:
    (section,) = document_sections("# One\n## Two")
    assert (section.path, section.text) == (("Text",), "# One\n## Two")


LINES = st.lists(st.sampled_from(["# A", "## B", "- x", "1. y", "word word", "Word.", "", "```"]))


@given(LINES)
def test_no_word_is_lost_and_no_path_repeats(lines: list[str]) -> None:
    text = "\n".join(lines).strip()
    if not text:
        return
    sections = document_sections(text)
    assert len({section.path for section in sections}) == len(sections)
    kept = list(itertools.chain.from_iterable(section.text.split() for section in sections))
    for word in ("x", "y", "word", "Word."):
        assert kept.count(word) == text.split().count(word)
