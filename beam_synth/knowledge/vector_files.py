"""Vectors on disk: one file for each bucket of passages, and which passages of it have one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import IO, TypeVar

import numpy as np
import numpy.lib.format as npy
import numpy.typing as npt

from beam_synth.drawing import digest
from beam_synth.job.schema import Neighbors
from beam_synth.records import EmbeddedFile, Embedder, PassageFile
from beam_synth.storage import layout

Floats = npt.NDArray[np.float32]
Bools = npt.NDArray[np.bool_]

Languages = tuple[str, ...] | None  # codes; None: all

BucketFile = TypeVar("BucketFile", PassageFile, EmbeddedFile)

_EMBEDDING_REVISION = 1  # raise it when the same text would get another vector


def embedded_languages(asked: Languages, neighbors: Neighbors) -> Languages:
    """The languages whose passages need vectors, where tasks are made in those that are `asked`.

    Passages of other languages count only where they may be neighbours.

    >>> [embedded_languages(("fr",), Neighbors(language=name)) for name in ("same", "any")]
    [('fr',), None]
    """
    return asked if neighbors.language == "same" else None


def is_of(column: Sequence[str], languages: Languages) -> Bools:
    """bool[n]: whether each of a column of languages is one of these.

    >>> is_of(["en", "fr"], ("fr",)).tolist(), is_of(["en"], None).tolist()
    ([False, True], [True])
    """
    if languages is None:
        return np.ones(len(column), bool)
    return np.array([code in languages for code in column], bool)


def model_key(embedder: Embedder) -> str:
    """A hash, 32 hex digits, of all that decides the vector of a text but the text."""
    model = (embedder.name, embedder.revision, embedder.dimension, _EMBEDDING_REVISION)
    return digest(*model)


def groups(files: Iterable[BucketFile], rows: int) -> Iterator[list[BucketFile]]:
    """Consecutive buckets together, until a group has `rows` rows; the last one may have fewer.

    >>> files = [PassageFile(bucket, f"{bucket}.parquet", 600) for bucket in range(3)]
    >>> [[file.bucket for file in group] for group in groups(files, 1000)]
    [[0, 1], [2]]
    """
    group: list[BucketFile] = []
    size = 0
    for file in sorted(files):
        group.append(file)
        size += file.rows
        if size >= rows:
            yield group
            group, size = [], 0
    if group:
        yield group


def path_of_vectors(
    bucket: int, embedder: Embedder, ids: Sequence[str], texts: Sequence[str]
) -> str:
    """The file of a bucket's vectors, relative to the run: named after all that decides them.

    These are the model, and ids and texts of the passages in order.
    """
    return layout.vectors_path(bucket, digest(model_key(embedder), *ids, *texts))


def write_vectors(vectors: Floats, handle: IO[bytes]) -> None:
    """Write float32[rows, d] as .npy, format 1.0 (numpy.lib.format)."""
    npy.write_array(handle, np.ascontiguousarray(vectors, np.float32), version=(1, 0))


def is_whole(handle: IO[bytes], shape: tuple[int, int]) -> bool:
    """Whether an .npy file holds float32 of this shape, and ends where it should.

    >>> import io
    >>> handle = io.BytesIO()
    >>> write_vectors(np.zeros((2, 3), np.float32), handle)
    >>> [is_whole(io.BytesIO(data), (2, 3)) for data in (handle.getvalue(), b"torn")]
    [True, False]
    """
    try:
        if npy.read_magic(handle) != (1, 0):
            return False
        stored_shape, by_column, dtype = npy.read_array_header_1_0(handle)
    except ValueError:
        return False
    if stored_shape != shape or by_column or dtype != np.float32:
        return False
    start = handle.tell()
    return handle.seek(0, 2) - start == 4 * shape[0] * shape[1]
