"""Whoever tells the owner cannot hold up the desk, nor another who tells, nor the end."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import pytest

from karb_core.ports import Notice, NoticeKind, Notifier
from karb_core.texts.text import Said, render
from karb_core.wiring.telling_on import TellingOn
from karb_core.wiring.virtual_clock import VirtualClock
from karb_core.wiring.virtual_loop import run

T = TypeVar("T")
START = 1_736_132_400_000_000_000


def notice(number: int) -> Notice:
    return Notice(NoticeKind.HALT, number, "", "paper", {"reason": str(number)}, str(number))


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


def telling_by(*channels: Notifier, failed: list[str] | None = None) -> TellingOn:
    """No ledger keeps anything."""

    def hears(said: Said) -> None:
        if failed is not None:
            failed.append(render(said))

    return TellingOn({str(i): each for i, each in enumerate(channels)}, None, VirtualClock(), hears)


def played(body: Callable[[], Awaitable[T]]) -> T:
    async def whole() -> T:
        return await body()

    return run(whole(), START, START + 3_600_000_000_000)


def test_a_channel_that_hangs_holds_up_neither_the_desk_nor_another_channel() -> None:
    hangs, good, failed = Channel(hangs=True), Channel(), list[str]()

    async def body() -> float:
        telling = telling_by(hangs, good, failed=failed)
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
    assert failed == ["you could not be told by 0, which is tried again: no answer within 10 s"]


def test_one_that_raises_is_said_once_until_it_works_again_and_tells_all_of_it_then() -> None:
    channel, failed = Channel(raises="the webhook is gone"), list[str]()

    async def body() -> None:
        telling = telling_by(channel, failed=failed)
        telling_on = asyncio.ensure_future(telling.run())
        for number in range(3):
            telling.put(notice(number))
        await asyncio.sleep(100)
        channel.raises = ""
        await asyncio.sleep(300)
        assert channel.told == [0, 1, 2]
        channel.raises = "the webhook is gone"
        telling.put(notice(4))
        await asyncio.sleep(1)
        telling_on.cancel()

    played(body)
    assert failed == ["you could not be told by 0, which is tried again: RuntimeError: the webhook is gone"] * 2


def test_what_is_more_important_than_all_before_is_tried_at_once() -> None:
    """A channel that failed waits long by then."""
    channel = Channel(raises="the webhook is gone")

    async def body() -> None:
        telling = telling_by(channel)
        telling_on = asyncio.ensure_future(telling.run())
        telling.put(Notice(NoticeKind.REFUSAL, 1, "", "paper", {}, "1"))
        await asyncio.sleep(1000)
        channel.raises = ""
        telling.put(notice(2))
        await asyncio.sleep(0.1)
        assert channel.told == [2, 1]
        telling_on.cancel()

    played(body)


def test_at_the_end_what_waits_is_told_and_what_is_on_its_way_is_waited_for() -> None:
    slow = Channel(lasts_s=2)

    async def body() -> None:
        telling = telling_by(slow)
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
        telling, began = telling_by(Channel(hangs=True), Channel()), VirtualClock().now_ns()
        for number in range(waiting):
            telling.put(notice(number))
        await telling.drain()
        return (VirtualClock().now_ns() - began) / 1e9

    assert played(body) <= 10


def test_where_too_many_wait_the_oldest_are_told() -> None:
    channel = Channel()

    async def body() -> None:
        telling = telling_by(channel)
        for number in range(1500):
            telling.put(notice(number))
        await telling.drain()

    played(body)
    assert channel.told == list(range(1000))


def test_nobody_to_tell_is_no_error() -> None:
    async def body() -> None:
        telling = telling_by()
        telling.put(notice(1))
        await telling.run()
        await telling.drain()

    played(body)
