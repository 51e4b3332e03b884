"""When an endpoint is given up, and what is kept of the tasks that it failed on."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beam_synth.errors import EngineError, Permanent, Transient
from beam_synth.generation.causes import Causes
from beam_synth.generation.health import SUSPECTED, Bounds, Health
from beam_synth.generation.put_off import PutOffStore, PutOffTask, put_off_causes
from beam_synth.storage.files import RunFolder
from tests.doubles.engines import Told

ERROR = Transient("status 500: down")


def health(told: Told, alive: Callable[[], Awaitable[None]] | None = None) -> Health:
    return Health("m", Bounds(given_up=3, refused=3, last_calls=10), told.stop, alive)


def plain_call(serves: bool, asked: list[int]) -> Callable[[], Awaitable[None]]:
    async def alive() -> None:
        asked.append(1)
        if not serves:
            raise EngineError("status 500")

    return alive


@pytest.mark.parametrize("serves", [True, False])
def test_a_plain_call_decides_before_the_run_is_stopped(serves: bool) -> None:
    told, asked = Told(), list[int]()

    async def work() -> None:
        found = health(told, plain_call(serves, asked))
        for began in range(4):
            await found.gave_up(began, ERROR)

    asyncio.run(work())
    assert bool(told.messages) is not serves
    assert len(asked) == (1 if serves else 3)  # a dead endpoint is asked three times


def test_calls_given_up_together_ask_one_plain_call() -> None:
    told, asked = Told(), list[int]()

    async def work() -> None:
        async def alive() -> None:
            asked.append(1)
            await asyncio.sleep(0.01)

        found = Health("m", Bounds(given_up=3), told.stop, alive)
        await asyncio.gather(*(found.gave_up(began, ERROR) for began in range(9)))

    asyncio.run(work())
    assert len(asked) == 1 and not told.messages


def test_suspected_tasks_stop_no_run_that_serves() -> None:
    told = Told()

    async def work() -> None:
        SUSPECTED.set(True)
        found = health(told, plain_call(True, []))
        for began in range(40):
            await found.gave_up(began, ERROR)
            found.refused(began, Permanent("status 400"))

    asyncio.run(work())
    assert not told.messages


@given(st.lists(st.tuples(st.floats(0, 100), st.booleans()), max_size=60))
def test_the_error_rate_is_that_of_the_calls_that_began_last(
    calls: list[tuple[float, bool]],
) -> None:
    """However late their errors are known; against a list of all calls."""
    told = Told()
    found = Health("m", Bounds(refused=10**6, last_calls=10), told.stop)
    seen: list[tuple[float, bool]] = []
    for began, failed in calls:
        seen.append((began, failed))
        if failed:
            found.refused(began, Permanent("status 400"))
        else:
            found.answered(began)
        last = sorted(seen, key=lambda call: call[0])[-10:]
        if failed and sum(bad for _, bad in last) > 5:
            assert set(told.messages) == {"error_rate"}
            return
        assert not told.messages


def test_causes_differ_by_their_words_and_status() -> None:
    causes = Causes(f"status 500 from http://h:{i}/v1: request {i:08x} died" for i in range(7))
    causes.add("status 503 from http://h:1/v1: request 1 died", 2)
    causes.add("no answer within 300 s")
    causes.add("another")
    assert causes.told(most=2) == (
        "7 x status 500 from http://h:0/v1: request 00000000 died; "
        "2 x status 503 from http://h:1/v1: request 1 died; 2 others"
    )


def test_starts_are_counted_once_each_and_never_the_present_one(tmp_path: Path) -> None:
    run = RunFolder(str(tmp_path))
    one, two = "0a" * 16, "0b" * 16
    PutOffStore(run, 4, "first").write([PutOffTask(one, "x", True), PutOffTask(two, "y", False)])
    PutOffStore(run, 4, "first").write([PutOffTask(one, "z", True)])
    assert PutOffStore(run, 4, "first").look_up([one, two]).starts == {}
    earlier = PutOffStore(run, 4, "second").look_up([one, two, "0c" * 16])
    assert earlier.starts == {one: 1, two: 0}
    assert one in earlier and "0c" * 16 not in earlier
    assert put_off_causes(run, "first") and not put_off_causes(run, "second")


def test_a_damaged_note_says_nothing(tmp_path: Path) -> None:
    run = RunFolder(str(tmp_path))
    PutOffStore(run, 1, "first").write([PutOffTask("0a" * 16, "x", True)])
    ((path, _),) = run.match("_put_off/*/*.json")
    for data in (b"[{", b'{"a": 1}', b"7", b'[{"task_id": "x"}]'):
        run.write(path, data)
        assert PutOffStore(run, 1, "second").look_up(["0a" * 16]).starts == {}
