"""Open what an input file is: the readable members of a plain, compressed or archive file.

Kinds are told by name and first bytes: .gz, .bz2, .zst, .zip, .tar, .tar.gz, .tar.bz2, Parquet,
Arrow, and anything else as plain text.
"""

from __future__ import annotations

import bz2
import gzip
import io
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any, BinaryIO, NamedTuple, Protocol

from beam_synth.errors import Fault
from beam_synth.ingestion.damaged_zip import stream_members

# What damaged data raises, as opposed to failing storage (see raise_if_storage).
BROKEN = (EOFError, OSError, zlib.error, zipfile.BadZipFile, tarfile.TarError)
_GZIP, _BZIP2, _ZIP, _PARQUET = b"\x1f\x8b", b"BZh", b"PK", b"PAR1"
_ZSTD = b"\x28\xb5\x2f\xfd"
COMPRESSED = (".gz", ".bz2", ".zst")  # endings of a file that is one compressed stream
_ARROW, _ARROW_STREAM = b"ARRO", b"\xff\xff\xff\xff"  # `datasets` writes streams
_STEP = 256 * 1024
_TAR = (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tbz")


class Chunks(Protocol):
    """A stream of decompressed bytes."""

    def read1(self, size: int = ..., /) -> bytes:
        """At most `size` bytes, b"" at the end. Raises one of BROKEN where the data is damaged."""
        ...


class ParquetMember(NamedTuple):
    """A Parquet file, which has rows in place of lines."""

    handle: BinaryIO  # seekable


class ArrowMember(NamedTuple):
    """An Arrow IPC file or stream, which has rows in place of lines."""

    handle: BinaryIO  # seekable


class Unreadable(NamedTuple):
    """A member that cannot be read, and why."""

    detail: str  # for the reject


Source = Chunks | ParquetMember | ArrowMember | Unreadable


def error_line(error: Exception) -> str:
    """An error as one line of detail.

    >>> error_line(EOFError("the archive ends within a member"))
    'EOFError: the archive ends within a member'
    """
    return f"{type(error).__name__}: {error}"


def raise_if_storage(error: Exception, path: str) -> None:
    """Raise Fault for an OSError of the storage: decompressors raise theirs without a number.

    Damaged data becomes a reject; storage that fails must not, or a run would lose articles.
    """
    if isinstance(error, OSError) and error.errno is not None:
        raise Fault(f"{path}: cannot be read: {error}") from error


def open_members(handle: BinaryIO, path: str) -> Iterator[tuple[str, Source]]:
    """(name, source) of each member of an open, seekable file; a plain file is its own member.

    The name of an archive's member is "path!member". A source must be read before the next one is
    asked for. Members are streamed: none is held in memory as a whole. Raises one of BROKEN where
    the container itself is damaged.

    >>> [(name, source.read1(99)) for name, source in open_members(io.BytesIO(b"{}"), "a.jsonl")]
    [('a.jsonl', b'{}')]
    >>> [source.detail for _, source in open_members(io.BytesIO(b"{}"), "a.gz")]
    ['its name says gzip, its first bytes do not']
    """
    handle.seek(0)
    magic = handle.read(4)
    handle.seek(0)
    wrong = _mismatch(path.lower(), magic)
    if not magic:
        yield path, io.BytesIO()
    elif wrong:
        yield path, Unreadable(wrong)
    elif magic == _PARQUET:
        yield path, ParquetMember(handle)
    elif magic == _ARROW or (magic == _ARROW_STREAM and path.lower().endswith(".arrow")):
        yield path, ArrowMember(handle)
    elif magic.startswith(_ZIP):
        yield from _zip_members(handle, path)
    elif path.lower().endswith(_TAR):
        yield from _tar_members(_decompressed(handle, magic), path)
    else:
        yield path, _decompressed(handle, magic)


def _mismatch(name: str, magic: bytes) -> str:
    for suffixes, kind, magic_of_kind in (
        ((".gz", ".tgz"), "gzip", _GZIP),
        ((".bz2", ".tbz2", ".tbz"), "bzip2", _BZIP2),
        ((".zst",), "zstd", _ZSTD),
        ((".zip",), "zip", _ZIP),
        ((".parquet",), "Parquet", _PARQUET),
        ((".arrow",), "Arrow", (_ARROW, _ARROW_STREAM)),
    ):
        if name.endswith(suffixes) and magic and not magic.startswith(magic_of_kind):
            return f"its name says {kind}, its first bytes do not"
    return ""


def _decompressed(handle: BinaryIO, magic: bytes) -> Any:
    """A reader with read1. Beam's own compressed files take a truncated stream for a whole one."""
    if magic.startswith(_GZIP):
        return gzip.GzipFile(fileobj=handle, mode="rb")
    if magic.startswith(_BZIP2):
        return bz2.BZ2File(handle, mode="rb")
    if magic.startswith(_ZSTD):
        return _Zstd(handle)
    return handle if hasattr(handle, "read1") else io.BufferedReader(handle)


class _Zstd:
    """A zstd stream; what is cut off raises OSError, as damage does."""

    def __init__(self, handle: Any) -> None:
        from pyarrow import CompressedInputStream, PythonFile

        self._stream = CompressedInputStream(PythonFile(handle, mode="r"), "zstd")

    def read1(self, size: int = _STEP) -> bytes:
        data: bytes = self._stream.read(size)
        return data


def bare_name(name: str) -> str:
    """A file's name in lower case, without the ending that says how it is compressed.

    >>> bare_name("Texts.CSV.zst"), bare_name("texts.csv")
    ('texts.csv', 'texts.csv')
    """
    lower = name.lower()
    ending = next((ending for ending in COMPRESSED if lower.endswith(ending)), "")
    return lower.removesuffix(ending)


def _nested(member: Any, name: str) -> Source:
    """A member may be compressed once more (.jsonl.gz in a .zip or .tar)."""
    lower = name.lower()
    if lower.endswith((".zip", ".parquet", ".arrow", *_TAR)):
        return Unreadable("an archive, Parquet or Arrow file within an archive: unpack it first")
    if lower.endswith(".gz"):
        return gzip.GzipFile(fileobj=member, mode="rb")
    if lower.endswith(".bz2"):
        return bz2.BZ2File(member, mode="rb")
    if lower.endswith(".zst"):
        return _Zstd(member)
    return member  # type: ignore[no-any-return]


def _zip_members(handle: BinaryIO, path: str) -> Iterator[tuple[str, Source]]:
    try:
        archive = zipfile.ZipFile(handle)
    except zipfile.BadZipFile:  # no directory at its end: truncated, but its start can be read
        handle.seek(0)
        for name, source in stream_members(handle):
            readable = Unreadable(source) if isinstance(source, str) else _nested(source, name)
            yield f"{path}!{name}", readable
        return
    with archive:
        infos = [info for info in archive.infolist() if not info.is_dir()]
        if not infos:
            yield path, io.BytesIO()
        for info in infos:
            name = f"{path}!{info.filename}"
            try:
                member = archive.open(info)
            except (NotImplementedError, RuntimeError, zipfile.BadZipFile) as error:
                yield name, Unreadable(error_line(error))  # encrypted, or of an unknown method
                continue
            with member:
                yield name, _nested(member, info.filename)


class _TarMember:
    """The bytes of one member, read straight from the archive's stream."""

    def __init__(self, stream: Any, size: int) -> None:
        self._stream, self._left = stream, size

    def read1(self, size: int = -1) -> bytes:
        want = self._left if size is None or size < 0 else min(size, self._left)
        data: bytes = self._stream.read1(want) if want else b""
        if want and not data:
            raise EOFError("the archive ends within a member")
        self._left -= len(data)
        return data

    read = read1


def _tar_members(stream: Any, path: str) -> Iterator[tuple[str, Source]]:
    empty = True
    # Not tarfile's stream mode ("r|"), which loses the block in which the data turns out broken.
    with tarfile.open(fileobj=stream, mode="r:") as archive:
        while (info := archive.next()) is not None:
            archive.members = []  # type: ignore[attr-defined]  # else it keeps every header
            if info.isdir():
                continue
            empty = False
            name = f"{path}!{info.name}"
            if not info.isreg() or info.issparse():
                yield name, Unreadable("not a plain file")
                continue
            stream.seek(info.offset_data)
            yield name, _nested(_TarMember(stream, info.size), info.name)
    while stream.read1(_STEP):  # up to the checksum, which lies behind the archive's end
        pass
    if empty:
        yield path, io.BytesIO()
