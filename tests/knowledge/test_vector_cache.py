"""The cache of vectors: what was put in comes out, whatever became of its files."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from beam_synth.drawing import digest
from beam_synth.engines.hashing_embedder import HashingEmbedder
from beam_synth.errors import Refused
from beam_synth.knowledge import vector_cache
from beam_synth.knowledge.vector_cache import VectorCache, check_cache
from beam_synth.storage.files import RunFolder
from tests.doubles import memory_fs

EMBEDDER = HashingEmbedder(8)


def passages(*numbers: int) -> tuple[list[str], list[str]]:
    """(ids in ascending order, texts) of some passages."""
    ids = {digest(number): f"passage number {number}" for number in numbers}
    return sorted(ids), [ids[name] for name in sorted(ids)]


def keep(cache: VectorCache, *numbers: int) -> None:
    ids, texts = passages(*numbers)
    cache.add(ids, texts, EMBEDDER.embed(texts))


def files(folder: Path) -> list[Path]:
    return sorted(folder.glob("vectors/*/*.arrow"))


@given(kept=st.lists(st.sets(st.integers(0, 30)), max_size=4), asked=st.sets(st.integers(0, 40)))
def test_what_was_put_in_comes_out(
    tmp_path_factory: pytest.TempPathFactory, kept: list[set[int]], asked: set[int]
) -> None:
    cache = VectorCache.of(str(tmp_path_factory.mktemp("cache")), EMBEDDER)
    for numbers in kept:
        keep(cache, *numbers)
    ids, texts = passages(*asked)
    vectors, found = cache.find(ids, texts)
    expected = {digest(number) for number in set().union(*kept)}
    assert found.tolist() == [name in expected for name in ids]
    assert vectors.dtype == np.float32 and vectors.shape == (len(ids), 8)
    assert vectors[found].tobytes() == EMBEDDER.embed(texts)[found].tobytes()


def test_a_text_is_found_by_its_words_and_not_by_its_id(tmp_path: Path) -> None:
    cache = VectorCache.of(str(tmp_path), EMBEDDER)
    keep(cache, 1, 2, 3)
    ids, texts = passages(1, 2, 3)
    _, found = cache.find(ids, [texts[1], "another text", texts[1]])
    assert found.tolist() == [True, False, True]


def test_each_model_has_its_own(tmp_path: Path) -> None:
    keep(VectorCache.of(str(tmp_path), EMBEDDER), 1)
    other = HashingEmbedder(8)
    other.revision = "2"
    for embedder in (other, HashingEmbedder(16)):
        assert not VectorCache.of(str(tmp_path), embedder).find(*passages(1))[1].any()


@pytest.mark.parametrize("damage", ["cut", "flipped", "empty"])
def test_a_damaged_file_is_passed_over_and_made_again(
    damage: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    cache = VectorCache.of(str(tmp_path), EMBEDDER)
    keep(cache, 1, 2)
    (file,) = files(tmp_path)
    whole = file.read_bytes()
    flipped = bytearray(whole)
    flipped[whole.index(EMBEDDER.embed(passages(1, 2)[1]).tobytes()) + 2] ^= 1  # of a vector
    file.write_bytes({"cut": whole[:-9], "flipped": bytes(flipped), "empty": b""}[damage])
    with caplog.at_level(logging.WARNING):
        assert not cache.find(*passages(1, 2))[1].any()
    assert str(file) in caplog.text and "is damaged" in caplog.text
    keep(cache, 1, 2)
    assert files(tmp_path) == [file] and file.read_bytes() == whole
    assert cache.find(*passages(1, 2))[1].all()


def test_files_of_others_and_of_other_ranges_are_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = VectorCache.of(str(tmp_path), EMBEDDER)
    ids, texts = passages(*range(40))
    cache.add(ids[:20], texts[:20], EMBEDDER.embed(texts[:20]))
    cache.add(ids[20:], texts[20:], EMBEDDER.embed(texts[20:]))
    files(tmp_path)[0].with_name("notes.txt").write_text("of a user")
    read: list[str] = []
    read_file = RunFolder.read

    def reading(folder: RunFolder, name: str) -> bytes:
        read.append(name)
        return read_file(folder, name)

    monkeypatch.setattr(RunFolder, "read", reading)
    assert cache.find(ids[:5], texts[:5])[1].all()
    assert len(read) == 1


def test_two_runs_that_keep_the_same_make_one_file(tmp_path: Path) -> None:
    for _ in range(2):
        keep(VectorCache.of(str(tmp_path), EMBEDDER), 1, 2)
    assert len(files(tmp_path)) == 1
    assert not list((tmp_path / "_writing").iterdir())


def test_a_file_holds_no_more_than_its_bound(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vector_cache, "_FILE_BYTES", 10 * 4 * 8)
    cache = VectorCache.of(str(tmp_path), EMBEDDER)
    keep(cache, *range(25))
    assert len(files(tmp_path)) == 3
    assert cache.find(*passages(*range(25)))[1].all()


@pytest.fixture
def memory() -> Iterator[str]:
    yield f"{memory_fs.SCHEME}://cache"
    memory_fs.FILES.clear()


def test_it_may_lie_behind_a_url(memory: str) -> None:
    cache = VectorCache.of(memory, EMBEDDER)
    assert not cache.find(*passages(1, 2))[1].any()
    keep(cache, 1)
    vectors, found = cache.find(*passages(1, 2))
    assert found.sum() == 1 and vectors[found].any()
    check_cache(memory)


def test_a_folder_that_cannot_be_used_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "file"
    file.touch()
    for path in (file, file / "below"):
        with pytest.raises(Refused, match=f"cache: {file} is a file; name a folder"):
            check_cache(str(path))
    check_cache(str(tmp_path / "not" / "there"))
    assert not (tmp_path / "not").exists()
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(Refused, match=f"cache: {tmp_path} cannot be read and written"):
        check_cache(str(tmp_path / "not"))
