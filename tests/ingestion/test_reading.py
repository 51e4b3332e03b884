"""Records from files of every container, whole and damaged."""

from __future__ import annotations

import bz2
import errno
import functools
import gzip
import hashlib
import io
import json
import tarfile
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from beam_synth.errors import Fault
from beam_synth.ingestion.json_documents import documents
from beam_synth.ingestion.lines import split_lines
from beam_synth.ingestion.raw_records import FileFault, InputRecord
from beam_synth.ingestion.reading import raw_of, read_records
from beam_synth.ingestion.wikipedia import article_id, parse_article
from beam_synth.records import RAW_LIMIT

Found = list[InputRecord | FileFault]


def read(data: bytes, path: str = "a.jsonl", limit: int = 1_000_000) -> Found:
    return list(read_records(io.BytesIO(data), path, limit))


def article(number: int, size: int = 40) -> dict[str, object]:
    filler = "".join(hashlib.sha256(f"{number}/{i}".encode()).hexdigest() for i in range(size))
    url = f"https://en.wikipedia.org/wiki/{number}"
    return {"name": f"A{number}", "identifier": number, "url": url, "abstract": f"Text. {filler}"}


ARTICLES = [article(number) for number in range(1, 41)]
LINES = b"".join(orjson.dumps(one) + b"\n" for one in ARTICLES)
HALVES = {
    "one.jsonl": LINES[: LINES.index(b'{"name":"A21"')],
    "sub/two.jsonl": LINES[LINES.index(b'{"name":"A21"') :],
}


# Archives without the time at which they were made: the same bytes, and names of tests, each time.
gzipped = functools.partial(gzip.compress, mtime=0)


def zipped(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        archive.writestr(zipfile.ZipInfo("sub/"), b"")
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name), data, method)
    return out.getvalue()


class _NoSeek(io.RawIOBase):
    """A sink that cannot seek: zipfile then writes sizes behind the data."""

    def __init__(self) -> None:
        self.data = b""

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        self.data += bytes(data)
        return len(data)


def zip_streamed(files: dict[str, bytes]) -> bytes:
    out = _NoSeek()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:  # type: ignore[arg-type]
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return out.data


def tarred(files: dict[str, bytes], style: int = tarfile.PAX_FORMAT) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=style) as archive:
        folder = tarfile.TarInfo("sub")
        folder.type = tarfile.DIRTYPE
        archive.addfile(folder)
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def zstd(data: bytes) -> bytes:
    compressed: bytes = pa.Codec("zstd").compress(data, asbytes=True)
    return compressed


LONG = {f"{'long name ' * 30}é.jsonl": LINES}
CONTAINERS: dict[str, bytes] = {
    "a.jsonl": LINES,
    "a.ndjson": LINES.rstrip(b"\n"),
    "a.json": LINES,
    "bom.jsonl": b"\xef\xbb\xbf" + LINES,
    "crlf.jsonl": LINES.replace(b"\n", b"\r\n"),
    "blank.jsonl": LINES.replace(b"\n", b"\n\n  \n"),
    "array.json": orjson.dumps(ARTICLES),
    "pretty.json": orjson.dumps(ARTICLES, option=orjson.OPT_INDENT_2),
    "dump.json": b"[\n" + LINES.replace(b"}\n", b"},\n")[:-2] + b"\n]\n",
    "stream.json": b"\n".join(orjson.dumps(a, option=orjson.OPT_INDENT_2) for a in ARTICLES),
    "array.json.gz": gzipped(orjson.dumps(ARTICLES)),
    "a.jsonl.gz": gzipped(LINES),
    "parts.jsonl.gz": gzipped(LINES[:5000]) + gzipped(LINES[5000:]),
    "no suffix": gzipped(LINES),
    "a.jsonl.bz2": bz2.compress(LINES),
    "a.jsonl.zst": zstd(LINES),
    "parts.jsonl.zst": zstd(LINES[:5000]) + zstd(LINES[5000:]),
    "zstd.zip": zipped({"a.jsonl.zst": zstd(LINES)}),
    "a.zip": zipped(HALVES),
    "stored.zip": zipped(HALVES, zipfile.ZIP_STORED),
    "bzip2.zip": zipped(HALVES, zipfile.ZIP_BZIP2),
    "streamed.zip": zip_streamed(HALVES),
    "a.tar": tarred(HALVES),
    "a.tar.gz": gzipped(tarred(HALVES)),
    "a.tgz": gzipped(tarred(LONG)),
    "gnu.tar.gz": gzipped(tarred(LONG, tarfile.GNU_FORMAT)),
    "a.tar.bz2": bz2.compress(tarred(HALVES)),
    "inner.tar.gz": gzipped(tarred({"a.jsonl.gz": gzipped(LINES)})),
    "inner.zip": zipped({"a.jsonl.bz2": bz2.compress(LINES)}),
}


