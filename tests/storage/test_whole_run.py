"""A small run made in each place has the same bytes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest
import yaml

from beam_synth.runs.identity import Run
from beam_synth.storage.files import RunFolder
from tests.doubles.endpoints import ARTICLES, call
from tests.storage.conftest import Place

RESULTS = ("data/*/*", "tfrecord/*/*", "rejects/*", "errors/*", "*.html", "*.md")


def write_job(folder: Path) -> Path:
    """The quickstart over a few articles, by rules and without weights; some shards stay empty."""
    articles = folder / "articles.jsonl"
    lines = ARTICLES.read_text(encoding="utf-8").splitlines(keepends=True)
    articles.write_text("".join(lines[:6]), encoding="utf-8")
    path = folder / "job.yaml"
    job = {
        "name": "small",
        "articles": [str(articles)],
        "mixture": {"memorization": 0.5, "rag": 0.5},
        "tasks": {"limit": 4},
        "models": {"generator": {"engine": "extractive"}, "embedder": {"engine": "hashing"}},
        "write": {"shards": 4, "formats": ["parquet", "tfrecord"]},
    }
    path.write_text(yaml.safe_dump(job))
    return path


def results(run: RunFolder) -> dict[str, bytes]:
    names = [name for pattern in RESULTS for name, _ in run.match(pattern)]
    return {name: run.read(name) for name in names}


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, RunFolder]]:
    """The job, and its run in a local folder. Few buckets: S3 takes its time for each file."""
    folder = tmp_path_factory.mktemp("small")
    job, run = write_job(folder), RunFolder(str(folder / "run"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Run, "passage_buckets", 2)
        code, _, errors = call("run", job, "--output", run.path, "--quiet")
        assert code == 0, errors
        yield job, run


@pytest.mark.parametrize(
    "place", ["memory", pytest.param("s3", marks=pytest.mark.slow)], indirect=True
)
def test_the_bytes_are_those_of_a_local_run(here: tuple[Path, RunFolder], place: Place) -> None:
    job, local = here
    code, _, errors = call("run", job, "--output", place.run.path, "--quiet", *place.flags)
    assert code == 0, errors
    expected = results(local)
    assert sum(name.endswith(".tfrecord") and not data for name, data in expected.items()) > 0
    assert sum(name.startswith("data/") for name in expected) == 4
    assert results(place.run) == expected
    manifests = [orjson.loads(run.read("manifest.json")) for run in (local, place.run)]
    assert manifests[0] == manifests[1]
    tops = {name.partition("/")[0] for name in place.every()}
    assert not tops & {"_tmp", "_writing", "_stop", "status.json", "_traceback.txt"}
    code, text, errors = call("status", place.run.path, *place.flags)
    assert code == 0 and "finished, identity" in text, errors
    code, text, _ = call("run", job, "--output", place.run.path, *place.flags)
    assert code == 0 and "finished already" in text
    if place.flags:  # `verify` starts processes, which do not share this one's memory
        code, text, errors = call("verify", place.run.path, *place.flags)
        assert code == 0 and text.endswith(": 0 disagreements\n"), errors
