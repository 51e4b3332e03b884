"""A wrong job is refused with the key, what is wrong and the nearest right one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from beam_synth.errors import Refused
from beam_synth.job import loading
from beam_synth.job.parsing import parse_job
from beam_synth.methods import load_method

GOOD: dict[str, Any] = {"name": "x", "articles": ["a.jsonl"], "mixture": {"memorization": 1.0}}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"mixtur": {}}, r"mixtur: unknown key \(did you mean 'mixture'\?\)"),
        ({"core": {"bye": "all"}}, r"core.bye: unknown key \(did you mean 'by'\?\)"),
        ({"core": {"by": "titles"}}, "needs core.list"),
        ({"tasks": {"limit": 0}}, "tasks.limit: .*greater than or equal to 1"),
        ({"seed": "one"}, "seed: .*integer.*found 'one'"),
        ({"models": {"generator": {"engin": "x"}}}, "did you mean 'engine'"),
        ({"models": {"A writer": {}}}, "models.A writer"),
        ({"models": {"generator": {"api_key": "sk-123"}}}, "env:NAME or file:PATH"),
        ({"write": {"formats": ["csv"]}}, "write.formats.0"),
        ({"articles": []}, "it names no source: articles, documents, instructions or problems"),
        ({"documents": [{"path": "a", "columns": {"txt": "b"}}]}, r"did you mean 'text'"),
        ({"documents": [{"path": "a", "language": "English"}]}, "documents.0.language: "),
        ({"instructions": [{"columns": {}}]}, "instructions.0.path: this key is required"),
        ({"mixture": {"memorization": -1}}, "mixture.memorization: .*greater than 0"),
        ({"name": "../x"}, "name: "),
        ({"decontaminate": {"n": 13}}, "decontaminate: .*nothing in this version"),
        ({"diversity": {"k": 1}}, "diversity: .*nothing in this version"),
        ({"budget": {"calls": 0}}, "budget.calls: .*greater than or equal to 1"),
    ],
)
def test_each_wrong_key_or_value_is_named(change: dict[str, Any], message: str) -> None:
    with pytest.raises(Refused, match=message):
        parse_job({**GOOD, **change}, "job.yaml")


def test_a_missing_key_and_another_shape_are_named() -> None:
    with pytest.raises(Refused, match="mixture: this key is required"):
        parse_job({"name": "x", "articles": ["a"]}, "job.yaml")
    with pytest.raises(Refused, match="a job is a mapping of keys, found list"):
        parse_job([], "job.yaml")


def test_paths_are_relative_to_the_job_file(tmp_path: Path) -> None:
    (tmp_path / "job.yaml").write_text(yaml.safe_dump({**GOOD, "prompts": "my"}))
    job = loading.load_job(str(tmp_path / "job.yaml"))
    assert job.articles == [str(tmp_path / "a.jsonl")]
    assert job.prompts == str(tmp_path / "my")


def test_own_articles_drop_the_lists_that_belong_to_the_others() -> None:
    shipped = loading.load_job("quickstart")
    assert shipped.core.by == "level"
    assert shipped.expand.wikidata is not None
    own = loading.load_job("quickstart", articles=["mine.jsonl"])
    assert own.core.by == "all"
    assert own.expand.wikidata is None
    kept = loading.load_job(
        "quickstart", articles=["mine.jsonl"], overrides=["core.by=titles", "core.list=t.txt"]
    )
    assert kept.core.by == "titles"
    assert kept.core.list == str(Path("t.txt").absolute())


def test_paths_of_an_override_are_meant_from_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "owner" / "set").mkdir(parents=True)  # not what the job file's own path means
    (tmp_path / "jobs").mkdir()
    path = tmp_path / "jobs" / "job.yaml"
    path.write_text(yaml.safe_dump({**GOOD, "documents": [{"path": "owner/set"}]}))
    monkeypatch.chdir(tmp_path)
    changes = ["core={by: titles, list: t.txt}", "articles=b.jsonl", "cache=gs://bucket/cache"]
    job = loading.load_job(str(path), overrides=changes)
    assert (job.core.list, job.articles) == (str(tmp_path / "t.txt"), [str(tmp_path / "b.jsonl")])
    assert (job.documents[0].path, job.cache) == ("owner/set", "gs://bucket/cache")


def test_overrides_are_yaml_and_are_checked() -> None:
    job = loading.load_job(
        "quickstart", seed=9, overrides=["tasks.limit=5", "write.formats=[jsonl]", "dedup.exact=no"]
    )
    assert (job.seed, job.tasks.limit, job.write.formats) == (9, 5, ("jsonl",))
    assert job.dedup.exact is False
    for wrong, message in [
        ("tasks.limt=5", "did you mean 'limit'"),
        ("tasks", "key.path=value"),
        ("name.x=1", "is no mapping"),
        ("seed={", "not valid YAML"),
    ]:
        with pytest.raises(Refused, match=message):
            loading.load_job("quickstart", overrides=[wrong])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name: a\nseed: 1\nname: b\n", "'name' stands twice: lines 1 and 3"),
        ("name: a\ntasks:\n  limit: 1\n  limit: 2\n", "'limit' .* lines 3 and 4"),
        ("documents: [{path: a, path: b}]\n", "'path' .* lines 1 and 1"),
        ("core: {by: all}\n# the list\ncore: {by: titles}\n", "'core' .* lines 1 and 3"),
    ],
)
def test_a_key_that_stands_twice_is_refused_with_both_lines(
    text: str, message: str, tmp_path: Path
) -> None:
    path = tmp_path / "job.yaml"
    path.write_text(f"{text}articles: [a]\nmixture: {{rag: 1}}\n")
    with pytest.raises(Refused, match=rf"job\.yaml: not valid YAML: {message}; leave one out"):
        loading.load_job(str(path))
    with pytest.raises(Refused, match=r"--set tasks=.*'limit' stands twice"):
        loading.load_job("quickstart", overrides=["tasks={limit: 1, limit: 2}"])


def test_a_merged_key_may_be_overridden_and_an_alias_used_twice(tmp_path: Path) -> None:
    path = tmp_path / "job.yaml"
    path.write_text(
        "name: a\narticles: [a]\nmixture: {rag: 1}\nmodels:\n"
        "  generator: &one {engine: openai, model: one}\n"
        "  judge: {<<: *one, model: two}\n  teacher: *one\n  embedder: {engine: hashing}\n"
    )
    job = loading.load_job(str(path))
    assert [job.model(role).model for role in ("generator", "judge", "teacher")] == [
        "one", "two", "one",
    ]  # fmt: skip
    assert job.model("judge").engine == "openai"


def test_unknown_jobs_files_and_methods_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="did you mean 'quickstart'"):
        loading.load_job("quickstrt")
    with pytest.raises(Refused, match="no such job file"):
        loading.load_job(str(tmp_path / "none.yaml"))
    (tmp_path / "bad.yaml").write_text("a: [")
    with pytest.raises(Refused, match="not valid YAML"):
        loading.load_job(str(tmp_path / "bad.yaml"))
    with pytest.raises(Refused, match="did you mean 'memorization'"):
        load_method("memorisation")
    with pytest.raises(Refused, match=r"there is no module 'no_such_package'; .* PYTHONPATH"):
        load_method("no_such_package.module:function")
