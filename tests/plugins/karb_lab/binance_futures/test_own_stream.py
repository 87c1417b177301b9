"""karb's own stream of Binance's futures, as a live desk would open it, with nothing mocked: over sockets, at the lab."""

from __future__ import annotations

import asyncio
from decimal import Decimal

from karb_binance.params import StreamParams
from karb_binance.stream import Stream
from karb_core.domain.market import Bar, Depth, Mark, MarketEvent, VenueState, VenueStatus
from karb_core.ports.feed import Wants
from karb_core.wiring.wall_clock import WallClock
from tests.plugins.karb_lab.binance_futures.asking import ask
from tests.plugins.karb_lab.running import PERPETUAL, RunningLab

MINUTE_NS = 60_000_000_000
MS = 1_000_000


def stream_of(lab: RunningLab) -> Stream:
    address = lab.address("binance_usdm")
    params = StreamParams(network="demo", socket=address.replace("http", "ws"), rest=address, late="10s")
    return Stream(params)


def test_it_tells_the_labs_book_and_mark_and_its_past_the_labs_candles(lab: RunningLab) -> None:
    stream, wants = stream_of(lab), Wants((PERPETUAL,), MINUTE_NS, "close")
    amounts = ["0.1", "0.7"]
    asks = [("84120.0", "0.3"), ("84120.1", "0.4")]

    async def scene() -> None:
        heard: list[MarketEvent] = []
        clock = WallClock()
        running = asyncio.ensure_future(stream.run(wants, heard.append, clock))

        def enough() -> bool:
            book = next((one for one in reversed(heard) if isinstance(one, Depth) and one.bids), None)
            return book is not None and any(isinstance(one, Mark) for one in heard)

        try:
            async with asyncio.timeout(60):
                turn = 0
                while not enough():
                    turn += 1
                    bids = [("84119.9", amounts[turn % 2]), ("84110.0", "0.2")]
                    await asyncio.to_thread(lab.book, bids, asks, PERPETUAL)
                    told = {"instrument": PERPETUAL.text(), "price": "84120.0"}
                    await asyncio.to_thread(lab.tell, "binance_usdm/mark", told)
                last = [("84119.9", "5"), ("84118.0", "0.5")]
                await asyncio.to_thread(lab.book, last, [("84120.5", "1")], PERPETUAL)
                while not any(
                    isinstance(one, Depth) and one.asks[:1] == ((Decimal("84120.5"), Decimal(1)),) for one in heard
                ):
                    assert not running.done(), running
                    await asyncio.sleep(0.01)
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
        depth = next(one for one in reversed(heard) if isinstance(one, Depth))
        assert depth.bids == ((Decimal("84119.9"), Decimal(5)), (Decimal("84118.0"), Decimal("0.5")))
        assert depth.asks == ((Decimal("84120.5"), Decimal(1)),)
        assert next(one for one in heard if isinstance(one, Mark)).price == Decimal("84120.0")
        assert VenueState.UP in [one.state for one in heard if isinstance(one, VenueStatus)]

    asyncio.run(scene())


def test_its_past_is_the_labs_candles_and_its_facts_the_labs_rules(lab: RunningLab) -> None:
    stream, wants = stream_of(lab), Wants((PERPETUAL,), MINUTE_NS, "close")

    async def scene() -> None:
        until_ns = WallClock().now_ns() // MINUTE_NS * MINUTE_NS - MINUTE_NS
        since_ns = until_ns - 30 * MINUTE_NS
        past = [bar for bar in await stream.past(wants, since_ns, until_ns) if isinstance(bar, Bar)]
        asked = {"symbol": "BTCUSDT", "interval": "1m", "limit": "60"}
        rows = (await asyncio.to_thread(lambda: ask(lab, "GET", "/fapi/v1/klines", **asked))).body
        told = {row[0] * MS: Decimal(row[4]) for row in rows}
        assert {bar.start_ns: bar.close for bar in past} == {
            start_ns: close for start_ns, close in told.items() if since_ns <= start_ns < until_ns
        }
        assert len(past) > 20
        facts = (await stream.facts([PERPETUAL]))[PERPETUAL]
        assert (facts.tick_at(Decimal(84_120)), facts.amount_step, facts.min_notional) == (
            Decimal("0.10"), Decimal("0.001"), Decimal(50),
        )  # fmt: skip

    asyncio.run(scene())
