"""The shipped methods over a scripted model: what is asked, drawn, checked and returned."""

from __future__ import annotations

import dataclasses
import itertools
from collections import Counter
from collections.abc import Mapping
from typing import Any

import pytest

from beam_synth.checks.citations import position_fit
from beam_synth.drawing import draw
from beam_synth.errors import Rejected
from beam_synth.methods import PassageSeed, load_method
from beam_synth.methods.rag.prompt_sources import (
    answers,
    at_both_ends,
    draw_sources,
    order_checks,
    render_prompt,
)
from beam_synth.methods.shared.axes import (
    COMPLEXITIES,
    QUERY_RESULTS,
    QUERY_TYPES,
    STYLES,
    USER_PROFILES,
    draw_axes,
)
from beam_synth.records import CHECK, SEED, Sample
from tests.doubles import exchanges, written
from tests.doubles.exchanges import FAR, NEAR, passage
from tests.doubles.ports import Script

QUERY = {"query": "Who designed the tram bridge near Thun?", "focus": "designed by Clara Vogt"}
# What is asked where the answer is to be another one than a plain one.
QUERIES = {
    "positive": QUERY,
    "negative": {**QUERY, "query": "Who designed the tram bridge at Bern?"},
    "absurd": {**QUERY, "query": "Who taught the tram bridge near Thun to whistle?"},
    "ambiguous": {
        "query": "Who was there first near Thun?",
        "focus": "designed by Clara Vogt and opened on 3 May 1912",
    },
}


def _query(variables: Mapping[str, Any]) -> dict[str, str]:
    return QUERIES[variables["axes"]["query_result"]]


def _closed_book(variables: Mapping[str, Any]) -> dict[str, str]:
    sure = {
        "positive": "The bridge was designed by Clara Vogt.",
        "negative": "No, that is not true: it was designed by Clara Vogt.",
        "absurd": "That makes no sense: it was designed by Clara Vogt, and bridges learn nothing.",
        "ambiguous": "That is ambiguous: do you mean Clara Vogt or the ferry?",
    }
    reasoning = (
        "asked: who stands behind a tram bridge near Thun\n"
        "crossing → river Aare ● → a ferry came first ✓\n"
        "design → credited to one person ◐\n∴ Clara Vogt ●"
    )
    return {"reasoning": reasoning, "answer": sure[variables["axes"]["query_result"]]}


def _from_sources(variables: Mapping[str, Any]) -> dict[str, str]:
    primary = variables["primary"]
    if primary is None:
        first = variables["sources"][0]["tag"]
        reasoning = (
            f"asked: who stands behind a tram bridge\n{first}: other matters → nothing on it ●\n"
            "the rest: no design credit either ✓\n∴ cannot be told ●"
        )
        return {"reasoning": reasoning, "answer": "The sources do not say who designed it."}
    reply = _closed_book(variables)
    cited = f'<ref name="{primary}">It was designed by Clara Vogt</ref>'
    answer = reply["answer"].rstrip(".") + f" {cited}."
    return {"reasoning": reply["reasoning"], "answer": answer}


SCRIPT = {
    "memorization/query": _query,
    "memorization/answer": _closed_book,
    "rag/query": _query,
    "rag/answer": _from_sources,
}
BANKS = [
    dataclasses.replace(NEAR, passage_id=f"{i:032d}", text=f"{NEAR.text} Bank {i}.", title=f"B{i}")
    for i in range(4, 12)
]
NEIGHBORS = (NEAR, FAR, *BANKS)


def seed_of(index: int = 0, method: str = "memorization", neighbors: int = 10) -> PassageSeed:
    return exchanges.seed_of(method, passage(), index, NEIGHBORS[:neighbors])


def run(
    name: str, seed: PassageSeed, script: Mapping[str, Any] = SCRIPT, context: int = 99
) -> tuple[Sample, Script]:
    """The sample of a task by scripted models, and those models."""
    models = Script(script, context)
    return written.run(name, seed, models), models