@pytest.mark.parametrize("name", CONTAINERS)
def test_every_container_gives_the_same_records(name: str) -> None:
    found = read(CONTAINERS[name], name)
    assert all(isinstance(record, InputRecord) and not record.reason for record in found)
    assert [record.value for record in found if isinstance(record, InputRecord)] == ARTICLES


def test_members_and_lines_are_named() -> None:
    found = read(CONTAINERS["a.tar.gz"], "x/a.tar.gz")
    places = [(r.file, r.line) for r in found if isinstance(r, InputRecord)]
    assert places[19:21] == [("x/a.tar.gz!one.jsonl", 20), ("x/a.tar.gz!sub/two.jsonl", 1)]
    pretty = read(CONTAINERS["pretty.json"], "pretty.json")
    text = CONTAINERS["pretty.json"].splitlines()
    for record in pretty:
        assert isinstance(record, InputRecord) and text[record.line - 1].strip() == b"{"


# ---------------------------------------------------------------- bad lines


def test_bad_lines_leave_the_others_alone() -> None:
    good = orjson.dumps(article(1))
    long = b'{"name": "' + b"x" * 200_000 + b'"}'
    data = b"\n".join([good, b"{broken", b"", b'{"a": "\xff"}', long, b"[1]", good])
    found = [r for r in read(data, limit=100_000) if isinstance(r, InputRecord)]
    assert [(r.line, r.reason) for r in found] == [
        (1, ""),
        (2, "malformed_json"),
        (4, "invalid_utf8"),
        (5, "line_too_long"),
        (6, ""),
        (7, ""),
    ]
    assert found[1].raw == b"{broken"
    too_long = found[3]
    assert too_long.raw == long[:RAW_LIMIT]
    assert too_long.raw_bytes == len(long)
    assert too_long.raw_sha256 == hashlib.sha256(long).hexdigest()


def test_a_line_over_a_small_limit_is_too_long() -> None:
    found = read(b'{"a": 1}\n{"a": 12345}\n{"a": 2}', limit=8)
    assert [r.reason for r in found] == ["", "line_too_long", ""]


def test_a_20_mb_line_by_default() -> None:
    data = b'{"a": 1}\n{"b": "' + b"x" * 20_000_000 + b'"}\n{"c": 1}\n'
    found = list(read_records(io.BytesIO(gzipped(data, compresslevel=1)), "a.jsonl.gz"))
    assert [(r.reason, getattr(r, "line", 0)) for r in found] == [
        ("", 1),
        ("line_too_long", 2),
        ("", 3),
    ]
    assert isinstance(found[1], InputRecord) and len(found[1].raw) == RAW_LIMIT


class _Endless(io.RawIOBase):
    """One record, then a line of `megabytes`, then one record; made while it is read."""

    def __init__(self, megabytes: int) -> None:
        self._parts = [b'{"a": 1}\n', *[b"x" * 1_000_000] * megabytes, b'\n{"a": 2}\n']

    def seek(self, offset: int, whence: int = 0) -> int:
        return 0

    def read(self, size: int | None = -1) -> bytes:
        return self._parts[0][:size]

    def read1(self, size: int = -1) -> bytes:
        return self._parts.pop(0) if self._parts else b""


def test_memory_is_bounded_by_the_limit_not_by_the_line() -> None:
    tracemalloc.start()
    try:
        handle: Any = _Endless(100)
        found = list(read_records(handle, "a.jsonl", 2_000_000))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert [r.reason for r in found] == ["", "line_too_long", ""]
    assert isinstance(found[1], InputRecord) and found[1].raw_bytes == 100_000_000
    assert peak < 12_000_000


def test_json_that_is_no_article() -> None:
    data = b'[{"a": 1}, x, {"a": 2}, 3]'
    junk = [r for r in read(data, "a.json") if isinstance(r, InputRecord)]
    assert [(r.value, r.reason) for r in junk] == [
        ({"a": 1}, ""),
        (None, "malformed_json"),
        ({"a": 2}, ""),
        (3, ""),
    ]
    cut = [r for r in read(b'[{"a": 2},\n {"b": ', "a.json") if isinstance(r, InputRecord)]
    assert [(r.line, r.reason) for r in cut] == [(1, ""), (2, "malformed_json")]


