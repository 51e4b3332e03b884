from __future__ import annotations

import dataclasses
import io
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from beam_synth.dataset.row_facts import nested
from beam_synth.drawing import bucket_of, digest
from beam_synth.generation import compaction, outcomes
from beam_synth.generation.call_figures import call_figures
from beam_synth.generation.outcome_store import OutcomeStore
from beam_synth.generation.outcomes import Damaged, Finished, encode_outcome
from beam_synth.job.schema import Price
from beam_synth.records import Outcome
from beam_synth.storage.files import RunFolder

BUCKETS = 4


@dataclasses.dataclass(frozen=True)
class Watched(RunFolder):
    """Notes which files are opened."""

    opened: list[str] = dataclasses.field(default_factory=list)

    def open(self, name: str) -> Any:
        self.opened.append(name)
        return super().open(name)


def outcome(i: int, detail: str = "") -> Finished:
    step = {
        "step": "rag/query",
        "model": "m",
        "tries": 2,
        "malformed": i % 2 == 0,
        **({"repaired": True, "reasoning_tokens": 3} if i == 3 else {}),
        "prompt_tokens": 10,
        "completion_tokens": i,
    }
    row = {"synth_id": digest("task", i) + "00", "query": "q"}
    return encode_outcome(
        Outcome(
            digest("task", i),
            "made",
            "rag",
            "en",
            detail=detail,
            records=(row,),
            qualities=(0.5,),
            steps=(step,),
        )
    )


def completed(run: Path) -> OutcomeStore:
    return OutcomeStore(RunFolder(str(run)), BUCKETS, worker="w")


def found_in(run: Path, ids: list[str]) -> dict[str, Finished]:
    found: dict[str, Finished] = {}
    for _, items in completed(run).lookup(ids):
        for item in items:
            assert item.outcome.task_id not in found
            found[item.outcome.task_id] = item
    return found


def test_outcomes_come_back_as_they_were(tmp_path: Path) -> None:
    items = [outcome(i) for i in range(30)]
    written = completed(tmp_path).write(items)
    for file, there in written:
        bucket = int(file.split("/")[1])
        assert file == f"_completed/{bucket:05d}/0-w-{written.index((file, there)):06d}.parquet"
        assert {bucket_of(item.outcome.task_id, BUCKETS) for item in there} == {bucket}
        assert pq.read_schema(tmp_path / file).equals(outcomes.OUTCOME_SCHEMA)
    ids = [item.outcome.task_id for item in items]
    assert found_in(tmp_path, ids) == dict(zip(ids, items, strict=True))
    assert found_in(tmp_path, ids[:3]) == dict(zip(ids[:3], items[:3], strict=True))
    assert found_in(tmp_path, [digest("other")]) == {}


@settings(max_examples=20)
@given(st.permutations(list(range(12))))
def test_a_file_depends_on_its_outcomes_alone(order: list[int]) -> None:
    def data(numbers: list[int]) -> bytes:
        sink = io.BytesIO()
        outcomes.write_outcomes([outcome(i) for i in numbers], sink)
        return sink.getvalue()

    assert data(order) == data(list(range(12)))


def test_the_smallest_content_hash_wins_whatever_the_order(tmp_path: Path) -> None:
    versions = [outcome(1, detail) for detail in "abc"]
    least = min(versions, key=lambda item: item.content_hash)
    for i, order in enumerate([versions, versions[::-1]]):
        for item in order:
            completed(tmp_path / str(i)).write([item])  # one name: each replaces the one before
            worker = OutcomeStore(
                RunFolder(str(tmp_path / str(i))), BUCKETS, worker=item.outcome.detail
            )
            worker.write([item])
        found = found_in(tmp_path / str(i), [least.outcome.task_id])
        assert found == {least.outcome.task_id: least}
    both = completed(tmp_path / "one file")
    both.write(versions)
    assert found_in(tmp_path / "one file", [least.outcome.task_id])[least.outcome.task_id] == least


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"",
        lambda data: data[:100],
        lambda data: data[:-1],
        lambda data: b"PAR1" + bytes(200) + b"PAR1",
        lambda data: bytes(len(data)),
    ],
)
def test_damaged_files_are_told(damage: Any) -> None:
    sink = io.BytesIO()
    outcomes.write_outcomes([outcome(i) for i in range(5)], sink)
    with pytest.raises(Damaged):
        outcomes.read_ids(io.BytesIO(damage(sink.getvalue())))


