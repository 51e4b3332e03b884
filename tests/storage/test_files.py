"""One promise in every place: a file is there whole or not at all, and only it is touched."""

from __future__ import annotations

import io
import os
import time
from pathlib import Path

import pytest

from beam_synth.errors import Refused
from beam_synth.storage import layout
from beam_synth.storage.files import RunFolder, sha256
from tests.storage.conftest import Place


def test_what_is_written_is_read(place: Place) -> None:
    place.run.write("a/1/x.txt", b"one")
    with place.run.create("a/2/y.txt") as handle:
        handle.write(b"two ")
        handle.write(b"parts")
    place.run.write("empty", b"")
    assert place.run.read("a/1/x.txt") == b"one"
    assert place.run.read("empty") == b""
    with place.run.open("a/2/y.txt") as handle:
        assert handle.seekable() and handle.seek(-5, io.SEEK_END) == 4
        assert handle.read() == b"parts"
        handle.seek(0)
        assert handle.read(3) == b"two"
    assert place.run.exists("empty") and not place.run.exists("a/1/x")
    assert not place.run.exists("a/1") and not place.run.exists("nothing")
    assert place.every() == {"a/1/x.txt", "a/2/y.txt", "empty"}


def test_a_large_file(place: Place) -> None:
    data = os.urandom(1 << 20) * 20
    with place.run.create("data/large") as handle:
        for start in range(0, len(data), 3_000_000):
            handle.write(data[start : start + 3_000_000])
    with place.run.open("data/large") as handle:
        assert sha256(handle) == sha256(io.BytesIO(data))
        handle.seek(12_345_678)
        assert handle.read(10) == data[12_345_678:12_345_688]


@pytest.mark.parametrize("data", [b"", b"half of it", bytes(6 << 20)])
def test_nothing_appears_when_the_block_raises(place: Place, data: bytes) -> None:
    place.run.write("a/x", b"before")
    for name in ("a/x", "a/new"):
        with pytest.raises(KeyError, match="the first"), place.run.create(name) as handle:
            handle.write(data)
            raise KeyError("the first")
    assert place.every() == {"a/x"}
    assert place.run.read("a/x") == b"before"


def test_a_file_is_not_there_before_the_block_ends(place: Place) -> None:
    with place.run.create("a/x") as handle:
        handle.write(b"half")
        handle.flush()
        assert not place.run.exists("a/x")
        assert place.run.names("a") == [] and place.run.match("*/*.parquet") == []
    assert place.run.names("a") == ["x"]


def test_a_file_takes_the_place_of_another(place: Place) -> None:
    for text in (b"a long first version", b"second", b""):
        place.run.write("a/x", text)
        assert place.run.read("a/x") == text
    assert place.every() == {"a/x"}


def test_names_and_patterns(place: Place) -> None:
    assert place.run.names("a") == [] and place.run.match("a/*/*.txt") == []
    before = time.time()
    for name in ("a/2/y.txt", "a/1/x.txt", "a/1/z.tmp", "a/top.txt", "ab/1/x.txt", "a.txt"):
        place.run.write(name, b"")
    assert place.run.names("a") == ["top.txt"]
    assert place.run.names("a/1") == ["x.txt", "z.tmp"]
    found = place.run.match("a/*/*.txt")
    assert [name for name, _ in found] == ["a/1/x.txt", "a/2/y.txt"]
    assert all(before - 2 < changed < time.time() + 2 for _, changed in found)
    assert [name for name, _ in place.run.match("a/t?p*")] == ["a/top.txt"]
    assert [name for name, _ in place.run.match("*/*")] == ["a/top.txt"]


def test_exactly_one_file_is_removed(place: Place) -> None:
    names = {"data/x", "data/xy", "data/x.txt", "data/x/y", "data"}
    if place.run.local() is not None:  # where a name is a file or a folder
        names = {"data/x", "data/xy", "data/x.txt"}
    for name in names:
        place.run.write(name, b"")
    for _ in range(2):
        place.run.remove("data/x")
        assert place.every() == names - {"data/x"}


def test_exactly_one_folder_is_removed(place: Place) -> None:
    kept = {"data2/a/x", "data.txt", "dat/x", "other/data/x"}
    for name in {*kept, "data/x", "data/a/b/y", "data/a/z"}:
        place.run.write(name, b"")
    for _ in range(2):
        place.run.remove_folder("data")
        assert place.every() == kept
    place.run.remove_folder("other/data/")
    assert place.every() == kept - {"other/data/x"}
    with pytest.raises(ValueError, match="has to be named"):
        place.run.remove_folder("")


def test_many_files_are_removed_at_once(place: Place) -> None:
    for n in range(12):
        place.run.write(f"_tmp/{n % 3}/{n}", b"x")
    place.run.remove_folder("_tmp")
    assert place.every() == set()


@pytest.mark.parametrize("name", ["nothing", "a/nothing", "a", "a/x/y"])
def test_a_file_that_is_not_there(place: Place, name: str) -> None:
    place.run.write("a/x", b"")
    if name == "a/x/y" and place.run.local() is not None:
        with pytest.raises(NotADirectoryError):
            place.run.open(name)
    elif name == "a" and place.run.local() is not None:
        with pytest.raises(IsADirectoryError):
            place.run.open(name)
    else:
        with pytest.raises(FileNotFoundError):
            place.run.open(name)
        with pytest.raises(FileNotFoundError):
            place.run.read(name)


def test_only_a_local_run_has_paths(place: Place) -> None:
    local = place.run.local("a/x")
    assert local is None if "://" in place.run.path else local == Path(place.run.path) / "a/x"


# ---------------------------------------------------------------- local folders


def test_file_and_folder_are_on_disk_before_and_after_the_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    fsync, replace = os.fsync, Path.replace

    def synced(descriptor: int) -> None:
        done.append(Path(f"/proc/self/fd/{descriptor}").resolve().parts[-1][:8])
        fsync(descriptor)

    def replaced(self: Path, target: Path) -> Path:
        done.append(f"-> {target.name}")
        return replace(self, target)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(Path, "replace", replaced)
    monkeypatch.setattr(layout, "writing_path", lambda key: "_writing/key")
    RunFolder(str(tmp_path)).write("a/b/x", b"data")
    root = tmp_path.name[:8]
    # Each new folder in the one above, the file, its name, the folder that holds the name.
    assert done == [root, "a", root, "key", "-> x", "b"]


def test_a_folder_with_wildcards_in_its_name(tmp_path: Path) -> None:
    run = RunFolder(str(tmp_path / "out[1]*"))
    run.write("a/x", b"")
    assert run.names("a") == ["x"] and [name for name, _ in run.match("*/x")] == ["a/x"]


# ---------------------------------------------------------------- elsewhere


def test_a_url_with_wildcards_is_refused() -> None:
    with pytest.raises(Refused, match="cannot hold"):
        RunFolder("s3://bucket/run[1]")


def test_faults_of_a_filesystem_are_oserrors(flags_are_put_back: None) -> None:
    run = RunFolder("nosuch://bucket/run")
    for call in (run.exists, run.open, run.names, run.match, run.remove, run.remove_folder):
        with pytest.raises(OSError, match="Unable to get filesystem"):
            call("x")
    with pytest.raises(OSError, match="Unable to get filesystem"):
        run.write("x", b"")
