from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import apache_beam as beam
import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from beam_synth.dataset import accounts, finishing, rejects, shards
from beam_synth.dataset.accounts import StageLink
from beam_synth.drawing import bucket_of, digest, draw
from beam_synth.errors import Fault
from beam_synth.records import (
    RAW_LIMIT,
    REASONS,
    RECORD_REF_SCHEMA,
    SAMPLE_SCHEMA,
    SAMPLES,
    Reject,
    count,
    pack,
    reject,
)
from beam_synth.storage import layout
from beam_synth.storage.files import RunFolder
from transforms.accounting import METRICS
from transforms.testing import collect, collected
from transforms.write import FinishRun, WriteRejects, WriteShards

SHARDS, BUCKETS = 4, 32
FORMATS = ("parquet", "tfrecord", "jsonl")
STAGES = (
    StageLink("OpenFiles", ()),
    StageLink("ReadArticles", ("OpenFiles",)),
    StageLink("PlanTasks", ("ReadArticles",)),
    StageLink("WriteShards", ("PlanTasks",)),
)
CONTEXT = {
    "job": {"name": "toy"},
    "seed": 7,
    "identity": "abc123",
    "version": "0.1.0",
    "parents": ["p0"],
    "embedder": {"engine": "hashing", "model": "", "weights": "1.1"},
    "environment": {"python": "3.11"},
}

MEASURED = [
    ("generation.calls", 2),
    ("generation.calls", 3),
    ("generation.retries", 1),
    ("generation.method:rag:calls", 5),
    ("generation.model:rule:extractive:calls", 5),
]


def row(i: int) -> dict[str, Any]:
    task_id = digest("task", i)
    seed = {
        "url": f"https://en.wikipedia.org/wiki/A{i}",
        "title": f"<Article {i}>",
        "revision": i,
        "section": "",
        "license": "CC-BY-SA-4.0",
        "text_sha256": digest(i),
        "role": "primary",
        "path": "[]",
    }
    model = {
        "name": "rule:extractive",
        "revision": "1",
        "license": "Apache-2.0",
        "step": "rag/query",
        "variant": "",
        "prompt_sha256": "",
        "sampling": "{}",
    }
    return {
        "synth_id": task_id + "00",
        "language": "fr" if i % 3 else "en",
        "exercise": "rag" if i % 2 else "memorization",
        "model": "rule:extractive",
        "query": f"Où est {i} ?",
        "query_seed_url": seed["url"],
        "query_seed_text": "text",
        "additional_seed_url": "",
        "seed_license": "CC-BY-SA-4.0",
        "constraints": "",
        "script": "beam-synth",
        "synthetic_reasoning": "● a → b ∴ c",
        "synthetic_answer": f"À {i} <b>.",
        "words": 5,
        "seeds": [seed],
        "models": [model, model | {"step": "rag/answer"}],
        "constraint_list": [],
        "checks": [],
        "parents": [],
        "synthetic_depth": 1,
        "rng": "{}",
        "messages": [],
    }


def write_outcomes(run: Path, n: int, buckets: int = BUCKETS) -> pa.Table:
    refs: list[dict[str, Any]] = []
    files: dict[str, list[dict[str, Any]]] = {}
    for i in range(n):
        sample = row(i)
        task_id = sample["synth_id"][:32]
        bucket = bucket_of(task_id, buckets)
        file = f"_completed/{bucket:05d}/0-0-{i % 2}.parquet"
        outcome = orjson.dumps({"task_id": task_id, "records": [sample]})
        files.setdefault(file, []).append(
            {"task_id": task_id, "outcome": outcome, "content_hash": "0"}
        )
        refs.append(
            {
                "record_id": sample["synth_id"],
                "config": "samples",
                "task_bucket": bucket,
                "file": file,
                "method": sample["exercise"],
            }
        )
    for file, outcomes in files.items():
        (run / file).parent.mkdir(parents=True, exist_ok=True)
        schema = pa.schema(
            [("task_id", pa.string()), ("outcome", pa.binary()), ("content_hash", pa.string())]
        )
        pq.write_table(pa.Table.from_pylist(outcomes, schema=schema), run / file)
    return pa.Table.from_pylist(refs, schema=RECORD_REF_SCHEMA)


def some_rejects() -> list[Reject]:
    a = [
        reject("rejected", "PlanTasks", "over_limit", f"n{i}", record_id=digest(i % 5), raw=f"é{i}")
        for i in range(20)
    ]
    b = [
        reject("failed", "ReadArticles", "malformed_json", file="x", line=i) for i in (10, 9, None)
    ]
    return [*a, *b]


