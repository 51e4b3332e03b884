"""Files of another kind than their key says are refused; damaged ones are left to the run."""

from __future__ import annotations

import gzip
import zipfile
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from beam_synth.errors import Refused
from beam_synth.ingestion.peeking import Found, check_articles, check_rows, found_columns
from beam_synth.storage.inputs import expand
from tests.doubles.row_sources import TEXT, documents, instructions, write_lines
from tests.paths import SAMPLE


def parquet(path: Path, **columns: list[Any]) -> str:
    pq.write_table(pa.table(columns), path)
    return str(path)


def archive(path: Path, name: str, data: bytes) -> str:
    with zipfile.ZipFile(path, "w") as out:
        out.writestr(name, data)
    return str(path)


def test_columns_of_each_kind_of_file(tmp_path: Path) -> None:
    table = parquet(tmp_path / "a.parquet", n=[1], text=["a"])
    assert found_columns(table) == Found(("n", "text"), ("int64", "string"))
    lines = write_lines(tmp_path / "a.jsonl", {"text": "a"}, b"no json", {"n": 1}, [3])
    assert found_columns(lines).names == ("text", "n")
    (tmp_path / "a.csv").write_text("n,text\n1,a\n")
    assert found_columns(str(tmp_path / "a.csv")).names == ("n", "text")
    packed = archive(tmp_path / "a.zip", "b.jsonl", b'{"text": "a"}\n')
    assert found_columns(packed).names == ("text",)
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(b'{"text": "a"}\n')[:-4])
    assert found_columns(str(tmp_path / "a.jsonl.gz")).names == ("text",)


@pytest.mark.parametrize("data", [b"", b"no json\n", b"\xff\n", b"PAR1", b"[]"])
def test_nothing_is_said_of_a_file_without_a_record(tmp_path: Path, data: bytes) -> None:
    for name in ("a.jsonl", "a.parquet"):
        path = tmp_path / name
        path.write_bytes(data)
        assert found_columns(str(path)) == Found(())
        check_articles(expand([str(path)], "articles"))
        check_rows(documents({"path": str(path)})[0])
    assert found_columns(str(tmp_path / "none")) == Found(())


def test_articles_pass_even_with_faults(tmp_path: Path) -> None:
    check_articles(expand([str(SAMPLE / "articles-*.jsonl")], "articles"))
    path = write_lines(tmp_path / "a.jsonl", {"name": "A"}, {"identifier": 3})
    check_articles(expand([path], "articles"))


def test_documents_under_articles_are_refused_with_what_to_write(tmp_path: Path) -> None:
    path = parquet(tmp_path / "a.parquet", id=[1], body=["a"], url=["u"])
    with pytest.raises(Refused) as caught:
        check_articles(expand([path], "articles"))
    assert str(caught.value) == (
        f"articles: {path} holds id, body, url; an article needs name, identifier, url and a text "
        "(sections or abstract); did you mean documents: "
        f"[{{path: {path}, columns: {{text: body}}}}]?"
    )
    other = write_lines(tmp_path / "a.jsonl", {"labels": {}, "claims": {}})
    with pytest.raises(Refused, match=r"holds labels, claims; .*\(sections or abstract\)$"):
        check_articles(expand([other], "articles"))


@pytest.mark.parametrize(
    ("row", "entry", "message"),
    [
        ({"body": TEXT}, {}, r"no column 'text'; it holds body; say which .*: \{text: body\}$"),
        ({"txt": TEXT}, {}, r"no column 'text' \(did you mean 'txt'\?\); it holds txt$"),
        ({"body": TEXT}, {"columns": {"text": "bdy"}}, r"'bdy' \(did you mean 'body'\?\)"),
        ({"text": TEXT}, {"columns": {"title": "head"}}, "no column 'head'; it holds text$"),
        ({"name": "a", "identifier": 1}, {}, "name files of articles under articles$"),
        ({"text": TEXT}, {"license": None}, "a: no licence is stated and no column 'license'"),
        ({f"c{n}": 1 for n in range(20)}, {}, "c10, c11 and 8 more$"),
    ],
)
def test_documents_without_what_they_need(
    tmp_path: Path, row: dict[str, Any], entry: dict[str, Any], message: str
) -> None:
    path = write_lines(tmp_path / "a.jsonl", row)
    (source,) = documents({"path": path, **entry})
    with pytest.raises(Refused, match=f"^documents: .*{message}"):
        check_rows(source)


def test_a_licence_may_come_from_a_column(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "a.jsonl", {"text": TEXT, "rights": "MIT"})
    entry = {"path": path, "license": None, "columns": {"license": "rights"}}
    check_rows(documents(entry)[0])


def test_a_column_of_another_type_is_refused(tmp_path: Path) -> None:
    path = parquet(tmp_path / "a.parquet", prompt=[["a"]])
    (source,) = instructions({"path": path})
    with pytest.raises(Refused, match=r"the column 'prompt' holds list<.*>, not text"):
        check_rows(source)


def test_optional_columns_of_another_type_can_be_left_out(tmp_path: Path) -> None:
    path = parquet(tmp_path / "a.parquet", id=[1], text=["a"], title=[None], license=[["MIT"]])
    with pytest.raises(Refused, match=r"'license' holds list<.*\{license: null\} leaves it out"):
        check_rows(documents({"path": path})[0])
    check_rows(documents({"path": path, "columns": {"license": None}})[0])
    with pytest.raises(Refused, match="no licence is stated"):
        check_rows(documents({"path": path, "columns": {"license": None}, "license": None})[0])


def test_every_local_file_is_looked_at(tmp_path: Path) -> None:
    write_lines(tmp_path / "a.jsonl", {"prompt": "a"})
    write_lines(tmp_path / "b.jsonl", {"question": "a"})
    (source,) = instructions({"path": f"{tmp_path}/*.jsonl"})
    with pytest.raises(Refused, match=r"b\.jsonl has no column 'prompt'.*\{prompt: question\}"):
        check_rows(source)
