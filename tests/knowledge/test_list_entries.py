"""Lists of articles in the forms that people have them in."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import unicodedata
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard

from beam_synth.errors import Refused
from beam_synth.job.schema import Core
from beam_synth.knowledge.selection import CoreList, in_core, read_list


def listed(data: bytes, by: str, name: str = "list.txt", **core: Any) -> CoreList:
    return read_list(io.BytesIO(data), name, Core(by=by, list=name, **core))  # type: ignore[arg-type]


def parquet(**columns: list[Any]) -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.table(columns), out)
    return out.getvalue()


TITLES = {
    "a.txt": b"Tin\niron_age\n\n  Tin  \n",
    "crlf.txt": b"Tin\r\niron_age\r\n",
    "mark.txt": b"\xef\xbb\xbfTin\niron_age",
    "utf-16.txt": "Tin\niron_age\n".encode("utf-16"),
    "comment.txt": b"# metals\nTin\niron_age\n",
    "a.txt.gz": gzip.compress(b"Tin\niron_age\n"),
    "a.zst": zstandard.compress(b"Tin\niron_age\n"),
    "a.bz2": bz2.compress(b"Tin\niron_age\n"),
    "a.json": b'["Tin", "iron_age"]',
    "pretty.json": b'[\n "Tin",\n "iron_age"\n]',
    "objects.json": b'[{"qid": "Q1096", "title": "Tin"}, {"qid": "Q11764", "title": "iron_age"}]',
    "named.json": b'{"titles": ["Tin", "iron_age"]}',
    "levels.json": b'{"Tin": 3, "iron_age": 4}',
    "a.jsonl": b'{"title": "Tin"}\n{"title": "iron_age"}\n',
    "strings.jsonl": b'["Tin"]\n["iron_age"]\n',
    "a.tsv": b"Tin\tQ1096\t1920\niron_age\tQ11764\t\n",
    "header.tsv": b"qid\ttitle\nQ1096\tTin\nQ11764\tiron_age\n",
    "a.csv": b'number,title,pageid\n1,"Tin",7\n2,iron_age,8\n',
    "addresses.txt": b"https://en.wikipedia.org/wiki/Tin\nhttps://en.wikipedia.org/wiki/Iron%5Fage#A\n",
    "wiki.txt": b"* [[Tin]]\n# [[iron age|the age]]\n",
    "a.parquet": parquet(title=["Tin", "iron_age"], n=[1, 2]),
}


@pytest.mark.parametrize("name", TITLES)
def test_titles_in_every_form(name: str) -> None:
    assert list(listed(TITLES[name], "titles", name).numbers) == ["Tin", "Iron age"]


ITEMS = {
    "a.txt": b"Q42\nQ5\n",
    "a.json": b'["Q42", "Q5"]',
    "a.tsv": b"Douglas Adams\tQ42\t1952\tQ6581097\nHuman\tQ5\t\t\n",
    "query.tsv": b'?item\t?itemLabel\n<http://www.wikidata.org/entity/Q42>\t"Douglas"@en\n<http://www.wikidata.org/entity/Q5>\t"human"@en\n',
    "query.csv": b"item,itemLabel\nhttp://www.wikidata.org/entity/Q42,Douglas\nhttp://www.wikidata.org/entity/Q5,human\n",
    "query.json": b'[{"item": "http://www.wikidata.org/entity/Q42"}, {"item": "wd:Q5"}]',
    "only.csv": b"qid\nq42\nQ5\n",
}  # fmt: skip


@pytest.mark.parametrize("name", ITEMS)
def test_items_in_every_form(name: str) -> None:
    assert list(listed(ITEMS[name], "qids", name).numbers) == ["Q42", "Q5"]


LEVELS = {
    "a.json": b'{"Tin": 3, "Age": 4}',
    "texts.json": b'{"Tin": "3", "Age": "4"}',
    "by level.json": b'{"3": ["Tin"], "4": ["Age"]}',
    "objects.json": b'[{"title": "Tin", "level": 3}, {"title": "Age", "level": 4}]',
    "pairs.json": b'[["Tin", 3], ["Age", 4]]',
    "a.tsv": b"Tin\t3\nAge\t4\n",
    "header.tsv": b"title\tlevel\tqid\nTin\t3\tQ1096\nAge\t4\tQ7\n",
    "a.csv": b"level,title\n3,Tin\n4,Age\n",
}


@pytest.mark.parametrize("name", LEVELS)
def test_levels_in_every_form(name: str) -> None:
    assert list(listed(LEVELS[name], "level", name, max_level=3).numbers) == ["Tin"]
    assert list(listed(LEVELS[name], "level", name, max_level=4).numbers) == ["Tin", "Age"]


def test_both_sides_are_composed() -> None:
    title = "Citroën Ångström"
    apart = unicodedata.normalize("NFD", title)
    for ours, theirs in ((title, apart), (apart, title)):
        entries = listed(ours.encode(), "titles")
        table = pa.table({"title": [theirs, "Tin"]})
        assert in_core(table, Core(by="titles", list="x"), entries).to_pylist() == [True, False]


def test_each_entry_knows_its_line() -> None:
    entries = listed(b"# a comment\n\nTin\nIron\nTin\n", "titles")
    assert (dict(entries.numbers), list(entries.lines)) == ({"Tin": 0, "Iron": 1}, [3, 4])
    assert list(listed(b'["Tin"]', "titles").lines) == [0]


@pytest.mark.parametrize(
    ("by", "data", "message"),
    [
        ("qids", b'["Q1", "P31"]', "entry 2: 'P31' is no Wikidata item"),
        ("qids", b"[42]", "entry 1: 42 is no Wikidata item"),
        ("titles", b'[{"x": 1}]', r"entry 1: .* has no title"),
        ("titles", b'["Tin"', "is not valid JSON"),
        ("titles", b'["Tin"]\n["Iron"\n', "line 2 is not valid JSON"),
        ("level", b'["Tin"]', "entry 1: expected title<TAB>level"),
        ("titles", b"<!DOCTYPE html><html>", "it looks like an HTML page"),
        ("titles", b"\x1f\x8b\x08\0", "EOFError"),
        ("titles", parquet(title=["Tin"])[:-50], "does not end as such"),
    ],
)
def test_what_is_no_list_is_refused(by: str, data: bytes, message: str) -> None:
    with pytest.raises(Refused, match=f"core.list: list.txt.*{message}"):
        listed(data, by)


def test_a_json_list_need_not_be_small() -> None:
    titles = [f"Title {n}" for n in range(20_000)]
    assert len(listed(json.dumps(titles).encode(), "titles", "a.json")) == 20_000
