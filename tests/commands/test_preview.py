"""A preview shows every method of the mixture as it is trained on, or says why it does not."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

from beam_synth.cli import main
from tests.doubles.endpoints import ARTICLES, call

REJECTING = "tests.doubles.programs:rejecting"


def job(folder: Path, **mixture: float) -> Path:
    path = folder / "job.yaml"
    data = {
        "name": "looked-at",
        "articles": [str(ARTICLES)],
        "mixture": {name.replace("_REJECTING", REJECTING): w for name, w in mixture.items()},
        "languages": "all",
        "models": {"embedder": {"engine": "hashing"}},
    }
    path.write_text(yaml.safe_dump(data))
    return path


def preview(path: Path, n: int) -> str:
    code, out, errors = call("preview", path, "-n", str(n))
    assert (code, errors) == (0, "")
    return out


def shown(text: str) -> list[str]:
    """The exercises of the samples in a preview, in order."""
    return re.findall(r"^--- sample \d+: ([^,(]+?)(?: \(|,)", text, re.M)


def test_each_method_has_its_turn(tmp_path: Path) -> None:
    mixture = {"memorization": 9.0, "mcq": 0.5, "editing": 0.3, "multi_turn": 0.1}
    text = preview(job(tmp_path, **mixture), 6)
    assert set(shown(text)[:4]) == {"memorization", "mcq", "editing", "multi-turn"}
    assert sorted(shown(text)) == sorted(
        ["memorization", "memorization", "mcq", "mcq", "editing", "multi-turn"]
    )
    assert text.endswith("6 samples; nothing was written\n")
    assert [path.name for path in tmp_path.iterdir()] == ["job.yaml"]


def test_all_turns_are_shown_with_their_roles(tmp_path: Path) -> None:
    text = preview(job(tmp_path, mcq=3, editing=2, multi_turn=1), 6)
    samples = re.split(r"^--- sample \d+: ", text, flags=re.M)[1:]
    first = {re.split(r" \(|,", sample)[0]: sample for sample in reversed(samples)}
    mcq, editing, multi = first["mcq"], first["editing"], first["multi-turn"]
    assert all(f"\n  {letter}) " in mcq for letter in "ABCD")  # the options to choose from
    asked = editing.partition("[user]")[2].partition("[assistant]")[0]
    assert len(asked.split()) > 25  # the text to edit, not the task alone
    assert multi.count("[user]") == multi.count("[assistant]") >= 2
    assert text.count("<think>") >= 3


def test_what_shows_no_sample_is_named_with_the_reason(tmp_path: Path) -> None:
    text = preview(job(tmp_path, memorization=1, _REJECTING=1), 4)
    assert shown(text) == ["memorization"] * 4  # the room goes to the others
    assert text.count(f"--- no sample: {REJECTING}: nothing_to_ask: no fact") == 8
    assert f"{REJECTING} shows no sample: 8 tasks were tried (8 nothing_to_ask)" in text


def test_methods_that_start_from_samples_need_one(tmp_path: Path) -> None:
    text = preview(job(tmp_path, _REJECTING=1, multi_turn=1), 2)
    assert shown(text) == []
    why = "it starts from what other methods make, and there was none"
    assert f"multi_turn shows no sample: {why}" in text


def test_records_of_other_kinds_are_called_records(tmp_path: Path) -> None:
    kinds = {f"tests.doubles.kinds:{name}": 1.0 for name in ("section_text", "entities")}
    text = preview(job(tmp_path, **kinds), 2)
    assert re.findall(r"^--- (\w+) \d: (\w+)", text, re.M) == [
        ("record", "entities"), ("record", "section"),
    ]  # fmt: skip
    assert text.endswith("2 records; nothing was written\n")
    assert "by \n" not in text  # no model was asked
    text = preview(job(tmp_path, memorization=1, **kinds), 3)
    assert shown(text) == ["memorization"]
    assert text.endswith("3 records; nothing was written\n")
    text = preview(job(tmp_path, memorization=1, rag=1), 1)
    assert text.endswith("1 sample; nothing was written\n")


def test_too_small_a_number_is_told(tmp_path: Path) -> None:
    text = preview(job(tmp_path, memorization=3, rag=2, mcq=1), 2)
    assert shown(text) == ["memorization", "rag"]
    assert "no room for mcq: -n 3 has room for each method" in text


def test_the_same_job_shows_the_same(tmp_path: Path) -> None:
    path = job(tmp_path, memorization=1, rag=1)
    assert preview(path, 3) == preview(path, 3)
    assert main(["preview", str(path), "-n", "1"]) == 0
