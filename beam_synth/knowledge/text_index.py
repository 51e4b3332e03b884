"""Which passage of a run has a text of a given sha256: an index that processes share by file."""

from __future__ import annotations

import dataclasses
import functools
import hashlib
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from beam_synth.errors import Refused
from beam_synth.knowledge.passage_store import PassageStore
from beam_synth.records import FindPassage, Passage
from beam_synth.storage import layout
from beam_synth.storage.files import RunFolder

_KEPT = 4096  # passages of a reader


@dataclasses.dataclass(frozen=True)
class TextIndex:
    """Sorted text hashes and their passage ids in two files, 96 bytes a passage.

    Small to pickle; the files are mapped into memory, so processes of a host share their pages.
    """

    folder: Path  # local; holds sha256.npy (S64[n]) and ids.npy (S32[n])
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
                table = pq.read_table(handle, columns=["passage_id", "text"])
            for passage_id, text in zip(*(c.to_pylist() for c in table.columns), strict=True):
                sha256 = hashlib.sha256(text.encode("utf-8")).hexdigest()
                hashed.append((sha256.encode(), passage_id.encode()))
        return cls._written(hashed, folder, len(names))

    @classmethod
    def empty(cls, folder: Path) -> TextIndex:
        """The index of a run without passages."""
        return cls._written([], folder, 1)

    @classmethod
    def _written(cls, hashed: list[tuple[bytes, bytes]], folder: Path, buckets: int) -> TextIndex:
        hashed.sort()
        np.save(folder / "sha256.npy", np.array([sha256 for sha256, _ in hashed], "S64"))
        np.save(folder / "ids.npy", np.array([passage_id for _, passage_id in hashed], "S32"))
        return cls(folder, buckets)

    def reader(self, run: RunFolder) -> FindPassage:
        """Finds passages by the sha256 of their text; KeyError where there is none.

        Of passages with the same text it gives the one of the smallest id. Keeps the last 4,096
        passages that were asked for.
        """
        hashes = np.load(self.folder / "sha256.npy", mmap_mode="r")
        ids = np.load(self.folder / "ids.npy", mmap_mode="r")
        store = PassageStore(run.open, self.buckets)

        @functools.lru_cache(maxsize=_KEPT)
        def find(sha256: str) -> Passage:
            at = int(np.searchsorted(hashes, sha256.encode()))
            if at == len(hashes) or hashes[at] != sha256.encode():
                raise KeyError(f"no passage has a text of sha256 {sha256}")
            passage_id = ids[at].decode()
            return store.get_many([passage_id])[passage_id]

        return find
