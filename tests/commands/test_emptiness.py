"""A run that can only be empty is refused; one that ended empty is no success, again and again."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from beam_synth.commands import emptiness
from beam_synth.errors import Fault
from beam_synth.ingestion.wikipedia import parse_article
from beam_synth.records import Article
from tests.commands.test_wrong_inputs import FAST, line
from tests.doubles.endpoints import call

REJECTING = "mixture={'tests.doubles.programs:rejecting': 1.0}"


def run(folder: Path, *extra: str, command: str = "run") -> tuple[int, str, Path]:
    """(exit code, what was said, output folder) of the quickstart over `folder`'s articles."""
    output = folder / "run"
    arguments = [command, "quickstart", "--articles", f"{folder}/*.jsonl*", *FAST[:-1], *extra]
    if command == "run":
        arguments += ["--quiet", "--output", str(output)]
    code, out, err = call(*arguments)
    return code, out + err, output


def articles(folder: Path) -> None:
    german = line(number=2, in_language={"identifier": "de"}, main_entity={"identifier": "Q7"})
    (folder / "a.jsonl").write_bytes(line() + german)


def listed(folder: Path, by: str, text: str) -> str:
    (folder / "list.txt").write_text(text)
    return f"core={{by: {by}, list: {folder}/list.txt}}"


EMPTY: list[tuple[str, tuple[str, str] | None, str]] = [
    ("languages=[it]", None, "languages: no article is in it; the articles are in de, en"),
    ("languages=[xx]", None, "languages: nothing in the mixture can serve xx: models.generator"),
    ("languages=[en, la]", None, "languages: no article is in la; the articles are in de, en"),
    ("languages={la: 0.5, pl: 0.5}", None, "no article is in any of la, pl"),
    ("", ("titles", "\n"), "list.txt names no article"),
    ("", ("level", '{"Mill": 4}'), "names no article of levels 1 to 3"),
    ("", ("titles", "Mill\n"), "core.list: none of the 2 articles is in"),
    ("", ("qids", "Q1\n"), "core.list: none of the 2 articles is in"),
    ("languages=[en]", ("qids", "Q7\n"), "no article is in en; the articles are in de"),
]


@pytest.mark.parametrize(("setting", "core", "said"), EMPTY)
@pytest.mark.parametrize("command", ["run", "check"])
def test_what_can_only_be_empty_is_refused(
    setting: str, core: tuple[str, str] | None, said: str, command: str, tmp_path: Path
) -> None:
    articles(tmp_path)
    sets = [setting] * bool(setting) + ["core={by: all}", "expand.wikidata=null"]
    if core:
        sets += [listed(tmp_path, *core)] + ["core.max_level=3"] * (core[0] == "level")
    flags = [part for value in sets for part in ("--set", value)]
    code, text, output = run(tmp_path, *flags, command=command)
    assert (code, said in text) == (2, True), text
    assert not output.exists()


def test_articles_of_which_none_can_be_read_are_refused_with_what_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(b"hello\n" * 3)
    (tmp_path / "b.jsonl").write_bytes(b"")
    (tmp_path / "c.jsonl.gz").write_bytes(gzip.compress(line(sections=[]))[:-9])
    code, text, output = run(tmp_path)
    assert code == 2 and "no file holds an article that can be read" in text
    assert "a.jsonl line 1: malformed_json" in text and "b.jsonl: empty_file" in text
    assert "c.jsonl.gz" in text
    assert not output.exists()


@pytest.mark.parametrize("key", ["name", "identifier", "url"])
def test_articles_that_all_lack_what_they_cannot_do_without_are_refused(
    key: str, tmp_path: Path
) -> None:
    (tmp_path / "a.jsonl").write_bytes(line(**{key: None}) + line(**{key: ""}))
    code, text, output = run(tmp_path)
    assert code == 2 and f"a.jsonl line 1: missing_field: {key}" in text
    assert not output.exists()


ROWS = [
    ("documents", "text", "{memorization: 1}", "a document"),
    ("instructions", "prompt", "{'tests.doubles.kinds:tell': 1}", "an instruction"),
]


