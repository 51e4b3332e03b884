"""Languages that a method, an engine or the problem templates cannot serve get no tasks."""

from __future__ import annotations

import dataclasses
from types import MappingProxyType
from typing import Any

import pytest

from beam_synth.drawing import digest
from beam_synth.errors import Refused
from beam_synth.generation.mixture import PlanConfig, Share, rates
from beam_synth.generation.planned_buckets import not_asked
from beam_synth.generation.planned_problems import problem_languages, problem_tasks
from beam_synth.generation.planned_units import unit_tasks
from beam_synth.generation.planning import plan_passage, plan_record
from beam_synth.generation.serving import served_languages, why_not
from beam_synth.job.schema import Job, Model
from beam_synth.methods import PROBLEM, SAMPLES, Start, load_method, method, records_of
from beam_synth.records import LANGUAGES

OPENAI = Model(engine="openai", base_url="http://localhost:1/v1", model="m")
FRENCH = Model(engine="tests.generation.test_serving:French")


HALF = Model(engine="tests.generation.test_serving:Half")


class Half:
    """An engine that serves fewer languages in the steps of one method."""

    fewer_languages = MappingProxyType({"mcq": ("en", "fr"), "mcq/answer": ("fr", "ja")})


class French:
    """An engine that says which languages it serves."""

    languages = ("fr", "ja")


@method(exercise="any", calls=0)
async def anything(seed: Any, models: Any, draw: Any) -> Any: ...


@method(exercise="any", calls=1, languages=("pt", "fr"), prompts=("mine",), roles=("teacher",))
async def two_languages(seed: Any, models: Any, draw: Any) -> Any: ...


OWN = "tests.generation.test_serving:two_languages"
ANY = "tests.generation.test_serving:anything"


def job(*names: str, **models: Model) -> Job:
    weights = dict.fromkeys(names, 1.0)
    return Job(name="x", articles=["a"], mixture=weights, models=models, languages="all")


@pytest.mark.parametrize(
    ("name", "models", "wanted"),
    [
        ("memorization", {}, LANGUAGES),
        ("memorization", {"generator": OPENAI}, LANGUAGES),  # its checks have words for these
        ("memorization", {"generator": FRENCH}, ("fr",)),
        ("arithmetic", {"generator": OPENAI}, LANGUAGES),
        ("memorization", {"generator": HALF}, LANGUAGES),
        ("mcq", {"generator": HALF}, ("fr",)),
        (ANY, {"generator": HALF}, None),
        ("multi_turn", {}, ("en", "fr", "de", "es", "it", "nl")),  # rules know no cases
        (OWN, {"teacher": OPENAI}, ("fr",)),  # rules are the generator where a job names none
        (OWN, {"generator": OPENAI, "teacher": OPENAI}, ("pt", "fr")),
        (OWN, {"generator": OPENAI, "teacher": FRENCH}, ("fr",)),
        (ANY, {"generator": OPENAI}, None),
        (ANY, {}, None),
        (ANY, {"generator": Model()}, LANGUAGES),
    ],
)
def test_a_method_serves_what_all_that_it_asks_serves(
    name: str, models: dict[str, Model], wanted: tuple[str, ...] | None
) -> None:
    assert served_languages(job(name, **models), load_method(name)) == wanted


def test_a_language_that_a_method_is_not_served_in_gets_none_of_its_tasks() -> None:
    plan = PlanConfig.of_job(job("mcq", "memorization", generator=HALF), 8)
    plan = dataclasses.replace(plan, per_passage=4.0)
    for n in range(20):
        passage = digest("passage", n)
        french = plan_passage(passage, "fr", (), plan)
        polish = plan_passage(passage, "pl", (), plan)
        assert [task.method for task in french] == ["mcq"] * 2 + ["memorization"] * 2
        assert [task.task_id for task in polish] == [task.task_id for task in french[2:]]
    passages = {"fr": 100, "pl": 100}
    assert rates(passages, plan) == {"fr": 4.0, "pl": 4.0}  # as of any method that cannot


def test_why_a_method_is_not_served_names_it_and_the_role() -> None:
    mixed = job("mcq", "memorization", generator=HALF)
    methods = [load_method("memorization"), load_method("mcq")]
    assert why_not(mixed, methods, "pl") == (
        "models.generator (tests.generation.test_serving:Half) in mcq can serve fr; another engine "
        "in models.generator may serve more"
    )
    pool = job(OWN, generator=OPENAI, teacher=FRENCH)
    assert why_not(pool, [load_method(OWN)], "pt") == (
        "models.teacher (tests.generation.test_serving:French) can serve fr, ja; another engine in "
        "models.teacher may serve more"
    )
    # What the method itself has no words for no engine can serve.
    assert why_not(pool, [load_method(OWN)], "ko").endswith("can serve pt, fr")


