"""Which method comes after which, and how a limit is shared by the rounds."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from beam_synth.errors import Refused
from beam_synth.generation.mixture import GIVEN, PlanConfig, Share, TokenBudget, total_weight
from beam_synth.generation.rounds import makers_of, rounds_of
from beam_synth.job.schema import Job
from beam_synth.methods import PASSAGE, SAMPLES, records_of
from beam_synth.methods.loading import load_methods
from tests.doubles.kinds import NAME

CHAIN = ("ask_about", "tell", "retell")


def methods_of(*names: str) -> tuple[str, ...]:
    return tuple(f"{NAME}{name}" for name in names)


def rounds(*names: str, given: tuple[str, ...] = ()) -> dict[str, int]:
    found = rounds_of(load_methods(methods_of(*names)), given)
    return {name.removeprefix(NAME): number for name, number in found.items()}


def test_a_method_comes_after_all_that_it_may_start_from() -> None:
    assert rounds(*CHAIN) == {"ask_about": 0, "tell": 1, "retell": 2}
    assert rounds("section_text", "halves") == {"section_text": 0, "halves": 0}
    assert rounds("entities", "entity_pairs", "section_text") == {
        "entities": 0, "entity_pairs": 1, "section_text": 0,
    }  # fmt: skip


def test_what_the_job_brings_needs_no_maker() -> None:
    assert rounds("tell", "retell", given=("instructions",)) == {"tell": 0, "retell": 1}
    with pytest.raises(Refused, match=r"'.*:tell' starts from instructions, and no other method"):
        rounds("tell", "retell")
    with pytest.raises(Refused, match="or name some under `instructions`"):
        rounds("tell")
    with pytest.raises(Refused) as caught:
        rounds("retell", "ask_about")
    assert "records of 'samples' of told" in str(caught.value)
    assert "under `instructions`" not in str(caught.value)


def test_methods_that_wait_for_each_other_are_refused_by_name() -> None:
    with pytest.raises(Refused) as caught:
        rounds("section_text", "hen", "egg")
    assert str(caught.value) == (
        f"mixture: '{NAME}egg' starts from what '{NAME}hen' makes, and '{NAME}hen' starts from "
        f"what '{NAME}egg' makes: a cycle; leave one out"
    )


def test_a_method_without_exercises_never_starts_from_its_own_like() -> None:
    methods = load_methods(["memorization", "rag", "multi_turn", *methods_of("retell")])
    assert methods["multi_turn"].starts_from == records_of(SAMPLES)
    assert makers_of(methods["multi_turn"], methods.values()) == ("memorization", "rag")


def plan_of(mixture: dict[str, float], **fields: object) -> PlanConfig:
    return PlanConfig.of_job(Job(name="x", articles=["a"], mixture=mixture, **fields), 8)  # type: ignore[arg-type]


def test_the_shares_of_a_job() -> None:
    plan = plan_of(dict(zip(methods_of(*CHAIN), (4.0, 2.0, 1.0), strict=True)))
    ask, retell, tell = plan.shares
    assert (ask.start, ask.round, ask.makers, ask.weight) == (PASSAGE, 0, (), 4.0)
    assert (tell.round, tell.makers) == (1, (ask.method,))
    assert (retell.round, retell.makers) == (2, (tell.method,))
    assert plan.rounds == 3 and plan.of_round(1) == (tell,)
    assert plan.following == 0.75
    assert plan.plans_passages and not plan.plans_units
    units = plan_of(dict.fromkeys(methods_of("section_text", "halves"), 1.0))
    assert units.plans_units and not units.plans_passages
    assert [share.listed for share in units.shares] == [True, False]
    assert GIVEN not in {maker for share in plan.shares for maker in share.makers}


def test_the_limit_is_shared_by_three_rounds() -> None:
    plan = plan_of(dict(zip(methods_of(*CHAIN), (4.0, 2.0, 1.0), strict=True)))
    assert plan.limits(70) == [40, 20, 10]
    assert plan.limits(1) == [1, 0, 0]
    assert plan.limits(None) == [None] * 3
    one = plan_of({"rag": 1.0})
    assert (one.limits(100), one.limits(None)) == ([100], [None])
    two = plan_of({"rag": 2.0, "multi_turn": 0.5})
    assert (two.limits(100), two.limits(1)) == ([80, 20], [1, 0])


def test_token_budgets_are_of_methods_that_list_their_tasks() -> None:
    entities, pairs = methods_of("entities", "entity_pairs")
    mixture = {entities: 1.0, pairs: 1.0, "rag": 1.0}

    def budgets(**of: int) -> PlanConfig:
        names = {"pairs": pairs, "rag": "rag", "other": "entity_pears"}
        return plan_of(mixture, tasks={"budget": {names[key]: n for key, n in of.items()}})

    plan = budgets(pairs=95)  # 10 tokens a task
    assert plan.budgets_of_round(0) == []
    assert plan.budgets_of_round(1) == [TokenBudget(pairs, 95, 9)]
    with pytest.raises(Refused, match="'entity_pears' is no method of the mixture"):
        budgets(other=95)
    with pytest.raises(Refused, match="'rag' does not list its tasks"):
        budgets(rag=95)
    with pytest.raises(Refused, match="may write 9 tokens, but one task of it writes about 10"):
        budgets(pairs=9)


@settings(max_examples=200)
@given(st.lists(st.floats(0.01, 10), min_size=1, max_size=5), st.integers(1, 10_000))
def test_every_limit_is_used_up_and_follows_the_weights(weights: list[float], limit: int) -> None:
    shares = tuple(Share(str(i), w, 1, 0, round=i) for i, w in enumerate(weights))
    plan = PlanConfig(1, shares, 1.0, None, 8)
    limits = [n or 0 for n in plan.limits(limit)]
    assert sum(limits) == limit and min(limits) >= 0 and limits[0] >= 1
    for share, n in zip(shares, limits, strict=True):
        assert abs(n - limit * share.weight / total_weight(shares)) <= len(shares)


def test_a_share_is_of_passages_or_of_units() -> None:
    passages = Share("a", 1.0, 1, 0)
    assert passages.of_passages and not passages.of_units
    assert dataclasses.replace(passages, listed=True).of_units
    parent = Share("a", 1.0, 1, 0, records_of(SAMPLES), 1)
    assert not parent.of_passages and not parent.of_units
