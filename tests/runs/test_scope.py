"""`articles_limit`, `holdout` and `cache`, from the job file to the dataset."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from tests.doubles.endpoints import call, data_hashes, manifest, stage, write_job

RULES = {"generator": {"engine": "extractive"}, "embedder": {"engine": "hashing"}}


def run_job(folder: Path, **keys: Any) -> Path:
    """Run a job by rules in a new folder; the run's folder."""
    folder.mkdir()
    job = write_job(folder, "", models=RULES, tasks={"limit": 60}, **keys)
    code, _, errors = call("run", job, "--output", folder / "run", "--quiet")
    assert code == 0, errors[-2000:]
    return folder / "run"


def embedding(run: Path) -> dict[str, int]:
    figures: dict[str, int] = json.loads((run / "metrics.json").read_text())["embedding"]
    return figures


# ---------------------------------------------------------------- articles_limit and holdout


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("small") / "job"
    return run_job(folder, articles_limit=8, holdout={"sections": 0.15})


def held_out(run: Path) -> list[dict[str, Any]]:
    files = sorted(run.glob("holdout/*.jsonl"))
    return [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]


def test_the_accounts_tell_of_both(small: Path) -> None:
    limited, held = stage(small, "LimitArticles"), stage(small, "HoldOutSections")
    assert limited["from"] == ["SelectCore"] and limited["out"] == 8
    assert limited["rejected"] == {"over_articles_limit": limited["in"] - 8}
    assert stage(small, "SplitPassages")["from"] == ["LimitArticles"]
    assert held["rejected"] == {"held_out": len(held_out(small))} and held_out(small)
    assert stage(small, "EmbedPassages")["in"] == held["out"] == held["in"] - len(held_out(small))


def test_what_is_held_out_is_in_the_manifest_and_in_nothing_that_was_made(small: Path) -> None:
    listed = [item for item in manifest(small)["files"] if item["config"] == "holdout"]
    assert sum(item["records"] for item in listed) == len(held_out(small))
    for item in listed:
        assert hashlib.sha256((small / item["path"]).read_bytes()).hexdigest() == item["sha256"]
    ids = {row["passage_id"] for row in held_out(small)}
    near = [
        row
        for path in small.glob("_neighbors/*.parquet")
        for row in pq.read_table(path).to_pylist()
    ]
    assert near and not ids & {name for row in near for name in row["neighbors"]}
    assert not ids & {row["passage_id"] for row in near}
    sections = {(row["title"], row["section"]) for row in held_out(small)}
    rows = [r for path in small.glob("data/*/*.parquet") for r in pq.read_table(path).to_pylist()]
    seeds = {(seed["title"], seed["section"]) for row in rows for seed in row["seeds"]}
    assert seeds and not seeds & sections
    assert call("verify", small)[0] == 0


def test_plan_and_preview_keep_to_them(small: Path) -> None:
    job = small.parent / "job.yaml"
    code, text, errors = call("plan", job)
    assert code == 0, errors
    assert f"passages {stage(small, 'HoldOutSections')['out']:,}\n" in text
    assert re.search(r"articles_limit 8 keeps 8 of \d+ articles", text)
    assert f"holdout keeps {len(held_out(small)):,} of their" in text
    code, text, errors = call("preview", job, "-n", "3")
    assert code == 0, errors
    urls = {r["url"] for p in small.glob("_passages/*") for r in pq.read_table(p).to_pylist()}
    seeds = re.findall(r"^seed: .* (\S+)$", text, re.MULTILINE)
    assert seeds and set(seeds) <= urls


def test_a_run_that_is_stopped_leaves_no_held_out_files(tmp_path: Path) -> None:
    job = write_job(
        tmp_path,
        "",
        models=RULES,
        holdout={"sections": 0.5},
        budget={"calls": 1},
        tasks={"limit": 9},
    )
    code, _, _ = call("run", job, "--output", tmp_path / "run", "--quiet")
    assert code == 3
    assert not (tmp_path / "run/holdout").exists()


# ---------------------------------------------------------------- vectors


def test_a_rerun_with_a_cache_embeds_nothing_and_gives_the_same_bytes(tmp_path: Path) -> None:
    first = run_job(tmp_path / "first", cache="vectors", articles_limit=10)
    total = stage(first, "SplitPassages")["out"]
    assert embedding(first) == {"vectors": total, "from_cache": 0}
    assert list((tmp_path / "first/vectors").glob("vectors/*/*.arrow"))  # beside the job file
    code, _, errors = call("rerun", first, "--seed", "2", "--output", tmp_path / "again", "--quiet")
    assert code == 0, errors
    assert embedding(tmp_path / "again") == {"vectors": total, "from_cache": total}
    bare = run_job(tmp_path / "bare", seed=2, articles_limit=10)
    assert embedding(bare) == {"vectors": total}
    assert data_hashes(bare) == data_hashes(tmp_path / "again") != data_hashes(first)
    # Where vectors are kept is no part of what a run is.
    assert manifest(bare)["identity"] == manifest(tmp_path / "again")["identity"]
    assert str(tmp_path) not in (bare / "manifest.json").read_text()


def test_a_cache_that_is_a_file_is_refused_before_any_work(tmp_path: Path) -> None:
    (tmp_path / "vectors").touch()
    job = write_job(tmp_path, "", models=RULES, cache="vectors")
    code, _, errors = call("run", job, "--output", tmp_path / "run")
    assert code == 2 and f"cache: {tmp_path}/vectors is a file; name a folder" in errors
    assert not (tmp_path / "run").exists()


def test_nothing_is_embedded_where_no_method_wants_neighbours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def loaded(model: Any) -> Any:
        raise AssertionError("an embedder was loaded")

    monkeypatch.setattr("transforms.passages.make_embedder", loaded)
    monkeypatch.setattr("beam_synth.commands.preview.make_embedder", loaded)
    job = write_job(tmp_path, "", models=RULES, articles_limit=4)
    mixture = ["--set", "mixture={editing: 0.5, arithmetic: 0.5}"]
    code, _, errors = call("run", job, *mixture, "--output", tmp_path / "run", "--quiet")
    assert code == 0, errors[-2000:]
    assert stage(tmp_path / "run", "PlanTasks")["from"] == ["SplitPassages"]
    assert stage(tmp_path / "run", "WriteShards")["out"] > 0
    assert not {"EmbedPassages", "JoinNeighbors"} & {
        item["name"] for item in manifest(tmp_path / "run")["stages"]
    }
    assert not list(tmp_path.glob("run/_embeddings/*")) and embedding(tmp_path / "run") == {}
    code, _, errors = call("preview", job, *mixture, "-n", "1")
    assert code == 0, errors
    code, text, errors = call("check", job, *mixture)
    assert code == 0, errors
    assert "embedder: hashing, its tokenizer alone: no method of the mixture wants" in text
