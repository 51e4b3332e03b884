from __future__ import annotations

import dataclasses
import math
from collections import Counter
from pathlib import Path
from typing import Any

import apache_beam as beam
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from beam_synth.drawing import bucket_of, digest
from beam_synth.errors import Refused
from beam_synth.generation import limiting, mixture
from beam_synth.generation.mixture import PlanConfig, Share
from beam_synth.generation.planning import plan_passage
from beam_synth.generation.task_lines import line_id, pack_tasks, unpack_lines, unpack_tasks
from beam_synth.job.schema import Job
from beam_synth.methods import SAMPLES, records_of
from beam_synth.records import NEIGHBOR_SCHEMA, JoinedFile, Task, ranks
from tests.doubles import programs
from transforms.accounting import Stage
from transforms.limit import LimitTasks
from transforms.plan import PlanTasks
from transforms.testing import Applied, run_transform

NEAR = [digest("near", i) for i in range(5)]
BUCKETS = 8


def config(
    weights: dict[str, float], per_passage: float = 2.0, languages: tuple[str, ...] | None = None
) -> PlanConfig:
    shares = tuple(Share(name, weights[name], 1, 3) for name in sorted(weights))
    return PlanConfig(1, shares, per_passage, languages, BUCKETS)


def plan(i: int, wanted: PlanConfig) -> list[Task]:
    return plan_passage(digest("passage", i), "en", NEAR, wanted)


def test_whole_expectations_hold_for_each_passage() -> None:
    halves = config({"memorization": 0.5, "rag": 0.5})
    for i in range(200):
        tasks = plan(i, halves)
        assert [task.method for task in tasks] == ["memorization", "rag"]
        assert tasks[0].neighbors == tuple(NEAR[:3])


@settings(max_examples=50)
@given(
    st.dictionaries(st.sampled_from("abcdef"), st.floats(0.01, 10), min_size=1),
    st.floats(0.05, 7),
)
def test_each_passage_gets_its_share_rounded(weights: dict[str, float], per: float) -> None:
    wanted = config(weights, per)
    total = sum(weights.values())
    for i in range(20):
        tasks = plan(i, wanted)
        assert abs(len(tasks) - per) < 1
        found = Counter(task.method for task in tasks)
        for name, weight in weights.items():
            assert abs(found[name] - per * weight / total) < 1
        assert len({task.task_id for task in tasks}) == len(tasks)
        assert tasks == plan(i, wanted)


def test_shares_hold_over_the_run() -> None:
    wanted = config({"a": 0.7, "b": 0.25, "c": 0.05}, 0.8)
    found = Counter(task.method for i in range(5000) for task in plan(i, wanted))
    for name, expected in {"a": 2800, "b": 1000, "c": 200}.items():
        assert abs(found[name] - expected) < 4 * expected**0.5


def test_what_a_task_id_depends_on() -> None:
    (task, *_) = plan(0, config({"a": 1.0}))
    ids = {task.task_id}
    passage = digest("passage", 0)
    for other in (
        PlanConfig(2, (Share("a", 1.0, 1, 3),), 2.0, None, BUCKETS),  # seed
        PlanConfig(1, (Share("a", 1.0, 2, 3),), 2.0, None, BUCKETS),  # revision
        PlanConfig(1, (Share("b", 1.0, 1, 3),), 2.0, None, BUCKETS),  # method
        PlanConfig(1, (Share("a", 1.0, 1, 2),), 2.0, None, BUCKETS),  # neighbours
    ):
        ids.add(plan_passage(passage, "en", NEAR, other)[0].task_id)
    ids.add(plan(1, config({"a": 1.0}))[0].task_id)
    assert len(ids) == 6
    again = PlanConfig(1, (Share("a", 3.0, 1, 3),), 5.0, ("en",), 64)  # none of these matters
    assert plan_passage(passage, "en", NEAR, again)[0] == task


def test_tasks_pack_and_unpack() -> None:
    tasks = plan(0, config({"a": 1.0, "b": 1.0}, 5))
    tasks += [dataclasses.replace(tasks[0], members=("p1", "p2"), params='{"a":[1]}')]
    data = pack_tasks(tasks)
    assert list(unpack_tasks(data)) == tasks
    assert [line_id(line).decode() for line in unpack_lines(data)] == [
        task.task_id for task in tasks
    ]


