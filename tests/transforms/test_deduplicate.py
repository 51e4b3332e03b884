from __future__ import annotations

import itertools
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import apache_beam as beam
import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from beam_synth.corpus import duplicates
from beam_synth.drawing import bucket_of, digest, draw
from beam_synth.records import RECORD_REF_SCHEMA, Reject, pack, sample_text, unpack
from beam_synth.text import fingerprints
from tests.transforms.test_settle import Said, write
from transforms.deduplicate import DeduplicateExact, DeduplicateMinHash
from transforms.testing import run_transform

TASK_BUCKETS = 16
Sample = tuple[str, str, str, float]  # query, answer, exercise, quality


def write_run(run: Path, samples: Sequence[Sample]) -> pa.Table:
    """Outcome files as Generate writes them (one sample a task), and the references."""
    rows: list[dict[str, Any]] = []
    by_bucket: dict[str, list[dict[str, Any]]] = {}
    for i, (query, answer, exercise, quality) in enumerate(samples):
        task_id = digest("task", i)
        bucket = bucket_of(task_id, TASK_BUCKETS)
        file = f"_completed/{bucket:05d}/0-0-{i % 2}.parquet"
        fold = [exercise != "math exercise"]
        row = {
            "synth_id": task_id + "00",
            "query": query,
            "synthetic_answer": answer,
            "messages": [{"content": query}, {"content": answer}],
        }
        text = sample_text(row)
        outcome = {"task_id": task_id, "kind": "made", "records": [row]}
        by_bucket.setdefault(file, []).append(
            {"task_id": task_id, "outcome": orjson.dumps(outcome), "content_hash": "0"}
        )
        rows.append(
            {
                "record_id": task_id + "00",
                "config": "samples",
                "task_bucket": bucket,
                "file": file,
                "method": "rag",
                "language": "en",
                "exercise": exercise,
                "quality": quality,
                "text_hash": fingerprints.text_hashes([text], fold)[0],
                "bands": fingerprints.band_hashes([text], fold)[0],
            }
        )
    for file, outcomes in by_bucket.items():
        (run / file).parent.mkdir(parents=True, exist_ok=True)
        schema = pa.schema(
            [("task_id", pa.string()), ("outcome", pa.binary()), ("content_hash", pa.string())]
        )
        pq.write_table(pa.Table.from_pylist(outcomes, schema=schema), run / file)
    return pa.Table.from_pylist(rows, schema=RECORD_REF_SCHEMA)


def text(key: str, shared: int, total: int = 60) -> str:
    """`total` words, the first `shared` of them the same for one key's first letter."""
    head, tail = draw(1, key[0], "head"), draw(1, key, "tail")
    return " ".join(f"x{(head if i < shared else tail).bits() % 10**8:x}y" for i in range(total))


def run_stage(
    stage: beam.PTransform, tables: Sequence[pa.Table]
) -> tuple[list[dict[str, Any]], list[Reject], dict[tuple[str, str, str], int]]:
    """Rows that survive (by id), rejects (by id), and summed counts."""
    found = run_transform(stage, map(pack, tables))
    rows = [row for data in found.out for row in unpack(data).to_pylist()]
    return (
        sorted(rows, key=lambda row: row["record_id"]),
        sorted(found.rejects, key=lambda record: record.record_id),
        {key: n for key, n in found.counts.items() if n},
    )


# ---------------------------------------------------------------- exact


def test_exact_keeps_best_quality_then_smallest_id(tmp_path: Path) -> None:
    a, b, c = (text(k, 0) for k in "abc")
    table = write_run(
        tmp_path,
        [
            ("q", a, "rag", 0.1),
            ("Q!", a, "rag", 0.5),
            ("q", a, "rag", 0.5),
            ("q", b, "rag", 0.0),
            ("", "!", "rag", 0.0),
            ("", "?", "rag", 0.0),
            ("q", c, "rag", 1.0),
        ],
    )
    ids = table["record_id"].to_pylist()
    rows, rejects, counts = run_stage(DeduplicateExact(), [table.slice(0, 3), table.slice(3)])
    best = min(ids[1], ids[2])
    assert [row["record_id"] for row in rows] == sorted([best, *ids[3:]])
    assert rows == sorted(
        (r for r in table.to_pylist() if r["record_id"] in {best, *ids[3:]}),
        key=lambda r: r["record_id"],
    )
    assert [(r.kind, r.stage, r.reason, r.record_id) for r in rejects] == [
        ("rejected", "DeduplicateExact", "exact_duplicate", i) for i in sorted({*ids[:3]} - {best})
    ]
    cluster = table["text_hash"][0].as_py().hex()
    assert {r.detail for r in rejects} == {
        orjson.dumps({"cluster": cluster, "keeper": best, "similarity": 1.0}).decode()
    }
    assert counts == {
        ("DeduplicateExact", "in", ""): 7,
        ("DeduplicateExact", "passed", ""): 5,
        ("DeduplicateExact", "out", ""): 5,
        ("DeduplicateExact", "rejected", "exact_duplicate"): 2,
    }


