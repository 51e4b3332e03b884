"""What files hold goes before what they are called; what is not read says what it looks like."""

from __future__ import annotations

import bz2
import functools
import gzip
import io
import lzma
import tarfile
import zipfile
from collections.abc import Callable, Iterable
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from beam_synth.ingestion.raw_records import FileFault, InputRecord
from beam_synth.ingestion.reading import read_records

ROWS = [
    {"name": f"A{n}", "identifier": n, "abstract": f"Über {n} été. " + "x" * 300} for n in range(30)
]
gzipped = functools.partial(gzip.compress, mtime=0)  # the same bytes, and names of tests, each time
LINES = b"".join(orjson.dumps(row) + b"\n" for row in ROWS)
TEXT = LINES.decode()
HALF = LINES.index(b'{"name":"A15"')
ARRAY, PRETTY = orjson.dumps(ROWS), orjson.dumps(ROWS, option=orjson.OPT_INDENT_2)
SKIPPED = b"\x50\x2a\x4d\x18" + (5).to_bytes(4, "little") + b"hello"  # a zstd frame to be skipped
TABLE = pa.Table.from_pylist(ROWS)


def read(data: bytes, name: str) -> list[InputRecord | FileFault]:
    return list(read_records(io.BytesIO(data), name))


def values(found: Iterable[InputRecord | FileFault]) -> list[Any]:
    return [one.value for one in found if isinstance(one, InputRecord) and not one.reason]


def zipped(**files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def tarred(**files: bytes) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def parquet(table: pa.Table, **options: Any) -> bytes:
    out = io.BytesIO()
    pq.write_table(table, out, **options)
    return out.getvalue()


def arrow(new: Any) -> bytes:
    out = io.BytesIO()
    with new(out, TABLE.schema) as writer:
        writer.write_table(TABLE, max_chunksize=10)
    return out.getvalue()


ARROW_FILE, ARROW_STREAM = arrow(pa.ipc.new_file), arrow(pa.ipc.new_stream)
LONG_WINDOW = zstandard.ZstdCompressor(
    compression_params=zstandard.ZstdCompressionParameters(window_log=28, enable_ldm=True)
)
ALL_ARE_READ = {
    "two streams.jsonl.xz": lzma.compress(LINES[:HALF]) + lzma.compress(LINES[HALF:]),
    "padded.jsonl.xz": lzma.compress(LINES[:HALF]) + b"\0" * 8 + lzma.compress(LINES[HALF:]),
    "alone.jsonl.lzma": lzma.compress(LINES, format=lzma.FORMAT_ALONE),
    "frames.jsonl.zst": SKIPPED
    + zstandard.compress(LINES[:HALF])
    + SKIPPED
    + zstandard.compress(LINES[HALF:])
    + SKIPPED,
    "many frames.zst": b"".join(
        zstandard.compress(LINES[n : n + 99]) for n in range(0, len(LINES), 99)
    ),
    "wide window.jsonl.zst": LONG_WINDOW.compress(LINES),
    "padded.jsonl.gz": gzipped(LINES) + b"\0" * 512,
    "line end behind.jsonl.gz": gzipped(LINES) + b"\r\n",
    "a.tar.zst": zstandard.compress(tarred(a=LINES)),
    "a.tar.xz": lzma.compress(tarred(a=LINES)),
    "tar without a name for it": zstandard.compress(tarred(a=LINES)),
    "gzip.jsonl.bz2": gzipped(LINES),
    "gzip.csv": gzipped(LINES),
    "plain.jsonl.gz": LINES,
    "plain.zip": LINES,
    "twice.jsonl.gz.gz": gzipped(gzipped(LINES)),
    "packed.zip": zipped(**{"a.jsonl.gz": gzipped(LINES)}),
    "packed.tar": tarred(**{"a": zstandard.compress(LINES)}),
    "mac.zip": zipped(
        **{"a.jsonl": LINES, "__MACOSX/._a.jsonl": b"\0\5\x16\7", ".DS_Store": b"\0\0\0\1"}
    ),
    "mac.tar.gz": gzipped(tarred(**{"./._a.jsonl": b"\0\5\x16\7", "./a.jsonl": LINES})),
    "parquet.jsonl": parquet(TABLE),
    "file.jsonl": ARROW_FILE,
    "stream.parquet": ARROW_STREAM,
    "a.feather": ARROW_FILE,
    "array.jsonl": ARRAY,
    "pretty.jsonl": PRETTY,
    "pretty.jsonl.xz": lzma.compress(PRETTY),
    "pretty objects.jsonl": b"\n".join(orjson.dumps(r, option=orjson.OPT_INDENT_2) for r in ROWS),
    "commas.jsonl": LINES.replace(b"}\n", b"},\n"),
    "one behind another.jsonl": LINES.replace(b"\n", b""),
    "lines.csv": LINES,
    "zeros behind.jsonl": LINES + b"\0" * 5000,
    "zeros before.jsonl": b"\0" * 5000 + LINES,
    "zeros within.jsonl": LINES[:HALF] + b"\0" * 300 + LINES[HALF:],
    "joined with marks.jsonl": b"\xef\xbb\xbf" + LINES[:HALF] + b"\xef\xbb\xbf" + LINES[HALF:],
    "utf-16.jsonl": TEXT.encode("utf-16"),
    "utf-16 be.jsonl": b"\xfe\xff" + TEXT.encode("utf-16-be"),
    "utf-16 le, no mark.jsonl": TEXT.encode("utf-16-le"),
    "utf-16 be, no mark.jsonl": TEXT.encode("utf-16-be"),
    "utf-16 array.json": ARRAY.decode().encode("utf-16"),
    "utf-16.jsonl.gz": gzipped(TEXT.encode("utf-16")),
    "utf-32.jsonl": TEXT.encode("utf-32"),
}


@pytest.mark.parametrize("name", ALL_ARE_READ)
def test_what_it_holds_goes_before_what_it_is_called(name: str) -> None:
    found = read(ALL_ARE_READ[name], name)
    assert values(found) == ROWS
    assert len(found) == len(ROWS)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.csv", "id;text\r\n1;über\r\n".encode("utf-16")),
        ("a.csv", "id\ttext\n1\tüber\n".encode()),
        ("a.tsv", "id,text\n1,über\n".encode()),
        ("a.csv.xz", lzma.compress("id,text\n1,über\n".encode())),
        ("a.csv.gz", "id,text\n1,über\n".encode()),
    ],
)
def test_csv_by_its_header(name: str, data: bytes) -> None:
    assert values(read(data, name)) == [{"id": "1", "text": "über"}]


