"""Input patterns: expanded, sized and hashed, or refused with the key."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from beam_synth.errors import Refused
from beam_synth.storage.inputs import expand, matching


def test_patterns_give_each_file_once_in_order(tmp_path: Path) -> None:
    for name in ("b.jsonl", "a.jsonl"):
        (tmp_path / name).write_text(name)
    files = expand([f"{tmp_path}/*.jsonl", f"{tmp_path}/a.jsonl"], "articles")
    assert [item.name for item in files] == ["a.jsonl", "b.jsonl"]
    assert files[0].bytes == 7
    assert files[0].checksum == "sha256:" + hashlib.sha256(b"a.jsonl").hexdigest()


def test_a_name_with_wildcard_characters_is_taken_literally_where_it_exists(tmp_path: Path) -> None:
    (tmp_path / "a[1].jsonl").write_text("x")
    assert expand([f"{tmp_path}/a[1].jsonl"], "articles")[0].name == "a[1].jsonl"


@pytest.mark.parametrize("pattern", ["none.jsonl", "*.none", "no/such/folder/x"])
def test_a_pattern_without_files_is_refused(pattern: str, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="articles: no file matches"):
        expand([f"{tmp_path}/{pattern}"], "articles")


def test_a_folder_is_refused_with_what_to_write(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="is a folder; name its files"):
        expand([str(tmp_path)], "articles")


def test_an_unknown_filesystem_is_refused() -> None:
    with pytest.raises(Refused, match=r"core\.list: nosuch://x/y cannot be listed"):
        expand(["nosuch://x/y"], "core.list")


def test_a_file_counts_once_whatever_leads_to_it(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "a.jsonl").write_text("{}\n")
    (tmp_path / "link.jsonl").symlink_to(tmp_path / "data" / "a.jsonl")
    ways = ["data/a.jsonl", "data/../data/*.jsonl", "link.jsonl"]
    found = expand([str(tmp_path / way) for way in ways], "articles")
    assert [item.path for item in found] == [str(tmp_path / "data" / "a.jsonl")]


def test_hidden_files_are_no_input_unless_they_are_asked_for(tmp_path: Path) -> None:
    names = ["a.jsonl", "._a.jsonl", "b/c.jsonl", "__MACOSX/a.jsonl", ".cache/d.jsonl"]
    for name in names:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)

    def found(pattern: str) -> list[str]:
        items = expand([f"{tmp_path}/{pattern}"], "articles")
        return [str(Path(item.path).relative_to(tmp_path)) for item in items]

    assert found("**/*.jsonl") == ["a.jsonl", "b/c.jsonl"]
    assert found("*/*.jsonl") == ["b/c.jsonl"]
    assert found("._a.jsonl") == ["._a.jsonl"]
    assert found(".c*/*.jsonl") == [".cache/d.jsonl"]
    assert found(".cache/*.jsonl") == [".cache/d.jsonl"]
    assert [Path(path).name for path in matching(f"{tmp_path}/*.jsonl")] == ["a.jsonl"]
