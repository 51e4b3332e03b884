"""Cut a stream of JSON into its objects, in bounded memory: an array, or objects one after another.

An object that is damaged (a quotation or a bracket that is not closed) ends where the next one
begins: one that starts as the others do, is whole, and has most of their keys.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import orjson

from beam_synth.ingestion.lines import MAX_LINE_BYTES, PendingLine, RawLine

_BETWEEN = b" \t\r\n,[]\0\x1e"
_QUOTE, _OPEN, _LIST = b'"'[0], b"{"[0], b"["[0]
_CLOSES = {b"}"[0]: _OPEN, b"]"[0]: _LIST}
# What stands outside of strings and is no bracket, and whole strings. A letter behind a string is
# a sign that the quotation marks do not pair.
_OUTSIDE = re.compile(rb'(?:[^"{}\[\]]++|"(?:[^"\\\n]++|\\.)*+"(?![\w"\x80-\xff]))*+')
_IN_STRING = re.compile(rb"(?:[^\"\\\n]++|\\.)*+")
_LETTER = re.compile(rb"[\w\"\x80-\xff]")
_FIRST_KEY = re.compile(rb'\{\s*"(?:[^"\\\n]|\\.)*"\s*:')
_ANY_KEY = rb'\{\s*"[^"\\\n]*"\s*:'
_MORE, _DAMAGED = -1, -2
_HEAD = 256  # bytes that are enough for an object's first key


def documents(chunks: Iterable[bytes], limit: int = MAX_LINE_BYTES) -> Iterator[RawLine]:
    """The objects of a JSON array, or of objects that stand one behind another.

    What stands between two objects and is no comma, bracket or white space is a line of its own
    (which then does not parse). An object that is never closed is not `whole`. Objects of more
    than `limit` bytes are cut as in `split_lines`. The time is linear in the bytes.

    >>> [(line.number, line.data) for line in documents([b'[{"a": "}"},\\n {"b"', b": 2}]"])]
    [(1, b'{"a": "}"}'), (2, b'{"b": 2}')]
    >>> [line.data for line in documents([b'[{"a": 1}, {"a": "2}, {"a": 3}, {"a": 4}]'])]
    [b'{"a": 1}', b'{"a": "2}, ', b'{"a": 3}', b'{"a": 4}']
    """
    buffer = _Buffer(chunks)
    objects = _Objects(buffer, limit)
    while True:
        opening = buffer.data.find(b"{")
        between = bytes(buffer.data if opening < 0 else buffer.data[:opening])
        junk = between.strip(_BETWEEN)
        if junk:
            yield RawLine(buffer.line + between[: between.index(junk)].count(b"\n"), junk)
        buffer.drop(len(between))
        if opening >= 0:
            yield objects.take()
        elif not buffer.more():
            return


class _Buffer:
    """What was read of the stream and is not used up, with the number of its first line."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = iter(chunks)
        self.data = bytearray()
        self.line = 1

    def more(self) -> bool:
        """Read a chunk; False at the end."""
        chunk = next(self._chunks, None)
        self.data += chunk or b""
        return chunk is not None

    def drop(self, size: int) -> bytes:
        """Use up the first bytes."""
        dropped = bytes(self.data[:size])
        self.line += dropped.count(b"\n")
        del self.data[:size]
        return dropped