def test_a_mixture_of_methods_that_all_start_from_samples_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    job = Job(name="x", articles=["a"], mixture={"tests.doubles.programs:two_samples": 2.0})
    wanted = PlanConfig.of_job(job, 64)
    assert wanted.shares == (Share("tests.doubles.programs:two_samples", 2.0, 1, 2),)
    declared = programs.two_samples.__dict__["beam_synth_method"]
    monkeypatch.setitem(
        programs.two_samples.__dict__,
        "beam_synth_method",
        type(declared)(**{**vars(declared), "starts_from": records_of(SAMPLES)}),
    )
    with pytest.raises(
        Refused, match=r"starts from records of 'samples', and no other .*; add one that makes some"
    ):
        PlanConfig.of_job(job, 64)


# ---------------------------------------------------------------- the stages


@settings(max_examples=200)
@given(
    st.dictionaries(st.sampled_from(["en", "fr", "de", "pl"]), st.integers(1, 500), min_size=1),
    st.sampled_from(
        [
            (),
            (("en", 0.8), ("*", 0.2)),
            (("en", 0.5), ("fr", 0.5)),
            (("pl", 1.0), ("*", 0.1)),
        ]
    ),
    st.floats(0.1, 9),
)
def test_shares_of_languages_hold(
    passages: dict[str, int], shares: tuple[tuple[str, float], ...], per: float
) -> None:
    wanted = dataclasses.replace(config({"a": 1.0}, per), language_shares=shares)
    found = mixture.rates(passages, wanted)
    named = dict(shares)
    asked = {code for code in passages if not shares or code in named or "*" in named}
    assert set(found) == asked
    tasks = {code: found[code] * passages[code] for code in found}
    if not found:
        return
    assert sum(tasks.values()) == pytest.approx(per * sum(passages.values()))
    if not shares:
        assert set(found.values()) == {per}
        return
    others = [code for code in asked if code not in named]
    weight = {code: named[code] for code in asked if code in named}
    if others:
        weight["*"] = named["*"]
    for code in asked:
        group = others if code in others else [code]
        share = sum(tasks[c] for c in group) / sum(tasks.values())
        assert share == pytest.approx(
            weight["*" if code in others else code] / sum(weight.values())
        )


def test_languages_of_a_job() -> None:
    def of(languages: Any) -> PlanConfig:
        job = Job(name="x", articles=["a"], mixture={"rag": 1.0}, languages=languages)
        return PlanConfig.of_job(job, 8)

    assert of("all").language_shares == ()
    assert of("all").languages is None
    assert of("synth").language_shares == (("en", 0.8), ("*", 0.2))
    assert of("synth").languages is None
    assert of(["en", "la"]).languages == ("en", "la")
    assert of({"en": 3, "la": 1}).languages == ("en", "la")
    assert of({"en": 3, "*": 1}).languages is None
    assert Job(name="x", articles=["a"], mixture={"rag": 1.0}).languages == "synth"


# ---------------------------------------------------------------- stages


def run_stage(elements: list[Any], transform: Any) -> Applied:
    return run_transform(transform, elements)


def sums(found: Applied) -> dict[str, int]:
    """Counts by kind or reason; in = passed + rejected, of which some are unrecorded."""
    total: Counter[str] = Counter()
    unrecorded = 0
    for (_, kind, reason), n in found.counts.items():
        if kind == "unrecorded":
            unrecorded += n
        else:
            total[reason or kind] += n
    assert total["in"] == total["passed"] + len(found.rejects) + unrecorded
    return {key: n for key, n in total.items() if n}


def ids_of(found: Applied) -> list[str]:
    tasks = [(b, t) for b, data in found.out for t in unpack_tasks(data)]
    assert all(bucket == bucket_of(task.task_id, BUCKETS) for bucket, task in tasks)
    return sorted(task.task_id for _, task in tasks)


