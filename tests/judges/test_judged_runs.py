"""Runs with and without a judge: what is kept, what is told, what it costs."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from beam_synth.cli import main
from beam_synth.commands.judges import judge_lines, judge_warnings
from beam_synth.dataset.judging_report import judging_html, judging_words, what_judges_said
from beam_synth.drawing import digest
from beam_synth.errors import Refused
from beam_synth.generation.config import GenerateConfig
from beam_synth.generation.role_checks import asked_models, check_asked_roles
from beam_synth.generation.roles import Roles, policy_of
from beam_synth.generation.who_judges import judging_of
from beam_synth.job.loading import load_job
from beam_synth.job.schema import Job, Model, ModelPool
from beam_synth.judges.rubrics import FAILS, HOLDS
from tests import paths
from tests.doubles.engines import Told
from tests.doubles.judges import says_to
from tests.servers.fake_openai import Behaviour, FakeOpenAI


def number_of(prompt: str) -> int:
    """A number of a sample, by its text."""
    return int(digest(prompt.partition("<answer>")[2])[:4], 16)


def strict(prompt: str) -> str | None:
    """A judge that says no to a third of the samples by their text, whatever the order asked in."""
    no = "answer_follows" if number_of(prompt) % 3 == 0 else ""
    return says_to(prompt, lambda name: FAILS if name == no else HOLDS)


def kind(prompt: str) -> str | None:
    return says_to(prompt, lambda name: HOLDS)


def job_file(server: FakeOpenAI, folder: Path, more: str, models: str = "") -> Path:
    model = f"{{engine: openai, model: fake-model, base_url: '{server.url}'}}"
    job = folder / "judged.yaml"
    job.write_text(
        "name: judged\narticles: [fr.jsonl]\nmixture: {memorization: 1}\n"
        f"tasks: {{per_passage: 4, limit: 60}}\nwrite: {{shards: 2, formats: [parquet]}}\n{more}"
        f"models:\n  generator: {model}\n  embedder: {{engine: hashing}}\n"
        + models.replace("MODEL", model)
    )
    articles = paths.SAMPLE / "articles-fr.jsonl"
    (folder / "fr.jsonl").write_bytes(articles.read_bytes())
    return job


def run(
    folder: Path, says: Callable[[str], str | None], more: str, models: str = "", code: int = 0
) -> Path:
    folder.mkdir(exist_ok=True)
    with FakeOpenAI(Behaviour(says=says)) as server:
        job = job_file(server, folder, more, models)
        assert main(["run", str(job), "--output", str(folder / "run"), "--quiet"]) == code
    return folder / "run"


def rows(run: Path) -> list[dict[str, Any]]:
    return [
        r for p in sorted(run.glob("data/samples/*.parquet")) for r in pq.read_table(p).to_pylist()
    ]


def test_a_run_keeps_what_its_judge_lets_pass_and_tells_of_it(tmp_path: Path) -> None:
    both = ("judge: on\naudit: 0.4\n", "  judge: MODEL\n  auditor: MODEL\n")
    found = run(tmp_path, strict, *both)
    metrics = json.loads((found / "metrics.json").read_text())
    judge, auditor = metrics["judging"]["judge"], metrics["judging"]["auditor"]
    assert judge["asked"] == judge["passes"] + judge["fails"] > judge["fails"] > 0
    assert judge["failed_questions"] == {"answer_follows": judge["fails"]}
    assert judge["by_method"]["memorization"] == {
        "passes": judge["passes"],
        "fails": judge["fails"],
    }
    assert 0 < auditor["asked"] < judge["asked"]
    assert metrics["judging"]["auditor_agreement"]["equal"] == 1.0  # the same judge twice
    assert metrics["judging"]["formal_agreement"]["asked"] > 0
    calls = metrics["generation"]["by_step"]["judge/memorization"]
    control = sum(metrics["judging"]["formal_agreement"]["table"].get("failed", {}).values())
    assert calls["calls"] == 2 * (judge["asked"] + auditor["asked"] + control)
    assert calls["prompt_tokens"] > 0
    stage = next(s for s in metrics["stages"].values() if s["name"] == "Generate")
    assert stage["rejected"]["judge_rejects"] == judge["fails"]
    kept = rows(found)
    assert 0 < len(kept) <= stage["passed"] == judge["passes"]  # the auditor says the same
    for row in kept:
        checks = [c for c in row["checks"] if c["kind"] == "judge"]
        assert [c["name"] for c in checks][:1] == ["judge"] and all(c["passed"] for c in checks)
        assert "judge/memorization" in {model["step"] for model in row["models"]}
    card = (found / "README.md").read_text()
    assert "A judge (`fake-model`) looked at each sample" in card
    assert f"Of {judge['asked']:,} it let {judge['pass_rate']:.1%} pass" in card
    assert "Judge and auditor agree on 100.0%" in card
    report = (found / "report.html").read_text()
    assert "<h2>Judging</h2>" in report and "<td>answer_follows</td>" in report
    assert main(["verify", str(found)]) == 0
    again = run(tmp_path / "again", strict, *both)
    for path in found.glob("data/samples/*.parquet"):
        assert (again / path.relative_to(found)).read_bytes() == path.read_bytes()


def test_the_generator_judges_where_no_judge_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with FakeOpenAI(Behaviour(says=kind)) as server:
        job = job_file(server, tmp_path, "judge: on\naudit: 0\n")
        assert main(["check", str(job)]) == 0
        said = capsys.readouterr().out
        assert "judge: openai fake-model (the generator): looks at every sample" in said
        assert "warning: judge: the generator judges what it wrote itself" in said
        assert main(["run", str(job), "--output", str(tmp_path / "run")]) == 0
    assert "warning: judge: the generator judges" in capsys.readouterr().err
    card = (tmp_path / "run/README.md").read_text()
    assert "The model that wrote the samples (`fake-model`) looked itself at" in card
    assert {row["checks"][-1]["name"] for row in rows(tmp_path / "run")} == {"judge"}


def test_off_is_a_choice_and_the_card_says_so(tmp_path: Path) -> None:
    found = run(tmp_path, kind, "judge: off\n", "  judge: MODEL\n")
    assert "the job switched it off (`judge: off`)" in (found / "README.md").read_text()
    assert json.loads((found / "metrics.json").read_text())["judging"] == {}
    assert not any(c["kind"] == "judge" for row in rows(found) for c in row["checks"])


def test_a_broken_word_and_a_refusal_are_rejects_of_their_own(tmp_path: Path) -> None:
    def some_word(prompt: str) -> str | None:
        word = says_to(prompt, lambda name: HOLDS)
        return '{"verdict": "fine"}' if word and number_of(prompt) % 3 == 0 else word

    def refuses(asked: dict[str, Any]) -> tuple[int, Any] | None:
        prompt = "\n".join(message["content"] for message in asked["messages"][:2])
        if says_to(prompt, lambda name: HOLDS) and number_of(prompt) % 3 == 1:
            return 400, {"error": {"code": "content_filter", "message": "It was filtered."}}
        return None

    with FakeOpenAI(Behaviour(says=some_word, refuses=refuses)) as server:
        job = job_file(server, tmp_path, "judge: on\naudit: 0\n")
        assert main(["run", str(job), "--output", str(tmp_path / "run"), "--quiet"]) == 0
    metrics = json.loads((tmp_path / "run/metrics.json").read_text())
    judge = metrics["judging"]["judge"]
    assert judge["malformed"] > 0 and judge["refuses"] > 0
    assert judge["asked"] == judge["passes"] + judge["malformed"] + judge["refuses"]
    rejected = metrics["stages"]["Generate"]["rejected"]
    assert rejected["judge_malformed"] == judge["malformed"]
    assert rejected["judge_refuses"] == judge["refuses"]
    card = (tmp_path / "run/README.md").read_text()
    assert f"{judge['malformed']} got a word that could not be read" in card
    assert f"{judge['refuses']} were refused" in card


def test_a_judge_that_says_the_same_of_everything_is_told_where_one_looks(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(tmp_path, kind, "audit: 0\n", "  judge: MODEL\n")
    told = capsys.readouterr().out
    asked = json.loads((tmp_path / "run/metrics.json").read_text())["judging"]["judge"]["asked"]
    line = f"the judge let {asked} of {asked} samples pass: either nearly all of them are good or "
    assert f"warning: {line}it says yes to everything" in told
    assert main(["status", str(tmp_path / "run")]) == 0
    assert f"warning: {line}" in capsys.readouterr().out
    assert f"Doubtful: {line}" in (tmp_path / "run/README.md").read_text()
    assert f"Doubtful: {line}" in (tmp_path / "run/report.html").read_text()


def by_order(prompt: str) -> str | None:
    """A judge that gives the verdict that is named first."""
    first = prompt.partition('then "verdict", which is "')[2].partition('"')[0]
    return says_to(prompt, lambda name: first)


def test_a_judge_that_goes_by_the_order_leaves_nothing_and_that_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(tmp_path, by_order, "audit: 0\ngenerate: {none_kept: 0}\n", "  judge: MODEL\n", code=1)
    told = capsys.readouterr().err
    assert "holds no record" in told and "judge_disagrees" in told
    assert "the judge agreed with itself in the two orders on 0% of" in told
    assert "gives the verdict that is named first" in told


def test_a_judge_that_lets_nothing_pass_stops_the_run_with_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def never(prompt: str) -> str | None:
        return says_to(prompt, lambda name: FAILS if name == "query_clear" else HOLDS)

    settings = "audit: 0\ngenerate: {none_kept: 8, window: 2}\n"
    run(tmp_path, never, settings, "  judge: MODEL\n", code=3)
    told = capsys.readouterr().err
    assert "the judge let none of the first 8 samples pass, 8 for judge_rejects" in told
    assert "query_clear: the query cannot be understood" in told and "models.judge" in told


def test_rules_judge_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for role in ("judge", "auditor"):
        arguments = ["quickstart", "--set", f"models.{role}={{engine: extractive}}"]
        assert main(["run", *arguments, "--output", str(tmp_path / "run")]) == 2
        assert f"models.{role}" in capsys.readouterr().err


# ---------------------------------------------------------------- who judges


def job(on: bool | None = None, /, **models: Any) -> Job:
    return Job(name="a", articles=["a"], mixture={"rag": 1}, judge=on, models=models)


CHAT = Model(engine="openai", model="m", base_url="http://127.0.0.1:1/v1")
OTHER = Model(engine="openai", model="n", base_url="http://127.0.0.1:1/v1")


@pytest.mark.parametrize(
    ("given", "by", "words"),
    [
        (job(), None, "rules wrote them"),
        (job(True), None, "rules wrote them"),
        (job(generator=CHAT), None, "the job names none"),
        (job(False, generator=CHAT, judge=OTHER), None, "switched it off"),
        (job(True, generator=CHAT), "generator", "The model that wrote the samples (`m`)"),
        (job(None, generator=CHAT, judge=OTHER), "judge", "A judge (`n`)"),
        (job(True, generator=CHAT, judge=OTHER), "judge", "A judge (`n`)"),
        (
            job(True, generator=ModelPool(pool=[CHAT, OTHER])),
            "generator",
            "The model that wrote the samples (`m`, `n`)",
        ),
    ],
)
def test_who_judges_and_what_the_card_says(given: Job, by: str | None, words: str) -> None:
    judging = judging_of(given)
    assert (judging.by if judging else None) == by
    assert words in judging_words({"job": given.model_dump(mode="json")}, {})
    assert bool(judge_warnings(given)) == (by == "generator")
    assert judge_lines(given)[0].startswith("judge: ")


def test_the_shipped_jobs_say_what_is_true_of_them() -> None:
    assert judging_of(load_job("synth")) == ("generator", False, 0.05)
    for name in ("quickstart", "synth-small"):
        shipped = load_job(name)
        assert judging_of(shipped) is None
        assert judge_lines(shipped) == ["judge: nobody; rules write the samples, and judge none"]
        assert not judge_warnings(shipped)


def test_an_auditor_needs_a_judge() -> None:
    with pytest.raises(Refused, match=r"models\.auditor.*judge: on"):
        check_asked_roles(job(generator=CHAT, auditor=OTHER))
    check_asked_roles(job(True, generator=CHAT, auditor=OTHER))
    check_asked_roles(job(False, generator=CHAT, auditor=OTHER))


def test_nothing_is_asked_of_judges_that_are_switched_off() -> None:
    named = {"generator": CHAT, "judge": OTHER, "auditor": OTHER}
    assert [role for _, role, _ in asked_models(job(False, **named))] == ["generator"]
    assert [role for _, role, _ in asked_models(job(True, **named))] == list(named)


def test_a_generator_that_judges_is_one_engine_sampled_without_chance() -> None:
    sampling = {"temperature": 0.9, "max_tokens": 700, "top_p": None}
    given = job(True, generator=CHAT.model_copy(update={"sampling": sampling}))
    config = GenerateConfig.of_job(given, run="", passage_buckets=1, task_buckets=1)
    roles = Roles(config, Told().stop, policy_of(config))
    (generator,), (judge,) = roles("generator"), roles("judge")
    assert judge.endpoint is generator.endpoint
    assert generator.sampling == sampling
    assert judge.sampling == {"max_tokens": 700, "top_p": None}


def test_plan_tells_what_judges_cost(capsys: pytest.CaptureFixture[str]) -> None:
    settings = [
        "--set",
        "models.generator={engine: openai, model: m, base_url: 'http://127.0.0.1:1/v1'}",
        "--set",
        "models.auditor={engine: openai, model: n, base_url: 'http://127.0.0.1:1/v1'}",
        "--set",
        "audit=0.1",
    ]
    assert main(["plan", "quickstart", *settings, "--set", "judge=on", "--sample", "6"]) == 0
    said = capsys.readouterr().out.splitlines()
    row = {words[0]: words for line in said if (words := line.split())[2:3] == ["calls"]}
    number = {name: int(words[1].replace(",", "")) for name, words in row.items()}
    tasks = (number["memorization"] + number["rag"]) // 2
    assert number["judge"] == pytest.approx(2 * tasks, abs=2)
    assert number["auditor"] == pytest.approx(0.2 * tasks, abs=2)
    assert number["total"] == pytest.approx(sum(number.values()) - number["total"], abs=2)
    tokens = {name: int(words[3].replace(",", "")) for name, words in row.items()}
    assert tokens["judge"] > tokens["auditor"] > 0
    assert main(["plan", "quickstart", *settings[:2], "--sample", "6"]) == 0
    assert "  judge " not in capsys.readouterr().out


def test_plan_tells_how_long_a_judge_takes_and_what_at_worst(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Rules write for nothing; their judge does not."""
    judge = "models.judge={engine: openai, model: n, base_url: 'http://127.0.0.1:1/v1'}"
    arguments = ["plan", "quickstart", "--sample", "6", "--set", "generate.window=1"]
    assert main([*arguments, "--set", judge]) == 0
    said = capsys.readouterr().out
    row = next(line.split() for line in said.splitlines() if line.startswith("  judge "))
    calls = int(row[1].replace(",", ""))
    assert f"  {calls * 10 / 3600:,.1f} hours if a call takes 10 s, 1 at a time" in said
    assert f"  at most {4 * calls:,} calls of judges if every word went back" in said
    assert main(arguments) == 0
    told = capsys.readouterr().out
    assert "hours" not in told and "of judges" not in told


