"""Whoever tells the owner cannot hold up the desk, nor another who tells, nor the end."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import pytest

from karb_core.ports import Notice, NoticeKind
from karb_core.wiring.telling_on import TellingOn
from karb_core.wiring.virtual_clock import VirtualClock
from karb_core.wiring.virtual_loop import run

T = TypeVar("T")
START = 1_736_132_400_000_000_000


def notice(number: int) -> Notice:
    return Notice(NoticeKind.HALT, number, "", "paper", {"reason": str(number)})


class Channel:
    """Takes so long for each, or never answers, or raises."""

    def __init__(self, *, lasts_s: float = 0, hangs: bool = False, raises: str = "") -> None:
        self.lasts_s, self.hangs, self.raises = lasts_s, hangs, raises
        self.told: list[int] = []

    async def notify(self, notice: Notice) -> None:
        if self.hangs:
            await asyncio.Event().wait()
        await asyncio.sleep(self.lasts_s)
        if self.raises:
            raise RuntimeError(self.raises)
        self.told.append(notice.at_ns)


def played(body: Callable[[], Awaitable[T]]) -> T:
    async def whole() -> T:
        return await body()

    return run(whole(), START, START + 3_600_000_000_000)


def test_a_channel_that_hangs_holds_up_neither_the_desk_nor_another_channel() -> None:
    hangs, good, failed = Channel(hangs=True), Channel(), list[str]()

    async def body() -> float:
        telling = TellingOn([hangs, good], failed.append)
        telling_on = asyncio.ensure_future(telling.run())
        clock, began = VirtualClock(), VirtualClock().now_ns()
        for number in range(5):
            telling.put(notice(number))
        await asyncio.sleep(0.001)
        passed = (clock.now_ns() - began) / 1e9
        assert good.told == [0, 1, 2, 3, 4]
        await asyncio.sleep(60)
        telling_on.cancel()
        return passed

    assert played(body) < 0.01
    assert failed == ["no answer within 10 s"]


def test_one_that_raises_is_told_of_once_until_it_works_again() -> None:
    channel, failed = Channel(raises="the webhook is gone"), list[str]()

    async def body() -> None:
        telling = TellingOn([channel], failed.append)
        for number in range(3):
            telling.put(notice(number))
            await telling.drain()
        channel.raises = ""
        telling.put(notice(3))
        await telling.drain()
        channel.raises = "the webhook is gone"
        telling.put(notice(4))
        await telling.drain()

    played(body)
    assert failed == ["RuntimeError: the webhook is gone"] * 2
    assert channel.told == [3]


def test_at_the_end_what_waits_is_told_and_what_is_on_its_way_is_waited_for() -> None:
    slow = Channel(lasts_s=2)

    async def body() -> None:
        telling = TellingOn([slow], lambda _: None)
        telling_on = asyncio.ensure_future(telling.run())
        for number in range(3):
            telling.put(notice(number))
        await asyncio.sleep(1)
        await telling.drain()
        telling_on.cancel()

    played(body)
    assert slow.told == [0, 1, 2]


@pytest.mark.parametrize("waiting", [1, 500])
def test_the_end_waits_for_a_channel_that_hangs_as_long_as_for_one_notice(waiting: int) -> None:
    async def body() -> float:
        telling, began = TellingOn([Channel(hangs=True), Channel()], lambda _: None), VirtualClock().now_ns()
        for number in range(waiting):
            telling.put(notice(number))
        await telling.drain()
        return (VirtualClock().now_ns() - began) / 1e9

    assert played(body) <= 10


def test_where_too_many_wait_the_newest_are_told() -> None:
    channel = Channel()

    async def body() -> None:
        telling = TellingOn([channel], lambda _: None)
        for number in range(1500):
            telling.put(notice(number))
        await telling.drain()

    played(body)
    assert channel.told == list(range(500, 1500))


def test_nobody_to_tell_is_no_error() -> None:
    async def body() -> None:
        telling = TellingOn([], lambda _: None)
        telling.put(notice(1))
        await telling.run()
        await telling.drain()

    played(body)
