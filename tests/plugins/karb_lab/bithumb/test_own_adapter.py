"""karb's own Bithumb, as a live desk would open it, with nothing mocked: over sockets, at the lab."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from decimal import Decimal

from karb_bithumb.orders import Orders, OrdersParams
from karb_bithumb.params import StreamParams
from karb_bithumb.stream import Stream
from karb_core.domain import exact
from karb_core.domain.amount import Amount
from karb_core.domain.approved import Approved
from karb_core.domain.holdings import Holdings
from karb_core.domain.instrument import InstrumentKind
from karb_core.domain.market import Bar, Depth, MarketEvent
from karb_core.domain.orders import Filled, Order, Rejected, Side, TimeInForce, Unknown
from karb_core.ports import OpenAccount
from karb_core.ports.feed import Wants
from karb_core.wiring.wall_clock import WallClock
from tests.plugins.karb_lab.running import BITHUMB_BTC, BITHUMB_ETH, KEY, OPENING, SECRET, RunningLab

INTENT = "abcdefghij234567"
MINUTE_NS = 60_000_000_000


def order(number: int, amount: str, limit: str) -> Order:
    return Order(
        id=f"karb-m1-{INTENT}-0-{number}",
        intent_id=INTENT,
        leg=0,
        instrument=BITHUMB_BTC,
        side=Side.BUY,
        amount=BITHUMB_BTC.amount(Decimal(amount)),
        limit=BITHUMB_BTC.price(Decimal(limit)),
        cost=None,
        time_in_force=TimeInForce.IOC,
        reduce_only=False,
    )


def an_hour_ago() -> int:
    """Bithumb lists seven days at once: since the epoch is three thousand questions."""
    return WallClock().now_ns() - 60 * MINUTE_NS


def approved(item: Order) -> Approved[Order]:
    return Approved.by_gates(item, ())


@asynccontextmanager
async def account(lab: RunningLab) -> AsyncIterator[OpenAccount]:
    params = OrdersParams(keys="secret:bithumb", base_url=lab.address("bithumb"))
    opened = Orders(params).open_account([BITHUMB_BTC, BITHUMB_ETH], lambda _: f"{KEY}:{SECRET}", WallClock())
    try:
        yield opened
    finally:
        await opened.close()


def test_its_facts_outcomes_fills_and_balances_are_the_labs_own(lab: RunningLab) -> None:
    lab.book([("124330000", "1")], [("124340000", "0.004"), ("124400000", "1")], BITHUMB_BTC)
    wanted, rich = order(1, "0.01", "124340000"), order(2, "5", "124340000")

    async def scene() -> None:
        async with account(lab) as mine:
            facts = (await mine.facts())[BITHUMB_BTC]
            assert (facts.tick_at(Decimal(124_340_000)), facts.min_notional, facts.taker_fee) == (
                Decimal(1000),
                Decimal(5000),
                Decimal("0.0025"),
            )
            placed = await mine.place(approved(wanted))
            assert isinstance(placed, Filled)
            assert (placed.filled.text(), placed.cost.text(), placed.final) == ("0.004 BTC", "497360 KRW", True)
            (fill,) = await mine.fills_since(an_hour_ago())
            assert (fill.order_id, fill.amount.text(), fill.fee.text()) == (wanted.id, "0.004 BTC", "1243.4 KRW")
            (booked,) = (await asyncio.to_thread(lab.books, "bithumb"))["fills"]
            assert (booked["price"], booked["amount"], booked["fee"]) == ("124340000", "0.004", fill.fee.text())
            refused = await mine.place(approved(rich))
            assert isinstance(refused, Rejected)
            assert refused.code == "insufficient_funds_bid"
            assert await mine.open_orders() == []
            told = {at.asset: balance.free for at, balance in (await mine.balances()).items()}
            balances = (await asyncio.to_thread(lab.books, "bithumb"))["balances"]
            assert told == {asset: Decimal(balance["free"]) for asset, balance in balances.items()}
            settings = {setting.name for setting in await mine.settings()}
            assert settings == {"key_good_until", "key_may_withdraw"}

    asyncio.run(scene())


def test_what_it_books_of_many_orders_is_what_the_lab_booked_to_the_last_digit(lab: RunningLab) -> None:
    """Purchases and sales, in part and for a cost, and one that rests until it is reached: folded as a ledger folds them."""
    lab.book([("124330000", "0.0123"), ("124320000", "1")], [("124340000", "0.0077"), ("124350000", "1")], BITHUMB_BTC)
    bought = order(20, "0.01234567", "124350000")
    sold = replace(order(21, "0.02", "124320000"), side=Side.SELL)
    spent = replace(order(22, "0.001", "124350000"), limit=None, cost=Amount(Decimal(777_777), "KRW"))
    rests = replace(order(23, "0.003", "124335000"), time_in_force=TimeInForce.GTC)

    async def scene() -> None:
        async with account(lab) as mine:
            await mine.facts()
            for item in (bought, sold, spent, rests):
                await mine.place(approved(item))
            assert [one.id for one in await mine.open_orders()] == [rests.id]
            book = [("124330000", "1")], [("124335000", "0.002"), ("124350000", "1")]
            await asyncio.to_thread(lab.book, *book, BITHUMB_BTC)
            await mine.cancel(rests)
            assert await mine.open_orders() == []
            fills = await mine.fills_since(an_hour_ago())
            assert {fill.order_id for fill in fills} == {bought.id, sold.id, spent.id, rests.id}
            held = Holdings(inventory={})
            for fill in fills:
                held = held.with_fill(fill, InstrumentKind.SPOT)
            balances = (await asyncio.to_thread(lab.books, "bithumb"))["balances"]
            for asset, opening in OPENING.items():
                booked = exact.add(Decimal(balances[asset]["free"]), Decimal(balances[asset]["locked"]))
                assert exact.sub(booked, opening) == held.balance("bithumb", asset).value

    asyncio.run(scene())


def test_an_order_that_is_not_told_of_for_a_moment_is_asked_about_again(lab: RunningLab) -> None:
    lab.book([("124330000", "1")], [("124340000", "1")], BITHUMB_BTC)
    wanted = order(3, "0.01", "124340000")

    async def scene() -> None:
        async with account(lab) as mine:
            await mine.facts()
            for code in ("order_not_found", "order_not_ready"):
                await asyncio.to_thread(
                    lab.fault, "reject", "bithumb", method="GET", path="/v1/order", code=code, times=1
                )
            placed = await mine.place(approved(wanted))
            assert isinstance(placed, Filled)
            assert placed.filled.text() == "0.01 BTC"

    asyncio.run(scene())


def test_an_answer_that_is_lost_is_unknown_asked_about_and_never_sent_again(lab: RunningLab) -> None:
    lab.book([("124330000", "1")], [("124340000", "1")], BITHUMB_BTC)
    wanted = order(4, "0.01", "124340000")

    async def scene() -> None:
        async with account(lab) as mine:
            await mine.facts()
            await asyncio.to_thread(lab.fault, "lost_answer", "bithumb", method="POST", path="/v2/orders", times=1)
            assert isinstance(await mine.place(approved(wanted)), Unknown)
            found = await mine.find(wanted)
            assert isinstance(found, Filled)
            assert (found.filled.text(), found.final) == ("0.01 BTC", True)
            assert len((await asyncio.to_thread(lab.books, "bithumb"))["fills"]) == 1

    asyncio.run(scene())


def test_its_stream_tells_the_labs_book_and_its_past_the_labs_candles(lab: RunningLab) -> None:
    address = lab.address("bithumb")
    stream = Stream(StreamParams(socket=address.replace("http", "ws") + "/websocket/v1", rest=address, late="10s"))
    wants = Wants((BITHUMB_BTC,), MINUTE_NS, "close")
    bids, asks = [("124330000", "0.1"), ("124320000", "0.2")], [("124340000", "0.3")]

    async def scene() -> None:
        heard: list[MarketEvent] = []
        clock = WallClock()
        running = asyncio.ensure_future(stream.run(wants, heard.append, clock))
        try:
            async with asyncio.timeout(60):
                while not any(isinstance(one, Depth) and one.bids[0].amount == Decimal("0.1") for one in heard):
                    await asyncio.to_thread(lab.book, bids, asks, BITHUMB_BTC)
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
        depth = next(one for one in reversed(heard) if isinstance(one, Depth))
        assert depth.asks == ((Decimal(124_340_000), Decimal("0.3")),)
        assert depth.bids == ((Decimal(124_330_000), Decimal("0.1")), (Decimal(124_320_000), Decimal("0.2")))
        assert abs(depth.venue_at_ns - clock.now_ns()) < MINUTE_NS
        until_ns = clock.now_ns() // MINUTE_NS * MINUTE_NS - MINUTE_NS  # what ended later may be told as open yet
        since_ns = until_ns - 30 * MINUTE_NS
        past = [bar for bar in await stream.past(wants, since_ns, until_ns) if isinstance(bar, Bar)]
        tape = lab.lab.venues["bithumb"].market[BITHUMB_BTC].tape
        assert {bar.start_ns: bar.close for bar in past} == {
            candle.start_ns: candle.close for candle in tape.minutes(since_ns, until_ns)
        }
        assert len(past) > 20

    asyncio.run(scene())
