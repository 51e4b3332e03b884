"""Rounds that start from records: how many tasks each record gets, by group and maker."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import apache_beam as beam
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from beam_synth.drawing import bucket_of, digest
from beam_synth.generation.mixture import GIVEN, PlanConfig, Share, total_weight
from beam_synth.generation.outcomes import encode_outcome, write_outcomes
from beam_synth.generation.planned_buckets import Planned
from beam_synth.generation.planned_records import Basis, groups_of, made_by, plan_records
from beam_synth.generation.planning import plan_passage, plan_record
from beam_synth.generation.task_lines import unpack_tasks
from beam_synth.methods import ENTITIES, INSTRUCTION, SAMPLES, records_of
from beam_synth.records import RECORD_REF_SCHEMA, Outcome, Task, count, pack
from beam_synth.storage.files import RunFolder
from tests.doubles.kinds import NAME
from transforms.accounting import Stage
from transforms.plan import PlanRecords
from transforms.testing import run_transform

BUCKETS = 8
CHATS = records_of(SAMPLES)
A, B = Share("a", 1.0, 1, 0), Share("b", 1.0, 1, 0)
NOWHERE = RunFolder("nowhere")  # no body is read where no method lists its tasks


def after(name: str, weight: float = 1.0, **fields: Any) -> Share:
    return Share(name, weight, 1, 0, **{"start": CHATS, "round": 1, "makers": ("a", "b"), **fields})


def plan_of(*shares: Share, per: float = 3.0, seed: int = 1) -> PlanConfig:
    return PlanConfig(seed, shares, per, None, BUCKETS)


def refs_of(made: Mapping[str, int], **columns: Any) -> bytes:
    """References to so many records of each method."""
    rows = [
        {
            "record_id": digest("record", method, i) + "00",
            "method": method,
            "language": "en",
            "file": "c/f",
            **columns,
        }
        for method, n in made.items()
        for i in range(n)
    ]
    return pack(pa.Table.from_pylist(rows, schema=RECORD_REF_SCHEMA))


def tasks_of(planned: Planned) -> list[Task]:
    tasks = [(b, task) for b, data in planned.packed for task in unpack_tasks(data)]
    assert all(bucket == bucket_of(task.task_id, BUCKETS) for bucket, task in tasks)
    assert len({task.task_id for _, task in tasks}) == len(tasks) == planned.tasks
    return [task for _, task in tasks]


def maker_of(made: Mapping[str, int]) -> dict[str, str]:
    """Record id -> the method that made it, of `refs_of`."""
    return {digest("record", m, i) + "00": m for m, n in made.items() for i in range(n)}


# ---------------------------------------------------------------- one record


def plan_one(record_id: str, config: PlanConfig, language: str = "fr") -> Iterator[Task]:
    shares = config.of_round(1)
    yield from plan_record(record_id, language, "c/f", shares, config.following, config)


@settings(max_examples=30)
@given(st.floats(0.05, 3), st.floats(0.5, 9))
def test_the_second_round_gets_its_share(weight: float, per: float) -> None:
    config = plan_of(A, B, after("f", weight), per=per)
    first = [
        task for i in range(300) for task in plan_passage(digest("passage", i), "en", (), config)
    ]
    again = [task for parent in first for task in plan_one(parent.task_id + "00", config)]
    whole = len(first) + len(again)
    assert whole == pytest.approx(300 * per, rel=0.2)
    assert len(again) / whole == pytest.approx(weight / (2 + weight), abs=0.06)


def test_a_task_lies_in_its_parents_bucket() -> None:
    config = plan_of(A, B, after("f", 4.0))
    parents = [digest("sample", i) + "01" for i in range(50)]
    tasks = [task for parent in parents for task in plan_one(parent, config, "la")]
    assert len({task.task_id for task in tasks}) == len(tasks) == 100
    for task in tasks:
        assert bucket_of(task.task_id, 999) == bucket_of(task.parent, 999)
        assert (task.language, task.file, task.passage_id) == ("la", "c/f", "")
        assert len(task.task_id) == 32
    other = plan_of(A, B, after("f", 4.0), seed=2)
    assert next(plan_one(parents[0], other)).task_id != tasks[0].task_id


# ---------------------------------------------------------------- groups and makers


def test_methods_that_start_from_the_same_are_one_group() -> None:
    one, two, other = after("one"), after("two"), after("other", makers=("a",))
    told = after("told", start=INSTRUCTION, makers=(GIVEN, "a"))
    assert groups_of([one, other, two, told]) == [[one, two], [other], [told]]
    assert groups_of([]) == []


def test_who_made_how_many() -> None:
    assert dict(made_by(refs_of({"a": 3, "b": 1}))) == {"a": 3, "b": 1}
    assert dict(made_by(refs_of({}))) == {}


def test_each_group_starts_from_its_own_makers_records() -> None:
    made = {"a": 40, "b": 20, "c": 30}
    both, only = after("both", 2.0), after("only", 1.0, makers=("a",))
    config = plan_of(A, B, Share("c", 2.0, 1, 0), both, only)
    basis = Basis(120, 4.0)  # 120 tasks of the first round, of a weight of 4: 30 for each 1
    planned = plan_records(refs_of(made), [both, only], basis, made, config, NOWHERE)
    tasks, makers = tasks_of(planned), maker_of(made)
    found = Counter((task.method, makers[task.parent]) for task in tasks)
    assert found == {("both", "a"): 40, ("both", "b"): 20, ("only", "a"): found["only", "a"]}
    assert found["only", "a"] == pytest.approx(30, abs=9)
    assert (planned.seeds, planned.rejects) == (len(tasks), [])


def test_members_of_a_group_are_drawn_together() -> None:
    made = {"a": 30, "b": 30}
    one, two = after("one", 1.0), after("two", 1.0)
    config = plan_of(A, B, one, two)
    planned = plan_records(refs_of(made), [one, two], Basis(60, 2.0), made, config, NOWHERE)
    each = Counter(task.parent for task in tasks_of(planned))
    assert set(each.values()) == {1} and len(each) == 60  # one task a record, of one or the other


def test_records_without_a_reader_and_none_at_all() -> None:
    only = after("only", makers=("a",))
    config = plan_of(A, B, only)
    planned = plan_records(refs_of({"b": 9}), [only], Basis(9, 1.0), {"b": 9}, config, NOWHERE)
    assert (planned.packed, planned.tasks) == ([], 0)
    planned = plan_records(refs_of({}), [only], Basis(0, 1.0), {}, config, NOWHERE)
    assert (planned.packed, planned.tasks) == ([], 0)


def test_without_a_basis_records_get_their_tasks_as_passages_do() -> None:
    """Where nothing is made before: of the user's own instructions, say."""
    told = Share("told", 2.0, 1, 0, INSTRUCTION, 0, (GIVEN,))
    rest = Share("rest", 1.0, 1, 0)
    later = after("later", 3.0, makers=("told",))
    config = plan_of(rest, told, later, per=6.0)
    refs = refs_of({GIVEN: 10})
    tasks = tasks_of(plan_records(refs, [told], None, {GIVEN: 10}, config, NOWHERE))
    assert Counter(task.parent for task in tasks) == dict.fromkeys(maker_of({GIVEN: 10}), 2)


