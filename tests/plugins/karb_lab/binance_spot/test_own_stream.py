"""karb's own stream of Binance's spot, as a live desk would open it, with nothing mocked: over sockets, at the lab."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from decimal import Decimal
from itertools import count

import pytest

from karb_binance.spot.params import SpotStreamParams
from karb_binance.spot.stream import SpotStream
from karb_core.domain.instrument import Instrument
from karb_core.domain.market import Bar, Depth, Mark, MarketEvent, VenueState, VenueStatus
from karb_core.domain.statement import VenueSilent
from karb_core.ports.feed import Wants
from karb_core.wiring.wall_clock import WallClock
from tests.plugins.karb_lab.binance_futures.asking import ask
from tests.plugins.karb_lab.running import SPOT_BTC, SPOT_ETH, RunningLab

MINUTE_NS = 60_000_000_000
MS = 1_000_000
WANTS = Wants((SPOT_BTC,), MINUTE_NS, "close")


def stream_of(lab: RunningLab) -> SpotStream:
    params = SpotStreamParams(network="demo", late="10s", back_off="10ms")
    return SpotStream(SpotStream.at_local(params, {"binance_spot": lab.address("binance_spot")}))


async def until(heard: list[MarketEvent], enough: Callable[[list[MarketEvent]], bool], lab: RunningLab) -> None:
    """Tells book after book, each other than the one before, until that is so."""
    for turn in count():
        if enough(heard):
            return
        bids = [("84119.99", ("0.1", "0.7")[turn % 2]), ("84110.00", "0.2")]
        await asyncio.to_thread(lab.book, bids, [("84120.00", "0.3"), ("84120.01", "0.4")], SPOT_BTC)


def is_told(heard: list[MarketEvent]) -> bool:
    """A book, and that both lines are up."""
    last = next((one for one in reversed(heard) if isinstance(one, Depth)), None)
    stands = next((one.state for one in reversed(heard) if isinstance(one, VenueStatus) and not one.instrument), None)
    return last is not None and bool(last.bids) and stands is VenueState.UP


def test_it_tells_the_labs_book_and_builds_it_anew_after_the_line_broke(lab: RunningLab) -> None:
    async def scene() -> None:
        heard: list[MarketEvent] = []
        running = asyncio.ensure_future(stream_of(lab).run(WANTS, heard.append, WallClock()))
        try:
            async with asyncio.timeout(60):
                await until(heard, is_told, lab)
                await asyncio.to_thread(lab.tell, "binance_spot/crash")
                await asyncio.to_thread(lab.tell, "binance_spot/restore")
                before = len(heard)
                await until(heard, lambda all_: is_told(all_[before:]), lab)
                last = [("84119.00", "5"), ("84118.00", "0.5")]
                await asyncio.to_thread(lab.book, last, [("84120.50", "1")], SPOT_BTC)
                there = (Decimal("84120.50"), Decimal(1))
                while not any(isinstance(one, Depth) and one.asks[:1] == (there,) for one in heard):
                    assert not running.done(), running
                    await asyncio.sleep(0.01)
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
        depth = next(one for one in reversed(heard) if isinstance(one, Depth))
        assert depth.bids == ((Decimal("84119.00"), Decimal(5)), (Decimal("84118.00"), Decimal("0.5")))
        states = [one.state for one in heard if isinstance(one, VenueStatus) and one.instrument is None]
        assert states[0] is VenueState.UP
        assert VenueState.DEGRADED in states
        assert not any(isinstance(one, Mark) for one in heard), "spot has none"
        assert all(one.venue_at_ns > 0 for one in heard), "a snapshot has no time, and nothing is told of it alone"

    asyncio.run(scene())


def test_its_past_is_the_labs_candles_and_its_facts_the_labs_rules(lab: RunningLab) -> None:
    async def scene() -> None:
        until_ns = WallClock().now_ns() // MINUTE_NS * MINUTE_NS - MINUTE_NS
        since_ns = until_ns - 30 * MINUTE_NS
        past = [bar for bar in await stream_of(lab).past(WANTS, since_ns, until_ns) if isinstance(bar, Bar)]
        asked = {"symbol": "BTCUSDT", "interval": "1m", "limit": "60"}
        rows = (await asyncio.to_thread(lambda: ask(lab, "GET", "/api/v3/klines", venue="binance_spot", **asked))).body
        told = {row[0] * MS: Decimal(row[4]) for row in rows}
        assert {bar.start_ns: bar.close for bar in past} == {
            start_ns: close for start_ns, close in told.items() if since_ns <= start_ns < until_ns
        }
        assert len(past) > 20
        facts = await stream_of(lab).facts([SPOT_BTC, SPOT_ETH])
        assert facts.keys() == {SPOT_BTC, SPOT_ETH}
        one = facts[SPOT_BTC]
        assert (one.tick_at(Decimal(84_120)), one.amount_step, one.min_amount, one.min_notional) == (
            Decimal("0.01"), Decimal("0.00001"), Decimal("0.00001"), Decimal(5),
        )  # fmt: skip

    asyncio.run(scene())


def test_a_market_that_is_not_listed_is_said_in_binances_own_words(lab: RunningLab) -> None:
    with pytest.raises(VenueSilent, match="-1121: Invalid symbol"):
        asyncio.run(stream_of(lab).facts([Instrument("binance_spot", "NOPE", "USDT")]))