# ---------------------------------------------------------------- bad files


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.jsonl", b"", "empty_file"),
        ("a.jsonl", b"\n \n", "empty_file"),
        ("a.json", b"[]", "empty_file"),
        ("a.jsonl.gz", b"", "empty_file"),
        ("a.jsonl.gz", gzipped(b""), "empty_file"),
        ("a.jsonl.bz2", bz2.compress(b"\n"), "empty_file"),
        ("a.zip", zipped({}), "empty_file"),
        ("a.zip", zipped({"a.jsonl": b""}), "empty_file"),
        ("a.tar.gz", gzipped(tarred({})), "empty_file"),
        ("a.jsonl.gz", b"plain text", "unreadable_file"),
        ("a.jsonl.bz2", b"words", "unreadable_file"),
        ("a.zip", b"words", "unreadable_file"),
        ("a.parquet", b"words", "unreadable_file"),
        ("a.tar.gz", gzipped(b"not a tar " * 1000), "unreadable_file"),
        ("a.parquet", b"PAR1" + b"\0" * 100, "unreadable_file"),
        ("notes.txt", b"some text", "unreadable_file"),
        ("README.md", b"[![Build](x)](y)", "unreadable_file"),
        ("logo.png", b"\x89PNG\r\n\x1a\n\0\0", "unreadable_file"),
        ("a.jsonl.gz", b"\x1f\x8b\x07\0\0\0\0\0\0\0rest", "unreadable_file"),
        ("a.zip", zipped({"inner.zip": b"PK"}), "unreadable_file"),
    ],
)
def test_files_without_a_record(name: str, data: bytes, reason: str) -> None:
    (found,) = read(data, name)
    assert isinstance(found, FileFault)
    assert found.reason == reason
    assert found.file.startswith(name) and found.detail


def test_members_that_are_no_records() -> None:
    files = {"README": b"Hello", **HALVES, "empty.jsonl": b"", "LICENSE.txt": b"Text"}
    for name, data in (("a.zip", zipped(files)), ("a.tar.gz", gzipped(tarred(files)))):
        found = read(data, name)
        faults = [(r.file, r.reason) for r in found if isinstance(r, FileFault)]
        assert faults == [
            (f"{name}!README", "unreadable_file"),
            (f"{name}!empty.jsonl", "empty_file"),
            (f"{name}!LICENSE.txt", "unreadable_file"),
        ]
        assert [r.value for r in found if isinstance(r, InputRecord)] == ARTICLES


def test_special_and_encrypted_members() -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        link = tarfile.TarInfo("link.jsonl")
        link.type, link.linkname = tarfile.SYMTYPE, "elsewhere"
        archive.addfile(link)
    (found,) = read(out.getvalue(), "a.tar")
    assert found.reason == "unreadable_file"
    data = bytearray(zipped({"a.jsonl": LINES}))
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        header = data.rindex(signature, 0, data.rindex(b"a.jsonl"))
        data[header + flags] |= 1
    (found,) = read(bytes(data), "a.zip")
    assert found.reason == "unreadable_file" and "encrypted" in found.detail


# ---------------------------------------------------------------- truncated files


def decompressed_prefix(data: bytes, name: str) -> bytes:
    """What a decompressor gets out of a truncated stream, by feeding it byte by byte."""
    import zlib

    machine = zlib.decompressobj(31) if name.endswith("gz") else bz2.BZ2Decompressor()
    return b"".join(machine.decompress(data[i : i + 1]) for i in range(len(data)))


@settings(max_examples=25)
@given(st.sampled_from(["a.jsonl.gz", "a.jsonl.bz2"]), st.floats(0.01, 0.999))
def test_a_cut_stream_keeps_every_line_before_the_cut(name: str, where: float) -> None:
    data = CONTAINERS[name]
    cut = data[: max(4, int(len(data) * where))]
    kept = decompressed_prefix(cut, name)
    *found, last = read(cut, name)
    assert isinstance(last, InputRecord)
    assert [r.raw for r in found if isinstance(r, InputRecord)] == kept.split(b"\n")[:-1]
    assert (last.reason, last.line) == ("truncated_file", kept.count(b"\n") + 1)
    assert last.raw == kept.split(b"\n")[-1]


