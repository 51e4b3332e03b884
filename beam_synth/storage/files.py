"""The files of a run, local or behind a URL: whole or not there at all, and safe once there."""

from __future__ import annotations

import contextlib
import dataclasses
import errno
import hashlib
import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import IO, BinaryIO

from beam_synth.errors import Refused
from beam_synth.storage import layout, remote
from beam_synth.storage.remote import is_url

_BLOCK = 1 << 20


@dataclasses.dataclass(frozen=True)
class RunFolder:
    """The one way to the files of a run: a local folder, or a URL of a filesystem that Beam knows.

    Names are relative to the run, with `/` between their parts; `layout` holds them all. Every
    method raises OSError where the filesystem does.

        run = RunFolder("out/quickstart/1")
        run.write(layout.STATUS, b"{}")
        run.read(layout.STATUS)
    """

    path: str

    def __post_init__(self) -> None:
        if is_url(self.path) and set(self.path) & set("*?["):
            raise Refused(f"{self.path}: a run's URL cannot hold * ? or [, which mean patterns")

    def local(self, name: str = "") -> Path | None:
        """A file as a local path, which can be memory-mapped; None where the run is remote."""
        return None if is_url(self.path) else Path(self.path) / name

    def _url(self, name: str) -> str:
        return f"{self.path.rstrip('/')}/{name}"

    # ------------------------------------------------------------ reading

    def exists(self, name: str) -> bool:
        """Whether there is such a file."""
        local = self.local(name)
        if local is not None:
            return local.is_file()
        with remote.as_oserror(self._url(name)):
            return bool(remote.file_systems().exists(self._url(name)))

    def open(self, name: str) -> IO[bytes]:
        """A seekable handle. Raises FileNotFoundError where there is no such file."""
        local = self.local(name)
        return remote.open_url(self._url(name)) if local is None else local.open("rb")

    def read(self, name: str) -> bytes:
        """A whole file. Raises FileNotFoundError where there is no such file."""
        with self.open(name) as handle:
            return handle.read()

    def names(self, folder: str) -> list[str]:
        """Names of the files right in a folder, sorted; none where there is no such folder."""
        local = self.local(folder)
        if local is None:
            return [name.rpartition("/")[2] for name, _ in self.match(f"{folder}/*")]
        return (
            sorted(path.name for path in local.iterdir() if path.is_file())
            if local.is_dir()
            else []
        )

    def match(self, pattern: str) -> list[tuple[str, float]]:
        """(name, time of its last change in seconds) of the files that match, by name.

        The pattern is as in the shell: `*` and `?` stand for characters within one part of a name.
        """
        root = self.local()
        if root is None:
            found = remote.match_urls(self._url(pattern))
            return sorted((url.removeprefix(self._url("")), changed) for url, changed in found)
        there = []
        for path in root.glob(pattern):
            with contextlib.suppress(FileNotFoundError):  # gone by now
                if path.is_file():
                    there.append((path.relative_to(root).as_posix(), path.stat().st_mtime))
        return sorted(there)

    # ------------------------------------------------------------ writing

    def create(self, name: str) -> AbstractContextManager[IO[bytes]]:
        """A handle to write to; the file appears, whole and safe, when the block ends.

        It takes the place of a file of that name. Nothing appears when the block raises.
        """
        temporary = layout.writing_path(uuid.uuid4().hex)
        root = self.local()
        if root is None:
            return remote.create_url(self._url(name), self._url(temporary))
        return _create(root / name, root / temporary)

    def write(self, name: str, data: bytes) -> None:
        """Write a whole file, as `create` does."""
        with self.create(name) as handle:
            handle.write(data)

    def remove(self, name: str) -> None:
        """Remove exactly this file; nothing happens where there is none."""
        local = self.local(name)
        if local is None:
            remote.remove_url(self._url(name))
        else:
            local.unlink(missing_ok=True)

    def remove_folder(self, name: str) -> None:
        """Remove everything below `name/` and nothing beside it (`data` leaves `data2/` alone)."""
        if not name.strip("/"):
            raise ValueError("a folder inside the run has to be named")
        local = self.local(name)
        if local is None:
            remote.remove_below(self._url(name.strip("/")))
        elif local.is_dir():
            shutil.rmtree(local)


@contextlib.contextmanager
def _create(target: Path, temporary: Path) -> Iterator[IO[bytes]]:
    _make_folder(target.parent)
    _make_folder(temporary.parent)
    try:
        with temporary.open("xb") as handle:
            yield handle
            handle.flush()
            os.fsync(handle.fileno())
        temporary.replace(target)
        _sync(target.parent)
    except OSError as error:
        if error.errno is not None and error.filename is None:
            error.filename = str(target)  # writing names no file
        raise
    finally:
        temporary.unlink(missing_ok=True)


def _make_folder(folder: Path) -> None:
    """`mkdir -p`, each new folder safe in the one above."""
    if not folder.is_dir():
        _make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        _sync(folder.parent)


def _sync(path: Path) -> None:
    """Have a file's bytes, or a folder's names, on disk before this returns."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):  # there are filesystems that cannot
            raise
    finally:
        os.close(descriptor)


def publish_folder(temporary: Path, target: Path) -> None:
    """Give a local folder its name once all in it is on disk; `target` may be an empty folder."""
    for path in sorted(temporary.rglob("*")):
        _sync(path)
    _sync(temporary)
    temporary.replace(target)
    _sync(target.parent)


# ---------------------------------------------------------------- outside of runs


def open_input(path: str) -> BinaryIO:
    """A seekable binary handle of an input file on any filesystem, not decompressed."""
    handle: BinaryIO
    if not is_url(path):
        return Path(path).open("rb")
    from apache_beam.io.filesystem import CompressionTypes

    handle = remote.file_systems().open(path, compression_type=CompressionTypes.UNCOMPRESSED)
    return handle


def sha256(handle: IO[bytes]) -> str:
    """Hex SHA-256 of what is left to read of a file, a block at a time."""
    found = hashlib.sha256()
    while block := handle.read(_BLOCK):
        found.update(block)
    return found.hexdigest()
