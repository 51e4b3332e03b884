"""Cut a stream of bytes into lines, or into the objects of a JSON document, in bounded memory."""

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


class _Long:
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
        self._long: _Long | None = None

    def add(self, piece: bytes) -> None:
        self._size += len(piece)
        if self._long is None and self._size > self._limit:
            self._long = _Long()
            for earlier in self._pieces:
                self._long.add(earlier)
            self._pieces = []
        if self._long is None:
            self._pieces.append(piece)
        else:
            self._long.add(piece)

    def take(self, number: int, whole: bool = True) -> RawLine:
        """The line so far; empties the buffer."""
        if self._long is not None:
            line = self._long.line(number, whole)
        else:
            line = RawLine(number, b"".join(self._pieces), whole)
        self._pieces, self._size, self._long = [], 0, None
        return line

    def __bool__(self) -> bool:
        return self._size > 0


def split_lines(chunks: Iterable[bytes], limit: int = MAX_LINE_BYTES) -> Iterator[RawLine]:
    """The lines that are not blank; the last one is not `whole` if it has no line end."""
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
    (which then does not parse). An object that is never closed is not `whole`.
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
