"""Compressed files: one stream or several behind each other, of gzip, bzip2, xz, lzma or zstd.

Data that ends early or is damaged raises, after all that could be decompressed was given. So do
bytes behind the last stream, but for padding (zeros, white space), which says nothing.
"""

from __future__ import annotations

import bz2
import contextlib
import io
import lzma
import re
import zlib
from typing import Any, NamedTuple, Protocol

import zstandard

_RAW = 16 * 1024  # compressed bytes read at a time
_STEP = 64 * 1024  # decompressed bytes made at a time: what is lost where they are damaged
_MOST = 1024 * 1024  # of zstd, about
_PADDING = b"\0 \t\r\n"
_MAGIC_BYTES = 16  # enough to tell each kind
_WINDOW = 1 << 31  # of zstd --long=31, its widest; what a frame does not ask for is not held
# What a decompressor says of a stream that it cannot begin to read, as opposed to a damaged one.
_UNSTARTED = re.compile(
    r"header|unknown compression|Dictionary mismatch|Unknown frame|memory", re.I
)


class TrailingBytes(Exception):
    """What stands behind the last whole stream and is none."""

    def __init__(self, size: int, head: bytes, kind: str) -> None:
        super().__init__(f"{size:,} bytes behind the last {kind} stream are none: {head[:40]!r}")
        self.head = head


class NoStream(Exception):
    """A stream that cannot be read from its beginning on."""


class _Machine(Protocol):
    """A decompressor of one stream."""

    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int) -> bytes: ...


class _Gzip:
    """One member of a gzip file; zlib checks its checksum and length.

    zlib gives nothing of the piece in which it finds damage: that one is fed again by the byte.
    """

    def __init__(self) -> None:
        self._inflate = zlib.decompressobj(31)
        self._error: zlib.error | None = None

    @property
    def eof(self) -> bool:
        return self._inflate.eof and self._error is None

    @property
    def needs_input(self) -> bool:
        return not self._inflate.unconsumed_tail and self._error is None

    @property
    def unused_data(self) -> bytes:
        return self._inflate.unused_data

    def decompress(self, data: bytes, max_length: int) -> bytes:
        if self._error is not None:
            raise self._error
        before = self._inflate.copy()
        data = self._inflate.unconsumed_tail + data
        try:
            return self._inflate.decompress(data, max_length)
        except zlib.error as error:
            self._error = error
        pieces = []
        with contextlib.suppress(zlib.error):
            for at in range(len(data)):
                pieces.append(before.decompress(data[at : at + 1]))
        return b"".join(pieces)


