"""What bad input gets, one by one: records go to errors/ with a reason, wrong jobs are refused."""

from __future__ import annotations

import gzip
import json
import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from beam_synth.cli import main

FAST = [
    "--set", "models.embedder={engine: hashing}",
    "--set", "neighbors.k=2",
    "--set", "write.shards=2",
    "--quiet",
]  # fmt: skip
SENTENCES = (
    "The lighthouse of Marrow Point was built in 1874 by the engineer Ada Brennan.",
    "It stands 41 metres tall on a granite cliff above the Sound of Ister.",
    "Its lamp burned whale oil until 1901, when an electric arc light replaced it.",
    "The keeper's house beside the tower has been a museum since 1962.",
    "Every autumn the museum shows the logbooks of the first keeper, Tomas Leland.",
)


def article(number: int = 1, **changes: Any) -> dict[str, Any]:
    """A good article of the Structured Contents schema, with changes."""
    return {
        "name": f"Marrow Point Light {number}",
        "identifier": number,
        "url": f"https://example.org/wiki/Marrow_Point_{number}",
        "in_language": {"identifier": "en"},
        "is_part_of": {"identifier": "enwiki"},
        "version": {"identifier": 100 + number},
        "license": [{"identifier": "CC-BY-SA-4.0", "url": "https://example.org/by-sa"}],
        "sections": [
            {
                "type": "section",
                "name": "Abstract",
                "has_parts": [{"type": "paragraph", "value": " ".join(SENTENCES)}],
            }
        ],
        **changes,
    }


def line(**changes: Any) -> bytes:
    return json.dumps(article(**changes)).encode() + b"\n"


def run(folder: Path, *patterns: str, extra: tuple[str, ...] = ()) -> tuple[int, Path]:
    output = folder / "run"
    code = main(
        ["run", "quickstart", "--articles", *patterns, "--output", str(output), *FAST, *extra]
    )
    return code, output


def errors(output: Path) -> list[dict[str, Any]]:
    return [
        json.loads(text)
        for path in sorted((output / "errors").glob("*.jsonl"))
        for text in path.read_text(encoding="utf-8").splitlines()
    ]


