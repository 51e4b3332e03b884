"""The methods arithmetic and math_mcq: what is asked, what each rejection catches, mutations."""

from __future__ import annotations

import dataclasses
import re
from collections import Counter
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import orjson
import pytest

from beam_synth.drawing import Draw
from beam_synth.engines.prompts import Prompts
from beam_synth.errors import Rejected
from beam_synth.materials.problems import load_problems
from beam_synth.materials.problems.answers import figures
from beam_synth.materials.problems.sampling import question_of, sample
from beam_synth.methods import ProblemSeed, load_method
from beam_synth.methods.arithmetic.checks import listed_numbers
from beam_synth.methods.arithmetic.same_problem import changed as changed_problem
from beam_synth.methods.arithmetic.same_problem import hints, wrong_rates
from beam_synth.methods.arithmetic.worked import LETTERS, Worked
from beam_synth.records import LANGUAGES
from tests.doubles import exchanges
from tests.doubles.exchanges import passage
from tests.doubles.ports import Rules, Script
from tests.doubles.written import Row, changed, constrained, faults, rendered, run, written

NAMES = ("arithmetic", "math_mcq")


def no_texts(sha256: str) -> Any:
    raise KeyError(sha256)


def seed_of(name: str, index: int, language: str = "en") -> ProblemSeed:
    return ProblemSeed(exchanges.seed_of(name, passage(language=language), index).task)


def rows_of(name: str, number: int, languages: tuple[str, ...] = LANGUAGES) -> list[Row]:
    found = []
    for index in range(number):
        try:
            language = languages[index % len(languages)]
            found.append(written(name, seed_of(name, index, language)))
        except Rejected as rejected:
            assert rejected.reason in ("mcq_options", "no_instance")
    assert len(found) > 0.95 * number
    return found


@pytest.fixture(scope="module", params=NAMES)
def rows(request: pytest.FixtureRequest) -> tuple[str, list[Row]]:
    return request.param, rows_of(request.param, 210)


# ---------------------------------------------------------------- whole rows


def test_rows_verify_from_themselves(rows: tuple[str, list[Row]]) -> None:
    name, found = rows
    for row in found:
        assert faults(name, row, no_texts) == [], row
        assert all(check["passed"] for check in row["checks"])
        (seed,) = row["seeds"]
        assert (seed["role"], seed["url"], seed["license"]) == ("template", "", "Apache-2.0")
        assert row["query_seed_text"] == "" and row["seed_license"] == "Apache-2.0"
        assert row["messages"][0]["content"] == row["query"]
        assert row["exercise"] == load_method(name).exercise


def test_rows_are_diverse(rows: tuple[str, list[Row]]) -> None:
    _, found = rows
    assert len({row["query"] for row in found}) == len(found)
    openings = Counter(row["synthetic_reasoning"].split()[0] for row in found)
    assert max(openings.values()) < 0.5 * len(found)
    assert len({row["seeds"][0]["title"] for row in found}) > 50
    assert {row["language"] for row in found} == set(LANGUAGES)


def test_the_key_stands_anywhere() -> None:
    from scipy.stats import chisquare

    found = rows_of("math_mcq", 400, ("en",))
    keys = Counter(orjson.loads(row["constraints"])["key"] for row in found)
    assert set(keys) == {0, 1, 2, 3}
    assert chisquare(list(keys.values())).pvalue > 1e-4


def test_a_task_gives_the_same_sample_again() -> None:
    for name in NAMES:
        assert run(name, seed_of(name, 3, "it")) == run(name, seed_of(name, 3, "it"))


@pytest.mark.parametrize("name", NAMES)
def test_prompts_render_what_is_asked(name: str) -> None:
    models = Rules()
    run(name, seed_of(name, 5, "pl"), models)
    asked = models.asked
    assert [template for template, _ in asked] == list(load_method(name).prompts)
    for template, variables in asked:
        system, user = Prompts().render(template, variables)
        for text in (system["content"], user["content"]):
            assert "Polish" in text and "{{" not in text and "None" not in text
            assert "\n\n\n" not in text and "as the word says" not in text
    first, second = (Prompts().render(*call)[1]["content"] for call in asked)
    assert asked[0][1]["problem"] in first and asked[1][1]["value"] in second
    assert asked[1][1]["value"] not in first
    if name == "math_mcq":
        assert all(option in second for option in asked[1][1]["options"])


# ---------------------------------------------------------------- one input per reason


