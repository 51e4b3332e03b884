"""Vectors on disk, and the exact nearest neighbours among them."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import IO, Any, TypeVar

import numpy as np
import numpy.lib.format as npy
import numpy.typing as npt
import pyarrow as pa

from beam_synth.drawing import digest
from beam_synth.records import NEIGHBOR_SCHEMA, Embedder
from beam_synth.storage import layout

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]
Info = TypeVar("Info", bound=Sequence[Any])  # (bucket, path, rows, ...)

_EMBEDDING_REVISION = 1  # raise it when the same text would get another vector
ROW_GROUP = 1024  # rows of the neighbours file that are read at once, as of the passages file
_MARGIN = 8  # candidates beyond k
_SLICE = 8192  # pairs that are rescored at once


def groups(infos: Iterable[Info], rows: int) -> Iterator[list[Info]]:
    """Consecutive buckets together, until a group has `rows` rows; (bucket, path, rows, ...)."""
    group: list[Info] = []
    size = 0
    for info in sorted(infos, key=lambda info: info[0]):
        group.append(info)
        size += info[2]
        if size >= rows:
            yield group
            group, size = [], 0
    if group:
        yield group


# ---------------------------------------------------------------- files


def vectors_path(bucket: int, embedder: Embedder, ids: Sequence[str], texts: Sequence[str]) -> str:
    """The file of a bucket's vectors, relative to the run: named after all that decides them."""
    model = (embedder.name, embedder.revision, embedder.dimension, _EMBEDDING_REVISION)
    return layout.vectors_path(bucket, digest(*model, *ids, *texts))


def write_vectors(vectors: Floats, handle: IO[bytes]) -> None:
    """Write float32[rows, d] as .npy."""
    npy.write_array(handle, np.ascontiguousarray(vectors, np.float32), version=(1, 0))


def is_whole(handle: IO[bytes], shape: tuple[int, int]) -> bool:
    """Whether an .npy file holds float32 of this shape, and ends where it should."""
    try:
        if npy.read_magic(handle) != (1, 0):
            return False
        found, by_column, dtype = npy.read_array_header_1_0(handle)
    except ValueError:
        return False
    if found != shape or by_column or dtype != np.float32:
        return False
    start = handle.tell()
    return handle.seek(0, 2) - start == 4 * shape[0] * shape[1]


# ---------------------------------------------------------------- exact neighbours


@dataclasses.dataclass(frozen=True)
class Block:
    """Rows of one or several consecutive buckets."""

    vectors: Floats  # [n, d], unit norm
    rows: Ints  # [n], ascending: the row's number in the whole run, in the order of ids
    groups: npt.NDArray[Any] | None = None  # [n], language of each row; None if all count as one


