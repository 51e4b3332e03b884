"""Entries of the core's list that no article answers to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from beam_synth.job.schema import Core
from beam_synth.knowledge.unresolved import NearestTitles, trigrams
from beam_synth.records import ARTICLE_REF_SCHEMA, pack
from transforms.resolve import ResolveList
from transforms.testing import Applied, run_transform

EMPTY: dict[str, Any] = {
    "wiki": "enwiki", "language": "en", "revision": 1, "date_modified": "", "words": 9,
    "part": "p", "row": 0, "file": "a.jsonl", "line": 1, "path": "",
}  # fmt: skip


def applied(tmp_path: Path, data: bytes, by: str, *articles: tuple[str, str]) -> Applied:
    (tmp_path / "list.txt").write_bytes(data)
    rows = [{**EMPTY, "article_id": f"e:{t}", "title": t, "qid": q} for t, q in articles]
    halves = (rows[::2], rows[1::2])
    packed = [pack(pa.Table.from_pylist(half, ARTICLE_REF_SCHEMA)) for half in halves]
    core = Core(by=by, list=str(tmp_path / "list.txt"))  # type: ignore[arg-type]
    return run_transform(ResolveList(core), packed)


def test_each_entry_without_an_article_is_told_with_the_nearest_title(tmp_path: Path) -> None:
    data = "Tin\nIron age Europe\nAcetylsalicylic acid\nZürich\nXyz\n".encode()
    articles = ("Tin", "Iron Age", "Iron Age (Europe)", "Zurich", "Acetic acid", "Salicylic acid")
    found = applied(tmp_path, data, "titles", *((title, "") for title in articles))
    told = {r.record_id: (r.line, r.detail) for r in found.rejects}
    assert told == {
        "Iron age Europe": (2, "no article has this title; the nearest is 'Iron Age (Europe)'"),
        "Acetylsalicylic acid": (3, "no article has this title; the nearest is 'Salicylic acid'"),
        "Zürich": (4, "no article has this title; the nearest is 'Zurich'"),
        "Xyz": (5, "no article has this title, and none is like it"),
    }
    assert {(r.kind, r.reason, r.file) for r in found.rejects} == {
        ("failed", "unresolved_entry", str(tmp_path / "list.txt"))
    }
    assert found.counts["ResolveList", "in", ""] == 5
    assert found.counts["ResolveList", "passed", ""] == 1


@pytest.mark.parametrize("data", [b"Q1\nQ9\n", b'["Q9", "Q1"]'])
def test_items_have_no_nearest(tmp_path: Path, data: bytes) -> None:
    found = applied(tmp_path, data, "qids", ("Tin", "Q1"), ("Iron", ""))
    (told,) = found.rejects
    assert (told.record_id, told.detail) == ("Q9", "no article is of this item")


def test_nothing_is_told_where_all_are_found(tmp_path: Path) -> None:
    found = applied(tmp_path, b"tin\nIron_age\n", "titles", ("Tin", ""), ("Iron age", ""))
    assert found.rejects == []
    assert found.counts["ResolveList", "passed", ""] == 2


def test_a_list_of_many_entries_passes_over_what_most_of_them_share() -> None:
    wanted = {n: f"List of places {n:04}" for n in range(2_500)}
    nearest = NearestTitles(wanted)
    nearest.look(["List of places 0007 (old)", "Other"])
    assert nearest.best[7][1] == "List of places 0007 (old)"
    assert len(nearest.best) < 2_500


def test_titles_are_compared_without_case_and_marks() -> None:
    assert trigrams("ÉTÉ 1912") == trigrams("ete, (1912)")
