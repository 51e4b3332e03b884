"""A run whose engines, embedder and method are somebody else's."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import yaml

from tests.doubles.endpoints import ARTICLES, call, stage

ECHO = "tests.doubles.outside:echo"
PARROT = {"engine": "tests.doubles.outside:Parrot"}
SPEAKERS = {"pool": [{**PARROT, "model": name} for name in "abc"]}


def test_a_run_with_nothing_of_ours_but_the_pipeline(tmp_path: Path) -> None:
    (tmp_path / "prompts" / "echo").mkdir(parents=True)
    (tmp_path / "prompts" / "echo" / "say.jinja").write_text("Say: {{ text }}")
    made = {
        "name": "echoes",
        "articles": [str(ARTICLES)],
        "mixture": {ECHO: 1.0},
        "tasks": {"limit": 12},
        "prompts": "prompts",
        "models": {
            "speaker": SPEAKERS,
            "critic": {**PARROT, "model": "d", "options": {"words": 2}},
            "embedder": {"engine": "tests.doubles.outside:Hashed"},
        },
        "write": {"shards": 1, "formats": ["parquet"]},
    }
    (tmp_path / "job.yaml").write_text(yaml.safe_dump(made))
    code, out, errors = call("run", tmp_path / "job.yaml", "--output", tmp_path / "run")
    assert code == 0, errors
    assert stage(tmp_path / "run")["passed"] == 12
    rows = pq.read_table(tmp_path / "run" / "data").to_pylist()
    speakers: set[str] = set()
    for row in rows:
        *two, critic = [entry["name"] for entry in row["models"]]
        assert len(set(two)) == 2 and critic == "parrot:d"
        speakers |= set(two)
    assert speakers == {"parrot:a", "parrot:b", "parrot:c"}
    code, out, errors = call("check", tmp_path / "job.yaml")
    assert code == 0 and "speaker.pool.2: tests.doubles.outside:Parrot parrot:c: ready" in out
