"""Problem templates: the format, exact expressions, sampling, two routes, slips, answers."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from beam_synth.drawing import Draw
from beam_synth.errors import Refused, Rejected
from beam_synth.materials.problems import Instance, Problem, load_problems, problem_of
from beam_synth.materials.problems.answers import agrees, comparable, figures, final
from beam_synth.materials.problems.exact_arithmetic import ExpressionError
from beam_synth.materials.problems.expressions import evaluate, parse_expression
from beam_synth.materials.problems.format import of_type, read_template
from beam_synth.materials.problems.rendering import decimal, fill, number, result, slots, written
from beam_synth.materials.problems.sampling import (
    answer_of,
    choose_problem,
    fault,
    numbers_of,
    question_of,
    sample,
    solution_of,
    steps_of,
)
from beam_synth.materials.problems.slips import (
    contained_pairs,
    is_plausible,
    near_misses,
    slips,
    wrong_values,
)
from beam_synth.materials.problems.solving import second_route
from beam_synth.materials.problems.templates import record_sha256
from beam_synth.records import LANGUAGES
from beam_synth.storage.shipped import shipped_folder
from beam_synth.text.equations import equations

PROBLEMS = load_problems()
BY_NAME = {problem.name: problem for problem in PROBLEMS}
TEMPLATE: dict[str, Any] = {
    "values": {"a": "2..90 = 4", "b": "2..90 = 6"},
    "steps": ["both: c = a + b", "twice: d = c * 2"],
    "answer": "2 * (a + b)",
    "type": "integer",
    "check": {"unknowns": ["x"], "equations": ["x / 2 - a = b"]},
    "text": {
        "en": "There are {a} cats and {b} dogs. How many ears do they have, halved twice over?"
    },
}


# ---------------------------------------------------------------- expressions


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 + 2 * 3", 7),
        ("2 ** 3 ** 2", 512),
        ("-2 ** 2", -4),
        ("7 // 2 + 7 % 4", 6),
        ("3 / 4 + 0.25", 1),
        ("a * (b - 1)", 15),
        ("gcd(24, 36) + lcm(4, 6)", 24),
        ("comb(5, 2) + factorial(4)", 34),
        ("sqrt(49 / 4)", Fraction(7, 2)),
        ("floor(7 / 2) + ceil(7 / 2)", 7),
        ("min(a, b) + max(a, b) + abs(0 - 2)", 11),
        ("1 < a <= 3 and not b == 1", 1),
        ("a > b or prime(97)", 1),
        ("digits(1984)", 22),
        ("whole(a / b)", 0),
    ],
)
def test_expressions_have_exact_values(text: str, value: Fraction) -> None:
    assert evaluate(parse_expression(text), {"a": Fraction(3), "b": Fraction(6)}) == value


@pytest.mark.parametrize(
    "text",
    ["__import__('os')", "a.b", "a[0]", "lambda: 1", "open('x')", "'a' + 'b'", "f'{a}'", "gcd(1)",
     "[1]", "a if b else c", "1 +", "True", "a := 2", "1 < 2 in a", "gcd(a, b=2)"],
)  # fmt: skip
def test_nothing_else_is_an_expression(text: str) -> None:
    with pytest.raises(ExpressionError):
        parse_expression(text)


@pytest.mark.parametrize(
    "text",
    ["1 / 0", "5 % 0", "5 // 0", "sqrt(2)", "sqrt(0 - 4)", "2 ** 65", "0 ** -1", "factorial(61)",
     "gcd(1 / 2, 3)", "c + 1", "name * 2", "(3 ** 60) ** 60", "2 ** (1 / 3)"],
)  # fmt: skip
def test_what_has_no_value(text: str) -> None:
    with pytest.raises(ExpressionError):
        evaluate(parse_expression(text), {"a": Fraction(1), "name": "Anna"})


_LEAF = st.one_of(st.integers(0, 40).map(str), st.sampled_from(["a", "b"]))
_TREE = st.recursive(
    _LEAF,
    lambda t: st.tuples(t, st.sampled_from("+-*/"), t).map(lambda p: f"({p[0]} {p[1]} {p[2]})"),
)


@settings(max_examples=300)
@given(_TREE, st.fractions(-9, 9, max_denominator=6), st.sampled_from(["integer", "rational"]))
def test_what_is_written_out_means_the_same(text: str, a: Fraction, kind: str) -> None:
    values = {"a": a, "b": Fraction(7)}
    node = parse_expression(text)
    try:
        value = evaluate(node, values)
    except ExpressionError:
        return
    line = f"{written(node, values, kind)} = {number(value, 'rational')}"
    assert all(holds for _, holds, _ in equations(line)), line
    if "÷" in line or "×" in line:
        assert equations(line), line


# ---------------------------------------------------------------- the format


def problem(**changes: Any) -> Problem:
    return read_template("cats", "pets", {**TEMPLATE, **changes})


def folder(tmp_path: Path, **changes: Any) -> str:
    told = {"topic": "pets", "problems": {"cats": {**TEMPLATE, **changes}}}
    (tmp_path / "pets.yaml").write_text(yaml.safe_dump(told))
    return str(tmp_path)


def test_a_folder_adds_and_replaces(tmp_path: Path) -> None:
    told = {"topic": "pets", "problems": {"cats": TEMPLATE, "handshakes": TEMPLATE}}
    (tmp_path / "pets.yaml").write_text(yaml.safe_dump(told))
    found = {problem.name: problem for problem in load_problems(str(tmp_path))}
    assert set(found) == {*BY_NAME, "cats"}
    assert found["handshakes"].topic == "pets"
    assert load_problems(str(tmp_path)) is load_problems(str(tmp_path))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"anwser": "a"}, "did you mean 'answer'"),
        ({"answer": ""}, "answer: is missing"),
        ({"answer": "a + q"}, "'q' is no value"),
        ({"answer": "a +"}, "is no expression"),
        ({"answer": 7}, "must be a str"),
        ({"type": "number"}, "is no type"),
        ({"values": {"a": "2..90", "b": "2..9 = 6"}}, "values.a"),
        ({"values": {"a": "2..90 = 1", "b": "2..9 = 6"}}, "does not lie in"),
        ({"values": {"a": "peopel = Anna", "b": "2..9 = 6"}}, "did you mean 'people'"),
        ({"values": {"a": "9..2 = 9", "b": "2..9 = 6"}}, "values.a"),
        ({"steps": ["c = a + b"]}, "is no step"),
        ({"steps": ["both: a = a + b"]}, "is a value already"),
        ({"steps": ["both 2: c = a + b"]}, "a label holds no number"),
        ({"steps": ["both: c = gcd(a, b)"]}, "the last step must be a sum"),
        ({"steps": ["both: c = a + b"]}, "the steps end in 10, the answer is 20"),
        ({"check": {}}, "check: is missing"),
        ({"check": {"equations": ["x = a"]}}, "check.unknowns"),
        ({"check": {"unknowns": ["x"], "equations": ["x + a"]}}, "is no equation"),
        ({"check": {"unknowns": ["x"], "equation": ["x = a"]}}, "did you mean 'equations'"),
        ({"check": {"search": {"k": "1-9"}, "take": "count"}}, "is no range"),
        ({"check": {"search": {"k": "1..9"}, "take": "all"}}, "check.take"),
        ({"text": {"en": "There are {a} cats."}}, "its slots are not the template's values: b"),
        ({"text": {"en": "{a} {b} { c"}}, "a bracket is left open"),
        ({"text": {"xx": "{a} {b}"}}, "text.xx"),
        ({"where": ["a > b"]}, "the original values do not work: condition 0 fails"),
    ],
)  # fmt: skip
def test_a_wrong_template_is_refused(tmp_path: Path, changes: dict[str, Any], message: str) -> None:
    with pytest.raises(Refused) as caught:
        load_problems(folder(tmp_path, **changes))
    assert message in str(caught.value)
    assert "pets.yaml" in str(caught.value) and "cats" in str(caught.value)


def test_a_folder_without_templates_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="no folder with"):
        load_problems(str(tmp_path))
    (tmp_path / "a.yaml").write_text("problems: {}")
    with pytest.raises(Refused, match="topic and problems"):
        load_problems(str(tmp_path))
    (tmp_path / "a.yaml").write_text("a: [")
    with pytest.raises(Refused, match="cannot be read"):
        load_problems(str(tmp_path))
    (tmp_path / "a.yaml").write_text("topic: a\nproblems:\n  cats: {}\n  cats: {}\n")
    with pytest.raises(Refused, match=r"a\.yaml: .*'cats' stands twice: lines 3 and 4"):
        load_problems(str(tmp_path))


def test_a_record_gives_the_problem_back() -> None:
    for found in PROBLEMS:
        record = found.record("la")
        again = problem_of(record)
        assert again.record("la") == record and set(again.text) == {"la"}
        assert problem_of(record) is again
        assert record_sha256(record) != record_sha256(found.record("en"))
        assert fault(again, found.original, original=True) == ""


# ---------------------------------------------------------------- the shipped templates


def test_shipped_templates_are_many_and_in_all_languages() -> None:
    topics = Counter(found.topic for found in PROBLEMS)
    assert len(PROBLEMS) >= 60 and len(topics) == 9 and min(topics.values()) >= 5
    for found in PROBLEMS:
        assert set(found.text) == set(LANGUAGES), found.name
        assert len(set(found.text.values())) == len(LANGUAGES)
    assert len({found.text["en"] for found in PROBLEMS}) == len(PROBLEMS)
    assert len(list(shipped_folder("problems").glob("*.yaml"))) == 9


def test_plurals_agree_with_their_numbers() -> None:
    """Slots stand before plurals, so that no integer of a domain is one (or none)."""
    for found in PROBLEMS:
        for name, domain in found.domains.items():
            if not domain.choices:
                assert domain.first >= 2, (found.name, name)


def test_domains_are_wide() -> None:
    for found in PROBLEMS:
        size = 1
        for domain in found.domains.values():
            size *= len(domain)
        assert size > 10_000, (found.name, size)


def test_no_number_but_the_values_hides_in_a_text() -> None:
    """What a text states beside its slots is the same in every language."""
    for found in PROBLEMS:
        stated = [
            {f.value for f in figures(fill(text, found.original), language)}
            for language, text in found.text.items()
        ]
        assert all(numbers == stated[0] for numbers in stated), found.name
        assert all(slots(text) == set(found.domains) for text in found.text.values())


def test_originals_reproduce_their_answers_by_both_routes() -> None:
    for found in PROBLEMS:
        assert fault(found, found.original, original=True) == "", found.name
        assert second_route(found, found.original) == answer_of(found, found.original), found.name
        assert "the original's" in fault(found, found.original)


def test_three_thousand_instances_agree_and_are_distinct() -> None:
    seen = set()
    topics = Counter[str]()
    for i in range(3000):
        language = LANGUAGES[i % len(LANGUAGES)]
        chosen = choose_problem(PROBLEMS, language, Draw("problem", i))
        instance = sample(chosen, language, Draw("values", i))
        value = answer_of(chosen, instance.values)
        assert second_route(chosen, instance.values) == value
        assert steps_of(chosen, instance.values)[chosen.steps[-1].name] == value
        assert value != answer_of(chosen, chosen.original) and of_type(value, chosen.type)
        question = question_of(instance)
        assert "{" not in question and value not in numbers_of(instance)
        for line in solution_of(instance):
            assert all(holds for _, holds, _ in equations(line)), (chosen.name, line)
        assert equations(line)[-1][2] == value
        seen.add((chosen.name, *map(str, instance.values.values())))
        topics[chosen.topic] += 1
    assert len(seen) == 3000  # the domains are wide enough
    assert min(topics.values()) > 100


# ---------------------------------------------------------------- sampling


def values(**told: Any) -> dict[str, Any]:
    return {name: Fraction(value) for name, value in told.items()}


@pytest.mark.parametrize(
    ("changes", "told", "message"),
    [
        ({}, values(a=1, b=6), "not of their domains: a"),
        ({}, values(a=5), "not of their domains: b"),
        ({"where": ["a < b"]}, values(a=9, b=7), "condition 0 fails"),
        ({"where": ["b / (a - 5) > 0"]}, values(a=5, b=7), "degenerate"),
        ({}, values(a=6, b=4), "the answer 20 is the original's"),
        ({"answer": "2 * (a + b) / 1", "type": "percent"}, values(a=7, b=7), ""),
        ({"check": {"unknowns": ["x"], "equations": ["x = 2 * a + b"]}}, values(a=7, b=7),
         "the second route gives 21, not 28"),
        ({"check": {"unknowns": ["x"], "equations": ["x ** 2 = 4 * (a + b) ** 2"]}},
         values(a=7, b=7), "2 solutions where one is asked"),
        ({"check": {"unknowns": ["x"], "equations": ["x ** 2 = 4 * (a + b) ** 2"],
                    "given": ["x > 0"]}}, values(a=7, b=7), ""),
    ],
)  # fmt: skip
def test_what_makes_values_unfit(
    changes: dict[str, Any], told: dict[str, Any], message: str
) -> None:
    found = fault(problem(**changes), told)
    assert message in found and bool(message) is bool(found)


def test_types_of_answers_and_steps() -> None:
    halved = problem(answer="(a + b) / 2", steps=["both: c = a + b", "half: d = c / 2"])
    assert "is not of type integer" in fault(halved, values(a=7, b=8))
    inner = problem(steps=["part: c = a / 4", "rest: d = b * 2 + a * 2 - c", "all: e = d + c"])
    assert "step c is 7/4, not of type integer" in fault(inner, values(a=7, b=8))
    free = [
        "part: c = a / 4 | rational",
        "rest: d = b * 2 + a * 2 - c | rational",
        "all: e = d + c",
    ]
    assert fault(problem(steps=free), values(a=7, b=8)) == ""
    less = problem(answer="a - b", steps=["rest: c = a - b"], signed=True,
                   check={"unknowns": ["x"], "equations": ["x + b = a"]})  # fmt: skip
    assert fault(less, values(a=7, b=80)) == ""
    told = {**less.source, "signed": False}
    with_sign = read_template("less", "pets", told)
    assert "is not of type" in fault(with_sign, values(a=7, b=80))


def test_an_answer_that_is_read_before_it_is_derived_is_no_instance() -> None:
    stated = problem(answer="a + b - 20", steps=["both: c = a + b", "rest: d = c - 20"],
                     values={"a": "2..90 = 34", "b": "2..90 = 6"},
                     check={"unknowns": ["x"], "equations": ["x + 20 = a + b"]})  # fmt: skip
    assert fault(stated, values(a=30, b=7)) == ""
    for told in (values(a=30, b=20), values(a=20, b=30), values(a=20, b=20)):
        assert "stands in the question or in a step before" in fault(stated, told)


def test_no_instance_after_so_many_tries() -> None:
    never = problem(where=["a + b == 10"], values={"a": "2..90 = 4", "b": "2..90 = 6"})
    with pytest.raises(Rejected) as caught:
        sample(never, "en", Draw(1), tries=50)
    assert caught.value.reason == "no_instance"
    with pytest.raises(Rejected) as caught:
        choose_problem([problem()], "pl", Draw(1))
    assert caught.value.reason == "no_instance"


def test_a_sample_is_a_pure_function_of_its_draw() -> None:
    for name in ("lighthouses", "two_purchases", "neither_event"):
        first = sample(BY_NAME[name], "de", Draw("x", 4))
        assert first == sample(BY_NAME[name], "de", Draw("x", 4))
        assert first.values != sample(BY_NAME[name], "de", Draw("x", 5)).values


def test_a_search_is_bounded() -> None:
    wide = problem(check={"search": {"i": "1..400", "j": "1..400"}, "take": "count"})
    with pytest.raises(ExpressionError, match="combinations"):
        second_route(wide, values(a=7, b=7))
    nothing = problem(check={"search": {"i": "1..4"}, "where": ["i > 9"], "take": "min i"})
    with pytest.raises(ExpressionError, match="finds nothing"):
        second_route(nothing, values(a=7, b=7))


# ---------------------------------------------------------------- wrong options


def test_distractors_are_four_of_a_kind() -> None:
    short = 0
    for i in range(600):
        chosen = PROBLEMS[i % len(PROBLEMS)]
        instance = sample(chosen, "en", Draw("values", i))
        answer = answer_of(chosen, instance.values)
        likely = {*slips(instance), *near_misses(instance)}
        assert answer not in likely and all(is_plausible(chosen, v, answer) for v in likely)
        try:
            wrong = wrong_values(instance, Draw("options", i))
        except Rejected as rejected:
            assert rejected.reason == "mcq_options"
            short += 1
            continue
        texts = [number(v, chosen.type) for v in (answer, *wrong)]
        assert len(set(texts)) == 4 and not contained_pairs(texts) and set(wrong) <= likely
    assert short < 12


def test_slips_are_wrong_operations_and_forgotten_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    instance = Instance(problem(), "en", values(a=20, b=8))  # 56
    assert set(slips(instance)) == {Fraction(28), Fraction(24), Fraction(14)}
    assert Fraction(57) in near_misses(instance)
    monkeypatch.setattr("beam_synth.materials.problems.slips.near_misses", lambda instance: ())
    assert len(wrong_values(instance, Draw(1))) == 3
    few = Instance(problem(), "en", values(a=2, b=2))  # 8: only 4 and 2 are slips
    with pytest.raises(Rejected) as caught:
        wrong_values(few, Draw(1))
    assert caught.value.reason == "mcq_options"


# ---------------------------------------------------------------- answers


@pytest.mark.parametrize(
    ("text", "language", "value"),
    [
        ("The answer is 1,234.5 km.", "en", Fraction("1234.5")),
        ("La réponse est 1\u202f234,5 km.", "fr", Fraction("1234.5")),
        ("Die Antwort ist 1.234,5 km.", "de", Fraction("1234.5")),
        ("Die Antwort ist 1.234.", "de", Fraction(1234)),
        ("Die Antwort ist 0.25.", "de", Fraction(1, 4)),
        ("It is 3, no: -4.", "en", Fraction(-4)),
        ("It is −4 °C.", "en", Fraction(-4)),
        ("From 10-12 it is 7/12.", "en", Fraction(7, 12)),
        ("Resultado: 12,50", "es", Fraction("12.5")),
        ("That makes 35%.", "en", Fraction(35)),
        ("It measures 42 m².", "en", Fraction(42)),
        ("nothing", "en", None),
    ],
)
def test_the_last_number_is_the_answer(text: str, language: str, value: Fraction | None) -> None:
    assert final(text, language) == value


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("6/8", ("number", Fraction(3, 4))),
        ("0.75", ("number", Fraction(3, 4))),
        ("35 %", ("percent", Fraction(35))),
        ("[1, 3)", ("interval", Fraction(1), Fraction(3), True, False)),
        ("(0.5; 2]", ("interval", Fraction(1, 2), Fraction(2), False, True)),
        ("{2, 1, 1}", ("set", frozenset({Fraction(1), Fraction(2)}))),
        ("{1; 2}", ("set", frozenset({Fraction(1), Fraction(2)}))),
        ("{1, x}", None),
        ("[1, x]", None),
        ("some", None),
        ("3/0", None),
    ],
)
def test_equal_answers_have_one_form(text: str, form: tuple[object, ...] | None) -> None:
    assert comparable(text) == form


def test_formulas_are_left_to_a_library() -> None:
    assert agrees("So $\\frac{6}{8}$ is left.", Fraction(3, 4))
    assert not agrees("So $\\frac{6}{7}$ is left.", Fraction(3, 4))
    assert agrees("\\boxed{12}", Fraction(12))


@settings(max_examples=200)
@given(st.decimals(-99999, 99999, places=3, allow_nan=False), st.sampled_from(LANGUAGES))
def test_an_answer_is_read_as_it_is_written(told: Any, language: str) -> None:
    value = Fraction(told)
    text = result(value, "decimal 3", "km", language)
    assert final(f"x {text}.", language) == value
    assert Fraction(decimal(value)) == value
