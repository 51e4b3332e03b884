"""What the trainer reads: the rows of exactly the shards that a manifest lists, checked.

The manifest is written last, so that a run which has one is whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import orjson
import pyarrow.parquet as pq

from beam_synth.drawing import draw
from beam_synth.errors import Refused
from beam_synth.storage import layout
from beam_synth.storage.files import RunFolder, sha256
from beam_synth.storage.remote import is_url
from beam_synth.training.tokenizer import Turn

# Columns that a model is trained on from scratch, the first that a kind of record has.
SURFACES = ("messages", "text")


class TrainingRow(NamedTuple):
    """What training takes of a record of the dataset."""

    record_id: str
    text: str  # "" of a chat
    turns: tuple[Turn, ...] = ()  # of a chat

    def texts(self) -> list[str]:
        """What is said in it, for the training of a tokenizer."""
        said = [f"{turn['role']}\n{turn['content']}" for turn in self.turns]
        return said or [self.text]


def read_manifest(run: str) -> dict[str, Any]:
    """The manifest of a finished local run. Raises Refused when the run has none."""
    if is_url(run):
        raise Refused(f"{run}: training reads local files; copy the run first")
    try:
        manifest: dict[str, Any] = orjson.loads(RunFolder(run).read(layout.MANIFEST))
    except (FileNotFoundError, NotADirectoryError):
        raise Refused(f"{run}: not a finished run (it holds no {layout.MANIFEST})") from None
    return manifest


def shards(run: str, manifest: dict[str, Any]) -> list[Path]:
    """The Parquet shards in the manifest's order, each with its size and hash checked.

    Reads every byte of them once. Raises Refused for a run without Parquet shards, or a shard that
    is missing or is not what was written, and where no kind of its records is a text or a chat.
    """
    listed = [item for item in manifest["files"] if item["format"] == "parquet"]
    if not listed:
        raise Refused(f"{run}: has no Parquet shards; run the job with parquet in write.formats")
    paths = []
    for item in listed:
        path = Path(run) / item["path"]
        if not path.is_file():
            raise Refused(f"{path}: listed in the manifest but missing")
        if not _is(path, item):
            raise Refused(f"{path}: is not the file that the manifest lists; run the job again")
        paths.append(path)
    chosen = [path for path in paths if _surface(path) is not None]
    if not chosen:
        kinds = sorted({item["config"] for item in listed})
        raise Refused(
            f"{run}: holds {', '.join(kinds)}, whose records are neither chats nor texts (a column "
            f"{' or '.join(SURFACES)}); there is nothing to train on from scratch"
        )
    return chosen


def _surface(path: Path) -> str | None:
    names = pq.ParquetFile(path).schema_arrow.names
    return next((name for name in SURFACES if name in names), None)


def _is(path: Path, item: dict[str, Any]) -> bool:
    with path.open("rb") as handle:
        return bool(path.stat().st_size == item["bytes"] and sha256(handle) == item["sha256"])


def training_rows(paths: list[Path]) -> Iterator[TrainingRow]:
    """Every row, in shard order; one row group in memory."""
    for path in paths:
        file, surface = pq.ParquetFile(path), _surface(path)
        id_column = file.schema_arrow.names[0]
        for batch in file.iter_batches(columns=[id_column, surface]):
            ids, said = batch.column(0).to_pylist(), batch.column(surface).to_pylist()
            for record_id, content in zip(ids, said, strict=True):
                if surface == "messages":
                    yield TrainingRow(record_id, "", tuple(content))
                else:
                    yield TrainingRow(record_id, content)


def epochs(ids: list[str], seed: int) -> Iterator[int]:
    """Row numbers without end: each epoch visits every row once, in an order drawn by key.

    The order of an epoch depends on the seed and its number alone. Holds one epoch's numbers.

    >>> numbers = epochs(["a", "b", "c"], seed=1)
    >>> sorted(next(numbers) for _ in range(3))
    [0, 1, 2]
    """
    epoch = 0
    while True:
        order = draw(seed, str(epoch), "training/order").shuffled(range(len(ids)))
        yield from order
        epoch += 1
