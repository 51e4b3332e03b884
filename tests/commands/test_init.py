"""`init` makes a folder that can be edited and moved, of shipped jobs and of a user's own."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml

from beam_synth.commands.init import copy_job
from beam_synth.errors import Refused
from beam_synth.job.loading import load_job, shipped_jobs
from beam_synth.runs.identity import plan_run
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
    assert (mine / "prompts/memorization/answer.jinja").is_file()
    assert [path.name for path in (mine / "problems").iterdir()] == ["rates.yaml"]
    assert sum("stays where it is" in line for line in lines) == 4
    job = load_job(str(mine / "job.yaml"))
    assert plan_run(job, "").identity == plan_run(load_job(str(own)), "").identity


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
