"""What a file is by its first bytes, whatever its name says; also of kinds that are not read."""

from __future__ import annotations

import re

from beam_synth.ingestion.compressed import COMPRESSIONS

HEAD = 1024  # bytes that are enough to tell
BINARY = "binary data"
WHAT_IS_READ = (
    "what is read: JSON lines, JSON arrays, CSV and TSV, plain or as gzip, bzip2, xz, zstd, zip or "
    "tar; Parquet; Arrow"
)
_ZIP, _PARQUET, _ARROW = re.compile(rb"PK(?:\x03\x04|\x05\x06|\x07\x08)"), b"PAR1", b"ARROW1"
# An Arrow stream: the mark of a message, then its size, a multiple of 8.
_ARROW_STREAM = re.compile(rb"\xff\xff\xff\xff[\x00\x08\x10-\xf8]..\x00", re.S)
_TAR = slice(257, 262)  # "ustar", within the first header
_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
# Kinds of files that are not read: how they begin, and what they are, with what helps.
_OTHERS = (
    (rb"version https://git-lfs", "a Git LFS pointer, not the file itself: run `git lfs pull`"),
    (rb"(?i)<!doctype html|<html|<head|<body", "an HTML page: a download may have failed"),
    (rb"<mediawiki", "a MediaWiki XML dump: its articles have no sections yet"),
    (rb"<[?!a-zA-Z]", "XML or HTML"),
    (rb"%PDF-", "a PDF"),
    (rb"7z\xbc\xaf\x27\x1c", "a 7-Zip archive: unpack it first"),
    (rb"Rar!\x1a\x07", "a RAR archive: unpack it first"),
    (rb"\x04\x22\x4d\x18", "lz4: decompress it first"),
    (rb"\xff\x06\x00\x00sNaPpY", "framed snappy: decompress it first"),
    (rb"\x1f[\x9d\xa0]", "compress (.Z): decompress it first"),
    (rb"\x89PNG|\xff\xd8\xff|GIF8[79]a|RIFF.{4}(?:WAVE|WEBP|AVI )", "an image, film or sound"),
    (rb"SQLite format 3\x00", "an SQLite database: export its table"),
    (rb"\x89HDF", "HDF5"),
    (rb"Obj\x01", "Avro: convert it to Parquet"),
    (rb"ORC[^\x09-\x7e]", "ORC: convert it to Parquet"),
    (rb"PARE[^\x09-\x7e]", "encrypted Parquet"),
    (rb"FEA1", "Feather of version 1: write it anew as version 2"),
    (rb"\x93NUMPY", "a NumPy array"),
    (rb"\x80[\x02-\x05]", "a Python pickle: it is not opened, since that would run its code"),
    (rb"\x7fELF|MZ[^\x09-\x7e]", "a program"),
)
_KINDS = tuple((re.compile(start, re.S), what) for start, what in _OTHERS)
_NAMED = (
    *((one.endings, one.name) for one in COMPRESSIONS),
    ((".zip",), "zip"),
    ((".tar",), "tar"),
    ((".parquet",), "Parquet"),
    ((".arrow", ".feather"), "Arrow"),
)


def container_of(head: bytes) -> str:
    """ "zip", "tar", "Parquet" or "Arrow" of a file that begins with these bytes; "" of any other.

    >>> container_of(b"PAR1..."), container_of(b"PKZIP was a program")
    ('Parquet', '')
    """
    if _ZIP.match(head):
        return "zip"
    if head.startswith(_PARQUET):
        return "Parquet"
    if head.startswith(_ARROW) or _ARROW_STREAM.match(head):
        return "Arrow"
    return "tar" if head[_TAR] == b"ustar" else ""


def named_kind(name: str) -> str:
    """The kind of container that a file's name says it is; "" where it says none.

    >>> named_kind("a.jsonl.GZ"), named_kind("a.jsonl")
    ('gzip', '')
    """
    lower = name.lower()
    return next((kind for endings, kind in _NAMED if lower.endswith(endings)), "")


def looks_like(head: bytes) -> str:
    """What a file that is not read looks like, by its first bytes; "" where it may be text.

    >>> looks_like(b"%PDF-1.7"), looks_like(b'{"name"')
    ('a PDF', '')
    """
    if head.startswith(_MARKS):
        return ""
    start = head.lstrip(b"\0 \t\r\n")
    found = next((what for kind, what in _KINDS if kind.match(start)), "")
    # Text in UTF-16 has zeros, but no other control characters.
    control = len(re.findall(rb"[\x01-\x08\x0e-\x1a\x1c-\x1f\x7f]", head))
    return found or (BINARY if control > len(head) // 20 else "")


def shown(head: bytes) -> str:
    """The first bytes of what is no JSON, for a message.

    >>> shown(b"Dear Sir,\\nwe regret"), shown(b"<html>")
    ("text that begins with 'Dear Sir,'", 'an HTML page: a download may have failed')
    """
    text = head.strip(b"\0 \t\r\n").split(b"\n", 1)[0][:60].decode("utf-8", "replace").strip()
    return looks_like(head) or f"text that begins with {text!r}"
