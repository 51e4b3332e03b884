"""How a text is encoded and cut into records: by what it holds, then by its name."""

from __future__ import annotations

import codecs
import itertools
import re
from collections.abc import Callable, Iterable, Iterator

import orjson

from beam_synth.ingestion.containers import bare_name
from beam_synth.ingestion.json_documents import documents
from beam_synth.ingestion.lines import RawLine, split_lines

Split = Callable[[Iterable[bytes], int], Iterator[RawLine]]
LINE_NAMES = (".jsonl", ".ndjson", ".jsonlines")
_UTF8_MARK = b"\xef\xbb\xbf"
# UTF-16 and UTF-32 by their mark, and UTF-16 of ASCII without one. That of UTF-32 comes first.
_ENCODINGS = (
    (re.compile(rb"\xff\xfe\0\0"), "utf-32-le", 4),
    (re.compile(rb"\0\0\xfe\xff"), "utf-32-be", 4),
    (re.compile(rb"\xff\xfe"), "utf-16-le", 2),
    (re.compile(rb"\xfe\xff"), "utf-16-be", 2),
    (re.compile(rb"(?:[\t\n\r -~]\0){4}"), "utf-16-le", 0),
    (re.compile(rb"(?:\0[\t\n\r -~]){4}"), "utf-16-be", 0),
)
_PADDING = b"\0\x1e \t\r\n"
_ARRAY = re.compile(rb"\[\s*(?:[{\[\]]|\Z)")
_LINE_OF_JSON = re.compile(rb"^[ \t]*\{", re.M)


def in_utf8(first: bytes, chunks: Iterator[bytes]) -> tuple[bytes, Iterator[bytes]]:
    r"""A text's first bytes and the chunks behind them, in UTF-8 and without a mark.

    What is no text in the encoding that was told becomes bytes that are no UTF-8, so that the line
    it stands in can be told.

    >>> first, rest = in_utf8('{"a": 1}'.encode("utf-16"), iter([]))
    >>> first
    b'{"a": 1}'
    """
    found = next(((name, mark) for kind, name, mark in _ENCODINGS if kind.match(first)), None)
    if found is None:
        return first.removeprefix(_UTF8_MARK), chunks
    name, mark = found
    recoded = _recoded(itertools.chain([first[mark:]], chunks), name)
    return next(recoded, b""), recoded


def _recoded(chunks: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(encoding)("surrogatepass")
    for chunk in chunks:
        try:
            text = decoder.decode(chunk)
        except UnicodeDecodeError:
            text = chunk.decode(encoding, "replace")
            decoder.reset()
        if text:
            yield text.encode("utf-8", "surrogatepass")
    if decoder.getstate()[0]:  # half a character
        yield b"\xff"


def splitter(first: bytes, name: str) -> Split | None:
    r"""How to cut a text that begins like that into records; None if it is no JSON.

    Lines where the first one is a whole object; a document where there is an array, or an object
    over several lines, or several on one. What leaves it open is cut by the file's name.

    >>> splitter(b'{"a": 1}\n', "a.json").__name__, splitter(b'[{"a": 1}]', "a.jsonl").__name__
    ('split_lines', 'documents')
    """
    bare = bare_name(name)
    by_line = bare.endswith(LINE_NAMES)
    start = first.lstrip(_PADDING)
    if not start:
        return split_lines
    if _ARRAY.match(start):
        return documents
    if not start.startswith(b"{"):
        json = by_line or bare.endswith(".json")
        array = json and start.startswith(b"[") and b"{" in start.split(b"\n", 1)[0]
        return documents if array else split_lines if json else None
    line, ended, rest = start.partition(b"\n")
    if _is_json(line):
        return split_lines
    if not ended:
        # A part of a line that is long, or several objects on one line.
        return documents if not by_line or _whole_objects(line) > 1 else split_lines
    if rest.lstrip()[:1] in (b'"', b"}"):
        return documents
    lines = by_line or _LINE_OF_JSON.match(rest)
    return split_lines if lines and not _whole_objects(line) else documents


def holds_json(data: bytes) -> bool:
    """Whether a line of it begins as an object does."""
    return _LINE_OF_JSON.search(data) is not None


def _is_json(line: bytes) -> bool:
    try:
        orjson.loads(line)
    except orjson.JSONDecodeError:
        return False
    return True


def _whole_objects(line: bytes) -> int:
    """How many objects stand at the start of a line, one behind another; 2 at most."""
    found = itertools.islice(documents([line]), 2)
    return sum(1 for _ in itertools.takewhile(lambda one: one.whole and _is_json(one.data), found))


def edged(data: bytes) -> bytes:
    """A line without padding and marks at its ends, as joined or preallocated files have them.

    >>> edged(b"\\0\\0{}\\0"), edged(b"\\xef\\xbb\\xbf{}"), edged(b"\\0\\0")
    (b'{}', b'{}', b'')
    """
    return data.strip(_PADDING).removeprefix(_UTF8_MARK).strip(_PADDING)
