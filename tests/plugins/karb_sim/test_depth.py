"""What `sim.depth` opens, while every venue can be reached."""

from __future__ import annotations

import asyncio
from decimal import Decimal

import pytest

from karb_core.domain.holdings import Account
from karb_core.domain.instrument import Instrument
from karb_core.domain.market import FxKind, FxRate, Mark
from karb_core.domain.orders import Filled, Rejected, Side, Unknown
from karb_core.domain.statement import Balance
from karb_core.ports import Executor, Stage
from karb_core.ports.simulated import DepthVenues
from karb_core.venue.forced import Forced
from karb_core.wiring.virtual_clock import VirtualClock
from karb_core.wiring.virtual_loop import run
from karb_sim.depth import DepthFills
from karb_sim.over_depth import VenuesOverDepth
from tests.plugins.karb_sim.depth_stage import (
    FAR,
    NEAR,
    START,
    USUAL,
    accounts,
    at,
    depth,
    funding,
    later,
    mark,
    now_ms,
    opened,
    place,
    played,
    top,
    traded,
    until,
)
from tests.venue.accounts import PERPETUAL, SPOT, order

USDT = Account(FAR, "USDT")
ASKS = [("90000000", "0.1"), ("91000000", "0.2"), ("92000000", "5")]
FAR_BIDS = [("60000", "0.3"), ("59900", "5")]


async def short(venues: DepthVenues, amount: str = "0.1") -> None:
    venues.take(depth(PERPETUAL, bids=FAR_BIDS, asks=[("60001", "5")]))
    outcome = await place(venues, order(PERPETUAL, Side.SELL, amount, "50000"))
    assert traded(outcome)[0] == f"{amount} BTC"


def test_the_component_is_offered_as_stable() -> None:
    assert DepthFills.stage is Stage.STABLE


def test_each_venue_has_an_executor_of_its_own_that_fills_the_port() -> None:
    async def script(venues: DepthVenues) -> None:
        executor: Executor = venues.at(NEAR)
        assert executor is venues.at(NEAR)
        assert await executor.open_orders() == ()
        assert set(await executor.facts()) == {SPOT}
        assert set(await executor.balances()) == {Account(NEAR, "KRW"), Account(NEAR, "BTC")}
        assert set(await venues.at(FAR).balances()) == {USDT}
        assert set(venues.books) == {NEAR, FAR}
        with pytest.raises(LookupError):
            venues.at("bithumb")

    played(script)


def test_two_accounts_at_one_venue_open_nothing() -> None:
    async def whole() -> None:
        with pytest.raises(ValueError, match="two accounts"):
            VenuesOverDepth([*accounts(), *accounts()], VirtualClock(), lambda *_: USUAL)

    run(whole(), START)


@pytest.mark.parametrize(
    ("amount", "limit", "filled", "cost"),
    [
        ("0.1", "95000000", "0.1 BTC", "9000000 KRW"),
        ("0.15", "95000000", "0.15 BTC", "13550000 KRW"),
        ("0.4", "91000000", "0.3 BTC", "27200000 KRW"),
        ("0.4", "90999000", "0.1 BTC", "9000000 KRW"),
        ("0.4", "89999000", "0 BTC", "0 KRW"),
    ],
)
def test_an_order_walks_the_book_up_to_exactly_its_limit(amount: str, limit: str, filled: str, cost: str) -> None:
    async def script(venues: DepthVenues) -> None:
        venues.take(depth(SPOT, asks=ASKS))
        assert traded(await place(venues, order(SPOT, Side.BUY, amount, limit))) == (filled, cost)

    played(script)


def test_two_orders_never_take_the_same_coins() -> None:
    async def script(venues: DepthVenues) -> None:
        venues.take(depth(SPOT, asks=[("90000000", "0.1"), ("91000000", "0.2")]))
        bought = [order(SPOT, Side.BUY, "0.2", "91000000") for _ in range(2)]
        outcomes = await asyncio.gather(*(place(venues, each) for each in bought))
        assert [traded(o)[0] for o in outcomes] == ["0.2 BTC", "0.1 BTC"]

    played(script)


