"""karb's own spot orders, as a live desk would open them, with nothing mocked: over sockets, at the lab."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from decimal import Decimal
from typing import Any

import pytest

from karb_binance.spot.orders import SpotOrders, SpotOrdersParams
from karb_core.domain.amount import Amount
from karb_core.domain.approved import Approved
from karb_core.domain.orders import Filled, Order, Rejected, Side, TimeInForce, Unknown
from karb_core.domain.statement import VenueSilent
from karb_core.ports import OpenAccount
from karb_core.wiring.wall_clock import WallClock
from tests.plugins.karb_lab.running import KEY, SECRET, SPOT_BTC, SPOT_ETH, RunningLab

INTENT = "abcdefghij234567"
D = Decimal
Scene = Callable[[OpenAccount], Awaitable[None]]


def order(number: int, amount: str, limit: str | None, side: Side = Side.BUY, **more: Any) -> Order:
    return Order(
        id=f"karb-m1-{INTENT}-0-{number}",
        intent_id=INTENT,
        leg=0,
        instrument=SPOT_BTC,
        side=side,
        amount=SPOT_BTC.amount(D(amount)),
        limit=None if limit is None else SPOT_BTC.price(D(limit)),
        cost=more.get("cost"),
        time_in_force=TimeInForce.IOC,
        reduce_only=more.get("reduce_only", False),
    )


def approved(item: Order) -> Approved[Order]:
    return Approved.by_gates(item, ())


@asynccontextmanager
async def account(lab: RunningLab, secret: str = SECRET) -> AsyncIterator[OpenAccount]:
    stated = SpotOrdersParams(keys="secret:binance", network="demo")
    params = SpotOrders.at_local(stated, {"binance_spot": lab.address("binance_spot")})
    opened = SpotOrders(params).open_account([SPOT_BTC, SPOT_ETH], lambda _: f"{KEY}:{secret}", WallClock())
    try:
        yield opened
    finally:
        await opened.close()


def play(lab: RunningLab, scene: Scene) -> None:
    async def run() -> None:
        async with account(lab) as mine:
            await scene(mine)

    asyncio.run(run())


def test_its_facts_and_settings_are_the_labs_own(lab: RunningLab) -> None:
    async def scene(mine: OpenAccount) -> None:
        stated = lab.lab.venues["binance_spot"].facts
        for instrument, told in (await mine.facts()).items():
            its = stated[instrument]
            assert (told.tick_at(D(84_120)), told.amount_step, told.min_amount, told.min_notional, told.max_amount) == (
                its.tick_at(D(84_120)), its.amount_step, its.min_amount, its.min_notional, its.max_amount,
            )  # fmt: skip
            assert (told.taker_fee, told.maker_fee) == (D("0.001"), D("0.001"))
        found = {(one.name, one.instrument): one.found for one in await mine.settings()}
        assert all(one.agrees for one in await mine.settings())
        assert found["key_may_withdraw", None] == "no"
        assert found["fees_in", SPOT_BTC] == "what_is_received"

    play(lab, scene)


def test_its_outcomes_fills_and_balances_are_the_labs_own(lab: RunningLab) -> None:
    """Of ten thousandths four stand at the limit; what is bought is less its fee, to the last digit of both books."""
    wanted = order(1, "0.01", "84120.00")

    async def scene(mine: OpenAccount) -> None:
        placed = await mine.place(approved(wanted))
        assert isinstance(placed, Filled)
        assert (placed.filled.text(), placed.cost.text(), placed.final) == ("0.004 BTC", "336.48 USDT", True)
        assert await mine.find(wanted) == placed
        (fill,) = await mine.fills_since(0)
        (booked,) = lab.books("binance_spot")["fills"]
        assert (fill.order_id, fill.side, fill.amount.text()) == (wanted.id, Side.BUY, "0.004 BTC")
        assert fill.fee.text() == booked["fee"] == "0.000004 BTC"
        assert await mine.fills_since(fill.venue_at_ns) == await mine.fills_since(0) != []
        assert await mine.fills_since(fill.venue_at_ns + 1) == []
        book = lab.lab.venues["binance_spot"].accounts[KEY].book
        held = {at.asset: (one.free, one.locked) for at, one in (await mine.balances()).items()}
        assert held == {at.asset: (one.free, one.locked) for at, one in book.balances().items()}
        assert held["BTC"][0] == D("0.253996")
        assert (await mine.open_orders(), await mine.positions()) == ([], {})

    play(lab, scene)


def test_a_purchase_by_its_cost_spends_no_more_than_that(lab: RunningLab) -> None:
    wanted = order(1, "0.001", None, cost=Amount(D(100), "USDT"))

    async def scene(mine: OpenAccount) -> None:
        placed = await mine.place(approved(wanted))
        assert isinstance(placed, Filled)
        assert placed.final
        assert D("99.1") < placed.cost.value <= 100
        (fill,) = await mine.fills_since(0)
        assert (fill.cost, fill.amount) == (placed.cost, placed.filled)

    play(lab, scene)


def test_binances_no_is_told_in_its_own_words(lab: RunningLab) -> None:
    async def scene(mine: OpenAccount) -> None:
        refused = await mine.place(approved(order(1, "9", "84119.99", Side.SELL)))
        assert isinstance(refused, Rejected)
        assert (refused.code, refused.message) == ("-2010", "Account has insufficient balance for requested action.")

    play(lab, scene)


def test_an_answer_that_is_lost_is_unknown_found_once_and_never_sent_again(lab: RunningLab) -> None:
    wanted = order(3, "0.001", "84120.00")

    async def scene(mine: OpenAccount) -> None:
        await mine.facts()
        lab.fault("lost_answer", "binance_spot", method="POST", path="/api/v3/order", times=1)
        assert isinstance(await mine.place(approved(wanted)), Unknown)
        found = await mine.find(wanted)
        assert isinstance(found, Filled)
        assert (found.filled.text(), found.final) == ("0.001 BTC", True)
        assert isinstance(await mine.place(approved(wanted)), Unknown)
        assert len(lab.books("binance_spot")["fills"]) == 1

    play(lab, scene)


def test_one_that_never_arrived_is_unknown_while_it_may_still_come(lab: RunningLab) -> None:
    async def scene(mine: OpenAccount) -> None:
        assert isinstance(await mine.find(order(4, "0.004", "84119.0")), Unknown)

    play(lab, scene)


def test_where_nobody_listens_an_order_is_rejected_as_never_sent_and_a_question_is_silent(lab: RunningLab) -> None:
    async def scene(mine: OpenAccount) -> None:
        await mine.facts()
        lab.tell("binance_spot/crash")
        with pytest.raises(VenueSilent):
            await mine.balances()
        refused = await mine.place(approved(order(5, "0.001", "84120.00")))
        assert isinstance(refused, Rejected)
        assert refused.code == "unreachable"
        lab.tell("binance_spot/restore")

    play(lab, scene)


def test_no_part_of_a_key_is_in_anything_that_is_told(lab: RunningLab) -> None:
    planted = "planted-secret-which-nobody-may-see"

    async def run() -> None:
        async with account(lab, secret=planted) as mine:
            told = [repr(await mine.place(approved(order(1, "0.001", "84120.00"))))]
            for ask in (mine.balances, mine.facts, mine.settings):
                with pytest.raises(VenueSilent) as silent:
                    await ask()
                told.append(f"{silent.value!r} {silent.value}")
            told.append(repr(mine))
            assert "-1022" in " ".join(told)
            assert not any(part in one for one in told for part in (planted, KEY))

    asyncio.run(run())
