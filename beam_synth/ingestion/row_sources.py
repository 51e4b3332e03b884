"""What a job's `documents` and `instructions` name: files of rows, and what their columns mean."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from beam_synth.job.row_keys import DocumentRows, InstructionRows
from beam_synth.storage.dataset_folders import folder_files, hub_files, is_hub_name
from beam_synth.storage.inputs import InputFile, expand
from beam_synth.storage.remote import is_url


@dataclasses.dataclass(frozen=True)
class RowSource:
    """One entry of the job's `documents` or `instructions`, with its files found."""

    key: str  # "documents" or "instructions"
    name: str  # begins the ids of its records; of the path's last part, told apart by a number
    files: tuple[InputFile, ...]
    columns: Mapping[str, str]  # our name -> theirs, all of ours; "": none
    named: frozenset[str]  # those of ours that the job itself maps
    language: str = ""  # of rows whose column says none; "": told from the text
    license: str = ""  # of rows whose column says none
    dataset: tuple[str, str, str] | None = None  # on the hub: its name, subset, split

    def described(self) -> dict[str, Any]:
        """The source in a run's identity: no path, but names, sizes and checksums."""
        found: dict[str, Any] = {
            "name": self.name,
            "columns": dict(self.columns),
            "language": self.language,
            "license": self.license,
        }
        if self.dataset is None:
            return {**found, "files": [item.described() for item in self.files]}
        prints = sorted({item.checksum for item in self.files})
        return {**found, "dataset": list(self.dataset), "fingerprints": prints}


def row_sources(
    entries: Sequence[DocumentRows | InstructionRows], key: str
) -> tuple[RowSource, ...]:
    """The entries with their files, sizes and checksums; datasets of the hub are downloaded.

    Raises Refused for a path that names nothing, and for a dataset that cannot be had.
    """
    sources: list[RowSource] = []
    for entry in entries:
        name = source_name(entry.path)
        taken = {source.name for source in sources}
        numbered = (f"{name}-{n}" for n in itertools.count(2))
        free = next(
            each for each in (name, *itertools.islice(numbered, len(taken))) if each not in taken
        )
        sources.append(_source(entry, free, key))
    return tuple(sources)


def _source(entry: DocumentRows | InstructionRows, name: str, key: str) -> RowSource:
    files, dataset = _files(entry, key)
    columns = {ours: theirs or "" for ours, theirs in entry.columns.model_dump().items()}
    return RowSource(
        key=key,
        name=name,
        files=tuple(files),
        columns=columns,
        named=frozenset(ours for ours in entry.columns.model_fields_set if columns[ours]),
        language=entry.language or "",
        license=entry.license or "",
        dataset=dataset,
    )


def _files(
    entry: DocumentRows | InstructionRows, key: str
) -> tuple[list[InputFile], tuple[str, str, str] | None]:
    path = entry.path
    if is_hub_name(path):
        files = hub_files(
            path, subset=entry.subset, split=entry.split, revision=entry.revision, key=key
        )
        return files, (path, entry.subset or "", entry.split)
    if not is_url(path) and Path(path).is_dir():
        return folder_files(path, entry.split, key), None
    return expand([path], key), None


def source_name(path: str) -> str:
    """What a source is called: its file's name without endings, or its folder's.

    >>> source_name("/data/wiki.jsonl.gz"), source_name("/data/texts/*.parquet")
    ('wiki', 'texts')
    >>> source_name("allenai/c4"), source_name("gs://bucket/books/part-*.csv")
    ('allenai/c4', 'books')
    """
    if is_hub_name(path):
        return path
    parts = [part for part in path.split("/") if part]
    wild = next((n for n, part in enumerate(parts) if set(part) & set("*?[")), len(parts))
    last = parts[wild - 1] if wild else "rows"
    stem = last.partition(".")[0] if wild == len(parts) else last
    return stem or last
