"""Sections and articles as seeds, and tasks that methods list themselves."""

from __future__ import annotations

import dataclasses
import itertools
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beam_synth.drawing import bucket_of, digest, draw
from beam_synth.generation.mixture import PlanConfig, Share
from beam_synth.generation.planned_units import units_of
from beam_synth.generation.planning import listed_tasks, plan_unit
from beam_synth.generation.seeds import attach
from beam_synth.generation.task_lines import unpack_tasks
from beam_synth.knowledge.passage_store import PassageStore
from beam_synth.methods import ARTICLE, SECTION, PassageSeed, Start
from beam_synth.methods.seeds import merged_passages
from beam_synth.records import JoinedFile, Passage, Task
from beam_synth.storage.files import RunFolder
from beam_synth.storage.layout import passages_path
from tests.doubles import programs
from tests.doubles.exchanges import split
from tests.doubles.kinds import NAME
from transforms.plan import PlanUnits
from transforms.testing import Applied, run_transform

TEXT = "The mill was built in 1847 by Marta Holm. It ground rye until 1931, and then no more."
BUCKETS = 4


def article(number: int, language: str = "en") -> list[Passage]:
    """Two sections of three and two passages, 40 tokens each."""
    return [
        split(
            f"{TEXT} Nothing but {number} and {position}.",
            f"Mill {number}",
            passage_id=digest("unit", number, position),
            article_id=f"{language}wiki:{number}",
            language=language,
            section="Work" if position < 3 else "Wheel",
            position=position,
            tokens=40,
        )
        for position in range(5)
    ]


PASSAGES = [*itertools.chain(*(article(n) for n in range(6)), article(7, "fr"))]
SHORT = dataclasses.replace(SECTION, max_tokens=100)  # two passages


def share(name: str, start: Start = ARTICLE, weight: float = 1.0, **fields: Any) -> Share:
    return Share(f"{NAME}{name}", weight, 1, 0, start, **fields)


def plan_of(*shares: Share, per: float = 1.0, **fields: Any) -> PlanConfig:
    settings = {"languages": None, "task_buckets": BUCKETS, **fields}
    return PlanConfig(1, shares, per, **settings)


def planned(run: Path, plan: PlanConfig) -> tuple[list[Task], Applied]:
    programs.write_run(run, PASSAGES)
    joined = [JoinedFile(b, passages_path(b), 0, "") for b in range(programs.PASSAGE_BUCKETS)]
    found = run_transform(PlanUnits(str(run), plan, programs.PASSAGE_BUCKETS), joined)
    tasks = [(b, task) for b, data in found.out for task in unpack_tasks(data)]
    assert all(bucket == bucket_of(task.task_id, BUCKETS) for bucket, task in tasks)
    assert len({task.task_id for _, task in tasks}) == len(tasks)
    return sorted((task for _, task in tasks), key=lambda task: task.task_id), found


def ids_of(task: Task) -> tuple[str, ...]:
    return (task.passage_id, *task.members)


# ---------------------------------------------------------------- units


@given(
    st.lists(st.tuples(st.integers(0, 2), st.sampled_from("ab"), st.integers(1, 300)), max_size=30),
    st.sampled_from([SHORT, ARTICLE, dataclasses.replace(ARTICLE, max_tokens=0), Start("passage")]),
)
def test_units_are_runs_of_passages_within_their_bound(
    drawn: list[tuple[int, str, int]], start: Start
) -> None:
    rows: list[dict[str, Any]] = [
        {"passage_id": f"p{i}", "article_id": a, "section": s, "language": f"l{a}", "tokens": n}
        for i, (a, s, n) in enumerate(sorted(drawn, key=lambda item: item[:2]))
    ]
    by_id: dict[str, Any] = {str(row["passage_id"]): row for row in rows}
    units = list(units_of(rows, start))
    assert [name for unit in units for name in unit.ids] == list(by_id)

    def place(name: str) -> tuple[Any, ...]:
        row = by_id[name]
        keys = {"passage": ("passage_id",), "section": ("article_id", "section")}
        return tuple(row[key] for key in keys.get(start.unit, ("article_id",)))

    for unit in units:
        assert len({place(name) for name in unit.ids}) == 1
        assert {by_id[name]["language"] for name in unit.ids} == {unit.language}
        tokens = sum(by_id[name]["tokens"] for name in unit.ids)
        assert len(unit.ids) == 1 or not start.max_tokens or tokens <= start.max_tokens
    for unit, after in itertools.pairwise(units):  # none could have been longer
        if place(unit.ids[0]) == place(after.ids[0]):
            tokens = sum(by_id[name]["tokens"] for name in (*unit.ids, after.ids[0]))
            assert start.max_tokens and tokens > start.max_tokens