@pytest.mark.parametrize(
    "stage", [DeduplicateExact(enabled=False), DeduplicateMinHash(0.7, "nowhere", enabled=False)]
)
def test_a_stage_that_is_off_passes_everything(stage: Any, tmp_path: Path) -> None:
    table = write_run(tmp_path, [("q", "a b c d e f", "rag", 0.0)] * 3)
    rows, rejects, counts = run_stage(stage, [table])
    assert len(rows) == 3 and not rejects
    assert {kind: n for (_, kind, _), n in counts.items()} == {"in": 3, "passed": 3, "out": 3}


# ---------------------------------------------------------------- MinHash


def brute_force(table: pa.Table, texts: list[str], threshold: float) -> dict[str, tuple[str, str]]:
    """Removed id -> (cluster, keeper): all pairs that share a band, verified, then closed."""
    ids, qualities = table["record_id"].to_pylist(), table["quality"].to_pylist()
    bands = [{b[i : i + 8] for i in range(0, len(b), 8)} for b in table["bands"].to_pylist()]
    sets = [fingerprints.shingles(t, True) for t in texts]
    label = list(range(len(ids)))
    for a, b in itertools.combinations(range(len(ids)), 2):
        if bands[a] & bands[b] and fingerprints.jaccard(sets[a], sets[b]) >= threshold:
            old, new = label[b], label[a]
            label = [new if x == old else x for x in label]
    removed = {}
    for root in set(label):
        group = [i for i, x in enumerate(label) if x == root]
        keeper = min(group, key=lambda i: (-qualities[i], ids[i]))
        removed.update(
            {ids[i]: (min(ids[j] for j in group), ids[keeper]) for i in group if i != keeper}
        )
    return removed


def families(seed: int) -> list[Sample]:
    """Families of texts of graded likeness, some of them too short for a shingle."""
    source, samples = draw(seed, "families", "test"), []
    for i in range(60):
        family = source.choice("abcdefgh")
        words = text(f"{family}{i}", source.choice([0, 30, 50, 55, 58, 60]))
        samples.append(("q", words, "rag", float(source.below(3))))
    return [*samples, ("one two", "three", "rag", 0.0), ("one two", "three four", "rag", 0.0)]


@pytest.mark.parametrize("seed", range(3))
def test_minhash_equals_brute_force(tmp_path: Path, seed: int) -> None:
    samples = families(seed)
    table = write_run(tmp_path, samples)
    expected = brute_force(table, [f"{q}\n{a}" for q, a, _, _ in samples], 0.7)
    assert 5 < len(expected) < 55
    rows, rejects, counts = run_stage(DeduplicateMinHash(0.7, str(tmp_path)), [table])
    details = {r.record_id: orjson.loads(r.detail) for r in rejects}
    assert {i: (d["cluster"], d["keeper"]) for i, d in details.items()} == expected
    assert [r["record_id"] for r in rows] == sorted({*table["record_id"].to_pylist()} - {*expected})
    assert counts["DeduplicateMinHash", "in", ""] == len(samples)
    assert counts["DeduplicateMinHash", "rejected", "near_duplicate"] == len(expected)
    assert counts["DeduplicateMinHash", "passed", ""] == len(samples) - len(expected)


def test_similarity_is_the_true_jaccard_to_the_keeper(tmp_path: Path) -> None:
    samples = [("q", text("a1", 60), "rag", 0.0), ("q", text("a2", 58), "rag", 1.0)]
    table = write_run(tmp_path, samples)
    (row,), (reject,), _ = run_stage(DeduplicateMinHash(0.7, str(tmp_path)), [table])
    a, b = (fingerprints.shingles(f"{q}\n{t}", True) for q, t, _, _ in samples)
    assert row == table.to_pylist()[1]
    assert reject.reason == "near_duplicate" and reject.record_id == table["record_id"][0].as_py()
    assert orjson.loads(reject.detail) == {
        "cluster": min(table["record_id"].to_pylist()),
        "keeper": row["record_id"],
        "similarity": round(fingerprints.jaccard(a, b), 6),
    }


