"""Filesystems behind URLs, as Beam knows them; local paths never come here, nor load Beam."""

from __future__ import annotations

import contextlib
import importlib.util
import io
from collections.abc import Iterator, Sequence
from typing import IO, Any

from beam_synth.errors import Refused

_flags: tuple[str, ...] | None = None
_set = False  # whether Beam has them


def is_url(path: str) -> bool:
    """Whether the path names a remote filesystem (gs://, s3://, hdfs://)."""
    return "://" in path


def use_flags(flags: Sequence[str] | None) -> None:
    """Say how URLs are reached (`--s3_endpoint_url ...`) from this process.

    Launchers and processes that they start call it before they touch a run; Beam tells its workers
    by itself. None leaves things as they are.
    """
    global _flags, _set
    if flags is not None:
        _flags, _set = tuple(flags), False


def flags() -> tuple[str, ...] | None:
    """What `use_flags` was given, for a process that this one starts."""
    return _flags


def file_systems() -> Any:
    """Beam's `FileSystems`, which reach URLs as the flags say."""
    global _set
    from apache_beam.io.filesystems import FileSystems

    if _flags is not None and not _set:
        from apache_beam.options.pipeline_options import PipelineOptions

        FileSystems.set_options(PipelineOptions(list(_flags)))
        _set = True
    return FileSystems


@contextlib.contextmanager
def as_oserror(url: str) -> Iterator[None]:
    """Turn what filesystems raise (each has its own exceptions) into OSError.

    Raises Refused for s3:// without the package that it needs.
    """
    if url.startswith("s3://") and importlib.util.find_spec("boto3") is None:
        raise Refused(f"{url}: the package 'boto3' is missing; run: pip install 'beam-synth[aws]'")
    try:
        yield
    except OSError:
        raise
    except Exception as error:
        raise OSError(f"{url}: {error}") from error


def open_url(url: str) -> IO[bytes]:
    """A seekable handle, not decompressed. Raises OSError, FileNotFoundError among them."""
    from apache_beam.io.filesystem import CompressionTypes

    with as_oserror(url):
        systems = file_systems()
        try:
            handle: IO[bytes] = systems.open(url, compression_type=CompressionTypes.UNCOMPRESSED)
            handle.seek(0, io.SEEK_END)  # some open lazily: now it has to be there
            handle.seek(0)
        except Exception as error:
            if not systems.exists(url):
                raise FileNotFoundError(url) from error
            raise
        return handle


@contextlib.contextmanager
def create_url(url: str, temporary: str) -> Iterator[IO[bytes]]:
    """A handle of a file that appears, whole, when the block ends without error.

    What `url` names is replaced in one step where the filesystem can do so: object stores can.
    Raises OSError.
    """
    from apache_beam.io.filesystem import CompressionTypes

    with as_oserror(temporary):
        systems = file_systems()
        handle: IO[bytes] = systems.create(
            temporary, compression_type=CompressionTypes.UNCOMPRESSED
        )
    try:
        yield handle
        with as_oserror(url):
            _close(handle)
            systems.rename([temporary], [url])
    except BaseException:
        # Only a closed file can be removed, and what went wrong first is what has to be told.
        with contextlib.suppress(Exception):
            _close(handle)
        with contextlib.suppress(Exception):
            remove_url(temporary)
        raise


def _close(handle: IO[bytes]) -> None:
    """Close the handle, which makes the file."""
    if not handle.closed:
        # Of an empty file Beam uploads no part to S3, which S3 refuses; an empty part will do.
        upload: Any = getattr(getattr(handle, "raw", None), "_uploader", None)
        if type(upload).__name__ == "S3Uploader" and handle.tell() == 0:
            upload._write_to_s3(b"")
        handle.close()


def remove_url(url: str) -> None:
    """Remove this one file; nothing happens where there is none. Raises OSError."""
    with as_oserror(url):
        systems = file_systems()
        if systems.exists(url):
            systems.delete([url])


def remove_below(url: str) -> None:
    """Remove all files whose URL starts with `url/`. Raises OSError."""
    with as_oserror(url):
        systems = file_systems()
        (found,) = systems.match([f"{url}/**"], [1])
        if found.metadata_list:
            systems.delete([f"{url}/"])  # Beam's word for all that is below


def match_urls(pattern: str) -> list[tuple[str, float]]:
    """(URL, time of last change in seconds) of the files that match. Raises OSError."""
    with as_oserror(pattern):
        (found,) = file_systems().match([pattern])
        return [(item.path, float(item.last_updated_in_seconds)) for item in found.metadata_list]
