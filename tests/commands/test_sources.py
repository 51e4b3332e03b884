"""Jobs of the user's own documents and instructions, from the job file to the dataset."""

from __future__ import annotations

import dataclasses
import json
import re
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
import yaml

from beam_synth.cli import main
from beam_synth.commands.run import execute
from beam_synth.job.loading import load_job
from beam_synth.runs.identity import Run, plan_run
from tests.commands.test_wrong_inputs import SENTENCES
from tests.doubles.row_sources import instructions, write_lines

JOB: dict[str, Any] = {
    "name": "mine",
    "mixture": {"memorization": 1.0},
    "languages": "all",
    "tasks": {"per_passage": 1},
    "neighbors": {"k": 1},
    "models": {"embedder": {"engine": "hashing"}},
    "write": {"shards": 1, "formats": ["parquet"]},
}


def rows(*numbers: int) -> list[dict[str, Any]]:
    return [
        {"nr": n, "body": " ".join(SENTENCES).replace("Marrow", f"Marrow{n}"), "head": f"Light {n}"}
        for n in numbers
    ]


def job(folder: Path, **keys: Any) -> str:
    path = folder / "job.yaml"
    path.write_text(yaml.safe_dump({**JOB, **keys}))
    return str(path)


DOCUMENTS = {
    "path": "in/docs.jsonl",
    "columns": {"id": "nr", "text": "body", "title": "head"},
    "license": "CC-BY-4.0",
}


def planned(path: str) -> Run:
    return plan_run(load_job(path), "run")


def test_documents_become_samples_that_name_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_lines(tmp_path / "in" / "docs.jsonl", *rows(1, 2), b"no json")
    path = job(tmp_path, documents=[DOCUMENTS])
    assert main(["plan", path]) == 0
    assert "looked at 2 documents of all of them in 1 files" in capsys.readouterr().out
    assert main(["run", path, "--output", str(tmp_path / "run"), "--quiet"]) == 0
    samples = pq.read_table(tmp_path / "run" / "data" / "samples").to_pylist()
    assert samples
    for sample in samples:
        (seed, *_) = sample["seeds"]
        assert seed["title"] in ("Light 1", "Light 2")
        assert (seed["url"], seed["license"], seed["section"]) == ("", "CC-BY-4.0", "Text")
    (error,) = (tmp_path / "run" / "errors" / "read_documents.jsonl").read_text().splitlines()
    assert json.loads(error)["reason"] == "malformed_json"
    manifest = json.loads((tmp_path / "run" / "manifest.json").read_text())
    reads = {
        stage["name"]: (stage["from"], stage["in"], stage["out"]) for stage in manifest["stages"]
    }
    assert reads["ReadDocuments"] == (["OpenDocuments"], 3, 2)
    assert reads["SelectCore"] == (["ReadDocuments"], 2, 2)
    (described,) = manifest["job"]["documents"]
    assert described["name"] == "docs"
    assert [item["name"] for item in described["files"]] == ["docs.jsonl"]
    assert str(tmp_path) not in json.dumps(manifest["job"])
    assert main(["verify", str(tmp_path / "run")]) == 0


def test_the_identity_goes_by_content_and_meaning_not_by_place(tmp_path: Path) -> None:
    def identity(folder: str, *numbers: int, **changes: Any) -> str:
        write_lines(tmp_path / folder / "in" / "docs.jsonl", *rows(*numbers))
        return planned(job(tmp_path / folder, documents=[{**DOCUMENTS, **changes}])).identity

    first = identity("a", 1, 2)
    assert identity("b", 1, 2) == first
    others = {
        identity("c", 1, 3),
        identity("d", 1, 2, license="MIT"),
        identity("e", 1, 2, language="en"),
        identity("f", 1, 2, columns={"text": "body"}),
    }
    assert len(others | {first}) == 5


def test_paths_are_beside_the_job_and_names_are_left(tmp_path: Path) -> None:
    (tmp_path / "here" / "set").mkdir(parents=True)
    paths = ["in/a.jsonl", "in/*", "here/set", "owner/set", "gs://bucket/a.jsonl"]
    entries = [{"path": path} for path in paths]
    loaded = load_job(job(tmp_path, documents=entries))
    assert [entry.path for entry in loaded.documents] == [
        *(str(tmp_path / path) for path in paths[:3]),
        "owner/set",
        "gs://bucket/a.jsonl",
    ]
    override = "instructions=[{path: a.jsonl}, {path: owner/set}]"
    loaded = load_job(job(tmp_path, documents=entries), overrides=[override])
    assert [entry.path for entry in loaded.instructions] == [
        str(Path.cwd() / "a.jsonl"),
        "owner/set",
    ]


def test_sources_of_one_name_are_told_apart(tmp_path: Path) -> None:
    names = ("a/docs.jsonl", "b/docs.jsonl", "docs-2.jsonl")
    for name in names:
        write_lines(tmp_path / name, *rows(1))
    entries = [{**DOCUMENTS, "path": name} for name in names]
    run = planned(job(tmp_path, documents=entries))
    assert [source.name for source in run.documents] == ["docs", "docs-2", "docs-2-2"]


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({}, "it names no source: articles, documents, instructions or problems"),
        (
            {"problems": "."},
            "start from passages, sections or articles; name articles or documents",
        ),
        (
            {"documents": [DOCUMENTS], "instructions": [{"path": "in/docs.jsonl"}]},
            "instructions: no method of the mixture starts from instructions",
        ),
        ({"documents": [{**DOCUMENTS, "path": "in/none"}]}, "documents: in/none: there is no such"),
        ({"documents": [{**DOCUMENTS, "path": "none.csv"}]}, "documents: no file matches"),
        ({"articles": ["in/docs.jsonl"]}, r"articles: .* holds nr, body, head; an article needs"),
    ],
)
def test_wrong_sources_are_refused_before_work(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    keys: dict[str, Any],
    message: str,
) -> None:
    monkeypatch.setattr("datasets.load_dataset", _unreachable)
    write_lines(tmp_path / "in" / "docs.jsonl", *rows(1))
    code = main(["run", job(tmp_path, **keys), "--output", str(tmp_path / "run"), "--quiet"])
    assert code == 2
    assert re.search(message, capsys.readouterr().err)
    assert not (tmp_path / "run").exists()


def _unreachable(*_: Any, **__: Any) -> Any:
    raise ConnectionError("Couldn't reach the Hub")


def test_instructions_are_read_and_accounted_for(tmp_path: Path) -> None:
    write_lines(tmp_path / "in" / "docs.jsonl", *rows(1))
    path = write_lines(
        tmp_path / "ask.jsonl", {"prompt": "Where is the lighthouse?"}, {"prompt": 3}
    )
    run = plan_run(load_job(job(tmp_path, documents=[DOCUMENTS])), str(tmp_path / "run"))
    manifest = execute(
        dataclasses.replace(run, instructions=instructions({"path": path})), [], quiet=True
    )
    assert manifest is not None
    (read,) = (stage for stage in manifest["stages"] if stage["name"] == "ReadInstructions")
    assert (read["in"], read["out"], read["failed"]) == (2, 1, 1)
    assert (tmp_path / "run" / "errors" / "read_instructions.jsonl").exists()
