"""What check, plan and run say of languages that cannot be served; they spend no limit."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from beam_synth.commands import languages
from beam_synth.generation.mixture import PlanConfig
from beam_synth.job.schema import Job
from beam_synth.storage import layout
from tests.commands.test_wrong_inputs import FAST, article
from tests.doubles.endpoints import call

PORTUGUESE = (
    "O farol de Marrow Point foi construído em 1874 pela engenheira Ada Brennan. "
    "Ele tem 41 metros de altura e fica num penhasco de granito acima do estreito de Ister. "
    "A lâmpada queimou óleo de baleia até 1901, quando foi substituída por uma luz elétrica."
)
SETTINGS = ["--set", "core={by: all}", "--set", "expand.wikidata=null", "--set", "languages=all"]


def files(folder: Path) -> str:
    """Articles in English, and as many in Portuguese that no rule and no check has words for."""
    english = [article(number=n) for n in range(1, 7)]
    others: list[dict[str, Any]] = []
    for n in range(11, 17):
        paragraph = {"type": "paragraph", "value": PORTUGUESE}
        section = {"type": "section", "name": "Abstract", "has_parts": [paragraph]}
        others.append(
            article(
                number=n,
                in_language={"identifier": "pt"},
                is_part_of={"identifier": "ptwiki"},
                sections=[section],
            )
        )
    for name, rows in (("en", english), ("pt", others)):
        (folder / f"{name}.jsonl").write_text("\n".join(map(json.dumps, rows)))
    return f"{folder}/*.jsonl"


def test_a_language_that_nothing_serves_is_told_and_spends_no_limit(tmp_path: Path) -> None:
    arguments = ["quickstart", "--articles", files(tmp_path), *FAST[:-1], *SETTINGS]
    arguments += ["--set", "tasks.limit=6", "--set", "tasks.per_passage=4"]
    told = (
        "warning: languages: pt: no tasks of memorization, rag, so that its passages are left out"
    )
    code, out, err = call("check", *arguments)
    assert code == 0 and told in out, out + err
    assert "the method 'memorization'" in out and "can serve en, fr, de" in out
    code, out, err = call("plan", *arguments)
    assert code == 0 and told in out and " pt " not in out, out + err
    output = tmp_path / "run"
    code, out, err = call("run", *arguments, "--output", str(output))
    assert code == 0 and err.count(told) == 1, err
    manifest = json.loads((output / layout.MANIFEST).read_text())
    stages = {stage["name"]: stage for stage in manifest["stages"]}
    assert stages["PlanTasks"]["rejected"] == {"unsupported_language": 6}
    assert stages["PlanTasks"]["in"] == stages["PlanTasks"]["passed"] + 6
    assert stages["LimitTasks"]["out"] == 6
    assert stages["Generate"]["rejected"].get("unsupported_language", 0) == 0
    rejects = (output / layout.reject_path("rejected", "PlanTasks")).read_text()
    assert rejects.count("nothing in the mixture can serve 'pt'") == 6


def job(**changes: Any) -> Job:
    values: dict[str, Any] = {
        "name": "x",
        "articles": ["a"],
        "mixture": {"memorization": 1.0, "tests.generation.test_serving:anything": 1.0},
        "models": {"embedder": {"engine": "hashing"}, "generator": {"engine": "openai"}},
        "languages": "all",
    }
    return Job(**{**values, **changes})


def warnings(wanted: Job, **texts: list[str]) -> list[str]:
    return languages.warnings_of(wanted, PlanConfig.of_job(wanted, 1), texts)


def test_methods_that_get_no_tasks_are_named() -> None:
    (line,) = warnings(job(), en=[], pt=[])
    assert "pt: no tasks of memorization: the method 'memorization' can serve en, fr" in line
    assert "left out" not in line
    assert warnings(job(languages=["en"]), en=[], pt=[]) == []


def test_a_language_that_the_check_does_not_know_is_told() -> None:
    lines = warnings(job(mixture={"tests.generation.test_serving:anything": 1.0}), my=[], tr=[])
    assert [line[:25] for line in lines] == ["warning: languages: my: t"]


def test_a_tokenizer_that_knows_few_words_of_a_language_is_told_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Half:
        def unknown_share(self, texts: list[str]) -> float:
            return sum(map(len, texts)) / 10

    monkeypatch.setattr(languages, "make_tokenizer", lambda model: Half())
    mine = job(mixture={"tests.generation.test_serving:anything": 1.0})
    (line,) = warnings(mine, ka=["aaa", "aaa"], en=["a"])
    assert "60% of the tokens of passages in ka are unknown to the tokenizer of 'hashing'" in line
