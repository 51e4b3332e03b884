"""HoldOutSections: whole sections, drawn by key, in files of their own."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from beam_synth.drawing import bucket_of, digest
from beam_synth.job.schema import Holdout
from beam_synth.knowledge.holdout import is_held_out
from beam_synth.knowledge.passage_store import write_passages
from beam_synth.records import PASSAGE_SCHEMA, PassageFile
from transforms.hold_out import HoldOutSections
from transforms.testing import Applied, run_transform

BUCKETS = 4
SECTIONS = [
    (f"enwiki:{article}", section) for article in range(30) for section in ("", "A", "A > B")
]


def passages() -> list[dict[str, Any]]:
    """Three of each section, in all buckets."""
    rows = []
    for article, section in SECTIONS:
        for index in range(3):
            row = dict.fromkeys(PASSAGE_SCHEMA.names, "") | {
                "passage_id": digest(article, section, index),
                "article_id": article,
                "title": article,
                "section": section,
                "text": f"Passage {index} of {section}: Brücke.",
                "revision": None,
                "index": index,
                "position": index,
                "sentences": [0],
                "words": 4,
                "tokens": 6,
                "links": [{"offset": 0, "text": "Passage", "url": "https://example.org"}],
                "names": ["Überland"],
            }
            rows.append(row)
    return rows


def write_parts(run: Path, rows: Sequence[dict[str, Any]]) -> list[PassageFile]:
    files = []
    (run / "_tmp/split").mkdir(parents=True)
    for bucket in range(BUCKETS):
        own = [row for row in rows if bucket_of(row["passage_id"], BUCKETS) == bucket]
        path = f"_tmp/split/{bucket:05d}.parquet"
        with (run / path).open("wb") as handle:
            write_passages([pa.Table.from_pylist(own, schema=PASSAGE_SCHEMA)], handle)
        files.append(PassageFile(bucket, path, len(own)))
    return files


def hold_out(run: Path, files: Sequence[PassageFile], share: float, seed: int = 1) -> Applied:
    return run_transform(HoldOutSections(Holdout(sections=share), seed, str(run)), files)


def rows_of(run: Path, found: Applied) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """(passages that go on, held-out ones) as they lie on disk."""
    kept = [row for file in found.out for row in pq.read_table(run / file.path).to_pylist()]
    lines = [
        line
        for info in found.extra["files"]
        for line in (run / info["path"]).read_text(encoding="utf-8").splitlines()
    ]
    return kept, [json.loads(line) for line in lines]


def by_id(rows: Sequence[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {row["passage_id"]: row for row in rows}


def test_sections_are_held_out_as_a_whole_and_nothing_is_lost(tmp_path: Path) -> None:
    rows = passages()
    found = hold_out(tmp_path, write_parts(tmp_path, rows), 0.2)
    kept, held = rows_of(tmp_path, found)
    drawn = {place for place in SECTIONS if is_held_out(*place, 0.2, 1)}
    assert 0 < len(drawn) < len(SECTIONS) / 2
    assert {(row["article_id"], row["section"]) for row in held} == drawn
    assert by_id(held) == {p: row for p, row in by_id(rows).items() if p not in by_id(kept)}
    assert len(held) == 3 * len(drawn) and len(kept) + len(held) == len(rows)
    assert [file.bucket for file in sorted(found.out)] == list(range(BUCKETS))
    assert sum(file.rows for file in found.out) == len(kept)
    assert {(r.reason, r.record_id) for r in found.rejects} == {
        ("held_out", row["passage_id"]) for row in held
    }
    assert found.counts["HoldOutSections", "in", ""] == len(rows)
    assert found.counts["HoldOutSections", "out", ""] == len(kept)


def test_the_files_are_as_their_lines_of_the_manifest_say(tmp_path: Path) -> None:
    found = hold_out(tmp_path, write_parts(tmp_path, passages()), 0.2)
    assert found.extra["files"]
    for info in found.extra["files"]:
        data = (tmp_path / info["path"]).read_bytes()
        assert (info["config"], info["format"]) == ("holdout", "jsonl")
        assert info["records"] == data.count(b"\n") and info["bytes"] == len(data)
        assert info["sha256"] == hashlib.sha256(data).hexdigest()


def test_it_can_be_done_again_with_the_same_result(tmp_path: Path) -> None:
    files = write_parts(tmp_path, passages())
    first, second = (hold_out(tmp_path, files, 0.3) for _ in range(2))
    assert sorted(first.out) == sorted(second.out)
    assert first.counts == second.counts
    assert sorted(map(str, first.extra["files"])) == sorted(map(str, second.extra["files"]))


def test_a_larger_share_holds_out_more_and_another_seed_others() -> None:
    def drawn(share: float, seed: int) -> set[tuple[str, str]]:
        return {place for place in SECTIONS if is_held_out(*place, share, seed)}

    assert drawn(0.1, 1) < drawn(0.4, 1)
    assert drawn(0.4, 1) != drawn(0.4, 2)
    places = [(f"a{n}", "History") for n in range(4000)]
    assert sum(is_held_out(*place, 0.02, 7) for place in places) == pytest.approx(80, abs=35)


def test_no_file_where_nothing_is_held_out(tmp_path: Path) -> None:
    found = hold_out(tmp_path, write_parts(tmp_path, passages()), 1e-9)
    assert found.extra["files"] == [] and not found.rejects
    assert not (tmp_path / "holdout").exists()
    assert Counter(file.rows for file in found.out).total() == BUCKETS
