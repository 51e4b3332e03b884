"""What the pages that articles link to are called in English, from dump and links to passages."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from beam_synth.knowledge import wikidata
from beam_synth.knowledge.link_names import (
    MOST_LINKED,
    LinkNames,
    english_pages,
    linked_names,
    number_of,
    page_of,
    pages_by_part,
    wanted_by_part,
)
from beam_synth.knowledge.passage_pieces import linked_pages, places_of, write_places
from beam_synth.records import ARTICLE_REF_SCHEMA, ARTICLE_SCHEMA, PASSAGE_SCHEMA, pack, unpack
from beam_synth.storage.files import RunFolder


def item(number: int, english: str, **titles: str) -> dict[str, Any]:
    return {
        "id": f"Q{number}",
        "labels": {"en": {"value": english}} if english else {},
        "sitelinks": {wiki: {"title": title} for wiki, title in titles.items()},
    }


def dump(*entities: dict[str, Any]) -> bytes:
    rows = [wikidata.slim(entity, []) for entity in entities]
    return pack(pa.Table.from_pylist(rows, schema=wikidata.ITEM_SCHEMA))


@pytest.mark.parametrize(
    ("url", "wiki", "title"),
    [
        ("https://fr.wikipedia.org/wiki/G%C3%AAnes", "frwiki", "Gênes"),
        ("https://fr.wikipedia.org/wiki/Gênes", "frwiki", "Gênes"),
        ("http://de.m.wikipedia.org/wiki/genua_(Stadt)#Lage", "dewiki", "Genua (Stadt)"),
        ("https://it.wikipedia.org/wiki/Genova?action=raw", "itwiki", "Genova"),
    ],
)
def test_a_link_leads_to_the_page_of_a_sitelink(url: str, wiki: str, title: str) -> None:
    assert page_of(url) == number_of(wiki, title)


@pytest.mark.parametrize(
    "url",
    ["", "/wiki/Genoa", "https://en.wikipedia.org/wiki/Genoa", "https://fr.wikipedia.org/",
     "https://pt.wikipedia.org/wiki/Génova", "https://fr.wiki.example/wiki/Gênes"],
)  # fmt: skip
def test_other_links_lead_to_no_page(url: str) -> None:
    assert page_of(url) is None


def test_an_item_names_its_pages_of_other_titles() -> None:
    pages = {"frwiki": "Gênes", "nlwiki": "Genua", "lawiki": "Genoa (urbs)", "enwiki": "Genoa, It"}
    name, numbers = english_pages(item(1, "Genoa", **pages))
    assert name == "Genoa"
    assert set(numbers) == {number_of("frwiki", "Gênes"), number_of("nlwiki", "Genua")}
    untold = item(1, "", enwiki="Genoa (city)", frwiki="Gênes")
    assert english_pages(untold) == ("Genoa", [number_of("frwiki", "Gênes")])
    for nothing in (
        item(1, "", frwiki="Gênes"),
        item(1, "Genoa", ptwiki="Génova"),
        item(1, "x" * 99),
    ):
        assert english_pages(nothing) == ("", [])
    assert english_pages({"labels": [], "sitelinks": []}) == ("", [])


def passages(*rows: tuple[str, str, list[str]], **more: Any) -> pa.Table:
    """Passages by article, text and the targets of their links."""
    made = [
        {
            "article_id": article,
            "title": "Port",
            "text": text,
            "links": [{"offset": 0, "text": "x", "url": url} for url in urls],
            "names": ["Harbour"],
            **more,
        }
        for article, text, urls in rows
    ]
    return pa.Table.from_pylist(made, schema=PASSAGE_SCHEMA)


FR = "https://fr.wikipedia.org/wiki/"


@pytest.mark.parametrize("parts", [1, 5, 64])
def test_passages_get_the_names_of_their_own_links(parts: int) -> None:
    known = dump(
        item(1, "Genoa", frwiki="Gênes"),
        item(2, "Lake Geneva", frwiki="Léman"),
        item(3, "Harbour", frwiki="Havre"),
        item(4, "Lyons", frwiki="Lyon"),
    )
    table = passages(
        ("a", "Un port.", [f"{FR}G%C3%AAnes", f"{FR}Havre", f"{FR}Inconnu"]),
        ("a", "Un lac.", [f"{FR}L%C3%A9man", "https://en.wikipedia.org/wiki/Lake_Geneva"]),
        ("b", "Le port de Genoa.", [f"{FR}G%C3%AAnes"]),
        ("c", "Rien.", []),
    )
    pages = list(pages_by_part(known, parts))
    links = {
        group: {
            row["article_id"]: [link["url"] for row_ in table.to_pylist() for link in row_["links"]
                                if row_["article_id"] == row["article_id"]]
            for row in table.to_pylist()
            if (row["article_id"] > "a") is bool(group)
        }
        for group in (0, 1)
    }  # fmt: skip
    wanted = [found for group, of in links.items() for found in wanted_by_part(of, group, parts)]
    named: dict[int, list[bytes]] = {0: [], 1: []}
    for part in range(parts):
        own = [packed for at, packed in wanted if at == part]
        for group, packed in linked_names(own, [packed for at, packed in pages if at == part]):
            named[group].append(packed)
    assert [row["names"] for row in LinkNames(named[0]).named(table.slice(0, 2)).to_pylist()] == [
        ["Genoa", "Harbour"],
        ["Harbour", "Lake Geneva"],
    ]
    rest = LinkNames(named[1]).named(table.slice(2))
    assert rest["names"].to_pylist() == [["Harbour"]] * 2
    assert rest.schema == PASSAGE_SCHEMA


def names_of_links(table: pa.Table, *entities: dict[str, Any]) -> list[list[str]]:
    """The passages' names, of what they link to alone."""
    pages = [packed for _, packed in pages_by_part(dump(*entities), 1)]
    links: dict[str, list[str]] = {}
    for row in table.to_pylist():
        links.setdefault(row["article_id"], []).extend(link["url"] for link in row["links"])
    wanted = [packed for _, packed in wanted_by_part(links, 7, 1)]
    found = list(linked_names(wanted, pages))
    assert {group for group, _ in found} <= {7}
    held: list[list[str]] = LinkNames([p for _, p in found]).named(table)["names"].to_pylist()
    return held


