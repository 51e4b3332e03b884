"""Whole-file writes that a reader never sees half-done, on any filesystem that Beam knows."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import uuid
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import IO, BinaryIO, Protocol

from beam_synth.storage.inputs import is_url

STOP_FOLDER = "_stop"  # of a run: a file there, named by its reason, asks all workers to stop


class Files(Protocol):
    """The files of a run, by path relative to it."""

    def open(self, path: str) -> IO[bytes]: ...

    def create(self, path: str) -> AbstractContextManager[IO[bytes]]:
        """A handle; the file appears whole when the block ends without an exception."""
        ...

    def names(self, folder: str) -> list[str]:
        """Names in a folder, sorted; none where there is no such folder."""
        ...


@dataclasses.dataclass(frozen=True)
class RunFolder:
    """The files of a run, by path relative to it."""

    run: str

    def open(self, path: str) -> IO[bytes]:
        """Read a file. Raises OSError."""
        return open_read(self.run, path)

    def create(self, path: str) -> AbstractContextManager[IO[bytes]]:
        """Write a file that appears whole."""
        return open_write(self.run, path)

    def names(self, folder: str) -> list[str]:
        """Names in a folder, sorted."""
        return list_names(self.run, folder)

    def exists(self, path: str) -> bool:
        local = local_path(self.run, path)
        return local is not None and local.exists()

    def remove(self, path: str) -> None:
        _remove_tree(self.run, path)


def _remove_tree(run: str, path: str) -> None:
    import shutil

    local = local_path(run, path)
    if local is not None and local.is_dir():
        shutil.rmtree(local)
    elif local is not None:
        local.unlink(missing_ok=True)
    else:
        remove(run, path)


def write_text(folder: str, name: str, text: str) -> None:
    """Write folder/name by way of a temporary name and a rename."""
    if is_url(folder):
        from apache_beam.io.filesystems import FileSystems

        with FileSystems.create(FileSystems.join(folder, name)) as handle:  # appears when closed
            handle.write(text.encode())
        return
    target = Path(folder) / name
    temporary = target.with_name(f"{target.name}.{uuid.uuid4().hex}.tmp")
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(target)


def local_path(run: str, path: str) -> Path | None:
    """A run's file as a local path, which can be memory-mapped; None where the run is remote."""
    return None if is_url(run) else Path(run) / path


def open_read(run: str, path: str) -> IO[bytes]:
    """A seekable binary handle of a run's file. Raises OSError, FileNotFoundError among them."""
    local = local_path(run, path)
    if local is not None:
        return local.open("rb")
    from apache_beam.io.filesystem import CompressionTypes
    from apache_beam.io.filesystems import FileSystems

    full = FileSystems.join(run, path)
    if not FileSystems.exists(full):
        raise FileNotFoundError(full)
    handle: IO[bytes] = FileSystems.open(full, compression_type=CompressionTypes.UNCOMPRESSED)
    return handle


@contextlib.contextmanager
def open_write(run: str, path: str) -> Iterator[IO[bytes]]:
    """A binary handle of a run's file that appears, whole, when the block ends without error."""
    temporary = f"{path}.{uuid.uuid4().hex}.tmp"
    local = local_path(run, path)
    if local is not None:
        with _write_local(local, Path(run) / temporary) as handle:
            yield handle
        return
    from apache_beam.io.filesystem import CompressionTypes
    from apache_beam.io.filesystems import FileSystems

    source, target = FileSystems.join(run, temporary), FileSystems.join(run, path)
    with FileSystems.create(source, compression_type=CompressionTypes.UNCOMPRESSED) as handle:
        yield handle
    if FileSystems.exists(target):
        FileSystems.delete([target])
    FileSystems.rename([source], [target])


@contextlib.contextmanager
def _write_local(target: Path, temporary: Path) -> Iterator[IO[bytes]]:
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with temporary.open("wb") as handle:
            yield handle
            handle.flush()
            os.fsync(handle.fileno())
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)


def list_names(run: str, folder: str) -> list[str]:
    """Names of the files in a run's folder, sorted; none where there is no such folder."""
    local = local_path(run, folder)
    if local is not None:
        return sorted(item.name for item in local.iterdir()) if local.is_dir() else []
    from apache_beam.io.filesystems import FileSystems

    (found,) = FileSystems.match([FileSystems.join(run, folder) + "/*"])
    return sorted(item.path.rsplit("/", 1)[1] for item in found.metadata_list)


def match(run: str, pattern: str) -> list[tuple[str, float]]:
    """(path relative to the run, time of its last change in seconds) of a run's files, by name."""
    local = local_path(run, "")
    if local is not None:
        found = []
        for path in local.glob(pattern):
            with contextlib.suppress(OSError):  # gone by now
                found.append((str(path.relative_to(local)), path.stat().st_mtime))
        return sorted(found)
    from apache_beam.io.filesystems import FileSystems

    root = run.rstrip("/") + "/"
    (matched,) = FileSystems.match([root + pattern])
    return sorted(
        (item.path.removeprefix(root), float(item.last_updated_in_seconds))
        for item in matched.metadata_list
    )


def remove(run: str, path: str) -> None:
    """Remove a run's file; nothing happens when it is gone already."""
    local = local_path(run, path)
    if local is not None:
        local.unlink(missing_ok=True)
        return
    from apache_beam.io.filesystems import FileSystems

    full = FileSystems.join(run, path)
    if FileSystems.exists(full):
        FileSystems.delete([full])


def open_input(path: str) -> BinaryIO:
    """A seekable binary handle of an input file on any filesystem, not decompressed."""
    if not is_url(path):
        return Path(path).open("rb")
    from apache_beam.io.filesystem import CompressionTypes
    from apache_beam.io.filesystems import FileSystems

    handle: BinaryIO = FileSystems.open(path, compression_type=CompressionTypes.UNCOMPRESSED)
    return handle