def replies(name: str, seed: ProblemSeed) -> dict[str, Any]:
    """What the rule engine says to each request of the task."""
    models = Rules()
    run(name, seed, models)
    return models.said


def _sub(pattern: str, by: str) -> Callable[[str], str]:
    def change(text: str) -> str:
        new = re.sub(pattern, by, text, count=1)
        assert new != text, (pattern, text)
        return new

    return change


def _shown_early(text: str) -> str:
    return f"it is {text.rpartition('∴')[2].split()[-2]} → to be shown ●\n{text}"


@pytest.mark.parametrize(
    ("name", "field", "change", "reason"),
    [
        ("arithmetic", "query", _sub(r"\d+", "97531"), "query_changes_problem"),
        ("arithmetic", "query", lambda text: f"{text} Or 86423?", "query_changes_problem"),
        ("arithmetic", "query", lambda text: re.sub(r"[^\d ]+", "kot", text) + " pies i kot na "
         "drodze do domu, ile km, gdzie jest dziadek", "query_language"),
        ("arithmetic", "query", lambda text: "", "malformed_answer"),
        ("arithmetic", "query", lambda text: f"{text} <think>", "malformed_answer"),
        ("arithmetic", "reasoning", lambda text: "", "malformed_answer"),
        ("arithmetic", "reasoning", lambda text: text.replace("∴", "so"), "trace_grammar"),
        ("arithmetic", "reasoning", lambda text: "∴ 42", "trace_length"),
        ("arithmetic", "reasoning", _sub(r"= (\d)", r"= 9\1"), "trace_arithmetic"),
        ("arithmetic", "reasoning", lambda text: f"gcd(24, 36) = 2 ●\n{text}",
         "trace_arithmetic"),
        ("arithmetic", "reasoning", lambda text: f"⌊20 ÷ 12⌋ = 2 ●\n{text}",
         "trace_arithmetic"),
        ("arithmetic", "reasoning", lambda text: f"stated: 86423 in all\n{text}",
         "trace_unsupported"),
        ("arithmetic", "reasoning", _shown_early, "trace_early_answer"),
        ("arithmetic", "reasoning", _sub(r"∴.*", "∴ done ●"), "trace_misses_answer"),
        ("arithmetic", "reasoning", lambda text: text.replace("∴", "and so: 2 × 100 = 200\n∴"),
         "trace_misses_answer"),
        ("arithmetic", "reasoning", lambda text: f"the provided solution says so ●\n{text}",
         "trace_leaks_source"),
        ("arithmetic", "query", lambda text: f"{text} Hint: begin with the last.", "query_hints"),
        ("arithmetic", "query", lambda text: f"{text} What is the mean of these?",
         "query_changes_problem"),
        ("arithmetic", "reasoning", lambda text: f"half of 100 is 100 ÷ 2 = 50 ◐\n{text}",
         "trace_strays"),
        ("arithmetic", "reasoning", lambda text: f"the trapezoid comes first ●\n{text}",
         "trace_strays"),
        ("arithmetic", "answer", lambda text: text.split()[-1], "answer_wrong"),
        ("arithmetic", "answer", lambda text: f"The perimeter counts: {text}", "answer_wrong"),
        ("math_mcq", "reasoning", lambda text: text.replace("∴", "D is right and A is right ●\n∴"),
         "trace_misses_answer"),
        ("arithmetic", "answer", lambda text: "It is 12345.", "answer_wrong"),
        ("arithmetic", "answer", lambda text: f"{text} Not 7.", "answer_wrong"),
        ("arithmetic", "answer", lambda text: f"2 + 2 = 5. {text}", "answer_wrong"),
        ("arithmetic", "answer", lambda text: "La réponse est celle que nous avons calculée tout à "
         "l'heure avec les chiffres donnés.", "answer_language"),
        ("math_mcq", "answer", lambda text: text.replace(")", ""), "answer_wrong"),
        ("math_mcq", "answer", lambda text: f"Neither A) nor D), nor B), nor C): {text}",
         "answer_wrong"),
    ],
)  # fmt: skip
def test_rejections(name: str, field: str, change: Callable[[str], str], reason: str) -> None:
    # A task whose answer no changed text meets by chance.
    for index in range(3):
        seed = seed_of(name, 40 + index)
        told = replies(name, seed)
        for reply in told.values():
            if field in reply:
                reply[field] = change(reply[field])
        with pytest.raises(Rejected) as caught:
            run(name, seed, Script(told))
        assert caught.value.reason == reason, caught.value


