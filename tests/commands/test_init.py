"""`init` makes a folder that can be edited and moved, of shipped jobs and of a user's own."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest
import yaml

from beam_synth.cli import main
from beam_synth.commands.init import copy_job
from beam_synth.errors import Refused
from beam_synth.job.loading import load_job, shipped_jobs
from beam_synth.job.schema import Job
from beam_synth.runs.identity import plan_run
from tests.doubles.row_sources import TEXT, write_lines
from tests.paths import SAMPLE

OWN = """\
# A job of my own.
name: mine  # of the folder of runs

articles:
    - data/a.jsonl  # English
    - 'data/b*.jsonl'
    - {absolute}/a.jsonl
core:
    by: titles
    list: &list titles.txt  # one a line
expand: {{wikidata: data/wikidata.json, depth: 1}}
mixture: {{"memorization": 1.0}}
problems: "my problems"
prompts: house
models:
    embedder: &rules {{engine: hashing}}  # small
"""


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A job with lists in both styles, anchors, comments, prompts and problems of its own."""
    folder = tmp_path / "own"
    for name in ("data", "my problems", "house/memorization"):
        (folder / name).mkdir(parents=True)
    for name, source in (("a", "articles-en"), ("b1", "articles-de"), ("b2", "articles-fr")):
        shutil.copy(SAMPLE / f"{source}.jsonl", folder / "data" / f"{name}.jsonl")
    shutil.copy(SAMPLE / "wikidata.json", folder / "data")
    shutil.copy(SAMPLE.parent / "problems" / "rates.yaml", folder / "my problems")
    (folder / "titles.txt").write_text("Ferry\n", encoding="utf-8")
    (folder / "house" / "memorization" / "query.jinja").write_text("{{ passage.text }}")
    job = folder / "job.yaml"
    job.write_text(OWN.format(absolute=folder / "data"), encoding="utf-8")
    return job


@pytest.mark.parametrize("name", sorted(shipped_jobs()))
def test_a_shipped_job_can_be_moved(name: str, tmp_path: Path) -> None:
    copy_job(name, tmp_path / "mine")
    moved = tmp_path / "elsewhere" / "moved"
    moved.parent.mkdir()
    (tmp_path / "mine").rename(moved)
    shipped, job = load_job(name), load_job(str(moved / f"{name}.yaml"))
    run, of_shipped = plan_run(job, ""), plan_run(shipped, "")
    for item in (*run.articles, *run.lists, *run.wikidata):
        assert Path(item.path).is_relative_to(moved)
    assert run.identity == of_shipped.identity  # the same texts, under the same names


@pytest.mark.parametrize("name", sorted(shipped_jobs()))
def test_only_paths_of_the_text_change(name: str, tmp_path: Path) -> None:
    copy_job(name, tmp_path / "mine")
    before = shipped_jobs()[name].read_text(encoding="utf-8")
    after = (tmp_path / "mine" / f"{name}.yaml").read_text(encoding="utf-8")
    assert after == before.replace("../sample/", "sample/") + "prompts: prompts\n"


def test_a_users_own_job_takes_its_small_files_along(own: Path, tmp_path: Path) -> None:
    lines = copy_job(str(own), tmp_path / "mine")
    text = (tmp_path / "mine" / "job.yaml").read_text(encoding="utf-8")
    assert yaml.safe_load(text) == {
        **yaml.safe_load(own.read_text(encoding="utf-8")),
        "articles": ["../own/data/a.jsonl", "../own/data/b*.jsonl", f"{own.parent}/data/a.jsonl"],
        "core": {"by": "titles", "list": "lists/titles.txt"},
        "expand": {"wikidata": "../own/data/wikidata.json", "depth": 1},
        "problems": "problems",
        "prompts": "prompts",
    }
    for comment in ("# A job of my own.", "# of the folder of runs", "# English", "# one a line"):
        assert comment in text
    mine = tmp_path / "mine"
    assert (mine / "prompts/memorization/query.jinja").read_text() == "{{ passage.text }}"
    assert not (mine / "prompts/memorization/query").exists()  # it is replaced as a whole
    assert len(list((mine / "prompts/memorization/answer").glob("*.jinja"))) >= 10
    assert [path.name for path in (mine / "problems").iterdir()] == ["rates.yaml"]
    assert sum("stays where it is" in line for line in lines) == 4
    assert not any("PYTHONPATH" in line for line in lines)
    job = load_job(str(mine / "job.yaml"))
    assert plan_run(job, "").identity == plan_run(load_job(str(own)), "").identity


ROWS = """\
name: rows
documents:
  - path: data/notes.csv
    columns: {text: body}
    license: CC0-1.0
  - {path: data/set, license: CC0-1.0}
  - {path: owner/set}  # on the hub
  - {path: s3://bucket/notes.csv}
instructions: [{path: "data/ask*.jsonl", license: CC0-1.0}]
mixture: {memorization: 1, "tests.doubles.kinds:tell": 1}
models:
  embedder: {engine: hashing}
  generator: {engine: "my_engine:Parrot"}
  teacher: {pool: [{engine: openai, model: a}, {engine: "my_engine:Echo", model: b}]}
cache: vectors
"""