class TopK:
    """The k nearest rows of each query by exact cosine, fed block by block.

    Candidates come from faiss (float32); their scores are recomputed in float64, each from its two
    vectors alone, and ordered by (-score, row). Candidates are fetched until the error bound of
    float32 proves that no other row belongs among the best, so the result is exact and depends
    neither on how rows lie in blocks nor on ties. Equal vectors are searched once.
    """

    def __init__(self, queries: Block, k: int, language: str = "any") -> None:
        self._queries = queries
        self._k = k
        self._language = language  # any | same | other
        m = len(queries.rows)
        self.rows: Ints = np.full((m, k), -1, np.int64)  # -1: there are fewer than k
        self.scores: npt.NDArray[np.float64] = np.full((m, k), -np.inf)
        # A float32 dot product of unit vectors is off by at most d units of rounding, twice over.
        self._slack = 2 * queries.vectors.shape[1] * float(np.finfo(np.float32).eps)

    def add(self, block: Block) -> None:
        """Search one block."""
        if not self._k or not len(block.rows) or not len(self._queries.rows):
            return
        if self._language == "any":
            self._search(np.arange(len(self._queries.rows)), block.vectors, block.rows)
            return
        if self._queries.groups is None or block.groups is None:
            raise ValueError(f"language={self._language!r} needs the language of each row")
        for name in np.unique(self._queries.groups):
            asked = np.flatnonzero(self._queries.groups == name)
            wanted = (block.groups == name) == (self._language == "same")
            if wanted.any():
                self._search(asked, block.vectors[wanted], block.rows[wanted])

    def _search(self, asked: Ints, vectors: Floats, rows: Ints) -> None:
        import faiss

        unique, members = _unique(vectors)
        width = self._k + 1 + _MARGIN  # one for the query itself
        while len(asked):
            width = min(width, len(unique))
            queries = np.ascontiguousarray(self._queries.vectors[asked])
            rough, found = faiss.knn(queries, unique, width, metric=faiss.METRIC_INNER_PRODUCT)
            last = rough[:, -1] + self._slack  # no row that was not found scores higher
            self._merge(asked, rough, found, unique, members, rows)
            unsure = (last >= self.scores[asked, -1]) & (width < len(unique))
            asked = asked[unsure]
            width *= 4

    def _merge(
        self,
        asked: Ints,
        rough: Floats,
        found: Ints,
        unique: Floats,
        members: Callable[[Ints, int], tuple[Ints, Ints]],
        rows: Ints,
    ) -> None:
        """Rescore the candidates that can matter and keep the best k of each query."""
        k = self._k
        bar = self.scores[asked, -1]
        if rough.shape[1] > k:
            bar = np.maximum(bar, rough[:, k] - self._slack)
        query, column = np.nonzero(rough + self._slack >= bar[:, None])
        candidate = found[query, column]
        score = _dot(self._queries.vectors, asked[query], unique, candidate)
        pair, member = members(candidate, k + 1)  # of equal vectors the first k + 1 are enough
        own = asked[query[pair]]
        table = (own, score[pair], rows[member])
        keep = table[2] != self._queries.rows[own]
        self._best(asked, *(column[keep] for column in table))

    def _best(self, asked: Ints, own: Ints, score: npt.NDArray[np.float64], row: Ints) -> None:
        k = self._k
        old_own = np.repeat(asked, k)
        old_row, old_score = self.rows[asked].ravel(), self.scores[asked].ravel()
        there = old_row >= 0
        own = np.concatenate([old_own[there], own])
        score = np.concatenate([old_score[there], score])
        row = np.concatenate([old_row[there], row])
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
    rows: Ints, files: Iterable[tuple[int, int, str]], read: Callable[[str], list[str]]
) -> dict[int, str]:
    """The ids of the rows (-1 left out); files are (first row, rows, path), `read` gives ids."""
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
    """NEIGHBOR_SCHEMA: for each passage id of `own` the rows of TopK by their names."""
    there = rows >= 0
    offsets = np.concatenate([[0], np.cumsum(there.sum(axis=1))]).astype(np.int32)
    ids = pa.array([names[int(row)] for row in rows[there]], pa.string())
    cosines = pa.array(scores[there].astype(np.float32))
    lists = [pa.ListArray.from_arrays(pa.array(offsets), values) for values in (ids, cosines)]
    return pa.table([pa.array(own, pa.string()), *lists], schema=NEIGHBOR_SCHEMA)


def _dot(left: Floats, i: Ints, right: Floats, j: Ints) -> npt.NDArray[np.float64]:
    """left[i] . right[j] pair by pair: exact products, summed in float64 along each row."""
    out = np.empty(len(i), np.float64)
    for start in range(0, len(i), _SLICE):
        part = slice(start, start + _SLICE)
        products = left[i[part]].astype(np.float64)
        products *= right[j[part]]
        out[part] = products.sum(axis=1)
    return out


def _unique(
    vectors: Floats,
) -> tuple[Floats, Callable[[Ints, int], tuple[Ints, Ints]]]:
    """The distinct vectors, and who has them.

    The second gives, for distinct vectors and a bound, (position in the request, row) of the first
    `bound` rows that have each of them.
    """
    vectors = np.ascontiguousarray(vectors)
    keys = vectors.view(np.dtype((np.void, vectors.dtype.itemsize * vectors.shape[1]))).ravel()
    _, first, inverse, sizes = np.unique(
        keys, return_index=True, return_inverse=True, return_counts=True
    )
    order = np.argsort(inverse, kind="stable")  # rows of one vector in ascending order
    starts = np.cumsum(sizes) - sizes

    def members(asked: Ints, bound: int) -> tuple[Ints, Ints]:
        lengths = np.minimum(sizes[asked], bound)
        position = np.repeat(np.arange(len(asked)), lengths)
        within = np.arange(len(position)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        return position, order[starts[asked[position]] + within]

    return vectors[first], members