def test_a_unit_gets_what_its_passages_would_get() -> None:
    one, other = share("entities", weight=3.0), share("other", weight=1.0)
    plan = plan_of(one, other, per=2.0)
    tasks = plan_unit(["p", "q"], "en", [one, other], plan)
    assert Counter(task.method for task in tasks) == {one.method: 3, other.method: 1}
    assert {(ids_of(task), task.neighbors, task.language) for task in tasks} == {
        (("p", "q"), (), "en")
    }
    assert len({task.task_id for task in tasks}) == 4
    assert plan_unit(["p", "q"], "en", [one, other], plan) == tasks
    assert plan_unit(["q", "p"], "en", [one, other], plan)[0].task_id != tasks[0].task_id
    assert len(plan_unit(["p", "q"], "en", [one, other], plan, rate=4.0)) == 8
    later = share("later", weight=4.0, round=1)
    assert len(plan_unit(["p", "q"], "en", [one, other], plan_of(one, other, later, per=2.0))) == 2


def test_articles_and_sections_of_a_run(tmp_path: Path) -> None:
    plan = plan_of(share("entities"), share("section_text", SHORT), per=0.8)
    tasks, found = planned(tmp_path, plan)
    by_id = {p.passage_id: p for p in PASSAGES}
    whole = [task for task in tasks if task.method == f"{NAME}entities"]
    parts = [task for task in tasks if task.method == f"{NAME}section_text"]
    # Each article is 5 passages, so 4 tasks: 2 of each method.
    assert Counter(ids_of(task) for task in whole) == {
        tuple(p.passage_id for p in article(n, language)): 2
        for n, language in [*((n, "en") for n in range(6)), (7, "fr")]
    }
    shapes = Counter(tuple(by_id[name].position for name in ids_of(task)) for task in parts)
    assert set(shapes) <= {(0, 1), (2,), (3, 4)} and len(shapes) == 3
    assert shapes.total() == pytest.approx(14, abs=7)
    assert found.counts["PlanUnits", "in", ""] == len(PASSAGES)
    assert found.counts["PlanUnits", "out", ""] == len(tasks)


def test_the_seed_of_a_unit_is_one_text_in_reading_order(tmp_path: Path) -> None:
    tasks, _ = planned(tmp_path, plan_of(share("entities")))
    run = RunFolder(str(tmp_path))
    store = PassageStore(run.open, programs.PASSAGE_BUCKETS)
    for seed in attach(tasks, store, run.open):
        assert isinstance(seed, PassageSeed)
        assert [part.position for part in seed.parts] == list(range(5))
        assert seed.passage.text == "\n\n".join(part.text for part in seed.parts)
        sentences = [text for part in seed.parts for text in part.sentence_texts()]
        assert seed.passage.sentence_texts() == sentences
        assert (seed.passage.section, seed.passage.tokens) == ("", 200)
        assert [entry["section"] for entry in seed.records()] == ["Work"] * 3 + ["Wheel"] * 2
        assert {entry["role"] for entry in seed.records()} == {"primary"}


def test_a_merge_of_none_is_refused_and_of_one_is_itself() -> None:
    assert merged_passages((PASSAGES[0],)) is PASSAGES[0]
    with pytest.raises(ValueError, match="no passage"):
        merged_passages(())