def test_in_a_book_that_was_never_told_an_order_ends_unfilled() -> None:
    async def script(venues: DepthVenues) -> None:
        assert traded(await place(venues, order(SPOT, Side.BUY, "0.1", "95000000"))) == ("0 BTC", "0 KRW")

    played(script)


def test_the_book_that_counts_is_the_one_at_arrival() -> None:
    async def script(venues: DepthVenues) -> None:
        venues.take(depth(SPOT, asks=[("90000000", "1")]))
        later(79, venues.take, depth(SPOT, asks=[("91000000", "1")], ms=79))
        later(81, venues.take, depth(SPOT, asks=[("92000000", "1")], ms=81))
        outcome = await place(venues, order(SPOT, Side.BUY, "0.1", "95000000"))
        assert traded(outcome) == ("0.1 BTC", "9100000 KRW")
        assert now_ms() == 140
        assert [fill.venue_at_ns for fill in await venues.at(NEAR).fills_since(0)] == [at(80)]

    played(script)


def test_a_sleep_that_ends_early_shortens_no_way() -> None:
    async def whole() -> None:
        clock = VirtualClock()
        venues = opened(clock)
        for ms in (1, 30, 79, 100):
            later(ms, clock.wake)
        await place(venues, order(SPOT, Side.BUY, "0.1", "95000000"))
        assert now_ms() == 140

    run(whole(), START)


def test_a_top_is_traded_at_where_no_depth_is_told() -> None:
    async def script(venues: DepthVenues) -> None:
        venues.take(top(SPOT, ("89000000", "1"), ("90000000", "0.02")))
        assert traded(await place(venues, order(SPOT, Side.BUY, "0.1", "95000000"))) == ("0.02 BTC", "1800000 KRW")

    played(script)


def test_what_is_not_traded_here_is_passed_over() -> None:
    async def script(venues: DepthVenues) -> None:
        other = Instrument(NEAR, "USDT", "KRW")
        venues.take(top(other, ("1400", "1"), ("1401", "1")))
        venues.take(Mark(Instrument(FAR, "ETH", "USDT"), Decimal(1), None, START, START))
        venues.take(FxRate("USD", "KRW", Decimal(1400), "test", FxKind.MID, START, START))
        outcome = await place(venues, order(other, Side.BUY, "10", "1500"))
        assert isinstance(outcome, Rejected)
        assert outcome.code == "unknown_instrument"

    played(script)


def test_an_id_is_taken_once() -> None:
    async def script(venues: DepthVenues) -> None:
        venues.take(depth(SPOT, asks=ASKS))
        item = order(SPOT, Side.BUY, "0.05", "95000000")
        first = await place(venues, item)
        second = await place(venues, item)
        assert isinstance(second, Rejected)
        assert second.code == "duplicate_order_id"
        assert await venues.at(NEAR).find(item) == first
        assert len(await venues.at(NEAR).fills_since(0)) == 1

    played(script)


def test_an_order_is_on_its_way_then_known_and_one_that_never_left_is_not_found() -> None:
    async def script(venues: DepthVenues) -> None:
        venues.take(depth(SPOT, asks=ASKS))
        item, never = (order(SPOT, Side.BUY, "0.05", "95000000") for _ in range(2))
        asked = asyncio.create_task(venues.at(NEAR).find(item))
        placed = asyncio.create_task(place(venues, item))
        found = await asked
        assert isinstance(found, Unknown)
        assert (found.filled.text(), found.why) == ("0 BTC", f"{item.id} may still arrive")
        assert await venues.at(NEAR).find(item) == await placed
        missing = await venues.at(NEAR).find(never)
        assert isinstance(missing, Rejected)
        assert missing.code == "order_not_found"

    played(script)


def test_a_request_that_left_arrives_whatever_becomes_of_its_sender() -> None:
    async def script(venues: DepthVenues) -> None:
        venues.take(depth(SPOT, asks=ASKS))
        item = order(SPOT, Side.BUY, "0.05", "95000000")
        placed = asyncio.create_task(place(venues, item))
        later(10, placed.cancel)
        await until(100)
        assert placed.cancelled()
        assert traded(await venues.at(NEAR).find(item))[0] == "0.05 BTC"

    played(script)