@settings(max_examples=25)
@given(st.floats(0.01, 0.999))
def test_a_cut_zstd_stream_gives_a_prefix_and_one_fault(where: float) -> None:
    data = CONTAINERS["a.jsonl.zst"]
    *found, last = read(data[: max(4, int(len(data) * where))], "a.jsonl.zst")
    assert isinstance(last, InputRecord)
    assert (last.reason, last.line) == ("truncated_file", len(found) + 1)
    assert [r.value for r in found if isinstance(r, InputRecord)] == ARTICLES[: len(found)]


ARCHIVES = ["a.zip", "stored.zip", "streamed.zip", "a.tar.gz", "inner.tar.gz", "a.tar.bz2"]


@settings(max_examples=60)
@given(st.sampled_from(ARCHIVES), st.floats(0.0, 0.98))
@example("a.zip", 0.0005)  # within a member's name
def test_a_cut_archive_gives_a_prefix_and_one_fault(name: str, where: float) -> None:
    data = CONTAINERS[name]
    cut = data[: max(4, int(len(data) * where))]
    *found, last = read(cut, name)
    assert (last.reason, type(last)) == ("truncated_file", InputRecord)
    values = [r.value for r in found if isinstance(r, InputRecord)]
    assert values == ARTICLES[: len(values)]
    assert len(found) == len(values)
    inside = [r for r in found if isinstance(r, InputRecord) and r.file == last.file]
    assert isinstance(last, InputRecord) and last.line == (len(inside) + 1 if inside else 1)
    if where > 0.9 and not name.endswith("bz2"):
        assert len(values) > 20


