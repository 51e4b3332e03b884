"""The shipped quickstart from articles to shards: accounts, readers, equal bytes everywhere."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from beam_synth.cli import main
from beam_synth.records import SAMPLE_SCHEMA
from tests.doubles.endpoints import command
from tests.doubles.flink import job_server_jar
from tests.doubles.processes import started, wait_until
from tests.paths import ROOT

SYNTH_COLUMNS = [
    "synth_id", "language", "exercise", "model", "query", "query_seed_url", "query_seed_text",
    "additional_seed_url", "seed_license", "constraints", "script", "synthetic_reasoning",
    "synthetic_answer", "words",
]  # fmt: skip


def start(output: Path, *flags: str) -> None:
    """Run the quickstart in a process of its own, as a user does."""
    arguments = command("run", "quickstart", "--quiet", "--output", output, *flags)
    done = subprocess.run(arguments, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]


def hashes(run: Path) -> dict[str, str]:
    """sha256 of every file that is a result: not the `_` folders, nor the frozen job."""
    return {
        str(path.relative_to(run)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(run.rglob("*"))
        if path.is_file() and not str(path.relative_to(run)).startswith(("_", "job.yaml"))
    }


def rows(run: Path) -> list[dict[str, Any]]:
    return [
        row
        for path in sorted((run / "data").glob("*/*.parquet"))
        for row in pq.read_table(path).to_pylist()
    ]


@pytest.fixture(scope="module")
def quickstart(tmp_path_factory: pytest.TempPathFactory) -> Path:
    output = tmp_path_factory.mktemp("quickstart") / "run"
    start(output, "--runner", "FnApiRunner")
    return output


def test_the_manifest_lists_every_file_with_its_hash(quickstart: Path) -> None:
    manifest = json.loads((quickstart / "manifest.json").read_text())
    found = hashes(quickstart)
    for item in manifest["files"]:
        path = quickstart / item["path"]
        assert (path.stat().st_size, found.pop(item["path"])) == (item["bytes"], item["sha256"])
    assert set(found) == {"manifest.json", "metrics.json", "README.md", "report.html"}
    assert not (quickstart / "_tmp").exists()


def test_the_sums_hold_and_every_reject_is_a_record(quickstart: Path) -> None:
    manifest = json.loads((quickstart / "manifest.json").read_text())
    outs = {stage["name"]: stage["out"] for stage in manifest["stages"]}
    records: dict[tuple[str, str], int] = {}
    for folder in ("rejects", "errors"):
        for path in (quickstart / folder).glob("*.jsonl"):
            for line in path.read_text(encoding="utf-8").splitlines():
                item = json.loads(line)
                records[item["stage"], item["reason"]] = (
                    records.get((item["stage"], item["reason"]), 0) + 1
                )
    for stage in manifest["stages"]:
        dropped = sum(stage["rejected"].values()) + stage["failed"]
        assert stage["in"] == stage["passed"] + dropped, stage
        if stage["from"]:
            assert stage["in"] == sum(outs[name] for name in stage["from"]), stage
        for reason, n in {**stage["rejected"], **stage["failed_by"]}.items():
            assert records.pop((stage["name"], reason)) == n
    assert not records


def test_rows_have_the_published_columns_and_both_methods(quickstart: Path) -> None:
    found = rows(quickstart)
    assert SAMPLE_SCHEMA.names[:14] == SYNTH_COLUMNS
    assert {row["exercise"] for row in found} == {"memorization", "rag"}
    assert {row["language"] for row in found} == {"en", "fr", "de"}
    for row in found:
        assert all(check["passed"] for check in row["checks"]), row["synth_id"]
        assert row["checks"]
        assert row["seeds"]
        assert row["models"]
        assert row["query"]
        assert row["synthetic_reasoning"]
        assert row["synthetic_answer"]


def test_ids_are_unique_sorted_and_in_their_shard(quickstart: Path) -> None:
    ids = [row["synth_id"] for row in rows(quickstart)]
    assert ids == sorted(set(ids))


def test_expansion_reached_articles_with_a_path(quickstart: Path) -> None:
    paths = {seed["path"] for row in rows(quickstart) for seed in row["seeds"]}
    assert "[]" in paths
    assert any(json.loads(path) for path in paths)


def test_it_opens_in_datasets_duckdb_and_tensorflow(quickstart: Path, tmp_path: Path) -> None:
    expected = [row["synth_id"] for row in rows(quickstart)]
    code = (
        "import sys, glob, json\n"
        "run = sys.argv[1]\n"
        "import datasets; a = datasets.load_dataset(run, cache_dir=sys.argv[2])['train']\n"
        "import duckdb\n"
        "b = duckdb.sql(f\"select synth_id from '{run}/data/*/*.parquet'\").fetchall()\n"
        "import tensorflow as tf\n"
        "files = sorted(glob.glob(f'{run}/tfrecord/*/*'))\n"
        "spec = {'synth_id': tf.io.FixedLenFeature([], tf.string)}\n"
        "c = [tf.io.parse_single_example(x, spec)['synth_id'].numpy().decode()\n"
        "     for x in tf.data.TFRecordDataset(files)]\n"
        "print(json.dumps([a['synth_id'][:], [r[0] for r in b], c]))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(quickstart), str(tmp_path)],
        capture_output=True, text=True, cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    by_datasets, by_duckdb, by_tensorflow = json.loads(done.stdout.splitlines()[-1])
    assert by_datasets == by_tensorflow == expected
    assert sorted(by_duckdb) == expected


def test_two_local_workers_give_the_same_bytes(quickstart: Path, tmp_path: Path) -> None:
    flags = ("--direct_running_mode", "multi_processing", "--direct_num_workers", "2")
    start(tmp_path / "run", *flags)
    assert hashes(tmp_path / "run") == hashes(quickstart)


def test_embedded_flink_gives_the_same_bytes(quickstart: Path, tmp_path: Path) -> None:
    job_server_jar()  # or the test is skipped
    start(tmp_path / "run", "--runner", "FlinkRunner", "--flink_master=[local]")
    assert hashes(tmp_path / "run") == hashes(quickstart)


def test_another_seed_shares_no_id_and_rerun_records_its_parent(
    quickstart: Path, tmp_path: Path
) -> None:
    output = tmp_path / "other"
    code = main(["rerun", str(quickstart), "--seed", "2", "--output", str(output), "--quiet"])
    assert code == 0
    ids = [{row["synth_id"] for row in rows(run)} for run in (quickstart, output)]
    assert not ids[0] & ids[1]
    manifests = [json.loads((run / "manifest.json").read_text()) for run in (quickstart, output)]
    assert manifests[1]["parents"] == [manifests[0]["identity"]]


def test_a_killed_run_goes_on_to_the_same_bytes(quickstart: Path, tmp_path: Path) -> None:
    output = tmp_path / "run"
    arguments: list[str | Path] = ["run", "quickstart", "--quiet", "--output", output]
    arguments += ["--set", "generate.flush_rows=5"]

    def outcomes() -> bool:
        return any((output / "_completed").glob("*/*.parquet"))

    with started(*command(*arguments), stderr=subprocess.DEVNULL) as process:
        wait_until(lambda: outcomes() or process.poll() is not None, "an outcome")
        assert process.poll() is None, "it ended before it could be killed"
    assert not (output / "manifest.json").exists()
    start(output)
    assert hashes(output) == hashes(quickstart)


def test_plan_counts_what_the_run_planned(
    quickstart: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["plan", "quickstart"]) == 0
    text = capsys.readouterr().out
    assert "--- prompt memorization/query" in text
    for language in ("en", "fr", "de"):
        assert f"memorization         {language}" in text
    stages = {
        stage["name"]: stage
        for stage in json.loads((quickstart / "manifest.json").read_text())["stages"]
    }
    # All 60 articles are looked at, core and expansion are the run's own: no figure is estimated.
    assert f"passages {stages['SplitPassages']['out']:,}\n" in text
    assert f"tasks    {stages['LimitTasks']['out']:,}\n" in text


def test_preview_shows_samples_and_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["preview", "quickstart", "-n", "2"]) == 0
    text = capsys.readouterr().out
    assert "2 samples; nothing was written" in text
    assert "[user]\n" in text and "[assistant]\n  <think>\n" in text
    assert not list(tmp_path.iterdir())