def test_memorization_is_closed_book() -> None:
    sample, models = run("memorization", seed_of())
    assert [template for template, _ in models.asked] == list(load_method("memorization").prompts)
    assert set(models.asked[0][1]) == {"passage", "language", "axes"}
    assert set(models.asked[1][1]) == {
        "query", "focus", "passage", "neighbors", "axes", "language", "trace_words",
    }  # fmt: skip
    user, assistant = sample.messages
    asked = QUERIES[sample.constraints["query_result"]]
    assert user == {"role": "user", "content": asked["query"]}
    assert assistant["content"] == f"<think>\n{sample.reasoning}\n</think>\n{sample.answer}"
    assert (sample.exercise, sample.query_seed_url) == ("memorization", passage().url)
    assert sample.query_seed_text == passage().text
    assert sample.additional_seed_url == NEAR.url
    assert [seed["role"] for seed in sample.seeds] == ["primary", "neighbour", "neighbour"]
    assert set(sample.constraints) == {
        "query_type", "query_result", "language", "focus", "asked", "trace_words",
    }  # fmt: skip
    assert sample.constraints["query_type"] == "person"  # "Who designed …", whatever was asked for
    assert sample.constraints["asked"] == models.asked[0][1]["axes"]
    assert 0.5 < sample.quality <= 1


@pytest.mark.parametrize("name", ["memorization", "rag"])
def test_rows_fit_their_schema(name: str) -> None:
    for index in range(12):
        sample, _ = run(name, seed_of(index, name))
        assert {f.name for f in SEED} == {k for seed in sample.seeds for k in seed}
        assert {f.name for f in CHECK} == {k for check in sample.checks for k in check}
        assert all(check["passed"] for check in sample.checks)
        assert run(name, seed_of(index, name))[0] == sample


def test_without_neighbours() -> None:
    sample, _ = run("memorization", seed_of(neighbors=0))
    assert sample.additional_seed_url == ""
    alone, models = run("rag", seed_of(neighbors=0, method="rag"))
    assert alone.constraints["sources"] == 1
    assert not alone.constraints["withheld"]
    assert models.asked[1][1]["primary"] == "source_1"


def test_rag_shows_its_sources() -> None:
    for index in range(30):
        sample, models = run("rag", seed_of(index, "rag"))
        asked = models.asked[1][1]
        tags = [source["tag"] for source in asked["sources"]]
        assert tags == [f"source_{i}" for i in range(1, len(tags) + 1)]
        assert len(tags) == sample.constraints["sources"] <= 10
        prompt = sample.messages[0]["content"]
        assert prompt.startswith(QUERIES[sample.constraints["query_result"]]["query"])
        assert all(f"<{tag}>\n" in prompt and f"</{tag}>" in prompt for tag in tags)
        assert (passage().text in prompt) is (not sample.constraints["withheld"])
        position = sample.constraints["primary_position"]
        assert asked["primary"] == (f"source_{position}" if position else None)