# ---------------------------------------------------------------- tasks that methods list


def write_entities(run: Path, names: Sequence[Sequence[str]]) -> bytes:
    """Records of entities in an outcome file, and references to them."""
    outcomes, rows = [], []
    for i, found in enumerate(names):
        task_id = digest("entities", i)
        row = {"record_id": task_id + "00", "title": f"T{i}", "entities": list(found)}
        outcome = Outcome(task_id, "made", f"{NAME}entities", "en", records=(row,), qualities=(0,))
        outcomes.append(encode_outcome(outcome))
        rows.append({"record_id": task_id + "00", "method": f"{NAME}entities", "language": "en",
                     "file": "made.parquet"})  # fmt: skip
    with RunFolder(str(run)).create("made.parquet") as handle:
        write_outcomes(outcomes, handle)
    return pack(pa.Table.from_pylist(rows, schema=RECORD_REF_SCHEMA))


def test_a_method_lists_the_tasks_of_each_record(tmp_path: Path) -> None:
    names = [["a", "b", "c"], ["d", "e"], ["f"], []]
    refs = write_entities(tmp_path, names)
    makers = (f"{NAME}entities",)
    pairs = after(f"{NAME}entity_pairs", start=records_of(ENTITIES), makers=makers, listed=True)
    config = plan_of(A, pairs)
    planned = plan_records(refs, [pairs], Basis(4, 1.0), {}, config, RunFolder(str(tmp_path)))
    parents = [digest("entities", i) + "00" for i in range(4)]
    assert sorted((task.parent, task.index, task.params) for task in tasks_of(planned)) == sorted(
        [
            (parents[0], 0, '{"pair":["a","b"]}'),
            (parents[0], 1, '{"pair":["a","c"]}'),
            (parents[0], 2, '{"pair":["b","c"]}'),
            (parents[1], 0, '{"pair":["d","e"]}'),
        ]
    )


