"""The files a job reads: patterns expanded, each with size and checksum."""

from __future__ import annotations

import dataclasses
import glob
import os
import re
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import Any

from beam_synth.errors import Refused
from beam_synth.storage.files import sha256
from beam_synth.storage.remote import file_systems, is_url

_WILD = re.compile(r"[*?\[]")


@dataclasses.dataclass(frozen=True)
class InputFile:
    path: str
    bytes: int
    checksum: str  # "sha256:..." for local files, the filesystem's own for remote ones

    @property
    def name(self) -> str:
        return self.path.rsplit("/", 1)[-1]

    def described(self) -> dict[str, Any]:
        """The file in a run's identity: its name, size and checksum, not its path."""
        return {"name": self.name, "bytes": self.bytes, "checksum": self.checksum}


def expand(patterns: Iterable[str], key: str) -> list[InputFile]:
    """Every file that the patterns match, sorted by path, without repeats, whatever leads to it.

    Raises Refused when a pattern matches nothing or a file cannot be read; `key` names the job
    key in the message.
    """
    found: dict[str, InputFile] = {}
    for pattern in patterns:
        matched = _remote(pattern, key) if is_url(pattern) else _local(pattern, key)
        for item in matched:
            found.setdefault(item.path if is_url(pattern) else os.path.realpath(item.path), item)
    return sorted(found.values(), key=lambda item: item.path)


def _local(pattern: str, key: str) -> list[InputFile]:
    if Path(pattern).is_dir():
        raise Refused(
            f"{key}: {pattern} is a folder; name its files, for example {pattern}/*.jsonl.gz"
        )
    exact = Path(pattern)
    found = [] if exact.exists() else sorted(glob.glob(pattern, recursive=True))  # noqa: PTH207 (absolute patterns)
    paths = [str(exact)] if exact.exists() else _seen(pattern, found)
    paths = [path for path in paths if Path(path).is_file()]
    if not paths:
        raise Refused(f"{key}: no file matches {pattern}")
    for path in paths:
        if not os.access(path, os.R_OK):
            raise Refused(f"{key}: {path} cannot be read: permission denied")
    return [_described(path) for path in paths]


def _described(path: str) -> InputFile:
    with Path(path).open("rb") as handle:
        return InputFile(path, Path(path).stat().st_size, f"sha256:{sha256(handle)}")


def _remote(pattern: str, key: str) -> list[InputFile]:
    try:
        systems = file_systems()
        metadata = systems.match([pattern])[0].metadata_list
    except Exception as error:  # each filesystem has its own exceptions
        raise Refused(f"{key}: {pattern} cannot be listed: {error}") from error
    seen = set(_seen(pattern, (item.path for item in metadata)))
    metadata = [item for item in metadata if item.path in seen]
    if not metadata:
        raise Refused(f"{key}: no file matches {pattern}")
    return [
        InputFile(item.path, item.size_in_bytes, str(systems.checksum(item.path)))
        for item in metadata
    ]


def _seen(pattern: str, paths: Iterable[str]) -> list[str]:
    """Those of a pattern's paths in which no wildcard stands for something hidden."""
    wild = _WILD.search(pattern)
    start = pattern.rfind("/", 0, wild.start()) + 1 if wild else len(pattern)
    asked_for = is_hidden(pattern[start:])
    return [path for path in paths if asked_for or not is_hidden(path[start:])]


def is_hidden(name: str) -> bool:
    """Whether a member of an archive, or a path below a folder, is none of the data.

    >>> is_hidden("__MACOSX/._a.jsonl"), is_hidden("./.cache/a.jsonl"), is_hidden("./a.jsonl")
    (True, True, False)
    """
    parts = PurePosixPath(name.replace("\\", "/")).parts
    return any(part == "__MACOSX" or (part[:1] == "." and part != "..") for part in parts)


def matching(pattern: str) -> list[str]:
    """The files that a path or glob names; the name of a file is never taken for a glob."""
    systems = file_systems()
    if systems.exists(pattern):
        return [pattern]
    return _seen(pattern, [file.path for file in systems.match([pattern])[0].metadata_list])
