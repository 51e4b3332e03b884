"""`plan`, `preview` and `verify` of jobs of all kinds of sources and rounds.

Where everything is looked at, the first round's figures are those of the run.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.doubles.endpoints import ARTICLES, call, manifest
from tests.doubles.row_sources import write_lines
from tests.paths import SAMPLE

KINDS = "tests.doubles.kinds:"
TOPICS = ("bridges", "ferries", "mills", "lighthouses", "harbours", "locks", "canals", "cranes")
ASKED = [f"How have the {topic} of a river changed since 1847, and why?" for topic in TOPICS]
TEXT = (
    "The mill {n} on the Aller was built in 18{n} by a man of Kent. Its wheel had a diameter of "
    "{n} metres, and it ground the rye of eleven villages until 19{n}. Then the town bought it."
)


def write_job(folder: Path, mixture: dict[str, float], **keys: Any) -> Path:
    """A job whose sources lie beside it: `docs.jsonl` and `ask.jsonl`."""
    write_lines(folder / "ask.jsonl", *({"prompt": prompt, "language": "en"} for prompt in ASKED))
    write_lines(
        folder / "docs.jsonl",
        *({"text": TEXT.format(n=n), "language": "en"} for n in range(21, 33)),
    )
    job = {
        "name": "kinds",
        "mixture": {re.sub(r"^_", KINDS, name): weight for name, weight in mixture.items()},
        "languages": "all",
        "models": {"embedder": {"engine": "hashing"}},
        "write": {"shards": 1, "formats": ["parquet"]},
    }
    path = folder / "job.yaml"
    path.write_text(yaml.safe_dump({**job, **keys}), encoding="utf-8")
    return path


DOCUMENTS = [{"path": "docs.jsonl", "license": "CC0-1.0"}]
INSTRUCTIONS = [{"path": "ask.jsonl", "license": "CC0-1.0"}]
ENGLISH = [str(ARTICLES)]
JOBS: dict[str, tuple[dict[str, float], dict[str, Any]]] = {
    "documents": ({"memorization": 2, "editing": 1}, {"documents": DOCUMENTS}),
    "articles and documents": (
        {"editing": 1},
        {"documents": DOCUMENTS, "articles": ENGLISH, "tasks": {"per_passage": 0.3}},
    ),
    "instructions alone": ({"_tell": 1}, {"instructions": INSTRUCTIONS}),
    "instructions beside passages": (
        {"_tell": 1, "editing": 3}, {"instructions": INSTRUCTIONS, "documents": DOCUMENTS},
    ),
    "instructions beside problems": (
        {"_tell": 1, "arithmetic": 1}, {"instructions": INSTRUCTIONS, "tasks": {"limit": 10}},
    ),
    "instructions beside listed articles": (
        {"_tell": 1, "_halves": 1}, {"instructions": INSTRUCTIONS, "documents": DOCUMENTS},
    ),
    "problems alone": (
        {"arithmetic": 2, "math_mcq": 1},
        {
            "problems": str(SAMPLE.parent / "problems"),
            "tasks": {"limit": 25},
            "languages": {"en": 3, "fr": 1},
        },
    ),
    "units and listed tasks": (
        {"_section_text": 1, "_entities": 2, "_halves": 1, "editing": 1},
        {"articles": ENGLISH, "tasks": {"per_passage": 0.7}, "write": {"steps": ["entities"]}},
    ),
    "a limit over all": (
        {"_tell": 1, "editing": 1},
        {"instructions": INSTRUCTIONS, "documents": DOCUMENTS, "tasks": {"limit": 15}},
    ),
}  # fmt: skip


def first_round(text: str) -> tuple[int, dict[tuple[str, str], int]]:
    """All tasks of a plan, and those by method and language; none of them is an estimate."""
    (every,) = re.findall(r"^tasks    ([\d,]+)$", text, re.M)
    cells = re.findall(r"^  (\S+) +([a-z]{2}) +([\d,]+)$", text, re.M)
    assert "±" not in text
    return int(every.replace(",", "")), {
        (method, language): int(n.replace(",", "")) for method, language, n in cells
    }


@pytest.mark.parametrize("name", JOBS)
def test_plan_tells_what_the_run_plans_and_preview_and_verify_follow(
    name: str, tmp_path: Path
) -> None:
    mixture, keys = JOBS[name]
    job = write_job(tmp_path, mixture, **keys)
    code, text, errors = call("plan", job)
    assert (code, errors) == (0, "")
    every, cells = first_round(text)
    assert every == sum(cells.values()) > 0
    assert {method for method, _ in cells} == {re.sub("^_", KINDS, method) for method in mixture}

    code, shown, errors = call("preview", job, "-n", len(mixture))
    assert (code, errors) == (0, "")
    assert f"{len(mixture)} " in shown.splitlines()[-1]

    output = tmp_path / "run"
    code, _, errors = call("run", job, "--output", output, "--quiet")
    assert code == 0, errors
    stages = {stage["name"]: stage for stage in manifest(output)["stages"]}
    assert stages["LimitTasks"]["in"] == every
    kept = re.findall(r"of which tasks.limit keeps ([\d,]+)", text)
    assert [str(stages["LimitTasks"]["out"])] == (kept or [str(every)])
    code, text, _ = call("verify", output)
    assert code == 0 and "0 disagreements" in text