@pytest.fixture
def of_rows(tmp_path: Path) -> Path:
    """A job of documents and instructions, by relative paths, names of datasets and URLs."""
    folder = tmp_path / "own"
    write_lines(folder / "data/ask1.jsonl", {"prompt": "Who ground the rye of the villages?"})
    write_lines(folder / "data/set/part.jsonl", {"text": TEXT})
    (folder / "data/notes.csv").write_text(f'body\n"{TEXT}"\n', encoding="utf-8")
    job = folder / "rows.yaml"
    job.write_text(ROWS, encoding="utf-8")
    return job


def test_documents_instructions_and_the_cache_stay_where_they_are(
    of_rows: Path, tmp_path: Path
) -> None:
    lines = copy_job(str(of_rows), tmp_path / "deep" / "mine")
    copied = tmp_path / "deep" / "mine" / "rows.yaml"
    text = copied.read_text(encoding="utf-8")
    paths = [
        "../../own/data/notes.csv", "../../own/data/set", "owner/set", "s3://bucket/notes.csv",
    ]  # fmt: skip
    job = yaml.safe_load(text)
    assert [entry["path"] for entry in job["documents"]] == paths
    assert job["instructions"][0]["path"] == "../../own/data/ask*.jsonl"
    assert job["cache"] == "../../own/vectors"
    assert (
        text
        == ROWS.replace("path: data/", "path: ../../own/data/")
        .replace('"data/ask', '"../../own/data/ask')
        .replace("cache: ", "cache: ../../own/")
        + "prompts: prompts\n"
    )
    staying = [line.partition(" stays where it is")[0] for line in lines if "stays" in line]
    assert staying == [
        "documents: ../../own/data/notes.csv", "documents: ../../own/data/set",
        "instructions: ../../own/data/ask*.jsonl", "cache: ../../own/vectors",
    ]  # fmt: skip
    assert lines[-1] == "my_engine, tests.doubles.kinds: to be on PYTHONPATH wherever the job runs"
    found = [named_in(load_job(str(path))) for path in (of_rows, copied)]
    assert found[0] == found[1]


def named_in(job: Job) -> list[str]:
    """Where the rows and the cache of a job lie; names of datasets and URLs as they are."""
    paths = [entry.path for entry in (*job.documents, *job.instructions)] + [job.cache or ""]
    return [os.path.normpath(path) if path.startswith("/") else path for path in paths]


def test_a_job_of_documents_and_instructions_runs_from_where_it_was_moved(
    of_rows: Path, tmp_path: Path
) -> None:
    """Beside what it names, as `init` says; or anywhere, where the job's paths are absolute."""
    left_out = ("owner/set", "s3://", "data/set", "  teacher: ")
    lines = [line for line in ROWS.splitlines(True) if not any(each in line for each in left_out)]
    of_rows.write_text("".join(lines).replace('"my_engine:Parrot"', "extractive"), encoding="utf-8")
    expected = plan_run(load_job(str(of_rows)), "").identity
    copy_job(str(of_rows), tmp_path / "mine")
    moved = tmp_path / "elsewhere"
    moved.mkdir()
    for name in ("own", "mine"):
        (tmp_path / name).rename(moved / name)
    assert plan_run(load_job(str(moved / "mine/rows.yaml")), "").identity == expected

    absolute = moved / "absolute.yaml"
    own = (moved / "own/rows.yaml").read_text(encoding="utf-8")
    absolute.write_text(own.replace("data/", f"{moved}/own/data/"), encoding="utf-8")
    copy_job(str(absolute), tmp_path / "again")
    far = tmp_path / "far" / "away"
    far.parent.mkdir()
    (tmp_path / "again").rename(far)
    assert main(["run", str(far / "absolute.yaml"), "--output", str(far / "run"), "--quiet"]) == 0
    manifest = json.loads((far / "run" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["identity"] == expected


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("articles:", "article:"), "did you mean 'articles'"),
        (("titles.txt", "title.txt"), "core.list: no file matches .*title.txt"),
        (("prompts: house", "prompts: hose"), "prompts: .*hose is not a folder"),
        (("problems: ", "name: other\nproblems: "), "not valid YAML: 'name' stands twice"),
    ],
)
def test_a_wrong_job_is_refused_and_nothing_is_made(
    change: tuple[str, str], said: str, own: Path, tmp_path: Path
) -> None:
    own.write_text(own.read_text(encoding="utf-8").replace(*change), encoding="utf-8")
    with pytest.raises(Refused, match=f"(?s){said}"):
        copy_job(str(own), tmp_path / "mine")
    assert not (tmp_path / "mine").exists()


def test_a_used_folder_is_refused(tmp_path: Path) -> None:
    copy_job("quickstart", tmp_path / "mine")
    with pytest.raises(Refused, match="not empty"):
        copy_job("quickstart", tmp_path / "mine")
