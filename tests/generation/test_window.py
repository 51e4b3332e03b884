"""The window of an endpoint: never wider than allowed, narrower under overload, in order."""

from __future__ import annotations

import asyncio
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from beam_synth.generation.window import Window
from tests.doubles.processes import PATIENCE


@settings(max_examples=40)
@given(st.integers(1, 6), st.lists(st.sampled_from(["ok", "over", "cancel"]), max_size=40))
def test_never_more_in_flight_than_the_limit(most: int, fates: list[str]) -> None:
    rng = random.Random(most)

    async def call(window: Window, fate: str) -> None:
        async with window:
            assert window.in_flight <= most
            started = asyncio.get_running_loop().time()
            await asyncio.sleep(rng.random() / 1000)
            if fate == "over":
                window.overloaded(started)
            else:
                window.answered()

    async def work() -> Window:
        window = Window(most)
        tasks = [asyncio.ensure_future(call(window, fate)) for fate in fates]
        await asyncio.sleep(0)
        for task, fate in zip(tasks, fates, strict=True):
            if fate == "cancel":
                task.cancel()
        found = await asyncio.wait_for(asyncio.gather(*tasks, return_exceptions=True), PATIENCE)
        assert not [error for error in found if isinstance(error, AssertionError)]
        return window

    window = asyncio.run(work())
    assert window.in_flight == 0
    assert 1 <= window.limit <= most


def test_overload_halves_once_for_all_calls_that_were_in_flight_together() -> None:
    now = [0.0]
    window = Window(64, lambda: now[0])
    now[0] = 1.0
    for _ in range(50):
        window.overloaded(started=0.5)
    assert window.limit == 32
    window.overloaded(started=1.5)
    assert window.limit == 16
    for _ in range(20):
        now[0] += 1
        window.overloaded(started=now[0])
    assert window.limit == 1


def test_answers_widen_it_by_one_call_a_window() -> None:
    window = Window(64)
    window.limit = 8.0
    for _ in range(8):
        window.answered()
    assert 8.9 < window.limit < 9.0
    for _ in range(5000):
        window.answered()
    assert window.limit == 64


def test_callers_enter_in_order_and_a_held_window_opens_again() -> None:
    order: list[int] = []

    async def call(window: Window, number: int) -> None:
        async with window:
            order.append(number)
            await asyncio.sleep(0)

    async def work() -> float:
        window = Window(1)
        loop = asyncio.get_running_loop()
        started = loop.time()
        window.hold(0.05)
        await asyncio.gather(*(call(window, i) for i in range(5)))
        return loop.time() - started

    assert asyncio.run(work()) >= 0.05
    assert order == list(range(5))


def test_nobody_is_kept_waiting_once_the_run_ends() -> None:
    ended = [False]

    async def work() -> None:
        window = Window(1, ended=lambda: ended[0])
        window.hold(1000)

        async def end() -> None:
            ended[0] = True

        async with asyncio.timeout(PATIENCE):
            waiting = asyncio.ensure_future(window.__aenter__())
            await asyncio.sleep(0)
            await end()
            await waiting

    asyncio.run(work())


def test_a_waiting_call_that_is_cancelled_gives_its_turn_on() -> None:
    async def work() -> None:
        window = Window(1)
        await window.__aenter__()
        first = asyncio.ensure_future(window.__aenter__())
        second = asyncio.ensure_future(window.__aenter__())
        await asyncio.sleep(0)
        await window.__aexit__(None, None, None)  # hands the turn to the first
        first.cancel()
        with pytest.raises(asyncio.CancelledError):
            await first
        await asyncio.wait_for(second, PATIENCE)
        assert window.in_flight == 1

    asyncio.run(work())
