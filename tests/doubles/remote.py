"""A filesystem that is not local, as Beam sees one: `boxed:///path` is the file /path."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Any

from apache_beam.io.filesystem import FileMetadata, FileSystem

SCHEME = "boxed"
_PREFIX = f"{SCHEME}://"


class Boxed(FileSystem):  # type: ignore[misc]  # Beam finds it by its scheme
    """Whole files under names, as in an object store: there are no folders to make."""

    @classmethod
    def scheme(cls) -> str:
        return SCHEME

    def join(self, basepath: str, *paths: str) -> str:
        return "/".join([basepath.rstrip("/"), *(path.strip("/") for path in paths)])

    def split(self, path: str) -> tuple[str, str]:
        head, _, tail = path.rpartition("/")
        return head, tail

    def mkdirs(self, path: str) -> None:
        pass

    def has_dirs(self) -> bool:
        return False

    def _list(self, dir_or_prefix: str) -> Iterator[FileMetadata]:
        parent = _local(dir_or_prefix.rpartition("/")[0])
        for path in sorted(parent.rglob("*")):
            if path.is_file() and f"{_PREFIX}{path}".startswith(dir_or_prefix):
                yield self.metadata(f"{_PREFIX}{path}")

    def create(self, path: str, *_: Any, **__: Any) -> IO[bytes]:
        local = _local(path)
        local.parent.mkdir(parents=True, exist_ok=True)
        return local.open("wb")

    def open(self, path: str, *_: Any, **__: Any) -> IO[bytes]:
        return _local(path).open("rb")

    def copy(self, source_file_names: Sequence[str], destination_file_names: Sequence[str]) -> None:
        for source, target in zip(source_file_names, destination_file_names, strict=True):
            shutil.copyfile(_local(source), _local(target))

    def rename(
        self, source_file_names: Sequence[str], destination_file_names: Sequence[str]
    ) -> None:
        for source, target in zip(source_file_names, destination_file_names, strict=True):
            _local(target).parent.mkdir(parents=True, exist_ok=True)
            _local(source).rename(_local(target))

    def exists(self, path: str) -> bool:
        return _local(path).exists()

    def size(self, path: str) -> int:
        return _local(path).stat().st_size

    def last_updated(self, path: str) -> float:
        return _local(path).stat().st_mtime

    def metadata(self, path: str) -> Any:
        return FileMetadata(path, self.size(path), self.last_updated(path))

    def delete(self, paths: Sequence[str]) -> None:
        for path in paths:
            local = _local(path)
            if local.is_dir():
                shutil.rmtree(local)
            else:
                local.unlink()


def _local(path: str) -> Path:
    return Path(path.removeprefix(_PREFIX))
