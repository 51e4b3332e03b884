"""ReadDocuments and ReadInstructions: accounts, faults, ids, and what lies on disk."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from beam_synth.drawing import digest
from beam_synth.errors import Fault
from beam_synth.ingestion.article_reading import ReadLimits
from beam_synth.ingestion.instructions import instructions_of
from beam_synth.ingestion.row_sources import RowSource
from beam_synth.records import (
    ARTICLE_REF_SCHEMA,
    ARTICLE_SCHEMA,
    INSTRUCTION_SCHEMA,
    RECORD_REF_SCHEMA,
    Instruction,
    unpack,
)
from beam_synth.storage.files import RunFolder
from tests.doubles.row_sources import TEXT, documents, instructions, write_lines
from transforms.read import ReadDocuments, ReadInstructions
from transforms.testing import Applied, run_transform


def refs_of(found: Applied, schema: pa.Schema) -> pa.Table:
    tables = [unpack(data) for data in found.out] or [schema.empty_table()]
    refs = pa.concat_tables(tables)
    assert refs.schema == schema
    return refs.sort_by(schema.names[0])


def faults_of(found: Applied) -> list[tuple[str, int | None, str, str]]:
    """(file, line, stage, reason) of each error record, by place."""
    assert {record.kind for record in found.rejects} <= {"failed"}
    told = [(Path(r.file).name, r.line, r.stage, r.reason) for r in found.rejects]
    return sorted(told, key=lambda fault: (fault[0], fault[1] or 0))


# ---------------------------------------------------------------- documents


def read_documents(run: Path, *sources: RowSource, rows: int = 4096) -> Applied:
    return run_transform(ReadDocuments(sources, str(run), ReadLimits(rows=rows)))


def test_documents_become_articles_and_every_bad_row_is_told(tmp_path: Path) -> None:
    lines = write_lines(
        tmp_path / "a.jsonl",
        {"id": "a", "text": TEXT, "title": "Mill"},
        b"no json",
        b'{"text": "\xff"}',
        {"text": 3},
        {"text": ""},
        {"id": "b"},
        {"id": "c", "text": TEXT, "language": "?"},
    )
    (tmp_path / "b.csv").write_text(f"id,text\n1,{TEXT.replace(',', '')}\n2\n")
    (tmp_path / "empty.jsonl").touch()
    (tmp_path / "odd.bin").write_bytes(b"\0\1")
    gone = documents({"path": write_lines(tmp_path / "gone.jsonl", {"text": TEXT})})
    Path(gone[0].files[0].path).unlink()
    other = [
        {"path": str(tmp_path / name)} for name in ("a.jsonl", "b.csv", "empty.jsonl", "odd.bin")
    ]
    found = read_documents(tmp_path / "run", *documents(*other), *gone)
    refs = refs_of(found, ARTICLE_REF_SCHEMA)
    assert refs["article_id"].to_pylist() == ["a/a", "b/1"]
    assert faults_of(found) == [
        ("a.jsonl", 2, "ReadDocuments", "malformed_json"),
        ("a.jsonl", 3, "ReadDocuments", "invalid_utf8"),
        ("a.jsonl", 4, "ReadDocuments", "wrong_type"),
        ("a.jsonl", 5, "ReadDocuments", "no_text"),
        ("a.jsonl", 6, "ReadDocuments", "missing_field"),
        ("a.jsonl", 7, "ReadDocuments", "unknown_language"),
        ("b.csv", 3, "ReadDocuments", "malformed_row"),
        ("empty.jsonl", None, "OpenDocuments", "empty_file"),
        ("gone.jsonl", None, "OpenDocuments", "unreadable_file"),
        ("odd.bin", None, "OpenDocuments", "unreadable_file"),
    ]
    by_line = {record.line: record for record in found.rejects if record.file == lines}
    assert (by_line[6].record_id, by_line[6].raw) == ("a/b", '{"id":"b"}')
    assert found.counts["OpenDocuments", "in", ""] == 5
    assert found.counts["OpenDocuments", "out", ""] == found.counts["ReadDocuments", "in", ""] == 9
    row = refs.to_pylist()[0]
    table = pq.read_table(tmp_path / "run" / row["part"])
    assert table.schema == ARTICLE_SCHEMA
    body = table.to_pylist()[row["row"]]
    assert (body["title"], body["language"], body["license"]) == ("Mill", "en", "CC0-1.0")
    assert body["sections"] == [{"path": ["Text"], "kind": "prose", "text": TEXT, "links": []}]


def test_one_id_is_kept_once_in_each_source_whatever_the_order(tmp_path: Path) -> None:
    texts = [f"{TEXT} It has {n} sails." for n in range(4)]
    first = write_lines(tmp_path / "x" / "1.jsonl", *({"id": 1, "text": t} for t in texts[:2]))
    second = write_lines(tmp_path / "x" / "2.jsonl", *({"id": 1, "text": t} for t in texts[2:]))
    other = write_lines(tmp_path / "y.jsonl", {"id": 1, "text": texts[0]})
    kept = set()
    for paths in ((f"{tmp_path}/x/*.jsonl", other), (other, f"{tmp_path}/x/*.jsonl")):
        found = read_documents(
            tmp_path / "run", *documents(*({"path": path} for path in paths)), rows=1
        )
        refs = refs_of(found, ARTICLE_REF_SCHEMA)
        assert refs["article_id"].to_pylist() == ["x/1", "y/1"]
        assert Counter(r.reason for r in found.rejects) == {"duplicate_id": 3}
        assert all(r.detail.startswith(f"kept is {tmp_path}/x/") for r in found.rejects)
        kept.add((refs["file"][0].as_py(), refs["line"][0].as_py()))
    assert len(kept) == 1
    assert kept <= {(first, 1), (first, 2), (second, 1), (second, 2)}


def test_equal_texts_without_ids_are_one_document(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "a.jsonl", {"text": TEXT}, {"text": f" {TEXT}\n"})
    found = read_documents(tmp_path / "run", *documents({"path": path}))
    assert len(refs_of(found, ARTICLE_REF_SCHEMA)) == 1
    assert faults_of(found) == [("a.jsonl", 2, "ReadDocuments", "duplicate_id")]


# ---------------------------------------------------------------- instructions


def read_instructions(run: Path, *sources: RowSource, **limits: int) -> Applied:
    return run_transform(ReadInstructions(sources, str(run), 4, ReadLimits(**limits)))


def bodies(run: Path, refs: pa.Table) -> dict[str, Instruction]:
    wanted: dict[str, list[str]] = {}
    for row in refs.to_pylist():
        wanted.setdefault(row["file"], []).append(row["record_id"])
    return instructions_of(wanted, RunFolder(str(run)).open)


def test_instructions_get_fingerprints_only_where_a_method_makes_more_of_them(
    tmp_path: Path,
) -> None:
    rows = [{"id": n, "prompt": "How old is the mill by the sea, and who built it?"} for n in "ab"]
    sources = instructions({"path": write_lines(tmp_path / "a.jsonl", *rows), "language": "en"})
    for compared in (True, False):
        stage = ReadInstructions(sources, str(tmp_path / str(compared)), 1, compared=compared)
        refs = refs_of(run_transform(stage), RECORD_REF_SCHEMA)
        assert len(refs) == 2
        assert refs["text_hash"].null_count == refs["bands"].null_count == (0 if compared else 2)
        assert len(set(refs["text_hash"].to_pylist())) == 1


def test_instructions_are_found_again_by_their_references(tmp_path: Path) -> None:
    rows = [{"id": n, "prompt": f"How old is mill {n}?", "answer": n} for n in range(60)]
    path = write_lines(tmp_path / "a.jsonl", *rows)
    entry = {"path": path, "language": "en", "columns": {"reference": "answer"}}
    run = tmp_path / "run"
    found = read_instructions(run, *instructions(entry), rows=7)
    refs = refs_of(found, RECORD_REF_SCHEMA)
    assert not found.rejects
    ids = [f"{digest(f'a/{n}')}00" for n in range(60)]
    assert sorted(refs["record_id"].to_pylist()) == sorted(ids)
    assert set(refs["config"].to_pylist()) == {"instructions"}
    assert set(refs["language"].to_pylist()) == {"en"}
    of = bodies(run, refs)
    assert of[ids[7]] == Instruction(
        ids[7], "a/7", "How old is mill 7?", "", "7", "en", "a", "CC0-1.0", path, 8
    )
    assert len(of) == 60
    for file in set(refs["file"].to_pylist()):
        table = pq.read_table(run / file)
        assert table.schema == INSTRUCTION_SCHEMA
        assert table["record_id"].to_pylist() == sorted(table["record_id"].to_pylist())
    missing = f"{digest('a/60')}00"
    with pytest.raises(Fault, match=f"has no instruction {missing}"):
        instructions_of({refs["file"][0].as_py(): [missing]}, RunFolder(str(run)).open)


def test_every_bad_instruction_is_told_and_one_id_kept_once(tmp_path: Path) -> None:
    write_lines(
        tmp_path / "x" / "1.jsonl",
        {"prompt": "Who built the mill on the hill?", "system": "Be brief.", "source": "forum",
         "license": "MIT"},
        {"prompt": "Who built the mill on the hill?"},
        {"prompt": ["Who?"]},
        {"prompt": " "},
        {"id": "q", "prompt": "When was the mill built, and by whom?", "reference": {}},
        {"id": "q", "prompt": "When was the mill built, and by whom?"},
    )  # fmt: skip
    write_lines(
        tmp_path / "x" / "2.jsonl",
        {"id": "q", "prompt": "Which of the mills is the oldest?"},
        {"prompt": "Who built the mill on the hill?"},
        {"instruction": "Who?"},
    )
    results = []
    for rows in (1, 4096):
        run = tmp_path / f"run{rows}"
        found = read_instructions(run, *instructions({"path": f"{tmp_path}/x/*.jsonl"}), rows=rows)
        assert faults_of(found) == [
            ("1.jsonl", 3, "ReadInstructions", "wrong_type"),
            ("1.jsonl", 4, "ReadInstructions", "no_text"),
            ("1.jsonl", 5, "ReadInstructions", "wrong_type"),
            ("2.jsonl", 1, "ReadInstructions", "duplicate_id"),
            ("2.jsonl", 2, "ReadInstructions", "duplicate_id"),
            ("2.jsonl", 3, "ReadInstructions", "missing_field"),
        ]
        of = bodies(run, refs_of(found, RECORD_REF_SCHEMA))
        results.append(of)
        assert of[f"{digest('x/q')}00"].prompt == "When was the mill built, and by whom?"
        (brief,) = (one for one in of.values() if one.system)
        assert (brief.source, brief.license, brief.language) == ("forum", "MIT", "en")
        assert len(of) == 3
    assert results[0] == results[1]


def test_files_of_instructions_depend_on_the_rows_alone(tmp_path: Path) -> None:
    rows: list[dict[str, Any]] = [
        {"id": n, "prompt": f"How old is mill {n}?", "language": "en"} for n in range(40)
    ]
    path = tmp_path / "in" / "a.jsonl"
    written = []
    for size in (3, 40):
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"".join(orjson.dumps(row) + b"\n" for row in rows))
        run = tmp_path / f"run{size}"
        read_instructions(run, *instructions({"path": str(path)}), rows=size)
        files = sorted((run / "_instructions").iterdir())
        written.append([(file.name, file.read_bytes()) for file in files])
    assert written[0] == written[1]