def truncated(data: bytes) -> bytes:
    return data[: len(data) * 2 // 3]


def bad_line(text: bytes) -> Callable[[Path], Path]:
    def write(folder: Path) -> Path:
        path = folder / "articles.jsonl"
        path.write_bytes(line() + text + b"\n" + line(number=2))
        return path

    return write


def truncated_gz(folder: Path) -> Path:
    path = folder / "articles.jsonl.gz"
    noise = [line(number=n, description=os.urandom(400).hex()) for n in range(1, 40)]
    path.write_bytes(truncated(gzip.compress(b"".join(noise))))
    return path


def truncated_zip(folder: Path) -> Path:
    path = folder / "articles.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        noise = [line(number=n, description=os.urandom(400).hex()) for n in range(1, 40)]
        archive.writestr("articles.jsonl", b"".join(noise))
    path.write_bytes(truncated(path.read_bytes()))
    return path


RECORDS: dict[str, tuple[Callable[[Path], Path], str, int | None]] = {
    "malformed line": (bad_line(b'{"name": '), "malformed_json", 2),
    "wrong type": (bad_line(line(number=3, sections="none").strip()), "wrong_type", 2),
    "no text": (bad_line(line(number=3, sections=[]).strip()), "no_text", 2),
    "invalid UTF-8": (bad_line(b'{"name": "\xff\xfe"}'), "invalid_utf8", 2),
    "20 MB line": (bad_line(b'{"name": "' + b"x" * 20_000_000 + b'"}'), "line_too_long", 2),
    "older duplicate": (
        bad_line(line(number=2, version={"identifier": 7}).strip()),
        "duplicate_article",
        2,
    ),
    "truncated gz": (truncated_gz, "truncated_file", None),
    "truncated zip": (truncated_zip, "truncated_file", None),
}


@pytest.mark.parametrize("case", RECORDS)
def test_a_bad_record_is_kept_with_its_reason_and_the_job_goes_on(
    case: str, tmp_path: Path
) -> None:
    make, reason, number = RECORDS[case]
    path = make(tmp_path)
    code, output = run(tmp_path, str(path))
    assert code == 0
    found = errors(output)
    assert [item["reason"] for item in found] == [reason]
    assert path.name in found[0]["file"]
    if number is not None:
        assert found[0]["line"] == number
    manifest = json.loads((output / "manifest.json").read_text())
    assert sum(f["records"] for f in manifest["files"] if f["format"] == "parquet") > 0


def test_an_empty_file_is_an_error_and_the_others_are_read(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(b"")
    (tmp_path / "b.jsonl").write_bytes(line())
    code, output = run(tmp_path, f"{tmp_path}/*.jsonl")
    assert code == 0
    assert [(e["reason"], Path(e["file"]).name) for e in errors(output)] == [
        ("empty_file", "a.jsonl")
    ]


def refused(capsys: pytest.CaptureFixture[str], code: int, *words: str) -> None:
    """One message on stderr, exit code 2."""
    text = capsys.readouterr().err
    assert code == 2, text
    assert text.startswith("beam-synth: ")
    for word in words:
        assert word in text
    assert "Traceback" not in text


def test_a_missing_path_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, output = run(tmp_path, f"{tmp_path}/none.jsonl")
    refused(capsys, code, "articles: no file matches", "none.jsonl")
    assert not output.exists()


def test_an_unusable_output_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.jsonl").write_bytes(line())
    (tmp_path / "file").write_text("")
    job = ["run", "quickstart", "--articles", f"{tmp_path}/a.jsonl", *FAST]
    refused(capsys, main([*job, "--output", f"{tmp_path}/file/run"]), "output folder")
    used = tmp_path / "used"
    used.mkdir()
    (used / "thesis.tex").write_text("")
    refused(capsys, main([*job, "--output", str(used)]), "not empty and holds no run")
    assert [item.name for item in used.iterdir()] == ["thesis.tex"]


def test_another_identity_is_refused_and_a_finished_run_stays_untouched(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.jsonl").write_bytes(line())
    assert run(tmp_path, f"{tmp_path}/a.jsonl")[0] == 0
    before = {p: p.stat().st_mtime_ns for p in (tmp_path / "run").rglob("*") if p.is_file()}
    capsys.readouterr()
    assert run(tmp_path, f"{tmp_path}/a.jsonl")[0] == 0
    assert "finished already" in capsys.readouterr().out
    code, _ = run(tmp_path, f"{tmp_path}/a.jsonl", extra=("--seed", "2"))
    refused(capsys, code, "holds another run")
    after = {p: p.stat().st_mtime_ns for p in (tmp_path / "run").rglob("*") if p.is_file()}
    assert {p: t for p, t in after.items() if p.name != "_lock"} == {
        p: t for p, t in before.items() if p.name != "_lock"
    }


def test_a_second_start_at_the_same_time_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from beam_synth.runs.folder import locked

    (tmp_path / "a.jsonl").write_bytes(line())
    with locked(str(tmp_path / "run")):
        code, _ = run(tmp_path, f"{tmp_path}/a.jsonl")
    refused(capsys, code, "another process is working on this run")


def test_an_endpoint_that_is_not_there_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.jsonl").write_bytes(line())
    generator = "models.generator={engine: openai, model: m, base_url: 'http://127.0.0.1:9/v1'}"
    code, output = run(tmp_path, f"{tmp_path}/a.jsonl", extra=("--set", generator))
    refused(capsys, code, "http://127.0.0.1:9/v1", "answer")
    assert not output.exists()


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("models.generator={engine: extractve}", ["extractve", "did you mean 'extractive'"]),
        ("models.generator={engine: openai, model: m}", ["base_url"]),
        ("models.embedder={engine: hashng}", ["did you mean 'hashing'"]),
        ("mixture={rga: 1}", ["did you mean 'rag'"]),
        ("core={by: titles, list: none.txt}", ["core.list: no file matches"]),
        ("tasks.per_passage=-1", ["tasks.per_passage"]),
    ],
)
def test_a_wrong_job_is_refused_with_the_nearest_right_one(
    setting: str, words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.jsonl").write_bytes(line())
    code, output = run(tmp_path, f"{tmp_path}/a.jsonl", extra=("--set", setting))
    refused(capsys, code, *words)
    assert not output.exists()


def test_a_missing_extra_is_refused_with_what_to_install(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import importlib.util

    real = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util,
        "find_spec",
        lambda name, *rest: None if name == "faiss" else real(name, *rest),
    )
    (tmp_path / "a.jsonl").write_bytes(line())
    code, _ = run(tmp_path, f"{tmp_path}/a.jsonl")
    refused(capsys, code, "faiss", "pip install 'beam-synth[core]'")
