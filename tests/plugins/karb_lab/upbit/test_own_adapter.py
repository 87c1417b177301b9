"""karb's own Upbit, as a live desk would open it, with nothing mocked: over sockets, at the lab."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from decimal import Decimal

from karb_core.domain.approved import Approved
from karb_core.domain.market import Bar, Depth, MarketEvent
from karb_core.domain.orders import Filled, Order, Rejected, Side, TimeInForce, Unknown
from karb_core.ports import OpenAccount
from karb_core.ports.feed import Wants
from karb_core.wiring.wall_clock import WallClock
from karb_lab.korean.words import moment
from karb_upbit.orders import Orders, OrdersParams
from karb_upbit.params import StreamParams
from karb_upbit.stream import Stream
from tests.plugins.karb_lab.running import BTC, ETH, KEY, SECRET, RunningLab
from tests.plugins.karb_lab.speaking import ask

INTENT = "abcdefghij234567"
MINUTE_NS = 60_000_000_000


def order(number: int, amount: str, limit: str) -> Order:
    return Order(
        id=f"karb-m1-{INTENT}-0-{number}",
        intent_id=INTENT,
        leg=0,
        instrument=BTC,
        side=Side.BUY,
        amount=BTC.amount(Decimal(amount)),
        limit=BTC.price(Decimal(limit)),
        cost=None,
        time_in_force=TimeInForce.IOC,
        reduce_only=False,
    )


def approved(item: Order) -> Approved[Order]:
    return Approved.by_gates(item, ())


@asynccontextmanager
async def account(lab: RunningLab) -> AsyncIterator[OpenAccount]:
    params = OrdersParams(keys="secret:upbit", base_url=lab.address("upbit"))
    opened = Orders(params).open_account([BTC, ETH], lambda _: f"{KEY}:{SECRET}", WallClock())
    try:
        yield opened
    finally:
        await opened.close()


def test_its_facts_outcomes_fills_and_balances_are_the_labs_own(lab: RunningLab) -> None:
    lab.book([("124349000", "1")], [("124350000", "0.004"), ("124400000", "1")])
    wanted, rich = order(1, "0.01", "124350000"), order(2, "5", "124350000")

    async def scene() -> None:
        async with account(lab) as mine:
            facts = (await mine.facts())[BTC]
            assert (facts.tick_at(Decimal(124_350_000)), facts.min_notional, facts.taker_fee) == (
                Decimal(1000),
                Decimal(5000),
                Decimal("0.0005"),
            )
            await mine.place(approved(wanted))
            found = await mine.find(wanted)
            assert isinstance(found, Filled)
            assert (found.filled.text(), found.cost.text(), found.final) == ("0.004 BTC", "497400 KRW", True)
            (fill,) = await mine.fills_since(0)
            assert (fill.order_id, fill.amount.text(), fill.fee.text()) == (wanted.id, "0.004 BTC", "248.7 KRW")
            refused = await mine.place(approved(rich))
            assert isinstance(refused, Rejected)
            assert refused.code == "insufficient_funds_bid"
            assert await mine.open_orders() == []
            told = {at.asset: balance.free for at, balance in (await mine.balances()).items()}
            booked = (await asyncio.to_thread(lab.books))["balances"]
            assert told == {asset: Decimal(balance["free"]) for asset, balance in booked.items()}

    asyncio.run(scene())


def test_an_answer_that_is_lost_is_unknown_asked_about_and_never_sent_again(lab: RunningLab) -> None:
    lab.book([("124349000", "1")], [("124350000", "1")])
    wanted = order(3, "0.01", "124350000")

    async def scene() -> None:
        async with account(lab) as mine:
            await mine.facts()
            await asyncio.to_thread(lab.fault, "lost_answer", method="POST", path="/v1/orders", times=1)
            assert isinstance(await mine.place(approved(wanted)), Unknown)
            found = await mine.find(wanted)
            assert isinstance(found, Filled)
            assert (found.filled.text(), found.final) == ("0.01 BTC", True)
            assert len((await asyncio.to_thread(lab.books))["fills"]) == 1

    asyncio.run(scene())


def test_its_stream_tells_the_labs_book_and_its_past_the_labs_candles(lab: RunningLab) -> None:
    address = lab.address("upbit")
    stream = Stream(StreamParams(socket=address.replace("http", "ws") + "/websocket/v1", rest=address, late="10s"))
    wants = Wants((BTC,), MINUTE_NS, "close")
    bids, asks = [("124349000", "0.1"), ("124348000", "0.2")], [("124350000", "0.3"), ("124351000", "0.4")]

    async def scene() -> None:
        heard: list[MarketEvent] = []
        clock = WallClock()
        running = asyncio.ensure_future(stream.run(wants, heard.append, clock))
        try:
            async with asyncio.timeout(60):
                while not any(isinstance(one, Depth) and one.bids[0].amount == Decimal("0.1") for one in heard):
                    await asyncio.to_thread(lab.book, bids, asks)
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
        depth = next(one for one in reversed(heard) if isinstance(one, Depth))
        assert depth.asks == ((Decimal(124_350_000), Decimal("0.3")), (Decimal(124_351_000), Decimal("0.4")))
        until_ns = clock.now_ns() // MINUTE_NS * MINUTE_NS - MINUTE_NS  # what ended later may be told as open yet
        since_ns = until_ns - 30 * MINUTE_NS
        past = [bar for bar in await stream.past(wants, since_ns, until_ns) if isinstance(bar, Bar)]
        rows = (await asyncio.to_thread(ask, lab, "GET", "/v1/candles/minutes/1?market=KRW-BTC&count=40")).body
        told = {moment(row["candle_date_time_utc"]): Decimal(str(row["trade_price"])) for row in rows}
        assert {bar.start_ns: bar.close for bar in past} == {
            start_ns: close for start_ns, close in told.items() if since_ns <= start_ns < until_ns
        }
        assert len(past) > 20

    asyncio.run(scene())
