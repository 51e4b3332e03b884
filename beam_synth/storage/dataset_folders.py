"""The files of a dataset: a folder as Hugging Face `datasets` writes it, or a name on the hub.

`save_to_disk` writes `state.json`, which names the Arrow files, or, for several splits,
`dataset_dict.json` and a folder for each. Other folders of Parquet name the split in the names of
files or folders (`data/train-00000-of-00002.parquet`), as the hub does.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from beam_synth.errors import Refused, nearest
from beam_synth.storage.inputs import InputFile, expand, is_hidden
from beam_synth.storage.remote import is_url

_HUB_NAME = re.compile(r"[A-Za-z0-9][\w.-]*(/[A-Za-z0-9][\w.-]*)?")
_FILE_NAME = re.compile(
    r"\.(parquet|arrow|feather|jsonl?|ndjson|jsonlines|csv|tsv|gz|bz2|xz|lzma|zstd?|zip|tar|tgz|"
    r"tbz2?|txz|txt)$",
    re.I,
)
_SPLIT = re.compile(r"(?:^|[/_.-])(train|validation|valid|val|dev|test|eval)(?=[/_.-])", re.I)


def is_hub_name(path: str) -> bool:
    """Whether a path could be the name of a dataset on the hub: it has no file's ending, no glob.

    >>> is_hub_name("allenai/c4"), is_hub_name("texts/c4.parquet"), is_hub_name("texts/*")
    (True, False, False)
    """
    return bool(_HUB_NAME.fullmatch(path)) and not _FILE_NAME.search(path)


def input_files(patterns: Iterable[str], key: str) -> list[InputFile]:
    """As `inputs.expand`, of patterns that may also name folders that hold a dataset.

    Of a dataset of several splits that is the split `train`.
    """
    names: list[str] = []
    for pattern in patterns:
        folder = not is_url(pattern) and Path(pattern).is_dir()
        names += _folder_names(Path(pattern), None, key) if folder else [pattern]
    return expand(names, key)


def folder_files(path: str, split: str, key: str) -> list[InputFile]:
    """The files of one split of a local folder that holds a dataset, with size and checksum.

    Raises Refused, naming the job key, for a folder that holds none, or not that split.
    """
    return expand(_folder_names(Path(path), split, key), key)


def _folder_names(folder: Path, split: str | None, key: str) -> list[str]:
    """The files of a split; without one it is the only one, or `train`."""
    if (folder / "dataset_dict.json").is_file():
        names = [str(name) for name in _json(folder / "dataset_dict.json", "splits", key)]
        folder = folder / _chosen_split(folder, split, names, key)
    if (folder / "state.json").is_file():
        named = _json(folder / "state.json", "_data_files", key)
        return [str(folder / str(item["filename"])) for item in named]
    return _tables(folder, split, key)


def _json(path: Path, name: str, key: str) -> Any:
    """A list that a file of the dataset's own holds."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))[name]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Refused(f"{key}: {path} cannot be read: {error!r}") from error
    if not isinstance(found, list):
        raise Refused(f"{key}: {path} cannot be read: {name!r} is no list")
    return found


def _chosen_split(folder: Path, split: str | None, splits: Sequence[str], key: str) -> str:
    wanted = split or (splits[0] if len(splits) == 1 else "train")
    if wanted not in splits:
        how = "name its folder" if split is None else "name one with `split`"
        raise Refused(
            f"{key}: {folder} has no split {wanted!r}{nearest(wanted, splits)}; it has "
            f"{', '.join(splits)}: {how}"
        )
    return wanted


def _tables(folder: Path, split: str | None, key: str) -> list[str]:
    """The Parquet or Arrow files below a folder: those of the split where names tell of splits,
    else all."""
    for ending in ("*.parquet", "*.arrow"):
        below = (str(path.relative_to(folder)) for path in folder.rglob(ending))
        names = sorted(name for name in below if not is_hidden(name))
        if names:
            break
    else:
        raise Refused(
            f"{key}: {folder} is a folder with neither a dataset (as `save_to_disk` writes one) "
            f"nor Parquet files, nor Arrow files; name its files, for example {folder}/*.jsonl.gz"
        )
    splits = {name: found.group(1) for name in names if (found := _SPLIT.search(name))}
    if splits:
        split = _chosen_split(folder, split, sorted(set(splits.values())), key)
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
