"""A judge's word: asked in both orders, kept where they agree, and where the job asks for one."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from beam_synth.cli import main
from beam_synth.engines.prompts import Prompts
from beam_synth.errors import Rejected
from beam_synth.judges.pairwise import FAILS, FITS, judged
from beam_synth.records import CHECK, Sample
from tests import paths
from tests.doubles.ports import Data, Script, Variables
from tests.servers.fake_openai import Behaviour, FakeOpenAI

SAMPLE = Sample(
    language="en",
    exercise="memorization",
    query="Who built it?",
    reasoning="asked: who → recalled ● ∴ Clara Vogt",
    answer="Clara Vogt built it.",
    seeds=(),
    checks=({"name": "a", "kind": "formal", "passed": True, "score": 1.0, "detail": ""},),
    query_seed_text="Clara Vogt built the bridge.",
    messages=(
        {"role": "user", "content": "Who built it?"},
        {"role": "assistant", "content": "<think>\n...\n</think>\nClara Vogt built it."},
    ),
)


def judge(*, finds: str = "", says: str = "") -> Script:
    """Finds what it is told to, whichever letter that has; or always says the same letter."""

    def verdict(variables: Variables) -> Data:
        letter = says or "AB"[variables["order"].index(finds)]
        return {"rationale": "It is so.", "verdict": letter}

    return Script({"judge/verdict": verdict})


def ask(port: Script) -> Sample:
    return asyncio.run(judged(SAMPLE, port))


def test_a_verdict_of_both_orders_is_a_check() -> None:
    port = judge(finds=FITS)
    found = ask(port)
    first, second = (variables for _, variables in port.asked)
    assert [first["order"], second["order"]] == [[FITS, FAILS], [FAILS, FITS]]
    assert first["answer"] == SAMPLE.answer
    assert first["turns"] == [SAMPLE.messages[0]]
    *before, check = found.checks
    assert before == list(SAMPLE.checks)
    assert check == {
        "name": "judge",
        "kind": "judge",
        "passed": True,
        "score": 1.0,
        "detail": "fits, fits: It is so.",
    }
    assert set(check) == {field.name for field in CHECK}


@pytest.mark.parametrize(
    ("port", "reason"),
    [
        (judge(finds=FAILS), "judge_rejects"),
        (judge(says="A"), "judge_disagrees"),
        (judge(says="B"), "judge_disagrees"),
    ],
)
def test_what_the_judge_does_not_let_pass(port: Script, reason: str) -> None:
    with pytest.raises(Rejected) as error:
        ask(port)
    assert error.value.reason == reason


def test_the_prompt_shows_everything_and_both_orders() -> None:
    port = judge(finds=FITS)
    ask(port)
    texts = [
        "\n".join(message["content"] for message in Prompts().render("judge/verdict", variables))
        for _, variables in port.asked
    ]
    for text in texts:
        for part in (SAMPLE.query, SAMPLE.reasoning, SAMPLE.answer, SAMPLE.query_seed_text):
            assert part in text
    assert "A: the sample fits" in texts[0]
    assert "B: the sample fits" in texts[1]


def test_a_run_with_a_judge_keeps_what_it_agrees_on(tmp_path: Path) -> None:
    """The fake endpoint draws its verdicts, so each outcome occurs."""
    run = tmp_path / "run"
    with FakeOpenAI(Behaviour()) as server:
        model = f"{{engine: openai, model: fake-model, base_url: '{server.url}'}}"
        job = tmp_path / "judged.yaml"
        job.write_text(
            "name: judged\narticles: [fr.jsonl]\nmixture: {memorization: 1}\n"
            "tasks: {per_passage: 4, limit: 60}\nwrite: {shards: 2}\n"
            f"models: {{generator: {model}, judge: {model}, "
            "embedder: {engine: hashing}}\n"
        )
        articles = paths.SAMPLE / "articles-fr.jsonl"
        (tmp_path / "fr.jsonl").write_bytes(articles.read_bytes())
        assert main(["run", str(job), "--output", str(run), "--quiet"]) == 0
    manifest = json.loads((run / "manifest.json").read_text())
    stage = next(s for s in manifest["stages"] if s["name"] == "Generate")
    assert stage["passed"] > 0
    assert stage["rejected"]["judge_rejects"] > 0
    assert stage["rejected"]["judge_disagrees"] > 0
    rows = [r for p in run.glob("data/samples/*.parquet") for r in pq.read_table(p).to_pylist()]
    assert rows
    for row in rows:
        assert [c["kind"] for c in row["checks"]].count("judge") == 1
        assert row["checks"][-1]["detail"].startswith("fits, fits")
        assert "judge/verdict" in {model["step"] for model in row["models"]}
    assert main(["verify", str(run)]) == 0


def test_rules_judge_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["quickstart", "--set", "models.judge={engine: extractive}"]
    assert main(["run", *arguments, "--output", str(tmp_path / "run")]) == 2
    assert "models.judge" in capsys.readouterr().err
