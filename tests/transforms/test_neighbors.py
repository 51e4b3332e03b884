"""JoinNeighbors: brute force, any number of buckets, languages, duplicates, k = 0."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from beam_synth.drawing import Draw, bucket_of, digest
from beam_synth.engines.hashing_embedder import HashingEmbedder
from beam_synth.job.schema import Neighbors
from beam_synth.knowledge.passage_store import write_passages
from beam_synth.knowledge.vector_files import embedded_languages, write_vectors
from beam_synth.records import NEIGHBOR_SCHEMA, PASSAGE_SCHEMA, EmbeddedFile
from beam_synth.storage.layout import passages_path
from transforms.neighbors import JoinNeighbors
from transforms.testing import run_transform

pytest.importorskip("faiss")
WORDS = ["harbour", "lamp", "keeper", "stone", "tide", "wall", "gull", "rope", "mast", "salt"]


def _passages(n: int) -> list[dict[str, Any]]:
    """Short texts over ten words: many equal ones, many ties."""
    draw = Draw("texts")
    rows = []
    for number in range(n):
        text = " ".join(draw.choice(WORDS) for _ in range(1 + draw.below(3)))
        row = dict.fromkeys(PASSAGE_SCHEMA.names, "") | {
            "passage_id": digest(number),
            "text": text,
            "language": draw.choice(["de", "en", "en", "fr"]),
            "revision": None,
            "index": 0,
            "position": 0,
            "sentences": [0],
            "words": 1,
            "tokens": 1,
            "links": [],
            "names": [],
        }
        rows.append(row)
    return rows


def _oracle(rows: list[dict[str, Any]], k: int, language: str) -> dict[str, list[str]]:
    vectors = HashingEmbedder(32).embed([row["text"] for row in rows]).astype(np.float64)
    out = {}
    for own, vector in zip(rows, vectors, strict=True):
        scores = (vectors * vector).sum(axis=1)
        ranked = sorted(
            (-score, row["passage_id"])
            for score, row in zip(scores, rows, strict=True)
            if row is not own
            and (language == "any" or (row["language"] == own["language"]) == (language == "same"))
        )
        out[own["passage_id"]] = [passage_id for _, passage_id in ranked[:k]]
    return out


def _join(
    run: Path, rows: list[dict[str, Any]], buckets: int, neighbors: Neighbors, **more: Any
) -> dict[str, list[str]]:
    embedded = embedded_languages(more.get("asked"), neighbors)
    infos: list[EmbeddedFile] = []
    (run / "_passages").mkdir(parents=True)
    (run / "_embeddings").mkdir()
    for bucket in range(buckets):
        own = [row for row in rows if bucket_of(row["passage_id"], buckets) == bucket]
        own.sort(key=lambda row: str(row["passage_id"]))
        with (run / passages_path(bucket)).open("wb") as handle:
            write_passages([pa.Table.from_pylist(own, schema=PASSAGE_SCHEMA)], handle)
        with (run / f"_embeddings/{bucket}.npy").open("wb") as handle:
            texts = [row["text"] for row in own if embedded is None or row["language"] in embedded]
            write_vectors(HashingEmbedder(32).embed(texts), handle)
        infos.append(
            EmbeddedFile(bucket, passages_path(bucket), len(own), f"_embeddings/{bucket}.npy")
        )
    joined = run_transform(JoinNeighbors(neighbors, str(run), **more), infos)
    assert {file.bucket: file.rows for file in joined.out} == {i.bucket: i.rows for i in infos}
    assert +joined.counts == +Counter(
        {("JoinNeighbors", kind, ""): len(rows) for kind in ("in", "passed", "out")}
    )
    found: dict[str, list[str]] = {}
    for bucket, path, size, _ in infos:
        table = pq.read_table(run / f"_neighbors/neighbors-{bucket:05d}.parquet")
        assert table.schema == NEIGHBOR_SCHEMA and table.num_rows == size
        ids = table.column("passage_id").to_pylist()
        assert ids == pq.read_table(run / path).column("passage_id").to_pylist()
        found.update(zip(ids, table.column("neighbors").to_pylist(), strict=True))
    return found


@pytest.mark.parametrize(
    ("language", "buckets", "query_rows", "block_rows"),
    [("same", 1, 8192, 32_768), ("any", 5, 10, 20), ("other", 7, 1, 1), ("same", 40, 30, 7)],
)
def test_equals_brute_force_in_any_number_of_buckets(
    tmp_path: Path, language: Any, buckets: int, query_rows: int, block_rows: int
) -> None:
    rows = _passages(90)
    found = _join(
        tmp_path,
        rows,
        buckets,
        Neighbors(k=4, language=language),
        query_rows=query_rows,
        block_rows=block_rows,
    )
    assert found == _oracle(rows, 4, language)


@pytest.mark.parametrize("asked", [("en",), ("en", "fr"), ("pl",)])
@pytest.mark.parametrize("language", ["same", "any", "other"])
def test_what_is_asked_for_has_the_neighbours_that_it_would_have(
    tmp_path: Path, language: Any, asked: tuple[str, ...]
) -> None:
    rows = _passages(60)
    neighbors = Neighbors(k=4, language=language)
    found = _join(tmp_path, rows, 5, neighbors, asked=asked, query_rows=10, block_rows=20)
    oracle = _oracle(rows, 4, language)
    wanted = {row["passage_id"] for row in rows if row["language"] in asked}
    assert found == {name: oracle[name] if name in wanted else [] for name in oracle}


def test_none_are_asked_for(tmp_path: Path) -> None:
    rows = _passages(9)
    assert _join(tmp_path, rows, 2, Neighbors(k=0)) == {row["passage_id"]: [] for row in rows}


def test_fewer_than_k_are_there(tmp_path: Path) -> None:
    rows = _passages(3)
    found = _join(tmp_path, rows, 2, Neighbors(k=8, language="any"))
    assert found == _oracle(rows, 8, "any") and {len(ids) for ids in found.values()} == {2}


def test_no_passage_at_all(tmp_path: Path) -> None:
    assert _join(tmp_path / "none", [], 2, Neighbors(k=3)) == {}
