"""Open what an input file is: the readable members of a plain, compressed or archive file.

Kinds are told by first bytes; a name only says more where these leave it open (old tar, CSV).
"""

from __future__ import annotations

import io
import lzma
import re
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any, BinaryIO, NamedTuple, Protocol

import zstandard

from beam_synth.errors import Fault
from beam_synth.ingestion.compressed import (
    COMPRESSIONS,
    Compression,
    NoStream,
    Streams,
    TrailingBytes,
    compression_of,
)
from beam_synth.ingestion.damaged_zip import stream_members
from beam_synth.ingestion.first_bytes import (
    BINARY,
    HEAD,
    WHAT_IS_READ,
    container_of,
    looks_like,
    named_kind,
    shown,
)
from beam_synth.storage.inputs import is_hidden

# What damaged data raises, as opposed to failing storage (see raise_if_storage).
BROKEN = (
    EOFError,
    OSError,
    zlib.error,
    lzma.LZMAError,
    zstandard.ZstdError,
    zipfile.BadZipFile,
    tarfile.TarError,
    TrailingBytes,
    NoStream,
)
_STEP = 256 * 1024
_ONLY_HIDDEN = "it holds nothing but hidden members, which are no input"
_NESTED = 3  # times that one thing may be compressed
# How JSON in any encoding begins, and the mark of UTF-8 or UTF-16.
_JSON = re.compile(rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?[\0\s]*[{\[]")


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

    The name of an archive's member is "path!member"; hidden ones and `__MACOSX` are left out. A
    source must be read before the next one is asked for. Members are streamed: none is held in
    memory as a whole. Raises one of BROKEN where the container itself is damaged.

    >>> [(name, source.read1(99)) for name, source in open_members(io.BytesIO(b"{}"), "a.gz")]
    [('a.gz', b'{}')]
    >>> [source.detail[:37] for _, source in open_members(io.BytesIO(b"%PDF-1.7"), "a.jsonl")]
    ['it looks like a PDF; what is read: JS']
    """
    handle.seek(0)
    head = handle.read(HEAD)
    handle.seek(0)
    if not head:
        yield path, io.BytesIO()
        return
    kind = container_of(head)
    if kind == "Parquet":
        yield path, ParquetMember(handle)
    elif kind == "Arrow":
        yield path, ArrowMember(handle)
    elif kind == "zip":
        yield from _zip_members(handle, path)
    elif kind == "tar":
        yield from _tar_members(_buffered(handle), path)
    elif (compression := compression_of(head)) is not None:
        yield from _compressed_members(handle, compression, path)
    elif named_kind(path) == "tar" and not _JSON.match(head):  # its header may be an old one
        yield from _tar_members(_buffered(handle), path)
    else:
        fault = _fault(head, path)
        yield path, Unreadable(fault) if fault else _buffered(handle)


def _buffered(handle: Any) -> Any:
    """A reader with read1."""
    return handle if hasattr(handle, "read1") else io.BufferedReader(handle)


def _fault(head: bytes, name: str) -> str:
    """Why what begins like that is no text to be read; "" where it may be one."""
    if not head or _JSON.match(head):
        return ""
    what, named = looks_like(head), named_kind(name)
    if not what and (not named or bare_name(name).endswith((".csv", ".tsv"))):
        return ""
    if what == BINARY and not named:
        return ""  # damaged, perhaps: good lines may follow
    told = f"it looks like {shown(head)}; {WHAT_IS_READ}"
    return f"its name says {named}, its first bytes do not: {told}" if named else told


def _compressed_members(
    handle: BinaryIO, compression: Compression, path: str
) -> Iterator[tuple[str, Source]]:
    looked = _Looked(Streams(handle, compression))
    named_tar = path.lower().endswith((".tgz", ".tbz", ".tbz2", ".txz", ".tzst")) or (
        named_kind(bare_name(path)) == "tar" and looked.head
    )
    if container_of(looked.head) == "tar" or (named_tar and not _JSON.match(looked.head)):
        handle.seek(0)
        yield from _tar_members(Streams(handle, compression), path)
    else:
        yield path, _inner(looked, bare_name(path), compression.name)


class _Looked:
    """A stream of which the first bytes have been looked at."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self.head = b""
        self._error: Exception | None = None
        try:
            while len(self.head) < HEAD and (data := stream.read1(HEAD - len(self.head))):
                self.head += data
        except BROKEN as error:
            self._error = error
        self._left = self.head

    def read1(self, size: int = -1) -> bytes:
        if self._left:
            end = len(self._left) if size is None or size < 0 else size
            data, self._left = self._left[:end], self._left[end:]
            return data
        if self._error is not None:
            raise self._error
        found: bytes = self._stream.read1(size)
        return found

    read = read1


def _inner(looked: _Looked, name: str, within: str) -> Source:
    """What is inside of an archive or a compressed file, which may be compressed once more."""
    for _ in range(_NESTED):
        compression = compression_of(looked.head)
        if compression is None:
            break
        looked = _Looked(Streams(looked, compression))
        name, within = bare_name(name), compression.name
    kind = container_of(looked.head)
    if kind:
        return Unreadable(f"{kind} within {within}: unpack it first")
    fault = _fault(looked.head, name)
    return Unreadable(fault) if fault else looked


def bare_name(name: str) -> str:
    """A file's name in lower case, without the endings that say how it is compressed.

    >>> bare_name("Texts.CSV.zst"), bare_name("texts.csv")
    ('texts.csv', 'texts.csv')
    """
    lower = name.lower()
    endings = [ending for one in COMPRESSIONS for ending in one.endings]
    found = next((ending for ending in endings if lower.endswith(ending)), "")
    return bare_name(lower.removesuffix(found)) if found else lower


def _zip_members(handle: BinaryIO, path: str) -> Iterator[tuple[str, Source]]:
    try:
        archive = zipfile.ZipFile(handle)
    except zipfile.BadZipFile:  # no directory at its end: truncated, but its start can be read
        handle.seek(0)
        for name, source in stream_members(handle):
            if not is_hidden(name):
                within = Unreadable(source) if isinstance(source, str) else _member(source, name)
                yield f"{path}!{name}", within
        return
    with archive:
        infos = [info for info in archive.infolist() if not info.is_dir()]
        seen = [info for info in infos if not is_hidden(info.filename)]
        if not seen:
            yield path, Unreadable(_ONLY_HIDDEN) if infos else io.BytesIO()
        for info in seen:
            name = f"{path}!{info.filename}"
            try:
                member = archive.open(info)
            except (NotImplementedError, RuntimeError, zipfile.BadZipFile) as error:
                yield name, Unreadable(error_line(error))  # encrypted, or of an unknown method
                continue
            with member:
                yield name, _member(member, info.filename)


def _member(member: Any, name: str) -> Source:
    return _inner(_Looked(member), name, "an archive")


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
    empty, hidden = True, False
    # Not tarfile's stream mode ("r|"), which loses the block in which the data turns out broken.
    with tarfile.open(fileobj=stream, mode="r:") as archive:
        while (info := archive.next()) is not None:
            archive.members = []  # type: ignore[attr-defined]  # else it keeps every header
            if info.isdir() or is_hidden(info.name):
                hidden = hidden or not info.isdir()
                continue
            empty = False
            name = f"{path}!{info.name}"
            if not info.isreg() or info.issparse():
                yield name, Unreadable("not a plain file")
                continue
            stream.seek(info.offset_data)
            yield name, _member(_TarMember(stream, info.size), info.name)
    while stream.read1(_STEP):  # up to the checksum, which lies behind the archive's end
        pass
    if empty:
        yield path, Unreadable(_ONLY_HIDDEN) if hidden else io.BytesIO()
