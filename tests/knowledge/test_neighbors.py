"""Exact neighbours against a brute-force oracle, and vector files."""

from __future__ import annotations

import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from beam_synth.engines.hashing_embedder import HashingEmbedder
from beam_synth.knowledge.neighbors import Block, BucketRows, TopK, name_rows, neighbor_table
from beam_synth.knowledge.vector_files import (
    Floats,
    groups,
    is_whole,
    path_of_vectors,
    write_vectors,
)
from beam_synth.records import PassageFile

pytest.importorskip("faiss")


def _unit(vectors: np.ndarray) -> Floats:
    norms = np.sqrt((vectors.astype(np.float64) ** 2).sum(axis=1, keepdims=True))
    return np.ascontiguousarray(vectors / np.where(norms, norms, 1), np.float32)


def _oracle(vectors: Floats, groups: np.ndarray, k: int, language: str) -> list[list[int]]:
    out = []
    for i, vector in enumerate(vectors.astype(np.float64)):
        scores = (vectors.astype(np.float64) * vector).sum(axis=1)
        rows = [
            j
            for j in range(len(vectors))
            if j != i and (language == "any" or (groups[i] == groups[j]) == (language == "same"))
        ]
        out.append(sorted(rows, key=lambda j: (-scores[j], j))[:k])
    return out


def _search(
    vectors: Floats, names: np.ndarray, k: int, language: str, cuts: list[int]
) -> list[list[int]]:
    rows = np.arange(len(vectors))
    search = TopK(Block(vectors, rows, names), k, language)
    for part in np.split(rows, sorted(min(cut, len(rows)) for cut in cuts)):
        search.add(Block(vectors[part], part, names[part]))
    return [[int(row) for row in own if row >= 0] for own in search.rows]


@settings(max_examples=60)
@given(
    seed=st.integers(0, 2**32 - 1),
    n=st.integers(1, 60),
    distinct=st.integers(1, 60),
    k=st.integers(0, 6),
    language=st.sampled_from(["any", "same", "other"]),
    cuts=st.lists(st.integers(0, 60), max_size=4),
)
def test_equals_brute_force_whatever_the_blocks(
    seed: int, n: int, distinct: int, k: int, language: str, cuts: list[int]
) -> None:
    generator = np.random.default_rng(seed)  # coarse values: many ties, many equal rows
    pool = _unit(generator.integers(-1, 2, (distinct, 6)))
    vectors = pool[generator.integers(0, distinct, n)]
    names = np.array(["de", "en", "fr"])[generator.integers(0, 3, n)]
    assert _search(vectors, names, k, language, cuts) == _oracle(vectors, names, k, language)


def test_many_equal_vectors_stay_exact_and_cheap() -> None:
    generator = np.random.default_rng(3)
    vectors = _unit(generator.normal(size=(1500, 24)))
    vectors[200:900] = vectors[0]
    names = np.zeros(1500, "U2")
    assert _search(vectors, names, 5, "any", [700]) == _oracle(vectors, names, 5, "any")


def test_scores_that_float32_cannot_tell_apart_are_told_apart() -> None:
    generator = np.random.default_rng(5)
    near = np.repeat(_unit(generator.normal(size=(1, 48))), 300, axis=0)
    near += generator.normal(size=near.shape).astype(np.float32) * 3e-7
    names = np.zeros(300, "U2")
    assert _search(near, names, 4, "any", [100, 200]) == _oracle(near, names, 4, "any")


def test_languages_are_needed_where_they_decide() -> None:
    block = Block(_unit(np.ones((2, 3))), np.arange(2))
    with pytest.raises(ValueError, match="needs the language"):
        TopK(block, 1, "same").add(block)


def test_groups_keep_order_and_lose_nothing() -> None:
    rows = {2: 5, 0: 3, 1: 9, 3: 0, 4: 1}
    files = [PassageFile(bucket, "", n) for bucket, n in rows.items()]
    assert [[file.bucket for file in group] for group in groups(files, 6)] == [[0, 1], [2, 3, 4]]
    assert list(groups(files[:0], 6)) == []


def test_rows_become_ids_and_short_lists_stay_short() -> None:
    rows = np.array([[3, 0], [2, -1], [-1, -1]])
    files = [BucketRows(0, 2, "first"), BucketRows(2, 2, "second")]
    names = name_rows(rows, files, {"first": ["a", "b"], "second": ["c", "d"]}.__getitem__)
    table = neighbor_table(["x", "y", "z"], rows, np.full(rows.shape, 0.5), names)
    assert table.column("neighbors").to_pylist() == [["d", "a"], ["c"], []]
    assert table.column("scores").to_pylist() == [[0.5, 0.5], [0.5], []]


def test_torn_and_foreign_vector_files_are_known() -> None:
    handle = io.BytesIO()
    write_vectors(np.ones((3, 4), np.float32), handle)
    data = handle.getvalue()
    assert is_whole(io.BytesIO(data), (3, 4))
    assert not is_whole(io.BytesIO(data), (4, 3))
    assert not is_whole(io.BytesIO(data[:-1]), (3, 4))
    assert not is_whole(io.BytesIO(data + b"x"), (3, 4))
    assert not is_whole(io.BytesIO(data[:20]), (3, 4))
    assert not is_whole(io.BytesIO(b""), (3, 4))
    handle = io.BytesIO()
    np.save(handle, np.ones((3, 4)))
    assert not is_whole(io.BytesIO(handle.getvalue()), (3, 4))


def test_the_name_of_a_vector_file_follows_texts_and_model() -> None:
    small, large = HashingEmbedder(8), HashingEmbedder(16)
    name = path_of_vectors(7, small, ["a"], ["text"])
    assert name.startswith("_embeddings/00007-") and name.endswith(".npy")
    assert name == path_of_vectors(7, small, ["a"], ["text"])
    others = [(small, ["b"], ["text"]), (small, ["a"], ["texts"]), (large, ["a"], ["text"])]
    assert name not in {path_of_vectors(7, *other) for other in others}