@pytest.mark.parametrize("name", ["a.jsonl.gz", "a.jsonl.bz2", "a.zip", "a.tar.gz"])
def test_flipped_bits_are_told(name: str) -> None:
    data = bytearray(CONTAINERS[name])
    data[len(data) // 2] ^= 0xFF
    found = read(bytes(data), name)
    assert [r.reason for r in found].count("truncated_file") == 1


def test_a_wrong_checksum_is_told_after_all_lines() -> None:
    data = bytearray(CONTAINERS["a.jsonl.gz"])
    data[-6] ^= 0xFF
    *found, last = read(bytes(data), "a.jsonl.gz")
    assert (len(found), last.reason) == (len(ARTICLES), "truncated_file")


# ---------------------------------------------------------------- storage


class _Failing(io.BytesIO):
    def read(self, size: int | None = -1) -> bytes:
        if self.tell() > 1000:
            raise OSError(errno.EIO, "Input/output error")
        return super().read(size)

    read1 = read


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz", "a.jsonl.bz2", "a.tar.gz"])
def test_failing_storage_is_no_damage(name: str) -> None:
    with pytest.raises(Fault, match="cannot be read"):
        list(read_records(_Failing(CONTAINERS[name]), name))


# ---------------------------------------------------------------- Parquet


def parquet(table: pa.Table, rows: int = 7) -> bytes:
    out = io.BytesIO()
    pq.write_table(table, out, row_group_size=rows)
    return out.getvalue()


def test_parquet_nested_and_as_strings() -> None:
    part = {"type": "section", "name": "Abstract"}
    rows = [
        {
            **one,
            "sections": [{**part, "has_parts": [{"type": "paragraph", "value": f"Hello {i}."}]}],
            "version": {"identifier": i},
            "body": {"html": "<p>"},
        }
        for i, one in enumerate(ARTICLES, 1)
    ]
    flat = [
        {k: json.dumps(v) if isinstance(v, list | dict) else v for k, v in row.items()}
        for row in rows
    ]
    plain = [parse_article(row) for row in rows]
    for data in (rows, flat):
        found = read(parquet(pa.Table.from_pylist(data)), "a.parquet")
        assert [r.line for r in found if isinstance(r, InputRecord)] == list(range(1, 41))
        assert [parse_article(r.value) for r in found if isinstance(r, InputRecord)] == plain


def test_parquet_times_faults_and_raw() -> None:
    times = pa.array([0, None], pa.timestamp("us", "UTC"))
    table = pa.table({"name": ["A", None], "identifier": [1, 2], "date_modified": times})
    first, second = read(parquet(table), "a.parquet")
    assert isinstance(first, InputRecord) and isinstance(second, InputRecord)
    assert first.value["date_modified"] == "1970-01-01T00:00:00Z"
    assert orjson.loads(raw_of(second)) == {"name": None, "identifier": 2, "date_modified": None}
    (empty,) = read(parquet(table.slice(0, 0)), "a.parquet")
    assert empty.reason == "empty_file"
    (other,) = read(parquet(pa.table({"x": [1]})), "a.parquet")
    assert isinstance(other, InputRecord) and other.value == {"x": 1}


def test_a_damaged_parquet_page_loses_its_row_group_and_no_more() -> None:
    data = bytearray(parquet(pa.Table.from_pylist(ARTICLES)))
    middle = len(data) // 2
    data[middle : middle + 2000] = b"\xff" * 2000
    found = [r for r in read(bytes(data), "a.parquet") if isinstance(r, InputRecord)]
    (lost,) = (r for r in found if r.reason)
    assert (lost.reason, lost.line) == ("damaged_rows", 22)
    assert "row group 4 of 6: 7 of its 7 rows, from row 22 on" in lost.detail
    good = [(r.line, r.value) for r in found if not r.reason]
    assert good == [(n, one) for n, one in enumerate(ARTICLES, 1) if not 22 <= n < 29]


# ---------------------------------------------------------------- splitting, against oracles


def chopped(data: bytes, sizes: list[int]) -> list[bytes]:
    chunks, at = [], 0
    for size in sizes:
        chunks.append(data[at : at + size])
        at += size
    return [chunk for chunk in [*chunks, data[at:]] if chunk]


SIZES = st.lists(st.integers(1, 9), max_size=20)


@given(
    st.lists(st.sampled_from([b"a", b"bc", b" ", b"\n", b"\r\n", b"x" * 12])).map(b"".join), SIZES
)
def test_lines_equal_split(data: bytes, sizes: list[int]) -> None:
    want = [(i, line) for i, line in enumerate(data.split(b"\n"), 1) if line.strip()]
    found = list(split_lines(chopped(data, sizes), limit=10))
    assert [line.number for line in found] == [number for number, _ in want]
    for line, (_, text) in zip(found, want, strict=True):
        if len(text) > 10:
            assert (line.size, line.sha256) == (len(text), hashlib.sha256(text).hexdigest())
        else:
            assert (line.data, line.size) == (text, 0)


OBJECTS = st.lists(
    st.dictionaries(
        st.text('a"\\{}[]\n,', max_size=4), st.text('a"\\{}[]\n,é', max_size=6), max_size=3
    )
)
DUMPS: list[Callable[[list[dict[str, str]]], bytes]] = [
    orjson.dumps,
    lambda values: orjson.dumps(values, option=orjson.OPT_INDENT_2),
    lambda values: b"[\n" + b",\n".join(orjson.dumps(v) for v in values) + b"\n]\n",
    lambda values: b"\n\n".join(orjson.dumps(v, option=orjson.OPT_INDENT_2) for v in values),
]


@given(OBJECTS, st.sampled_from(DUMPS), SIZES)
def test_documents_equal_the_json_library(
    values: list[dict[str, str]], dump: Callable[[list[dict[str, str]]], bytes], sizes: list[int]
) -> None:
    data = dump(values)
    found = list(documents(chopped(data, sizes), limit=10_000))
    assert [orjson.loads(line.data) for line in found] == values
    assert all(line.whole for line in found)
    for line in found:
        assert b"{" in data.split(b"\n")[line.number - 1]


# ---------------------------------------------------------------- real data


def test_real_payload_files(real_data: Path) -> None:
    counts = {}
    for path in sorted((real_data / "structured-real").glob("*json*")):
        with path.open("rb") as handle:
            found = list(read_records(handle, path.name))
        assert all(isinstance(r, InputRecord) and not r.reason for r in found)
        counts[path.name] = len(found)
    assert counts == {
        "on_demand_montreal_2024beta.json.gz": 1,
        "sdk_articles.ndjson.gz": 3,
        "sdk_python_elections.jsonl.gz": 11,
        "sdk_structured_contents_2023.json": 3,
        "wme_articles_html_wikitext.ndjson.gz": 12,
    }


def test_real_articles_through_every_container(real_data: Path) -> None:
    data = gzip.decompress((real_data / "structured" / "frwiki.jsonl.gz").read_bytes())
    want = [article_id(orjson.loads(line)) for line in data.splitlines()]
    packed = {
        "a.jsonl.bz2": bz2.compress(data),
        "a.zip": zipped({"a.jsonl": data}),
        "a.tar.gz": gzipped(tarred({"a.jsonl": data}), compresslevel=1),
        "a.json": b"[" + b",".join(data.splitlines()) + b"]",
    }
    for name, raw in packed.items():
        found = read(raw, name, 10_000_000)
        assert [article_id(r.value) for r in found if isinstance(r, InputRecord)] == want