def test_survivors_do_not_depend_on_order_or_bundling(tmp_path: Path) -> None:
    table = write_run(tmp_path, families(9))
    stage = DeduplicateMinHash(0.7, str(tmp_path))
    expected = run_stage(stage, [table])
    for cut in (1, 7, 40):
        order = draw(cut, "order", "test").shuffled(range(len(table)))
        mixed = table.take(order)
        assert (
            run_stage(stage, [mixed.slice(i, cut) for i in range(0, len(mixed), cut)]) == expected
        )


def test_instances_of_a_maths_template_are_not_duplicates(tmp_path: Path) -> None:
    """With numbers folded to 0 they would be one cluster."""
    body = "Anna has {} apples and buys {} more at the market so now she has {} apples in all"
    texts = [body.format(a, b, a + b) for a, b in ((3, 4), (15, 26), (7, 90))]
    maths = write_run(tmp_path / "m", [("q", t, "math exercise", 0.0) for t in texts])
    prose = write_run(tmp_path / "p", [("q", t, "rag", 0.0) for t in texts])
    keep_numbers = ("math exercise",)
    for run, table, left in (("m", maths, 3), ("p", prose, 1)):
        stage = DeduplicateMinHash(0.7, str(tmp_path / run), keep_numbers)
        assert len(run_stage(stage, [table])[0]) == left


@pytest.mark.parametrize("minhash", [False, True])
def test_equal_texts_of_two_configs_are_no_duplicates(tmp_path: Path, minhash: bool) -> None:
    same = text("a1", 40)
    table = write(tmp_path, [Said(same, config=c) for c in ("texts", "instructions", "texts")])
    stage = DeduplicateMinHash(0.7, str(tmp_path)) if minhash else DeduplicateExact()
    rows, (reject,), _ = run_stage(stage, [table])
    assert sorted(row["config"] for row in rows) == ["instructions", "texts"]
    one, _, other = table["record_id"].to_pylist()
    assert reject.record_id == max(one, other)


def test_no_candidates_and_no_samples(tmp_path: Path) -> None:
    table = write_run(tmp_path, [("q", text(k, 0), "rag", 0.0) for k in "abc"])
    rows, rejects, _ = run_stage(DeduplicateMinHash(0.7, str(tmp_path)), [table])
    assert (len(rows), rejects) == (3, [])
    for stage in (DeduplicateMinHash(0.7, str(tmp_path)), DeduplicateExact()):
        assert run_stage(stage, [RECORD_REF_SCHEMA.empty_table()]) == ([], [], {})


def test_a_large_bucket_is_compared_along_a_star_and_a_chain(monkeypatch: Any) -> None:
    monkeypatch.setattr(duplicates, "MAX_BUCKET", 3)
    assert set(duplicates._bucket_pairs([2, 5, 7])) == {(2, 5), (2, 7), (5, 7)}
    assert set(duplicates._bucket_pairs([1, 2, 5, 7])) == {(1, 2), (1, 5), (1, 7), (2, 5), (5, 7)}


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(st.integers(0, 5), st.sampled_from([0.0, 0.5, 1.0])), max_size=30))
def test_exact_survivors_and_removed_are_the_input(rows: list[tuple[int, float]]) -> None:
    records = [
        {"record_id": digest(i) + "00", "text_hash": bytes([h]) * 16, "quality": q}
        for i, (h, q) in enumerate(rows)
    ]
    table = pa.Table.from_pylist(records, schema=RECORD_REF_SCHEMA)
    kept, rejects = duplicates.drop_equal(table, "DeduplicateExact")
    best = {
        h: min((-q, digest(i) + "00") for i, (g, q) in enumerate(rows) if g == h)[1]
        for h in {h for h, _ in rows}
    }
    assert set(kept["record_id"].to_pylist()) == set(best.values())
    everything = kept["record_id"].to_pylist() + [r.record_id for r in rejects]
    assert sorted(everything) == sorted(table["record_id"].to_pylist())


def test_a_conversation_is_compared_by_what_follows_its_parent() -> None:
    first = [
        {"role": "user", "content": "Who built it?"},
        {"role": "assistant", "content": "<think>\n∴ Vogt\n</think>\nVogt."},
    ]
    row = {"query": "Who built it?", "synthetic_answer": "Vogt.", "messages": first}
    assert sample_text(row) == "Who built it?\nVogt."
    later = [
        {"role": "user", "content": "And when?"},
        {"role": "assistant", "content": "<think>\n∴ 1920\n</think>\nIn 1920."},
    ]
    row = {**row, "synthetic_answer": "In 1920.", "messages": [*first, *later]}
    assert sample_text(row) == "And when?\nIn 1920."
