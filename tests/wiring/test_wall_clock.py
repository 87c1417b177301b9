"""The machine's clock, read once: it never goes back, and what comes ends a sleep."""

from __future__ import annotations

import asyncio
import time

import pytest

from karb_core.wiring.wall_clock import WallClock

LONG_NS = 3_600_000_000_000


def test_it_shows_the_machine_s_time_and_never_goes_back() -> None:
    async def body() -> None:
        clock = WallClock()
        assert abs(clock.now_ns() - time.time_ns()) < 1_000_000_000
        shown = [clock.now_ns() for _ in range(1000)]
        assert shown == sorted(shown)

    asyncio.run(body())


def test_who_sets_the_machine_s_clock_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    async def body() -> None:
        clock = WallClock()
        before = clock.now_ns()
        monkeypatch.setattr(time, "time_ns", lambda: 0)
        assert 0 <= clock.now_ns() - before < LONG_NS

    asyncio.run(body())


def test_what_is_past_is_not_waited_for_and_others_are_let_in() -> None:
    async def body() -> None:
        clock, came = WallClock(), asyncio.Event()
        asyncio.get_running_loop().call_soon(came.set)
        await clock.sleep_until(clock.now_ns() - 1)
        assert came.is_set()

    asyncio.run(body())


def test_it_sleeps_until_its_time_and_not_longer() -> None:
    async def body() -> None:
        clock = WallClock()
        until = clock.now_ns() + 10_000_000
        while clock.now_ns() < until:
            await clock.sleep_until(until)

    asyncio.run(body())


@pytest.mark.parametrize("until", [None, LONG_NS])
def test_what_comes_ends_every_sleep(until: int | None) -> None:
    async def body() -> None:
        clock = WallClock()
        at = None if until is None else clock.now_ns() + until
        sleepers = [asyncio.ensure_future(clock.sleep_until(at)) for _ in range(3)]
        asyncio.get_running_loop().call_soon(clock.wake)
        await asyncio.wait_for(asyncio.gather(*sleepers), 5)

    asyncio.run(body())


def test_what_came_while_nobody_slept_ends_the_next_sleep_and_only_that() -> None:
    async def body() -> None:
        clock = WallClock()
        clock.wake()
        await asyncio.wait_for(clock.sleep_until(None), 5)
        sleeper = asyncio.ensure_future(clock.sleep_until(None))
        for _ in range(5):
            await asyncio.sleep(0)
        assert not sleeper.done()
        clock.wake()
        await asyncio.wait_for(sleeper, 5)

    asyncio.run(body())