def test_a_reworded_problem_and_another_way_pass() -> None:
    seed = seed_of("arithmetic", 41)
    told = replies("arithmetic", seed)
    query = told["arithmetic/query"]["query"]
    told["arithmetic/query"]["query"] = f"A pupil asks the following. {query}"
    reasoning = told["arithmetic/answer"]["reasoning"]
    tried = "first idea: 100 ÷ 2 = 50 ◐\n↺ that leads nowhere → once more from the numbers ●"
    told["arithmetic/answer"]["reasoning"] = f"{tried}\n{reasoning}"
    sample = run("arithmetic", seed, Script(told))
    assert sample.query.startswith("A pupil asks")


def worked(name: str, language: str, query: str = "", trace: str = "", answer: str = "") -> Worked:
    """A shipped problem with its original-like values, worded and answered as given."""
    problem = next(p for p in load_problems(None) if p.name == name)
    instance = sample(problem, language, Draw("same problem", name))
    stated = question_of(instance)
    slots = {key: str(value) for key, value in instance.values.items()}
    asked, thought, said = (text.format(**slots) for text in (query, trace, answer))
    return Worked(instance, asked or stated, thought, said)


@pytest.mark.parametrize(
    ("name", "language", "query", "said"),
    [
        ("mean_of_three", "en", "Visitors: {a}, {b}, {c} on three days. How many in all?", "mean"),
        ("mean_of_three", "de", "Es kamen {a}, {b}, {c} Gäste. Wie viele insgesamt?", "mean"),
        ("two_legs", "en", "{v} km/h for {t} h against {w} km/h for {u} h: how many km further "
         "does the first go?", "difference"),
        ("two_days_reading", "en", "{n} pages; {who} reads {f} of the pages, then {g} of all the "
         "pages. How many are left?", "of what is left"),
        ("two_legs", "en", "A train does {v} km for {t} h and {w} km/h for {u} h. How many km?",
         "became"),
    ],
)  # fmt: skip
def test_another_problem_is_told(name: str, language: str, query: str, said: str) -> None:
    assert any(said in problem for problem in changed_problem(worked(name, language, query)))