def test_names_of_links_are_few() -> None:
    entities = [item(n, f"Town {n:02}", frwiki=f"Ville {n:02}") for n in range(1, 40)]
    urls = [f"{FR}Ville_{n:02}" for n in range(39, 0, -1)]
    (names,) = names_of_links(passages(("a", "Villes.", urls), names=[]), *entities)
    assert names == [f"Town {n}" for n in range(24, 40)]
    assert len(names) == MOST_LINKED


def test_one_text_of_an_article_has_one_set_of_names() -> None:
    """It is found again by article and text alone."""
    table = passages(("a", "Le port.", [f"{FR}Gênes"]), ("a", "Le port.", [f"{FR}Léman"]), names=[])
    known = (item(1, "Genoa", frwiki="Gênes"), item(2, "Lake Geneva", frwiki="Léman"))
    assert names_of_links(table, *known) == [["Genoa", "Lake Geneva"]] * 2


def test_of_two_names_of_a_page_one_is_taken_whatever_the_order() -> None:
    table = passages(("a", "Le port.", [f"{FR}Gênes"]), names=[])
    twice = [item(1, "Genoa", frwiki="Gênes"), item(2, "Genua", frwiki="Gênes")]
    assert names_of_links(table, *twice) == names_of_links(table, *twice[::-1]) == [["Genoa"]]


def test_without_pages_or_links_nothing_is_named() -> None:
    bare = passages(("a", "Le port.", []))
    assert names_of_links(bare, item(1, "Genoa", frwiki="Gênes")) == [["Harbour"]]
    assert names_of_links(passages(("a", "Le port.", [f"{FR}Gênes"])), item(1, "")) == [["Harbour"]]


def test_the_targets_of_chosen_bodies_are_read(tmp_path: Path) -> None:
    def section(*urls: str) -> dict[str, Any]:
        links = [{"offset": 0, "text": "x", "url": url} for url in urls]
        return {"path": ["A"], "kind": "prose", "text": "x", "links": links}

    run = RunFolder(str(tmp_path))
    bodies = [
        {"article_id": "frwiki:1", "sections": [section(f"{FR}Gênes"), section()]},
        {"article_id": "frwiki:2", "sections": [section(f"{FR}Lyon")]},
        {"article_id": "frwiki:3", "sections": []},
        {"article_id": "frwiki:4", "sections": [section(f"{FR}Léman"), section(f"{FR}Gênes")]},
    ]
    with run.create("_tmp/articles/a.parquet") as handle:
        pq.write_table(pa.Table.from_pylist(bodies, schema=ARTICLE_SCHEMA), handle)
    chosen = [
        {"article_id": f"frwiki:{row + 1}", "part": "_tmp/articles/a.parquet", "row": row}
        for row in (0, 2, 3)
    ]
    refs = pack(pa.Table.from_pylist(chosen, schema=ARTICLE_REF_SCHEMA))
    places = list(write_places([places_of(refs)], run, 1))
    found = list(linked_pages((0, [piece for _, piece in places]), run, 1))
    pairs = [
        (row["article"], row["page"])
        for part, (group, packed) in found
        for row in unpack(packed).to_pylist()
        if (part, group) == (0, 0)
    ]
    expected = {("frwiki:1", "Gênes"), ("frwiki:4", "Léman"), ("frwiki:4", "Gênes")}
    assert sorted(pairs) == sorted((number_of(a), number_of("frwiki", t)) for a, t in expected)


def test_real_links_meet_real_items(real_data: Path) -> None:
    """Of links in real French articles some lead to items of a real dump."""
    data = gzip.decompress((real_data / "structured" / "frwiki.jsonl.gz").read_bytes())
    urls = {
        part.split(b'"', 1)[0].decode()
        for part in data.split(b'"url":"')
        if part.startswith(b"https://fr.wikipedia.org/wiki/")
    }
    linked = {page_of(url) for url in urls}
    path = real_data / "wikidata" / "dump_filter_entities.json.gz"
    lines = [line.rstrip(b",") for line in gzip.decompress(path.read_bytes()).splitlines()]
    items = [orjson.loads(line) for line in lines if len(line) > 2]
    names = {name for name, pages in map(english_pages, items) if linked & set(pages)}
    assert len(linked) > 500
    assert names
