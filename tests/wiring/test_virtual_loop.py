"""Time passes when there is nothing else to do, and never otherwise."""

import asyncio
from itertools import pairwise

import pytest

from karb_core.ports import Clock
from karb_core.wiring.virtual_clock import VirtualClock
from karb_core.wiring.virtual_loop import TimeIsUp, TurnsForever, VirtualLoop, WaitsForever, run

START = 1_735_689_600_123_456_789
SECOND = 1_000_000_000


async def never() -> None:
    await asyncio.get_running_loop().create_future()


def test_a_year_of_sleep_takes_no_time_and_ends_at_the_nanosecond() -> None:
    async def sleeps() -> list[int]:
        clock: Clock = VirtualClock()
        times = [clock.now_ns()]
        for after in (1, 999_999_999, 86_400 * SECOND, 60 * 86_400 * SECOND + 1):
            await clock.sleep_until(times[-1] + after)
            times.append(clock.now_ns())
        return times

    steps = run(sleeps(), START)
    assert [b - a for a, b in pairwise(steps)] == [
        1,
        999_999_999,
        86_400 * SECOND,
        60 * 86_400 * SECOND + 1,
    ]
    assert steps[0] == START


def test_those_who_wait_go_on_in_the_order_of_their_times() -> None:
    async def told() -> list[tuple[str, int]]:
        clock, said = VirtualClock(), list[tuple[str, int]]()

        async def speaks(name: str, after: int) -> None:
            await clock.sleep_until(START + after)
            said.append((name, clock.now_ns() - START))

        await asyncio.gather(speaks("late", 3), speaks("early", 1), speaks("between", 2))
        return said

    assert run(told(), START) == [("early", 1), ("between", 2), ("late", 3)]


def test_what_would_wait_for_ever_is_an_error() -> None:
    with pytest.raises(WaitsForever):
        run(never(), START)


def test_a_sleep_without_end_that_nobody_can_end_is_an_error() -> None:
    async def waits() -> None:
        await VirtualClock().sleep_until(None)

    with pytest.raises(WaitsForever):
        run(waits(), START)


def test_what_would_turn_for_ever_is_an_error() -> None:
    async def turns() -> None:
        while True:
            await VirtualClock().sleep_until(START)

    with pytest.raises(TurnsForever):
        run(turns(), START)


@pytest.mark.parametrize(("seconds", "ends"), [(10, True), (9, False)])
def test_what_asks_for_ever_ends_when_its_time_is_up(seconds: int, ends: bool) -> None:
    async def asks() -> None:
        for _ in range(10):
            await asyncio.sleep(1)

    if ends:
        run(asks(), START, START + seconds * SECOND)
    else:
        with pytest.raises(TimeIsUp):
            run(asks(), START, START + seconds * SECOND)


def test_a_task_left_behind_is_cancelled_and_may_clean_up() -> None:
    cleaned = []

    async def leaves() -> str:
        async def stays() -> None:
            try:
                await never()
            finally:
                await asyncio.sleep(1)
                cleaned.append("cleaned")

        task = asyncio.ensure_future(stays())
        await asyncio.sleep(1)
        return "left" if not task.done() else "over"

    assert run(leaves(), START) == "left"
    assert cleaned == ["cleaned"]


def test_a_timeout_of_asyncio_is_in_virtual_time() -> None:
    async def waits() -> float:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(3600):
                await never()
        return asyncio.get_running_loop().time()

    assert run(waits(), START) == 3600


def test_what_is_sent_to_a_thread_runs_at_once() -> None:
    async def asks() -> tuple[int, str]:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, VirtualLoop)
        with pytest.raises(ZeroDivisionError):
            await loop.run_in_executor(None, lambda: 1 // 0)
        return loop.now_ns(), await loop.run_in_executor(None, str, 5)

    assert run(asks(), START) == (START, "5")


def test_a_wake_ends_a_sleep_before_its_time() -> None:
    async def woken(until: int | None) -> int:
        clock = VirtualClock()
        asyncio.get_running_loop().call_later(2, clock.wake)
        await clock.sleep_until(until)
        return clock.now_ns() - START

    assert run(woken(None), START) == 2 * SECOND
    assert run(woken(START + 9 * SECOND), START) == 2 * SECOND
    assert run(woken(START + SECOND), START) == SECOND


def test_a_wake_that_nobody_slept_through_ends_the_next_sleep_once() -> None:
    async def woken() -> list[int]:
        clock = VirtualClock()
        clock.wake()
        await clock.sleep_until(None)
        at_once = clock.now_ns() - START
        await clock.sleep_until(START + SECOND)
        return [at_once, clock.now_ns() - START]

    assert run(woken(), START) == [0, SECOND]


def test_our_clock_may_be_wrong_while_the_worlds_is_right() -> None:
    async def told() -> list[tuple[int, int]]:
        clock = VirtualClock(off_by_ns=5 * SECOND)
        told = [(clock.now_ns() - START, clock.world_ns() - START)]
        await clock.sleep_until(START + 7 * SECOND)
        told.append((clock.now_ns() - START, clock.world_ns() - START))
        clock.jump(-SECOND)
        await clock.sleep_until(None)
        await clock.sleep_until(START + 7 * SECOND)
        told.append((clock.now_ns() - START, clock.world_ns() - START))
        return told

    assert run(told(), START) == [
        (5 * SECOND, 0),
        (7 * SECOND, 2 * SECOND),
        (7 * SECOND, 3 * SECOND),
    ]


def test_a_virtual_clock_needs_virtual_time() -> None:
    async def made() -> None:
        VirtualClock()

    with pytest.raises(TypeError, match="virtual time"):
        asyncio.run(made())
