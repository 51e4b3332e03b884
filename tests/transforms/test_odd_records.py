"""No odd record ends a run: any JSON value in the place of any field of what is read, thousands of
lines at once, and every line is accounted for once."""

from __future__ import annotations

import copy
import dataclasses
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import apache_beam as beam
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from beam_synth.errors import Rejected
from beam_synth.ingestion.article_files import article_table, ref_table
from beam_synth.ingestion.documents import document_id, parse_document
from beam_synth.ingestion.instructions import parse_instruction
from beam_synth.ingestion.row_sources import RowSource
from beam_synth.ingestion.wikipedia import article_id, decode_json, parse_article
from beam_synth.job.schema import Expand
from beam_synth.knowledge import wikidata
from beam_synth.records import ARTICLE_REF_SCHEMA, INSTRUCTION_SCHEMA, Reject, pack, unpack
from beam_synth.records.reasons import REASONS
from tests.doubles import mutations
from tests.doubles.mutations import JSON, Place, paths, put
from tests.doubles.row_sources import TEXT, documents, instructions
from transforms.accounting import Stage
from transforms.expand import ExpandWithWikidata
from transforms.read import ReadArticles, ReadDocuments, ReadInstructions
from transforms.testing import Applied, run_transform

ARTICLE = {
    "name": "Mill",
    "identifier": 1,
    "url": "https://en.wikipedia.org/wiki/Mill",
    "abstract": "A mill grinds.",
    "description": "machine",
    "date_modified": "2024-01-01T00:00:00Z",
    "version": {"identifier": 77, "comment": "x", "editor": {"name": "y"}},
    "main_entity": {"identifier": "Q5"},
    "is_part_of": {"identifier": "enwiki"},
    "in_language": {"identifier": "en"},
    "license": [{"name": "CC", "identifier": "CC-BY-SA-4.0", "url": "https://license"}],
    "image": {"width": 5},
    "references": [{"identifier": "r1", "text": {"value": "A book."}}],
    "infoboxes": [{"name": "Infobox", "has_parts": [
        {"type": "field", "name": "Kind", "value": "wind"},
        {"type": "field", "name": "Parts", "values": ["sail", "stone"]},
    ]}],
    "sections": [{"type": "section", "name": "Abstract", "has_parts": [
        {"type": "paragraph", "value": "A mill grinds corn.",
         "links": [{"text": "corn", "url": "https://corn"}]},
        {"type": "list", "has_parts": [{"type": "list_item", "value": "rye"}]},
        {"type": "section", "name": "Use", "has_parts": [{"type": "paragraph", "value": "Daily."}]},
    ]}],
    "tables": [{"identifier": "use_table1", "headers": [[{"value": "Year"}]],
                "footers": [[{"value": "sum"}]],
                "rows": [[{"value": "1847", "nested_table": {"rows": [[{"value": "x"}]]}}]]}],
}  # fmt: skip
# What is said about an article; what it says lies in the others.
NOT_NEEDED = {"description", "date_modified", "version", "main_entity", "is_part_of"}
NOT_NEEDED |= {"in_language", "license", "image", "references"}
CLAIM = {
    "rank": "normal",
    "mainsnak": {
        "snaktype": "value",
        "datavalue": {
            "type": "wikibase-entityid",
            "value": {"entity-type": "item", "numeric-id": 300, "id": "Q300"},
        },
    },
}
ENTITY = {
    "type": "item",
    "id": "Q1",
    "lastrevid": 7,
    "labels": {"en": {"value": "mill"}},
    "aliases": {"en": [{"value": "windmill"}]},
    "claims": {"P279": [CLAIM, CLAIM], "P31": [CLAIM]},
    "sitelinks": {"enwiki": {"title": "Mill"}},
}
DOCUMENT = {
    "id": "a", "text": TEXT, "title": "Mill", "language": "en", "url": "u", "license": "MIT",
    "n": 1,
}  # fmt: skip
INSTRUCTION = {
    "id": "a", "prompt": "How old is the mill?", "system": "Be brief.", "reference": "176",
    "language": "en", "source": "forum", "license": "MIT", "n": 1,
}  # fmt: skip


def numbered(record: dict[str, Any], **names: Callable[[int], Any]) -> Callable[[int], Any]:
    return lambda n: {**copy.deepcopy(record), **{name: of(n) for name, of in names.items()}}


MAKE = {
    "article": numbered(ARTICLE, identifier=lambda n: n + 1, name=lambda n: f"Mill {n}"),
    "entity": numbered(ENTITY, id=lambda n: f"Q{n + 1}"),
    "document": numbered(DOCUMENT, id=lambda n: f"d{n}"),
    "instruction": numbered(INSTRUCTION, id=lambda n: f"i{n}"),
}
LINES = {kind: mutations.mutations(make) for kind, make in MAKE.items()}


def test_there_are_ten_thousand() -> None:
    assert sum(map(len, LINES.values())) > 10_000


def written(tmp_path: Path, kind: str, parts: int = 3) -> str:
    """The lines in several files; what names them."""
    for part in range(parts):
        lines = [line for _, line in LINES[kind][part::parts]]
        (tmp_path / f"{part}.jsonl").write_bytes(b"\n".join(lines) + b"\n")
    return str(tmp_path / "*.jsonl")


def place_of(reject: Reject, kind: str, parts: int = 3) -> Place:
    """Where the line that a reject is about was altered."""
    assert reject.line is not None
    return LINES[kind][parts * (reject.line - 1) + int(Path(reject.file).stem)][0]


