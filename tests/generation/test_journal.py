"""The calls of tasks that have not ended: kept, replayed, dropped, and never paid for twice."""

from __future__ import annotations

import asyncio
import dataclasses
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from beam_synth.engines.base import Completion, Request
from beam_synth.engines.request_hashes import request_hash
from beam_synth.errors import Rejected, TooLong
from beam_synth.generation import worker
from beam_synth.generation.budget import read_spent
from beam_synth.generation.call_rows import CallRow, encode_called, read_calls
from beam_synth.generation.calls import Called, Endpoint, Policy
from beam_synth.generation.compaction import merge_calls
from beam_synth.generation.journal import CallJournal, TaskJournal
from beam_synth.generation.outcomes import read_whole
from beam_synth.generation.results import BatchResult
from beam_synth.generation.window import Window
from beam_synth.generation.worker import Runtime
from beam_synth.job.schema import Budget
from beam_synth.storage import layout
from beam_synth.storage.files import RunFolder
from tests.doubles import programs
from tests.doubles.engines import ScriptedEngine, Told
from tests.doubles.programs import TASK_BUCKETS, FakeEngine

N = 10
TASKS = programs.tasks_of(programs.passages(N), "twelve_calls")
CALLS = 12 * N


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[FakeEngine]]:
    yield programs.install(monkeypatch)
    worker.close_all()


@pytest.fixture
def run(tmp_path: Path) -> RunFolder:
    programs.write_run(tmp_path / "run", programs.passages(N))
    return RunFolder(str(tmp_path / "run"))


async def no_sleep(seconds: float) -> None:
    return None


def process(
    run: RunFolder, policy: Policy | None = None, calls: int | None = None, **generate: Any
) -> BatchResult:
    """A fresh worker does one batch, with a budget of so many calls over all attempts."""
    config = programs.config(Path(run.path), **{"flush_rows": 8, **generate})
    config = dataclasses.replace(config, budget=Budget(calls=calls))
    runtime = Runtime(config, policy=policy, sleep=no_sleep)
    try:
        return runtime.process(TASKS)
    finally:
        runtime.close()
        run.remove_folder(layout.STOP)


def bodies(run: RunFolder) -> dict[str, bytes]:
    """What the outcome files say, by task."""
    found = {}
    for name, _ in run.match(layout.OUTCOME_FILES):
        with run.open(name) as handle:
            found.update({row["task_id"]: row["outcome"] for row in read_whole(handle).to_pylist()})
    return found


def call_files(run: RunFolder) -> list[str]:
    return [name for name, _ in run.match(layout.CALL_FILES)]


@pytest.mark.parametrize("stops", [(50,), (7, 31, 90)])
def test_stops_pay_nothing_twice_and_change_nothing(
    engine: type[FakeEngine], run: RunFolder, tmp_path: Path, stops: tuple[int, ...]
) -> None:
    for calls in stops:
        process(run, calls=calls)
        assert engine.calls.total() == calls and len(bodies(run)) < N
        assert call_files(run)
        merge_calls(run)
    process(run)
    assert engine.calls.total() == CALLS
    assert read_spent(run).calls == {"fake": CALLS}
    assert call_files(run) == []
    engine.reset()
    programs.write_run(tmp_path / "whole", programs.passages(N))
    whole = RunFolder(str(tmp_path / "whole"))
    process(whole)
    assert bodies(run) == bodies(whole) and len(bodies(run)) == N


def test_a_late_round_asks_for_no_answer_again(engine: type[FakeEngine], run: RunFolder) -> None:
    engine.transient = 0.1
    process(run, Policy(max_attempts=1, late_rounds=30, bounds=programs.PATIENT), flush_rows=200)
    assert len(bodies(run)) == N
    assert len(engine.calls) == CALLS  # each request was answered once, however often it failed
    answered = sum(1 for tries in engine.calls.values() if tries)
    assert answered == CALLS


def test_methods_of_few_calls_have_none(engine: type[FakeEngine], tmp_path: Path) -> None:
    programs.write_run(tmp_path, programs.passages(N))
    run = RunFolder(str(tmp_path))
    config = programs.config(tmp_path, flush_rows=2)
    runtime = Runtime(dataclasses.replace(config, budget=Budget(calls=9)), sleep=no_sleep)
    runtime.process(programs.tasks_of(programs.passages(N), "two_calls"))
    runtime.close()
    assert engine.calls.total() == 9 and not run.match("_calls/*/*")


def test_damaged_files_are_passed_over(
    engine: type[FakeEngine], run: RunFolder, caplog: pytest.LogCaptureFixture
) -> None:
    process(run, calls=60)
    for name in call_files(run)[::2]:
        run.write(name, run.read(name)[:-20])
    with caplog.at_level(logging.WARNING):
        process(run)
    assert "is skipped, its calls are made again" in caplog.text
    assert CALLS < engine.calls.total() <= CALLS + 60
    assert len(bodies(run)) == N


