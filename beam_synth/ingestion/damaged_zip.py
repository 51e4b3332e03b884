"""Read a zip archive from its start, by its local headers: for one that lost its directory.

The format is PKWARE's APPNOTE 6.3, section 4.3: a local header of 30 bytes before each member, and
a directory at the end, which `zipfile` needs and a truncated archive does not have.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from typing import BinaryIO

_LOCAL = struct.Struct("<4s5H3I2H")  # APPNOTE 4.3.7
_STREAMED = 0x08  # sizes follow the data, in a data descriptor
_ENCRYPTED = 0x01
_STEP = 64 * 1024
_ENDS_WITHIN = "the zip archive ends within a member"


class _Stored:
    """The bytes of a member that is not compressed. Raises EOFError where the archive ends."""

    def __init__(self, handle: BinaryIO, size: int) -> None:
        self._handle, self._left = handle, size

    def read1(self, size: int = -1) -> bytes:
        want = self._left if size is None or size < 0 else min(size, self._left)
        data = self._handle.read(want)
        if want and not data:
            raise EOFError(_ENDS_WITHIN)
        self._left -= len(data)
        return data

    read = read1


class _Deflated:
    """The bytes of a deflated member, up to where deflate says that they end."""

    def __init__(self, handle: BinaryIO) -> None:
        self._handle = handle
        self._inflate = zlib.decompressobj(-15)
        self._done = False

    def read1(self, size: int = -1) -> bytes:
        while not self._done:
            data = self._inflate.unconsumed_tail or self._handle.read(_STEP)
            if not data:
                raise EOFError(_ENDS_WITHIN)
            inflated = self._inflate.decompress(data, max(size or 0, 0))
            if self._inflate.eof:  # what is left over belongs to the next header
                self._handle.seek(-len(self._inflate.unused_data), 1)
                self._done = True
            if inflated:
                return inflated
        return b""

    read = read1


Member = _Stored | _Deflated


def stream_members(handle: BinaryIO) -> Iterator[tuple[str, Member | str]]:
    """(name, member) in file order; a string in its place says why it cannot be read.

    Folders are left out. What the caller leaves of a member is skipped. Raises EOFError at the
    end, in every case: an archive that needs this is not whole. Raises zlib.error where a member
    is damaged.
    """
    while True:
        header = handle.read(_LOCAL.size)
        if len(header) < _LOCAL.size or header[:4] != b"PK\x03\x04":
            raise EOFError("the zip archive has no directory at its end")
        _, _, flags, method, _, _, _, packed, _, name_size, extra_size = _LOCAL.unpack(header)
        named, extra = handle.read(name_size), handle.read(extra_size)
        if len(named) + len(extra) < name_size + extra_size:
            raise EOFError(_ENDS_WITHIN)
        name = named.decode("utf-8" if flags & 0x800 else "cp437", "replace")
        size = _size64(extra, packed)
        streamed = bool(flags & _STREAMED)
        if flags & _ENCRYPTED or method not in (0, 8) or (method == 0 and streamed):
            yield name, "encrypted, or packed in a way that needs the archive's directory"
            raise EOFError("the zip archive has no directory at its end")
        member: Member = _Deflated(handle) if method == 8 else _Stored(handle, size)
        if not name.endswith("/"):
            yield name, member
        while member.read1(_STEP):
            pass
        if streamed:
            _skip_descriptor(handle)


def _size64(extra: bytes, packed: int) -> int:
    """The compressed size, from the zip64 field where the header's own is full."""
    while packed == 0xFFFFFFFF and len(extra) >= 4:
        kind, size = struct.unpack("<2H", extra[:4])
        if kind == 1 and size >= 16:
            return int(struct.unpack("<Q", extra[12:20])[0])
        extra = extra[4 + size :]
    return packed


def _skip_descriptor(handle: BinaryIO) -> None:
    """A data descriptor has 12 or 20 bytes, and before them a signature or none."""
    start = handle.tell()
    data = handle.read(28)
    for size in (16, 12, 24, 20):
        following = data[size : size + 4]
        if following in (b"PK\x03\x04", b"PK\x01\x02") or len(data) <= size:
            handle.seek(start + min(size, len(data)))
            return
    raise EOFError("the zip archive is damaged behind a member")