# ---------------------------------------------------------------- the stage


def planned_of(config: PlanConfig, tasks: int | None, number: int = 1) -> Any:
    """PlanRecords after a first round of so many tasks."""

    def follow(refs: beam.PCollection[bytes]) -> Stage:
        counts = None
        if tasks is not None:
            every = [count("LimitTasks", "out", tasks), count("LimitTasks", "in", 99)]
            counts = refs.pipeline | "Planned" >> beam.Create(every)
        weight = total_weight(config.of_round(0))
        stage: Stage = refs | PlanRecords("nowhere", config, number, counts, weight)
        return stage

    return follow


def test_plan_records() -> None:
    config = plan_of(A, B, after("f", 1.0))
    made = {"a": 15, "b": 25}
    parts = [refs_of({"a": 15}), refs_of({"b": 25})]
    found = run_transform(planned_of(config, 80), parts)
    tasks = [task for _, data in found.out for task in unpack_tasks(data)]
    # Half of the 80 tasks gave a record, and half as many shall follow: one for each.
    assert Counter(task.parent for task in tasks) == dict.fromkeys(maker_of(made), 1)
    assert {(stage, kind): n for (stage, kind, _), n in found.counts.items() if n} == dict.fromkeys(
        (("PlanTasks2", kind) for kind in ("in", "passed", "out")), 40
    )
    together = run_transform(planned_of(config, 80), [refs_of(made)])
    again = [task for _, data in together.out for task in unpack_tasks(data)]
    assert {task.task_id for task in again} == {task.task_id for task in tasks}


def test_plan_records_of_a_third_round() -> None:
    third = after("third", 2.0, round=2, makers=("f",))
    config = plan_of(A, B, after("f", 1.0), third)
    found = run_transform(planned_of(config, 80, number=2), [refs_of({"a": 5, "f": 40})])
    tasks = [task for _, data in found.out for task in unpack_tasks(data)]
    assert Counter(task.parent for task in tasks) == dict.fromkeys(maker_of({"f": 40}), 2)
    assert found.counts["PlanTasks3", "out", ""] == 80


def test_a_round_after_nothing_was_made() -> None:
    config = plan_of(A, B, after("f", 1.0))
    found = run_transform(planned_of(config, 80), [refs_of({})])
    assert (found.out, found.rejects) == ([], [])
    given = Share("told", 1.0, 1, 0, INSTRUCTION, 0, (GIVEN,))
    found = run_transform(planned_of(plan_of(given), None, 0), [refs_of({GIVEN: 4})])
    assert found.counts["PlanInstructions", "out", ""] == 12
