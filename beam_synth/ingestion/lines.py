"""Cut a stream of bytes into lines, in bounded memory.

A chunk and a line of at most the limit are held. A line that outgrows the limit is hashed and
measured while it passes, so that its reject can still say what it was.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from beam_synth.records import RAW_LIMIT

MAX_LINE_BYTES = 16_000_000


class RawLine(NamedTuple):
    """One line or object."""

    number: int  # 1-based line on which it starts
    data: bytes  # its bytes without the line end; only the first RAW_LIMIT if it is too long
    whole: bool = True  # False: the stream ended within it
    size: int = 0  # bytes, where `data` is cut
    sha256: str = ""  # of all of its bytes, where `data` is cut


class _OversizeLine:
    """A line that outgrew the limit: measured and hashed while it passes."""

    def __init__(self) -> None:
        self.size = 0
        self.head = b""
        self._hash = hashlib.sha256()

    def add(self, data: bytes) -> None:
        if len(self.head) < RAW_LIMIT:
            self.head += data[: RAW_LIMIT - len(self.head)]
        self.size += len(data)
        self._hash.update(data)

    def line(self, number: int, whole: bool) -> RawLine:
        return RawLine(number, self.head, whole, self.size, self._hash.hexdigest())


class PendingLine:
    """The beginning of a line whose end has not been seen."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._pieces: list[bytes] = []
        self._size = 0
        self._oversize: _OversizeLine | None = None

    def add(self, piece: bytes) -> None:
        self._size += len(piece)
        if self._oversize is None and self._size > self._limit:
            self._oversize = _OversizeLine()
            for earlier in self._pieces:
                self._oversize.add(earlier)
            self._pieces = []
        if self._oversize is None:
            self._pieces.append(piece)
        else:
            self._oversize.add(piece)

    def take(self, number: int, whole: bool = True) -> RawLine:
        """The line so far; empties the buffer."""
        if self._oversize is not None:
            line = self._oversize.line(number, whole)
        else:
            line = RawLine(number, b"".join(self._pieces), whole)
        self._pieces, self._size, self._oversize = [], 0, None
        return line

    @property
    def oversize(self) -> bool:
        """Whether it is too long already."""
        return self._oversize is not None

    def __bool__(self) -> bool:
        return self._size > 0


def split_lines(chunks: Iterable[bytes], limit: int = MAX_LINE_BYTES) -> Iterator[RawLine]:
    """The lines that are not blank; the last one is not `whole` if it has no line end.

    Lines end in a line feed; a carriage return before it stays. Of a line of more than `limit`
    bytes only the first RAW_LIMIT are given, with its size and hash.

    >>> [(line.number, line.data) for line in split_lines([b"one\\n\\nth", b"ree\\n"])]
    [(1, b'one'), (3, b'three')]
    >>> next(split_lines([b"12345\\n"], limit=4)).size
    5
    """
    number = 1
    pending = PendingLine(limit)
    for chunk in chunks:
        parts = chunk.split(b"\n")
        last = parts.pop()
        for part in parts:
            if pending:
                pending.add(part)
                line = pending.take(number)
                if line.size or not line.data.isspace():
                    yield line
            elif len(part) > limit:
                pending.add(part)
                yield pending.take(number)
            elif part and not part.isspace():
                yield RawLine(number, part)
            number += 1
        if last:
            pending.add(last)
    if pending:
        line = pending.take(number, whole=False)
        if line.size or not line.data.isspace():
            yield line


def csv_lines(chunks: Iterable[bytes], limit: int = MAX_LINE_BYTES) -> Iterator[RawLine]:
    r"""As `split_lines`, but a line goes on while a quotation in it is open.

    A line that outgrows the limit ends at its next line feed all the same, so that the lines behind
    a quotation that is never closed are not lost with it.

    >>> [line.data for line in csv_lines([b'a,"b\n\nc"\n', b"d,e\n"])]
    [b'a,"b\n\nc"', b'd,e']
    """
    number, started, open_quotation = 1, 1, False
    pending = PendingLine(limit)
    for chunk in chunks:
        parts = chunk.split(b"\n")
        last = parts.pop()
        for part in parts:
            pending.add(part)
            open_quotation ^= part.count(b'"') % 2 == 1
            number += 1
            if open_quotation and not pending.oversize:
                pending.add(b"\n")
                continue
            line = pending.take(started)
            started, open_quotation = number, False
            if line.size or line.data.strip():
                yield line
        pending.add(last)
        open_quotation ^= last.count(b'"') % 2 == 1
    if pending:
        line = pending.take(started, whole=False)
        if line.size or line.data.strip():
            yield line
