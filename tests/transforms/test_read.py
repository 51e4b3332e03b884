"""ReadArticles in a pipeline: accounts, faults, de-duplication, and what lies on disk."""

from __future__ import annotations

import bz2
import collections
import gzip
import io
import itertools
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from beam_synth.ingestion.article_files import (
    KEYED_REF_SCHEMA,
    article_table,
    newest,
    partitions,
    ref_table,
)
from beam_synth.ingestion.article_reading import ReadLimits
from beam_synth.ingestion.wikipedia import decode_json, parse_article
from beam_synth.records import (
    ARTICLE_REF_SCHEMA,
    ARTICLE_SCHEMA,
    RAW_LIMIT,
    Article,
    unpack,
)
from transforms.read import ReadArticles
from transforms.testing import Applied, run_transform


class Result:
    """What one run of ReadArticles gave."""

    def __init__(self, run: Path, found: Applied) -> None:
        self.run = run
        tables = [unpack(data) for data in found.out] or [ARTICLE_REF_SCHEMA.empty_table()]
        self.refs = pa.concat_tables(tables).sort_by("article_id")
        self.rejects = sorted(found.rejects, key=lambda reject: (reject.file, reject.line or 0))
        self.counts = found.counts

    def check_sums(self) -> None:
        """in = passed + rejected + failed in both stages, and each failure is a record."""
        for name in ("OpenFiles", "ReadArticles"):
            of = {key[1:]: n for key, n in self.counts.items() if key[0] == name}
            failed = {reason: n for (kind, reason), n in of.items() if kind == "failed"}
            assert of.get(("in", ""), 0) == of.get(("passed", ""), 0) + sum(failed.values())
            said = collections.Counter(r.reason for r in self.rejects if r.stage == name)
            assert said == failed
        assert self.counts["OpenFiles", "out", ""] == self.counts["ReadArticles", "in", ""]
        assert self.counts["ReadArticles", "out", ""] == self.refs.num_rows
        assert all(r.kind == "failed" for r in self.rejects)

    def faults(self) -> list[tuple[str, int | None, str]]:
        return [(Path(r.file).name, r.line, r.reason) for r in self.rejects]

    def bodies(self) -> dict[str, dict[str, Any]]:
        """The body that each reference points to."""
        found = {}
        for row in self.refs.to_pylist():
            table = pq.read_table(self.run / row["part"])
            assert table.schema == ARTICLE_SCHEMA
            found[row["article_id"]] = table.slice(row["row"], 1).to_pylist()[0]
        return found


def run_read(tmp_path: Path, *patterns: str, **limits: int) -> Result:
    run = tmp_path / "run"
    chosen = patterns or (str(tmp_path / "in" / "*"),)
    result = Result(run, run_transform(ReadArticles(chosen, str(run), ReadLimits(**limits))))
    result.check_sums()
    return result


def record(number: int, revision: int | None = 1, text: str = "Some text.") -> dict[str, Any]:
    return {
        "name": f"A{number}",
        "identifier": number,
        "url": f"https://en.wikipedia.org/wiki/A{number}",
        "version": {"identifier": revision},
        "sections": [
            {
                "type": "section",
                "name": "Abstract",
                "has_parts": [
                    {
                        "type": "paragraph",
                        "value": text,
                        "links": [{"text": "text", "url": "https://t"}],
                    }
                ],
            }
        ],
    }


def dump(*records: dict[str, Any]) -> bytes:
    return b"".join(orjson.dumps(one) + b"\n" for one in records)


def put(tmp_path: Path, **files: bytes) -> None:
    (tmp_path / "in").mkdir(exist_ok=True)
    for name, data in files.items():
        (tmp_path / "in" / name.replace("__", ".")).write_bytes(data)


def test_references_point_to_bodies(tmp_path: Path) -> None:
    put(tmp_path, a__jsonl=dump(*(record(n) for n in range(1, 8))))
    result = run_read(tmp_path, rows=3)
    assert result.refs.schema == ARTICLE_REF_SCHEMA
    bodies = result.bodies()
    assert sorted(bodies) == [f"enwiki:{n}" for n in range(1, 8)]
    assert bodies["enwiki:3"]["sections"] == [
        {
            "path": ["Abstract"],
            "kind": "prose",
            "text": "Some text.",
            "links": [{"offset": 5, "text": "text", "url": "https://t"}],
        }
    ]
    row = result.refs.to_pylist()[2]
    assert (row["line"], row["words"], row["path"], row["title"]) == (3, 2, "[]", "A3")
    assert row["file"] == str(tmp_path / "in" / "a.jsonl")
    assert len(list((tmp_path / "run/_tmp/articles").glob("*.parquet"))) == 3
    assert not list((tmp_path / "run/_tmp/articles").glob("*.tmp"))