def test_passages_without_a_task_are_counted_and_rejects_where_they_are_kept(
    tmp_path: Path,
) -> None:
    plan = plan_of(share("entities"), per=0.05, languages=("en",))
    tasks, counted = planned(tmp_path / "counted", plan)
    again, found = planned(tmp_path / "kept", dataclasses.replace(plan, keep_left_out=True))
    used = {name for task in tasks for name in ids_of(task)}
    assert tasks == again and 0 < len(used) < 30
    assert found.reasons() == {"language_not_asked": 5, "not_drawn": 30 - len(used)}
    assert {r.record_id for r in found.rejects} == {p.passage_id for p in PASSAGES} - used
    assert counted.reasons() == {"language_not_asked": 5}
    assert counted.counts["PlanUnits", "unrecorded", "not_drawn"] == 30 - len(used)
    for one in (counted, found):
        assert one.counts["PlanUnits", "passed", ""] == len(used)


def test_shares_of_languages_hold_for_units(tmp_path: Path) -> None:
    shares = (("en", 0.5), ("fr", 0.5))
    tasks, _ = planned(tmp_path, plan_of(share("entities"), per=2.0, language_shares=shares))
    assert Counter(task.language for task in tasks) == pytest.approx({"en": 35, "fr": 35}, abs=6)


# ---------------------------------------------------------------- listed tasks


def test_tasks_are_those_that_the_method_lists(tmp_path: Path) -> None:
    plan = plan_of(share("halves", Start("passage"), listed=True))
    tasks, found = planned(tmp_path, plan)
    assert found.rejects == []
    assert Counter((task.passage_id, task.params) for task in tasks) == {
        (p.passage_id, f'{{"half":{half}}}'): 1 for p in PASSAGES for half in (0, 1)
    }
    assert {(task.passage_id, task.index) for task in tasks} == {
        (p.passage_id, index) for p in PASSAGES for index in (0, 1)
    }
    # The order of the two is drawn for each passage, by its own key.
    first = Counter(task.params for task in tasks if task.index == 0)
    assert len(first) == 2


def test_what_is_listed_depends_on_no_order_of_the_files(tmp_path: Path) -> None:
    plan = plan_of(share("halves", Start("passage"), listed=True), share("entities"))
    tasks, _ = planned(tmp_path / "a", plan)
    mixed = draw(1, "order", "test").shuffled(PASSAGES)
    programs.write_run(tmp_path / "b", mixed)
    joined = [JoinedFile(b, passages_path(b), 0, "") for b in (1, 0)]
    again = run_transform(PlanUnits(str(tmp_path / "b"), plan, 2), joined)
    found = [task for _, data in again.out for task in unpack_tasks(data)]
    assert sorted(found, key=lambda task: task.task_id) == tasks


def test_the_parameters_are_part_of_a_tasks_id() -> None:
    of = share("halves", Start("passage"), listed=True)
    task = Task("0" * 32, of.method, "en", "p", (), 0)
    one, two = listed_tasks(task, [{"a": 1, "b": 2}, {"a": 2}], of, plan_of(of))
    assert (one.params, one.index, two.index) == ('{"a":1,"b":2}', 0, 1)
    (same,) = listed_tasks(task, [{"b": 2, "a": 1}], of, plan_of(of))
    assert (same.task_id, same.params) == (one.task_id, one.params)
    assert len({one.task_id, two.task_id, task.task_id}) == 3
    parent = digest("parent") + "00"
    child = dataclasses.replace(task, passage_id="", parent=parent, file="f")
    made = listed_tasks(child, [{"a": 1}, {"a": 2}], of, plan_of(of))
    assert {t.task_id[:16] for t in made} == {parent[:16]}
    assert [(t.parent, t.file, t.index) for t in made] == [(parent, "f", 0), (parent, "f", 1)]
    assert len({t.task_id for t in made}) == 2
    assert listed_tasks(task, [], of, plan_of(of)) == []
    with pytest.raises(ValueError, match="halves: `tasks` gave the same parameters twice"):
        listed_tasks(task, [{"a": 1, "b": 2}, {"b": 2, "a": 1}], of, plan_of(of))