def test_rag_in_a_small_context_shows_half_of_its_sources() -> None:
    whole = [run("rag", seed_of(index, "rag"))[0] for index in range(30)]
    halves = [run("rag", seed_of(index, "rag"), context=1)[0] for index in range(30)]
    assert any(sample.constraints["sources"] > 1 for sample in whole)
    for sample, half in zip(whole, halves, strict=True):
        n = sample.constraints["sources"]
        assert half.constraints["sources"] == -(-n // 2)
        assert half.constraints["withheld"] is sample.constraints["withheld"]
        prompt = half.messages[0]["content"]
        assert f"<source_{-(-n // 2)}>" in prompt and f"<source_{-(-n // 2) + 1}>" not in prompt
        assert (passage().text in prompt) is (not half.constraints["withheld"])
        assert len(half.seeds) - half.constraints["withheld"] == half.constraints["sources"]


def test_rejections_reach_the_caller() -> None:
    for reply, reason in [
        ({**QUERY, "query": "Qui a conçu le pont qui traverse la rivière ?"}, "query_language"),
        ({**QUERY, "focus": "designed by Carla Vogt"}, "focus_not_span"),
        ({**QUERY, "query": "  "}, "malformed_answer"),
        ({**QUERY, "query": "Who </think> designed the bridge?"}, "malformed_answer"),
    ]:
        with pytest.raises(Rejected) as caught:
            run("memorization", seed_of(), {**SCRIPT, "memorization/query": reply})
        assert caught.value.reason == reason
    with pytest.raises(Rejected) as caught:
        answer = {"reasoning": "∴ Clara Vogt", "answer": "Clara Vogt designed it."}
        run("rag", seed_of(method="rag"), {**SCRIPT, "rag/answer": answer})
    assert caught.value.reason in {"citation_missing", "trace_length", "no_abstention"}


# ---------------------------------------------------------------- draws


def drawer_of(key: str) -> Any:
    return lambda purpose: draw(1, key, purpose)


def test_axes_follow_their_shares() -> None:
    from scipy.stats import chisquare

    drawn = [draw_axes(draw(1, str(i), "axes")) for i in range(6000)]
    for axis, values in [
        ("query_type", QUERY_TYPES),
        ("complexity", COMPLEXITIES),
        ("user_profile", USER_PROFILES),
        ("style", STYLES),
    ]:
        counts = Counter(axes[axis] for axes in drawn)
        assert set(counts) == set(values)
        assert chisquare(list(counts.values())).pvalue > 1e-4
    counts = Counter(axes["query_result"] for axes in drawn)
    expected = {result: 6000 * share for result, share in QUERY_RESULTS.items()}
    assert chisquare([counts[r] for r in expected], list(expected.values())).pvalue > 1e-4


def test_the_primary_position_is_uniform_and_a_tenth_withheld() -> None:
    seed, positions, withheld, roles = seed_of(method="rag"), [], 0, Counter[str]()
    sizes = Counter[int]()
    for i in range(3000):
        sources = draw_sources(seed, QUERY["query"], QUERY["focus"], drawer_of(str(i)))
        at = [n for n, source in enumerate(sources) if source.role == "primary"]
        withheld += not at
        sizes[len(sources)] += bool(at)
        roles.update(source.role for source in sources)
        positions += [(n, len(sources)) for n in at]
        assert len({s.passage.passage_id for s in sources}) == len(sources)
    assert position_fit(positions) > 1e-4
    assert set(sizes) == set(range(1, 11))
    assert 240 < withheld < 360
    assert min(roles["neighbour"], roles["distractor"]) > 3000


def test_position_fit_sees_a_bias() -> None:
    fair = [(i % n, n) for n in (3, 5) for i in range(300)]
    biased = [*fair, *itertools.repeat((0, 5), 60)]
    assert position_fit(fair) > 0.9
    assert position_fit(biased) < 1e-6
    assert position_fit([(0, 1)]) == 1.0


def test_a_passage_that_answers_is_no_distractor_and_never_left_when_withheld() -> None:
    twin = passage(f"{passage().text} Trams stopped later.", passage_id="3" * 32)
    assert answers(twin, QUERY["query"], QUERY["focus"])
    assert not answers(FAR, QUERY["query"], QUERY["focus"])
    seed = dataclasses.replace(seed_of(method="rag"), neighbors=(NEAR, FAR, twin))
    seen = set()
    for i in range(400):
        sources = draw_sources(seed, QUERY["query"], QUERY["focus"], drawer_of(str(i)))
        primary = any(source.role == "primary" for source in sources)
        for source in sources:
            if source.passage is twin:
                seen.add(source.role)
                assert primary
    assert seen == {"neighbour"}


def test_a_copy_of_the_seed_is_no_source() -> None:
    copy = passage(passage_id="3" * 32)
    seed = dataclasses.replace(seed_of(method="rag"), neighbors=(copy,))
    for i in range(60):
        sources = draw_sources(seed, QUERY["query"], QUERY["focus"], drawer_of(str(i)))
        assert [source.role for source in sources] == ["primary"]
        assert render_prompt("Q?", sources).count(copy.text) == 1


# ---------------------------------------------------------------- the nearest at both ends


def test_the_nearest_sources_stand_at_both_ends() -> None:
    assert at_both_ends([1, 2, 3, 4, 5, 6]) == [1, 3, 5, 6, 4, 2]
    seen = Counter[int]()
    for index in range(120):
        sample, _ = run("rag_ends", seed_of(index, "rag_ends"))
        drawn = sample.constraints
        ranks = drawn["ranks"]
        assert len(ranks) == drawn["sources"]
        assert ranks == at_both_ends(sorted(ranks))
        assert drawn["primary_position"] == (0 if drawn["withheld"] else 1)
        assert sample.checks[-1]["name"] == "source_order"
        seen[len(ranks)] += 1
    assert len(seen) == 10


def test_half_of_the_sources_keep_the_order() -> None:
    for index in range(60):
        sample, _ = run("rag_ends", seed_of(index, "rag_ends"), context=5)
        assert sample.checks[-1]["passed"]


@pytest.mark.parametrize("ranks", [[1, 0, 2], [0, 3, 1, 2], [2, 0, 1]])
def test_another_order_is_refused(ranks: list[int]) -> None:
    (check,) = order_checks({"ranks": ranks})
    assert (check.passed, check.reason) == (False, "source_order")