def write_bucket(run: Path, languages: list[str]) -> JoinedFile:
    ids = [digest("passage", i) for i in range(len(languages))]
    pq.write_table(pa.table({"passage_id": ids, "language": languages}), run / "p.parquet")
    near = {"passage_id": ids, "neighbors": [NEAR] * len(ids), "scores": [[0.5] * 5] * len(ids)}
    pq.write_table(pa.table(near, schema=NEIGHBOR_SCHEMA), run / "n.parquet")
    return JoinedFile(0, "p.parquet", len(ids), "n.parquet")


def test_plan_tasks(tmp_path: Path) -> None:
    element = write_bucket(tmp_path, ["en", "de", "en", "fr"])
    wanted = config({"a": 0.5, "b": 0.5}, languages=("en", "fr"))
    found = run_stage([element], PlanTasks(str(tmp_path), wanted))
    assert sums(found) == {"in": 4, "passed": 3, "language_not_asked": 1, "out": 6}
    assert found.rejects[0].record_id == digest("passage", 1)
    expected = [task for i in (0, 2, 3) for task in plan(i, wanted)]
    assert ids_of(found) == sorted(task.task_id for task in expected)


def test_plan_tasks_by_shares_of_languages(tmp_path: Path) -> None:
    element = write_bucket(tmp_path, ["en"] * 60 + ["de"] * 30 + ["fr"] * 10)
    shares = (("en", 0.9), ("de", 0.1))
    wanted = dataclasses.replace(config({"a": 1.0}, 2.0, ("en", "de")), language_shares=shares)
    found = run_stage([element], PlanTasks(str(tmp_path), wanted))
    tasks = [t for _, data in found.out for t in unpack_tasks(data)]
    by_language = Counter(task.language for task in tasks)
    assert by_language["en"] == pytest.approx(162, abs=12)
    assert by_language["de"] == pytest.approx(18, abs=9)
    assert sums(found)["language_not_asked"] == 10


@pytest.mark.parametrize("kept", [False, True])
def test_a_passage_without_a_task_is_counted_and_a_reject_where_they_are_kept(
    tmp_path: Path, kept: bool
) -> None:
    element = write_bucket(tmp_path, ["en"] * 40 + ["de"])
    wanted = dataclasses.replace(config({"a": 1.0}, 0.3, ("en",)), keep_left_out=kept)
    found = run_stage([element], PlanTasks(str(tmp_path), wanted))
    total = sums(found)
    assert total["out"] == total["passed"] > 0 < total["not_drawn"]
    reasons = {"language_not_asked": 1, "not_drawn": total["not_drawn"]}
    assert found.reasons() == (reasons if kept else {"language_not_asked": 1})
    unrecorded = found.counts["PlanTasks", "unrecorded", "not_drawn"]
    assert unrecorded == (0 if kept else total["not_drawn"])


def test_an_empty_bucket(tmp_path: Path) -> None:
    element = write_bucket(tmp_path, [])
    assert sums(run_stage([element], PlanTasks(str(tmp_path), config({"a": 1.0})))) == {}


def packs(tasks: list[Task], size: int) -> list[tuple[int, bytes]]:
    by_bucket: dict[int, list[Task]] = {}
    for task in tasks:
        by_bucket.setdefault(bucket_of(task.task_id, BUCKETS), []).append(task)
    return [
        (bucket, pack_tasks(found[i : i + size]))
        for bucket, found in by_bucket.items()
        for i in range(0, len(found), size)
    ]


@pytest.mark.parametrize("limit", [0, 1, 7, 399, 400, 1000, None])
def test_limit_keeps_the_first_by_id(limit: int | None) -> None:
    tasks = [task for i in range(200) for task in plan(i, config({"a": 0.5, "b": 0.5}))]
    found = run_stage(packs(tasks, 5), LimitTasks(limit))
    kept = sorted((task.task_id for task in tasks), key=limiting.rank)[:limit]
    assert ids_of(found) == sorted(kept)
    expected = {"in": 400, "passed": len(kept), "out": len(kept), "over_limit": 400 - len(kept)}
    assert sums(found) == {key: n for key, n in expected.items() if n}