def test_a_body_that_is_not_its_hash_is_damage() -> None:
    sink = io.BytesIO()
    row = {"task_id": "a", "outcome": b"{}", "content_hash": "00"}
    table = pa.Table.from_pylist([row], schema=outcomes.OUTCOME_SCHEMA)
    pq.write_table(table, sink)
    with pytest.raises(Damaged, match="does not match"):
        outcomes.read_outcomes(io.BytesIO(sink.getvalue()), {"a": "00"})


def test_ids_of_a_file_are_read_once(tmp_path: Path) -> None:
    items = [outcome(i) for i in range(30)]
    completed(tmp_path).write(items)
    files = Watched(str(tmp_path))
    worker = OutcomeStore(files, BUCKETS)
    for _ in range(5):
        assert worker.lookup([digest("other", i) for i in range(20)]) == []
    assert len(files.opened) == len(set(files.opened)) == len(list(tmp_path.glob("*/*/*.parquet")))


def test_lone_surrogates_cannot_be_encoded() -> None:
    with pytest.raises(TypeError):
        encode_outcome(Outcome("a", "failed", "m", "en", detail="\ud800"))


def test_usage_is_summed_by_method_language_model_and_step() -> None:
    sums = call_figures((outcome(i).outcome for i in range(4)), {})
    assert {key: n for key, n in sums.items() if ":" not in key} == {
        "calls": 4,
        "retries": 4,
        "sent_back": 2,
        "repaired": 1,
        "cut_off": 0,
        "prompt_tokens": 40,
        "completion_tokens": 6,
        "reasoning_tokens": 3,
    }
    for group in ("method:rag", "language:en", "model:m", "step:rag/query"):
        assert sums[f"{group}:calls"] == 4
        assert sums[f"{group}:completion_tokens"] == 6


def test_cost_and_latency_where_there_are_prices_and_times() -> None:
    found = outcome(3).outcome
    steps = tuple({**found.steps[0], "ms": ms} for ms in (0, 1, 2, 32, 33, 64, 65))
    found = dataclasses.replace(found, steps=steps)
    sums = call_figures([found], {"m": Price(prompt=1.0, completion=0.5)})
    assert sums["nano_cost"] == sums["model:m:nano_cost"] == 7 * (10 * 1000 + 3 * 500)
    bins = {key: n for key, n in sums.items() if key.startswith("latency_ms_")}
    assert bins == {
        "latency_ms_1": 2, "latency_ms_2": 1, "latency_ms_32": 1, "latency_ms_64": 2,
        "latency_ms_128": 1,
    }  # fmt: skip
    figures = nested(sums)
    assert figures["total"]["cost"] == pytest.approx(7 * 11.5e-6)
    assert list(figures["by_step"]["rag/query"]["latency_ms"]) == ["1", "2", "32", "64", "128"]


def test_merging_leaves_one_outcome_each_and_nothing_else_changes(tmp_path: Path) -> None:
    files = RunFolder(str(tmp_path))
    completed = OutcomeStore(files, 1)
    for i in range(40):
        completed.write([outcome(i % 25, f"try {i // 25}"), outcome(100 + i)])
    ids = [digest("task", i) for i in [*range(25), *range(100, 140)]]
    before = {item.outcome.task_id: item.body for _, found in OutcomeStore(files, 1).lookup(ids)
              for item in found}  # fmt: skip
    (damaged, *_) = sorted(tmp_path.glob("_completed/00000/*.parquet"))
    torn = damaged.with_name("torn.parquet")
    torn.write_bytes(damaged.read_bytes()[:-9])
    assert compaction.merge_outcomes(RunFolder(str(tmp_path))) == 39
    left = sorted(path.name for path in tmp_path.glob("_completed/00000/*"))
    assert len(left) == 2 and left[0].startswith("merged-") and left[1] == "torn.parquet"
    again = OutcomeStore(files, 1)
    after = {item.outcome.task_id: item.body for _, found in again.lookup(ids) for item in found}
    assert after == before and len(after) == 65
    assert compaction.merge_outcomes(RunFolder(str(tmp_path))) == 0


def test_few_files_are_left_alone(tmp_path: Path) -> None:
    completed = OutcomeStore(RunFolder(str(tmp_path)), 1)
    for i in range(10):
        completed.write([outcome(i)])
    assert compaction.merge_outcomes(RunFolder(str(tmp_path))) == 0
    assert len(list(tmp_path.glob("_completed/*/*"))) == 10


def test_decode_is_the_inverse() -> None:
    item = outcome(3)
    assert outcomes.decode_outcome(item.body) == item.outcome
    assert orjson.dumps(outcomes.decode_outcome(item.body)) == item.body
