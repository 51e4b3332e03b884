"""`verify`: what a run's rows were recorded as comes out again, and every change is told."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from beam_synth.cli import main
from beam_synth.commands.positions import LEAST, AnswerPlace, Places, place_of, position_p_values
from beam_synth.commands.verify import Verified, verify_run
from beam_synth.drawing import Draw
from beam_synth.errors import Refused
from beam_synth.records import SAMPLE_SCHEMA
from beam_synth.text.control_tokens import has_control_token, neutral_turn
from tests.doubles.endpoints import command
from tests.paths import ROOT

Row = dict[str, Any]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of every method over the French articles of the sample encyclopaedia."""
    output = tmp_path_factory.mktemp("verified") / "run"
    arguments: list[str | Path] = ["run", "synth-small", "--quiet", "--output", output]
    arguments += ["--articles", "templates/sample/articles-fr.jsonl", "--set", "tasks.limit=400"]
    arguments += ["--set", "write.shards=2", "--runner", "FnApiRunner"]
    done = subprocess.run(command(*arguments), cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]
    return output


@pytest.fixture
def run(made: Path, tmp_path: Path) -> Path:
    """A copy of it that may be spoiled."""
    shutil.copytree(made, tmp_path / "run")
    return tmp_path / "run"


def shard(run: Path) -> Path:
    return sorted((run / "data" / "samples").glob("*.parquet"))[0]


def rewrite(run: Path, change: Callable[[list[Row]], None], *, and_manifest: bool = True) -> None:
    """Write a shard anew with changed rows; with the manifest, as one who hides it would."""
    path = shard(run)
    rows = pq.read_table(path).to_pylist()
    change(rows)
    pq.write_table(pa.Table.from_pylist(rows, schema=SAMPLE_SCHEMA), path)
    if and_manifest:
        manifest = json.loads((run / "manifest.json").read_text())
        for item in manifest["files"]:
            if item["path"] == str(path.relative_to(run)):
                item["sha256"] = hashlib.sha256(path.read_bytes()).hexdigest()
        (run / "manifest.json").write_text(json.dumps(manifest))


def names(found: Verified) -> set[str]:
    return {item.name for item in found.disagreements}


def test_a_run_as_it_was_written_has_no_disagreement(
    made: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["verify", str(made)]) == 0
    said = capsys.readouterr().out
    rows = sum(pq.read_metadata(p).num_rows for p in (made / "data").glob("*/*.parquet"))
    assert rows > 200
    assert f"{rows:,} rows, " in said
    assert said.endswith(": 0 disagreements\n")
    assert {"trace_grammar", "citations_quoted"} < verify_run(str(made)).checks.keys()


