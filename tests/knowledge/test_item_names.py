"""What articles' items are called elsewhere: from entities to references, parts and all."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from beam_synth.checks.asked import check_as_drawn
from beam_synth.checks.backward import check_unsupported
from beam_synth.checks.entailment import check_entailment
from beam_synth.knowledge import wikidata
from beam_synth.knowledge.item_names import (
    MOST_LETTERS,
    MOST_NAMES,
    named_refs,
    names_by_part,
    names_of,
    refs_by_part,
    without_names,
)
from beam_synth.knowledge.passage_store import write_passages
from beam_synth.knowledge.text_index import TextIndex
from beam_synth.methods.seeds import merged_passages
from beam_synth.records import (
    ARTICLE_REF_SCHEMA,
    LANGUAGES,
    PASSAGE_SCHEMA,
    Passage,
    pack,
    seed_record,
    unpack,
)
from beam_synth.storage.files import RunFolder
from tests.doubles.exchanges import closed_book, passage


def entity(labels: Any, titles: Any) -> dict[str, Any]:
    return {
        "id": "Q1449",
        "labels": labels,
        "aliases": {"en": [{"value": "the proud one"}]},
        "sitelinks": titles,
    }


def label(text: str) -> dict[str, str]:
    return {"language": "xx", "value": text}


def test_labels_and_titles_of_the_languages_are_names() -> None:
    labels = {"en": label("Genoa"), "fr": label("Gênes"), "mul": label("GE"), "pt": label("Génova")}
    titles = {
        "enwiki": {"title": "Genoa"},
        "itwiki": {"title": "Genova (città)"},
        "ptwiki": {"title": "Génova"},
        "commonswiki": {"title": "Category:Genova"},
    }
    assert names_of(entity(labels, titles)).split("\n") == ["GE", "Genoa", "Genova", "Gênes"]


@pytest.mark.parametrize("titles", [{}, [], None, {"ptwiki": {"title": "Génova"}}, {"enwiki": {}}])
def test_an_item_without_a_page_in_one_of_the_languages_has_none(titles: Any) -> None:
    assert names_of(entity({"en": label("Genoa")}, titles)) == ""


@pytest.mark.parametrize(
    "odd",
    [None, [], "Genoa", {"en": "Genoa"}, {"en": {}}, {"en": {"value": 3}}, {"en": label(" ")}],
)
def test_an_odd_label_costs_itself_alone(odd: Any) -> None:
    assert names_of(entity(odd, {"frwiki": {"title": "Gênes"}})) == "Gênes"


def test_names_are_few_short_and_of_one_line_each() -> None:
    labels = {code: label(f"Label {code}") for code in LANGUAGES}
    titles = {f"{code}wiki": {"title": f"Title {code}"} for code in LANGUAGES}
    many = names_of(entity({**labels, "mul": label("Label")}, titles)).split("\n")
    assert len(many) == MOST_NAMES and many == sorted(many)
    assert {f"Label {code}" for code in LANGUAGES} < set(many)
    long = "x" * MOST_LETTERS
    odd = {"en": label(f"{long}x"), "fr": label(long), "de": label("two\nlines ")}
    found = names_of(entity(odd, {"nlwiki": {"title": "Genua"}}))
    assert found.split("\n") == ["Genua", "two lines", long]


def test_real_items_have_names(real_data: Path) -> None:
    path = real_data / "wikidata" / "dump_filter_entities.json.gz"
    lines = gzip.decompress(path.read_bytes()).splitlines()
    items = [json.loads(line.rstrip(b",")) for line in lines if len(line) > 2]
    rows = [wikidata.slim(item, ["P279"]) for item in items if item["id"][0] == "Q"]
    names = [row["names"].split("\n") for row in rows if row and row["names"]]
    assert len(names) > 20
    assert all(0 < len(name) <= MOST_LETTERS for found in names for name in found)
    assert all(len(found) <= MOST_NAMES for found in names)


# ---------------------------------------------------------------- joining


def items(*rows: tuple[int, str]) -> bytes:
    found = [{"item": item, "names": names} for item, names in rows]
    return pack(pa.Table.from_pylist(found, schema=wikidata.ITEM_SCHEMA))


def refs(*rows: tuple[str, str]) -> bytes:
    found = [{"article_id": f"{n}", "qid": q, "title": t} for n, (q, t) in enumerate(rows)]
    return pack(pa.Table.from_pylist(found, schema=ARTICLE_REF_SCHEMA))


def joined(dump: list[bytes], articles: list[bytes], parts: int) -> dict[str, list[str] | None]:
    """Names by title, joined part by part."""
    known = [pair for packed in dump for pair in names_by_part(packed, parts)]
    wanted = [pair for packed in articles for pair in refs_by_part(packed, parts)]
    assert {part for part, _ in (*known, *wanted)} <= set(range(parts))
    found: dict[str, list[str] | None] = {}
    for part in range(parts):
        own = [packed for at, packed in wanted if at == part]
        for packed in named_refs(own, [packed for at, packed in known if at == part]):
            assert unpack(packed).schema == ARTICLE_REF_SCHEMA
            found |= {row["title"]: row["names"] for row in unpack(packed).to_pylist()}
    return found


@pytest.mark.parametrize("parts", [1, 3, 64])
def test_references_get_the_names_of_their_items_in_whatever_parts(parts: int) -> None:
    dump = [items((5, "Genoa\nGênes"), (7, ""), (2, "Rome")), items((9, "Łódź"))]
    articles = [refs(("Q5", "Gênes"), ("Q7", "Nulle part"), ("", "Sans")), refs(("Q9", "Lodz"))]
    articles += [refs(("Q5", "Genua"), ("Q11", "Loin"))]
    found = joined(dump, articles, parts)
    assert {title: names or [] for title, names in found.items()} == {
        "Gênes": ["Genoa"],
        "Genua": ["Genoa", "Gênes"],
        "Nulle part": [],
        "Sans": [],
        "Lodz": ["Łódź"],
        "Loin": [],
    }


def test_the_walk_gets_no_names() -> None:
    assert "names" not in unpack(without_names(items((5, "Genoa")))).column_names


# ---------------------------------------------------------------- support


FRENCH = passage(
    "La ville possède un grand port, ouvert en 1903 par Clara Vogt.",
    "Vauxbelle",
    language="fr",
    names=("Fairmarket",),
)


@pytest.mark.parametrize("check", [check_entailment, check_unsupported])
def test_a_name_of_the_item_is_backed_up(check: Any) -> None:
    trace = "port opened 1903 → in Fairmarket by Clara Vogt ●\n∴ Fairmarket ●"
    answer = "The port of Fairmarket was opened in 1903."
    asked = closed_book(passage=FRENCH, reasoning=trace, answer=answer, neighbors=())
    assert check(asked).passed
    bare = passage(FRENCH.text, FRENCH.title, language="fr")
    failed = check(closed_book(passage=bare, reasoning=trace, answer=answer, neighbors=()))
    assert not failed.passed and "Fairmarket" in failed.detail


def test_naming_the_topic_otherwise_is_no_wrong_premise() -> None:
    focus = "un grand port, ouvert en 1903 par Clara Vogt"
    query = "Quand Clara Vogt a-t-elle ouvert le grand port de Fairmarket en 1903 ?"
    axes = {"query_result": "negative", "query_type": "time", "complexity": "simple"}
    of = {"language": "fr", "query": query, "focus": focus, "axes": axes}
    assert not check_as_drawn(closed_book(passage=FRENCH, **of)).passed
    bare = passage(FRENCH.text, FRENCH.title, language="fr")
    assert check_as_drawn(closed_book(passage=bare, **of)).passed


def test_merged_passages_keep_the_names() -> None:
    assert merged_passages((FRENCH, FRENCH)).names == ("Fairmarket",)


# ---------------------------------------------------------------- read back


def test_of_one_text_in_two_articles_each_row_finds_its_own(tmp_path: Path) -> None:
    own = [
        {"passage_id": f"{n:032x}", "title": t, "url": f"https://w.example/{t}", "names": names}
        for n, (t, names) in enumerate([("A", ["One"]), ("B", ["Two"]), ("C", None)])
    ]
    plain = {"text": "The same.", "sentences": [0], "language": "en"}
    with RunFolder(str(tmp_path)).create("_passages/passages-00000.parquet") as handle:
        table = pa.Table.from_pylist([{**plain, **row} for row in own], schema=PASSAGE_SCHEMA)
        write_passages([table], handle)
    (tmp_path / "index").mkdir()
    reader = TextIndex.build(RunFolder(str(tmp_path)), tmp_path / "index").reader(
        RunFolder(str(tmp_path))
    )
    passages = [
        Passage.from_row({**dict.fromkeys(PASSAGE_SCHEMA.names), **plain, **r}) for r in own
    ]
    for one, names in zip(passages, [("One",), ("Two",), ()], strict=True):
        assert one.names == names
        seed = seed_record(one, "primary")
        assert reader.of([seed])(seed["text_sha256"]).names == names
    moved = {**seed_record(passages[0], "primary"), "url": "https://elsewhere.example"}
    assert reader.of([moved])(moved["text_sha256"]).text == "The same."
    with pytest.raises(KeyError):
        reader.of([seed])("0" * 64)
