"""A filesystem in this process's memory, as Beam sees one: an object store, `memory://run/name`."""

from __future__ import annotations

import io
import time
from collections.abc import Iterator, Sequence
from typing import IO, Any

from apache_beam.io.filesystem import BeamIOError, FileMetadata, FileSystem

SCHEME = "memory"
FILES: dict[str, tuple[bytes, float]] = {}  # URL -> (bytes, time of its writing)


class _Upload(io.BytesIO):
    """What is written appears when the handle is closed, however that comes about."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url

    def close(self) -> None:
        if not self.closed:
            FILES[self._url] = self.getvalue(), time.time()
        super().close()


class MemoryFileSystem(FileSystem):  # type: ignore[misc]  # Beam finds it by its scheme
    """Whole files under names: there are no folders to make."""

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
        for url in sorted(FILES):
            if url.startswith(dir_or_prefix):
                yield self.metadata(url)

    def create(self, path: str, *_: Any, **__: Any) -> IO[bytes]:
        return _Upload(path)

    def open(self, path: str, *_: Any, **__: Any) -> IO[bytes]:
        return io.BytesIO(FILES[path][0])

    def copy(self, source_file_names: Sequence[str], destination_file_names: Sequence[str]) -> None:
        for source, target in zip(source_file_names, destination_file_names, strict=True):
            FILES[target] = FILES[source][0], time.time()

    def rename(
        self, source_file_names: Sequence[str], destination_file_names: Sequence[str]
    ) -> None:
        self.copy(source_file_names, destination_file_names)
        self.delete(source_file_names)

    def exists(self, path: str) -> bool:
        return path in FILES

    def size(self, path: str) -> int:
        return len(FILES[path][0])

    def last_updated(self, path: str) -> float:
        return FILES[path][1]

    def metadata(self, path: str) -> Any:
        return FileMetadata(path, self.size(path), self.last_updated(path))

    def delete(self, paths: Sequence[str]) -> None:
        for path in paths:
            found = [url for url in FILES if url.startswith(path)] if path[-1] == "/" else [path]
            if not found or (found == [path] and path not in FILES):
                raise BeamIOError(f"nothing to delete: {path}")
            for url in found:
                del FILES[url]
