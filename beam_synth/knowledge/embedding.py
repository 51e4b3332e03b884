"""Vectors of passages, made where they are not on disk yet."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import pyarrow.parquet as pq

from beam_synth.knowledge.vector_files import is_whole, path_of_vectors, write_vectors
from beam_synth.records import EmbeddedFile, Embedder, PassageFile
from beam_synth.storage.files import RunFolder

_LOG = logging.getLogger(__name__)


class _Texts(NamedTuple):
    ids: list[str]
    texts: list[str]


def embed_group(
    group: Sequence[PassageFile], run: RunFolder, embedder: Embedder
) -> Iterator[EmbeddedFile]:
    """Embed the passages of some buckets together; a file that is whole is taken as it is.

    Files are named after the texts and the model, so what a broken run has embedded is used again,
    and a change of either is seen. Holds the texts and vectors of the group in memory: 4 bytes a
    dimension and passage.
    """
    read = {file.bucket: _texts(run, file.path) for file in group}
    names = {bucket: path_of_vectors(bucket, embedder, *texts) for bucket, texts in read.items()}
    missing = [
        bucket
        for bucket in read
        if not _is_there(run, names[bucket], len(read[bucket].ids), embedder)
    ]
    _write(missing, read, names, run, embedder)
    _LOG.info("embedded %d buckets, %d were there", len(missing), len(group) - len(missing))
    for file in group:
        yield EmbeddedFile(*file, names[file.bucket])


def _write(
    missing: Sequence[int],
    read: Mapping[int, _Texts],
    names: Mapping[int, str],
    run: RunFolder,
    embedder: Embedder,
) -> None:
    vectors = embedder.embed([text for bucket in missing for text in read[bucket].texts])
    start = 0
    for bucket in missing:
        end = start + len(read[bucket].texts)
        with run.create(names[bucket]) as handle:
            write_vectors(vectors[start:end], handle)
        start = end


def _texts(run: RunFolder, path: str) -> _Texts:
    with run.open(path) as handle:
        table = pq.read_table(handle, columns=["passage_id", "text"])
    return _Texts(table.column("passage_id").to_pylist(), table.column("text").to_pylist())


def _is_there(run: RunFolder, name: str, rows: int, embedder: Embedder) -> bool:
    try:
        with run.open(name) as handle:
            return is_whole(handle, (rows, embedder.dimension))
    except FileNotFoundError:
        return False
