"""karb's own Binance orders, as a live desk would open them, with nothing mocked: over sockets, at the lab."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from decimal import Decimal

import pytest

from karb_binance.orders import Orders, OrdersParams
from karb_core.domain.approved import Approved
from karb_core.domain.orders import Filled, Order, Rejected, Side, TimeInForce, Unknown
from karb_core.domain.statement import VenueSilent
from karb_core.ports import OpenAccount
from karb_core.venue.forced import Forced
from karb_core.wiring.wall_clock import WallClock
from tests.plugins.karb_lab.running import ETH_PERPETUAL, KEY, PERPETUAL, SECRET, RunningLab

INTENT = "abcdefghij234567"
HOUR_NS = 3_600_000_000_000
D = Decimal
Scene = Callable[[OpenAccount], Awaitable[None]]


def order(number: int, amount: str, limit: str, side: Side = Side.SELL, *, reduces: bool = False) -> Order:
    return Order(
        id=f"karb-m1-{INTENT}-0-{number}",
        intent_id=INTENT,
        leg=0,
        instrument=PERPETUAL,
        side=side,
        amount=PERPETUAL.amount(D(amount)),
        limit=PERPETUAL.price(D(limit)),
        cost=None,
        time_in_force=TimeInForce.IOC,
        reduce_only=reduces,
    )


def approved(item: Order) -> Approved[Order]:
    return Approved.by_gates(item, ())


@asynccontextmanager
async def account(lab: RunningLab, leverage: int = 5, secret: str = SECRET) -> AsyncIterator[OpenAccount]:
    params = OrdersParams(
        keys="secret:binance",
        network="demo",
        leverage=leverage,
        margin="isolated",
        base_url=lab.address("binance_usdm"),
    )
    opened = Orders(params).open_account([PERPETUAL, ETH_PERPETUAL], lambda _: f"{KEY}:{secret}", WallClock())
    try:
        yield opened
    finally:
        await opened.close()


def play(lab: RunningLab, scene: Scene) -> None:
    async def run() -> None:
        async with account(lab) as mine:
            await scene(mine)

    asyncio.run(run())


@pytest.fixture
def quoted(lab: RunningLab) -> RunningLab:
    lab.tell("binance_usdm/mark", {"instrument": PERPETUAL.text(), "price": "84120"})
    lab.book([("84119.9", "0.004"), ("84119.0", "3")], [("84120.0", "0.5")], PERPETUAL)
    return lab


def test_its_facts_and_settings_are_the_labs_own(quoted: RunningLab) -> None:
    async def scene(mine: OpenAccount) -> None:
        stated = quoted.lab.venues["binance_usdm"].facts
        for instrument, told in (await mine.facts()).items():
            its = stated[instrument]
            assert (told.tick_at(D(84_120)), told.amount_step, told.min_notional, told.max_amount) == (
                its.tick_at(D(84_120)),
                its.amount_step,
                its.min_notional,
                its.max_amount,
            )
            assert told.maintenance == its.maintenance
            assert (told.taker_fee, told.maker_fee) == (D("0.0005"), D("0.0002"))
        assert all(setting.agrees for setting in await mine.settings())

    play(quoted, scene)


def test_a_leverage_that_the_file_does_not_state_does_not_agree(quoted: RunningLab) -> None:
    async def run() -> None:
        async with account(quoted, leverage=1) as mine:
            wrong = [setting for setting in await mine.settings() if not setting.agrees]
            assert [(one.name, one.instrument, one.stated, one.found) for one in wrong] == [
                ("leverage", PERPETUAL, "1", "5"),
                ("leverage", ETH_PERPETUAL, "1", "5"),
            ]

    asyncio.run(run())


def test_its_outcomes_fills_balances_and_positions_are_the_labs_own(quoted: RunningLab) -> None:
    wanted = order(1, "0.010", "84119.9")

    async def scene(mine: OpenAccount) -> None:
        placed = await mine.place(approved(wanted))
        assert isinstance(placed, Filled)
        assert (placed.filled.text(), placed.cost.text(), placed.final) == ("0.004 BTC", "336.4796 USDT", True)
        assert await mine.find(wanted) == placed
        (fill,) = await mine.fills_since(0)
        (booked,) = quoted.books("binance_usdm")["fills"]
        assert (fill.order_id, fill.side, fill.amount.text()) == (wanted.id, Side.SELL, "0.004 BTC")
        assert fill.fee.text() == booked["fee"]
        assert await mine.fills_since(fill.venue_at_ns) == await mine.fills_since(0) != []
        assert await mine.fills_since(fill.venue_at_ns + 1) == []
        book = quoted.lab.venues["binance_usdm"].accounts[KEY].book
        assert (await mine.positions()).keys() == book.positions().keys() == {PERPETUAL}
        told, own = (await mine.positions())[PERPETUAL], book.positions()[PERPETUAL]
        assert (told.amount, told.margin, told.entry_price) == (own.amount, own.margin, own.entry_price)
        held = {at.asset: (one.free, one.locked) for at, one in (await mine.balances()).items()}
        assert held == {at.asset: (one.free, one.locked) for at, one in book.balances().items()}
        assert await mine.open_orders() == []

    play(quoted, scene)


def test_what_reduces_may_be_small_and_cannot_turn_the_position(quoted: RunningLab) -> None:
    async def scene(mine: OpenAccount) -> None:
        await mine.place(approved(order(1, "0.004", "84119.0")))
        out = await mine.place(approved(order(2, "0.001", "10000.0", Side.SELL, reduces=True)))
        assert isinstance(out, Rejected)
        assert out.code == "-2022"
        back = await mine.place(approved(order(3, "0.004", "84120.0", Side.BUY, reduces=True)))
        assert isinstance(back, Filled)
        assert back.final
        assert await mine.positions() == {}

    play(quoted, scene)


def test_binances_no_is_told_in_its_own_words(quoted: RunningLab) -> None:
    async def scene(mine: OpenAccount) -> None:
        refused = await mine.place(approved(order(1, "9", "84119.0")))
        assert isinstance(refused, Rejected)
        assert (refused.code, refused.message) == ("-2019", "Margin is insufficient.")

    play(quoted, scene)


def test_an_answer_that_is_lost_is_unknown_found_once_and_never_sent_again(quoted: RunningLab) -> None:
    wanted = order(3, "0.004", "84119.0")

    async def scene(mine: OpenAccount) -> None:
        await mine.facts()
        quoted.fault("lost_answer", "binance_usdm", method="POST", path="/fapi/v1/order", times=1)
        assert isinstance(await mine.place(approved(wanted)), Unknown)
        found = await mine.find(wanted)
        assert isinstance(found, Filled)
        assert (found.filled.text(), found.final) == ("0.004 BTC", True)
        assert isinstance(await mine.place(approved(wanted)), Unknown)
        assert len(quoted.books("binance_usdm")["fills"]) == 1

    play(quoted, scene)


def test_one_that_never_arrived_is_unknown_while_it_may_still_come(quoted: RunningLab) -> None:
    async def scene(mine: OpenAccount) -> None:
        assert isinstance(await mine.find(order(4, "0.004", "84119.0")), Unknown)

    play(quoted, scene)


def test_where_nobody_listens_an_order_is_rejected_as_never_sent_and_a_question_is_silent(quoted: RunningLab) -> None:
    async def scene(mine: OpenAccount) -> None:
        await mine.facts()
        quoted.tell("binance_usdm/crash")
        with pytest.raises(VenueSilent):
            await mine.balances()
        refused = await mine.place(approved(order(5, "0.004", "84119.0")))
        assert isinstance(refused, Rejected)
        assert refused.code == "unreachable"
        quoted.tell("binance_usdm/restore")

    play(quoted, scene)


def test_funding_is_told_once_whenever_it_is_asked_for(quoted: RunningLab) -> None:
    async def scene(mine: OpenAccount) -> None:
        await mine.place(approved(order(1, "0.004", "84119.0")))
        quoted.tell("binance_usdm/settle", {"instrument": PERPETUAL.text(), "rate": "0.0001"})
        since_ns = WallClock().now_ns() - HOUR_NS
        (income,) = await mine.income_since(since_ns)
        assert (income.kind, income.instrument, income.received.text()) == ("funding", PERPETUAL, "0.033648 USDT")
        assert await mine.income_since(since_ns) == await mine.income_since(income.venue_at_ns) == [income]

    play(quoted, scene)


def test_a_liquidation_is_a_fill_that_says_that_it_was_forced(quoted: RunningLab) -> None:
    async def scene(mine: OpenAccount) -> None:
        await mine.place(approved(order(1, "0.010", "84119.0")))
        quoted.tell("binance_usdm/mark", {"instrument": PERPETUAL.text(), "price": "110000"})
        fills = await mine.fills_since(0)
        assert [Forced.read(fill.order_id) for fill in fills] == [None, None, Forced.LIQUIDATION]
        assert await mine.positions() == {}

    play(quoted, scene)


def test_no_part_of_a_key_is_in_anything_that_is_told(quoted: RunningLab) -> None:
    planted = "planted-secret-which-nobody-may-see"

    async def run() -> None:
        async with account(quoted, secret=planted) as mine:
            told = [repr(await mine.place(approved(order(1, "0.004", "84119.0"))))]
            for ask in (mine.balances, mine.positions, mine.facts, mine.settings):
                with pytest.raises(VenueSilent) as silent:
                    await ask()
                told.append(f"{silent.value!r} {silent.value}")
            told.append(repr(mine))
            assert "-1022" in " ".join(told)
            assert not any(part in one for one in told for part in (planted, KEY))

    asyncio.run(run())