def test_nothing_rests_so_a_cancel_changes_nothing() -> None:
    async def script(venues: DepthVenues) -> None:
        item = order(SPOT, Side.BUY, "0.05", "95000000")
        await venues.at(NEAR).cancel(item)
        assert now_ms() == 140
        assert isinstance(await venues.at(NEAR).find(item), Rejected)

    played(script)


def test_a_settlement_is_paid_by_what_was_held_then() -> None:
    async def script(venues: DepthVenues) -> None:
        await short(venues)
        venues.take(mark("60000"))
        venues.take(funding("0.0001", 1000, settled=False))
        for _ in range(2):
            venues.take(funding("0.0001", 1000))
        venues.take(funding("0.0001", 80))
        income = await venues.at(FAR).income_since(at(1000))
        assert [(i.received.text(), i.venue_at_ns) for i in income] == [("0.6 USDT", at(1000))]
        assert await venues.at(FAR).income_since(at(1000) + 1) == []
        assert len(await venues.at(FAR).income_since(0)) == 1

    played(script)


def test_a_settlement_without_a_mark_waits_for_one() -> None:
    async def script(venues: DepthVenues) -> None:
        await short(venues)
        venues.take(funding("0.0002", 2000))
        venues.take(funding("0.0001", 1000))
        assert await venues.at(FAR).income_since(0) == []
        venues.take(mark("50000", ms=3000))
        income = await venues.at(FAR).income_since(0)
        assert [(i.received.text(), i.venue_at_ns) for i in income] == [("0.5 USDT", at(1000)), ("1 USDT", at(2000))]
        venues.take(mark("50001", ms=3001))
        assert len(await venues.at(FAR).income_since(0)) == 2

    played(script)


@pytest.mark.parametrize(("price", "is_taken"), [("119521.9", False), ("119522", True)])
def test_a_mark_takes_a_position_at_its_liquidation_price(price: str, is_taken: bool) -> None:
    async def script(venues: DepthVenues) -> None:
        await short(venues)
        await until(1000)
        venues.take(mark(price, ms=1000))
        forced = [f for f in await venues.at(FAR).fills_since(0) if Forced.read(f.order_id) is not None]
        assert [fill.venue_at_ns for fill in forced] == [at(1000)] * is_taken
        assert bool(await venues.at(FAR).positions()) is not is_taken

    played(script)


def test_a_mark_that_comes_late_takes_nothing() -> None:
    async def script(venues: DepthVenues) -> None:
        await short(venues)
        venues.take(mark("60000", ms=500))
        venues.take(mark("200000", ms=499))
        assert PERPETUAL in await venues.at(FAR).positions()

    played(script)


def test_a_part_is_closed_by_force_at_the_last_mark() -> None:
    async def script(venues: DepthVenues) -> None:
        assert venues.force(Forced.DELEVERAGING, PERPETUAL, Decimal("0.5")) is None
        await short(venues, "0.101")
        with pytest.raises(LookupError, match="no mark"):
            venues.force(Forced.DELEVERAGING, PERPETUAL, Decimal("0.5"))
        venues.take(mark("55000"))
        with pytest.raises(ValueError, match="no part"):
            venues.force(Forced.DELEVERAGING, PERPETUAL, Decimal("1.1"))
        fill = venues.force(Forced.DELEVERAGING, PERPETUAL, Decimal("0.5"))
        assert fill is not None
        assert (fill.amount.text(), fill.price.value, fill.fee.value) == ("0.051 BTC", 55000, 0)
        rest = venues.force(Forced.SETTLEMENT, PERPETUAL, Decimal(1))
        assert rest is not None
        assert rest.amount.text() == "0.05 BTC"
        assert await venues.at(FAR).positions() == {}

    played(script)


def test_what_is_handed_out_does_not_change_while_the_answer_travels() -> None:
    async def script(venues: DepthVenues) -> None:
        venues.take(depth(SPOT, asks=ASKS))
        asked = asyncio.create_task(venues.at(NEAR).balances())
        await until(30)
        outcome = await place(venues, order(SPOT, Side.BUY, "0.1", "95000000"))
        assert isinstance(outcome, Filled)
        assert (await asked)[Account(NEAR, "BTC")] == Balance(Decimal("0.25"), Decimal(0))
        assert (await venues.at(NEAR).balances())[Account(NEAR, "BTC")] == Balance(Decimal("0.35"), Decimal(0))

    played(script)
