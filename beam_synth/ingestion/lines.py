"""Cut a stream of bytes into lines, or into the objects of a JSON document, in bounded memory.

A chunk and a line of at most the limit are held. A line that outgrows the limit is hashed and
measured while it passes, so that its reject can still say what it was.
"""

from __future__ import annotations

import hashlib
import re
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


class _Pending:
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
    pending = _Pending(limit)
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
    pending = _Pending(limit)
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


_MARK = re.compile(rb'["\\{}\n]')
_BETWEEN = b" \t\r\n,[]"


class _Scanner:
    """Finds where an object ends: braces outside of strings."""

    def __init__(self) -> None:
        self.depth = 0
        self.in_string = False
        self.escaped = False
        self.line = 1

    def end(self, data: bytes, start: int) -> int:
        """Index behind the brace that closes the object, or -1 if `data` ends before it."""
        at = start
        if self.escaped and at < len(data):
            self.escaped = False
            at += 1
        while match := _MARK.search(data, at):
            mark, at = match.group(), match.end()
            if mark == b"\n":
                self.line += 1
            elif mark == b"\\" and self.in_string:
                if at == len(data):
                    self.escaped = True
                    return -1
                at += 1
            elif mark == b'"':
                self.in_string = not self.in_string
            elif not self.in_string and mark == b"{":
                self.depth += 1
            elif not self.in_string and mark == b"}":
                self.depth -= 1
                if self.depth == 0:
                    return at
        return -1


def documents(chunks: Iterable[bytes], limit: int = MAX_LINE_BYTES) -> Iterator[RawLine]:
    """The objects of a JSON array, or of objects that stand one behind another.

    What stands between two objects and is no comma, bracket or white space is a line of its own
    (which then does not parse). An object that is never closed is not `whole`. Objects of more
    than `limit` bytes are cut as in `split_lines`. The time is linear in the bytes.

    >>> [(line.number, line.data) for line in documents([b'[{"a": "}"},\\n {"b"', b": 2}]"])]
    [(1, b'{"a": "}"}'), (2, b'{"b": 2}')]
    """
    scanner = _Scanner()
    pending = _Pending(limit)
    started = 1
    for chunk in chunks:
        at = 0
        while at < len(chunk):
            if scanner.depth == 0:
                opening = chunk.find(b"{", at)
                between = chunk[at:] if opening < 0 else chunk[at:opening]
                junk = between.strip(_BETWEEN)
                if junk:
                    yield RawLine(scanner.line, junk)
                scanner.line += between.count(b"\n")
                if opening < 0:
                    break
                at, started = opening, scanner.line
            end = scanner.end(chunk, at)
            if end < 0:
                pending.add(chunk[at:])
                break
            pending.add(chunk[at:end])
            yield pending.take(started)
            at = end
    if pending:
        yield pending.take(started, whole=False)