@pytest.mark.parametrize(("key", "column", "mixture", "what"), ROWS)
def test_rows_of_which_none_can_be_read_are_refused(
    key: str, column: str, mixture: str, what: str, tmp_path: Path
) -> None:
    rows: list[Any] = [{column: None}, {column: " "}, {column: ["a"]}, 5]
    (tmp_path / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    entry = f"{key}=[{{path: {tmp_path}/rows.jsonl, license: MIT}}]"
    sets = (entry, "articles=[]", f"mixture={mixture}", "expand.wikidata=null", "core={by: all}")
    flags = [part for value in sets for part in ("--set", value)]
    output = tmp_path / "run"
    code, out, err = call("run", "quickstart", *FAST, *flags, "--output", str(output))
    said = f"{key}: no file holds {what} that can be read:\n  {tmp_path}/rows.jsonl line 1: missing"
    assert (code, said in out + err) == (2, True), out + err
    assert not output.exists()


@pytest.mark.parametrize(
    "setting",
    ["languages=all", "languages=synth", "languages=[de]", "languages={en: 0.9, la: 0.1}"],
)
def test_what_can_give_a_record_is_not_refused(setting: str, tmp_path: Path) -> None:
    articles(tmp_path)
    core = "core={by: all}"
    code, text, _ = run(tmp_path, "--set", setting, "--set", core, command="check")
    assert code == 0, text


def test_rules_know_some_languages_only(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(line(in_language={"identifier": "sv"}))
    code, text, _ = run(tmp_path, "--set", "core={by: all}", "--set", "languages=all")
    assert code == 2 and "models.generator (extractive)" in text and "are in sv, but" in text


def test_no_more_is_read_than_decides(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[Any] = []

    def counted(record: Any) -> Article:
        read.append(record)
        return parse_article(record)

    monkeypatch.setattr("beam_synth.commands.emptiness.parse_article", counted)
    (tmp_path / "a.jsonl").write_bytes(b"".join(line(number=n) for n in range(1, 50)))
    core = ("--set", "core={by: all}")
    assert run(tmp_path, *core, command="check")[0] == 0
    assert len(read) == 1
    # What lies behind the bound is left to the run: nothing is refused on half of the input.
    monkeypatch.setattr(emptiness, "_READ_BYTES", 3 * len(line()))
    assert run(tmp_path, *core, "--set", "languages=[la]", command="check")[0] == 0
    assert 3 < len(read) - 1 < 10


def test_a_run_that_ended_without_a_record_fails_and_says_where_all_was_lost(
    tmp_path: Path,
) -> None:
    articles(tmp_path)
    settings = ("--set", "core={by: all}", "--set", REJECTING)
    code, text, output = run(tmp_path, *settings)
    stages = json.loads((output / "manifest.json").read_text())["stages"]
    lost = next(stage for stage in stages if stage["name"] == "Generate")
    assert code == 1 and "done in" not in text
    assert f"holds no record: of {lost['in']} that came to Generate none passed" in text
    assert f"({lost['in']} nothing_to_ask); each is in {output}/rejects/generate.jsonl" in text
    assert len((output / "rejects" / "generate.jsonl").read_text().splitlines()) == lost["in"]
    assert run(tmp_path, *settings)[:2] == (code, text)
    assert "finished without a record" in call("status", output)[1]


def test_what_passes_for_a_loss_is_found_against_the_flow(tmp_path: Path) -> None:
    def stage(name: str, sources: list[str], entered: int, out: int) -> dict[str, Any]:
        lost = {"stub": entered} if entered and not out else {}
        return {"name": name, "from": sources, "in": entered, "out": out, "rejected": {},
                "failed_by": lost}  # fmt: skip

    stages = [
        stage("Read", [], 9, 9),
        stage("Other", [], 4, 0),
        stage("Split", ["Read"], 9, 0),
        stage("Plan", ["Split"], 0, 0),
        stage("Write", ["Plan", "Other"], 0, 0),
    ]
    (tmp_path / "manifest.json").write_text(json.dumps({"stages": stages}))
    with pytest.raises(Fault) as told:
        emptiness.check_made_some(str(tmp_path))
    assert "of 9 that came to Split none passed (9 stub)" in str(told.value)
    assert "errors/split.jsonl" in str(told.value)


@pytest.mark.parametrize(("kept", "said"), [(0, ""), (2, "; all but what is only counted are in ")])
def test_no_file_is_named_for_what_is_counted_alone(kept: int, said: str, tmp_path: Path) -> None:
    rejected = {"not_drawn": 9, "language_not_asked": kept}
    stages = [{
        "name": "PlanTasks", "from": [], "in": 9 + kept, "out": 0, "rejected": rejected,
        "failed_by": {}, "unrecorded": {"not_drawn": 9},
    }]  # fmt: skip
    (tmp_path / "manifest.json").write_text(json.dumps({"stages": stages}))
    with pytest.raises(Fault) as told:
        emptiness.check_made_some(str(tmp_path))
    file = f"{tmp_path}/rejects/plan_tasks.jsonl" if kept else ""
    assert str(told.value).endswith(f"{kept} language_not_asked){said}{file}")


def test_what_is_left_out_is_counted_or_kept_with_the_same_data(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(b"".join(line(number=n) for n in range(1, 30)))
    settings = ["core={by: all}", "languages=all", "tasks.per_passage=0.7", "tasks.limit=3"]
    sets = [part for setting in settings for part in ("--set", setting)]
    data, stages = [], []
    for kept in ("false", "true"):
        code, text, output = run(tmp_path, *sets, "--set", f"tasks.keep_left_out={kept}")
        assert code == 0, text
        manifest = json.loads((output / "manifest.json").read_text())
        data.append({f["path"]: f["sha256"] for f in manifest["files"] if f["config"] == "samples"})
        stages.append({stage["name"]: stage for stage in manifest["stages"]})
        names = {path.name for path in (output / "rejects").glob("*")}
        assert ({"plan_tasks.jsonl", "limit_tasks.jsonl"} <= names) == (kept == "true")
        output.rename(tmp_path / kept)
    assert data[0] == data[1]
    for name, reason in (("PlanTasks", "not_drawn"), ("LimitTasks", "over_limit")):
        counted, recorded = (one[name] for one in stages)
        assert counted["rejected"] == recorded["rejected"] == counted["unrecorded"]
        assert counted["rejected"][reason] > 0 and recorded["unrecorded"] == {}