def some_counts(n: int) -> list[Any]:
    return [
        count("OpenFiles", "in", 2),
        count("OpenFiles", "passed", 2),
        count("OpenFiles", "out", n + 23),
        count("ReadArticles", "in", n + 23),
        count("ReadArticles", "passed", n + 20),
        count("ReadArticles", "failed", 1, "malformed_json"),
        count("ReadArticles", "failed", 2, "malformed_json"),
        count("ReadArticles", "out", n + 20),
        count("PlanTasks", "in", n + 20),
        count("PlanTasks", "passed", n),
        count("PlanTasks", "rejected", 20, "over_limit"),
        count("PlanTasks", "out", n),
    ]


def run_all(
    run: Path,
    tables: Sequence[pa.Table],
    n: int,
    records: Sequence[Reject] | None = None,
    counts: Sequence[Any] | None = None,
    formats: tuple[str, ...] = FORMATS,
) -> list[str]:
    """The last stages of a run; returns what FinishRun gave back."""
    stage = WriteShards(str(run), (SAMPLES,), SHARDS, BUCKETS, formats)
    with beam.Pipeline("FnApiRunner") as p:
        written = p | beam.Create([pack(t) for t in tables], reshuffle=False) | stage
        parts = (
            p
            | "Rejects" >> beam.Create(some_rejects() if records is None else records)
            | WriteRejects(str(run))
        )
        others = p | "Counts" >> beam.Create(some_counts(n) if counts is None else counts)
        calls = p | "Metrics" >> beam.Create(MEASURED)
        results = {
            "files": written.out,
            "counts": (others, written.counts) | "AllCounts" >> beam.Flatten(),
            "rejects": parts,
            "metrics": (calls, written.extra[METRICS]) | "AllMetrics" >> beam.Flatten(),
        }
        collect(results | FinishRun(str(run), CONTEXT, STAGES, [SAMPLES]), "last")
    return collected("last")


