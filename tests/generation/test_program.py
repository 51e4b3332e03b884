from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

import pytest

from beam_synth.checks.instances import parse_instance
from beam_synth.engines.base import Request
from beam_synth.errors import (
    ContentRefused,
    EngineError,
    Permanent,
    Rejected,
    Stopped,
    TooLong,
    Transient,
    Unusable,
)
from beam_synth.generation import calls
from beam_synth.generation.batch import Driver, Feed, MethodBreaker
from beam_synth.generation.calls import Doubtful, Endpoint, Policy, PutOff
from beam_synth.generation.flushing import Flusher
from beam_synth.generation.health import Bounds
from beam_synth.generation.outcomes import Finished, encode_outcome
from beam_synth.generation.program import Unfinished
from beam_synth.generation.window import Window
from beam_synth.methods import PassageSeed, Seed
from beam_synth.records import Outcome, Task
from tests.doubles import programs
from tests.doubles.engines import ScriptedEngine, Told
from tests.doubles.processes import PATIENCE

T = TypeVar("T")
REQUEST = Request("m/query", {})
NOTHING = Feed((), lambda tasks: [], 1)
TASKS = programs.tasks_of(programs.passages(20), "two_calls")
SEED_OF = {task.task_id: PassageSeed(task, programs.passages(1)[0]) for task in TASKS}


def called(
    script: list[Exception | None], policy: Policy, times: int = 1
) -> tuple[list[Any], list[float], Told, ScriptedEngine]:
    """Results (or errors) of calls, the waits between tries, the stop, the engine."""
    waits: list[float] = []
    told, engine = Told(), ScriptedEngine(*script)

    async def sleep(seconds: float) -> None:
        waits.append(seconds)  # the window's clock is their sum

    async def work() -> list[Any]:
        endpoint = Endpoint(engine, Window(1, lambda: sum(waits)), policy, told.stop, sleep)
        results: list[Any] = []
        for i in range(times):
            try:
                results.append(await endpoint.call(REQUEST, str(i)))
            except (EngineError, Rejected, Stopped) as error:
                results.append(error)
        return results

    return asyncio.run(work()), waits, told, engine


def test_transient_faults_are_tried_again_with_growing_waits() -> None:
    script: list[Exception | None] = [Transient("status 503")] * 4
    (result,), waits, _, engine = called(script, Policy(max_attempts=5, backoff=0.5))
    assert result.tries == engine.calls == 5
    for i, wait in enumerate(waits):
        assert 2**i / 4 <= wait <= 2**i / 2
    assert waits == called(script, Policy(max_attempts=5, backoff=0.5))[1]  # drawn by key


def test_retry_after_is_honoured_and_bounded() -> None:
    script: list[Exception | None] = [Transient("429", 7.0), Transient("429", 10**6)]
    _, waits, _, engine = called(script, Policy(backoff=1.0, retry_after_cap=20.0))
    assert 7.0 + 20.0 < sum(waits) <= 8.0 + 22.0
    assert max(waits) <= 5.0  # between two looks at the stop
    assert engine.calls == 3


def test_a_stop_ends_a_long_wait() -> None:
    told = Told()
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == 2:
            told.stop.trip("signal", "")

    async def work() -> None:
        engine = ScriptedEngine(Transient("429", 10**6))
        endpoint = Endpoint(
            engine,
            Window(1, lambda: sum(waits), lambda: told.stop.reason is not None),
            Policy(),
            told.stop,
            sleep,
        )
        with pytest.raises(Stopped):
            await asyncio.wait_for(endpoint.call(REQUEST, "x"), PATIENCE)

    asyncio.run(work())
    assert len(waits) == 2


def test_a_call_is_given_up_after_the_last_try() -> None:
    (result,), waits, told, engine = called([Transient("x")] * 9, Policy(max_attempts=3))
    assert isinstance(result, PutOff) and "3 tries" in str(result)
    assert engine.calls == 3 and len(waits) == 2
    assert told.stop.reason is None


@pytest.mark.parametrize(
    "error",
    [Rejected("nothing_to_ask"), TooLong("status 400"), ContentRefused("status 400")],
)
def test_faults_of_a_request_are_not_tried_again(error: Exception) -> None:
    (result,), waits, told, engine = called([error], Policy())
    assert result is error and engine.calls == 1 and not waits
    assert told.stop.reason is None


def test_a_refusal_is_not_tried_again_and_is_in_doubt() -> None:
    (result,), waits, told, engine = called([Permanent("status 400")], Policy())
    assert isinstance(result, Doubtful) and str(result) == "status 400"
    assert not result.call.others_served
    assert engine.calls == 1 and not waits and told.stop.reason is None


def test_the_breaker_opens_after_calls_in_a_row() -> None:
    policy = Policy(max_attempts=2, bounds=Bounds(given_up=3))
    results, _, told, engine = called([Transient("refused")] * 99, policy, times=5)
    assert [type(result) for result in results] == [PutOff] * 3 + [Stopped] * 2
    assert engine.calls == 6
    assert "scripted: 3 calls in a row" in told.messages["breaker"]
    assert "refused" in told.messages["breaker"]


