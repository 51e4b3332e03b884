"""The places where a run may lie: a local folder, memory behind a URL, and S3."""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from beam_synth.storage import remote
from beam_synth.storage.files import RunFolder
from tests.doubles import memory_fs
from tests.doubles.s3 import BUCKET, S3Server, s3_server


@dataclasses.dataclass(frozen=True)
class Place:
    """A run's folder, the flags that its filesystem needs, and all names in it, found otherwise."""

    run: RunFolder
    flags: tuple[str, ...]
    every: Callable[[], set[str]]


# Asked for by name, so that it is there before any test: a test that opens it would fail for it.
@pytest.fixture(scope="session")
def s3() -> Iterator[S3Server]:
    with s3_server() as server:
        yield server


@pytest.fixture
def flags_are_put_back(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Flags belong to a process: what a test sets is gone after it."""
    from apache_beam.io.filesystems import FileSystems

    monkeypatch.setattr(remote, "_flags", None)
    monkeypatch.setattr(remote, "_set", False)
    monkeypatch.setattr(FileSystems, "_pipeline_options", None)
    yield


@pytest.fixture(params=["local", "memory", "s3"])
def place(
    request: pytest.FixtureRequest, tmp_path: Path, flags_are_put_back: None, s3: S3Server
) -> Iterator[Place]:
    name = f"run-{uuid.uuid4().hex}"
    if request.param == "local":
        root = tmp_path / name

        def local() -> set[str]:
            return {str(p.relative_to(root)) for p in root.rglob("*") if p.is_file()}

        yield Place(RunFolder(str(root)), (), local)
    elif request.param == "memory":
        url = f"{memory_fs.SCHEME}://{name}"
        yield Place(RunFolder(url), (), lambda: _below(f"{url}/", set(memory_fs.FILES)))
        memory_fs.FILES.clear()
    else:
        remote.use_flags(s3.flags)
        run = RunFolder(f"s3://{BUCKET}/{name}")
        yield Place(run, s3.flags, lambda: _below(f"{name}/", s3.keys()))


def _below(root: str, names: set[str]) -> set[str]:
    return {name.removeprefix(root) for name in names if name.startswith(root)}