@pytest.mark.parametrize("languages", [["pl"], {"pl": 0.5, "de": 0.5}, ["ja"]])
def test_a_job_whose_every_cell_is_unserved_is_refused(languages: Any) -> None:
    mine = job("mcq", generator=HALF).model_copy(update={"languages": languages})
    with pytest.raises(Refused, match=r"nothing in the mixture can serve .* in mcq can serve fr"):
        PlanConfig.of_job(mine, 8)
    for served in (["pl", "fr"], {"pl": 0.5, "*": 0.5}, "all", "synth"):
        assert PlanConfig.of_job(mine.model_copy(update={"languages": served}), 8)


def test_a_job_that_no_language_is_left_to_is_refused() -> None:
    mine = job(OWN, generator=Model(engine="tests.generation.test_serving:Japanese"))
    with pytest.raises(Refused, match=r"mixture: no language can be served in .*can serve ja;"):
        PlanConfig.of_job(mine, 8)
    both = mine.model_copy(update={"mixture": {OWN: 1.0, ANY: 1.0}})
    assert PlanConfig.of_job(both, 8).serves("ja")


class Japanese:
    """An engine that serves a language which the method does not."""

    languages = ("ja",)


def test_languages_are_a_list() -> None:
    for wrong in ("en", ()):
        with pytest.raises(ValueError, match="is no list of codes"):
            method(exercise="any", calls=0, languages=wrong)


def config(**changes: Any) -> PlanConfig:
    shares = (Share("any", 0.5, 1, 0), Share("english", 0.5, 1, 0, languages=("en", "fr")))
    return dataclasses.replace(PlanConfig(1, shares, 2.0, None, 8), **changes)


ENGLISH = config(shares=(Share("english", 1.0, 1, 0, languages=("en", "fr")),))


def test_a_passage_gets_no_task_of_a_method_that_cannot_serve_it() -> None:
    for n in range(50):
        passage = digest("passage", n)
        both = plan_passage(passage, "en", (), config())
        assert [task.method for task in both] == ["any", "english"]
        assert plan_passage(passage, "pt", (), config()) == [
            dataclasses.replace(both[0], language="pt")  # the other method gets no more for it
        ]
        assert plan_passage(passage, "pt", (), ENGLISH) == []


def test_a_language_that_nothing_serves_is_a_reject_with_a_reason() -> None:
    found = not_asked("pt", ENGLISH, None, "PlanTasks", "p")
    assert found is not None and found.reason == "unsupported_language" and "'pt'" in found.detail
    assert not_asked("fr", ENGLISH, None, "PlanTasks", "p") is None
    assert not_asked("pt", config(), None, "PlanTasks", "p") is None
    named = dataclasses.replace(ENGLISH, languages=("en",))
    other = not_asked("pt", named, None, "PlanTasks", "p")
    assert other is not None and other.reason == "language_not_asked"
    shares = dataclasses.replace(ENGLISH, language_shares=(("en", 0.8), ("*", 0.2)))
    spread = not_asked("pt", shares, rates({"en": 5, "pt": 5}, shares), "PlanTasks", "p")
    assert spread is not None and spread.reason == "unsupported_language"


def test_a_language_that_nothing_serves_has_no_part_in_the_shares() -> None:
    shares = dataclasses.replace(ENGLISH, language_shares=(("en", 0.8), ("*", 0.2)))
    passages = {"en": 100, "pt": 300, "fr": 100}
    assert rates(passages, shares) == rates({"en": 100, "fr": 100}, shares)
    assert rates(passages, ENGLISH) == {"en": 2.0, "fr": 2.0}


def test_what_is_wanted_is_asked_for_and_served() -> None:
    assert config().wanted_languages is None
    assert ENGLISH.wanted_languages == ("en", "fr")
    assert dataclasses.replace(ENGLISH, languages=("fr", "pt")).wanted_languages == ("fr",)


def test_records_and_units_in_a_language_that_is_not_served_get_no_task() -> None:
    share = dataclasses.replace(
        ENGLISH.shares[0], start=records_of(SAMPLES), makers=("any",), round=1
    )
    wanted = config(shares=(Share("any", 1.0, 1, 0), share))
    given = (digest("record"), "f", [share], 3.0, wanted)
    assert len(plan_record(given[0], "en", *given[1:])) == 3
    assert plan_record(given[0], "pt", *given[1:]) == []
    units = config(
        shares=(Share("a", 1.0, 1, 0, Start("passage", "section"), languages=("en",)),),
    )
    row = {"passage_id": "p", "article_id": "a", "section": "", "tokens": 9}
    for language, tasks in (("en", 2), ("pt", 0)):
        found = unit_tasks([{**row, "language": language}], lambda ids: {}, units, None)
        assert len(list(found)) == tasks


def test_problems_are_worded_in_languages_that_are_served() -> None:
    everything = Share("a", 1.0, 1, 0, PROBLEM)
    french = Share("b", 1.0, 1, 0, PROBLEM, languages=("fr",))
    both = config(shares=(everything, french))
    languages = problem_languages(None, both)
    assert set(languages) == set(LANGUAGES)
    tasks = problem_tasks(range(300), languages, both)
    assert {task.language for task in tasks if task.method == "b"} == {"fr"}
    assert {task.language for task in tasks if task.method == "a"} == set(LANGUAGES)
    assert set(problem_languages(None, config(shares=(french,)))) == {"fr"}
