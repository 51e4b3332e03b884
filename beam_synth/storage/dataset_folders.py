"""The files of a dataset: a folder as Hugging Face `datasets` writes it, or a name on the hub.

`save_to_disk` writes `state.json`, which names the Arrow files, or, for several splits,
`dataset_dict.json` and a folder for each. Other folders of Parquet name the split in the names of
files or folders (`data/train-00000-of-00002.parquet`), as the hub does.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from beam_synth.errors import Refused, nearest
from beam_synth.storage.inputs import InputFile, expand

_HUB_NAME = re.compile(r"[A-Za-z0-9][\w.-]*(/[A-Za-z0-9][\w.-]*)?")
_FILE_NAME = re.compile(
    r"\.(parquet|arrow|jsonl?|ndjson|csv|tsv|gz|bz2|zst|zip|tar|tgz|txt)$", re.I
)
_SPLIT = re.compile(r"(?:^|[/_.-])(train|validation|valid|val|dev|test|eval)(?=[/_.-])", re.I)


def is_hub_name(path: str) -> bool:
    """Whether a path could be the name of a dataset on the hub: it has no file's ending, no glob.

    >>> is_hub_name("allenai/c4"), is_hub_name("texts/c4.parquet"), is_hub_name("texts/*")
    (True, False, False)
    """
    return bool(_HUB_NAME.fullmatch(path)) and not _FILE_NAME.search(path)


def folder_files(path: str, split: str, key: str) -> list[InputFile]:
    """The files of one split of a local folder that holds a dataset, with size and checksum.

    Raises Refused, naming the job key, for a folder that holds none, or not that split.
    """
    folder = Path(path)
    if (folder / "dataset_dict.json").is_file():
        splits = [str(name) for name in _json(folder / "dataset_dict.json", key)["splits"]]
        if split not in splits:
            raise Refused(_no_split(path, split, splits, key))
        folder = folder / split
    if (folder / "state.json").is_file():
        named = _json(folder / "state.json", key)["_data_files"]
        names = [str(folder / item["filename"]) for item in named]
    else:
        names = _parquet(folder, split, key)
    return expand(names, key)


def _json(path: Path, key: str) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise Refused(f"{key}: {path} cannot be read: {error}") from error


def _no_split(path: str, split: str, splits: Sequence[str], key: str) -> str:
    return (
        f"{key}: {path} has no split {split!r}{nearest(split, splits)}; it has "
        f"{', '.join(splits)}: name one with `split`"
    )


def _parquet(folder: Path, split: str, key: str) -> list[str]:
    """The Parquet files below a folder: those of the split where names tell of splits, else all."""
    names = sorted(str(path.relative_to(folder)) for path in folder.rglob("*.parquet"))
    if not names:
        raise Refused(
            f"{key}: {folder} is a folder with neither a dataset (as `save_to_disk` writes one) "
            f"nor Parquet files; name its files, for example {folder}/*.jsonl.gz"
        )
    splits = {name: found.group(1) for name in names if (found := _SPLIT.search(name))}
    if splits and split not in splits.values():
        raise Refused(_no_split(str(folder), split, sorted(set(splits.values())), key))
    return [str(folder / name) for name in names if not splits or splits.get(name) == split]


def hub_files(
    name: str, *, subset: str | None, split: str, revision: str | None, key: str
) -> list[InputFile]:
    """The local Arrow files of a dataset on the hub, which `datasets` downloads where need be.

    Their checksum is the fingerprint that `datasets` gives: a hash of the dataset's name, commit,
    subset and split. Raises Refused, naming the job key, where `datasets` is not installed or
    cannot get the dataset.
    """
    what = f"{key}: {name}: there is no such file or folder, and as a dataset's name on the hub"
    try:
        import datasets
    except ImportError:
        raise Refused(f"{what} it needs: pip install 'beam-synth[hub]'") from None
    try:
        loaded = datasets.load_dataset(name, subset, split=split, revision=revision)
    except Exception as error:  # each way to fail has an exception of its own
        cause = str(error).partition("\n")[0] or type(error).__name__
        raise Refused(f"{what} it cannot be loaded: {cause}") from error
    paths = [item["filename"] for item in loaded.cache_files]
    print_of = f"fingerprint:{loaded._fingerprint}"
    return [InputFile(path, Path(path).stat().st_size, print_of) for path in sorted(paths)]
