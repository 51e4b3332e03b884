"""Whole runs over inputs as people have them: folders, archives, long lines, lists that miss."""

from __future__ import annotations

import lzma
from pathlib import Path

import datasets
import pytest

from tests.commands.test_wrong_inputs import article, errors, line, run

LONG = "ma" * 3000


def test_articles_may_be_a_saved_dataset(tmp_path: Path) -> None:
    datasets.disable_progress_bars()
    rows = [article(n) for n in range(1, 4)]
    datasets.Dataset.from_list(rows).save_to_disk(tmp_path / "saved", num_shards=2)
    code, output = run(tmp_path, str(tmp_path / "saved"))
    assert (code, errors(output)) == (0, [])


def test_the_longest_line_is_the_jobs_to_say(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.jsonl.xz"
    path.write_bytes(lzma.compress(line(number=1) + line(number=2, description=LONG)))
    code, output = run(tmp_path, str(path), extra=("--set", "max_line_bytes=5000"))
    (told,) = errors(output)
    assert (code, told["reason"], told["line"]) == (0, "line_too_long", 2)
    assert told["detail"].endswith("bytes; max_line_bytes is 5,000")
    other = tmp_path / "other"
    other.mkdir()
    code, output = run(other, str(path), extra=("--set", "max_line_bytes=9000"))
    assert (code, errors(output)) == (0, [])


def test_entries_of_a_list_that_found_nothing_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"".join(line(number=n) for n in (1, 2, 3)))
    (tmp_path / "list.json").write_text('["Marrow Point Light 1", "Marow Point Lighthouse"]')
    core = f"core={{by: titles, list: {tmp_path}/list.json}}"
    code, output = run(tmp_path, str(path), extra=("--set", core))
    (told,) = errors(output)
    assert (code, told["reason"]) == (0, "unresolved_entry")
    assert told["record_id"] == "Marow Point Lighthouse"
    assert "the nearest is 'Marrow Point Light 1'" in told["detail"]
    said = capsys.readouterr().out
    assert "core.list: 1 of its 2 entries found no article; each is in" in said
    assert "errors/resolve_list.jsonl" in said
