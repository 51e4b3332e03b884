"""The exact nearest neighbours among vectors.

Beside the search, how its rows get their passages' ids and become a table.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from beam_synth.knowledge.vector_files import Floats
from beam_synth.records import NEIGHBOR_SCHEMA

Ints = npt.NDArray[np.int64]

ROW_GROUP = 1024  # rows of the neighbours file that are read at once, as of the passages file
_MARGIN = 8  # candidates beyond k
_QUERIES = 2048  # searched at once: of equal vectors each may have 150 candidates, 80 bytes each
_CANDIDATES = 1 << 20  # asked for at once, of 12 bytes each
_SLICE = 8192  # pairs that are rescored at once


@dataclasses.dataclass(frozen=True)
class Block:
    """Rows of one or several consecutive buckets."""

    vectors: Floats  # [n, d], unit norm
    rows: Ints  # [n], ascending: the row's number in the whole run, in the order of ids
    groups: npt.NDArray[Any] | None = None  # [n], language of each row; None if all count as one


class BucketRows(NamedTuple):
    """Which rows of the run a bucket holds."""

    first: int  # row of its first passage in the run
    rows: int
    path: str  # of its passages


class TopK:
    """The k nearest rows of each query by exact cosine, fed block by block.

    Args:
        queries: what neighbours are looked for; a query is never its own neighbour.
        k: neighbours of each.
        language: any, or only rows of the same or of an other language than the query's.

    `rows` is int64[m, k], best first, and `scores` float64[m, k], for m queries.

    Candidates come from faiss (float32); their scores are recomputed in float64, each from its two
    vectors alone, and ordered by (-score, row). Candidates are fetched until the error bound of
    float32 proves that no other row belongs among the best, so the result is exact and depends
    neither on how rows lie in blocks nor on ties. Equal vectors are searched once.
    """

    def __init__(self, queries: Block, k: int, language: str = "any") -> None:
        self._queries = queries
        self._k = k
        self._language = language  # any | same | other
        size = len(queries.rows)
        self.rows: Ints = np.full((size, k), -1, np.int64)  # -1: there are fewer than k
        self.scores: npt.NDArray[np.float64] = np.full((size, k), -np.inf)
        # A float32 dot product of unit vectors is off by at most d units of rounding, twice over.
        self._slack = 2 * queries.vectors.shape[1] * float(np.finfo(np.float32).eps)

    def add(self, block: Block) -> None:
        """Search one block: O(queries * rows * d), by faiss.

        Raises ValueError where languages count and a block has none.
        """
        if not self._k or not len(block.rows) or not len(self._queries.rows):
            return
        if self._language == "any":
            self._search(np.arange(len(self._queries.rows)), block.vectors, block.rows)
            return
        if self._queries.groups is None or block.groups is None:
            raise ValueError(f"language={self._language!r} needs the language of each row")
        for name in np.unique(self._queries.groups):
            searched = np.flatnonzero(self._queries.groups == name)
            wanted = (block.groups == name) == (self._language == "same")
            if wanted.any():
                self._search(searched, block.vectors[wanted], block.rows[wanted])

    def _search(self, searched: Ints, vectors: Floats, rows: Ints) -> None:
        """Ask for few candidates of each query, and for more where those leave it open."""
        distinct = _Distinct(vectors)
        width = min(self._k + 1 + _MARGIN, len(distinct.vectors))  # one for the query itself
        while len(searched):
            step = max(1, min(_QUERIES, _CANDIDATES // width))
            parts = [searched[start : start + step] for start in range(0, len(searched), step)]
            searched = np.concatenate([self._unsure(p, width, distinct, rows) for p in parts])
            width = min(4 * width, len(distinct.vectors))

    def _unsure(self, asked: Ints, width: int, distinct: _Distinct, rows: Ints) -> Ints:
        """Merge the nearest `width` of each query; returns the queries that need more."""
        import faiss

        queries, among = np.ascontiguousarray(self._queries.vectors[asked]), distinct.vectors
        rough, nearest = faiss.knn(queries, among, width, metric=faiss.METRIC_INNER_PRODUCT)
        self._merge(asked, rough, nearest, distinct, rows)
        bound = rough[:, -1] + self._slack  # no row that was not found scores higher
        unsure: Ints = asked[(bound >= self.scores[asked, -1]) & (width < len(among))]
        return unsure

    def _merge(
        self,
        searched: Ints,
        rough: Floats,
        nearest: Ints,
        distinct: _Distinct,
        rows: Ints,
    ) -> None:
        """Rescore the candidates that can matter and keep the best k of each query."""
        k = self._k
        bar = self.scores[searched, -1]
        if rough.shape[1] > k:
            bar = np.maximum(bar, rough[:, k] - self._slack)
        query, column = np.nonzero(rough + self._slack >= bar[:, None])
        candidate = nearest[query, column]
        score = _dot(self._queries.vectors, searched[query], distinct.vectors, candidate)
        # Of equal vectors the first k + 1 are enough.
        pair, member = distinct.members(candidate, k + 1)
        own, row = searched[query[pair]], rows[member]
        other = row != self._queries.rows[own]
        self._best(searched, own[other], score[pair][other], row[other])

    def _best(self, searched: Ints, own: Ints, score: npt.NDArray[np.float64], row: Ints) -> None:
        """Keep the best k of what each query had and gets: `own` is the query of each new row."""
        k = self._k
        old_own = np.repeat(searched, k)
        old_row, old_score = self.rows[searched].ravel(), self.scores[searched].ravel()
        filled = old_row >= 0
        own = np.concatenate([old_own[filled], own])
        score = np.concatenate([old_score[filled], score])
        row = np.concatenate([old_row[filled], row])
        order = np.lexsort((row, -score, own))
        own, score, row = own[order], score[order], row[order]
        fresh = np.ones(len(own), bool)  # a second search finds the same rows again
        fresh[1:] = (own[1:] != own[:-1]) | (row[1:] != row[:-1])
        own, score, row = own[fresh], score[fresh], row[fresh]
        starts = np.searchsorted(own, own, side="left")
        rank = np.arange(len(own)) - starts
        top = rank < k
        self.rows[own[top], rank[top]] = row[top]
        self.scores[own[top], rank[top]] = score[top]


def name_rows(
    rows: Ints, files: Iterable[BucketRows], read: Callable[[str], list[str]]
) -> dict[int, str]:
    """Row of the run -> passage id, of the rows that are not -1.

    `read` gives the ids of a passages file, in order; only files that hold a wanted row are read.

    >>> files = [BucketRows(0, 2, "a"), BucketRows(2, 2, "b")]
    >>> name_rows(np.array([[3, -1]]), files, {"b": ["c4", "e9"]}.__getitem__)
    {3: 'e9'}
    """
    wanted = np.unique(rows[rows >= 0])
    names: dict[int, str] = {}
    for start, size, path in files:
        first, last = np.searchsorted(wanted, (start, start + size))
        if first < last:
            ids = read(path)
            names.update((int(row), ids[row - start]) for row in wanted[first:last])
    return names


def neighbor_table(
    own: Sequence[str], rows: Ints, scores: npt.NDArray[np.float64], names: dict[int, str]
) -> pa.Table:
    """NEIGHBOR_SCHEMA: for each passage id of `own` the rows of TopK by their names.

    `rows` and `scores` are [len(own), k], as TopK has them.

    >>> rows, scores = np.array([[3, -1]]), np.array([[0.5, -np.inf]])
    >>> neighbor_table(["07"], rows, scores, {3: "e9"}).to_pylist()
    [{'passage_id': '07', 'neighbors': ['e9'], 'scores': [0.5]}]
    """
    filled = rows >= 0
    offsets = np.concatenate([[0], np.cumsum(filled.sum(axis=1))]).astype(np.int32)
    ids = pa.array([names[int(row)] for row in rows[filled]], pa.string())
    cosines = pa.array(scores[filled].astype(np.float32))
    lists = [pa.ListArray.from_arrays(pa.array(offsets), values) for values in (ids, cosines)]
    return pa.table([pa.array(own, pa.string()), *lists], schema=NEIGHBOR_SCHEMA)


def _dot(left: Floats, i: Ints, right: Floats, j: Ints) -> npt.NDArray[np.float64]:
    """left[i] . right[j] pair by pair: exact products, summed in float64 along each row."""
    dots = np.empty(len(i), np.float64)
    for start in range(0, len(i), _SLICE):
        part = slice(start, start + _SLICE)
        products = left[i[part]].astype(np.float64)
        products *= right[j[part]]
        dots[part] = products.sum(axis=1)
    return dots


def _differ_from_last(rows: npt.NDArray[np.uint32], order: Ints) -> npt.NDArray[np.bool_]:
    """bool[n]: whether each row, in this order, differs from the one before it; the first does."""
    differ = np.ones(len(order), bool)
    for start in range(1, len(order), _SLICE):
        part = order[start - 1 : start + _SLICE]
        differ[start : start + _SLICE] = (rows[part[1:]] != rows[part[:-1]]).any(axis=1)
    return differ


class _Distinct:
    """The distinct vectors of a block, and which rows have each of them."""

    def __init__(self, vectors: Floats) -> None:
        vectors = np.ascontiguousarray(vectors)
        row_bytes = np.dtype((np.void, vectors.dtype.itemsize * vectors.shape[1]))
        # Rows of one vector in ascending order. np.unique would copy all of them twice.
        self._order = np.argsort(vectors.view(row_bytes).ravel(), kind="stable")
        self._starts = np.flatnonzero(_differ_from_last(vectors.view(np.uint32), self._order))
        self._sizes = np.diff(self._starts, append=len(vectors))
        self.vectors: Floats = vectors[self._order[self._starts]]

    def members(self, wanted: Ints, bound: int) -> tuple[Ints, Ints]:
        """(position in `wanted`, row) of the first `bound` rows that have each wanted vector."""
        lengths = np.minimum(self._sizes[wanted], bound)
        position = np.repeat(np.arange(len(wanted)), lengths)
        within = np.arange(len(position)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        return position, self._order[self._starts[wanted[position]] + within]
