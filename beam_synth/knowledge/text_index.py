"""Which passage of a run has a text of a given sha256: an index that processes share by file.

Several articles may have the same text, and other names for their items: a row's seeds tell by
their address whose it is.
"""

from __future__ import annotations

import dataclasses
import functools
import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq

from beam_synth.drawing import digest
from beam_synth.errors import Refused
from beam_synth.knowledge.passage_store import PassageStore
from beam_synth.records import FindPassage, Passage
from beam_synth.storage import layout
from beam_synth.storage.files import RunFolder

_KEPT = 4096  # passages of a reader


@dataclasses.dataclass(frozen=True)
class TextIndex:
    """Sorted hashes of texts and addresses with passage ids in two files, 112 bytes a passage.

    Small to pickle; the files are mapped into memory, so processes of a host share their pages.
    """

    folder: Path  # local; holds keys.npy (S80[n]) and ids.npy (S32[n])
    buckets: int  # of passages in the run

    @classmethod
    def build(cls, run: RunFolder, folder: Path) -> TextIndex:
        """Hash every passage of the run. Raises Refused where its files of passages are gone."""
        names = [name for name, _ in run.match(layout.PASSAGE_FILES)]
        if not names:
            raise Refused(
                f"the run's passages ({layout.PASSAGES}/) are gone: the checks need their texts"
            )
        hashed: list[tuple[bytes, bytes]] = []
        for name in names:
            with run.open(name) as handle:
                table = pq.read_table(handle, columns=["passage_id", "text", "url"])
            for passage_id, text, url in zip(*(c.to_pylist() for c in table.columns), strict=True):
                sha256 = hashlib.sha256(text.encode("utf-8")).hexdigest()
                hashed.append((_key(sha256, url), passage_id.encode()))
        return cls._written(hashed, folder, len(names))

    @classmethod
    def empty(cls, folder: Path) -> TextIndex:
        """The index of a run without passages."""
        return cls._written([], folder, 1)

    @classmethod
    def _written(cls, hashed: list[tuple[bytes, bytes]], folder: Path, buckets: int) -> TextIndex:
        hashed.sort()
        np.save(folder / "keys.npy", np.array([key for key, _ in hashed], "S80"))
        np.save(folder / "ids.npy", np.array([passage_id for _, passage_id in hashed], "S32"))
        return cls(folder, buckets)

    def reader(self, run: RunFolder) -> TextReader:
        """Finds the run's passages by their text; for one process."""
        return TextReader(self, run)


class TextReader:
    """Passages by the sha256 of their text; keeps the last 4,096 that were asked for.

    Made by `TextIndex.reader`.
    """

    def __init__(self, index: TextIndex, run: RunFolder) -> None:
        self._keys = np.load(index.folder / "keys.npy", mmap_mode="r")
        self._ids = np.load(index.folder / "ids.npy", mmap_mode="r")
        self._store = PassageStore(run.open, index.buckets)
        self._passage = functools.lru_cache(maxsize=_KEPT)(self._read)

    def of(self, seeds: Iterable[Mapping[str, Any]]) -> FindPassage:
        """Finds the passages of a row's seeds (fields of SEED): of those with the same text the one
        of the seed's address, or another where none has it. KeyError for a text that none has."""
        urls = {seed["text_sha256"]: seed["url"] or "" for seed in seeds}
        return lambda sha256: self._passage(sha256, urls.get(sha256, ""))

    def _read(self, sha256: str, url: str) -> Passage:
        at = int(np.searchsorted(self._keys, _key(sha256, url)))
        if at == len(self._keys) or self._keys[at] != _key(sha256, url):
            at = int(np.searchsorted(self._keys, sha256.encode()))
        if at == len(self._keys) or not self._keys[at].startswith(sha256.encode()):
            raise KeyError(f"no passage has a text of sha256 {sha256}")
        passage_id = self._ids[at].decode()
        return self._store.get_many([passage_id])[passage_id]


def _key(sha256: str, url: str) -> bytes:
    return f"{sha256}{digest(url or '', size=8)}".encode()
