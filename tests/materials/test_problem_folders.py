"""A job's own problem templates: used by name, refused before any work when they are wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from beam_synth.cli import main
from beam_synth.errors import Refused
from beam_synth.job.loading import load_job
from beam_synth.materials.problems import load_problems
from beam_synth.materials.problems.checking import check_problems
from beam_synth.runs.identity import plan_run

GOOD = """topic: mine
problems:
  doubled:
    values: {a: 1..900 = 3, b: 1..900 = 4}
    steps: ["twice: c = a * 2", "sum: d = c + b"]
    answer: a * 2 + b
    type: integer
    check: {unknowns: [x], equations: ["x - b = 2 * a"]}
    text: {en: "What is {a} times two, plus {b}?"}
"""


def folder(tmp_path: Path, text: str) -> str:
    place = tmp_path / "problems"
    place.mkdir(exist_ok=True)
    (place / "mine.yaml").write_text(text)
    return str(place)


def test_templates_of_a_folder_join_the_shipped_ones(tmp_path: Path) -> None:
    shipped = check_problems(None)
    assert shipped >= 60
    place = folder(tmp_path, GOOD)
    assert check_problems(place) == shipped + 1
    assert "doubled" in {problem.name for problem in load_problems(place)}


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("answer:", "answr:", r"doubled: answr: is no key of a template \(did you mean 'answer'"),
        ("2 * a", "3 * a", "the answer is 10 at the original values, the check gives 13"),
        ("= 3,", "= 3000,", "doubled: values"),
        ("topic: mine", "subject: mine", "must hold the keys topic and problems"),
        ("{a} times", "{z} times", "doubled: text"),
    ],
)
def test_a_wrong_template_is_refused_before_the_run(
    tmp_path: Path, old: str, new: str, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert old in GOOD
    place = folder(tmp_path, GOOD.replace(old, new))
    with pytest.raises(Refused, match=message):
        plan_run(load_job("synth-small", overrides=[f"problems={place}"]), "")
    output = tmp_path / "run"
    arguments = ["synth-small", "--set", f"problems={place}", "--output", str(output)]
    assert main(["run", *arguments]) == 2
    assert "mine.yaml" in capsys.readouterr().err
    assert not output.exists()


def test_a_folder_without_templates_is_refused(tmp_path: Path) -> None:
    for place in (tmp_path, tmp_path / "none"):
        with pytest.raises(Refused, match=str(place)):
            plan_run(load_job("synth-small", overrides=[f"problems={place}"]), "")


def test_other_templates_make_another_run(tmp_path: Path) -> None:
    def identity(text: str) -> str:
        place = folder(tmp_path, text)
        return plan_run(load_job("synth-small", overrides=[f"problems={place}"]), "").identity

    assert identity(GOOD) == identity(GOOD)
    assert identity(GOOD) != identity(GOOD.replace("What is", "How much is"))
