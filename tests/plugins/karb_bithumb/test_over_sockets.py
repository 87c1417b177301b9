"""The whole feed over real sockets of this machine, in text as in binary frames: told, cut, begun anew, asked, ended."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

import pytest

pytest.importorskip("aiohttp", reason="needs karb[live]")

from karb_bithumb.params import StreamParams
from karb_bithumb.stream import Stream
from karb_core.domain.market import Depth, MarketEvent, VenueState, VenueStatus
from karb_core.domain.statement import VenueSilent
from karb_core.ports import Stage, Wants
from karb_core.wiring.wall_clock import WallClock
from tests.plugins.karb_bithumb.life import BTC
from tests.plugins.karb_bithumb.market_here import MINUTE, RestHere, book
from tests.plugins.karb_upbit.test_over_sockets import heard
from tests.plugins.karb_upbit.upbit_on_sockets import UpbitOnSockets

Says = Callable[[str], Awaitable[None]]


async def a_few(asked: list[dict[str, object]], say: Says) -> None:
    """Three books of what was asked for, and the end."""
    assert [each.get("type") for each in asked] == [None, "orderbook", "ticker", None]
    for _ in range(3):
        await say(book(str(asked[1]["codes"][0]), time.time_ns(), 1000, 1001))  # type: ignore[index]


def test_it_says_what_it_is() -> None:
    assert (Stream.name, Stream.stage, Stream.venues(StreamParams())) == (
        "stream",
        Stage.EXPERIMENTAL,
        frozenset({"bithumb"}),
    )


def test_it_hears_loses_the_line_hears_again_and_ends_when_it_is_told_to() -> None:
    async def whole() -> None:
        async with UpbitOnSockets(a_few, RestHere(time.time_ns)).open() as bithumb:
            told: list[MarketEvent] = []
            feed = Stream(StreamParams(**bithumb.params, back_off="10ms"))
            wants = Wants((BTC,), MINUTE, "close")
            await heard(feed.run(wants, told.append, WallClock()), lambda: bithumb.lines >= 3)
            books = [e for e in told if isinstance(e, Depth)]
            assert {int(b.bids[0].price) for b in books} == {1000}
            states = [e.state for e in told if isinstance(e, VenueStatus)]
            assert states[:3] == [VenueState.UP, VenueState.DEGRADED, VenueState.UP]
            by_then = len(told)
            for _ in range(1000):
                await asyncio.sleep(0)
            assert len(told) == by_then

    asyncio.run(whole())


def test_the_past_and_the_facts_come_from_rest() -> None:
    async def whole() -> None:
        rest, now = RestHere(time.time_ns), time.time_ns()
        minute = now - now % MINUTE
        rest.closes["KRW-BTC"] = {minute - n * MINUTE: 1000 + n for n in range(300)}
        async with UpbitOnSockets(a_few, rest).open() as bithumb:
            feed = Stream(StreamParams(**bithumb.params))
            bars = list(await feed.past(Wants((BTC,), MINUTE, "close"), minute - 250 * MINUTE, minute))
            assert 249 <= len(bars) <= 250, "the newest may have closed this second"
            assert BTC in await feed.facts([BTC])
            rest.wrong = [400]
            with pytest.raises(VenueSilent, match="Code not found"):
                await feed.facts([BTC])

    asyncio.run(whole())