def tree(run: Path) -> dict[str, str]:
    """Hash of each file of the result."""
    return {
        str(path.relative_to(run)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(run.rglob("*"))
        if path.is_file() and not path.relative_to(run).parts[0].startswith("_")
    }


def test_a_finished_run(tmp_path: Path) -> None:
    table = write_outcomes(tmp_path, 60)
    (tmp_path / "status.json").write_text("{}")
    (tmp_path / "errors").mkdir()
    (tmp_path / "errors/plan_tasks.jsonl").write_text("left over")
    assert run_all(tmp_path, [table.slice(0, 40), table.slice(40)], 60) == ["manifest.json"]
    manifest = orjson.loads((tmp_path / "manifest.json").read_bytes())
    assert manifest.keys() == CONTEXT.keys() | {"files", "stages"}
    assert {k: manifest[k] for k in CONTEXT} == CONTEXT
    listed = {info["path"]: info for info in manifest["files"]}
    about = {"README.md", "manifest.json", "metrics.json", "report.html"}
    assert listed.keys() == tree(tmp_path).keys() - about
    for path, info in listed.items():
        data = (tmp_path / path).read_bytes()
        assert info["bytes"] == len(data)
        assert info["sha256"] == hashlib.sha256(data).hexdigest()
    assert sorted({p.name for p in tmp_path.iterdir()} & {"_tmp", "status.json"}) == []
    assert manifest["stages"][1] == {
        "name": "ReadArticles",
        "from": ["OpenFiles"],
        "in": 83,
        "passed": 80,
        "rejected": {},
        "failed": 3,
        "failed_by": {"malformed_json": 3},
        "unrecorded": {},
        "out": 80,
    }
    assert manifest["stages"][3]["in"] == manifest["stages"][3]["out"] == 60


def test_shards_hold_the_same_rows_in_id_order(tmp_path: Path) -> None:
    table = write_outcomes(tmp_path, 60)
    run_all(tmp_path, [table], 60)
    expected = sorted((row(i) for i in range(60)), key=lambda r: r["synth_id"])
    manifest = orjson.loads((tmp_path / "manifest.json").read_bytes())
    for format in FORMATS:
        found = []
        for info in manifest["files"]:
            if (info["format"], info["config"]) == (format, "samples"):
                with (tmp_path / info["path"]).open("rb") as handle:
                    rows = list(shards.read_rows(handle, format, SAMPLE_SCHEMA))
                assert len(rows) == info["records"]
                shard = int(info["path"].split("train-")[1][:5])
                assert {bucket_of(r["synth_id"], SHARDS) for r in rows} <= {shard}
                found += rows
        assert found == expected


def test_order_and_bundling_do_not_matter(tmp_path: Path) -> None:
    trees = []
    for cut in (60, 7):
        run = tmp_path / str(cut)
        table = write_outcomes(run, 60)
        order = draw(cut, "order", "test").shuffled(range(60))
        mixed = table.take(order)
        records = draw(cut, "rejects", "test").shuffled(some_rejects())
        run_all(run, [mixed.slice(i, cut) for i in range(0, 60, cut)], 60, records)
        trees.append(tree(run))
    assert trees[0] == trees[1]
    assert len(trees[0]) == 3 * SHARDS + 2 + 4


def test_rejects_are_sorted_and_have_the_keys_of_the_design(tmp_path: Path) -> None:
    run_all(tmp_path, [write_outcomes(tmp_path, 3)], 3)
    lines = (tmp_path / "rejects/plan_tasks.jsonl").read_bytes().splitlines()
    assert list(orjson.loads(lines[0])) == list(rejects.FIELDS)
    assert lines == sorted(lines, key=lambda line: rejects.order(line))
    assert len(lines) == 20
    errors = (tmp_path / "errors/read_articles.jsonl").read_bytes().splitlines()
    assert [orjson.loads(line)["line"] for line in errors] == [None, 9, 10]


def test_a_run_without_samples_has_valid_empty_shards(tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    assert run_all(tmp_path, [RECORD_REF_SCHEMA.empty_table()], 0) == ["manifest.json"]
    manifest = orjson.loads((tmp_path / "manifest.json").read_bytes())
    data = [info for info in manifest["files"] if info["config"] == "samples"]
    assert len(data) == SHARDS * len(FORMATS)
    for info in data:
        with (tmp_path / info["path"]).open("rb") as handle:
            assert list(shards.read_rows(handle, info["format"], SAMPLE_SCHEMA)) == []


def test_metrics_card_and_report(tmp_path: Path) -> None:
    run_all(tmp_path, [write_outcomes(tmp_path, 12)], 12)
    metrics = orjson.loads((tmp_path / "metrics.json").read_bytes())
    assert metrics["generation"] == {
        "total": {"calls": 5, "retries": 1},
        "by_method": {"rag": {"calls": 5}},
        "by_model": {"rule:extractive": {"calls": 5}},
    }
    assert metrics["records"]["samples"] == {
        "total": 12,
        "words": 60,
        "by_exercise": {"memorization": 6, "rag": 6},
        "by_language": {"en": 4, "fr": 8},
        "by_method": {"memorization": 6, "rag": 6},
        "by_license": {"CC-BY-SA-4.0": 12},
    }
    assert metrics["models"] == [
        {"name": "rule:extractive", "revision": "1", "license": "Apache-2.0", "records": 12}
    ]
    card = (tmp_path / "README.md").read_text()
    front = yaml.safe_load(card.split("---\n")[1])
    assert front["license"] == "cc-by-sa-4.0"
    assert front["source_datasets"] == ["en.wikipedia.org"]
    assert front["configs"] == [
        {
            "config_name": "samples",
            "data_files": [{"split": "train", "path": "data/samples/train-*.parquet"}],
        }
    ]
    html = (tmp_path / "report.html").read_text()
    assert "&lt;Article" in html and "<Article" not in html
    assert "over_limit" in html and REASONS["over_limit"] in html
    assert "http" not in html.replace("https://en.wikipedia.org", "")


def test_datasets_duckdb_and_the_manifest_agree(tmp_path: Path, monkeypatch: Any) -> None:
    datasets = pytest.importorskip("datasets")
    duckdb = pytest.importorskip("duckdb")
    run = tmp_path / "run"
    run_all(run, [write_outcomes(run, 20)], 20, formats=("parquet", "tfrecord"))
    loaded = datasets.load_dataset(str(run), cache_dir=str(tmp_path / "cache"))
    expected = sorted(row(i)["synth_id"] for i in range(20))
    assert list(loaded) == ["train"]
    assert loaded["train"]["synth_id"][:] == expected
    query = f"select synth_id from '{run}/data/samples/*.parquet'"
    assert sorted(i for (i,) in duckdb.sql(query).fetchall()) == expected


# ---------------------------------------------------------------- stopped and broken runs


def test_a_stopped_run_gets_a_status_in_place_of_a_manifest(tmp_path: Path) -> None:
    table = write_outcomes(tmp_path, 5)
    (tmp_path / "_stop").mkdir()
    (tmp_path / "_stop/budget").write_text("")
    counts = [*some_counts(5), count("PlanTasks", "unfinished", 4), count("PlanTasks", "in", 4)]
    assert run_all(tmp_path, [table], 5, counts=counts) == ["status.json"]
    status = orjson.loads((tmp_path / "status.json").read_bytes())
    assert (status["reasons"], status["unfinished"]) == (["budget"], 4)
    assert not list(tmp_path.glob("*/*/train-*"))
    assert not (tmp_path / "manifest.json").exists() and not (tmp_path / "_tmp").exists()


def files_of(tmp_path: Path, counts: list[Any], **others: Any) -> str:
    results = finishing.Results(
        **{"files": [], "counts": counts, "rejects": [], "metrics": []} | others
    )
    return finishing.finish(RunFolder(str(tmp_path)), results, STAGES, CONTEXT, {})


def test_accounts_that_are_off_are_a_fault(tmp_path: Path) -> None:
    base = some_counts(5)
    last = [count("WriteShards", k, 5) for k in ("in", "passed", "out")]
    with pytest.raises(
        Fault, match=r"ReadArticles: in 29 is not passed 25 . rejected 0 . failed 3"
    ):
        files_of(tmp_path, [*base, *last, count("ReadArticles", "in", 1)])
    with pytest.raises(Fault, match="WriteShards: in 5 is not the 4 out of PlanTasks"):
        files_of(tmp_path, [*base, *last, count("PlanTasks", "out", -1)])
    with pytest.raises(Fault, match="PlanTasks: 20 rejected, but 0 records"):
        files_of(tmp_path, [*base, *last])
    with pytest.raises(Fault, match="'Foreign', which is not a known stage"):
        files_of(tmp_path, [count("Foreign", "in", 1)])
    assert not (tmp_path / "manifest.json").exists()


def test_what_is_counted_alone_needs_no_record_and_is_told(tmp_path: Path) -> None:
    last = [count("WriteShards", kind, 0) for kind in ("in", "passed", "out")]
    failed = rejects.write_parts(some_rejects()[20:], RunFolder(str(tmp_path)))
    counts = [*some_counts(0), *last, count("PlanTasks", "unrecorded", 20, "over_limit")]
    assert files_of(tmp_path, counts, rejects=list(failed)) == "manifest.json"
    stages = orjson.loads((tmp_path / "manifest.json").read_bytes())["stages"]
    (planned,) = [stage for stage in stages if stage["name"] == "PlanTasks"]
    assert planned["unrecorded"] == planned["rejected"] == {"over_limit": 20}
    told = "Counted, without a record of each (tasks.keep_left_out): 20 over_limit (PlanTasks)."
    for about in ("README.md", "report.html"):
        assert told in (tmp_path / about).read_text()
    assert not (tmp_path / "rejects").exists()


def test_more_counted_alone_than_rejected_is_a_fault(tmp_path: Path) -> None:
    last = [count("WriteShards", kind, 5) for kind in ("in", "passed", "out")]
    counts = [*some_counts(5), *last, count("PlanTasks", "unrecorded", 21, "over_limit")]
    with pytest.raises(Fault, match="PlanTasks: 21 over_limit are without a record, but 20"):
        files_of(tmp_path, counts)


def test_held_out_passages_that_nobody_counted_are_a_fault(tmp_path: Path) -> None:
    about = {"path": "holdout/passages-00001.jsonl", "config": "holdout", "format": "jsonl"}
    info = {**about, "records": 3, "bytes": 1, "sha256": ""}
    counts = [count(name, k, 0) for name, _ in STAGES for k in ("in", "passed", "out")]
    with pytest.raises(Fault, match="holdout/ holds 3 passages, 0 were held out"):
        files_of(tmp_path, counts, files=[info])


def test_shards_that_lack_a_record_are_a_fault(tmp_path: Path) -> None:
    info = {"config": "samples", "format": "parquet", "records": 4, "bytes": 1, "sha256": ""}
    counts = [count(name, k, 5) for name, _ in STAGES for k in ("in", "passed", "out")]
    with pytest.raises(Fault, match="parquet shards hold 4 records, WriteShards counted 5"):
        files_of(tmp_path, counts, files=[info | {"path": "data/x"}])


def test_finishing_twice_leaves_the_result_as_it_is(tmp_path: Path) -> None:
    assert files_of(tmp_path, []) == "manifest.json"
    before = tree(tmp_path)
    (tmp_path / "_tmp").mkdir()
    gone = [rejects.Part("PlanTasks", "rejected", "_tmp/gone.jsonl", 1)]
    assert files_of(tmp_path, [count("PlanTasks", "in", 1)], rejects=gone) == "manifest.json"
    assert tree(tmp_path) == before and not (tmp_path / "_tmp").exists()


def test_a_sample_that_comes_twice_is_a_fault(tmp_path: Path) -> None:
    table = write_outcomes(tmp_path, 2)
    with pytest.raises(Exception, match="reached the shards twice"):
        run_all(tmp_path, [table, table], 2)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [((3, 8, ("parquet",)), "multiple of shards"), ((2, 8, ("csv",)), r"\['csv'\]")],
)
def test_wrong_arguments_are_refused_at_once(arguments: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        WriteShards("run", (SAMPLES,), *arguments)


# ---------------------------------------------------------------- parts


def test_many_parts_are_merged_in_passes(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(rejects, "MERGED_AT_ONCE", 3)
    records = [
        reject("rejected", "PlanTasks", "over_limit", record_id=digest(i)) for i in range(40)
    ]
    run, parts = RunFolder(str(tmp_path)), []
    for i in range(0, 40, 2):
        path = f"_tmp/rejects/{i}.jsonl"
        lines = sorted(map(rejects.reject_line, records[i : i + 2]), key=rejects.order)
        with run.create(path) as handle:
            handle.write(b"".join(lines))
        parts.append(rejects.Part("PlanTasks", "rejected", path, 2))
    (info,) = finishing._merge_rejects(run, parts)
    whole = sorted(map(rejects.reject_line, records), key=rejects.order)
    assert (tmp_path / info.path).read_bytes() == b"".join(whole)
    assert (info.path, info.config, info.records) == ("rejects/plan_tasks.jsonl", "rejects", 40)


def test_large_rejects_flush_into_several_parts(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr("transforms.write._PART_BYTES", 100_000)
    big = "x" * (2 * RAW_LIMIT)
    records = [
        reject("rejected", "PlanTasks", "over_limit", record_id=digest(i), raw=big)
        for i in range(5)
    ]
    with beam.Pipeline("FnApiRunner") as p:
        collect(p | beam.Create(records, reshuffle=False) | WriteRejects(str(tmp_path)), "parts")
    parts = collected("parts")
    assert sum(part.records for part in parts) == 5 and len(parts) > 1
    line = orjson.loads((tmp_path / parts[0].path).read_bytes().splitlines()[0])
    assert (len(line["raw"]), line["raw_bytes"]) == (RAW_LIMIT, 2 * RAW_LIMIT)
    assert line["raw_sha256"] == hashlib.sha256(big.encode()).hexdigest()


@given(st.lists(st.integers(0, 3)), st.integers(1, 5))
def test_merging_equals_sorting(ids: list[int], parts: int) -> None:
    lines = [
        rejects.reject_line(reject("rejected", "S", "stub", f"d{i}", record_id=str(n)))
        for i, n in enumerate(ids)
    ]
    cut = [sorted(lines[i::parts], key=rejects.order) for i in range(parts)]
    handles = [io.BytesIO(b"".join(part)) for part in cut]
    assert list(rejects.merge(handles)) == sorted(lines, key=rejects.order)


@pytest.mark.parametrize("reason", sorted(REASONS))
def test_every_reason_has_a_line_and_a_meaning_in_the_report(reason: str) -> None:
    from beam_synth.dataset import report

    account = accounts.Account("S", (), 1, 0, {reason: 1}, {}, 0)
    assert orjson.loads(rejects.reject_line(reject("rejected", "S", reason)))["reason"] == reason
    assert reason in report.render(CONTEXT, [account], {}, {}, [])


def test_file_names() -> None:
    assert (
        layout.reject_path("rejected", "ExpandWithWikidata") == "rejects/expand_with_wikidata.jsonl"
    )
    assert layout.reject_path("failed", "DeduplicateMinHash") == "errors/deduplicate_min_hash.jsonl"


def test_a_broken_write_leaves_no_file(tmp_path: Path) -> None:
    run = RunFolder(str(tmp_path / "out[1]"))
    with pytest.raises(OSError), run.create("a/b.txt") as handle:
        handle.write(b"half")
        raise OSError
    assert not run.exists("a/b.txt")
    with run.create("a/b.txt") as handle:
        handle.write(b"whole")
    assert run.names("a") == ["b.txt"]
    with run.open("a/b.txt") as handle:
        assert handle.read() == b"whole"
    for path in ("a", "a", "nothing"):
        run.remove_folder(path)
    assert run.names("a") == []
