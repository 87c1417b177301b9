"""The whole feed over real sockets of this machine: subscribed, told, cut, begun anew, asked, and ended in time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from decimal import Decimal

import pytest

pytest.importorskip("aiohttp", reason="needs karb[live]")

from karb_core.domain.instrument import Instrument
from karb_core.domain.market import Bar, Depth, FxRate, MarketEvent, VenueState, VenueStatus
from karb_core.domain.statement import VenueSilent
from karb_core.ports import Wants
from karb_core.wiring.wall_clock import WallClock
from karb_upbit.params import StreamParams, UsdtKrwParams
from karb_upbit.stream import Stream
from karb_upbit.usdt_krw import UsdtKrw
from tests.plugins.karb_upbit.market_here import MINUTE, RestHere, S, book, flat
from tests.plugins.karb_upbit.upbit_on_sockets import UpbitOnSockets

BTC = Instrument("upbit", "BTC", "KRW")
Says = Callable[[str], Awaitable[None]]


async def a_few(asked: list[dict[str, object]], say: Says) -> None:
    """Three books and the end."""
    for _ in range(3):
        await say(book("KRW-BTC", time.time_ns(), 1000, 1001))


async def for_ever(asked: list[dict[str, object]], say: Says) -> None:
    while True:
        await say(book(str(asked[1]["codes"][0]), time.time_ns(), 1450, 1451))  # type: ignore[index]
        await asyncio.sleep(0.02)


async def heard(running: Awaitable[None], enough: Callable[[], bool]) -> None:
    """Until enough was heard, and then it is over."""
    runs = asyncio.ensure_future(running)
    async with asyncio.timeout(30):
        while not enough():
            assert not runs.done(), runs
            await asyncio.sleep(0.01)
    runs.cancel()
    await asyncio.gather(runs, return_exceptions=True)


def test_it_hears_loses_the_line_and_hears_again() -> None:
    async def whole() -> None:
        rest = RestHere(time.time_ns)
        async with UpbitOnSockets(a_few, rest).open() as upbit:
            told: list[MarketEvent] = []
            feed = Stream(StreamParams(**upbit.params, back_off="10ms"))
            wants = Wants((BTC,), MINUTE, "close")
            await heard(feed.run(wants, told.append, WallClock()), lambda: upbit.lines >= 3)
            books = [e for e in told if isinstance(e, Depth)]
            assert {b.bids[0].price for b in books} == {Decimal(1000)}
            assert len(books) >= 2
            assert [b.venue_at_ns for b in books] == sorted(b.venue_at_ns for b in books)
            states = [e.state for e in told if isinstance(e, VenueStatus)]
            assert states[:3] == [VenueState.UP, VenueState.DEGRADED, VenueState.UP]

    asyncio.run(whole())


def test_it_ends_when_it_is_told_to() -> None:
    """A venue that goes on talking does not keep it."""

    async def whole() -> None:
        async with UpbitOnSockets(for_ever, RestHere(time.time_ns)).open() as upbit:
            told: list[MarketEvent] = []
            feed = Stream(StreamParams(**upbit.params))
            running = feed.run(Wants((BTC,), MINUTE, "close"), told.append, WallClock())
            await heard(running, lambda: len(told) > 5)
            heard_by_then = len(told)
            for _ in range(1000):
                await asyncio.sleep(0)
            assert (len(told), upbit.lines) == (heard_by_then, 1)

    asyncio.run(whole())


def test_the_past_and_the_facts_come_from_rest() -> None:
    async def whole() -> None:
        rest = RestHere(time.time_ns)
        now = time.time_ns()
        minute = now - now % MINUTE
        rest.candles["KRW-BTC"] = {minute - n * MINUTE: flat(1000 + n) for n in range(300)}
        async with UpbitOnSockets(for_ever, rest).open() as upbit:
            feed = Stream(StreamParams(**upbit.params))
            bars = list(await feed.past(Wants((BTC,), MINUTE, "close"), minute - 250 * MINUTE, minute))
            assert all(isinstance(bar, Bar) for bar in bars)
            assert 249 <= len(bars) <= 250, "the newest may have closed this second"
            facts = await feed.facts([BTC])
            assert facts[BTC].tick_at(Decimal(124_350_000)) == 1000

    asyncio.run(whole())


def test_a_venue_that_refuses_is_silent_in_its_own_words() -> None:
    async def whole() -> None:
        rest = RestHere(time.time_ns, always=[418])
        async with UpbitOnSockets(for_ever, rest).open() as upbit:
            with pytest.raises(VenueSilent, match="shut out"):
                await Stream(StreamParams(**upbit.params)).facts([BTC])

    asyncio.run(whole())


def test_the_rate_comes_over_sockets_too() -> None:
    async def whole() -> None:
        rest = RestHere(time.time_ns)
        now = time.time_ns()
        minute = now - now % MINUTE
        rest.candles["KRW-USDT"] = {minute - n * MINUTE: flat(1400) for n in range(1, 9)}
        async with UpbitOnSockets(for_ever, rest).open() as upbit:
            rates: list[FxRate] = []
            source = UsdtKrw(UsdtKrwParams(max_age="10s", **upbit.params))
            await heard(source.run(rates.append, WallClock()), lambda: len(rates) > 1)
            assert {rate.rate for rate in rates} == {Decimal(1450)}
            assert {rate.rate for rate in await source.past(minute - 5 * MINUTE, minute + S)} == {Decimal(1400)}

    asyncio.run(whole())