def test_every_fault_is_an_error_with_file_and_line(tmp_path: Path) -> None:
    long = b'{"name": "' + b"y" * 200_000 + b'"}\n'
    lines = dump(record(1)) + b"{oops\n" + b'{"a": "\xff"}\n' + long
    lines += dump(
        {**record(2), "url": None}, {**record(3), "sections": 4}, {**record(4), "sections": []}
    )
    whole = gzip.compress(dump(*(record(n, text="z" * 50) for n in range(10, 400))))
    put(
        tmp_path,
        a__jsonl=lines + dump(record(5)),
        b__jsonl=b"",
        c__jsonl__gz=b"no gzip",
        d__jsonl__gz=whole[: len(whole) // 2],
        e__txt=b"words",
    )
    missing = str(tmp_path / "missing.jsonl")
    result = run_read(tmp_path, str(tmp_path / "in" / "*"), missing, line_bytes=100_000)
    torn = result.rejects[8]
    assert torn.line is not None and torn.line > 2
    assert result.faults() == [
        ("a.jsonl", 2, "malformed_json"),
        ("a.jsonl", 3, "invalid_utf8"),
        ("a.jsonl", 4, "line_too_long"),
        ("a.jsonl", 5, "missing_field"),
        ("a.jsonl", 6, "wrong_type"),
        ("a.jsonl", 7, "no_text"),
        ("b.jsonl", None, "empty_file"),
        ("c.jsonl.gz", None, "unreadable_file"),
        ("d.jsonl.gz", torn.line, "truncated_file"),
        ("e.txt", None, "unreadable_file"),
        ("missing.jsonl", None, "unreadable_file"),
    ]
    assert result.refs.num_rows == 2 + torn.line - 1
    assert result.rejects[0].raw == "{oops"
    assert (len(result.rejects[2].raw), result.rejects[2].raw_bytes) == (RAW_LIMIT, len(long) - 1)
    assert result.rejects[4].record_id == "enwiki:3"
    assert "sections" in result.rejects[4].detail
    assert result.counts["OpenFiles", "in", ""] == 6
    assert result.counts["OpenFiles", "passed", ""] == 2


def test_archives_count_their_members(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("README", "hello")
        for n in range(3):
            archive.writestr(f"{n}.jsonl", dump(record(n + 1)))
    tarred = io.BytesIO()
    with tarfile.open(fileobj=tarred, mode="w:gz") as tar:
        for n in range(3, 6):
            info = tarfile.TarInfo(f"{n}.jsonl")
            data = dump(record(n + 1), record(1, revision=None))
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    put(tmp_path, a__zip=out.getvalue(), b__tar__gz=tarred.getvalue())
    put(tmp_path, c__jsonl__bz2=bz2.compress(dump(record(9))))
    result = run_read(tmp_path)
    assert result.counts["OpenFiles", "in", ""] == 8
    assert result.counts["OpenFiles", "passed", ""] == 7
    assert result.faults() == [
        ("a.zip!README", None, "unreadable_file"),
        ("b.tar.gz!3.jsonl", 2, "duplicate_article"),
        ("b.tar.gz!4.jsonl", 2, "duplicate_article"),
        ("b.tar.gz!5.jsonl", 2, "duplicate_article"),
    ]
    assert result.refs.num_rows == 7


def test_the_newest_revision_wins(tmp_path: Path) -> None:
    old, new, none = record(1, 10, "Old."), record(1, 20, "New."), record(1, None, "None.")
    put(tmp_path, a__jsonl=dump(new, none, old), b__jsonl=dump(old, record(2)))
    result = run_read(tmp_path)
    assert result.bodies()["enwiki:1"]["sections"][0]["text"] == "New."
    assert result.faults() == [
        ("a.jsonl", 2, "duplicate_article"),
        ("a.jsonl", 3, "duplicate_article"),
        ("b.jsonl", 1, "duplicate_article"),
    ]
    assert {r.record_id for r in result.rejects} == {"enwiki:1"}
    assert "kept is revision 20" in result.rejects[0].detail


def test_files_are_read_once_and_names_are_no_globs(tmp_path: Path) -> None:
    put(tmp_path, a__jsonl=dump(record(1)), b1__jsonl=dump(record(3)))
    put(tmp_path, **{"b[1]__jsonl": dump(record(2))})
    folder = tmp_path / "in"
    patterns = (str(folder / "a*"), str(folder / "a.jsonl"), str(folder / "b[1].jsonl"))
    result = run_read(tmp_path, *patterns)
    assert (result.refs.column("title").to_pylist(), result.rejects) == (["A1", "A2"], [])


def test_a_folder_is_an_error(tmp_path: Path) -> None:
    put(tmp_path, a__jsonl=dump(record(1)))
    assert run_read(tmp_path, str(tmp_path / "in")).faults() == [("in", None, "unreadable_file")]


def test_an_unreadable_path_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, a__jsonl=dump(record(1)))

    def refuse(*args: Any, **kwargs: Any) -> Any:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("beam_synth.ingestion.file_accounts.open_input", refuse)
    assert run_read(tmp_path).faults() == [("a.jsonl", None, "unreadable_file")]


def shown(refs: pa.Table) -> list[dict[str, Any]]:
    """References without the place."""
    found: list[dict[str, Any]] = refs.drop_columns(["file", "line", "part", "row"]).to_pylist()
    return found


def test_cutting_files_changes_nothing(tmp_path: Path) -> None:
    records = [record(n % 20 + 1, n % 3 or None, f"Text {n}.") for n in range(60)]
    results = []
    for name, cuts in (("one", [60]), ("many", [7, 20, 21, 60])):
        folder = tmp_path / name
        (folder / "in").mkdir(parents=True)
        for start, end in itertools.pairwise([0, *cuts]):
            put(folder, **{f"f{99 - start}__jsonl": dump(*records[start:end])})
        results.append(run_read(folder, rows=5, partitions=4 if name == "one" else 3))
    one, many = results
    assert shown(one.refs) == shown(many.refs)
    assert one.bodies() == many.bodies()
    assert one.counts["ReadArticles", "failed", "duplicate_article"] == 40


# ---------------------------------------------------------------- columns, without a pipeline


def test_article_table_round_trip() -> None:
    articles = [parse_article(record(n, n or None)) for n in range(1, 4)]
    rows = article_table(articles).to_pylist()
    for article, row in zip(articles, rows, strict=True):
        assert row["article_id"] == article.article_id
        assert [tuple(s["path"]) for s in row["sections"]] == [s.path for s in article.sections]
        assert [s["text"] for s in row["sections"]] == [s.text for s in article.sections]
    assert article_table([]).schema == ARTICLE_SCHEMA


ENTRIES = st.lists(
    st.tuples(st.integers(1, 4), st.none() | st.integers(1, 3), st.sampled_from("abc")), max_size=12
)


@settings(deadline=None)
@given(ENTRIES, st.integers(1, 5), st.randoms())
def test_newest_equals_a_plain_search(
    entries: list[tuple[int, int | None, str]], step: int, random: Any
) -> None:
    articles = [parse_article(record(*entry)) for entry in entries]
    places = [("f", line) for line in range(1, len(entries) + 1)]
    order = list(range(len(entries)))
    random.shuffle(order)
    tables = [KEYED_REF_SCHEMA.empty_table()]
    for start in range(0, len(order), step):
        picked = order[start : start + step]
        table = ref_table([articles[i] for i in picked], [places[i] for i in picked], "p")
        tables += [part for _, part in partitions(table, 3)]
    kept, lost = newest(tables)
    assert kept.num_rows + len(lost) == len(entries)
    best: dict[str, int] = {}
    for article in articles:
        best[article.article_id] = max(best.get(article.article_id, 0), article.revision or 0)
    found = {row["article_id"]: row for row in kept.to_pylist()}
    assert {name: row["revision"] or 0 for name, row in found.items()} == best
    for row in lost:
        winner = found[row["article_id"]]
        assert (row["kept_line"], row["kept_revision"]) == (winner["line"], winner["revision"])
        assert (row["revision"] or 0) <= (winner["revision"] or 0)
    again, _ = newest([ref_table(articles, places, "p")])
    assert again.drop_columns(["row"]) == kept.drop_columns(["row"])


# ---------------------------------------------------------------- real data


def test_real_articles(tmp_path: Path, real_data: Path) -> None:
    result = run_read(tmp_path, str(real_data / "structured" / "*.jsonl.gz"), rows=300)
    assert result.counts["OpenFiles", "in", ""] == 15
    assert result.counts["OpenFiles", "out", ""] == 1787
    assert result.refs.num_rows == 1779
    assert {r.reason for r in result.rejects} == {"duplicate_article"}
    languages = set(result.refs.column("language").to_pylist())
    assert languages >= {"de", "en", "es", "fr", "it", "la", "nl", "pl", "pt"}
    parts = set(result.refs.column("part").to_pylist())
    assert sum(pq.read_metadata(result.run / part).num_rows for part in parts) == 1787


def test_real_articles_cut_into_pieces(tmp_path: Path, real_data: Path) -> None:
    name = real_data / "structured" / "enwiki.jsonl.gz"
    lines = gzip.decompress(name.read_bytes()).splitlines(keepends=True)
    whole, pieces = tmp_path / "whole", tmp_path / "pieces"
    for folder, step in ((whole, len(lines)), (pieces, 37)):
        folder.mkdir()
        for start in range(0, len(lines), step):
            put(
                folder,
                **{f"{start}__jsonl__gz": gzip.compress(b"".join(lines[start : start + step]))},
            )
    one, many = run_read(whole), run_read(pieces, bytes=500_000)
    assert shown(one.refs) == shown(many.refs)
    assert one.bodies() == many.bodies()
    assert isinstance(parse_article(decode_json(lines[0])), Article)
