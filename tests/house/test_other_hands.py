"""Whoever else trades at the account stops what karb enters, and never what karb has to bring back."""

from __future__ import annotations

from decimal import Decimal

import pytest

from karb_core.domain.halt import Halt
from karb_core.domain.holdings import Account
from karb_core.domain.instrument import Instrument
from karb_core.domain.order_id import order_id
from karb_core.domain.orders import Side
from tests.house.stage import Alive, Place, lived
from tests.house.test_going_on import entered, left, told

NEAR, FAR = Instrument("upbit", "BTC", "KRW"), Instrument("binance_usdm", "BTC", "USDT")
FOREIGN = order_id(mark="zzzz", intent_id="strangerstranger", leg=1, attempt=0)


async def nothing_is_entered(place: Place, alive: Alive) -> None:
    before = len(alive.fills())
    place.moved("high")
    await alive.passed(10)
    assert len(alive.fills()) == before
    place.moved("calm")
    await alive.passed(45)


@pytest.mark.parametrize(("leg", "name"), [(FAR, "web_1"), (FAR, FOREIGN), (NEAR, FOREIGN)])
def test_a_trade_in_a_perpetual_and_any_order_of_another_karb_stop_entries_until_the_owner_resumes(
    place: Place, leg: Instrument, name: str
) -> None:
    """Two ledgers at one account: an order id of our form carries another mark."""
    reason = f"a trade by other hands: {leg.text()} {name}"

    async def day() -> None:
        async with place.running() as alive:
            await alive.passed(5)
            alive.by_hand(leg, Side.BUY, "0.01", name)
            await alive.passed(5)
            assert alive.desk.halted == [reason]
            await nothing_is_entered(place, alive)
            alive.by_hand(leg, Side.SELL, "0.01", "web_back")
            await alive.passed(5)
            told(place, "resume")
            await alive.passed(3)
            assert alive.desk.halts.strength() is Halt.NONE
            await there_and_back_beside(place, alive)

    lived(day)
    assert next(n["reason"] for n in place.notices() if n["kind"] == "halt") == reason
    place.need_sound()


async def there_and_back_beside(place: Place, alive: Alive) -> None:
    """Its books do not know what others traded."""
    await entered(place, alive)
    await left(place, alive)


def test_what_the_owner_does_with_coins_is_told_and_stops_nothing(place: Place) -> None:
    async def day() -> None:
        async with place.running() as alive:
            await alive.passed(5)
            alive.by_hand(NEAR, Side.BUY, "0.01")
            await alive.passed(5)
            assert alive.desk.halted == []
            await there_and_back_beside(place, alive)

    lived(day)
    assert place.said[1:] == ["somebody else traded at the account: buy 0.01 BTC upbit BTC/KRW"]


def test_a_position_that_is_not_as_booked_waits_with_the_way_out_until_it_is_and_then_leaves(place: Place) -> None:
    async def day() -> None:
        async with place.running() as alive:
            await entered(place, alive)
            alive.by_hand(FAR, Side.SELL, "0.05")
            await alive.passed(5)
            place.moved("calm")
            await alive.passed(20)
            assert len(alive.desk.books.open_lots()) == 1
            alive.by_hand(FAR, Side.BUY, "0.05", "web_2")
            await left(place, alive)
            assert alive.books["binance_usdm"].positions() == {}

    lived(day)
    place.need_sound()


def test_a_foreign_trade_of_before_karb_came_is_the_owner_s(place: Place) -> None:
    """Coins and dollars that lie there are not touched, and not taken for ours."""

    async def day() -> None:
        async with place.running() as alive:
            alive.by_hand(NEAR, Side.BUY, "0.02", "web_9")
            await alive.passed(3)
            await there_and_back_beside(place, alive)
            assert alive.books["upbit"].balances()[Account("upbit", "BTC")].free == Decimal("0.27")

    lived(day)


def test_two_strategies_live_beside_each_other_and_halting_one_halts_one(place: Place) -> None:
    other = ("name: walker", "name: other")

    async def day() -> None:
        async with place.running() as one, place.running(other) as two:
            await one.passed(5)
            told(place, "halt", "no-entries")
            await one.passed(1)
            assert (one.desk.halted, two.desk.halted) == (["news"], [])
            place.moved("high")
            await two.until(lambda: bool(two.desk.books.open_lots()))
            await two.settled()
            place.moved("calm")
            await two.until(lambda: not two.desk.books.open_lots())
            await two.settled()
            assert (len(one.fills()), len(two.fills())) == (0, 4)
            one.need_same_books()
            two.need_same_books()

    lived(day)
    place.need_sound()
