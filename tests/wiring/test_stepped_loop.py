"""One step of the inner loop is everything that follows from one thing, and nothing of it is left."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from karb_core.wiring.inner_clock import InnerClock
from karb_core.wiring.stepped_loop import SteppedLoop, TurnsForever


@pytest.fixture
def loop() -> Iterator[SteppedLoop]:
    made = SteppedLoop(lambda *_: made.create_future())
    yield made
    if not made.is_closed():
        made.end()


def test_a_step_ends_when_nothing_is_ready(loop: SteppedLoop) -> None:
    done: list[str] = []
    waits = loop.create_future()

    async def child(name: str) -> None:
        await asyncio.sleep(0)
        done.append(name)

    async def work() -> None:
        await asyncio.gather(child("a"), child("b"))
        done.append(await waits)

    loop.step(lambda: loop.create_task(work()))
    assert done == ["a", "b"]
    loop.step(lambda: waits.set_result("c"))
    assert done == ["a", "b", "c"]


def test_it_is_stepped_inside_a_loop_that_goes_on(loop: SteppedLoop) -> None:
    async def around() -> asyncio.AbstractEventLoop:
        loop.step(lambda: loop.create_task(asyncio.sleep(0)))
        await asyncio.sleep(0)
        return asyncio.get_running_loop()

    assert asyncio.run(around()) is not loop


def test_what_the_work_raises_comes_out_and_what_a_task_raises_stays_with_it(loop: SteppedLoop) -> None:
    def raises() -> None:
        raise ValueError("at once")

    async def later() -> None:
        raise LookupError("later")

    with pytest.raises(ValueError, match="at once"):
        loop.step(raises)
    tasks: list[asyncio.Task[None]] = []
    loop.step(lambda: tasks.append(loop.create_task(later())))
    assert isinstance(tasks[0].exception(), LookupError)


async def _slept() -> None:
    await asyncio.sleep(1)


async def _turning() -> None:
    while True:
        await asyncio.sleep(0)


@pytest.mark.parametrize(("work", "error"), [(_slept, RuntimeError), (_turning, TurnsForever)])
def test_nobody_waits_for_a_time_or_turns_for_ever(
    loop: SteppedLoop, work: Callable[[], Any], error: type[Exception]
) -> None:
    tasks: list[asyncio.Task[None]] = []
    try:
        loop.step(lambda: tasks.append(loop.create_task(work())))
    except TurnsForever as e:
        assert type(e) is error
    else:
        assert isinstance(tasks[0].exception(), error)


def test_a_thread_is_handed_its_work(loop: SteppedLoop) -> None:
    asked: list[object] = []
    answer = loop.create_future()

    def hands_out(by: object, work: Callable[[], object]) -> asyncio.Future[Any]:
        asked.append((by, work()))
        return answer

    other = SteppedLoop(hands_out)
    other.step(lambda: other.run_in_executor(None, max, 1, 2))
    assert asked == [(None, 2)]
    other.end()


def test_the_end_ends_every_task_where_it_stands(loop: SteppedLoop) -> None:
    tasks: list[asyncio.Task[None]] = []

    async def waits() -> None:
        await loop.create_future()

    loop.step(lambda: tasks.append(loop.create_task(waits())))
    loop.end()
    assert tasks[0].cancelled()


def test_the_clock_inside_rings_for_those_whose_time_came(loop: SteppedLoop) -> None:
    clock, woken = InnerClock(100), list[int | None]()

    async def sleeps(until: int | None) -> None:
        await clock.sleep_until(until)
        woken.append(until)

    for until in (100, 200, 300, None):
        loop.step(lambda until=until: loop.create_task(sleeps(until)))  # type: ignore[misc]
    assert (woken, clock.next_ns()) == ([100], 200)
    assert (clock.shows(200), clock.shows(150)) == (200, 200)
    loop.step(clock.rings)
    assert (woken, clock.next_ns()) == ([100, 200], 300)
    loop.step(clock.wake)
    assert woken == [100, 200, 300, None]
    assert not clock.sleeps