@pytest.mark.parametrize(
    ("name", "language", "query"),
    [
        ("mean_of_three", "en", "{a}, {b} and {c} guests on three days: what is the average?"),
        ("mean_of_three", "la", "Hospites fuerunt {a}, {b}, {c}. Quot medio numero cotidie?"),
        ("term_of_sequence", "it", "Da {a} si sale di {d} ogni volta. Che numero sta al {n}?"),
        ("square_difference", "de", "Wie viel mehr ist {n} im Quadrat als {m} im Quadrat?"),
        ("two_days_reading", "en", "{n} pages: {f} on one day, of the remaining ones {g} by {who} "
         "on the next. How many are still unread?"),
    ],
)  # fmt: skip
def test_the_same_problem_in_other_words(name: str, language: str, query: str) -> None:
    found = worked(name, language, query)
    assert not [*changed_problem(found), *hints(found)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_shipped_wordings_are_of_their_own_problem_and_hint_at_nothing(language: str) -> None:
    for problem in load_problems(None):
        found = worked(problem.name, language)
        assert not [*changed_problem(found), *hints(found)], problem.name


def test_amounts_are_no_rates() -> None:
    found = worked(next(p.name for p in load_problems(None) if "lends boats" in p.text["en"]), "en")
    more, less = (Fraction(found.instance.values[name]) for name in "ba")
    gap = int(more - less)
    text = f"{found.instance.values['b']} − {found.instance.values['a']} = {gap}"
    wrong = dataclasses.replace(found, reasoning=text, answer=f"The {gap} euros an hour go.")
    right = dataclasses.replace(found, reasoning=text, answer=f"The {gap} euros go.")
    assert list(wrong_rates(wrong)) and not list(wrong_rates(right))


def test_a_list_may_go_on_by_its_step() -> None:
    text, known = "It begins with 440, 480, 520 and ends.", {Fraction(440), Fraction(40)}
    assert [f.value for f in listed_numbers(text, list(figures(text)), known)] == [480, 520]
    other = text.replace("480", "481")
    assert not listed_numbers(other, list(figures(other)), known)


# ---------------------------------------------------------------- mutations of written rows


def _digit(text: str, draw: Draw) -> str:
    """The text with one of its digits exchanged; marks of entropy and of steps are left."""
    masked = re.sub(r"⟨H≈[^⟩]*⟩|(?m:^\W*\d{1,2}[.)]\s)|\^ \d", lambda m: "x" * len(m[0]), text)
    at = draw.choice([m.start() for m in re.finditer(r"\d", masked)])
    other = draw.choice([d for d in "123456789" if d != text[at]])
    return text[:at] + other + text[at + 1 :]


def _changed_trace(row: Row, draw: Draw) -> Row:
    reasoning = _digit(row["synthetic_reasoning"], draw)
    return rendered(row, reasoning, row["synthetic_answer"])


def _changed_answer(row: Row, draw: Draw) -> Row:
    return rendered(row, row["synthetic_reasoning"], _digit(row["synthetic_answer"], draw))


def _changed_query(row: Row, draw: Draw) -> Row:
    query = _digit(row["query"], draw)
    messages = [dict(message) for message in row["messages"]]
    messages[0]["content"] = messages[0]["content"].replace(row["query"], query)
    return changed(row, query=query, messages=messages)


def _changed_value(row: Row, draw: Draw) -> Row:
    told = orjson.loads(row["constraints"])["values"]
    name = draw.choice([name for name, text in told.items() if text[0].isdigit()])
    return constrained(row, values={**told, name: _digit(told[name], draw)})


def _changed_template(row: Row, draw: Draw) -> Row:
    problem = orjson.loads(row["constraints"])["problem"]
    template = {**problem["template"], "answer": f"{problem['template']['answer']} + 0"}
    return constrained(row, problem={**problem, "template": template})


@pytest.mark.parametrize(
    "mutate",
    [_changed_trace, _changed_answer, _changed_query, _changed_value, _changed_template],
)
def test_mutations_are_caught(
    rows: tuple[str, list[Row]], mutate: Callable[[Row, Draw], Row]
) -> None:
    name, found = rows
    tried = 0
    for i, row in enumerate(found[:200]):
        mutant = mutate(row, Draw(mutate.__name__, i))
        tried += 1
        assert faults(name, mutant, no_texts), (row["synthetic_reasoning"], mutant)
    assert tried >= 195


def _prompted(row: Row, options: list[str], labels: list[str]) -> Row:
    """The row with other options, on the training surface, too."""
    mutant = constrained(row, options=options)
    mutant["messages"][0]["content"] = "\n".join([f"{row['query']}\n", *labels])
    return mutant


def test_changed_options_and_keys_are_caught(rows: tuple[str, list[Row]]) -> None:
    name, found = rows
    if name == "arithmetic":
        assert faults(name, constrained(found[0], options=["1"] * 4, key=0), no_texts)
        return
    for i, row in enumerate(found[:200]):
        draw, told = Draw("option", i), orjson.loads(row["constraints"])
        options, key = told["options"], told["key"]
        labels = row["messages"][0]["content"].splitlines()[-4:]
        at = draw.below(4)
        new = _digit(options[at], draw)
        label = re.sub(r"(?<=\) )\S+", new, labels[at], count=1)
        both = _prompted(
            row, [*options[:at], new, *options[at + 1 :]], [*labels[:at], label, *labels[at + 1 :]]
        )
        only = constrained(row, options=[*options[:at], new, *options[at + 1 :]])
        other = (key + 1 + draw.below(3)) % 4
        swapped = list(options)
        swapped[key], swapped[other] = swapped[other], swapped[key]
        answer = row["synthetic_answer"].replace(f"{LETTERS[key]})", f"{LETTERS[other]})")
        for mutant in (
            both,
            only,
            constrained(row, key=other),
            constrained(row, options=swapped),
            constrained(row, options=swapped, key=other),
            rendered(row, row["synthetic_reasoning"], answer),
        ):
            assert faults(name, mutant, no_texts), (options, mutant["constraints"])


def test_other_columns_are_held_together(rows: tuple[str, list[Row]]) -> None:
    name, found = rows
    row = found[0]
    seed = {**row["seeds"][0], "title": "another"}
    for mutant in (
        changed(row, seeds=[seed]),
        changed(row, seeds=row["seeds"] * 2),
        changed(row, messages=row["messages"][:1]),
        changed(row, language="en" if row["language"] != "en" else "fr"),
        changed(row, exercise="math exercise" if name == "math_mcq" else "math mcq"),
        changed(row, constraints="[]"),
        changed(row, constraints="{"),
        changed(row, words=row["words"] + 1),
    ):
        assert faults(name, mutant, no_texts)