class _Scan:
    """Finds where the object ends that begins at a place of the buffer."""

    def __init__(self, start: int = 0) -> None:
        self.at = start
        self._in_string = False
        self._open = bytearray()  # brackets

    def end(self, data: bytearray) -> int:
        """Index behind the bracket that closes the object, _MORE or _DAMAGED.

        It goes on where it left off, at `at`, after more was added to `data`.
        """
        while True:
            if self._in_string and (stop := self._string_end(data)):
                return stop
            found = _OUTSIDE.match(data, self.at)
            self.at = found.end() if found else self.at
            if self.at == len(data):
                return _MORE
            mark = data[self.at]
            if mark == _QUOTE:  # of a string that goes on, or is damaged
                self._in_string = True
                self.at += 1
            elif not self._bracket(mark, data):
                return _DAMAGED
            elif not self._open:
                return self.at

    def _string_end(self, data: bytearray) -> int:
        """Go on to the end of a string; 0, or why not."""
        found = _IN_STRING.match(data, self.at)
        self.at = found.end() if found else self.at
        left = len(data) - self.at
        if left == 0 or (left == 1 and data[self.at] == b"\\"[0]):
            return _MORE
        if data[self.at] != _QUOTE:  # a line ends within it
            return _DAMAGED
        self.at += 1
        self._in_string = False
        return _DAMAGED if _LETTER.match(data, self.at) else 0

    def _bracket(self, mark: int, data: bytearray) -> bool:
        """Take a bracket; whether it fits to those that are open."""
        inner = self._open[-1] if self._open else 0
        if mark in _CLOSES:
            if inner != _CLOSES[mark]:
                return False
            self._open.pop()
        else:
            if mark == inner == _OPEN:  # an object that is no value of a key
                before = data[max(0, self.at - 64) : self.at].rstrip()
                if before and not before.endswith(b":"):
                    return False
            self._open.append(mark)
        self.at += 1
        return True


class _Objects:
    """The objects of one stream, each from the opening bracket at the start of the buffer."""

    def __init__(self, buffer: _Buffer, limit: int) -> None:
        self._buffer, self._limit = buffer, limit
        self._good = b""  # the first one that was whole
        self._head = b""  # how the first one begins

    def take(self) -> RawLine:
        """The next one, whole or damaged, used up."""
        buffer, scan = self._buffer, _Scan()
        pending = PendingLine(self._limit)
        number = buffer.line
        while not self._head and len(buffer.data) < _HEAD and buffer.more():
            pass
        self._head = self._head or bytes(buffer.data[:_HEAD])
        while (end := scan.end(buffer.data)) == _MORE:
            # Others may have been taken for a part of it, which shows at the end or never.
            if len(buffer.data) > self._limit and (pending or not self._to_next(pending, 1)):
                pending.add(buffer.drop(scan.at))
                scan.at = 0
            elif len(buffer.data) > self._limit:
                return pending.take(number)
            if not buffer.more():
                found = not pending and self._to_next(pending, 1)
                pending.add(b"" if found else buffer.drop(len(buffer.data)))
                return pending.take(number, whole=found)
        if end == _DAMAGED:
            found = self._to_next(pending, 0 if pending else 1)
            while not found and buffer.data:
                pending.add(buffer.drop(max(0, len(buffer.data) - _HEAD)))
                if buffer.more():
                    found = self._to_next(pending, 0)
                else:
                    pending.add(buffer.drop(len(buffer.data)))
            return pending.take(number, whole=found)
        pending.add(buffer.drop(end))
        line = pending.take(number)
        self._good = self._good or line.data
        return line

    def _to_next(self, pending: PendingLine, search: int) -> bool:
        """Use up all that is held before the next object, if it holds the start of one."""
        begins, keys = self._form()
        while found := begins.search(self._buffer.data, search):
            if self._is_object(found.start(), keys):
                pending.add(self._buffer.drop(found.start()))
                return True
            search = found.start() + 1
        return False

    def _form(self) -> tuple[re.Pattern[bytes], set[str]]:
        """How objects of this stream begin, and the keys that they have, as far as is known."""
        first = _FIRST_KEY.match(self._good or self._head)
        begins = re.compile(re.escape(first.group()) if first else _ANY_KEY)
        try:
            value = orjson.loads(self._good)
        except orjson.JSONDecodeError:
            value = None
        return begins, set(value) if isinstance(value, dict) else set()

    def _is_object(self, start: int, keys: set[str]) -> bool:
        """Whether a whole object begins at that place, with most of the keys of the others."""
        scan = _Scan(start)
        while (end := scan.end(self._buffer.data)) == _MORE:
            if len(self._buffer.data) - start > self._limit or not self._buffer.more():
                return False
        if end == _DAMAGED:
            return False
        try:
            value = orjson.loads(self._buffer.data[start:end])
        except orjson.JSONDecodeError:
            return False
        return isinstance(value, dict) and 2 * len(keys & value.keys()) >= len(keys)
