"""Vectors of passages, made where they are neither in the run nor in a cache yet."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pyarrow.parquet as pq

from beam_synth.knowledge.vector_cache import VectorCache
from beam_synth.knowledge.vector_files import (
    Floats,
    Languages,
    is_of,
    is_whole,
    path_of_vectors,
    write_vectors,
)
from beam_synth.records import EmbeddedFile, Embedder, PassageFile
from beam_synth.storage.files import RunFolder

_LOG = logging.getLogger(__name__)


class EmbeddedGroup(NamedTuple):
    """What became of some buckets."""

    files: list[EmbeddedFile]  # in the order of the buckets
    vectors: int  # that the files hold
    from_cache: int  # of these, what was taken from the cache now


class _Texts(NamedTuple):
    ids: list[str]
    texts: list[str]


def embed_group(
    group: Sequence[PassageFile],
    run: RunFolder,
    embedder: Embedder,
    languages: Languages = None,
    cache: VectorCache | None = None,
) -> EmbeddedGroup:
    """Embed the passages of some buckets together; a file that is whole is taken as it is.

    Args:
        group: consecutive buckets.
        run: where their files lie.
        embedder: gives the vectors that are nowhere yet.
        languages: of the passages that get a vector.
        cache: vectors of other runs; what is embedded goes into it. None: no cache.

    Files are named after the texts and the model, so what a broken run has embedded is used again,
    and a change of either is seen. Holds the texts and vectors of the group in memory: 4 bytes a
    dimension and passage.
    """
    read = {file.bucket: _texts(run, file.path, languages) for file in group}
    names = {bucket: path_of_vectors(bucket, embedder, *texts) for bucket, texts in read.items()}
    missing = [
        bucket
        for bucket in read
        if not _is_there(run, names[bucket], len(read[bucket].ids), embedder)
    ]
    texts = _joined(read[bucket] for bucket in missing)
    vectors, from_cache = _vectors(texts, embedder, cache)
    _write(missing, read, names, run, vectors)
    _LOG.info("embedded %d buckets, %d were there", len(missing), len(group) - len(missing))
    files = [EmbeddedFile(*file, names[file.bucket]) for file in group]
    return EmbeddedGroup(files, sum(len(own.ids) for own in read.values()), from_cache)


def _joined(several: Iterable[_Texts]) -> _Texts:
    joined = _Texts([], [])
    for ids, texts in several:
        joined.ids.extend(ids)
        joined.texts.extend(texts)
    return joined


def _vectors(wanted: _Texts, embedder: Embedder, cache: VectorCache | None) -> tuple[Floats, int]:
    """float32[n, d] of all texts, and how many of them came from the cache."""
    if cache is None:
        return embedder.embed(wanted.texts), 0
    vectors, found = cache.find(*wanted)
    rest = np.flatnonzero(~found)
    if len(rest):
        ids, texts = ([column[row] for row in rest] for column in wanted)
        vectors[rest] = embedder.embed(texts)
        cache.add(ids, texts, vectors[rest])
    return vectors, int(found.sum())


def _write(
    missing: Sequence[int],
    read: Mapping[int, _Texts],
    names: Mapping[int, str],
    run: RunFolder,
    vectors: Floats,
) -> None:
    start = 0
    for bucket in missing:
        end = start + len(read[bucket].texts)
        with run.create(names[bucket]) as handle:
            write_vectors(vectors[start:end], handle)
        start = end


def _texts(run: RunFolder, path: str, languages: Languages) -> _Texts:
    columns = ["passage_id", "text", *([] if languages is None else ["language"])]
    with run.open(path) as handle:
        table = pq.read_table(handle, columns=columns)
    if languages is not None:
        table = table.filter(is_of(table.column("language").to_pylist(), languages))
    return _Texts(table.column("passage_id").to_pylist(), table.column("text").to_pylist())


def _is_there(run: RunFolder, name: str, rows: int, embedder: Embedder) -> bool:
    try:
        with run.open(name) as handle:
            return is_whole(handle, (rows, embedder.dimension))
    except FileNotFoundError:
        return False
