"""Formal statements: what is read, what converts, what is refused, and how many of real ones do."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
import yaml

from beam_synth.drawing import Draw
from beam_synth.materials.problems import load_problems
from beam_synth.materials.problems.expressions import evaluate
from beam_synth.materials.problems.lean import convert, convert_all, main, statements_of
from beam_synth.materials.problems.sampling import answer_of, question_of, sample
from beam_synth.materials.problems.solving import second_route
from beam_synth.materials.problems.statements import Unsupported, read_statement
from beam_synth.records import LANGUAGES
from tests.doubles.written import faults, written
from tests.methods.test_arithmetic import no_texts, seed_of

CONVERTED = [
    ("theorem a (x : ℝ) (h₀ : 3 * x + 5 = 26) : x = 7 := by", 7),
    ("theorem b (x y : ℝ) (h₀ : x + y = 30) (h₁ : x - y = 12) : x * y = 189 := by", 189),
    ("theorem c : 131 * 7 % 12 = 5 := by sorry", 5),
    ("theorem d : ((3 : ℚ) / 4 - 1 / 5) * 8 = 22 / 5 := by", Fraction(22, 5)),
    ("theorem e (f : ℝ → ℝ) (h₀ : ∀ x, f x = 4 * x - 9) : f (f 5) = 35 := by", 35),
    ("theorem f (n : ℕ) (h₀ : 0 < n ∧ n < 90) (h₁ : 4 * n + 6 = 98) : n = 23 := by", 23),
    ("theorem g (a b : ℤ) (h₀ : a = 12) (h₁ : b = ↑a + -3) : a - 2 * b = -6 := by", -6),
    ("theorem h (x : ℝ) (h₀ : 0 < x) (h₁ : x ^ 2 = 49) : 3 * x = 21 := by", None),
]
REFUSED = [
    ("lemma a : 1 = 1", "no theorem"),
    ("theorem a (x : ℝ) (h₀ : x = 4) : x = 4 ∧ x = 4 := by", "the goal is no value"),
    ("theorem a (x : ℝ) (h₀ : x = 4) : x < 5 := by", "the goal is no value"),
    ("theorem a (x y : ℝ) (h₀ : x = 4 * y) : x = 4 * y := by", "the goal is no value"),
    ("theorem a (S : Finset ℕ) : 2 + 3 = 5 := by", "is not read"),
    ("theorem a {x : ℝ} (h₀ : x = 4) : x = 4 := by", "an implicit binder"),
    ("theorem a (x : ℝ) (h₀ : Real.log x = 4) : x = 4 := by", "is not read"),
    ("theorem a (x : ℝ) (h₀ : ∀ y, y < x) : x = 4 := by", "a quantified hypothesis"),
    ("theorem a (n : ℕ) (h₀ : n / 4 = 5) : n = 20 := by", "division of integers"),
    ("theorem a : 17 / 4 = 4 := by", "division of integers"),
    ("theorem a (n : ℕ) (h₀ : n - 4 = 5) : n = 9 := by", "subtraction of naturals"),
    ("theorem a (x : ℝ) (h₀ : x ^ 3 = 27) : x = 3 := by", "high degree"),
    ("theorem a (x y : ℝ) (h₀ : x + y = 9) : x = 3 := by", ""),
    ("theorem a (x : ℝ) (h₀ : 3 * x = 26) : x = 7 := by", "no closed form"),
    ("theorem a (x : ℝ) (h₀ : x = 1) : x = 1 := by", "no numeral to vary"),
    ("theorem a : 3 * 4 = 13 := by", ""),
    ("theorem a (x : ℝ : x = 1) := by", ""),
]


@pytest.mark.parametrize(("text", "value"), CONVERTED)
def test_statements_become_problems(text: str, value: Fraction | None) -> None:
    if value is None:  # a root is no sum to write out
        with pytest.raises(Unsupported):
            convert(text)
        return
    problem = convert(text)
    assert evaluate(read_statement(text).value, {}) == value
    assert answer_of(problem, problem.original) == value
    assert second_route(problem, problem.original) == value
    assert set(problem.text) == set(LANGUAGES)
    seen = set()
    for i in range(40):
        instance = sample(problem, "en", Draw("lean", i))
        assert second_route(problem, instance.values) == answer_of(problem, instance.values)
        assert "{" not in question_of(instance)
        seen.add(tuple(instance.values.values()))
    assert len(seen) > 25


@pytest.mark.parametrize(("text", "reason"), REFUSED)
def test_other_statements_are_refused(text: str, reason: str) -> None:
    problems, why = convert_all([text, text])
    assert not problems and sum(why.values()) == 1
    assert reason in next(iter(why))


def test_exponents_units_and_signs_stay() -> None:
    problem = convert("theorem a (x : ℝ) (h₀ : x + 1 - 5 ^ 2 = -(7)) : x = 17 := by")
    assert list(map(int, map(str, problem.original.values()))) == [5, 7]  # type: ignore[arg-type]
    for name, low, high in (("n0", 2, 10), ("n1", 3, 14)):
        assert (problem.domains[name].first, problem.domains[name].last) == (low, high)


def test_converted_statements_serve_the_methods(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import dataclasses

    import orjson

    from beam_synth.materials.problems.format import read_file

    told = tmp_path / "statements.jsonl"
    lines = [orjson.dumps({"formal_statement": text}) for text, _ in CONVERTED]
    told.write_bytes(b"\n".join([*lines, *lines[:2]]))
    folder = tmp_path / "problems"
    folder.mkdir()
    main([str(told), str(folder / "formal.yaml")])
    assert "7 of 8 distinct statements converted (87.5%)" in capsys.readouterr().out
    own = {problem.name for problem in read_file(folder / "formal.yaml")}
    assert own == set("abcdefg")
    assert own < {problem.name for problem in load_problems(str(folder))}
    (folder / "others.yaml").write_text(yaml.safe_dump({"topic": "none", "problems": {}}))
    found = 0
    for index in range(300):
        seed = dataclasses.replace(
            seed_of("arithmetic", index, LANGUAGES[index % 8]), problems=str(folder)
        )
        row = written("arithmetic", seed)
        if row["seeds"][0]["section"] == "formal mathematics":
            found += 1
            assert faults("arithmetic", row, no_texts) == []
    assert found >= 10


def test_the_share_of_real_statements_that_converts(real_data: Path) -> None:
    path = real_data / "math" / "minif2f_lean4.jsonl.gz"
    problems, why = convert_all(statements_of(path))
    total = len(problems) + sum(why.values())
    print(f"\n{len(problems)} of {total} distinct statements convert")
    assert total == 488 and len(problems) >= 60
    assert len({problem.name for problem in problems}) == len(problems)