def test_a_journal_that_cannot_be_written_breaks_the_batch(
    engine: type[FakeEngine], run: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    create = RunFolder.create

    def full(self: RunFolder, name: str) -> Any:
        if name.startswith(layout.CALLS):
            raise OSError("no space is left")
        return create(self, name)

    monkeypatch.setattr(RunFolder, "create", full)
    with pytest.raises(OSError, match="no space is left"):
        process(run)
    assert bodies(run) == {}


def test_merging_drops_the_calls_of_what_has_ended(
    engine: type[FakeEngine], run: RunFolder
) -> None:
    process(run, calls=100, flush_seconds=100.0)
    ended, before = set(bodies(run)), call_files(run)
    assert ended and before
    merge_calls(run)
    rows = []
    for name in call_files(run):
        with run.open(name) as handle:
            rows += read_calls(handle).to_pylist()
    assert {row["task_id"] for row in rows}.isdisjoint(ended)
    assert len(rows) == 100 - 12 * len(ended)
    assert rows == sorted(rows, key=lambda row: (row["task_id"], row["call"]))
    assert len(call_files(run)) <= min(TASK_BUCKETS, len(before))
    process(run)
    assert engine.calls.total() == CALLS
    assert merge_calls(run) == 0


# ---------------------------------------------------------------- one task


def ask(journal: TaskJournal, engine: ScriptedEngine, key: str, text: str) -> Called:
    endpoint = Endpoint(engine, Window(1), Policy(), Told().stop)
    return asyncio.run(journal.call(endpoint, Request("m/q", {"text": text}), key, "wording"))


def journal_of(*asked: tuple[str, str]) -> tuple[TaskJournal, list[CallRow]]:
    """A task's journal with a call (key, text) each, which was answered by its text; and what is
    put into it."""
    put: list[CallRow] = []

    async def keep(row: CallRow) -> None:
        put.append(row)

    kept = {
        key: {
            request_hash(Request("m/q", {"text": text}), "scripted", "wording"): encode_called(
                Called([Completion(text)], 2, 0.5)
            )
        }
        for key, text in asked
    }
    return TaskJournal("ab" * 16, keep, kept), put


def test_the_same_request_at_the_same_place_is_not_made_again() -> None:
    journal, put = journal_of(("1", "a"), ("2", "b"))
    engine = ScriptedEngine()
    assert ask(journal, engine, "1", "a") == Called([Completion("a")], 2, 0.5)
    assert ask(journal, engine, "3", "c").completions[0].text == "yes"  # it was in flight
    assert ask(journal, engine, "2", "b").completions[0].text == "b"
    assert engine.calls == 1 and [row.call for row in put] == ["3"]


def test_a_program_that_goes_another_way_gets_nothing_more() -> None:
    journal, put = journal_of(("1", "a"), ("2", "b"), ("3", "c"))
    engine = ScriptedEngine()
    texts = [
        ask(journal, engine, key, text).completions[0].text
        for key, text in (("1", "a"), ("2", "other"), ("3", "c"))
    ]
    assert texts == ["a", "yes", "yes"] and [row.call for row in put] == ["2", "3"]


@pytest.mark.parametrize("error", [TooLong("9 tokens"), Rejected("nothing_to_ask", "no fact")])
def test_errors_that_a_program_may_go_on_from_are_kept(error: Exception) -> None:
    journal, put = journal_of()
    with pytest.raises(type(error)):
        ask(journal, ScriptedEngine(error), "1", "a")
    ((_, key, asked, body),) = put

    async def keep(row: CallRow) -> None:
        raise AssertionError

    again, engine = TaskJournal("ab" * 16, keep, {key: {asked: body}}), ScriptedEngine()
    with pytest.raises(type(error), match=str(error)):
        ask(again, engine, "1", "a")
    assert engine.calls == 0


def test_what_a_request_asks_decides_its_hash_and_how_many_does_not() -> None:
    request = Request("m/q", {"text": "t", "set": {"b", "a"}}, seed=3)
    known = request_hash(request, "model", "wording")
    same = dataclasses.replace(request, n=4, variables={"set": {"a", "b"}, "text": "t"})
    assert request_hash(same, "model", "wording") == known
    changes: list[dict[str, Any]] = [
        {"template": "m/r"}, {"variables": {}}, {"schema": {}}, {"sampling": {"top_p": 1}},
        {"seed": 4}, {"followups": ({"role": "user"},)}, {"prompt_ids": (1,)}, {"logprobs": True},
    ]  # fmt: skip
    for change in changes:
        assert request_hash(dataclasses.replace(request, **change), "model", "wording") != known
    assert request_hash(request, "other", "wording") != known
    assert request_hash(request, "model", "another") != known


def test_a_call_leaves_the_window_when_its_row_waits_for_a_flush(tmp_path: Path) -> None:
    """With the writer held, no more calls are made than fit the flushes and the window."""
    rows, window = 6, 4

    async def work() -> int:
        held = asyncio.Event()

        class Held(RunFolder):
            def create(self, name: str) -> Any:
                asyncio.run_coroutine_threadsafe(held.wait(), loop).result()
                return super().create(name)

        loop = asyncio.get_running_loop()
        journal = CallJournal(Held(str(tmp_path)), TASK_BUCKETS, "0", rows, 1000.0)
        engine = ScriptedEngine()
        endpoint = Endpoint(engine, Window(window), Policy(), Told().stop)
        task = await journal.of_task(TASKS[0].task_id)
        request = Request("m/q", {})
        calls = [asyncio.ensure_future(task.call(endpoint, request, str(i), "")) for i in range(40)]
        for _ in range(200):
            await asyncio.sleep(0)
        made = engine.calls
        held.set()
        await asyncio.gather(*calls)
        await journal.flush()
        journal.check()
        return made

    assert asyncio.run(work()) <= rows + window
    assert len(list(tmp_path.glob("_calls/*/*.parquet"))) > 1
