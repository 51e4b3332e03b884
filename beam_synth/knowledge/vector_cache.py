"""Vectors kept for other runs, by text and model: `rerun` with another seed embeds nothing again.

A vector is found by the hash of its text. Its file is found by the id of its passage: ids stay the
same from run to run as long as article, revision and place do, and a bucket of passages is a range
of ids, so that what a worker asks for lies in few files. The same text under another id is embedded
again, which costs time and changes nothing.

A file is written once, whole, and named by the hash of its bytes: runs that share a cache cannot
disturb each other, and a damaged file is told from a good one.
"""

from __future__ import annotations

import dataclasses
import io
import logging
import os
import re
from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from beam_synth.drawing import digest
from beam_synth.errors import Refused
from beam_synth.knowledge.vector_files import Bools, Floats, model_key
from beam_synth.records import Embedder
from beam_synth.storage.files import RunFolder
from beam_synth.storage.layout import cached_vectors_folder, cached_vectors_path

_LOG = logging.getLogger(__name__)
_FILE_BYTES = 16 << 20  # of vectors in one file
_ID_DIGITS = 16  # of a passage's id, that tell a file's range
_NAME = re.compile(r"([0-9a-f]{16})-([0-9a-f]{16})-([0-9a-f]{32})\.arrow")


def check_cache(path: str) -> None:
    """Raise Refused where the cache's folder cannot be read and written; makes nothing."""
    local = RunFolder(path).local()
    if local is None:
        return
    there = next(folder for folder in (local, *local.absolute().parents) if folder.exists())
    if not there.is_dir():
        raise Refused(f"cache: {there} is a file; name a folder")
    if not os.access(there, os.R_OK | os.W_OK | os.X_OK):
        raise Refused(f"cache: {there} cannot be read and written: permission denied")


@dataclasses.dataclass(frozen=True)
class VectorCache:
    """The vectors of one model in a cache folder.

    >>> import tempfile
    >>> from beam_synth.engines.hashing_embedder import HashingEmbedder
    >>> embedder = HashingEmbedder(8)
    >>> ids, texts = ["0" * 32], ["a stone harbour"]
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     cache = VectorCache.of(folder, embedder)
    ...     cache.add(ids, texts, embedder.embed(texts))
    ...     vectors, found = cache.find(ids, texts)
    >>> found.tolist(), bool((vectors == embedder.embed(texts)).all())
    ([True], True)
    """

    folder: RunFolder  # of the cache, which is no run's; local or a URL
    model: str  # what decides a text's vector: `model_key`
    dimension: int

    @classmethod
    def of(cls, path: str, embedder: Embedder) -> VectorCache:
        """The vectors that this embedder makes."""
        return cls(RunFolder(path), model_key(embedder), embedder.dimension)

    def find(self, ids: Sequence[str], texts: Sequence[str]) -> tuple[Floats, Bools]:
        """(float32[n, d], bool[n]): vectors of the texts, and which of them are there.

        `ids` are the passages'. A file that is damaged is passed over with a warning. Holds one
        file of 16 MB beside the vectors. Raises OSError as the filesystem does.
        """
        vectors = np.zeros((len(ids), self.dimension), np.float32)
        found = np.zeros(len(ids), bool)
        keys = _keys(texts)
        for table in self._tables(min(ids), max(ids)) if len(ids) else ():
            places = pc.index_in(keys, value_set=table["key"])
            here = ~np.asarray(places.is_null()) & ~found
            flat = table["vector"].combine_chunks().flatten().to_numpy()
            rows = places.fill_null(0).to_numpy()[here]
            vectors[here] = flat.reshape(-1, self.dimension)[rows]
            found |= here
            if found.all():
                break
        return vectors, found

    def add(self, ids: Sequence[str], texts: Sequence[str], vectors: Floats) -> None:
        """Keep the vectors (float32[n, d]) of texts, under the ids of their passages, ascending."""
        rows = max(1, _FILE_BYTES // (4 * self.dimension))
        for start in range(0, len(ids), rows):
            part = slice(start, start + rows)
            data = self._encoded(texts[part], vectors[part])
            first, last = (name[:_ID_DIGITS] for name in (ids[part][0], ids[part][-1]))
            self.folder.write(cached_vectors_path(self.model, first, last, digest(data)), data)

    def _encoded(self, texts: Sequence[str], vectors: Floats) -> bytes:
        flat = pa.array(np.ascontiguousarray(vectors, np.float32).ravel())
        columns = [_keys(texts), pa.FixedSizeListArray.from_arrays(flat, self.dimension)]
        table = pa.table(columns, names=["key", "vector"])
        sink = io.BytesIO()
        with pa.ipc.new_file(sink, table.schema) as writer:
            writer.write_table(table)
        return sink.getvalue()

    def _tables(self, first: str, last: str) -> Iterator[pa.Table]:
        """The whole files that may hold vectors of passages with ids from `first` to `last`."""
        folder = cached_vectors_folder(self.model)
        for name in self.folder.names(folder):
            match = _NAME.fullmatch(name)
            if match is None or match[1] > last[:_ID_DIGITS] or match[2] < first[:_ID_DIGITS]:
                continue
            try:
                data = self.folder.read(f"{folder}/{name}")
            except FileNotFoundError:  # whoever tidies the cache up may do so at any time
                continue
            if digest(data) == match[3]:
                yield pa.ipc.open_file(pa.py_buffer(data)).read_all()
            else:
                _LOG.warning(
                    "%s is damaged: it is passed over, and its vectors are made again",
                    f"{self.folder.path}/{folder}/{name}",
                )


def _keys(texts: Sequence[str]) -> pa.Array:
    return pa.array([bytes.fromhex(digest(text)) for text in texts], pa.binary(16))