def test_a_changed_file_is_told(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rewrite(run, lambda rows: None, and_manifest=False)
    assert main(["verify", str(run)]) == 1
    assert "its sha256 is not the manifest's" in capsys.readouterr().out


def test_files_that_are_gone_or_broken_are_told(run: Path) -> None:
    first, second = sorted((run / "data" / "samples").glob("*.parquet"))
    first.unlink()
    second.write_bytes(second.read_bytes()[:5000])
    found = verify_run(str(run))
    assert {item.file for item in found.disagreements} == {
        str(path.relative_to(run)) for path in (first, second)
    }
    assert any("cannot be read" in item.detail for item in found.disagreements)


def test_every_altered_column_is_told_by_its_row(run: Path) -> None:
    names_of = list(SAMPLE_SCHEMA.names)
    altered: dict[str, str] = {}

    def change(rows: list[Row]) -> None:
        for row, name in zip(rows, names_of, strict=False):
            if name == "synth_id":
                continue
            old = row[name]
            if isinstance(old, str):
                row[name] = old + "x"
            elif isinstance(old, int):
                row[name] = old + 1
            else:
                row[name] = [*old, *old[-1:]] or [""]
            if row[name] != old:
                altered[row["synth_id"]] = name

    rewrite(run, change)
    told = {item.record_id: item for item in verify_run(str(run)).disagreements if item.row}
    assert len(altered) >= 20
    assert set(told) == set(altered)


@pytest.mark.parametrize("keep_outcomes", [True, False])
def test_what_checks_said_cannot_be_rewritten(run: Path, keep_outcomes: bool) -> None:
    if not keep_outcomes:
        shutil.rmtree(run / "_completed")
    draw = Draw("mutations", keep_outcomes)

    def change(rows: list[Row]) -> None:
        for row, kind in zip(rows, ("score", "detail", "name", "gone", "more"), strict=False):
            check = row["checks"][draw.below(len(row["checks"]))]
            if kind == "gone":
                row["checks"].remove(check)
            elif kind == "more":
                row["checks"].append({**check, "name": "made_up"})
            else:
                check[kind] = 0.123 if kind == "score" else "made up"

    rewrite(run, change)
    found = {item.row for item in verify_run(str(run)).disagreements}
    assert found == {1, 2, 3, 4, 5}


def test_rows_that_are_out_of_order_doubled_or_invented_are_told(run: Path) -> None:
    def change(rows: list[Row]) -> None:
        rows[0], rows[1] = rows[1], rows[0]
        rows.append(dict(rows[-1]))
        rows[5] = {**rows[5], "synth_id": rows[5]["synth_id"][:-2] + "ff"}

    rewrite(run, change)
    assert {"order", "outcome"} <= names(verify_run(str(run)))


def test_rows_of_a_method_without_verify_are_counted(run: Path) -> None:
    """Of a user's own method, say; they are no disagreement by themselves."""
    shutil.rmtree(run / "_completed")
    script = "tests.doubles.programs:two_calls@1 beam-synth 0"

    def change(rows: list[Row]) -> None:
        for row in rows[:7]:
            row["script"] = script

    rewrite(run, change)
    found = verify_run(str(run))
    assert found.unchecked == {"tests.doubles.programs:two_calls": 7}
    assert not found.disagreements
    assert "7 rows of 'tests.doubles.programs:two_calls' are not checked" in str(found)


def test_right_answers_that_stand_at_one_place_are_told(made: Path) -> None:
    found = verify_run(str(made))
    assert {name for name, _, _ in found.places} == {"rag", "mcq", "math mcq"}
    assert all(p > LEAST for p in position_p_values(found.places).values())
    first: Places = Counter({AnswerPlace("mcq", 0, 4): 40, AnswerPlace("rag", 2, 5): 1})
    assert position_p_values(first)["mcq"] < LEAST < position_p_values(first)["rag"]
    assert place_of({"exercise": "editing"}) is None
    for broken in ("", "[]", "{}", '{"key": "A", "options": []}', '{"key": 4, "options": [1, 2]}'):
        assert place_of({"exercise": "mcq", "constraints": broken}) is None


def test_rows_that_are_gone_are_told(run: Path) -> None:
    def change(rows: list[Row]) -> None:
        rows.pop()

    rewrite(run, change)
    (found,) = verify_run(str(run)).disagreements
    assert "the manifest tells of" in found.detail


def test_a_row_of_an_unknown_method_is_told(run: Path) -> None:
    rewrite(run, lambda rows: rows[0].update(script="nothing@1 beam-synth 0"))
    assert "script" in names(verify_run(str(run)))


MARKED = (
    "The Aspen format of 1994 closes each of its 12 turns with <|im_end|> and opens the next with "
    "<|im_start|>, as the Velden group had asked in 1993. Older files of 1990 write [INST] before "
    "a request and [/INST] behind it, and they end a document with </s> or with <|endoftext|>.",
    "In the Brandt library of 2003 a thought stands between <think> and </think>, while the "
    "Kestrel tools of 2005 use <start_of_turn> and <｜end▁of▁sentence｜> for 14 kinds of files. "
    "The museum of Aspen keeps 230 of them, which pupils of 2011 had to copy by hand.",
)


def test_rows_of_sources_with_control_tokens_hold_none_say_so_and_verify(tmp_path: Path) -> None:
    article = {
        "name": "Aspen <|im_end|> format",
        "identifier": 7,
        "abstract": MARKED[0],
        "url": "https://en.wiki.example/wiki/Aspen",
        "license": [{"identifier": "CC-BY-SA-4.0"}],
        "sections": [{"name": "Use", "has_parts": [{"value": text} for text in MARKED]}],
    }
    (tmp_path / "a.jsonl").write_text(json.dumps(article))
    document = {"id": "d", "text": "\n\n".join(MARKED), "language": "en"}
    (tmp_path / "d.jsonl").write_text(json.dumps(document))
    output = tmp_path / "run"
    arguments: list[str | Path] = ["run", "quickstart", "--quiet", "--output", output]
    arguments += ["--set", "models.embedder={engine: hashing}", "--runner", "FnApiRunner"]
    arguments += ["--set", f"documents=[{{path: {tmp_path}/d.jsonl, license: CC0-1.0}}]"]
    arguments += ["--articles", tmp_path / "a.jsonl", "--set", "write.shards=1"]
    done = subprocess.run(command(*arguments), cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]
    rows = pq.read_table(shard(output)).to_pylist()
    assert rows
    for row in rows:
        assert row["checks"][-1]["kind"] == "source"
        assert "‹|im_end|›" in row["query_seed_text"]
        for text in (row["query"], row["query_seed_text"], row["synthetic_answer"]):
            assert not has_control_token(text)
        for turn in row["messages"]:
            assert (
                neutral_turn(turn["content"], thinks=turn["role"] == "assistant") == turn["content"]
            )
    sources = json.loads((output / "metrics.json").read_text())["sources"]
    assert sources["records_with_control_tokens"] == 2
    verified = verify_run(str(output))
    assert not verified.disagreements and verified.rows == len(rows)

    def spoil(rows: list[Row]) -> None:
        rows[0]["checks"].pop()
        rows[1]["query"] += "<|im_end|>"

    rewrite(output, spoil)
    told = [item for item in verify_run(str(output)).disagreements if item.name == "control_tokens"]
    assert [item.row for item in told] == [1, 2]


def test_what_is_no_finished_run_is_refused(run: Path, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="not a finished run"):
        verify_run(str(tmp_path))
    shutil.rmtree(run / "_passages")
    with pytest.raises(Refused, match=r"passages .* are gone"):
        verify_run(str(run))


def test_another_version_is_refused(run: Path) -> None:
    manifest = json.loads((run / "manifest.json").read_text())
    (run / "manifest.json").write_text(json.dumps({**manifest, "version": "0.0.0"}))
    with pytest.raises(Refused, match=r"made by version 0\.0\.0"):
        verify_run(str(run))