@pytest.mark.parametrize("between", [None, Rejected("nothing_to_ask")])
def test_an_answer_between_keeps_the_breaker_closed(between: Exception | None) -> None:
    script = [Transient("x"), Transient("x"), between] * 5
    _, _, told, _ = called(script, Policy(max_attempts=1, bounds=Bounds(given_up=3)), times=15)
    assert told.stop.reason is None


def test_a_service_that_refuses_stops_the_run_at_once() -> None:
    results, waits, told, engine = called([Unusable("status 402: no credit")] * 99, Policy(), 3)
    assert [type(result) for result in results] == [Unusable, Stopped, Stopped]
    assert engine.calls == 1 and not waits
    assert "status 402: no credit" in told.messages["service"]


# ---------------------------------------------------------------- structured answers

SCHEMA = {
    "type": "object",
    "properties": {"a": {"type": "string"}, "b": {"type": "array", "items": {"type": "integer"}}},
    "required": ["a"],
    "additionalProperties": False,
}


@pytest.mark.parametrize(
    "text", ['{"a": "x"}', '\n```json\n{"a": "x"}\n```\n', '```\n{"a":"x"}```']
)
def test_instances(text: str) -> None:
    assert parse_instance(text, SCHEMA) == {"a": "x"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "not valid JSON"),
        ("I cannot", "not valid JSON"),
        ('{"a": "x"', "not valid JSON"),
        ('["a"]', "a JSON object is wanted"),
        ("{}", "'a' is a required property"),
        ('{"a": 1}', "a: 1 is not of type 'string'"),
        ('{"a": "x", "c": 1}', "'c' was unexpected"),
        ('{"a": "x", "b": [1, "2"]}', "b.1: '2' is not of type 'integer'"),
    ],
)
def test_no_instances(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        parse_instance(text, SCHEMA)


def test_corrections_hold_answer_and_fault() -> None:
    answer, demand = calls.corrections("bad", "a: 1 is not of type 'string'")
    assert answer == {"role": "assistant", "content": "bad"}
    assert demand["role"] == "user" and "a: 1 is not" in demand["content"]


# ---------------------------------------------------------------- batches


def done(task: Task) -> Finished:
    return encode_outcome(Outcome(task.task_id, "rejected", task.method, "en", "nothing_to_ask"))


def run_flusher(
    times: list[float],
    rows: int,
    seconds: float,
    work: Callable[[Flusher[Finished]], Coroutine[Any, Any, T]],
) -> list[int]:
    """Sizes of the flushes of some work under a clock that says `times`, then its last one."""
    sizes: list[int] = []

    def clock() -> float:
        return times.pop(0) if len(times) > 1 else times[0]

    async def go() -> None:
        await work(Flusher(lambda items: sizes.append(len(items)), rows, seconds, clock))

    asyncio.run(go())
    return sizes


def test_flush_by_number() -> None:
    async def work(flusher: Flusher[Finished]) -> None:
        for task in TASKS[:10]:
            await flusher.put(done(task))
        await flusher.flush()

    assert run_flusher([0.0], 4, 1.0, work) == [4, 4, 2]


def test_flush_by_time_between_programs_that_never_wait() -> None:
    async def work(flusher: Flusher[Finished]) -> None:
        for task in TASKS[:4]:
            await flusher.put(done(task))
        await flusher.flush()

    # Each put looks at the clock: when a buffer begins, and whether it is due.
    assert run_flusher([0.0, 0.1, 0.5, 1.0, 1.0, 2.0, 2.0], 100, 1.0, work) == [3, 1]


def test_flush_by_time_while_nothing_finishes() -> None:
    async def work(flusher: Flusher[Finished]) -> None:
        await flusher.put(done(TASKS[0]))
        await flusher.tick()

    assert run_flusher([0.0, 0.0, 0.5], 100, 0.001, work) == [1]
    assert run_flusher([0.0], 100, 0.001, work) == []


def drive(
    run: Callable[[Seed], Coroutine[Any, Any, Finished | Unfinished]],
    told: Told,
    window: int = 3,
    late_rounds: int = 1,
    write: Callable[[list[Finished]], None] | None = None,
    policy: Policy | None = None,
    first: bool = False,
) -> tuple[list[str], list[str]]:
    """(ids written, ids unfinished) of TASKS."""
    written: list[str] = []

    def note(items: list[Finished]) -> None:
        written.extend(item.outcome.task_id for item in items)

    async def go() -> list[Task]:
        flusher: Flusher[Finished] = Flusher(write or note, 4, 60.0)
        feed = Feed(TASKS, lambda tasks: [SEED_OF[task.task_id] for task in tasks], 7)
        broken = MethodBreaker(told.stop, policy or Policy(), first)
        driver = Driver(run, flusher, told.stop, broken, window, late_rounds)
        return await driver.drive(feed, NOTHING)

    return written, [task.task_id for task in asyncio.run(go())]


IDS = [task.task_id for task in TASKS]


@pytest.mark.parametrize("window", [1, 3, 50])
def test_tasks_start_in_order_within_the_window(window: int) -> None:
    started: list[str] = []
    running = most = 0

    async def run(seed: Seed) -> Finished:
        nonlocal running, most
        started.append(seed.task.task_id)
        running += 1
        most = max(most, running)
        await asyncio.sleep(0)
        running -= 1
        return done(seed.task)

    written, left = drive(run, Told(), window)
    assert started == IDS
    assert sorted(written) == sorted(IDS) and left == []
    assert most <= window


def test_put_off_tasks_get_another_round() -> None:
    tried: dict[str, int] = {}

    async def run(seed: Seed) -> Finished | Unfinished:
        task = seed.task
        tried[task.task_id] = tried.get(task.task_id, 0) + 1
        if task.task_id in IDS[:3] and tried[task.task_id] == 1:
            return Unfinished("503", again=True)
        if task.task_id == IDS[3]:
            return Unfinished("503", again=True)  # for good
        return done(task)

    written, left = drive(run, Told())
    assert left == [IDS[3]]
    assert sorted(written) == sorted(set(IDS) - {IDS[3]})
    assert {tried[i] for i in IDS[:4]} == {2} and {tried[i] for i in IDS[4:]} == {1}


@pytest.mark.parametrize("window", [1, 3, 50])
def test_a_stop_leaves_every_task_either_written_or_unfinished(window: int) -> None:
    told = Told()

    async def run(seed: Seed) -> Finished | Unfinished:
        await asyncio.sleep(0)
        if told.stop.reason is not None:
            return Unfinished("stopped", done(seed.task))
        if seed.task.task_id == IDS[9]:
            told.stop.trip("breaker", "dead")
        return done(seed.task)

    written, left = drive(run, told, window)
    assert sorted(written + left) == sorted(IDS)
    assert left and written


def test_a_write_that_fails_breaks_the_batch() -> None:
    def write(items: list[Finished]) -> None:
        raise OSError("disk full")

    async def run(seed: Seed) -> Finished:
        await asyncio.sleep(0)
        return done(seed.task)

    with pytest.raises(OSError, match="disk full"):
        drive(run, Told(), write=write)


def test_texts_that_are_missing_break_the_batch() -> None:
    async def failing(seed: Seed) -> Finished:
        raise AssertionError("no task has its texts")

    async def go() -> None:
        def attach(tasks: Any) -> list[Seed]:
            raise KeyError("no such passage")

        feed = Feed(TASKS, attach, 5)
        flusher: Flusher[Finished] = Flusher(lambda items: None, 4, 60.0)
        stop = Told().stop
        driver = Driver(failing, flusher, stop, MethodBreaker(stop, Policy(), False), 3, 0)
        await driver.drive(feed, NOTHING)

    with pytest.raises(KeyError, match="no such passage"):
        asyncio.run(go())


def broke(task: Task) -> Finished:
    found = dataclasses.replace(done(task).outcome, kind="failed", reason="internal_error")
    return encode_outcome(dataclasses.replace(found, detail="KeyError: 'x'"))


def test_a_method_that_breaks_again_and_again_stops_the_run() -> None:
    async def run(seed: Seed) -> Finished:
        return done(seed.task) if seed.task.task_id == IDS[0] else broke(seed.task)

    told = Told()
    written, left = drive(run, told, window=1, policy=Policy(broken=5))
    assert written == IDS[:1] and left == IDS[1:]
    assert "broke on 5 tasks in a row, the last one with: KeyError" in told.messages["breaker"]


@pytest.mark.parametrize("window", [1, 7])
def test_a_task_that_ends_well_lets_those_that_broke_pass(window: int) -> None:
    async def run(seed: Seed) -> Finished:
        return done(seed.task) if IDS.index(seed.task.task_id) % 5 == 4 else broke(seed.task)

    told = Told()
    written, left = drive(run, told, window=window, policy=Policy(broken=5))
    assert sorted(written) == sorted(IDS) and left == [] and not told.messages


@pytest.mark.parametrize(("first", "few"), [(True, 3), (True, len(IDS) + 1), (False, 3)])
def test_a_first_batch_of_which_nothing_ends_well_stops_the_run(first: bool, few: int) -> None:
    async def run(seed: Seed) -> Finished:
        return broke(seed.task)

    told = Told()
    policy = Policy(broken=10**6, broken_first=few)
    written, left = drive(run, told, policy=policy, first=first)
    stopped = first and few == 3
    assert (sorted(left), sorted(written)) == ((IDS, []) if stopped else ([], IDS))
    assert bool(told.messages) == stopped