@pytest.mark.parametrize(
    ("name", "data", "looks"),
    [
        ("a.jsonl", b"<!DOCTYPE html>\n<html>404</html>", "an HTML page: a download may have"),
        ("a.jsonl.gz", gzipped(b"\n<html>404</html>"), "an HTML page"),
        ("a.jsonl", b"version https://git-lfs.github.com/spec/v1\noid", "a Git LFS pointer"),
        ("a.parquet", b"version https://git-lfs.github.com/spec/v1\noid", "run `git lfs pull`"),
        ("a.xml.bz2", bz2.compress(b"<mediawiki xmlns=''><page>"), "a MediaWiki XML dump"),
        ("a.jsonl", b"%PDF-1.7", "a PDF"),
        ("a.7z", b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
        ("a.jsonl", b"\x80\x04\x95", "a Python pickle"),
        ("a.jsonl", bytes(range(256)) * 20, "binary data"),
        ("a.txt", b"Dear Sir,\nwe", "text that begins with 'Dear Sir,'"),
        ("a.zip", b"Dear Sir,\nwe", "its name says zip, its first bytes do not"),
        ("a.zip", zipped(**{"a.parquet": parquet(TABLE)}), "Parquet within an archive: unpack"),
        ("a.zip", zipped(**{"__MACOSX/._a": b"x"}), "nothing but hidden members"),
        ("a.tar", tarred(**{"./.a": b"x"}), "nothing but hidden members"),
        ("a.parquet", parquet(TABLE)[:-300], "it begins as Parquet and does not end as such"),
    ],
)
def test_what_is_not_read_says_what_it_looks_like(name: str, data: bytes, looks: str) -> None:
    (found,) = read(data, name)
    assert isinstance(found, FileFault)
    assert found.reason == "unreadable_file"
    assert looks in found.detail


def test_a_dictionary_is_missed() -> None:
    samples: list[bytes | bytearray | memoryview[int]] = [
        f"{n} {row}".encode() for n, row in enumerate(ROWS * 9)
    ]
    trained = zstandard.train_dictionary(4096, samples)
    data = zstandard.ZstdCompressor(dict_data=trained).compress(LINES)
    (found,) = read(data, "a.jsonl.zst")
    assert isinstance(found, FileFault)
    assert "Dictionary mismatch" in found.detail


@pytest.mark.parametrize("kind", ["gz", "bz2", "xz", "zst"])
@pytest.mark.parametrize("last", [b"", b"\n"])
def test_garbage_behind_is_told_for_what_it_is(kind: str, last: bytes) -> None:
    packs: dict[str, Callable[[bytes], bytes]] = {
        "gz": gzipped, "bz2": bz2.compress, "xz": lzma.compress, "zst": zstandard.compress,
    }  # fmt: skip
    *found, fault = read(
        packs[kind](LINES.rstrip() + last) + b"<html>served</html>\n", f"a.jsonl.{kind}"
    )
    assert values(found) == ROWS
    assert isinstance(fault, InputRecord)
    assert (fault.reason, fault.line) == ("trailing_bytes", len(ROWS) + 1)
    assert "20 bytes behind the last" in fault.detail and "an HTML page" in fault.detail


def test_garbage_behind_a_tar_is_told_too() -> None:
    *found, fault = read(gzipped(tarred(a=LINES)) + b"garbage", "a.tar.gz")
    assert values(found) == ROWS
    assert fault.reason == "trailing_bytes"


@settings(max_examples=30)
@given(st.sampled_from(["gz", "bz2", "xz", "zst"]), st.floats(0.01, 0.99), st.booleans())
def test_a_damaged_stream_gives_a_prefix_and_one_fault(kind: str, where: float, cut: bool) -> None:
    name = f"a.jsonl.{kind}"
    data = {
        "gz": gzipped(LINES), "bz2": bz2.compress(LINES), "xz": lzma.compress(LINES),
        "zst": zstandard.ZstdCompressor(write_checksum=True).compress(LINES),
    }[kind]  # fmt: skip
    at = max(20, int(len(data) * where))
    data = data[:at] if cut else data[:at] + bytes([data[at] ^ 0x55]) + data[at + 1 :]
    found = read(data, name)
    reasons = [one.reason for one in found if one.reason]
    assert reasons.count("truncated_file") == 1
    assert values(found)[: len(found) - len(reasons)] == values(found)


def test_latin_1_is_told_line_by_line() -> None:
    found = read('{}\n{"a": "été"}\n{}\n'.encode("latin-1"), "a.jsonl")
    assert [one.reason for one in found] == ["", "invalid_utf8", ""]
    assert "converted to UTF-8" in found[1].detail


def test_half_a_character_at_the_end_of_utf_16() -> None:
    *found, last = read(TEXT.encode("utf-16")[:-3], "a.jsonl")
    assert values(found) == ROWS[:-1]
    assert last.reason == "invalid_utf8"


def test_a_damaged_start_does_not_cost_the_lines_behind_it() -> None:
    for start in (b"{oops\n", b'{"name": "cut off\n', bytes(range(14, 32)) * 99 + b"\n"):
        assert values(read(start + LINES, "a.jsonl")) == ROWS


def test_an_arrow_file_without_its_end_is_read_and_told() -> None:
    *found, fault = read(ARROW_FILE[:-200], "a.arrow")
    assert values(found) == ROWS
    assert fault.reason == "truncated_file"


@settings(max_examples=40)
@given(
    st.floats(0.02, 0.98),
    st.binary(min_size=1, max_size=9),
    st.sampled_from(["snappy", "zstd", "none"]),
)
def test_damage_of_parquet_costs_one_row_group(where: float, bad: bytes, kind: str) -> None:
    table = pa.table({"id": range(200), "text": [f"text {n} " * 9 for n in range(200)]})
    data = parquet(table, row_group_size=20, compression=kind, write_page_checksum=True)
    pages = data[: -int.from_bytes(data[-8:-4], "little") - 8]
    at = max(4, int((len(pages) - 9) * where))
    found = read(data[:at] + bad + data[at + len(bad) :], "a.parquet")
    good = values(found)
    assert len(good) >= 180
    assert all(table["text"][row["id"]].as_py() == row["text"] for row in good)
    lost = [one for one in found if one.reason]
    assert [one.reason for one in lost] == ["damaged_rows"] * (len(good) < 200)
    assert all("of its 20 rows" in one.detail for one in lost)
