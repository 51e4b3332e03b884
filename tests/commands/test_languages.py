"""What check, plan and run say of languages that cannot be served; they spend no limit."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from beam_synth.commands import languages
from beam_synth.engines.prompts import Prompts
from beam_synth.generation.mixture import PlanConfig
from beam_synth.job.schema import Job, Model
from beam_synth.rule_engine import Extractive
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


class EnglishRag(Extractive):
    """The rules, but that they serve rag in English alone."""

    fewer_languages: Mapping[str, Sequence[str]] = MappingProxyType({"rag": ("en",)})

    def __init__(self, model: Model, prompts: Prompts, timeout: float) -> None:
        super().__init__()


def test_a_method_that_an_engine_serves_in_fewer_languages_is_told_and_spends_no_limit(
    tmp_path: Path,
) -> None:
    """Half of the articles are in German, of which rag gets no task."""
    english = [article(number=n) for n in range(1, 7)]
    german = [article(number=n, in_language={"identifier": "de"}) for n in range(11, 17)]
    for name, rows in (("en", english), ("de", german)):
        (tmp_path / f"{name}.jsonl").write_text("\n".join(map(json.dumps, rows)))
    arguments = ["quickstart", "--articles", f"{tmp_path}/*.jsonl", *FAST[:-1], *SETTINGS]
    engine = "tests.commands.test_languages:EnglishRag"
    arguments += ["--set", f"models.generator={{engine: '{engine}'}}"]
    arguments += ["--set", "mixture={memorization: 1, rag: 1}", "--set", "tasks.per_passage=4"]
    told = (
        f"warning: languages: de: no tasks of rag: models.generator ({engine}) in rag can serve "
        "en; another engine in models.generator may serve more"
    )
    code, out, err = call("check", *arguments)
    assert code == 0 and out.count(told) == 1, out + err
    code, out, err = call("plan", *arguments)
    assert code == 0 and out.count(told) == 1, out + err
    rows_of = ("  memo", "  rag ")
    rows_told = [line.split() for line in out.splitlines() if line.startswith(rows_of)]
    planned = {(row[0], row[1], row[2]) for row in rows_told if row[1] in ("de", "en")}
    assert planned == {
        ("memorization", "de", "12"),
        ("memorization", "en", "12"),
        ("rag", "en", "12"),
    }
    output = tmp_path / "run"
    limit = ["--set", "tasks.limit=30"]
    code, out, err = call("run", *arguments, *limit, "--output", str(output))
    assert code == 0 and err.count(told) == 1, err
    manifest = json.loads((output / layout.MANIFEST).read_text())
    stages = {stage["name"]: stage for stage in manifest["stages"]}
    assert stages["PlanTasks"]["out"] == 36 and stages["LimitTasks"]["out"] == 30
    assert stages["Generate"]["rejected"].get("unsupported_language", 0) == 0
    german_only = ["--set", "mixture={rag: 1}", "--set", "languages=[de]"]
    for command in ("check", "plan", "run"):
        code, out, err = call(command, *arguments, *german_only)
        said = "languages: nothing in the mixture can serve de: models.generator ("
        assert code == 2 and said in err and ") in rag can serve en" in err, out + err


def test_methods_that_get_no_tasks_are_named() -> None:
    (line,) = warnings(job(), en=[], pt=[])
    assert "pt: no tasks of memorization: the method 'memorization' can serve en, fr" in line
    assert "left out" not in line
    assert warnings(job(languages=["en"]), en=[], pt=[]) == []


def test_methods_of_later_rounds_are_named_too() -> None:
    rules = {"embedder": {"engine": "hashing"}, "generator": {"engine": "extractive"}}
    mine = job(mixture={"memorization": 1.0, "multi_turn": 1.0}, models=rules)
    (line,) = warnings(mine, en=[], pl=[])
    assert line.startswith("warning: languages: pl: no tasks of multi_turn: models.generator (")
    assert "in multi_turn can serve en, fr, de, es, it, nl; another engine" in line


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