def check_every_line(found: Applied, kind: str, stage: str, passed: int) -> None:
    """Each line passed or has a reject that names it; `run_transform` has made the sums."""
    told = Counter((reject.file, reject.line) for reject in found.rejects)
    assert set(told.values()) == {1}
    assert all(line for _, line in told)
    assert passed + len(told) == len(LINES[kind]) == found.counts[stage, "in", ""]
    assert "internal_error" not in found.reasons()


def test_articles(tmp_path: Path) -> None:
    found = run_transform(ReadArticles((written(tmp_path, "article"),), str(tmp_path / "run")))
    refs = pa.concat_tables(map(unpack, found.out))
    check_every_line(found, "article", "ReadArticles", len(refs))
    faults = [r for r in found.rejects if r.reason not in ("duplicate_article", "malformed_json")]
    assert {r.reason for r in faults} == {"missing_field", "wrong_type"}
    assert not {place[0] for r in faults if (place := place_of(r, "article"))} & NOT_NEEDED
    assert len(refs) > len(LINES["article"]) / 2


def test_entities_and_the_walk_over_them(tmp_path: Path) -> None:
    rows = [
        {"article_id": f"enwiki:{n}", "title": f"T{n}", "qid": f"Q{n}", "words": 1000, "path": "[]",
         "part": "p", "row": n, "file": "a.jsonl", "line": n}
        for n in range(1, 500)
    ]  # fmt: skip
    table = pa.Table.from_pylist(rows, schema=ARTICLE_REF_SCHEMA)
    written(tmp_path, "entity")
    files = tuple(map(str, sorted(tmp_path.glob("*.jsonl"))))

    def expand(core: Any) -> Stage:
        others = core.pipeline | "Others" >> beam.Create([pack(table.slice(200))])
        expanded: Stage = core | ExpandWithWikidata(Expand(wikidata="x", depth=1), files, others)
        return expanded

    found = run_transform(expand, [pack(table.slice(0, 200))])
    told = [reject for reject in found.rejects if reject.stage == "ReadWikidata"]
    assert all(reject.file and reject.line for reject in told)
    assert found.counts["ReadWikidata", "in", ""] == len(LINES["entity"])
    faults = [
        place_of(r, "entity") for r in told if r.reason not in ("not_an_item", "malformed_json")
    ]
    # A claim, or what is in it, costs itself alone.
    top = [(), ("claims",), ("id",), ("lastrevid",), ("sitelinks",)]
    assert sorted({place[:1] for place in faults}) == top
    assert max(len(place) for place in faults if place[:1] == ("claims",)) == 2
    articles = sum(len(unpack(data)) for data in found.out)
    assert articles == 201  # the core, and what its claims name
    assert articles + len(found.rejects) - len(told) == len(rows)


def test_documents(tmp_path: Path) -> None:
    sources = documents({"path": written(tmp_path, "document")})
    found = run_transform(ReadDocuments(sources, str(tmp_path / "run")))
    passed = sum(len(unpack(data)) for data in found.out)
    check_every_line(found, "document", "ReadDocuments", passed)
    places = {place_of(r, "document")[:1] for r in found.rejects if r.reason == "wrong_type"}
    assert places == {(), ("text",), ("license",)}


def test_instructions(tmp_path: Path) -> None:
    sources = instructions({"path": written(tmp_path, "instruction")})
    found = run_transform(ReadInstructions(sources, str(tmp_path / "run"), buckets=4))
    passed = sum(len(unpack(data)) for data in found.out)
    check_every_line(found, "instruction", "ReadInstructions", passed)
    places = {place_of(r, "instruction")[:1] for r in found.rejects if r.reason == "wrong_type"}
    assert places == {(), ("prompt",), ("system",), ("reference",), ("license",)}


# ---------------------------------------------------------------- any value, one by one


def source(key: str, columns: dict[str, Any]) -> RowSource:
    return RowSource(key, "s", (), {name: name for name in columns}, frozenset(), license="MIT")


def read(kind: str, value: Any) -> None:
    """Read one record as its stage does, up to what is written of it."""
    if kind == "article":
        assert isinstance(article_id(value), str)
        article = parse_article(value)
        assert len(ref_table([article], [("a.jsonl", 1)], "p")) == len(article_table([article]))
    elif kind == "entity":
        rows = [wikidata.slim(one, ["P279", "P31"]) for one in wikidata.entities(value)]
        pa.Table.from_pylist([row for row in rows if row], schema=wikidata.ITEM_SCHEMA)
    elif kind == "document":
        assert isinstance(document_id(value, source("documents", DOCUMENT)), str)
        article_table([parse_document(value, source("documents", DOCUMENT))])
    else:
        made = parse_instruction(value, source("instructions", INSTRUCTION), "a.jsonl", 1)
        pa.Table.from_pylist([dataclasses.asdict(made)], schema=INSTRUCTION_SCHEMA)


@pytest.mark.parametrize("kind", MAKE)
@given(data=st.data())
def test_any_values_anywhere(kind: str, data: st.DataObject) -> None:
    value = MAKE[kind](0)
    for _ in range(data.draw(st.integers(1, 3))):
        value = put(value, data.draw(st.sampled_from(list(paths(value)))), data.draw(JSON))
    try:
        read(kind, decode_json(json.dumps(value).encode()))
    except Rejected as error:
        assert error.reason in REASONS