class _Zstd:
    """One frame of zstd. It bounds no output, so it is fed little where that becomes much."""

    def __init__(self) -> None:
        self._frame = zstandard.ZstdDecompressor(max_window_size=_WINDOW).decompressobj()
        self._left = b""
        self._fed = _RAW

    @property
    def eof(self) -> bool:
        return self._frame.eof

    @property
    def needs_input(self) -> bool:
        return not self._left

    @property
    def unused_data(self) -> bytes:
        return self._frame.unused_data + self._left

    def decompress(self, data: bytes, max_length: int) -> bytes:
        data = self._left + data
        out: bytes = self._frame.decompress(data[: self._fed]) if data else b""
        self._left = data[self._fed :]
        if len(out) > _MOST:
            self._fed = max(256, self._fed // 4)
        elif len(out) < _MOST // 8:
            self._fed = min(_RAW, self._fed * 2)
        return out


class Compression(NamedTuple):
    """A way to compress: its name, how its streams begin, and what reads one of them."""

    name: str
    magic: re.Pattern[bytes]
    endings: tuple[str, ...]  # of files' names
    machine: Any  # called without arguments, gives a _Machine


def _compression(name: str, magic: bytes, endings: str, machine: Any) -> Compression:
    return Compression(name, re.compile(magic, re.S), tuple(endings.split()), machine)


COMPRESSIONS = (
    _compression("gzip", rb"\x1f\x8b", ".gz .gzip .tgz", _Gzip),
    _compression(
        "bzip2",
        rb"BZh[1-9](?:1AY&SY|\x17rE8P\x90|.{0,5}\Z)",
        ".bz2 .bzip2 .tbz2 .tbz",
        bz2.BZ2Decompressor,
    ),
    _compression("xz", rb"\xfd7z(?:XZ\0|.{0,2}\Z)", ".xz .txz", lzma.LZMADecompressor),
    # A frame, or one of those to be skipped.
    _compression("zstd", rb"\x28\xb5\x2f\xfd|[\x50-\x5f]\x2a\x4d\x18", ".zst .zstd .tzst", _Zstd),
    _compression("lzma", rb"\x5d\0\0..(?:\xff{8}|.{5}\0{3})", ".lzma", lzma.LZMADecompressor),
)


def compression_of(head: bytes) -> Compression | None:
    """How a file is compressed that begins with these bytes; None where it is not.

    >>> import gzip
    >>> compression_of(gzip.compress(b"text")).name, compression_of(b"BZhou is a district")
    ('gzip', None)
    """
    return next((one for one in COMPRESSIONS if one.magic.match(head)), None)


class Streams:
    """The decompressed bytes of a file of one or several streams.

    Raises EOFError where the data ends within a stream, TrailingBytes, NoStream, and zlib.error,
    OSError, lzma.LZMAError or zstandard.ZstdError where it is damaged. Can only seek forward.

    >>> Streams(io.BytesIO(bz2.compress(b"one") + bz2.compress(b"two")), COMPRESSIONS[1]).read1()
    b'one'
    """

    def __init__(self, handle: Any, kind: Compression) -> None:
        self._handle, self._kind = handle, kind
        self._machine: _Machine = kind.machine()
        self._input = b""  # read already
        self._ready = b""  # decompressed already
        self._at = 0
        self._began = self._ended = False

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = 0) -> int:
        target = self._at + offset if whence == 1 else offset
        if whence == 2 or target < self._at:
            raise io.UnsupportedOperation("a compressed stream goes forward only")
        while self._at < target and self.read1(target - self._at):
            pass
        return self._at

    def read(self, size: int | None = -1, /) -> bytes:
        """`size` bytes, fewer at the end only; all that is left where it is negative."""
        pieces = []
        left = -1 if size is None or size < 0 else size
        while left and (piece := self.read1(left)):
            pieces.append(piece)
            left -= len(piece) if left > 0 else 0
        return b"".join(pieces)

    def read1(self, size: int = _STEP) -> bytes:
        """At most `size` bytes, b"" at the end. Raises as the class says."""
        size = _STEP if size is None or size < 0 else size
        while not self._ready and not self._ended and size:
            self._ready = self._more(min(max(size, 1024), _STEP))
        data, self._ready = self._ready[:size], self._ready[size:]
        self._at += len(data)
        return data

    def _more(self, size: int) -> bytes:
        if self._machine.eof and not self._next_stream(self._machine.unused_data):
            self._ended = True
            return b""
        data, hungry = b"", self._machine.needs_input
        if hungry:
            data = self._input or self._handle.read(_RAW)
            self._input = b""
        try:
            found = self._machine.decompress(data, size)
        except (zlib.error, OSError, lzma.LZMAError, zstandard.ZstdError) as error:
            if not self._began and _UNSTARTED.search(str(error)):
                raise NoStream(f"{self._kind.name}: {error}") from error
            raise
        if hungry and not data and not found and not self._machine.eof:
            raise EOFError("the compressed data ends before its stream does")
        self._began = self._began or bool(found) or self._machine.eof
        return found

    def _next_stream(self, rest: bytes) -> bool:
        """Begin the stream that follows; False where none does."""
        rest = rest.lstrip(_PADDING)
        while len(rest) < _MAGIC_BYTES and (more := self._handle.read(_RAW)):
            rest = (rest + more).lstrip(_PADDING)
        if not rest:
            return False
        if not self._kind.magic.match(rest):
            size = len(rest)
            while more := self._handle.read(_RAW):
                size += len(more)
            raise TrailingBytes(size, rest[:512], self._kind.name)
        self._machine = self._kind.machine()
        self._input = rest
        return True