# ---------------------------------------------------------------- figures in words


def test_figures_are_told_by_role_method_and_question() -> None:
    found = what_judges_said(
        {
            "said|judge|rag|passes": 30,
            "said|judge|my.module:f|fails": 8,
            "said|judge|rag|refuses": 2,
            "failed|judge|answer_follows": 8,
            "said|auditor|rag|passes": 3,
            "said|auditor|rag|fails": 1,
            "both|passes|passes": 3,
            "both|passes|fails": 1,
            "formal|passed|passes": 6,
            "formal|failed|passes": 1,
            "formal|failed|fails": 3,
        }
    )
    assert found["judge"]["pass_rate"] == 0.75
    assert found["judge"]["by_method"]["my.module:f"] == {"fails": 8}
    assert found["auditor_agreement"]["equal"] == 0.75
    assert found["formal_agreement"] == {
        "table": {"failed": {"fails": 3, "passes": 1}, "passed": {"passes": 6}},
        "asked": 10,
        "equal": 0.9,
        "kappa": pytest.approx(0.7826),
    }
    given = job(True, generator=CHAT, judge=OTHER, auditor=CHAT)
    words = judging_words({"job": given.model_dump(mode="json")}, found)
    for part in (
        "Of 40 it let 75.0% pass; of the others 8 fail, 2 were refused.",
        "it let 100.0% of 6 that passed all checks and 25.0% of 4 that failed one pass",
        "agrees with them on 90.0% of 10 (Cohen's kappa 0.78)",
        "An auditor (`m`) looked at a drawn share. Of 4 it let 75.0% pass",
        "Judge and auditor agree on 75.0% of 4 (Cohen's kappa 0.00)",
    ):
        assert part in words
    page = judging_html(found)
    assert '<td>my.module:f</td><td class="n">8</td>' in page
    assert "<td>answer_follows</td>" in page and "other years or amounts" in page