@pytest.mark.parametrize("recorded", [False, True])
def test_tasks_beyond_the_limit_are_counted_and_rejects_where_they_are_kept(recorded: bool) -> None:
    tasks = [task for i in range(200) for task in plan(i, config({"a": 0.5, "b": 0.5}))]
    found = run_stage(packs(tasks, 50), LimitTasks(30, recorded=recorded))
    kept = set(ids_of(found))
    assert len(kept) == 30 and sums(found)["over_limit"] == 370
    beyond = {task.task_id for task in tasks} - kept if recorded else set()
    assert {reject.record_id for reject in found.rejects} == beyond
    assert found.counts["LimitTasks", "unrecorded", "over_limit"] == (0 if recorded else 370)


def test_several_plans_are_cut_together() -> None:
    tasks = [task for i in range(200) for task in plan(i, config({"a": 0.5, "b": 0.5}))]
    packed = packs(tasks, 5)

    def cut(first: beam.PCollection[Any]) -> Stage:
        rest = first.pipeline | "Rest" >> beam.Create(packed[20:])
        stage: Stage = (first, rest) | LimitTasks(50)
        return stage

    found = run_transform(cut, packed[:20])
    assert ids_of(found) == sorted(sorted((t.task_id for t in tasks), key=limiting.rank)[:50])
    assert found.counts["LimitTasks", "in", ""] == 400


@given(st.lists(st.integers(0, 2**24 - 1), unique=True, max_size=300), st.integers(0, 40))
def test_the_bar_lets_the_first_pass_whatever_their_order(numbers: list[int], limit: int) -> None:
    """Few prefixes, so that many ranks share one."""
    every = [f"{number >> 16:04x}{number & 0xFFFF:028x}" for number in numbers]
    bar = ranks.Bar(limit)
    passed = {rank for rank in every if bar.lets(rank)}
    assert set(sorted(every)[:limit]) <= passed
    assert limit or not passed


def test_the_bar_lets_little_more_pass_than_the_first() -> None:
    bar = ranks.Bar(40)
    passed = sum(bar.lets(limiting.rank(f"task {number}")) for number in range(100_000))
    assert 40 <= passed < 2 * 40 * (1 + math.log(100_000 / 40))


def test_what_is_kept_is_spread_over_the_buckets() -> None:
    tasks = [task for i in range(500) for task in plan(i, config({"a": 1.0}, 1.0))]
    found = run_stage(packs(tasks, 50), LimitTasks(80))
    assert {bucket for bucket, _ in found.out} == set(range(BUCKETS))


def test_limit_within_one_prefix(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limiting, "rank", lambda task_id: task_id)
    tasks = [Task("abcd" + digest(i)[4:], "a", "en", "p", (), 0) for i in range(50)]
    found = run_stage(packs(tasks, 50), LimitTasks(20))
    assert ids_of(found) == sorted(task.task_id for task in tasks)[:20]


@pytest.mark.parametrize("limit", [1, 30, 200, 500])
def test_a_token_budget_counts_the_tasks_of_its_method_alone(limit: int) -> None:
    tasks = [task for i in range(200) for task in plan(i, config({"a": 0.5, "p:b_c": 0.5}))]
    found = run_stage(packs(tasks, 5), LimitTasks(limit, 1, "p:b_c", 900))
    ids = [task.task_id for task in tasks if task.method == "p:b_c"]
    others = [task.task_id for task in tasks if task.method == "a"]
    kept = sorted(ids, key=limiting.rank)[:limit]
    assert ids_of(found) == sorted([*others, *kept])
    assert {r.record_id for r in found.rejects} == set(ids) - set(kept)
    details = {(r.stage, r.reason, r.detail) for r in found.rejects}
    assert details <= {
        ("BudgetBC2", "over_token_budget", f"900 tokens let {limit} tasks of 'p:b_c' be")
    }


def test_limit_of_no_task() -> None:
    assert sums(run_stage([], LimitTasks(5))) == {}


@settings(max_examples=200)
@given(st.lists(st.integers(0, 2**32 - 1), max_size=40), st.integers(1, 45))
def test_cut_equals_sorting(numbers: list[int], limit: int) -> None:
    ids = sorted({f"{n:08x}" for n in numbers})
    at, n = ranks.cut(ranks.histogram(ids), limit)
    of_cut = [i for i in ids if ranks.prefix(i) == at]
    kept = [i for i in ids if ranks.prefix(i) < at] + of_cut[:n]
    assert kept == ids[:limit]
    assert 0 <= n <= len(of_cut)
